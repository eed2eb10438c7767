"""The complainant objects to an officer, or the officer steps back: who comes next."""

from __future__ import annotations

import pytest

from grievances.cases.access import rules
from grievances.cases.models.assignments import holders
from grievances.casework.reader_grants import admit_readers
from grievances.encryption.server_keys import person_pseudonym
from grievances.people.models import Appointment, User
from grievances.vocabulary import Office, Role, State
from notifications.outbox import inbox
from tests.access.conflicts import barred, codes
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done
from tests.factories.people import SINCE, Staff
from workflow.steps import Refused


@pytest.mark.parametrize(
    ("make", "who"),
    [
        (cases.raised, "triage1"),
        (cases.acknowledged, "triage1"),
        (cases.held, "handler1"),
        (cases.decided, "decider1"),
        (cases.withdrawing, "triage1"),
        (cases.in_appeal, "appeal1"),
        (cases.closed, "triage1"),
        (edge_cases.mediating, "mediator1"),
    ],
)
def test_one_press_hides_the_case_at_once_and_for_good(
    staff: Staff, make: object, who: str
) -> None:
    case = make(staff)  # type: ignore[operator]
    done(staff, case, who, "recuse", START)
    assert rules.actions_allowed(staff[who], case) == frozenset()
    assert not rules.cases_for(staff[who], "read").filter(pk=case.pk).exists()
    assert barred(case, staff[who]) == {"RECUSED"}
    admit_readers(at(3))
    assert holders(case, Role.TRIAGE_POOL, Role.TRIAGE).exists(), "never ownerless"
    assert staff[who] not in holders(case, *Role.values)


def test_a_vacant_appeal_is_offered_again_and_mediation_can_be_ended(staff: Staff) -> None:
    appeal = cases.in_appeal(staff)
    done(staff, appeal, "appeal1", "recuse", START)
    other = staff["decider2"]
    Appointment.objects.create(person=other, office=Office.APPEAL, from_date=SINCE)
    User.objects.filter(pk=other.pk).update(grade=9)
    other.refresh_from_db()
    done(staff, appeal, "triage1", "offer_later", START, role="appeal", candidate=other)
    done(staff, appeal, "decider2", "accept", START, declare=True)
    assert rules.allows(other, "decide_appeal", appeal)
    case = edge_cases.mediating(staff)
    assert not rules.allows(staff["triage1"], "end_mediation", case)
    done(staff, case, "mediator1", "recuse", START)
    done(staff, case, "triage1", "end_mediation", START)
    assert cases.fresh(case).state == State.ALLOCATION


