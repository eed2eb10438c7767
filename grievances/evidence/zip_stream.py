"""A package of files (ZIP, APPNOTE 6.3) written piece by piece: it is never whole anywhere."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime

Part = tuple[str, Iterable[bytes]]
"""A name in the package, and what it holds, in pieces."""


class _Pipe(io.RawIOBase):
    """What has been written and not yet handed on."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        self._waiting += data
        return len(data)

    def take(self) -> bytes:
        """Everything that waits, which waits no more."""
        piece = bytes(self._waiting)
        self._waiting.clear()
        return piece


def pack(parts: Iterable[Part], at: datetime) -> Iterator[bytes]:
    """The bytes of a package with these parts, dated `at` (local time), as they come.

    Memory holds one piece of one part. Parts are stored as they are: pictures and PDF files are
    packed already. An error in a part ends the package before its index, so that no program takes
    half a package for a whole one.
    """
    pipe = _Pipe()
    package = zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED)
    for name, pieces in parts:
        entry = zipfile.ZipInfo(name, at.timetuple()[:6])
        entry.external_attr = 0o600 << 16
        with package.open(entry, "w", force_zip64=True) as out:
            for piece in pieces:
                out.write(piece)
                yield pipe.take()
        yield pipe.take()
    package.close()
    yield pipe.take()
