"""Encrypt a backup to the age keys of people, and open it with one of theirs.

The service knows the public keys alone, so a thief of the server cannot open its backups. The file
is an age file (age-encryption.org/v1) of a tar archive: the `age` program opens it as well. It is
encrypted while it is made, so no plain copy is ever on disk; the dump is in it in parts, because
its length is not known before.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import shutil
import tarfile
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import IO, TypeVar

import pyrage
from django.conf import settings

from grievances.operations.dumps import BackupFailed

T = TypeVar("T")
ENDING = ".tar.age"
PART = 16 * 2**20
"""Bytes of one part of a file whose length is not known before it is written."""
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)
NAME = re.compile(r"(\d{8}T\d{6}Z)" + re.escape(ENDING))
STAMP = "%Y%m%dT%H%M%SZ"
NO_IDENTITY = (
    "This backup is encrypted. Name the file with the secret age key of one of its recipients: "
    "--identity FILE."
)
WRONG_IDENTITY = (
    "No key in this file opens the backup, or the backup is damaged. Take another key or backup."
)


class Archive:
    """A tar archive, encrypted while it is written, with a digest of each file."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.digests: dict[str, str] = {}

    def add_bytes(self, name: str, content: bytes) -> None:
        """Add a small file; its digest is not recorded."""
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(content), 0o600
        self._tar.addfile(info, io.BytesIO(content))

    def add_file(self, path: Path, name: str) -> None:
        """Add a file of the disk. One that was deleted meanwhile is left out."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return
        with file:
            self.add_open(file, name)

    def add_open(self, file: IO[bytes], name: str) -> None:
        """Add an open file of the disk, from its beginning."""
        info = tarfile.TarInfo(name)
        info.size, info.mode = os.fstat(file.fileno()).st_size, 0o600
        hashed = _Hashed(file)
        self._tar.addfile(info, hashed)
        self.digests[name] = hashed.digest.hexdigest()

    @contextmanager
    def parts(self, name: str) -> Iterator[Callable[[bytes], None]]:
        """Yield where to write a file of unknown length: it is added in parts."""
        digest, held, number = hashlib.sha256(), bytearray(), 0

        def take(block: bytes, least: int = PART) -> None:
            nonlocal number
            digest.update(block)
            held.extend(block)
            if len(held) >= least:
                self.add_bytes(f"{name}.{number:06d}", bytes(held))
                held.clear()
                number += 1

        yield take
        take(b"", least=0 if not number else 1)
        self.digests[name] = digest.hexdigest()


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        block = self._file.read(size)
        self.digest.update(block)
        return block


def write(target: Path, recipients: list[str], fill: Callable[[Archive], T]) -> T:
    """Write an encrypted backup; `fill` puts the files in. Nothing plain is on disk.

    Returns:
        What `fill` returns.

    Raises:
        BackupFailed: a key is none, the file is there already, or there is no room for it.
    """
    try:
        keys = [pyrage.x25519.Recipient.from_str(each) for each in recipients]
    except pyrage.RecipientError:
        raise BackupFailed("BACKUP_RECIPIENTS has a key that is no age key. Correct it.") from None
    half = target.with_name(target.name + ".part")
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with _encrypted(file, keys) as end, tarfile.open(fileobj=end, mode="w|") as tar:
                found = fill(Archive(tar))
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, target)
    except FileExistsError:
        raise BackupFailed(f"{target} is there already. Wait a second and begin again.") from None
    except OSError as error:
        half.unlink(missing_ok=True)
        raise BackupFailed(no_place(target.parent, error)) from error
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    return found


def no_place(folder: Path, error: OSError) -> str:
    """Return the sentence for a folder that cannot take a backup."""
    why = os.strerror(error.errno) if error.errno else "it cannot be written"
    return f"No backup was made in {folder}: {why}. Make room there or name another folder."


@contextmanager
def _encrypted(file: IO[bytes], keys: list[object]) -> Iterator[IO[bytes]]:
    """Yield where to write what a thread encrypts.

    Raises:
        BrokenPipeError: The thread ended without a fault of its own. Any fault of it is raised
            instead.
    """
    reading, writing = os.pipe()
    faults: list[Exception] = []
    thread = threading.Thread(target=_encrypt, args=(reading, file, keys, faults), daemon=True)
    thread.start()
    try:
        with os.fdopen(writing, "wb") as end:
            yield end
    except BrokenPipeError:
        thread.join()
        if not faults:
            raise
    finally:
        thread.join()
    if faults:
        raise faults[0]


def _encrypt(reading: int, file: IO[bytes], keys: list[object], faults: list[Exception]) -> None:
    """Encrypt what a pipe brings into a file; add what stopped it to `faults`."""
    with os.fdopen(reading, "rb") as plain:
        try:
            pyrage.encrypt_io(plain, file, keys)
        except pyrage.EncryptError as fault:
            faults.append(_of_the_disk(fault))
        except Exception as fault:  # noqa: BLE001 - raised again in the thread of the caller
            faults.append(fault)


def _of_the_disk(fault: Exception) -> Exception:
    """Return the fault of the disk that pyrage names in its text, or the fault."""
    number = re.search(r"\[Errno (\d+)\]", str(fault))
    return OSError(int(number[1]), os.strerror(int(number[1]))) if number else fault


@contextmanager
def opened(path: Path, identity: Path | None) -> Iterator[Path]:
    """Yield the folder of a backup; a decrypted one is deleted afterwards.

    Raises:
        BackupFailed: the backup is encrypted, and the key is missing or another one; or there is
            no place for the folder.
    """
    if not path.is_file():
        yield path
        return
    if identity is None:
        raise BackupFailed(NO_IDENTITY)
    keys = _identities(identity)
    try:
        beside = tempfile.TemporaryDirectory(prefix="backup-", dir=path.parent)
    except OSError as error:
        raise BackupFailed(no_place_to_open(path.parent, error)) from error
    with beside as folder:
        _unpack(path, keys, Path(folder))
        yield Path(folder)


def discard_old(folder: Path, now: datetime) -> int:
    """Delete encrypted backups that are older than BACKUP_DAYS.

    So is what a killed backup left behind a day ago.

    Returns:
        How many files were deleted.
    """
    oldest = (now - timedelta(days=settings.BACKUP_DAYS)).strftime(STAMP)
    old = [
        path
        for path in folder.iterdir()
        if (found := NAME.fullmatch(path.name)) and found[1] < oldest
    ]
    yesterday = (now - timedelta(days=1)).strftime(STAMP)
    old += [path for path in folder.glob(f"*{ENDING}.part") if path.name < yesterday]
    for path in old:
        path.unlink()
    return len(old)


def _unpack(path: Path, keys: list[object], folder: Path) -> None:
    def decrypt(end: IO[bytes]) -> None:
        with path.open("rb") as file:
            pyrage.decrypt_io(file, end, keys)

    try:
        with _piped(decrypt) as plain, tarfile.open(fileobj=plain, mode="r|") as archive:
            _extract(archive, folder)
            while plain.read(1 << 20):  # the padding, so that the last piece is checked as well
                pass
    except (pyrage.DecryptError, tarfile.TarError):
        raise BackupFailed(WRONG_IDENTITY) from None
    except OSError as error:
        if error.errno in NO_ROOM:
            raise BackupFailed(no_place_to_open(folder.parent, error)) from error
        raise BackupFailed(WRONG_IDENTITY) from None
    _join_parts(folder)


def _extract(archive: tarfile.TarFile, folder: Path) -> None:
    """Write the files of an archive in a folder, without owner and mode.

    Python before 3.11.4 has no filter, so what may be written is judged here too.

    Raises:
        TarError: Something is neither file nor folder, or leads out of the folder.
    """
    archive.extraction_filter = getattr(tarfile, "data_filter", None)
    for member in archive:
        path = PurePosixPath(member.name)
        is_plain = member.isreg() or member.isdir()
        if not is_plain or path.is_absolute() or ".." in path.parts:
            raise tarfile.TarError(member.name)
        archive.extract(member, folder, set_attrs=False)


def _join_parts(folder: Path) -> None:
    """Put a file together that was added in parts, without room for it twice."""
    for first in folder.glob("*.000000"):
        with first.with_suffix("").open("xb") as whole:
            for part in sorted(folder.glob(f"{first.stem}.[0-9]*")):
                with part.open("rb") as piece:
                    shutil.copyfileobj(piece, whole)
                part.unlink()


def no_place_to_open(folder: Path, error: OSError) -> str:
    """Return the sentence for a folder in which a backup cannot be unpacked."""
    return (
        f"{folder} cannot be written ({error.strerror}). Copy the backup to a folder that can, "
        "then begin again."
    )


@contextmanager
def _piped(write: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
    """Yield what `write` writes in a thread; raise afterwards what it raised."""
    reading, writing = os.pipe()
    faults: list[Exception] = []

    def run() -> None:
        try:
            with os.fdopen(writing, "wb") as end:
                write(end)
        except Exception as fault:  # noqa: BLE001 - raised again in the thread of the caller
            faults.append(fault)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        with os.fdopen(reading, "rb") as plain:
            yield plain
    finally:
        thread.join()
        if faults:
            raise faults[0]


def _identities(path: Path) -> list[object]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        found = [
            pyrage.x25519.Identity.from_str(line.strip())
            for line in lines
            if line.startswith("AGE-SECRET-KEY-")
        ]
    except (OSError, ValueError, pyrage.IdentityError):
        found = []
    if not found:
        raise BackupFailed(f"{path} has no secret age key. Name another file.")
    return found
