"""Copy a recording piece by piece, with some parts of it replaced or blanked.

So a recording of any length takes little memory. Then look again at what was written.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from typing import IO, NamedTuple

from grievances.evidence.sanitiser import remaining_values
from grievances.evidence.sanitiser.protocol import PIECE_BYTES
from grievances.evidence.sanitiser.recordings.labels import Findings

BUFFER_BYTES = 256 * 1024
TAG_BYTES = 16 * 1024 * 1024
"""Limit of one part that is read as a whole."""


class Splice(NamedTuple):
    """What replaces the bytes from `start` to `end`: `new`, or as many zeros."""

    start: int
    end: int
    new: bytes | None = None


class Source:
    """The original, at hand from any place."""

    def __init__(self, original: IO[bytes]) -> None:
        self.file: IO[bytes] = io.BufferedReader(original, BUFFER_BYTES)  # type: ignore[type-var]
        self.size = self.file.seek(0, io.SEEK_END)

    def read(self, start: int, length: int) -> bytes:
        """Return up to `length` bytes from `start`, fewer at the end."""
        if start < 0 or length <= 0:
            return b""
        self.file.seek(start)
        return self.file.read(length)

    def exactly(self, start: int, length: int) -> bytes:
        """Return so many bytes from `start`.

        Raises:
            ValueError: The file ends before, or the part is longer than TAG_BYTES.
        """
        raw = self.read(start, length) if length <= TAG_BYTES else b""
        if len(raw) != length:
            raise ValueError("a part that does not fit")
        return raw


def write(source: Source, copy: IO[bytes], splices: Iterable[Splice], told: Findings) -> str:
    """Write the copy, and look again for what was found.

    Splices that are inside an earlier one are left out. A value that was found and is still in the
    copy is told.

    Returns:
        `cleaned`, or `failed` when a value that was found is still in the copy.
    """
    search = remaining_values.Search(told.sought)
    for piece in pieces(source, sorted(splices)):
        search.feed(piece)
        copy.write(piece)
    left = search.remaining()
    told.found[:0] = remaining_values.told(left)
    return "failed" if left else "cleaned"


def pieces(source: Source, splices: Iterable[Splice]) -> Iterator[bytes]:
    """Yield the copy in pieces of at most PIECE_BYTES, unless a replacement is longer."""
    at = 0
    for splice in splices:
        if splice.start < at:
            continue
        yield from _stretch(source, at, splice.start)
        if splice.new is not None:
            yield splice.new
        else:
            for start in range(splice.start, splice.end, PIECE_BYTES):
                yield bytes(min(PIECE_BYTES, splice.end - start))
        at = splice.end
    yield from _stretch(source, at, source.size)


def _stretch(source: Source, start: int, end: int) -> Iterator[bytes]:
    for place in range(start, end, PIECE_BYTES):
        yield source.read(place, min(PIECE_BYTES, end - place))


class Box(NamedTuple):
    """A box of the file: its name, and where it starts and ends.

    `start`, `content` and `end` are offsets in bytes.
    """

    name: bytes
    start: int
    content: int
    end: int


Boxes = Callable[[Source, int, int], Iterator[Box]]
"""What lists the boxes between two places of a file."""
