"""The protocol between the server and the sanitiser process.

A message of the process is one letter, two numbers (8 and 4 bytes, big-endian) and perhaps bytes.
`R` offset length asks for a piece; the server answers with exactly those bytes. `W` 0 length
carries a piece of the cleaned copy. `E` 0 length ends with a report in JSON.
"""

from __future__ import annotations

import io
import json
import struct
from dataclasses import asdict, dataclass
from typing import IO

HEAD = struct.Struct(">cQI")
PIECE_BYTES = 64 * 1024
MOST_FOUND = 40
MOST_SIGNS = 200

Found = list[tuple[str, str]]

MOST_NOTED = 500


def note(found: Found, what: str, value: str) -> None:
    """Add what was found, once, and not without end."""
    pair = (what, " ".join(value.split())[:MOST_SIGNS])
    if len(found) < MOST_NOTED and pair[1] and pair not in found:
        found.append(pair)


class Unfit(Exception):
    """The file is refused; `code` says why, and `inside` in which file inside it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.inside = ""


@dataclass(frozen=True)
class Report:
    """A result: a code and what was found.

    The code is `cleaned`, `words`, `looked`, `failed` or that of a refusal. `words` is a cleaned
    copy in whose own words a name can still be read. `inside` names the file inside this one to
    which a refusal belongs.
    """

    code: str
    found: Found
    inside: str = ""

    def as_bytes(self) -> bytes:
        """Return the report as JSON."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def of(cls, raw: bytes) -> Report:
        """Return the report in these bytes, cut to what a report may hold.

        Raises:
            ValueError: The bytes are no report.
        """
        body = json.loads(raw)
        if not isinstance(body, dict) or not isinstance(body.get("found"), list):
            raise ValueError("not a report")
        pairs = [(str(what)[:60], str(value)[:MOST_SIGNS]) for what, value in body["found"]]
        inside = "".join(sign for sign in str(body.get("inside", "")) if sign.isprintable())
        return cls(str(body.get("code")), pairs[:MOST_FOUND], inside[:80])


class RequestedPieces(io.RawIOBase):
    """The original as a file, read by asking the server for one piece at a time."""

    def __init__(self, size: int, questions: IO[bytes], answers: IO[bytes]) -> None:
        self._size, self._questions, self._answers = size, questions, answers
        self._at = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to a place in the file.

        Returns:
            The place, in bytes from the start.
        """
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """Return the present place, in bytes from the start."""
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read at most PIECE_BYTES from the server into the buffer.

        Returns:
            How many bytes; 0 at the end of the file.

        Raises:
            OSError: The server has ended.
        """
        length = max(0, min(len(buffer), self._size - self._at, PIECE_BYTES))
        if not length:
            return 0
        self._questions.write(HEAD.pack(b"R", self._at, length))
        self._questions.flush()
        piece = self._answers.read(length)
        if len(piece) != length:
            raise OSError("The server has gone.")
        buffer[:length] = piece
        self._at += length
        return length


class Told(io.RawIOBase):
    """The cleaned copy as a file, sent to the server piece by piece."""

    def __init__(self, sink: IO[bytes]) -> None:
        self._sink = sink

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, piece: bytes | memoryview) -> int:  # type: ignore[override]
        """Send the bytes in pieces of at most PIECE_BYTES.

        Returns:
            How many bytes: all of them.
        """
        raw = bytes(piece)
        for start in range(0, len(raw), PIECE_BYTES):
            part = raw[start : start + PIECE_BYTES]
            self._sink.write(HEAD.pack(b"W", 0, len(part)) + part)
        return len(raw)
