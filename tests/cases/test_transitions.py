"""Every transition of domain.md 5.2: from, to, by whom, and no one else, and once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grievances.audit.models import Event
from grievances.cases.access import rules
from grievances.cases.actions.actor import SYSTEM_ACTOR, Caller, NotAllowed
from grievances.cases.actions.perform import StepInput, perform, stamp
from grievances.cases.models.assignments import grant
from grievances.cases.models.case import Case
from grievances.vocabulary import ACTIVE, OPEN, Role, State
from tests.cases.same_state_scenarios import ACTS, REPLACEMENT, WALKS
from tests.cases.scenarios import TRANSITIONS
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at
from tests.factories.people import Staff
from workflow.models import AlreadyRecorded
from workflow.steps import Refused, steps

MACHINE = json.loads(
    (Path(__file__).parent.parent / "reference" / "state_machine.json").read_text("utf-8")
)["transitions"]
GROUPS = {
    "(active)": set(ACTIVE),
    "(active)+SUBMITTED+ON_HOLD": {*ACTIVE, State.SUBMITTED, State.ON_HOLD},
    "(any open)": set(OPEN),
}
BY_CODE = {fact.code: fact for fact in steps(Case).values()}
LETTERS = {
    "C": {"complainant1"},
    "T": {"triage1"},
    "H": {"handler1"},
    "D": {"decider1"},
    "A": {"appeal1"},
    "M": {"mediator1"},
    "CL": {"lead1"},
    "DPO": {"dpo1"},
}
BEFORE_ANYBODY_TOOK_IT = {"T02"}
"""Every triage officer who may read a new concern may take it on."""
SECOND_PERSON = {"T07", "T09"}
"""Where the table says "T + CL" the triage officer acts and the lead has agreed beforehand."""


def named(row: dict[str, Any]) -> set[str]:
    """Who of the staff may take this transition, by the letters of domain.md 5.2."""
    letters = row["actors"].replace("+", ",").split(",")
    asked = [letter.strip() for letter in letters if letter.strip() != "SYS"]
    if row["id"] in SECOND_PERSON:
        asked.remove("CL")
    people = set().union(*(LETTERS[letter] for letter in asked)) if asked else set()
    return people | ({"triage2"} if row["id"] in BEFORE_ANYBODY_TOOK_IT else set())


@pytest.mark.parametrize("row", MACHINE, ids=lambda row: row["id"])
def test_the_lifecycle_says_what_the_specification_says(row: dict[str, Any]) -> None:
    fact = BY_CODE[row["id"]]
    assert set(fact.sources) == GROUPS.get(row["from"], {row["from"]})
    if row["to"] in {"(same)", "(deleted)", "(erased)", row["from"]}:
        assert fact.target == ""
    elif row["to"] == "(return)":
        assert set(fact.target.split(" or ")) == {State.SUBMITTED, *ACTIVE, State.ON_HOLD}
    else:
        assert fact.target == row["to"]


def test_there_is_no_transition_beyond_the_specification() -> None:
    assert {code for code in BY_CODE if code[0] == "T"} == {row["id"] for row in MACHINE}
    assert set(TRANSITIONS) == {row["id"] for row in MACHINE}
    assert set(ACTS) | {"N43", "N52", "N61", "N62"} == {code for code in BY_CODE if code[0] == "N"}
    assert rules.missing_rules() == set()


@pytest.mark.parametrize("code", WALKS)
def test_every_step_can_be_taken_by_the_right_person(staff: Staff, code: str) -> None:
    walk = WALKS[code]
    case = walk.make(staff)
    event = walk.take(staff, case)
    assert (event.kind, event.data["code"]) == (f"case.{walk.step}", code)
    assert event.data["to"] == walk.after
    if code != "T38":
        assert cases.fresh(case).state == walk.after


@pytest.mark.parametrize("row", MACHINE, ids=lambda row: row["id"])
def test_no_one_else_can_take_it(staff: Staff, row: dict[str, Any]) -> None:
    walk = TRANSITIONS[row["id"]]
    case = walk.make(staff)
    events = Event.objects.count()
    for name in set(staff.people) - named(row):
        with pytest.raises(NotAllowed):
            walk.take(staff, case, who=name)
    if "SYS" not in row["actors"] or row["id"] == "T03":
        with pytest.raises(NotAllowed):
            walk.take_as(SYSTEM_ACTOR, case, StepInput())
    assert Event.objects.count() == events
    assert cases.fresh(case).turn == case.turn


@pytest.mark.parametrize("code", TRANSITIONS)
def test_no_step_is_taken_from_a_state_it_does_not_leave(staff: Staff, code: str) -> None:
    walk = TRANSITIONS[code]
    case = walk.make(staff)
    wrong = next(state for state in State if state not in BY_CODE[code].sources)
    Case.unguarded.filter(pk=case.pk).update(state=wrong)
    with pytest.raises(Refused) as refusal:
        walk.take(staff, case)
    assert refusal.value.code == "TRANSITION_NOT_ALLOWED"
    assert cases.fresh(case).state == wrong


def test_a_step_that_does_not_exist_is_refused(staff: Staff) -> None:
    case = cases.raised(staff)
    for name in ("no_such_step", "read", "save", "delete", "__init__"):
        with pytest.raises((NotAllowed, Refused)):
            perform(name, case_id=case.pk, caller=staff.caller("complainant1"), now=START)
    with pytest.raises(NotAllowed):
        perform("message", case_id=10**9, caller=staff.caller("complainant1"), now=START)


def test_a_page_that_has_grown_old_is_refused(staff: Staff) -> None:
    case = cases.raised(staff)
    seen = stamp(case)
    TRANSITIONS["T02"].take(staff, case, seen=seen)
    with pytest.raises(Refused) as refusal:
        WALKS["N01"].take(staff, case, who="complainant1", seen=seen)
    assert refusal.value.code == "STALE_STATE"
    WALKS["N01"].take(staff, case, who="complainant1", seen=stamp(cases.fresh(case)))


@pytest.mark.parametrize("code", ["T02", "T15", "T22", "N01", "N22", "N42"])
def test_a_button_pressed_twice_has_one_effect(staff: Staff, code: str) -> None:
    walk = WALKS[code]
    case = walk.make(staff)
    walk.take(staff, case, once="this-press")
    events, turn = Event.objects.count(), cases.fresh(case).turn
    with pytest.raises(AlreadyRecorded):
        walk.take(staff, case, once="this-press")
    assert (Event.objects.count(), cases.fresh(case).turn) == (events, turn)
    assert case.allegations.count() == (2 if code == "N42" else 1)


def test_a_refused_step_leaves_nothing_behind(staff: Staff) -> None:
    case = cases.in_decision(staff)
    before = (Event.objects.count(), case.records.count(), case.actions.count())
    with pytest.raises(Refused):
        TRANSITIONS["T21"].take(staff, case, appeal_rights=False)
    assert (Event.objects.count(), case.records.count(), case.actions.count()) == before
    assert set(case.allegations.values_list("finding", flat=True)) == {""}


def test_a_role_alone_does_not_open_a_barred_case(staff: Staff) -> None:
    case = cases.raised(staff)
    grant(case, staff["respondent1"], Role.TRIAGE_POOL)
    with pytest.raises(NotAllowed):
        TRANSITIONS["T02"].take(staff, case, who="respondent1")


def test_a_closed_account_takes_no_step(staff: Staff) -> None:
    case = cases.raised(staff)
    staff["triage1"].is_active = False
    staff["triage1"].save()
    with pytest.raises(NotAllowed):
        TRANSITIONS["T02"].take(staff, case)


def test_a_vacant_part_is_filled_without_leaving_the_investigation(staff: Staff) -> None:
    case = REPLACEMENT.make(staff)
    REPLACEMENT.take(staff, case)
    assert rules.allows(staff["handler2"], "submit_report", cases.fresh(case))
    assert not rules.allows(staff["handler1"], "read", cases.fresh(case))


def test_a_hold_and_a_withdrawal_nest_and_come_back(staff: Staff) -> None:
    case = cases.held(staff)
    cases.done(staff, case, "complainant1", "ask_to_withdraw", at(3), pressure="no")
    assert cases.fresh(case).return_states == [State.INVESTIGATION, State.ON_HOLD]
    cases.done(staff, case, "complainant1", "stay", at(4))
    assert (cases.fresh(case).state, cases.fresh(case).return_states) == (
        State.ON_HOLD,
        [State.INVESTIGATION],
    )
    cases.done(staff, case, "handler1", "resume", at(5))
    assert (cases.fresh(case).state, cases.fresh(case).return_states) == (State.INVESTIGATION, [])


def test_an_anonymous_sender_acts_with_the_case_key_alone(staff: Staff) -> None:
    case, caller = edge_cases.anonymous(staff)
    step_input = StepInput(answers={"text": "One more thing."})
    perform("message", case_id=case.pk, caller=caller, now=START, step_input=step_input)
    other = cases.raised(staff)
    with pytest.raises(NotAllowed):
        perform("message", case_id=other.pk, caller=caller, now=START, step_input=step_input)
    with pytest.raises(NotAllowed):
        perform("message", case_id=case.pk, caller=Caller(None), now=START, step_input=step_input)
