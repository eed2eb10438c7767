"""Every guard of every step, made to fail once, with its own code (domain.md 5.2, 5.3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from grievances.audit.models import Event
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.assignments import grant
from grievances.cases.models.case import Case
from grievances.casework.reader_grants import admit_readers
from grievances.vocabulary import Role, State
from tests.cases.failing_scenarios import SPOILED
from tests.cases.same_state_scenarios import REPLACEMENT, WALKS
from tests.cases.scenarios import DAY, TRANSITIONS
from tests.cases.tampering import Spoil, Spoiled, change, left_out, uncertified
from tests.factories import cases, edge_cases
from tests.factories.cases import START
from tests.factories.people import Staff
from workflow.steps import Refused, steps

BY_CODE = {fact.code: fact for fact in steps(Case).values()}
NEVER_ASKED = {(code, "EXCLUDED_BY_COMPLAINANT") for code in ("T02", "N30", "N127")}
"""A person left out cannot even see the case, so no one gets as far as this guard."""
WITH_THE_FILES = {(code, "ANSWER_MISSING") for code in ("N43", "N61", "N62")} | {
    (code, "PERSON_NOT_HEARD") for code in ("N43", "N61")
}
"""Asked where a file is added: tests/evidence, and tests/intake for the talk."""
WITH_A_LIMITED_PART = {(code, "DECLARATION_MISSING") for code in ("N101", "N106")}
"""Asked of those who help, and not of the handler: tests/investigation/test_limited_parts.py."""
OF_THE_OFFICER = {("N103", "NOT_YOUR_MEETING"), ("N103", "AWAY_THEN")}
"""Asked of the officer who moves a meeting: tests/investigation."""
WITH_A_CASE_KEY = {
    ("N52", code) for code in ("NOT_ANONYMOUS", "ANSWER_MISSING", "AGREEMENT_MISSING")
}


@pytest.mark.parametrize("spoiled", SPOILED, ids=str)
def test_a_guard_refuses_with_its_code_and_leaves_nothing(staff: Staff, spoiled: Spoiled) -> None:
    walk = WALKS[spoiled.walk]
    case = walk.make(staff)
    spoiled.spoil(staff, case)
    before, events = cases.fresh(case), Event.objects.count()
    with pytest.raises(Refused) as refusal:
        walk.take(staff, case, **spoiled.changed)
    assert refusal.value.code == spoiled.code
    assert refusal.value.sentence.endswith(".")
    assert cases.fresh(case).__dict__ | {"_state": 0} == before.__dict__ | {"_state": 0}
    assert Event.objects.count() == events


def test_every_guard_is_made_to_fail() -> None:
    asked = {(code, guard.code) for code, step in BY_CODE.items() for guard in step.guards}
    failed = {(spoiled.walk, spoiled.code) for spoiled in SPOILED}
    elsewhere = WITH_THE_FILES | WITH_A_LIMITED_PART | WITH_A_CASE_KEY | OF_THE_OFFICER
    assert asked - failed == NEVER_ASKED | elsewhere
    assert failed <= asked


@pytest.mark.parametrize("code", ["T02", "N30", "N127"])
def test_someone_left_out_does_not_get_as_far_as_a_guard(staff: Staff, code: str) -> None:
    walk = WALKS[code]
    case = walk.make(staff)
    left_out(walk.who)(staff, case)
    with pytest.raises(NotAllowed):
        walk.take(staff, case)


def test_an_approval_serves_once(staff: Staff) -> None:
    case = cases.in_decision(staff)
    again = {"covered": ["1"], "evidence_complete": True, "report": "Again."}
    TRANSITIONS["T20"].take(staff, case)
    for returns in (2, 3):
        cases.done(staff, case, "handler1", "submit_report", START, **again)
        with pytest.raises(Refused) as refusal:
            TRANSITIONS["T20"].take(staff, case)
        assert refusal.value.code == "COUNTERSIGN_MISSING"
        edge_cases.approve(staff, case, "decider1", "return_for_enquiries")
        TRANSITIONS["T20"].take(staff, case)
        assert cases.fresh(case).returns == returns


def test_no_one_approves_their_own_request(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    grant(case, staff["lead1"], Role.TRIAGE)
    edge_cases.approve(staff, case, "lead1", "redirect")
    assert case.approvals.get().agreed is None
    with pytest.raises(Refused) as refusal:
        TRANSITIONS["T07"].take(staff, case)
    assert refusal.value.code == "COUNTERSIGN_MISSING"


def test_a_late_appeal_goes_ahead_with_approval(staff: Staff) -> None:
    case = cases.decided(staff)
    case.deadlines.filter(name="APPEAL_WINDOW").update(current_due=DAY - timedelta(days=1))
    edge_cases.approve(staff, case, "complainant1", "appeal")
    TRANSITIONS["T22"].take(staff, case)
    assert cases.fresh(case).state == State.APPEAL_ALLOCATION
    assert not case.approvals.filter(asked_by__isnull=False).exists()


def shut_out_the_handler(staff: Staff, case: Case) -> None:
    cases.done(
        staff,
        case,
        "complainant1",
        "exclude",
        START,
        people="handler1",
        matched=[staff["handler1"]],
    )


def shut_out_the_decider(staff: Staff, case: Case) -> None:
    cases.done(staff, case, "triage1", "name_respondent", START, person=staff["decider1"])


def lose_the_certificate(staff: Staff, case: Case) -> None:
    uncertified("decider1")(staff, case)


def join_the_respondents_team(staff: Staff, case: Case) -> None:
    change(staff["decider1"], unit=staff["respondent1"].unit)


def change_the_decider(staff: Staff, case: Case) -> None:
    cases.done(staff, case, "decider1", "recuse", START)


@pytest.mark.parametrize(
    "happens",
    [
        shut_out_the_handler,
        shut_out_the_decider,
        lose_the_certificate,
        join_the_respondents_team,
        change_the_decider,
    ],
)
def test_no_road_leads_to_an_investigation_without_two_fit_people(
    staff: Staff, happens: Spoil
) -> None:
    case = cases.accepted(staff)
    happens(staff, case)
    with pytest.raises((Refused, NotAllowed)):
        TRANSITIONS["T17"].take(staff, case)
    assert cases.fresh(case).state == State.ALLOCATION


def test_an_excluded_person_loses_the_part_and_it_can_be_filled_again(staff: Staff) -> None:
    case = cases.accepted(staff)
    shut_out_the_handler(staff, case)
    assert set(case.offers.filter(role="handler").values_list("status", flat=True)) == {"revoked"}
    TRANSITIONS["T15"].take(staff, case, candidate=staff["handler2"])
    WALKS["N30"].take(staff, case, who="handler2")
    TRANSITIONS["T17"].take(staff, case, who="handler2")


def test_a_case_is_never_left_without_a_triage_officer(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    for name, then in (("triage1", "triage2"), ("triage2", "independent1")):
        cases.done(
            staff, case, "complainant1", "exclude", START, people=name, matched=[staff[name]]
        )
        admit_readers(cases.at(3))
        cases.done(staff, case, then, "check_safety", START, flags=[])
    cases.done(staff, case, "independent1", "recuse", START)


def test_a_replacement_must_be_as_fit_as_the_first(staff: Staff) -> None:
    case = REPLACEMENT.make(staff)
    uncertified("handler2")(staff, case)
    with pytest.raises(Refused) as refusal:
        REPLACEMENT.take(staff, case)
    assert refusal.value.code == "NOT_CERTIFIED"


def test_the_respondent_is_heard_anew_after_an_appeal_sends_it_back(staff: Staff) -> None:
    case = cases.appeal_heard(staff)
    TRANSITIONS["T26"].take(staff, case)
    assert cases.fresh(case).respondent_asked_on is None
    for name, role in (("handler1", "handler"), ("decider1", "decider")):
        with pytest.raises(Refused) as refusal:
            TRANSITIONS["T15"].take(staff, case, role=role, candidate=staff[name])
        assert refusal.value.code == "ROLE_CLASH"


def test_the_meeting_is_not_asked_of_an_anonymous_sender(staff: Staff) -> None:
    case = edge_cases.heard(staff)
    Case.unguarded.filter(pk=case.pk).update(identity="ANONYMOUS", meeting_held_on=None)
    TRANSITIONS["T19"].take(staff, case)


def test_every_walk_takes_the_step_of_its_code() -> None:
    assert {code: BY_CODE[code].name for code in WALKS} == {
        code: walk.step for code, walk in WALKS.items()
    }
