"""One rule, four answers: may I, which ones, who, and what (architecture.md 4)."""

from __future__ import annotations

import datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from grievances.cases.access import list_check, rules
from grievances.cases.access.facts import Actor, AnonymousReporter
from grievances.cases.access.standing import StandingQuestion
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.assignments import grant
from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import Exclusions, bar
from grievances.cases.models.parties import add_party
from grievances.casework import reading
from grievances.people.models import User
from grievances.vocabulary import Identity, Role, Standing, State
from tests.factories import cases, edge_cases
from tests.factories.people import PEOPLE, Staff

SHUT_OUT = ("respondent1", "linemanager1", "director", "staff2")
"""The respondent, two levels of line management, and someone the complainant left out."""


RULES = {rule: action for action, rule in rules.RULES.items()}
"""One action for each rule that is said: many actions share one, and would be asked twice."""


@pytest.mark.parametrize("state", edge_cases.ALL)
def test_the_answers_are_one_for_everyone(staff: Staff, state: str) -> None:
    case = edge_cases.ALL[state](staff)
    assert list_check.different([case.pk]) == [], "a stored list says something else"
    everyone = [*User.objects.all(), _leaver()]
    allowed = {person: rules.actions_allowed(person, case) for person in everyone}
    assert allowed == {person: _stands(person, case) for person in everyone}
    for rule, action in RULES.items():
        able = rules.people_for(case, action)
        assert able == {person for person in everyone if action in allowed[person]}, action
        others = [person for person in everyone if person not in able]
        assert all(rules.allows(person, action, case) for person in able), action
        assert not any(rules.allows(person, action, case) for person in others[::5]), action
        alike = {a for a in rules.RULES if rules.RULES[a] == rule}
        for person in everyone:
            assert alike & allowed[person] in (alike, set()), (state, action, person.username)


def test_a_list_holds_exactly_the_cases_on_which_the_answer_is_yes(staff: Staff) -> None:
    several = [edge_cases.anonymous(staff)[0], edge_cases.drafted(staff), cases.raised(staff)]
    several += [cases.in_decision(staff), cases.raised(staff, who="handler1", about="staff2")]
    for person in staff.people.values():
        allowed = {case: rules.actions_allowed(person, case) for case in several}
        for action in RULES.values():
            listed = set(rules.cases_for(person, action))
            assert listed == {case for case in several if action in allowed[case]}, (person, action)
            assert listed == set(rules.case_by_case(person, action)), (person, action)


def test_the_holder_of_a_case_key_gets_one_answer_as_well(staff: Staff) -> None:
    case, caller = edge_cases.anonymous(staff)
    other = cases.raised(staff)
    assert caller.who is not None
    for who, at_home in ((caller.who, True), (AnonymousReporter("0" * 64), False)):
        for action in RULES.values():
            listed = set(rules.cases_for(who, action))
            assert listed <= ({case} if at_home else set())
            assert listed == set(rules.case_by_case(who, action))
            assert rules.allows(who, action, case) == (case in listed)
            assert (action in rules.actions_allowed(who, case)) == (case in listed)
        assert not rules.actions_allowed(who, other)
        assert rules.actions_allowed(who, case) == _stands(who, case)
        assert not _stands(who, other)
    assert rules.allows(caller.who, "read", case)
    assert rules.people_for(case, "confirm_resolved") == set()


@pytest.mark.parametrize("state", [State.SUBMITTED, State.INVESTIGATION, State.CLOSED])
@pytest.mark.parametrize("name", SHUT_OUT)
def test_an_excluded_person_gets_nothing_whatever_they_are_given(
    staff: Staff, state: str, name: str
) -> None:
    case = cases.STATES[state](staff, exclude="staff2")
    person = staff[name]
    for role in Role:
        grant(case, person, role)
    User.objects.filter(pk=person.pk).update(is_superuser=True, is_staff=True)
    person = User.objects.get(pk=person.pk)
    assert rules.actions_allowed(person, case) == frozenset()
    for action in RULES.values():
        assert not rules.cases_for(person, action).exists()
        assert person not in rules.people_for(case, action)
    with pytest.raises(NotAllowed):
        reading.open_case(Caller(person, staff.holders[name]), case.reference, now=cases.START)
    with pytest.raises(NotAllowed):
        perform(
            "message",
            case_id=case.pk,
            caller=Caller(person),
            now=cases.START,
            step_input=StepInput(),
        )


