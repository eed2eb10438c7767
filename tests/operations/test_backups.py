"""A backup is whole or refused, comes back, and does not bring back what was erased."""

from __future__ import annotations

import io
import os
import resource
import sys
import tarfile
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pyrage
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from pyrage import x25519
from pytest_django import Settings

from grievances.audit.models import ChainHead, Event
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.records import Kind, Record, read_all
from grievances.casework import reading
from grievances.deadlines.sweep import run_clocks
from grievances.encryption import signatures
from grievances.encryption.server_secrets import ServerSecret
from grievances.operations import backups, dumps, restore, sealed_backups
from grievances.operations.dumps import BackupFailed
from grievances.people.models import User
from grievances.retention import erasure
from grievances.retention.models import Erasure
from grievances.tasks import export_head, make_backup
from tests.encryption.starting_anew import start_anew
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done, fresh
from tests.factories.people import Staff, assemble
from workflow.chain import verify
from workflow.sql import triggers

pytestmark = pytest.mark.django_db(transaction=True)
NEW_KEY = "0123456789abcdef" * 4


@pytest.fixture(autouse=True)
def _folder(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "evidence"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    settings.HEADS_DIR = tmp_path / "heads"
    yield
    # A dump brings the triggers back as they were; a later flush takes them off by name.
    triggers.remove(connection, Event._meta.db_table)
    triggers.install(connection, Event._meta.db_table)


def test_a_backup_comes_back_and_what_was_erased_since_does_not(
    policies: None, tmp_path: Path
) -> None:
    staff = assemble()
    case, kept = (
        _erasable_with_a_file(staff),
        cases.acknowledged(staff, about="staff2", now=at(590)),
    )
    entries = Event.objects.count()
    made = backups.make(tmp_path / "backups", at(600))
    done(staff, case, "dpo1", "erase", at(601))
    assert (tmp_path / "heads" / erasure.LIST).read_text(encoding="utf-8").count("\n") == 1
    _lose_everything(kept)

    restored = restore.restore(made, at(602), replace=True)

    assert (restored.files, restored.erased_again) == (0, 1)
    assert restored.entries == entries
    assert verify(Event).ok
    words = read_all(kept, Keyring.of(kept, staff.holders["complainant1"]))
    assert any(each.kind == Kind.ACCOUNT for each in words)
    assert fresh(case).erased_on == at(602).date()
    assert not case.records.exists()
    assert not case.sealed_keys.exists()
    assert not list((tmp_path / "evidence").iterdir())
    assert bytes(ChainHead.objects.get(chain=case.reference).salt) == b""
    assert Erasure.objects.get().reference == case.reference


def test_a_backup_from_after_a_rotation_comes_back_where_only_the_new_key_is_known(
    policies: None, tmp_path: Path, settings: Settings
) -> None:
    """A second machine knows neither the first key nor the database that holds the pepper."""
    settings.SERVER_KEYS = f"1:{'ab' * 8}{'cd01ef23' * 6}"
    start_anew()
    settings.SERVER_KEYS = f"2:{NEW_KEY},{settings.SERVER_KEYS}"
    _said("rotate_keys")
    settings.SERVER_KEYS = f"2:{NEW_KEY}"
    start_anew()
    made, public = backups.make(tmp_path / "backups", START), signatures.public_key()
    ServerSecret.objects.all().delete()  # as in an empty database
    start_anew()
    for wrong in (f"2:{NEW_KEY[::-1]}", f"3:{NEW_KEY}"):
        settings.SERVER_KEYS = wrong
        with pytest.raises(BackupFailed, match="other SERVER_KEYS signed it"):
            backups.check(made)
        start_anew()
    settings.SERVER_KEYS = f"2:{NEW_KEY}"
    _said("restore", made)
    start_anew()
    assert signatures.public_key() == public
    start_anew()


def test_a_changed_or_foreign_folder_and_a_full_database_are_refused(
    policies: None, tmp_path: Path
) -> None:
    staff = assemble()
    cases.raised(staff)
    made = backups.make(tmp_path / "backups", START)
    out = StringIO()
    call_command("restore", made, "--check", stdout=out)
    assert "is whole" in out.getvalue()
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", made)
    with pytest.raises(BackupFailed, match="is there already"):
        backups.make(tmp_path / "backups", START)
    with pytest.raises(CommandError, match="is no backup"):
        call_command("restore", tmp_path)
    name = dumps.NAMES[connection.vendor]
    (made / name).write_bytes((made / name).read_bytes() + b"x")
    with pytest.raises(BackupFailed, match=f"{name} is missing or was changed"):
        restore.restore(made, START, replace=True)
    assert User.objects.exists()


def test_the_command_says_where_and_until_when(policies: None, tmp_path: Path) -> None:
    out = StringIO()
    call_command("backup", tmp_path, stdout=out)
    assert "Throw it away by" in out.getvalue()
    assert len(list(tmp_path.glob("2*/manifest.json"))) == 1


def test_a_backup_is_encrypted_to_people_and_comes_back_with_their_key_alone(
    policies: None, tmp_path: Path, settings: Settings
) -> None:
    """The service cannot open its own backup; a rehearsal changes nothing; the way back works."""
    staff, key, other = assemble(), x25519.Identity.generate(), x25519.Identity.generate()
    case = cases.acknowledged(staff)
    settings.BACKUP_RECIPIENTS = [str(key.to_public())]
    settings.BACKUP_DIR = folder = tmp_path / "backups"
    folder.mkdir()
    old = folder / "20200101T000000Z.tar.age"
    old.touch()
    assert make_backup() == 1
    (sealed,) = folder.iterdir()
    assert sealed.stat().st_mode & 0o077 == 0
    body = sealed.read_bytes()
    assert body.startswith(b"age-encryption.org/v1")
    for word in (b"manifest.json", b"SQLite format", b"PGDMP", case.reference.encode()):
        assert word not in body
    kept, entries = tmp_path / "key.txt", Event.objects.count()
    kept.write_text(f"# public key: {key.to_public()}\n{key}\n")
    wrong, cut = tmp_path / "other.txt", tmp_path / sealed.name
    wrong.write_text(str(other))
    cut.write_bytes(body[:-1000])
    for arguments, said in (
        ([sealed], "is encrypted"),
        ([sealed, "--identity", wrong], "No key in this file opens"),
        ([cut, "--identity", kept], "or the backup is damaged"),
        ([sealed, "--identity", sealed], "no secret age key"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("restore", *map(str, arguments), "--replace")
    assert f"{entries} entries" in _said("restore", sealed, "--identity", kept, "--rehearse")
    _lose_everything(case)
    assert f"{entries} entries" in _said("restore", sealed, "--identity", kept, "--replace")
    assert verify(Event).ok
    words = read_all(case, Keyring.of(case, staff.holders["complainant1"]))
    assert any(each.kind == Kind.ACCOUNT for each in words)
    assert sorted(folder.iterdir()) == [sealed]


def test_no_plain_copy_is_on_disk_while_an_encrypted_backup_is_made(
    policies: None, tmp_path: Path, settings: Settings
) -> None:
    """Every file that is opened for writing, and every database, is watched."""
    settings.BACKUP_RECIPIENTS = [str(x25519.Identity.generate().to_public())]
    written = WRITTEN
    written.clear()
    sys.addaudithook(_watch)
    made, manifest = backups.make_and_check(tmp_path / "backups", START)
    seen, folder = list(written), str(tmp_path)
    assert [each for each in seen if each.startswith(folder)] == [f"{made}.part"]
    assert all("mode=memory" in each for each in seen if each.startswith("sqlite:"))
    assert manifest["rows"] == dumps.row_counts()


def test_a_backup_in_many_parts_comes_back(
    policies: None, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed_backups, "PART", 50_000)
    key, kept = x25519.Identity.generate(), tmp_path / "key.txt"
    kept.write_text(str(key))
    settings.BACKUP_RECIPIENTS = [str(key.to_public())]
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "one.sealed").write_bytes(b"sealed")
    made, manifest = backups.make_and_check(tmp_path / "backups", START)
    with sealed_backups.opened(made, kept) as folder:
        assert backups.check(folder)["digests"] == manifest["digests"]
        assert (folder / "evidence" / "one.sealed").read_bytes() == b"sealed"
        assert dumps.dumped_counts(folder / dumps.NAMES[connection.vendor]) == manifest["rows"]


@pytest.mark.parametrize("recipients", [0, 1])
def test_a_disk_that_fills_while_a_backup_is_made_is_a_sentence(
    policies: None, tmp_path: Path, settings: Settings, recipients: int
) -> None:
    settings.BACKUP_RECIPIENTS = [str(x25519.Identity.generate().to_public())] * recipients
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    (evidence / "large.sealed").write_bytes(b"x" * 4_000_000)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, hard))
    try:
        with pytest.raises(BackupFailed, match="Make room there or name another folder"):
            backups.make_and_check(tmp_path / "backups", START)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_backup_folder_that_is_a_file_is_a_sentence(policies: None, tmp_path: Path) -> None:
    (tmp_path / "backups").touch()
    with pytest.raises(CommandError, match="Make room there or name another folder"):
        call_command("backup", tmp_path / "backups")


