"""What was carried away, and how to look through it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass
class Loot:
    """Everything a thief can carry: (where it lay, its bytes)."""

    pieces: list[tuple[str, bytes]]

    def holds(self, needle: str, *, besides: frozenset[str] = frozenset()) -> list[str]:
        """Where the needle lies, plainly or in a coat."""
        coats = list(disguises(needle))
        return sorted(
            {
                where
                for where, raw in self.pieces
                if where not in besides and any(coat in raw for coat in coats)
            }
        )


def disguises(needle: str) -> Iterator[bytes]:
    """The needle as text, hex and base64 (at each of its three alignments), and JSON."""
    for raw in (needle.encode(), needle.encode("utf-16-le")):
        yield raw
        yield raw.hex().encode()
        yield raw.hex().upper().encode()
        for pad in range(3):
            coat = base64.b64encode(b"\x00" * pad + raw)
            yield coat[(0, 2, 3)[pad] : len(coat) // 4 * 4 - 4]
    yield json.dumps(needle)[1:-1].encode()
