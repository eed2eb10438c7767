"""Encrypt a backup to the age keys of people, and open it with one of theirs.

The service knows the public keys alone, so a thief of the server cannot open its backups. The file
is an age file (age-encryption.org/v1) of a tar archive: the `age` program opens it as well. No step
needs room for a second plain copy.
"""

from __future__ import annotations

import os
import re
import tarfile
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

import pyrage
from django.conf import settings

from grievances.operations.dumps import BackupFailed

ENDING = ".tar.age"
NAME = re.compile(r"(\d{8}T\d{6}Z)" + re.escape(ENDING))
STAMP = "%Y%m%dT%H%M%SZ"
NO_IDENTITY = (
    "This backup is encrypted. Name the file with the secret age key of one of its recipients: "
    "--identity FILE."
)
WRONG_IDENTITY = (
    "No key in this file opens the backup, or the backup is damaged. Take another key or backup."
)


def seal(folder: Path, recipients: list[str]) -> Path:
    """Encrypt a finished backup folder to these age keys; return the file beside it.

    The folder stays. Raises BackupFailed for a key that is none.
    """
    try:
        keys = [pyrage.x25519.Recipient.from_str(each) for each in recipients]
    except pyrage.RecipientError:
        raise BackupFailed("BACKUP_RECIPIENTS has a key that is no age key. Correct it.") from None
    target = folder.with_name(folder.name + ENDING)
    half = target.with_name(target.name + ".part")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with _piped(lambda end: _pack(folder, end)) as archive:
            pyrage.encrypt_io(archive, file, keys)
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, target)
    return target


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
        raise BackupFailed(
            f"{path.parent} cannot be written ({error.strerror}). Copy the backup to a folder that "
            "can, then begin again."
        ) from error
    with beside as folder:
        _unpack(path, keys, Path(folder))
        yield Path(folder)


def discard_old(folder: Path, now: datetime) -> int:
    """Delete encrypted backups that are older than BACKUP_DAYS; return how many."""
    oldest = (now - timedelta(days=settings.BACKUP_DAYS)).strftime(STAMP)
    old = [
        path
        for path in folder.iterdir()
        if (found := NAME.fullmatch(path.name)) and found[1] < oldest
    ]
    for path in old:
        path.unlink()
    return len(old)


def _pack(folder: Path, end: IO[bytes]) -> None:
    with tarfile.open(fileobj=end, mode="w|") as archive:
        archive.add(folder, arcname=".")


def _unpack(path: Path, keys: list[object], folder: Path) -> None:
    def decrypt(end: IO[bytes]) -> None:
        with path.open("rb") as file:
            pyrage.decrypt_io(file, end, keys)

    try:
        with _piped(decrypt) as plain, tarfile.open(fileobj=plain, mode="r|") as archive:
            archive.extractall(folder, filter="data")
            while plain.read(1 << 20):  # the padding, so that the last piece is checked as well
                pass
    except (pyrage.DecryptError, tarfile.TarError, OSError):
        raise BackupFailed(WRONG_IDENTITY) from None


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