def test_what_a_killed_backup_left_is_deleted_a_day_later(tmp_path: Path) -> None:
    left = tmp_path / f"{START - timedelta(days=2):%Y%m%dT%H%M%SZ}.tar.age.part"
    going_on = tmp_path / f"{START:%Y%m%dT%H%M%SZ}.tar.age.part"
    left.touch()
    going_on.touch()
    assert sealed_backups.discard_old(tmp_path, START) == 1
    assert list(tmp_path.iterdir()) == [going_on]


WRITTEN: list[str] = []


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if (
        event == "open"
        and isinstance(arguments[2], int)
        and arguments[2] & (os.O_WRONLY | os.O_RDWR)
    ):
        WRITTEN.append(str(arguments[0]))
    elif event == "sqlite3.connect":
        WRITTEN.append(f"sqlite:{arguments[0]}")


def _said(*arguments: object) -> str:
    out = StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


def test_a_dump_that_was_cut_off_cannot_be_read(policies: None, tmp_path: Path) -> None:
    made = backups.make(tmp_path / "backups", START)
    dump = made / dumps.NAMES[connection.vendor]
    assert dumps.dumped_counts(dump) == dumps.row_counts()
    dump.write_bytes(dump.read_bytes()[: dump.stat().st_size // 2])
    with pytest.raises(BackupFailed, match="Begin again"):
        dumps.dumped_counts(dump)


def test_a_database_without_tables_has_no_backup(policies: None, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE grievances_chainhead RENAME TO elsewhere")
    try:
        with pytest.raises(CommandError, match="The database cannot be read"):
            call_command("backup", tmp_path / "backups")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO grievances_chainhead")
    assert not list((tmp_path / "backups").iterdir())


def test_what_could_not_be_written_down_is_written_down_at_night(
    policies: None, tmp_path: Path, settings: Settings
) -> None:
    staff = assemble()
    case = _erasable_with_a_file(staff)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    settings.HEADS_DIR = tmp_path / "file" / "heads"
    done(staff, case, "dpo1", "erase", at(601))
    assert fresh(case).erased_on is not None
    settings.HEADS_DIR = tmp_path / "heads"
    export_head()
    assert set(erasure.erased_before(tmp_path / "heads")) == {case.reference}
    assert erasure.write_down(tmp_path / "heads") == 0


def _erasable_with_a_file(staff: Staff) -> Case:
    case = cases.closed(staff)
    file = SimpleUploadedFile("notes.txt", b"what I wrote down")
    reading.add_file(case, staff.caller("complainant1"), file, now=START)
    for days in (300, 400):
        run_clocks(at(days))
    case.deadlines.filter(name="RETENTION").update(current_due=at(500).date())
    return edge_cases.agree_keeping(staff, case, "erase", "TIME_OVER", at(599))


def _lose_everything(kept: Case) -> None:
    """A disaster: the words are gone, and the trail with them."""
    triggers.remove(connection, Event._meta.db_table)
    with transaction.atomic(), connection.cursor() as cursor:
        for table in (Event._meta.db_table, Record._meta.db_table):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own table names
    assert not kept.records.exists()


@pytest.mark.parametrize("name", ["../outside", "/outside", "link"])
def test_an_archive_that_leads_out_of_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    """Everyone who knows a public key can encrypt to it."""
    key, plain = x25519.Identity.generate(), io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        member = tarfile.TarInfo(name)
        if name == "link":
            member.type, member.linkname = tarfile.SYMTYPE, "/etc"
        archive.addfile(member)
    sealed = tmp_path / "backup.age"
    sealed.write_bytes(pyrage.encrypt(plain.getvalue(), [key.to_public()]))
    (tmp_path / "in").mkdir()
    with pytest.raises(BackupFailed, match="No key in this file opens the backup"):
        sealed_backups._unpack(sealed, [key], tmp_path / "in")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.age", "in"]
    assert not list((tmp_path / "in").iterdir())
