"""Encrypt files in numbered chunks, each file under its own key.

A file is written whole or not at all. A chunk is bound to its file, its copy, its number and
whether it is the last. So no chunk can be changed, moved, left out or cut off without being noticed
(architecture.md 5). The content is padded before it is encrypted, because an exact length tells a
known document. Files from before are of their exact length and open as they did.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from grievances.choices import Copy
from grievances.encryption import file_store
from grievances.encryption.file_store import ENDINGS, PART
from grievances.encryption.key_pairs import new_file_key, open_chunk, seal_chunk
from grievances.encryption.primitives import SEAL_BYTES, DecryptionFailed

CHUNK_BYTES = 256 * 1024
SEALED_CHUNK_BYTES = CHUNK_BYTES + SEAL_BYTES
LEAST_BYTES = 64 * 1024
"""The length to which every smaller file is padded."""
STEPS = 8
"""The lengths between a power of two and the next: padding adds an eighth at most."""


class SealedFile:
    """One encrypted file of a known size in bytes, and how to read it."""

    def __init__(self, file_id: uuid.UUID, copy: str, key: bytes, size: int) -> None:
        self.path = path_of(file_id, copy)
        self.size = size
        self.file_id = file_id
        self._key, self._copy = key, copy
        self._whole = padded_size(size)

    def read_chunk(self, source: io.BufferedReader, number: int) -> bytes:
        """Return one chunk of an open file by its number, from 0, without padding.

        Raises DecryptionFailed.
        """
        source.seek(number * SEALED_CHUNK_BYTES)
        last = (number + 1) * CHUNK_BYTES >= self._whole
        blob = source.read(SEALED_CHUNK_BYTES)
        chunk = open_chunk(self._key, blob, chunk_place(self.file_id, self._copy, number, last))
        return chunk[: max(0, self.size - number * CHUNK_BYTES)]

    def open(self) -> io.BufferedReader:
        """Return the open encrypted file.

        Raises:
            DecryptionFailed: the file is missing or not of its length.
        """
        try:
            source = file_store.open_file(self.path)
        except OSError:
            raise DecryptionFailed from None
        length = os.fstat(source.fileno()).st_size
        wholes = {sealed_size(whole): whole for whole in (self.size, padded_size(self.size))}
        if length not in wholes:
            source.close()
            raise DecryptionFailed
        self._whole = wholes[length]
        return source

    def chunks(self) -> Iterator[bytes]:
        """Yield the file in order, and check the padding.

        Raises DecryptionFailed for a changed, missing or moved chunk.
        """
        with self.open() as source:
            for number in range(chunk_count(self._whole)):
                chunk = self.read_chunk(source, number)
                if chunk or not number:
                    yield chunk

    def check(self) -> None:
        """Decrypt every chunk once, so that no reader gets half of a broken file."""
        for _ in self.chunks():
            pass


class Window:
    """Random access to an encrypted file; keeps a few decrypted chunks in memory."""

    KEPT = 4

    def __init__(self, file: SealedFile) -> None:
        self._file = file
        self._source = file.open()
        self._chunks: dict[int, bytes] = {}

    def read(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`, fewer at the end.

        Raises DecryptionFailed.
        """
        end = min(offset + length, self._file.size)
        parts = []
        while offset < end:
            number, start = divmod(offset, CHUNK_BYTES)
            part = self._chunk(number)[start : start + end - offset]
            parts.append(part)
            offset += len(part)
        return b"".join(parts)

    def close(self) -> None:
        """Close the encrypted file."""
        self._source.close()

    def _chunk(self, number: int) -> bytes:
        if number not in self._chunks:
            if len(self._chunks) >= self.KEPT:
                del self._chunks[next(iter(self._chunks))]
            self._chunks[number] = self._file.read_chunk(self._source, number)
        return self._chunks[number]


