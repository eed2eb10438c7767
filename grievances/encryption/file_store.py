"""Where sealed files are: a folder of this machine, or a shared bucket.

Several machines can share a bucket. A file is always written in the folder first, and read from
there if it is there. With a bucket (S3-compatible, by django-storages) a finished file is copied to
it before its row is in the database, and the folder keeps unfinished files alone. A name in the
bucket is that of the folder: a random id. What is in it is sealed and padded before it leaves the
machine.
"""

from __future__ import annotations

import errno
import io
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages

EVIDENCE = "evidence"
ENDINGS = (".sealed", ".copy.sealed")
"""The endings of an original and of its copy without hidden details."""
PART = ".part"
"""The ending of a file name that no database row refers to yet."""


def has_bucket() -> bool:
    """Return whether finished files are kept in a bucket."""
    return EVIDENCE in settings.STORAGES


def put(path: Path, name: str) -> None:
    """Copy a finished file of the folder into the bucket, if there is one.

    Raises:
        OSError: the bucket does not take it.
    """
    if has_bucket():
        with _reached(), path.open("rb") as file:
            _bucket().save(name, File(file))


def open_file(path: Path) -> io.BufferedReader:
    """Return a sealed file, open: from the folder, or else from the bucket.

    Raises:
        OSError: it is in neither, or the bucket does not answer.
    """
    if path.exists() or not has_bucket():
        return path.open("rb")
    # What comes is sealed, so it may be on disk; the file has no name and ends with its reader.
    place = settings.MEDIA_ROOT
    Path(place).mkdir(parents=True, exist_ok=True)
    copy = tempfile.TemporaryFile(dir=place)  # noqa: SIM115 - the caller closes it
    try:
        with _reached(), _bucket().open(path.name) as file:
            shutil.copyfileobj(file, copy)
    except BaseException:
        copy.close()
        raise
    copy.seek(0)
    return cast(io.BufferedReader, copy)


def names_of(ids: Iterable[str]) -> list[str]:
    """Return the names of files with these ids, finished and unfinished.

    Raises:
        OSError: the bucket does not answer.
    """
    wanted = tuple(ids)
    found = {path.name for path in _files() if path.name.startswith(wanted)}
    if has_bucket():
        with _reached():
            names = (f"{each}{ending}" for each in wanted for ending in ENDINGS)
            found.update(name for name in names if _bucket().exists(name))
    return sorted(found)


def remove(names: Iterable[str]) -> None:
    """Remove files wherever they are; one that is not there is removed already.

    Raises:
        OSError: the bucket does not answer.
    """
    unwanted = frozenset(names)
    for path in _files():
        if path.name in unwanted:
            path.unlink(missing_ok=True)
    if has_bucket():
        with _reached():
            for name in unwanted:
                _bucket().delete(name)


def in_bucket() -> Iterator[tuple[str, IO[bytes]]]:
    """Yield name and open content of each file of the bucket, if there is one.

    Raises:
        OSError: the bucket does not answer.
    """
    if not has_bucket():
        return
    with _reached():
        names = sorted(_bucket().listdir("")[1])
    for name in names:
        try:
            file = open_file(Path(settings.MEDIA_ROOT) / name)
        except FileNotFoundError:
            continue  # it was erased meanwhile
        with file:
            yield name, file


def forget_half(half: Path, name: str, *, is_in_bucket: bool) -> None:
    """Remove an unfinished file, and what the bucket has of it.

    Where the bucket does not answer the unfinished file stays, so that a later sweep tries again.
    """
    try:
        if is_in_bucket and has_bucket():
            with _reached():
                _bucket().delete(name)
    except OSError:
        return
    half.unlink(missing_ok=True)


def settle(half: Path, path: Path) -> None:
    """Give a finished file its place: its row is in the database now."""
    if has_bucket():
        half.unlink(missing_ok=True)
    else:
        os.replace(half, path)


def _bucket() -> Storage:
    return storages[EVIDENCE]


@contextmanager
def _reached() -> Iterator[None]:
    """Make one kind of error of every fault of the bucket.

    Raises:
        OSError: the bucket does not answer as it should.
    """
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(errno.EIO, "the bucket does not answer as it should") from error


def _files() -> Iterator[Path]:
    folder = Path(settings.MEDIA_ROOT)
    return (path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else iter(())
