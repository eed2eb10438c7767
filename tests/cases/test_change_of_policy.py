"""A case keeps the policy it began under, and is moved by a step: dates become later or stay."""

from __future__ import annotations

from datetime import date

from django.test import Client

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.cases.models.records import Kind
from grievances.deadlines.recompute import differences
from notifications.models import Notice
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done, fresh
from tests.factories.people import Staff
from tests.signing_in import sign_in

WHY = "The new policy gives us more time."


def due(case: Case, name: str) -> date:
    return Deadline.objects.get(case=case, name=name, completed_on__isnull=True).current_due


def unsound(case: Case) -> list[str]:
    events = list(Event.objects.filter(chain=case.reference).order_by("seq"))
    rows = Deadline.objects.filter(case=case).select_related("case")
    return [f"{row.name}: {found}" for row in rows if (found := differences(row, events))]


def move(staff: Staff, case: Case, version: int = 4, days: int = 2) -> Event:
    return done(staff, case, "lead1", "move_policy", at(days), version=version, explanation=WHY)


def test_dates_become_later_or_stay_and_each_that_moves_is_an_event(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    overall, work = due(case, "OVERALL"), due(case, "INVESTIGATION")
    edge_cases.newer_policy(START, INVESTIGATION=20, OVERALL=80)
    event = move(staff, case)
    case = fresh(case)
    assert case.profile is not None
    assert case.profile.version == event.data["version"] == 4
    assert due(case, "INVESTIGATION") == work
    assert due(case, "OVERALL") == case.calendar.add(overall, 20)
    moved = Event.objects.get(chain=case.reference, kind="clock.moved")
    assert moved.data == {
        "clock": "OVERALL", "from": str(overall), "to": str(due(case, "OVERALL")),
    }  # fmt: skip
    assert unsound(case) == []


def test_the_complainant_is_told_and_reads_why(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    edge_cases.newer_policy(START, OVERALL=80)
    words = (Kind.EXPLANATION, WHY)
    event = done(staff, case, "lead1", "move_policy", at(2), words, version=4, explanation=WHY)
    told = Notice.objects.filter(key__startswith=f"{case.reference}:{event.seq}:update:")
    assert told.filter(channel="inbox").exists()
    page = sign_in(Client(), staff, "complainant1").get(f"/cases/{case.reference}/")
    assert WHY in page.content.decode()


def test_pauses_and_extensions_from_before_still_count(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    review = case.calendar.add(at(4).date(), 8)
    done(
        staff, case, "handler1", "hold", at(4), reason="C_LEAVE", explanation=WHY, review_on=review
    )
    done(staff, case, "handler1", "resume", at(11))
    done(staff, case, "lead1", "extend", at(12), clock="INVESTIGATION", days=4, explanation=WHY)
    before = due(case, "INVESTIGATION")
    edge_cases.newer_policy(START, INVESTIGATION=33)
    move(staff, case, days=13)
    assert due(case, "INVESTIGATION") == fresh(case).calendar.add(before, 3)
    row = Deadline.objects.get(case=case, name="INVESTIGATION")
    assert (row.paused_wd, row.extended_wd, row.completed_on) == (5, 4, None)
    assert unsound(fresh(case)) == []


def test_a_paused_case_can_be_moved_and_goes_on_where_it_was(staff: Staff) -> None:
    case = cases.held(staff)
    edge_cases.newer_policy(START, INVESTIGATION=35)
    move(staff, case)
    done(staff, case, "handler1", "resume", at(9))
    assert unsound(fresh(case)) == []
    row = Deadline.objects.get(case=case, name="INVESTIGATION")
    assert row.current_due == fresh(case).calendar.add(START.date(), 35 + row.paused_wd)


def test_clocks_that_start_later_are_those_of_the_newer_policy(staff: Staff) -> None:
    case = cases.in_allocation(staff)
    edge_cases.newer_policy(START, OFFER=4)
    move(staff, case)
    offer = {"role": "handler", "candidate": staff["handler1"]}
    done(staff, case, "triage1", "offer", at(2), **offer)
    assert Deadline.objects.get(case=case, name="OFFER").clock.amount == 4


def test_a_review_day_that_was_agreed_stays(staff: Staff) -> None:
    case = cases.held(staff)
    before = due(case, "HOLD_REVIEW")
    edge_cases.newer_policy(START, HOLD_REVIEW=20)
    move(staff, case)
    assert due(case, "HOLD_REVIEW") == before


def test_the_lead_sees_before_it_is_done_what_would_move(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    lead = sign_in(Client(), staff, "lead1")
    page = f"/cases/{case.reference}/"
    assert "move_policy" not in lead.get(page).content.decode()
    edge_cases.newer_policy(START, OVERALL=80)
    assert "move_policy" in lead.get(page).content.decode()
    shown = lead.post(f"{page}move_policy/", {"version": "4", "preview": "1"}).content.decode()
    assert "Under this version, these dates change" in shown
    assert (
        f"becomes <strong>{fresh(case).calendar.add(due(case, 'OVERALL'), 20):%-d %B %Y}" in shown
    )
    assert "Finish the investigation:" not in shown
    assert lead.post(f"{page}move_policy/", {"preview": "1"}).status_code == 422
