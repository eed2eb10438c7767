"""Restore a backup: check it beside the live data, then swap it in or drop it.

A refused backup leaves database and files as they were. Erasures are repeated in the copy before
any other check. So what was erased after the backup is in no database that is used.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from config.release import VERSION
from grievances.audit import exported_heads
from grievances.audit.models import Event
from grievances.encryption import file_store
from grievances.encryption.signatures import NotSigned
from grievances.operations import backups, dumps, staging_database
from grievances.operations.dumps import BackupFailed
from grievances.people.models import User
from grievances.retention import certificate, erasure
from grievances.retention.models import Erasure
from workflow.chain import head_digest, verify
from workflow.steps import Refused

BESIDE = "restore.part"
"""The folder in which files wait until they are accepted.

It is inside the folder of the sealed files.
"""
UNSOUND = (
    "The trail in this backup is not sound, so nothing was put in its place. Take another backup."
)
INCOMPLETE = (
    "Rows are missing from this backup, so nothing was put in its place. Take another backup."
)
NEWER = (
    "A newer version made this backup ({release}; this is {here}), so nothing was put in its "
    "place. Install that version, then begin again."
)
LIST_CHANGED = (
    "The list of erasures in HEADS_DIR was changed, or another service signed it. Put the right "
    "one there, then begin again."
)
Erased = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Restored:
    """The result of a restore: entries of the trail, files, and erasures repeated."""

    entries: int
    files: int
    erased_again: int


def restore(
    folder: Path, now: datetime, *, replace: bool = False, unsigned: bool = False
) -> Restored:
    """Replace an empty database, or any with `replace`, by a backup.

    `unsigned` as in `backups.check`.

    Returns:
        How many entries, files and repeated erasures the database has now.

    Raises:
        BackupFailed: the backup is refused, or the database is not empty.
    """
    dumps.require_direct()
    manifest = backups.check(folder, unsigned=unsigned)
    with staging_database.require_quiet():
        if not replace and _has_people():
            raise BackupFailed("The database is not empty. Say --replace to replace it.")
        erased = {**_certified(), **_listed()}
        dump = folder / dumps.NAMES[connection.vendor]
        with _files_beside(folder / backups.FILES) as files, staging_database.loaded(dump) as name:
            with dumps.working_on(name):
                entries, again = _judge(manifest, erased, now)
            staging_database.take_over(name)
            return Restored(entries, _put_back(files), again)


def rehearse(folder: Path, now: datetime, *, unsigned: bool = False) -> Restored:
    """Restore a backup beside the live database, judge it, and let go of it again.

    The service may run meanwhile. `unsigned` as in `backups.check`.

    Returns:
        What `restore` would return.

    Raises:
        BackupFailed: the backup would be refused.
    """
    dumps.require_direct()
    manifest = backups.check(folder, unsigned=unsigned)
    erased = {**_certified(), **_listed()}
    with staging_database.loaded(folder / dumps.NAMES[connection.vendor]) as name:
        with dumps.working_on(name):
            entries, again = _judge(manifest, erased, now)
        return Restored(entries, len(backups.files_in(folder / backups.FILES)), again)


def _judge(manifest: Mapping[str, object], erased: Erased, now: datetime) -> tuple[int, int]:
    """Repeat erasures in the copy and check it.

    Returns:
        The numbers of entries and of erased cases.

    Raises:
        BackupFailed: the trail is not sound, or rows are missing.
    """
    rows, head = dumps.row_counts(), head_digest(Event)
    _bring_up_to_date(str(manifest.get("release", "its release is not known")))
    try:
        again = erasure.erase_again(erased, now)
    except DatabaseError:
        raise BackupFailed(UNSOUND) from None
    except Refused as refused:
        raise BackupFailed(refused.sentence) from None
    if again:
        erasure.vacuum_database()
    if manifest.get("rows", rows) != rows:
        raise BackupFailed(INCOMPLETE)
    try:
        verdict = verify(Event, exported_heads.ends())
    except exported_heads.NotEnded:
        raise BackupFailed(UNSOUND) from None
    if not verdict.ok or head != manifest["head"]:
        raise BackupFailed(UNSOUND)
    return verdict.entries - again, again


def _bring_up_to_date(release: str) -> None:
    """Migrate a copy of an older version; `release` is that of the backup.

    Raises:
        BackupFailed: a newer version made it.
    """
    executor = MigrationExecutor(connection)
    loader = executor.loader
    applied = {key for key in loader.applied_migrations if key[0] in loader.migrated_apps}
    if applied - loader.disk_migrations.keys():
        raise BackupFailed(NEWER.format(release=release, here=VERSION))
    if executor.migration_plan(loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def _has_people() -> bool:
    return _has_table(User) and User.objects.exists()


def _has_table(model: type[User] | type[Erasure]) -> bool:
    return model._meta.db_table in connection.introspection.table_names()


def _listed() -> Erased:
    """Return the erasures in the list beside the exported heads.

    Raises:
        BackupFailed: the list was changed.
    """
    try:
        return erasure.erased_before(settings.HEADS_DIR)
    except NotSigned:
        raise BackupFailed(LIST_CHANGED) from None


def _certified() -> Erased:
    """Return the erasures that the live database certifies.

    A broken database is replaced all the same.
    """
    found: dict[str, dict[str, str]] = {}
    with suppress(DatabaseError):
        for row in Erasure.objects.all() if _has_table(Erasure) else ():
            with suppress(NotSigned):
                found[row.reference] = certificate.read(row).facts
    return found


@contextmanager
def _files_beside(source: Path) -> Iterator[Path]:
    """Copy the backup's files to their own disk, where repeated erasures find them.

    Raises:
        BackupFailed: the disk refused.
    """
    beside = Path(settings.MEDIA_ROOT) / BESIDE
    shutil.rmtree(beside, ignore_errors=True)
    try:
        backups.copy_files(source, beside)
        yield beside
    except OSError as error:
        raise BackupFailed(
            f"The disk refused ({error.strerror}). Make room, then begin again."
        ) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _put_back(files: Path) -> int:
    """Move each file to its place; an existing one is the same, as files never change.

    Returns:
        How many files there are.
    """
    found = backups.files_in(files)
    for path in found:
        place = Path(settings.MEDIA_ROOT) / path.relative_to(files)
        place.parent.mkdir(parents=True, exist_ok=True)
        file_store.put(path, place.name)
        file_store.settle(path, place)
    return len(found)
