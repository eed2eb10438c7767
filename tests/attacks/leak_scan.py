"""What was carried away, and how to look through it: in every coat a word may wear."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

PACKED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
"""How a gzip or zlib stream begins."""
ENCODED = re.compile(rb"[A-Za-z0-9+/_-]{20,}={0,2}")
"""What may be base64 of something packed."""
HEXED = re.compile(rb"[0-9a-fA-F]{20,}")
"""What may be hex of something packed."""
LONGEST = 4_000_000
"""Bytes a packed stream is followed for."""


@dataclass
class Loot:
    """Everything a thief can carry: (where it lay, its bytes)."""

    pieces: list[tuple[str, bytes]]

    def __post_init__(self) -> None:
        together: defaultdict[str, list[bytes]] = defaultdict(list)
        for where, raw in self.pieces:
            together[where] += [raw, *unpacked(raw)]
        exact = {where: b"\x00\n".join(parts) for where, parts in together.items()}
        self._piles = {where: (pile, pile.lower()) for where, pile in exact.items()}

    @property
    def places(self) -> set[str]:
        return set(self._piles)

    def holds(self, needle: str, *, besides: frozenset[str] = frozenset()) -> list[str]:
        """Where the text is, plainly or encoded; capital letters make no difference."""
        exact, folded = set(base64_coats(needle)), set(plain_coats(needle))
        return sorted(
            where
            for where, (pile, lowered) in self._piles.items()
            if where not in besides
            if any(coat in pile for coat in exact) or any(coat in lowered for coat in folded)
        )

    def holds_bytes(self, needle: bytes) -> list[str]:
        """Where these very bytes are, plainly or in hex."""
        coats = {needle, needle.hex().encode()}
        return sorted(
            where
            for where, (pile, lowered) in self._piles.items()
            if any(coat in pile or coat in lowered for coat in coats)
        )


def disguises(needle: str) -> Iterator[bytes]:
    """Every coat of a needle."""
    yield from plain_coats(needle)
    yield from base64_coats(needle)


def plain_coats(needle: str) -> Iterator[bytes]:
    """As text, UTF-16 either way round, hex of each, JSON, an address, a mail: in small letters."""
    for raw in _encoded(needle.lower()):
        yield raw
        yield raw.hex().encode()
    # Small letters have other bytes than capital ones, so the hex of each spelling is looked for.
    for spelling in (needle, needle.upper()):
        for raw in _encoded(spelling):
            yield raw.hex().encode()
    yield json.dumps(needle)[1:-1].lower().encode()
    yield quote(needle).lower().encode()
    yield binascii.b2a_qp(needle.encode()).lower()


def base64_coats(needle: str) -> Iterator[bytes]:
    """Base64 and its URL-safe kind, at each of the three alignments, of each spelling."""
    for spelling in {needle, needle.lower(), needle.upper()}:
        for raw in _encoded(spelling):
            yield from _base64(raw)


def _encoded(text: str) -> tuple[bytes, bytes, bytes]:
    return text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")


def _base64(raw: bytes) -> Iterator[bytes]:
    for pad in range(3):
        coat = base64.b64encode(b"\x00" * pad + raw)
        # The first signs still carry the padding, the last may carry what follows.
        plain = coat[(0, 2, 3)[pad] : len(coat) // 4 * 4 - 4]
        yield plain
        yield plain.replace(b"+", b"-").replace(b"/", b"_")


def unpacked(raw: bytes, depth: int = 2) -> Iterator[bytes]:
    """What is packed in these bytes, also behind base64 or hex, and what is packed in that."""
    for inner in (*_streams(raw), *_decoded(raw)):
        yield inner
        if depth:
            yield from unpacked(inner, depth - 1)


def _streams(raw: bytes) -> Iterator[bytes]:
    for begin in PACKED.finditer(raw):
        wbits = zlib.MAX_WBITS | (16 if begin.group().startswith(b"\x1f") else 0)
        try:
            body = zlib.decompressobj(wbits).decompress(raw[begin.start() :], LONGEST)
        except zlib.error:
            continue
        if body:
            yield body


def _decoded(raw: bytes) -> Iterator[bytes]:
    for run in ENCODED.findall(raw):
        for body in _bodies(run):
            # Only what unpacks further is of use: plain base64 and hex are looked for as coats.
            if PACKED.match(body):
                yield body

    for run in HEXED.findall(raw):
        for start in (0, 1):
            even = run[start:][: (len(run) - start) // 2 * 2]
            body = bytes.fromhex(even.decode())
            if PACKED.match(body):
                yield body


def _bodies(run: bytes) -> Iterator[bytes]:
    text = run.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    for skip in range(4):
        part = text[skip:]
        try:
            yield base64.b64decode(part + b"=" * (-len(part) % 4))
        except binascii.Error:
            continue


def packed(text: str) -> Iterator[tuple[str, bytes]]:
    """(how, bytes): a text in every coat the search must see through."""
    raw = text.encode()
    yield from (
        ("plain", raw),
        ("small letters", text.lower().encode()),
        ("capitals", text.upper().encode()),
        ("hex", raw.hex().encode()),
        ("capital hex", raw.hex().upper().encode()),
        ("UTF-16LE", text.encode("utf-16-le")),
        ("UTF-16BE", text.encode("utf-16-be")),
        ("JSON", json.dumps({"a": text}).encode()),
        ("address", quote(text).encode()),
        ("gzip", gzip.compress(b"before" + raw)),
        ("zlib in the middle", b"some bytes" + zlib.compress(raw) + b"more"),
        ("gzip in base64", base64.b64encode(gzip.compress(raw * 3))),
        ("zlib in URL-safe base64", b"." + base64.urlsafe_b64encode(zlib.compress(raw * 3))),
        ("gzip in zlib", zlib.compress(gzip.compress(raw))),
        ("gzip in hex", gzip.compress(raw).hex().encode()),
    )
    for pad in range(3):
        body = b"x" * pad + raw + b"yyyy"
        yield f"base64 at {pad}", base64.b64encode(body)
        yield f"base64 of UTF-16 at {pad}", base64.b64encode(b"x" * pad + text.encode("utf-16-le"))