class Sealer:
    """Write a file encrypted, piece by piece, under a key that is only in memory.

    Until `keep`, the file has a temporary name that no row refers to, and is locked. `discard`
    removes it. `evidence.sweep` removes it once this process has ended.
    """

    def __init__(self, file_id: uuid.UUID, copy: str = Copy.ORIGINAL) -> None:
        self.file_id, self.copy = file_id, str(copy)
        self.key = new_file_key()
        self.size = 0
        self._digest = hashlib.sha256()
        self._waiting = bytearray()
        self._number = 0
        self.path = path_of(file_id, self.copy)
        self._half = self.path.with_name(self.path.name + PART)
        self._out = _create_locked(self._half)
        self._is_in_bucket = False

    def write(self, piece: bytes) -> None:
        """Add the next piece. Raises OSError when the disk is full."""
        self._digest.update(piece)
        self.size += len(piece)
        self._add(piece)

    def finish(self) -> None:
        """Pad and seal the last chunk, and flush the file to disk or to the bucket.

        Raises OSError when either does not take it.
        """
        left = padded_size(self.size) - self.size
        while left:
            piece = min(left, CHUNK_BYTES)
            self._add(bytes(piece))
            left -= piece
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()
        self._out.flush()
        os.fsync(self._out.fileno())
        self._is_in_bucket = True  # also when it fails: a part of it may be there
        file_store.put(self._half, self.path.name)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the plain content, as hex."""
        return self._digest.hexdigest()

    @property
    def file(self) -> SealedFile:
        """The written file, to be read before it is kept."""
        file = SealedFile(self.file_id, self.copy, self.key, self.size)
        file.path = self._half if self._half.exists() else self.path
        return file

    def keep(self) -> None:
        """Give the file its final name: its row is in the database now."""
        file_store.settle(self._half, self.path)
        self._out.close()

    def discard(self) -> None:
        """Remove what has been written, unless it was kept."""
        if not self._out.closed:
            file_store.forget_half(self._half, self.path.name, is_in_bucket=self._is_in_bucket)
            with suppress(OSError):  # on a full disk the last bytes cannot be written either
                self._out.close()

    def _add(self, piece: bytes) -> None:
        self._waiting += piece
        # The last chunk is marked as the last, so one is always held back.
        while len(self._waiting) > CHUNK_BYTES:
            self._seal(bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        place = chunk_place(self.file_id, self.copy, self._number, last)
        self._out.write(seal_chunk(self.key, chunk, place))
        self._number += 1


def chunk_place(file_id: uuid.UUID, copy: str, number: int, last: bool) -> str:
    """Return the associated data of a chunk: its file, copy, number and if it is last."""
    return f"file|{file_id}|{copy}|{number}|{'last' if last else 'more'}"


def chunk_count(size: int) -> int:
    """Return the number of chunks of a file of `size` bytes."""
    return max(1, -(-size // CHUNK_BYTES))


def padded_size(size: int) -> int:
    """Return the length in bytes to which a file of `size` bytes is padded.

    There are `STEPS` lengths between a power of two and the next.
    """
    step = max(LEAST_BYTES, 1 << max(0, size.bit_length() - 1)) // STEPS
    return max(LEAST_BYTES, -(-size // step) * step)


def sealed_size(size: int) -> int:
    """Return the encrypted length in bytes of `size` bytes, padding included."""
    return size + chunk_count(size) * SEAL_BYTES


def path_of(file_id: uuid.UUID, copy: str = Copy.ORIGINAL) -> Path:
    """Return the path of the encrypted original or copy of a file."""
    ending = ENDINGS[copy != Copy.ORIGINAL]
    return Path(settings.MEDIA_ROOT) / f"{file_id}{ending}"


def _create_locked(path: Path) -> io.BufferedWriter:
    """Return a new locked file that no sweep removes as a leftover.

    The loop checks that the locked file still has its name. A sweep may remove it between creation
    and lock.

    Raises FileExistsError while another process writes under the same name.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        _remove_stray(path)
        out = path.open("xb")
        os.fchmod(out.fileno(), 0o600)
        fcntl.flock(out.fileno(), fcntl.LOCK_EX)
        if path.exists():
            return out
        out.close()


def _remove_stray(path: Path) -> None:
    """Remove the file that a killed process left under this name."""
    if path.exists():
        with path.open("rb") as stray:
            if is_free(stray.fileno()):
                path.unlink(missing_ok=True)


def is_free(descriptor: int) -> bool:
    """Return whether no living process holds the lock; this one holds it from then on."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
