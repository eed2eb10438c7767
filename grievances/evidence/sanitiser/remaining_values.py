"""Look again: search a cleaned copy for what was found in its original."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

LEAST_BYTES = 5
"""Shorter values appear in sound and pictures by chance."""
MOST_VALUES = 60
COMMON = frozenset({"", "yes", "author"})
"""Values that we tell or write ourselves."""


class Remaining(NamedTuple):
    """A value that is left: what it is, and its place in bytes from the start."""

    what: str
    value: str
    offset: int


class Search:
    """A search for values in pieces of one unpacked copy, in order.

    Each value is looked for in UTF-8 and in UTF-16 of either byte order.
    """

    def __init__(self, values: Iterable[tuple[str, str]]) -> None:
        self._needles: dict[bytes, tuple[str, str]] = {}
        for what, value in list(values)[:MOST_VALUES]:
            if value.strip().lower() not in COMMON:
                for needle in spellings(value.strip()):
                    self._needles[needle] = (what, value.strip())
        self._longest = max(map(len, self._needles), default=1)
        self._before, self._at = b"", 0
        self._found: dict[tuple[str, str], int] = {}

    def feed(self, piece: bytes) -> None:
        """Search the next piece, and what is across its start."""
        seen = self._before + piece
        start = self._at - len(self._before)
        for needle, told in self._needles.items():
            place = seen.find(needle)
            if place >= 0:
                self._found.setdefault(told, start + place)
        self._at += len(piece)
        self._before = seen[-(self._longest - 1) :] if self._longest > 1 else b""

    def remaining(self) -> list[Remaining]:
        """Return every value that was seen, with the first place of each."""
        return [Remaining(what, value, at) for (what, value), at in self._found.items()]


def spellings(value: str) -> set[bytes]:
    """Return the bytes in which a text may be written, but none that chance makes.

    In UTF-16 the zero at one end is left off, so that one spelling serves both byte orders.
    """
    raw = value.encode("utf-8", "replace")
    wide = value.encode("utf-16-le", "replace").strip(b"\0")
    return {needle for needle in (raw, wide) if len(needle) >= LEAST_BYTES}


def told(remaining: Iterable[Remaining]) -> list[tuple[str, str]]:
    """Return what is left, and where, as findings for the person who added the file."""
    return [
        ("Still in the copy", f"{each.what}: {each.value} ({each.offset:,} bytes from its start)")
        for each in remaining
    ]
