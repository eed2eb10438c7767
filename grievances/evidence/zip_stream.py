"""Stream a ZIP archive (APPNOTE 6.3) without holding it in memory or on a disk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime

Part = tuple[str, Iterable[bytes]]
"""The name of a file in the archive, and its content in pieces."""


class _Pipe(io.RawIOBase):
    """A buffer of what has been written and not yet passed on."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        self._waiting += data
        return len(data)

    def take(self) -> bytes:
        """Return and remove everything in the buffer."""
        piece = bytes(self._waiting)
        self._waiting.clear()
        return piece


def pack(parts: Iterable[Part], at: datetime) -> Iterator[bytes]:
    """Yield the bytes of an archive with these parts, dated `at` (local time).

    Memory holds one piece of one part. Parts are stored without compression, because pictures and
    PDF files are compressed already. An error in a part ends the archive before its index, so that
    no program takes half an archive for a whole one.
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
