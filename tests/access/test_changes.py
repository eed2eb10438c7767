"""What became untrue meanwhile opens nothing: stages that went on, cases looked into anew."""

from __future__ import annotations

import ctypes
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from grievances.cases.models.assignments import holders, withdraw
from grievances.cases.models.case import Case
from grievances.cases.models.readers import PendingReader
from grievances.casework import reading
from grievances.casework.reader_grants import admit_readers
from grievances.evidence.upload import receive
from grievances.participants import companions
from grievances.vocabulary import Role
from grievances.web.cases.presenters.people import people_rows
from grievances.web.shared import clock
from tests.evidence import samples
from tests.factories import edge_cases
from tests.factories.cases import START, at, done, raised
from tests.factories.people import Staff
from tests.participants import hearing
from tests.participants.own_files import heard_file
from workflow.steps import Refused

PR_GET_DUMPABLE = 3


@pytest.fixture(autouse=True)
def _at_the_start(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    monkeypatch.setattr(clock, "now", lambda: START)
    monkeypatch.setattr(clock, "today", lambda: START.date())
    settings.MEDIA_ROOT = tmp_path / "evidence"


def test_a_companion_loses_what_the_complainant_may_not_read_any_more(staff: Staff) -> None:
    case = hearing.heard(staff)
    file = heard_file(staff, case.hearings.get(standing="RESPONDENT"), "respondent1")
    hearing.decide(staff, case)
    companion, secret = hearing.invite(staff, case, ["DATES"], evidence=[str(file.pk)])
    _, key = hearing.keyed(secret)
    friend = Client()
    friend.post("/accompany/", {"own_key": key})
    page = f"/accompany/with/{companion.token}/files/{file.pk}/"
    assert friend.get(page).status_code == 200
    done(staff, case, "complainant1", "appeal", START, grounds="Unfair.")
    done(staff, case, "triage1", "offer_later", START, role="appeal", candidate=staff["appeal1"])
    done(staff, case, "appeal1", "accept", START, declare=True)
    done(staff, case, "appeal1", "begin_appeal", START, declare=True)
    declined = {"declined": True, "companion_asked": True}
    done(staff, case, "appeal1", "record_appeal_meeting", START, **declined)
    done(staff, case, "appeal1", "remit", START, reasons="Afresh.")
    assert friend.get(page).status_code == 404


def test_a_companion_of_the_earlier_concern_reads_nothing_that_is_joined_to_it(
    staff: Staff,
) -> None:
    case = edge_cases.to_be_joined(staff)
    earlier = Case.unguarded.exclude(pk=case.pk).get()
    companion, secret = hearing.invite(staff, earlier, ["MESSAGES"])
    guest, _ = hearing.keyed(secret)
    done(staff, case, "triage1", "announce_joining", START, into=earlier.reference)
    for row in PendingReader.objects.all():
        done(staff, case, "complainant1", "answer_reader", START, reader=row.pk, answer="fine")
    done(staff, case, "triage1", "merge", START, into=earlier.reference)
    reading.open_case(staff.caller("complainant1"), earlier.reference, now=START)
    assert companions.open_shared(guest, companion.token, now=START).words == ()


def test_no_one_comes_to_the_pool_once_one_officer_has_taken_the_concern_on(staff: Staff) -> None:
    case = raised(staff)
    withdraw(case, staff["triage2"], Role.TRIAGE_POOL)
    announced = {"person": staff["triage2"], "announced_at": START, "effective_on": at(1).date()}
    PendingReader.objects.create(case=case, role=Role.TRIAGE_POOL, **announced)
    done(staff, case, "triage1", "acknowledge", START, declare=True)
    assert not PendingReader.objects.exists()
    PendingReader.objects.create(case=case, role=Role.TRIAGE_POOL, **announced)
    assert admit_readers(at(2)) == 0
    assert staff["triage2"] not in holders(case, Role.TRIAGE_POOL)


def test_who_works_on_an_earlier_concern_is_shown_to_the_complainant_and_triage_alone(
    staff: Staff,
) -> None:
    case = edge_cases.to_be_joined(staff)
    earlier = Case.unguarded.exclude(pk=case.pk).get()
    done(staff, case, "triage1", "announce_joining", START, into=earlier.reference)
    seen = {role for role in ("complainant", *Role.values) if people_rows([], case, role)}
    assert seen == {"complainant", Role.TRIAGE.value}
    PendingReader.objects.update(role=Role.APPEAL.value)
    with pytest.raises(Refused, match="NOBODY_NEW"):  # once, whatever part they hold there now
        done(staff, case, "triage1", "announce_joining", START, into=earlier.reference)


def test_a_process_that_opens_a_file_cannot_look_into_the_one_that_asked() -> None:
    """prctl(2): only root may read the memory and environment of a process that is not dumpable."""
    file = receive("photo.jpg", iter([samples.photo()]))
    file.examine()
    file.close()
    assert ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0
