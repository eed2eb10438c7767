"""Given a case in this state: every one is walked there through the product's own actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from grievances.audit.models import Event
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind
from grievances.intake import drafts, submission
from grievances.vocabulary import Identity, State
from tests.factories.people import Staff
from tests.fixture_cache import remembered

START = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
"""A Saturday, as in the end-to-end scenario of domain.md 6.8."""

ACCOUNT = {
    "account": "In the team meeting my accent was imitated. PLANTED-SECRET-ACCOUNT",
    "about": "respondent1",
    "identity": Identity.CONFIDENTIAL.value,
    "share": "yes",
    "contact": "PORTAL",
    "exclude": "",
}


def at(days: int, hour: int = 10) -> datetime:
    """So many days after the start, at this hour (UTC)."""
    return START.replace(hour=hour) + timedelta(days=days)


@remembered
def raised(staff: Staff, who: str = "complainant1", now: datetime = START, **answers: Any) -> Case:
    """A concern just sent."""
    caller = staff.caller(who)
    case = drafts.open_draft(staff[who], caller, now=now)
    filled = {**ACCOUNT, **answers}
    readers = submission.preview(case, filled, now=now)
    submission.submit(case, caller, filled, expected=[p.pk for p in readers], now=now)
    return fresh(case)


def fresh(case: Case) -> Case:
    return Case.unguarded.get(pk=case.pk)


def done(
    staff: Staff,
    case: Case,
    who: str,
    step: str,
    now: datetime,
    *words: tuple[Kind, str],
    **answers: Any,
) -> Event:
    """One step, taken by someone of the staff."""
    step_input = StepInput(answers=answers, words=words)
    return perform(step, case_id=case.pk, caller=staff.caller(who), now=now, step_input=step_input)


@remembered
def acknowledged(staff: Staff, now: datetime = START, **answers: Any) -> Case:
    case = raised(staff, now=now, **answers)
    done(staff, case, "triage1", "acknowledge", now, declare=True)
    return fresh(case)


@remembered
def in_allocation(staff: Staff, now: datetime = START, **answers: Any) -> Case:
    case = acknowledged(staff, now, **answers)
    done(staff, case, "triage1", "check_safety", now, flags=[])
    done(staff, case, "triage1", "ask_exclusions", now)
    done(staff, case, "triage1", "agree_formal", now)
    return fresh(case)


@remembered
def accepted(staff: Staff, now: datetime = START, **answers: Any) -> Case:
    case = in_allocation(staff, now, **answers)
    for name, role in (("handler1", "handler"), ("decider1", "decider")):
        done(staff, case, "triage1", "offer", now, role=role, candidate=staff[name])
        done(staff, case, name, "accept", now, declare=True)
    return fresh(case)


@remembered
def in_investigation(staff: Staff, now: datetime = START, **answers: Any) -> Case:
    case = accepted(staff, now, **answers)
    done(staff, case, "handler1", "begin_investigation", now, declare=True)
    return fresh(case)


@remembered
def in_decision(staff: Staff, now: datetime = START, **answers: Any) -> Case:
    case = in_investigation(staff, now, **answers)
    done(
        staff,
        case,
        "handler1",
        "record_meeting",
        now,
        held_on=min(date(2026, 11, 23), now.date()),
        companion_asked=True,
    )
    done(staff, case, "handler1", "record_respondent", now, asked_on=date(2026, 11, 23))
    report = (Kind.REPORT, "What I found out.")
    done(
        staff,
        case,
        "handler1",
        "submit_report",
        now,
        report,
        covered=["1"],
        evidence_complete=True,
        report="What I found out.",
    )
    return fresh(case)


@remembered
def decided(staff: Staff, now: datetime = START, finding: str = "UPHELD", **answers: Any) -> Case:
    case = in_decision(staff, now, **answers)
    done(
        staff,
        case,
        "decider1",
        "decide",
        now,
        (Kind.LETTER, "Our decision and why."),
        findings={"1": finding},
        reasons="Why.",
        letter="Our decision and why.",
        appeal_rights=True,
        action="Training",
        action_owner="HR",
        action_due=date(2027, 1, 4),
    )
    return fresh(case)


@remembered
def appealed(staff: Staff, now: datetime = START, **answers: Any) -> Case:
    case = decided(staff, now, **answers)
    done(staff, case, "complainant1", "appeal", now, (Kind.GROUNDS, "Unfair."), grounds="Unfair.")
    return fresh(case)


@remembered
def in_appeal(staff: Staff, now: datetime = START, **answers: Any) -> Case:
    case = appealed(staff, now, **answers)
    done(staff, case, "triage1", "offer_later", now, role="appeal", candidate=staff["appeal1"])
    done(staff, case, "appeal1", "accept", now, declare=True)
    done(staff, case, "appeal1", "begin_appeal", now, declare=True)
    return fresh(case)


@remembered
def appeal_heard(staff: Staff, now: datetime = START, **answers: Any) -> Case:
    case = in_appeal(staff, now, **answers)
    held = {"held_on": now.date(), "companion_asked": True}
    done(staff, case, "appeal1", "record_appeal_meeting", now, **held)
    return fresh(case)


@remembered
def closed(staff: Staff, now: datetime = START, **answers: Any) -> Case:
    case = decided(staff, now, **answers)
    done(staff, case, "complainant1", "accept_outcome", now)
    return fresh(case)


@remembered
def informal(staff: Staff, now: datetime = START, **answers: Any) -> Case:
    case = acknowledged(staff, now, **{"way": "informal", **answers})
    done(staff, case, "triage1", "agree_informal", now)
    return fresh(case)


@remembered
def held(staff: Staff, now: datetime = START, **answers: Any) -> Case:
    case = in_investigation(staff, now, **answers)
    done(
        staff,
        case,
        "handler1",
        "hold",
        now,
        reason="C_LEAVE",
        explanation="You are away.",
        review_on=(now + timedelta(days=9)).date(),
    )
    return fresh(case)


@remembered
def withdrawing(staff: Staff, now: datetime = START, **answers: Any) -> Case:
    case = acknowledged(staff, now, **answers)
    done(staff, case, "complainant1", "ask_to_withdraw", now, pressure="no")
    return fresh(case)


STATES: dict[str, Callable[..., Case]] = {
    State.SUBMITTED: raised,
    State.TRIAGE: acknowledged,
    State.INFORMAL: informal,
    State.ALLOCATION: in_allocation,
    State.INVESTIGATION: in_investigation,
    State.DECISION: in_decision,
    State.OUTCOME: decided,
    State.APPEAL_ALLOCATION: appealed,
    State.APPEAL: in_appeal,
    State.ON_HOLD: held,
    State.WITHDRAWAL_PENDING: withdrawing,
    State.CLOSED: closed,
}
"""How to get to each state; MEDIATION, ARCHIVED and DRAFT have their own makers in the tests."""