def test_a_handler_who_went_for_a_conflict_is_not_asked_again(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    done(staff, case, "lead1", "change_handler", START, reason="CONFLICT")
    assert "CONFLICT" in codes(cases.fresh(case), staff["handler1"])
    with pytest.raises(Refused, match="CONFLICT"):
        done(staff, case, "triage1", "offer", START, role="handler", candidate=staff["handler1"])


def test_an_officer_the_complainant_objected_to_is_not_asked_again(staff: Staff) -> None:
    objected = edge_cases.offered(staff)
    offer = objected.offers.get().pk
    done(staff, objected, "complainant1", "object_to_person", START, offer=offer)
    done(staff, objected, "lead1", "answer_objection", START, offer=offer, answer="yes")
    assert "EXCLUDED_BY_COMPLAINANT" in codes(cases.fresh(objected), staff["handler1"])


def test_an_objection_in_time_counts_also_when_the_work_has_begun(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    offer = case.offers.get(role="handler").pk
    done(staff, case, "complainant1", "object_to_person", cases.at(2), offer=offer)
    done(staff, case, "lead1", "answer_objection", cases.at(2), offer=offer, answer="yes")
    assert not rules.allows(staff["handler1"], "read", case)
    assert "EXCLUDED_BY_COMPLAINANT" in codes(cases.fresh(case), staff["handler1"])
    done(
        staff,
        case,
        "triage1",
        "offer_later",
        cases.at(2),
        role="handler",
        candidate=staff["handler2"],
    )
    assert case.offers.get(candidate=staff["handler2"]).status == "sent"


def test_triage_is_told_that_a_part_is_vacant_after_an_objection(staff: Staff) -> None:
    """While the work goes on nothing else asks them to look for someone."""
    case = cases.in_investigation(staff)
    offer = case.offers.get(role="handler").pk
    done(staff, case, "complainant1", "object_to_person", START, offer=offer)
    before = inbox(person_pseudonym(staff["triage1"].pk)).count()
    done(staff, case, "lead1", "answer_objection", START, offer=offer, answer="yes")
    assert not case.has_accepted("handler")
    assert inbox(person_pseudonym(staff["triage1"].pk)).count() == before + 1


def test_nothing_is_decided_by_someone_whom_the_complainant_objects_to(staff: Staff) -> None:
    """Once decided, no one could answer the objection any more."""
    case = cases.in_decision(staff)
    offer = case.offers.get(role="decider").pk
    done(staff, case, "complainant1", "object_to_person", START, offer=offer)
    decision = {
        "findings": {"1": "NOT_UPHELD"}, "reasons": "Why.", "letter": "No.", "appeal_rights": True,
    }  # fmt: skip
    with pytest.raises(Refused, match="OBJECTION_OPEN"):
        done(staff, case, "decider1", "decide", START, **decision)
    done(staff, case, "lead1", "answer_objection", START, offer=offer, answer="no")
    done(staff, case, "decider1", "decide", START, **decision)


def test_no_one_objects_to_someone_who_has_said_no_meanwhile(staff: Staff) -> None:
    case = edge_cases.offered(staff)
    offer = case.offers.get().pk
    done(staff, case, "handler1", "decline", START)
    with pytest.raises(Refused, match="OBJECTION_TOO_LATE"):
        done(staff, case, "complainant1", "object_to_person", START, offer=offer)


def test_before_an_appeal_no_one_objects_any_more_to_who_decided_first(staff: Staff) -> None:
    """If their offer were taken back, a more junior person could judge the appeal."""
    case = cases.appealed(staff)
    offer = case.offers.get(role="decider").pk
    with pytest.raises(Refused, match="OBJECTION_TOO_LATE"):
        done(staff, case, "complainant1", "object_to_person", at(60), offer=offer)
    done(staff, case, "triage1", "offer_later", at(60), role="appeal", candidate=staff["appeal1"])
    asked = case.offers.get(role="appeal").pk
    done(staff, case, "complainant1", "object_to_person", at(70), offer=asked)


def test_an_objection_after_the_work_began_is_too_late_a_week_later(
    staff: Staff,
) -> None:
    case = cases.in_investigation(staff)
    offer = case.offers.get(role="handler").pk
    with pytest.raises(Refused, match="OBJECTION_TOO_LATE"):
        done(staff, case, "complainant1", "object_to_person", cases.at(7), offer=offer)


def test_a_connection_declared_when_declining_is_remembered(staff: Staff) -> None:
    declared = edge_cases.offered(staff)
    done(staff, declared, "handler1", "decline", START, connection=True)
    assert "CONFLICT" in codes(cases.fresh(declared), staff["handler1"])


@pytest.mark.parametrize(
    ("reason", "why"), [("CONFLICT", {"CONFLICT"}), ("EXCLUDED", {"EXCLUDED"}), ("ABSENT", set())]
)
def test_an_officer_passed_over_for_a_conflict_stays_out_and_one_on_leave_does_not(
    staff: Staff, reason: str, why: set[str]
) -> None:
    case = cases.raised(staff)
    done(staff, case, "lead1", "reroute", START, person=staff["triage1"], reason=reason)
    assert barred(case, staff["triage1"]) == why
    assert set(holders(case, Role.TRIAGE_POOL)) == {staff["triage2"]}