@pytest.mark.parametrize("state", edge_cases.ALL)
def test_a_superuser_may_do_nothing(staff: Staff, state: str) -> None:
    case = edge_cases.ALL[state](staff)
    assert staff["admin1"].is_superuser
    assert rules.actions_allowed(staff["admin1"], case) == frozenset()
    assert not any(rules.may(staff["admin1"], a, cases.START.date()) for a in rules.OFFICE_RULES)


@pytest.mark.parametrize("name", ["staff1", "companion1", "complainant2", "analyst1", "executive1"])
def test_someone_with_no_part_in_a_case_sees_none(staff: Staff, name: str) -> None:
    cases.in_investigation(staff)
    assert not any(rules.cases_for(staff[name], action).exists() for action in RULES.values())


def test_no_one_and_an_unknown_action_are_refused(staff: Staff) -> None:
    case = cases.raised(staff)
    assert not rules.cases_for(User(), "read").exists()
    assert not rules.actions_allowed(User(), case)
    assert not rules.allows(staff["complainant1"], "no_such_action", case)
    assert rules.people_for(case, "no_such_action") == set()
    assert rules.actions_allowed(staff["complainant1"], Case(pk=10**9)) == frozenset()
    with pytest.raises(NotAllowed):
        reading.find(Caller(None), case.reference)


def test_the_complainant_is_never_shut_out_of_their_own_case(staff: Staff) -> None:
    """A person who manages the person they write about is in that person's line."""
    case = cases.raised(staff, who="linemanager1")
    assert rules.allows(staff["linemanager1"], "read", case)
    assert not rules.actions_allowed(staff["director"], case)
    own = cases.raised(staff, who="complainant2", exclude="complainant2")
    assert rules.allows(staff["complainant2"], "read", own)


person_names = st.sampled_from(sorted(PEOPLE))


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@drawn(
    grants=st.lists(st.tuples(person_names, st.sampled_from(Role)), max_size=6),
    bars=st.lists(st.tuples(person_names, st.sampled_from(Exclusions.Why)), max_size=3),
    parties=st.lists(st.tuples(person_names, st.sampled_from(Standing)), max_size=3),
    state=st.sampled_from(State),
    identity=st.sampled_from(Identity),
    shared=st.none() | st.booleans(),
    decided=st.booleans(),
    asked=st.lists(person_names, min_size=2, max_size=3, unique=True),
)
def test_the_four_answers_are_one_whatever_the_grants(
    staff: Staff,
    grants: list[tuple[str, Role]],
    bars: list[tuple[str, Exclusions.Why]],
    parties: list[tuple[str, Standing]],
    state: State,
    identity: Identity,
    shared: bool | None,
    decided: bool,
    asked: list[str],
) -> None:
    with transaction.atomic():
        case = edge_cases.drafted(staff)
        for name, role in grants:
            grant(case, staff[name], role)
        for name, why in bars:
            bar(case, staff[name].pk, why)
        for name, standing in parties:
            add_party(case, standing, staff[name].pk)
        day = cases.START.date() if decided else None
        _set(case, state=state, identity=identity, name_shared=shared, outcome_on=day)
        case = cases.fresh(case)
        able = {action: rules.people_for(case, action) for action in RULES.values()}
        for name in {*asked, *(n for n, _ in [*grants, *bars, *parties])}:
            allowed = rules.actions_allowed(staff[name], case)
            assert allowed == _stands(staff[name], case), name
            allowed &= set(able)
            assert allowed == {a for a, people in able.items() if staff[name] in people}, name
            assert allowed == {a for a in able if rules.allows(staff[name], a, case)}, name
            listed = {a for a in able if rules.cases_for(staff[name], a).filter(pk=case.pk)}
            assert allowed == listed, name
        for name, _ in bars:
            assert not rules.actions_allowed(staff[name], case) or name == "complainant1"
        transaction.set_rollback(True)


STANDING = StandingQuestion(lambda cases: cases)


def _stands(who: Actor, case: Case) -> frozenset[str]:
    """What the one statement says that this person may do."""
    found = STANDING.ask(who, case.reference)
    return found.allowed if found is not None else frozenset()


def _set(case: Case, **facts: str | bool | datetime.date | None) -> None:
    Case.unguarded.filter(pk=case.pk).update(**facts)


def _leaver() -> User:
    """Someone whose account is closed, still holding every part they had."""
    leaver = User.objects.create(username="leaver", is_active=False)
    for case in Case.unguarded.all():
        for role in Role:
            grant(case, leaver, role)
    return leaver
