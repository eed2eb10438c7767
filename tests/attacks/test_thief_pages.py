"""The thief after a whole case: what people typed on any page is nowhere (architecture.md 5).

What everyone may see is exempt: the directory (`DIRECTORY`), which says who works here and
not who is in a case. That nothing links the two is what `test_thief` and this file look for.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import caches
from django.db import connection
from pytest_django import Settings

from grievances.audit.models import Event
from grievances.cases.models.records import Kind, Record
from grievances.cases.notices import sending
from notifications.delivery import drain
from tests.attacks import whole_case
from tests.attacks.leak_scan import Loot, packed
from tests.attacks.stolen_copy import DIRECTORY, cached, empty_queue, rows, steal
from tests.attacks.text_entry import SECRET, Hands, Typed, Typist, word_fields
from tests.factories.cases import at
from tests.factories.people import Staff


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "evidence"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    return tmp_path


@pytest.fixture
def typist(
    staff: Staff, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[Typist]:
    """Someone at the pages, in a world with two people whose names are nowhere else."""
    caplog.set_level("DEBUG")
    caches["default"].clear()
    whole_case.add_people(staff)
    yield Typist(staff, Hands(monkeypatch))
    empty_queue()


ELSEWHERE = {
    ("AddDays", "days"),
    ("When", "days"),  # sealed to the complainant: tests/policy/test_several_acts.py
    ("CheckedProof", "proof"),
    ("ChoosePassword", "password1"),  # on no case: tests/accounts/test_first_sign_in.py
    ("ChoosePassword", "password2"),
    ("EnterPassphrase", "passphrase"),
    ("SetUpApp", "code"),
    ("TakenDown", "text_to"),  # sealed until the text left: tests/intake/test_text_receipt.py
    ("TypedCode", "code"),
    ("TypedCodeAgain", "code"),
    ("Details", "email"),
    ("Details", "name"),
    ("Details", "unit"),
    ("LineManager", "manager"),
    (
        "MakeToken",
        "program",
    ),  # the name of a program, on no case: tests/staff_directory/test_scim.py
    ("NotesAnswer", "text"),  # on the page of a meeting: tests/investigation/test_room.py
    ("ProposeBlock", "text"),  # the text of every letter, on no case: tests/letters
    ("SubmitReport", "gaps"),  # asked where the room was begun: tests/investigation/test_room.py
    ("PublishLesson", "heard"),  # everyone may read it: tests/lessons
    ("PublishLesson", "promise"),
    ("Search", "typed"),
    ("WayOfContact", "address"),  # a part of two forms, which are tried
    ("Invites", "adjustments"),  # as is this
    ("Invites", "interpreter"),
    ("Invites", "place"),
    ("Upload", "file"),  # anyone may read the staff directory: tests/staff_directory
}
"""Fields that are tried in tests of their own, or hold no words about a case."""


@pytest.mark.slow
def test_nothing_that_was_typed_is_readable_anywhere(
    typist: Typist,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    typed = Typed(monkeypatch)
    whole_case.kept_for_oneself(typist)
    case = whole_case.handle_by_pages(typist, whole_case.raise_by_pages(typist))
    whole_case.look_around(typist, case)
    whole_case.cared_for(typist)
    whole_case.told_for_others(typist)
    whole_case.aftercare(typist, case, typist.hands)
    whole_case.doors(typist)
    whole_case.guests(typist)
    whole_case.everything_else(typist, typed)
    before = list(rows())
    drain(now=at(700), addresses_of=sending.addresses_for)
    loot = steal(folder, caplog.text, *before)

    untried = word_fields() - typed.fields - ELSEWHERE
    assert untried == set(), f"fields that take words were not tried: {sorted(untried)}"
    assert loot.places >= {
        "grievances_record", "file evidence", "file mail", "logs", "queue", "cache", "file names",
    }  # fmt: skip
    assert loot.holds("PLANTED") == []
    known = frozenset({*DIRECTORY, "raw"})
    for needle in whole_case.NAMES:
        assert loot.holds(needle, besides=known) == [], needle
    assert loot.holds(whole_case.ADDRESS, besides=frozenset({"file mail"})) == []
    assert loot.holds(case.reference, besides=REFERENCED) == []
    kinds = set(Record.objects.values_list("kind", flat=True))
    assert kinds >= set(Kind) - NOT_ON_THIS_ROAD


REFERENCED = frozenset(
    {"grievances_case", "grievances_event", "grievances_chainhead", "notifications_notice", "raw"}
)
"""Where a reference may be: it is a code. Not in mail, logs, cache, queue or sessions."""
NOT_ON_THIS_ROAD = frozenset(
    {
        Kind.TERMS,
        Kind.DRAFT,
        Kind.MEDIATION_NOTE,
        Kind.HANDOVER,
        Kind.RESPONDENT,
        Kind.EXAMINED,
        Kind.EVIDENCE_SHOWN,
    }  # fmt: skip
)
"""Written by seldom steps, where `everything_else` may only have been refused, or by no step."""


@pytest.mark.parametrize("where", ["table", "no model", "cache", "file", "log", "queue", "name"])
def test_a_leak_in_each_store_is_found_in_every_coat(
    where: str, folder: Path, db: None, settings: Settings
) -> None:
    for how, raw in packed(SECRET):
        found = leak(where, raw, folder).holds("PLANTED") if where != "name" else None
        if found is None:
            (folder / f"{SECRET}.txt").write_bytes(b"")
            found = steal(folder, "").holds(SECRET)
        assert found, (where, how)
        for path in folder.rglob("*.leak"):
            path.unlink()
        caches["default"].clear()
    empty_queue()


def leak(where: str, raw: bytes, folder: Path) -> Loot:
    """One leak in one store, and the theft of that store."""
    if where == "cache":
        caches["default"].set("k", raw)
        return Loot(list(cached()))
    if where == "file":
        (folder / "evidence").mkdir(exist_ok=True)
        (folder / "evidence" / "x.leak").write_bytes(b"\x00\x01" + raw)
        return steal(folder, "")
    if where == "table":
        return Loot([("grievances_event", b"xx" + raw)])
    if where == "no model":
        with connection.cursor() as cursor:
            kind = "BYTEA" if connection.vendor == "postgresql" else "BLOB"
            cursor.execute(f"CREATE TABLE IF NOT EXISTS hidden (a {kind})")
            cursor.execute("DELETE FROM hidden")
            cursor.execute("INSERT INTO hidden VALUES (%s)", [raw])
        return steal(folder, "")
    if where == "queue":
        return Loot([("queue", b"{'body': '" + raw + b"'}")])
    return Loot([("logs", b"2026-11-21 ERROR " + raw + b"\n")])


def test_a_leak_in_an_event_is_found_in_the_table_and_in_the_raw_database(
    db: None, folder: Path
) -> None:
    Event.append(chain="service", at=at(0), actor="x", role="", kind="x", data={"slip": SECRET})
    found = steal(folder, "").holds(SECRET)
    assert "grievances_event" in found
    assert ("raw" in found) == (connection.vendor == "sqlite")
    empty_queue()


def test_a_field_that_no_one_tried_is_named() -> None:
    assert ("Message", "text") in word_fields()
    assert ("AddEvidence", "file") in word_fields()
    assert ("Survey", "q11") in word_fields()
    assert len(word_fields()) > 50
