"""Who is told at each reminder: the person responsible, never the barred, always someone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.cases.models.exclusions import Exclusions, bar
from grievances.cases.models.parties import party_inbox
from grievances.cases.notices import table
from grievances.deadlines.sweep import run_clocks
from grievances.encryption.server_keys import person_pseudonym
from grievances.policy import profiles
from grievances.web.shared import clock
from notifications.models import Notice
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at
from tests.factories.people import PEOPLE, Staff
from tests.signing_in import sign_in
from workflow.clocks import reminder_moments


def moment(case: Case, clock: str, reminder: str) -> datetime:
    """When a reminder of a running clock is sent."""
    row = Deadline.objects.get(case=case, name=clock, completed_on__isnull=True)
    reminders = reminder_moments(
        row.clock, row.started_on, row.current_due, case.calendar, profiles.zone()
    )
    return next(when for each, when in reminders if each.name == reminder)


def told(staff: Staff, case: Case, clock: str, reminder: str) -> set[str]:
    """Who was told of one rung, as people of the staff; the complainant by their own inbox."""
    event = Event.objects.get(
        chain=case.reference, kind__startswith="clock.", key__contains=f":{reminder}:",
        data__clock=clock,
    )  # fmt: skip
    rows = Notice.objects.filter(key__startswith=f"{case.reference}:{event.seq}:", channel="inbox")
    names = {person_pseudonym(staff[name].pk): name for name in PEOPLE}
    names[party_inbox(case.pk, staff["complainant1"].pk)] = "complainant1"
    return {names[row.handle] for row in rows}


def fire_reminders(staff: Staff, case: Case, clock: str, reminder: str) -> set[str]:
    run_clocks(moment(case, clock, reminder))
    return told(staff, case, clock, reminder)


@pytest.mark.parametrize(
    ("clock", "reminder", "who"),
    [
        ("INVESTIGATION", "minus5", {"handler1"}),
        ("INVESTIGATION", "L1", {"handler1", "lead1"}),
        ("INVESTIGATION", "L2", {"lead1", "complainant1"}),
        ("INVESTIGATION", "L3", {"executive1", "lead1"}),
        ("OVERALL", "minus5", {"lead1"}),
    ],
)
def test_the_person_who_answers_for_a_date_is_told(
    staff: Staff, clock: str, reminder: str, who: set[str]
) -> None:
    assert fire_reminders(staff, cases.in_investigation(staff), clock, reminder) == who


def test_a_mediator_is_reminded_of_their_own_date(staff: Staff) -> None:
    assert fire_reminders(staff, edge_cases.mediating(staff), "MEDIATION", "minus5") == {
        "mediator1"
    }


def test_a_part_that_no_one_has_is_the_leads_to_hear_of(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    cases.done(staff, case, "handler1", "recuse", START)
    assert fire_reminders(staff, case, "INVESTIGATION", "minus5") == {"lead1"}


def test_no_one_who_is_barred_is_told_and_someone_is(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    bar(case, staff["handler1"].pk, Exclusions.Why.CONFLICT)
    assert fire_reminders(staff, case, "INVESTIGATION", "minus5") == {"lead1"}


def test_a_lead_in_conflict_is_replaced_from_the_start(staff: Staff) -> None:
    case = cases.in_investigation(staff, exclude="lead1")
    assert fire_reminders(staff, case, "INVESTIGATION", "L2") == {"independent1", "complainant1"}


def test_no_rung_of_any_promise_is_climbed_without_someone_told(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    day = START
    while day < at(140):
        day += timedelta(days=1)
        run_clocks(day)
    reminders = Event.objects.filter(chain=case.reference, kind__startswith="clock.")
    reminders = reminders.exclude(kind="clock.moved")
    for event in reminders.filter(key__isnull=False):
        assert event.kind in table.NOTICES
        assert Notice.objects.filter(key__startswith=f"{case.reference}:{event.seq}:").exists()


def test_at_the_second_level_the_lead_is_offered_to_act_and_the_complainant_told_why(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = cases.in_investigation(staff)
    when = moment(case, "MEETING", "L1")
    monkeypatch.setattr(clock, "now", lambda: when)
    monkeypatch.setattr(clock, "today", when.date)
    run_clocks(when)
    lead = sign_in(Client(), staff, "lead1")
    page = f"/cases/{case.reference}/"
    assert "It was passed to you" not in lead.get(page).content.decode()
    when = moment(case, "MEETING", "L2")
    monkeypatch.setattr(clock, "now", lambda: when)
    monkeypatch.setattr(clock, "today", when.date)
    run_clocks(when)
    text = lead.get(page).content.decode()
    assert "Meet the complainant: 5 working days late" in text
    assert f'href="{page}change_handler/"' in text
    answers = {"clock": "MEETING", "reason": "ABSENCE", "explanation": "The handler was ill."}
    day = {"expected_on_day": "20", "expected_on_month": "1", "expected_on_year": "2027"}
    assert lead.post(f"{page}explain_delay/", {**answers, **day}).status_code == 302
    read = sign_in(Client(), staff, "complainant1").get(page).content.decode()
    assert "this is late. We now expect it by 20 January 2027" in read
    assert "The handler was ill." in read
    assert Deadline.objects.get(case=case, name="MEETING").breached
