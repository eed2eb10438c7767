"""A backup is judged before it takes the live database's place; a refused one changes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from pytest_django import Settings

from config.release import VERSION
from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.casework import reading
from grievances.deadlines.sweep import run_clocks
from grievances.encryption import signatures
from grievances.operations import backups, dumps, restore
from grievances.operations.dumps import BackupFailed
from grievances.retention import erasure
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done, fresh
from tests.factories.people import Staff, assemble
from workflow.chain import verify
from workflow.sql import triggers

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_a_backup_with_an_entry_missing_leaves_the_live_database_alone(
    policies: None, tmp_path: Path
) -> None:
    staff = assemble()
    case = _erasable_with_a_file(staff)
    lost = _take_out_an_entry(case)
    made = backups.make(tmp_path / "backups", at(600))
    _put_in(lost)
    done(staff, case, "dpo1", "erase", at(601))
    later = cases.raised(staff, now=at(602))
    before = dumps.row_counts()

    with pytest.raises(BackupFailed, match="is not sound"):
        restore.restore(made, at(603), replace=True)

    assert dumps.row_counts() == before
    assert verify(Event).ok
    assert fresh(later).reference == later.reference
    assert fresh(case).erased_on == at(601).date()
    assert not case.records.exists()
    assert not list((tmp_path / "evidence").rglob("*"))


def test_a_signed_manifest_that_names_another_head_is_refused(
    policies: None, tmp_path: Path
) -> None:
    staff = assemble()
    cases.raised(staff)
    made = backups.make(tmp_path / "backups", START)
    manifest = _manifest_of(made)
    _write_signed(made, {**manifest, "head": "0" * 64})
    with pytest.raises(BackupFailed, match="is not sound"):
        restore.restore(made, START, replace=True)
    _write_signed(made, {**manifest, "rows": {**manifest["rows"], "grievances_case": 2}})
    with pytest.raises(BackupFailed, match="Rows are missing"):
        restore.restore(made, START, replace=True)
    assert Case.unguarded.count() == 1


def test_a_changed_manifest_is_refused_and_an_unsigned_one_asked_for(
    policies: None, tmp_path: Path
) -> None:
    made = backups.make(tmp_path / "backups", START)
    manifest = _manifest_of(made)
    _write(made, {**manifest, "throw_away_by": "2099-01-01"})
    with pytest.raises(CommandError, match="The manifest was changed"):
        call_command("restore", made, "--check")
    _write(made, {**manifest, "signed": signatures.sign("another purpose", {"manifest": "x"})})
    with pytest.raises(CommandError, match="The manifest was changed"):
        call_command("restore", made, "--check", "--unsigned")
    older = ("made_at", "throw_away_by", "database", "head", "digests")
    _write(made, {name: manifest[name] for name in older})
    with pytest.raises(CommandError, match="not signed"):
        call_command("restore", made)
    out = StringIO()
    call_command("restore", made, "--check", "--unsigned", stdout=out)
    call_command("restore", made, "--unsigned", stdout=out)
    assert "is whole" in out.getvalue()
    assert "are back" in out.getvalue()
    _write(made, {"made_at": "today"})
    with pytest.raises(CommandError, match="says too little"):
        call_command("restore", made)


def test_a_file_that_was_put_in_is_refused(policies: None, tmp_path: Path) -> None:
    made = backups.make(tmp_path / "backups", START)
    (made / backups.FILES).mkdir()
    (made / backups.FILES / "more.sealed").write_bytes(b"x")
    with pytest.raises(BackupFailed, match=r"more\.sealed is not part of this backup"):
        restore.restore(made, START)


def test_a_backup_of_a_newer_version_is_refused(policies: None, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('grievances', '9999_later', '2030-01-01')"
        )
    made = backups.make(tmp_path / "backups", START)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
    before = dumps.row_counts()
    with pytest.raises(BackupFailed, match=rf"A newer version made this backup \({VERSION}"):
        restore.restore(made, START)
    assert dumps.row_counts() == before


def test_an_erasure_is_repeated_that_only_the_live_database_knows(
    policies: None, tmp_path: Path, settings: Settings
) -> None:
    staff = assemble()
    case = _erasable_with_a_file(staff)
    made = backups.make(tmp_path / "backups", at(600))
    (tmp_path / "file").write_text("x", encoding="utf-8")
    settings.HEADS_DIR = tmp_path / "file" / "heads"
    done(staff, case, "dpo1", "erase", at(601))
    settings.HEADS_DIR = tmp_path / "heads"
    assert not erasure.erased_before(tmp_path / "heads")
    assert restore.restore(made, at(602), replace=True).erased_again == 1
    assert fresh(case).erased_on == at(602).date()
    assert not case.records.exists()
    assert not list((tmp_path / "evidence").rglob("*"))


def test_a_list_of_erasures_that_was_changed_is_refused(policies: None, tmp_path: Path) -> None:
    made = backups.make(tmp_path / "backups", START)
    (tmp_path / "heads").mkdir()
    (tmp_path / "heads" / erasure.LIST).write_text("nothing.signed\n", encoding="utf-8")
    with pytest.raises(CommandError, match="The list of erasures in HEADS_DIR was changed"):
        call_command("restore", made)


def test_a_file_comes_back_and_an_unfinished_one_does_not(policies: None, tmp_path: Path) -> None:
    staff = assemble()
    case = cases.raised(staff)
    file = SimpleUploadedFile("notes.txt", b"what I wrote down")
    reading.add_file(case, staff.caller("complainant1"), file, now=START)
    (kept,) = (tmp_path / "evidence").iterdir()
    words = kept.read_bytes()
    (tmp_path / "evidence" / "half.sealed.part").write_bytes(b"x")
    made = backups.make(tmp_path / "backups", START)
    kept.unlink()
    assert restore.restore(made, START, replace=True).files == 1
    assert kept.read_bytes() == words
    assert sorted(path.name for path in kept.parent.iterdir()) == [kept.name, "half.sealed.part"]


def _erasable_with_a_file(staff: Staff) -> Case:
    case = cases.closed(staff)
    file = SimpleUploadedFile("notes.txt", b"what I wrote down")
    reading.add_file(case, staff.caller("complainant1"), file, now=START)
    for days in (300, 400):
        run_clocks(at(days))
    case.deadlines.filter(name="RETENTION").update(current_due=at(500).date())
    return edge_cases.agree_keeping(staff, case, "erase", "TIME_OVER", at(599))


def _take_out_an_entry(case: Case) -> Event:
    """What an owner of the database can do to the trail; the entry, so that it can be put back."""
    entry: Event = Event.objects.get(chain=case.reference, seq=3)
    triggers.remove(connection, Event._meta.db_table)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM grievances_event WHERE id = %s", [entry.pk])
    triggers.install(connection, Event._meta.db_table)
    assert not verify(Event).ok
    return entry


def _put_in(entry: Event) -> None:
    entry.save_base(raw=True, force_insert=True)
    assert verify(Event).ok


def _manifest_of(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / backups.MANIFEST).read_text("utf-8"))
    return read


def _write(folder: Path, manifest: dict[str, object]) -> None:
    (folder / backups.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def _write_signed(folder: Path, manifest: dict[str, object]) -> None:
    """Sign what was changed, as a thief of the server keys could."""
    said = {name: value for name, value in manifest.items() if name != "signed"}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    facts = {"manifest": hashlib.sha256(text.encode()).hexdigest()}
    _write(folder, {**said, "signed": signatures.sign("backup manifest", facts)})
