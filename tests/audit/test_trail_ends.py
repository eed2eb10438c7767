"""After seven years the trail of an erased case ends, and what is left can still be walked."""

from __future__ import annotations

from datetime import date, datetime
from io import StringIO
from pathlib import Path
from threading import Barrier
from time import sleep

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from grievances.audit import exported_heads
from grievances.audit.models import SERVICE, ChainHead, Event, TrailEnd
from grievances.cases.models.case import Case
from grievances.retention import trail_retention
from tests.concurrency import Crowd
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done
from tests.factories.people import Staff
from workflow.chain import verify
from workflow.sql import triggers

ERASED = at(600)
LATE = ERASED.replace(year=ERASED.year + 7, month=ERASED.month + 1)


@pytest.fixture(autouse=True)
def _folder(settings: Settings, tmp_path: Path) -> None:
    settings.HEADS_DIR = tmp_path / "heads"


@pytest.fixture
def erased(staff: Staff) -> Case:
    case = edge_cases.erasable(staff)
    done(staff, case, "dpo1", "erase", ERASED)
    return cases.fresh(case)


def entries(chain: str) -> int:
    return Event.objects.filter(chain=chain).count()


def of_cases(now: datetime) -> list[str]:
    """The cases whose trail ends."""
    return [chain for chain in trail_retention.end_due(now) if chain != SERVICE]


def verified(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_trail", *arguments, stdout=out)
    return out.getvalue()


def test_it_ends_after_seven_years_and_not_before(staff: Staff, erased: Case) -> None:
    living = cases.acknowledged(staff, about="staff2")
    before = entries(living.reference)
    early = ERASED.replace(year=ERASED.year + 6)
    assert of_cases(early) == []
    assert of_cases(LATE) == [erased.reference]
    assert entries(erased.reference) == 0
    assert entries(living.reference) == before, "an open case keeps its trail, however old"
    assert of_cases(LATE) == []
    said = Event.objects.get(kind="trail.ended", data__of=erased.reference)
    assert (said.data["of"], said.at) == (erased.reference, LATE)


def test_the_rest_is_sound_and_agrees_with_what_was_exported_before(
    staff: Staff, erased: Case, settings: Settings
) -> None:
    exported_heads.export(settings.HEADS_DIR, ERASED)
    trail_retention.end_due(LATE)
    exported_heads.export(settings.HEADS_DIR, LATE)
    assert "are sound" in verified("--heads", str(settings.HEADS_DIR))
    assert "2 chains have ended" in verified(), "the service's own begins later as well"
    assert not verify(Event).ok, "and nothing is sound that nobody signed"


def test_an_end_that_the_service_did_not_sign_is_a_hole(staff: Staff, erased: Case) -> None:
    """What someone does who owns the database and not the server's keys."""
    case = cases.acknowledged(staff, about="staff2")
    last = Event.objects.filter(chain=case.reference).latest("seq")
    triggers.remove(connection, Event._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {Event._meta.db_table} WHERE chain = %s",  # noqa: S608 - our own table
            [case.reference],
        )
    with pytest.raises(CommandError, match="The whole chain is missing"):
        verified()
    trail_retention.end_due(LATE)
    other = TrailEnd.objects.get(chain=erased.reference)
    for signed in (other.signed, "nonsense"):
        TrailEnd.objects.filter(chain=case.reference).delete()
        TrailEnd.objects.create(
            chain=case.reference, seq=last.seq, digest=last.digest, signed=signed
        )
        with pytest.raises(CommandError, match=f"Chain {case.reference}.*not signed"):
            verified()


def test_a_trail_that_is_not_sound_is_not_ended(staff: Staff, erased: Case) -> None:
    triggers.remove(connection, Event._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Event._meta.db_table} SET role = 'x' "  # noqa: S608 - our own table
            "WHERE chain = %s AND seq = 2",
            [erased.reference],
        )
    triggers.install(connection, Event._meta.db_table)
    before = entries(erased.reference)
    assert of_cases(LATE) == []
    assert entries(erased.reference) == before


def service(moment: datetime) -> None:
    Event.append(chain=SERVICE, at=moment, actor="", role="", kind="account.recovery_asked")


def test_what_belongs_to_no_case_ends_entry_by_entry_and_waits_for_a_legal_hold(
    staff: Staff,
) -> None:
    case = cases.acknowledged(staff)
    for year in (2026, 2027, 2031):
        service(START.replace(year=year))
    Case.unguarded.filter(pk=case.pk).update(legal_hold=True)
    now = START.replace(year=2034, month=12)
    assert trail_retention.end_due(now) == []
    Case.unguarded.filter(pk=case.pk).update(legal_hold=False)
    assert trail_retention.end_due(now) == [SERVICE]
    kept = Event.objects.filter(chain=SERVICE).order_by("seq")
    assert [entry.at.year for entry in kept] == [2031, 2034]
    service(now)
    assert "are sound" in verified()
    later = START.replace(year=2039, month=1)
    assert SERVICE in trail_retention.end_due(later)
    assert "are sound" in verified()


def test_the_database_goes_on_refusing_everyone_else(staff: Staff, erased: Case) -> None:
    trail_retention.end_due(LATE)
    delete = f"DELETE FROM {Event._meta.db_table}"  # noqa: S608 - our own table
    refused = pytest.raises(DatabaseError, match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(delete)


def test_the_command_says_what_is_due_and_ends_it(
    staff: Staff, erased: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grievances.web.shared.clock.now", lambda: LATE)
    monkeypatch.setattr("grievances.web.shared.clock.today", lambda: date(LATE.year, LATE.month, 1))
    for arguments, left in ((["--list"], True), ([], False)):
        out = StringIO()
        call_command("erase_due", *arguments, stdout=out)
        assert f"the trail of {erased.reference}" in out.getvalue()
        assert bool(entries(erased.reference)) is left


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("holds", ["the head", "the table"])
def test_no_one_who_writes_to_the_trail_meanwhile_is_turned_away(
    staff: Staff, erased: Case, holds: str, tmp_path: Path
) -> None:
    """PostgreSQL ends one of two who wait for each other: never the page of a person."""
    service(LATE)
    holding = Barrier(2)

    def write() -> str:
        with transaction.atomic():
            if holds == "the head":
                ChainHead.objects.select_for_update().get(chain=SERVICE)
            else:
                Event.append(chain="other", at=LATE, actor="", role="", kind="case.opened")
            holding.wait(timeout=60)
            sleep(1.5)
            service(LATE)
        return "written"

    def end() -> str:
        holding.wait(timeout=60)
        return " ".join(trail_retention.end_due(LATE))

    crowd = Crowd(tmp_path)
    assert crowd.press(write, end) == ["written", f"{erased.reference} {SERVICE}"]
    assert "are sound" in verified()
