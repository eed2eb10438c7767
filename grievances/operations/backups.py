"""Back up everything the server keeps in one signed folder without server keys.

Where BACKUP_RECIPIENTS names age keys, the folder becomes one encrypted file. The copy holds the
database and the sealed files, with a manifest of digests. A person who finds it is the thief of
docs/explanation/threat-model.md. After BACKUP_DAYS it must be deleted, because it still holds what
has been erased since. `restore` restores it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError, connection

from config.release import VERSION
from grievances.audit.models import Event
from grievances.encryption import file_store, signatures
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import sealed_pepper, take_pepper
from grievances.encryption.signatures import NotSigned
from grievances.operations import dump_streams, dumps, sealed_backups
from grievances.operations.dumps import BackupFailed
from workflow.chain import head_digest
from workflow.json_values import JsonObject

T = TypeVar("T")
MANIFEST = "manifest.json"
FILES = "evidence"
SIGNED = "signed"
PEPPER = "pepper"
"""The encrypted pepper in hex digits; `take_pepper` says what for."""
PURPOSE = "backup manifest"
REQUIRED = frozenset({"made_at", "database", "head", "digests"})
"""The fields that a manifest of every version has."""


def make(folder: Path, now: datetime) -> Path:
    """Write a backup into a new folder inside `folder`.

    The database is first. A file added meanwhile is in the copy without a row, which does no harm.

    Returns:
        The new folder.

    Raises:
        BackupFailed: the folder exists already, a pooler is in between, or the database cannot be
            dumped.
    """
    dumps.require_direct()
    target = folder / now.strftime("%Y%m%dT%H%M%SZ")
    half = target.with_suffix(".part")
    if target.exists() or half.exists():
        raise BackupFailed(f"{target} is there already. Wait a second and begin again.")
    try:
        half.mkdir(parents=True, mode=0o700)
        _fill(half, now)
        os.replace(half, target)
    except OSError as error:
        raise BackupFailed(sealed_backups.no_place(folder, error)) from error
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return target


def _fill(folder: Path, now: datetime) -> None:
    """Write the database, the files and their manifest into a folder, in this order."""
    head, rows = _dump(folder)
    copy_files(Path(settings.MEDIA_ROOT), folder / FILES)
    _copy_bucket(folder / FILES)
    facts = {"head": head, "rows": rows, "digests": _digests(folder)}
    _write_manifest(folder / MANIFEST, facts, now)


def make_and_check(folder: Path, now: datetime) -> tuple[Path, JsonObject]:
    """Write a backup and check it; encrypt it meanwhile to BACKUP_RECIPIENTS.

    It is encrypted while it is made, if BACKUP_RECIPIENTS names keys. Raises BackupFailed as `make`
    does.

    Returns:
        The folder or the encrypted file, and its manifest.
    """
    if settings.BACKUP_RECIPIENTS:
        return _make_encrypted(folder, now)
    path = make(folder, now)
    return path, check(path)


def _make_encrypted(folder: Path, now: datetime) -> tuple[Path, JsonObject]:
    dumps.require_direct()
    target = folder / (now.strftime(sealed_backups.STAMP) + sealed_backups.ENDING)
    if target.exists():
        raise BackupFailed(f"{target} is there already. Wait a second and begin again.")
    _make_folder(folder)

    def fill(archive: sealed_backups.Archive) -> JsonObject:
        with archive.parts(dumps.NAMES[connection.vendor]) as sink:
            (head, rows), streamed = _asked(lambda: dump_streams.stream(sink, _head_and_rows))
        _require_same(streamed, rows)
        evidence = Path(settings.MEDIA_ROOT)
        for path in files_in(evidence):
            archive.add_file(path, f"{FILES}/{path.relative_to(evidence)}")
        for name, file in file_store.in_bucket():
            archive.add_open(file, f"{FILES}/{name}")
        facts = {"head": head, "rows": rows, "digests": dict(sorted(archive.digests.items()))}
        manifest = _signed_manifest(facts, now)
        archive.add_bytes(MANIFEST, json.dumps(manifest, indent=1).encode())
        return manifest

    return target, sealed_backups.write(target, settings.BACKUP_RECIPIENTS, fill)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BackupFailed(sealed_backups.no_place(folder, error)) from error


def check(folder: Path, *, unsigned: bool = False) -> JsonObject:
    """Return the manifest of a backup, after checking that this service wrote it.

    `unsigned` accepts a manifest without a signature: versions before this one wrote none.

    Raises:
        BackupFailed: it is unsigned, changed, incomplete, or of another kind of database.
    """
    manifest = _manifest(folder)
    _require_signed(manifest, unsigned=unsigned)
    found, listed = _digests(folder), manifest["digests"]
    for name in sorted(listed):
        if found.get(name) != listed[name]:
            raise BackupFailed(f"{name} is missing or was changed. Take another backup.")
    for name in sorted(found.keys() - listed.keys()):
        raise BackupFailed(f"{name} is not part of this backup. Take it out, then begin again.")
    if manifest["database"] != connection.vendor:
        raise BackupFailed(f"This backup is of {manifest['database']}, not {connection.vendor}.")
    return manifest


def copy_files(source: Path, target: Path) -> None:
    """Copy the sealed files of a folder.

    Unfinished files, and a file deleted meanwhile, are left out.
    """
    for path in files_in(source):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copy(path, place)
        except FileNotFoundError:
            place.unlink(missing_ok=True)


def _copy_bucket(target: Path) -> None:
    """Copy the sealed files of the bucket, if there is one. Raises OSError."""
    for name, file in file_store.in_bucket():
        target.mkdir(exist_ok=True)
        with (target / name).open("wb") as copy:
            shutil.copyfileobj(file, copy)


def files_in(folder: Path) -> list[Path]:
    """Return the finished files of a folder, however deep; none without a folder."""
    found = folder.rglob("*") if folder.is_dir() else []
    return sorted(
        path
        for path in found
        if path.is_file()
        and not any(part.endswith(".part") for part in path.relative_to(folder).parts)
    )


def _dump(folder: Path) -> tuple[str, dict[str, int]]:
    """Dump the database and read the dump through.

    Returns:
        The digest of the chain heads and the row counts by table, both of the moment of the dump.

    Raises:
        BackupFailed: the database cannot be read, or the dump is incomplete.
    """
    path = folder / dumps.NAMES[connection.vendor]
    head, rows = _asked(lambda: dumps.write(path, _head_and_rows))
    _require_same(dumps.dumped_counts(path), rows)
    return head, rows


def _head_and_rows() -> tuple[str, dict[str, int]]:
    return head_digest(Event), dumps.row_counts()


def _asked(dump: Callable[[], T]) -> T:
    """Return what a dump gives.

    Raises:
        BackupFailed: the database cannot be read.
    """
    try:
        return dump()
    except DatabaseError as error:
        said = str(error).strip().splitlines()[0]
        raise BackupFailed(f"The database cannot be read ({said}).") from error


def _require_same(dumped: dict[str, int], rows: dict[str, int]) -> None:
    if dumped != rows:
        raise BackupFailed("The dump does not hold all that the database held. Begin again.")


def _write_manifest(path: Path, facts: JsonObject, now: datetime) -> None:
    path.write_text(json.dumps(_signed_manifest(facts, now), indent=1), encoding="utf-8")


def _signed_manifest(facts: JsonObject, now: datetime) -> JsonObject:
    manifest = {
        "made_at": now.isoformat(timespec="seconds"),
        "throw_away_by": (now + timedelta(days=settings.BACKUP_DAYS)).date().isoformat(),
        "database": connection.vendor,
        "release": VERSION,
        **facts,
    }
    pepper = sealed_pepper()
    if pepper is not None:
        manifest[PEPPER] = pepper.hex()
    manifest[SIGNED] = signatures.sign(PURPOSE, {"manifest": _fingerprint(manifest)})
    return manifest


def _manifest(folder: Path) -> JsonObject:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BackupFailed(f"{folder} is no backup: its manifest cannot be read.") from error
    if not isinstance(manifest, dict) or not manifest.keys() >= REQUIRED:
        raise BackupFailed(f"{folder} is no backup: its manifest says too little.")
    return manifest


def _require_signed(manifest: JsonObject, *, unsigned: bool) -> None:
    if SIGNED not in manifest:
        if unsigned:
            return
        raise BackupFailed(
            "This backup is not signed: an older version made it, or the signature was taken off. "
            "Say --unsigned if you know where it has been."
        )
    try:
        if PEPPER in manifest:
            take_pepper(_from_hex(str(manifest[PEPPER])))
        facts = signatures.verify(str(manifest[SIGNED]), PURPOSE, signatures.public_key())
    except (NotSigned, DecryptionFailed):
        facts = {}
    if facts.get("manifest") != _fingerprint(manifest):
        raise BackupFailed(
            "The manifest was changed, or a service with other SERVER_KEYS signed it. "
            "Take another backup, or set the right keys."
        )


def _from_hex(text: str) -> bytes:
    """Return what hex digits say; nothing, which opens nothing, for other text."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _fingerprint(manifest: JsonObject) -> str:
    """Return the SHA-256 of the manifest without its signature."""
    said = {name: value for name, value in manifest.items() if name != SIGNED}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): _digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
