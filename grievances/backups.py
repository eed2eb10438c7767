"""A copy of everything the server keeps, in one folder, and the rehearsed way back.

The copy holds the database and the sealed files, with a manifest of digests. It never holds the
server keys: whoever finds it is the thief of the README's table. It ages: after BACKUP_DAYS it is
to be thrown away, because it still holds what has been erased since. Coming back, the list of
erasures that lies beside the heads is read, and every one of them is carried out again.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from grievances import heads
from grievances.actions import erasure
from grievances.models import Event, User
from workflow.chain import head_digest, verify

MANIFEST = "manifest.json"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
FILES = "evidence"
UNSOUND = "The trail in this backup is not sound. Take another backup."


class BackupFailed(Exception):
    """The sentence says what could not be done and what to do about it."""


@dataclass(frozen=True)
class Restored:
    """What came back: entries of the trail, files, and erasures that were carried out again."""

    entries: int
    files: int
    erased_again: int


def make(folder: Path, now: datetime) -> Path:
    """Write a backup into a new folder inside `folder` and return it; raises BackupFailed.

    The database comes first: a file that is added meanwhile is one too many, and harms nobody.
    """
    target = folder / now.strftime("%Y%m%dT%H%M%SZ")
    half = target.with_suffix(".part")
    if target.exists() or half.exists():
        raise BackupFailed(f"{target} is there already. Wait a second and begin again.")
    half.mkdir(parents=True, mode=0o700)
    head = head_digest(Event)
    _dump(half / DATABASES[connection.vendor])
    if Path(settings.MEDIA_ROOT).is_dir():
        shutil.copytree(settings.MEDIA_ROOT, half / FILES, ignore=shutil.ignore_patterns("*.part"))
    manifest = {
        "made_at": now.isoformat(timespec="seconds"),
        "throw_away_by": (now + timedelta(days=settings.BACKUP_DAYS)).date().isoformat(),
        "database": connection.vendor,
        "head": head,
        "digests": _digests(half),
    }
    (half / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    os.replace(half, target)
    return target


def check(folder: Path) -> dict[str, Any]:
    """The manifest of a backup whose every file is what it was; raises BackupFailed."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BackupFailed(f"{folder} is no backup: its manifest cannot be read.") from error
    found = _digests(folder)
    for name, digest in manifest["digests"].items():
        if found.get(name) != digest:
            raise BackupFailed(f"{name} is missing or was changed. Take another backup.")
    if manifest["database"] != connection.vendor:
        raise BackupFailed(f"This backup is of {manifest['database']}, not {connection.vendor}.")
    return manifest


def restore(folder: Path, now: datetime, *, replace: bool = False) -> Restored:
    """Put a backup in place of an empty database, or of any when `replace`; raises BackupFailed.

    Afterwards the trail is walked, and what was erased after the backup is erased again.
    """
    manifest = check(folder)
    if not replace and User.objects.exists():
        raise BackupFailed("The database is not empty. Say --replace to put the backup over it.")
    _load(folder / DATABASES[connection.vendor])
    files = _put_back(folder / FILES)
    try:
        verdict = verify(Event, heads.ends())
    except heads.NotEnded:
        raise BackupFailed(UNSOUND) from None
    if not verdict.ok or head_digest(Event) != manifest["head"]:
        raise BackupFailed(UNSOUND)
    again = erasure.erase_again(erasure.erased_before(settings.HEADS_DIR), now)
    return Restored(verdict.entries, files, again)


def _dump(path: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.Connection(path)) as copy:
            connection.connection.backup(copy)
        return
    _run("pg_dump", "--format=custom", "--no-owner", f"--file={path}")


def _load(path: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.Connection(path)) as copy:
            copy.backup(connection.connection)
        return
    name = str(connection.settings_dict["NAME"])
    connection.close()
    _run("pg_restore", "--clean", "--if-exists", "--no-owner", f"--dbname={name}", str(path))


def _run(program: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs; the password travels in the environment alone."""
    found = shutil.which(program) or next(
        iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{program}"), reverse=True)), None
    )
    if found is None:
        raise BackupFailed(f"{program} is not installed: install the PostgreSQL client programs.")
    given = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = {name: str(given[key]) for name, key in names.items() if given.get(key)}
    environment["PGDATABASE"] = str(given["NAME"])
    done = subprocess.run(  # noqa: S603 - a program found by its fixed name
        [found, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupFailed(f"{program} failed: {done.stderr.strip()[-300:]}")


def _put_back(source: Path) -> int:
    """Copy the sealed files back; one that is there already is the same, for it never changes."""
    target = Path(settings.MEDIA_ROOT)
    found = [path for path in source.rglob("*") if path.is_file()] if source.is_dir() else []
    for path in found:
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    return len(found)


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): _digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
