"""A whole new trail is found by what was exported before (peers.md trap 5)."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from grievances.audit import exported_heads
from grievances.audit.models import ChainHead, Event
from grievances.encryption import signatures
from grievances.encryption.signatures import NotSigned
from tests.factories.cases import START
from workflow.chain import verify
from workflow.sql import triggers

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def append(chain: str = "RC-BCDFGH", days: int = 0) -> Event:
    return Event.append(
        chain=chain,
        at=START + days * DAY,
        actor="u:1",
        role="triage",
        kind="case.message",
        subject=chain,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three days of a trail, each exported in the evening."""
    for days in range(3):
        append(days=days)
        append(f"RC-BBBBB{days + 2}", days)
        exported_heads.export(tmp_path, START + days * DAY)
    return tmp_path


def rewrite_everything() -> None:
    """Throw the whole trail away and write another, sound in itself, in its place."""
    told = [(e.chain, e.at, e.role, e.kind, e.subject) for e in Event.objects.order_by("pk")]
    triggers.remove(connection, Event._meta.db_table)
    with connection.cursor() as cursor:
        for table in (Event._meta.db_table, ChainHead._meta.db_table):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own table names
    for number, (chain, at, role, kind, subject) in enumerate(told):
        role = "lead" if number == 0 else role
        Event.append(chain=chain, at=at, actor="u:9", role=role, kind=kind, subject=subject)
    triggers.install(connection, Event._meta.db_table)


def verified(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_trail", *arguments, stdout=out)
    return out.getvalue()


def test_an_untouched_trail_agrees_also_when_it_has_grown(folder: Path) -> None:
    append()
    append("RC-NEWNEW")
    checked = exported_heads.check(folder)
    assert (checked.fault, checked.files, checked.chains) == ("", 3, 4)
    assert "3 signed heads" in verified("--heads", str(folder))


def test_a_trail_that_was_written_anew_is_sound_and_is_found(folder: Path) -> None:
    rewrite_everything()
    assert verify(Event).ok
    assert "not what it was on 2026-11-21" in exported_heads.check(folder).fault
    with pytest.raises(CommandError, match="not what it was"):
        verified("--heads", str(folder))


def test_a_chain_that_was_cut_off_and_mended_is_found(folder: Path) -> None:
    triggers.remove(connection, Event._meta.db_table)
    last = Event.objects.filter(chain="RC-BCDFGH").order_by("-seq")[0]
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {Event._meta.db_table} WHERE id = %s", [last.pk])  # noqa: S608
    ChainHead.objects.filter(chain="RC-BCDFGH").update(seq=last.seq - 1, digest=last.prev)
    triggers.install(connection, Event._meta.db_table)
    assert verify(Event).ok
    assert "Chain RC-BCDFGH, entry 3" in exported_heads.check(folder).fault


def test_a_file_names_only_the_chains_that_moved(folder: Path) -> None:
    files = exported_heads.read_all(folder, signatures.public_key())
    assert [sorted(head.moved) for head in files] == [
        ["RC-BBBBB2", "RC-BCDFGH"],
        ["RC-BBBBB3", "RC-BCDFGH"],
        ["RC-BBBBB4", "RC-BCDFGH"],
    ]


def test_a_day_that_has_a_head_keeps_it(folder: Path) -> None:
    path = max(folder.iterdir())
    before = path.read_text(encoding="utf-8")
    append()
    assert exported_heads.export(folder, START + 2 * DAY) == path
    assert path.read_text(encoding="utf-8") == before
    assert not list(folder.glob("*.part"))


def test_a_changed_a_renamed_and_a_missing_file_are_found(folder: Path) -> None:
    first, second, third = sorted(folder.iterdir())
    text = second.read_text(encoding="utf-8")
    second.write_text(text.replace("RC-BCDFGH 2", "RC-BCDFGH 1"), encoding="utf-8")
    assert "was changed" in exported_heads.check(folder).fault
    with pytest.raises(NotSigned):
        exported_heads.export(folder, START + 3 * DAY)
    second.unlink()
    assert exported_heads.check(folder).fault == "A file is missing before 2026-11-23."
    third.rename(second)
    assert "was changed" in exported_heads.check(folder).fault
    first.unlink()
    second.unlink()
    assert exported_heads.check(folder).fault == "There is no head in the folder."


def test_another_servers_signature_is_not_taken(folder: Path) -> None:
    assert exported_heads.check(folder, signatures.public_key()).fault == ""
    assert "another server" in exported_heads.check(folder, "ab" * 32).fault
    with pytest.raises(CommandError):
        verified("--heads", str(folder), "--public", "ab" * 32)


def test_the_command_prints_what_is_kept_elsewhere(tmp_path: Path) -> None:
    append()
    out = StringIO()
    call_command("export_head", "--print", folder=tmp_path, stdout=out)
    assert "RC-BCDFGH 1 " in out.getvalue()
    assert signatures.public_key() in out.getvalue()
    assert len(list(tmp_path.glob("*.head"))) == 1


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_head", folder=tmp_path / "file" / "heads")
