"""No one goes on with another's work blind: a note is asked for, or what is missing is stated."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.cases.models.readers import Handover
from grievances.deadlines import leave
from grievances.deadlines.certificate_reminders import tell_of_training
from grievances.deadlines.leave import ask_before_leave
from grievances.people.models import Leave, Training
from notifications.models import Notice
from tests.factories import cases
from tests.factories.cases import START, at, done
from tests.factories.people import Staff
from workflow.steps import Refused

pytestmark = pytest.mark.django_db


def taken_over(staff: Staff, **answers: str) -> Case:
    """The handler stepped back in the middle of the work, and another one accepted."""
    case = cases.in_investigation(staff)
    day = START.date()
    done(staff, case, "handler1", "record_meeting", START, held_on=day, companion_asked=True)
    done(staff, case, "handler1", "record_respondent", START, asked_on=day)
    done(staff, case, "handler1", "recuse", START, **answers)
    offer = {"role": "handler", "candidate": staff["handler2"]}
    done(staff, case, "triage1", "offer_later", START, **offer)
    done(staff, case, "handler2", "accept", START, declare=True)
    return cases.fresh(case)


def report(staff: Staff, case: Case) -> None:
    done(
        staff, case, "handler2", "submit_report", at(4),
        covered=["1"], evidence_complete=True, report="What I found out.",
    )  # fmt: skip


def test_without_a_note_the_next_person_waits_until_the_lead_states_what_is_missing(
    staff: Staff,
) -> None:
    case = taken_over(staff)
    with pytest.raises(Refused) as refused:
        report(staff, case)
    assert refused.value.code == "HANDOVER_OWED"
    done(staff, case, "handler2", "write_handover", at(3), text="I know nothing of it.")
    with pytest.raises(Refused):
        report(staff, case)
    before = Notice.objects.count()
    done(staff, case, "lead1", "write_handover", at(4), text="Two people were not heard.")
    assert Notice.objects.count() > before, "the complainant is told"
    report(staff, case)


def test_with_a_note_the_work_goes_on_at_once(staff: Staff) -> None:
    case = taken_over(staff, handover="Staff 1 is still to be heard.")
    report(staff, case)
    assert not Handover.objects.exists()


def test_a_lead_who_changes_the_handler_hands_over_or_owes_it(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    done(staff, case, "lead1", "change_handler", START, reason="ABSENCE")
    assert case.handovers.filter(role="handler", has_left=True, settled_on=None).exists()


def test_before_leave_each_is_asked_once_and_the_complainant_told(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    for name in ("handler1", "triage1"):
        Leave.objects.create(
            person=staff[name], from_on=date(2026, 11, 25), until_on=date(2026, 12, 4)
        )
    Leave.objects.create(
        person=staff["decider1"], from_on=date(2026, 11, 25), until_on=date(2026, 11, 26)
    )
    assert [ask_before_leave(at(n)) for n in (1, 2, 3)] == [0, 1, 0]
    asked = Event.objects.get(kind="case.handover_asked")
    assert asked.data["role"] == "handler"
    owed = case.handovers.get(settled_on=None)
    assert not owed.has_left
    done(staff, case, "handler1", "write_handover", at(3), text="Staff 1 is to be heard.")
    owed.refresh_from_db()
    assert owed.settled_on == at(3).date()


def test_leave_without_a_known_end_or_a_fault_keeps_the_question_from_no_one_else(
    staff: Staff, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    case = cases.in_investigation(staff)
    first, last = date(2026, 11, 25), date(2026, 12, 4)
    for name in ("decider1", "lead1"):
        Leave.objects.create(person=staff[name], from_on=first, until_on=last)
    Leave.objects.create(person=staff["handler1"], from_on=first, until_on=date(2090, 1, 1))
    ask = leave._ask

    def fails_for_one(row: Leave, *rest: Any) -> int:
        if row.person == staff["decider1"]:
            raise ValueError("PLANTED")
        return ask(row, *rest)

    monkeypatch.setattr(leave, "_ask", fails_for_one)
    assert ask_before_leave(at(2)) == 1
    assert "hand-over" in caplog.text
    assert "PLANTED" not in caplog.text
    assert case.handovers.filter(role="handler", settled_on=None).exists()


def test_when_training_lapses_a_note_is_asked_for_and_nothing_waits_for_it(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    Training.objects.filter(person=staff["handler1"], certificate="INVESTIGATE").update(
        expires_on=START.date()
    )
    tell_of_training(at(40))
    assert case.handovers.filter(role="handler", has_left=False, settled_on=None).count() == 1
    assert Event.objects.filter(kind="case.handover_asked").count() == 1
    tell_of_training(at(41))
    assert Event.objects.filter(kind="case.handover_asked").count() == 1
