"""Offices that end, concerns that are joined, people who step back: nothing is left behind."""

from __future__ import annotations

from datetime import date

import pytest

from grievances.cases.access import rules
from grievances.cases.models.assignments import CaseUserObjectPermission, holders
from grievances.cases.models.stored_keys.held import holder_pseudonym
from grievances.cases.models.stored_keys.rows import SealedKey
from grievances.casework.appointments import end_lapsed_parts
from grievances.casework.reader_grants import admit_readers
from grievances.encryption.key_pairs import holder_name
from grievances.encryption.server_keys import person_pseudonym
from grievances.people.models import Appointment
from grievances.vocabulary import Office, Role
from notifications.outbox import inbox
from tests.factories import cases
from tests.factories.people import Staff
from workflow.steps import Refused


def test_an_office_that_has_ended_gives_nothing_any_more(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    Appointment.objects.filter(person=staff["handler1"]).update(to_date=date(2026, 11, 1))
    assert end_lapsed_parts(cases.at(1)) == 1
    assert not rules.allows(staff["handler1"], "read", case)
    name = holder_pseudonym(case, holder_name(staff["handler1"].pk))
    assert not SealedKey.objects.filter(case=case, holder=name).exists()
    assert not cases.fresh(case).has_accepted("handler")
    assert end_lapsed_parts(cases.at(2)) == 0


def test_a_case_keeps_a_triage_officer_and_a_lead_when_theirs_leave(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    Appointment.objects.filter(person=staff["triage1"]).update(to_date=date(2026, 11, 1))
    Appointment.objects.filter(person=staff["lead1"]).update(to_date=date(2026, 11, 1))
    Appointment.objects.create(
        person=staff["staff1"], office=Office.LEAD, from_date=date(2026, 11, 1)
    )
    end_lapsed_parts(cases.at(1))
    assert not holders(case, Role.TRIAGE).exists()
    admit_readers(cases.at(2))
    assert list(holders(case, Role.TRIAGE)) == [staff["triage2"]]
    assert list(holders(case, Role.LEAD)) == [staff["staff1"]]


def test_people_who_hold_their_office_keep_everything(staff: Staff) -> None:
    cases.in_appeal(staff)
    before = CaseUserObjectPermission.objects.count()
    assert end_lapsed_parts(cases.at(1)) == 0
    assert CaseUserObjectPermission.objects.count() == before


def test_who_is_shut_out_loses_the_notices_as_well(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    mine = inbox(person_pseudonym(staff["handler1"].pk)).filter(reference=case.reference)
    assert mine.exists()
    cases.done(
        staff, case, "complainant1", "exclude", cases.at(1),
        people="handler1", matched=[staff["handler1"]],
    )  # fmt: skip
    assert not mine.exists()


def test_a_concern_is_never_joined_to_one_that_its_respondent_works_on(staff: Staff) -> None:
    earlier = cases.in_investigation(staff)
    later = cases.raised(staff, about="handler1")
    cases.done(staff, later, "triage1", "acknowledge", cases.START, declare=True)
    with pytest.raises(Refused, match="NOT_A_DUPLICATE"):
        cases.done(staff, later, "triage1", "merge", cases.START, into=earlier.reference)


def test_three_offers_without_a_yes_are_the_leads_to_solve(staff: Staff) -> None:
    case = cases.in_allocation(staff)
    for tried, level in ((1, 0), (2, 0), (3, 2)):
        cases.done(
            staff,
            case,
            "triage1",
            "offer",
            cases.START,
            role="handler",
            candidate=staff["handler1"],
        )
        cases.done(staff, case, "handler1", "decline", cases.START)
        assert case.deadlines.get(name="ALLOCATION").level == level, tried


def test_a_concern_is_joined_only_by_an_officer_of_both(staff: Staff) -> None:
    earlier = cases.acknowledged(staff)
    later = cases.raised(staff)
    cases.done(staff, later, "triage2", "acknowledge", cases.START, declare=True)
    with pytest.raises(Refused, match="NOT_A_DUPLICATE"):
        cases.done(staff, later, "triage2", "merge", cases.START, into=earlier.reference)
