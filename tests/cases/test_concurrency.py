"""Two people press at the same moment: one of them wins, and the other is told so."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from grievances.audit.models import Event
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.actions.perform import StepInput, perform, stamp
from grievances.cases.models.assignments import grant
from grievances.cases.models.case import Case
from grievances.cases.models.companions import Companion
from grievances.cases.models.stored_keys.held import held_on
from grievances.casework.appointments import close_account
from grievances.participants.companions import Guest
from grievances.vocabulary import Role, State
from notifications.models import Notice
from tests.concurrency import Crowd
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.participants import hearing
from workflow.chain import verify
from workflow.steps import Refused

ROUNDS = 20


def press(
    staff: Staff, case: Case, who: str, step: str, *, once: str = "", **answers: object
) -> Callable[[], Event]:
    """Someone presses a button on the page that they both opened before."""
    step_input = StepInput(answers=answers, seen=stamp(case), once=once)
    caller = staff.caller(who)
    return lambda: perform(step, case_id=case.pk, caller=caller, now=START, step_input=step_input)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_officers_one_takes_the_concern_on(staff: Staff, tmp_path: Path) -> None:
    several = [cases.raised(staff) for _ in range(10)]
    crowd = Crowd(tmp_path)
    for case in several:
        results = crowd.press(
            press(staff, case, "triage1", "acknowledge", declare=True),
            press(staff, case, "triage2", "acknowledge", declare=True),
        )
        won = [result for result in results if isinstance(result, Event)]
        lost = [result for result in results if isinstance(result, Exception)]
        assert (len(won), len(lost)) == (1, 1)
        # The loser has lost sight of the case with the step itself.
        assert isinstance(lost[0], NotAllowed)
        assert len(crowd.seen(partial(_officers, case))) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_who_offer_a_part_at_once_one_asks_and_the_other_is_told(
    staff: Staff, tmp_path: Path
) -> None:
    several = [cases.in_allocation(staff) for _ in range(3)]
    crowd = Crowd(tmp_path)
    for case in several:
        results = crowd.press(
            press(staff, case, "lead1", "offer", role="handler", candidate=staff["handler1"]),
            press(staff, case, "triage1", "offer", role="handler", candidate=staff["handler2"]),
        )
        (lost,) = [result for result in results if isinstance(result, Refused)]
        assert len([result for result in results if isinstance(result, Event)]) == 1
        assert lost.code == "OFFER_OPEN"
        assert "Wait for the answer first." in lost.sentence
        # Nothing of the other offer is there: no row, no right to look, no notice.
        (asked,) = crowd.seen(partial(_asked, case))
        assert crowd.seen(partial(_told_of_an_offer, case)) == 1
        assert crowd.seen(partial(_offers, case)) == [asked]
    assert crowd.seen(lambda: verify(Event)).ok


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_moves_at_once_one_wins_and_the_other_is_refused(
    staff: Staff, tmp_path: Path
) -> None:
    several = [cases.informal(staff) for _ in range(ROUNDS // 2)]
    crowd = Crowd(tmp_path)
    winners: set[str] = set()
    for case in several:
        results = crowd.press(
            press(staff, case, "complainant1", "switch_to_formal"),
            press(staff, case, "complainant1", "confirm_resolved", confirm=True),
        )
        won = [result for result in results if isinstance(result, Event)]
        lost = [result for result in results if isinstance(result, Refused)]
        assert (len(won), len(lost)) == (1, 1), results
        assert lost[0].code in {"STALE_STATE", "TRANSITION_NOT_ALLOWED"}
        winners.add(won[0].kind)
        assert crowd.seen(partial(cases.fresh, case)).state == won[0].data["to"]
    assert crowd.seen(lambda: verify(Event)).ok
    assert winners <= {"case.switch_to_formal", "case.confirm_resolved"}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_one_button_pressed_twice_at_once_has_one_effect(staff: Staff, tmp_path: Path) -> None:
    several = [cases.informal(staff) for _ in range(5)]
    crowd = Crowd(tmp_path)
    for case in several:
        twice = [
            press(staff, case, "complainant1", "switch_to_formal", once="one-press")
            for _ in range(2)
        ]
        results = crowd.press(*twice)
        assert sorted(type(result).__name__ for result in results) == ["AlreadyRecorded", "Event"]
        assert crowd.seen(partial(_allocations, case.pk)) == (State.ALLOCATION, 1)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_every_chain_whole(staff: Staff, tmp_path: Path) -> None:
    case = cases.acknowledged(staff)
    crowd = Crowd(tmp_path)
    step_input = StepInput(answers={"text": "Hello."})

    def say(who: str) -> Callable[[], Event]:
        return lambda: perform(
            "message", case_id=case.pk, caller=staff.caller(who), now=START, step_input=step_input
        )

    results = crowd.press(*[say(who) for who in ("triage1", "complainant1") * 4])
    assert all(isinstance(result, Event) for result in results), results
    assert len({result.seq for result in results if isinstance(result, Event)}) == 8
    assert crowd.seen(lambda: verify(Event)).ok


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_people_with_one_link_one_comes_along(staff: Staff, tmp_path: Path) -> None:
    invited = [hearing.invite(staff, cases.acknowledged(staff)) for _ in range(5)]
    crowd = Crowd(tmp_path)
    for companion, secret in invited:
        results = crowd.press(partial(_come_along, secret), partial(_come_along, secret))
        assert sorted(type(result).__name__ for result in results) == ["NotAllowed", "tuple"]
        keys = crowd.seen(partial(_keys, companion))
        assert keys == 1


def _come_along(secret: str) -> tuple[Guest, str]:
    return hearing.keyed(secret)


def _keys(companion: Companion) -> int:
    return len([one for one in held_on(companion.case) if one.compartment == companion.compartment])


def _asked(case: Case) -> list[int]:
    grants = case.grants.filter(permission__codename="asked_handler")
    return list(grants.values_list("user_id", flat=True))


def _offers(case: Case) -> list[int]:
    return list(case.offers.values_list("candidate_id", flat=True))


def _told_of_an_offer(case: Case) -> int:
    return Notice.objects.filter(reference=case.reference, kind="offer", channel="inbox").count()


def _officers(case: Case) -> list[int]:
    grants = case.grants.filter(permission__codename__in=["triage", "triage_pool"])
    return list(grants.values_list("user_id", flat=True))


def _allocations(pk: int) -> tuple[str, int]:
    case = Case.unguarded.get(pk=pk)
    return case.state, case.deadlines.filter(name="ALLOCATION").count()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_concerns_joined_to_each_other_at_once_one_stays_open(
    staff: Staff, tmp_path: Path
) -> None:
    """Each blocks the other: without one order of locks they wait in a circle, or both go.

    PostgreSQL ends such a circle after `deadlock_timeout` with an error, and the person sees a
    fault; had each only looked at the other, both concerns would be closed, each into the other.
    """
    pairs = [[cases.acknowledged(staff) for _ in range(2)] for _ in range(5)]
    crowd = Crowd(tmp_path)
    for one, other in pairs:
        results = crowd.press(
            press(staff, one, "triage1", "merge", into=other.reference),
            press(staff, other, "triage1", "merge", into=one.reference),
        )
        won = [result for result in results if isinstance(result, Event)]
        lost = [result for result in results if isinstance(result, Refused)]
        assert (len(won), len(lost)) == (1, 1), results
        assert lost[0].code == "NOT_A_DUPLICATE"
        states = crowd.seen(partial(_states, one, other))
        assert sorted(states) == [State.CLOSED, State.TRIAGE]


def _states(*several: Case) -> list[str]:
    return [cases.fresh(case).state for case in several]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_leavers_of_the_same_cases_do_not_wait_in_a_circle(
    staff: Staff, tmp_path: Path
) -> None:
    """An account is closed in one transaction with all its cases: locked in one order as well."""
    crowd = Crowd(tmp_path)
    for names in (("handler1", "decider1"), ("handler2", "decider2"), ("appeal1", "mediator1")):
        one, other = cases.raised(staff), cases.raised(staff)
        for name, several in zip(names, ((one, other), (other, one)), strict=True):
            for case in several:
                grant(case, staff[name], Role.AUDITOR)
        results = crowd.press(*(partial(close_account, staff[name], START) for name in names))
        assert results == [2, 2]
