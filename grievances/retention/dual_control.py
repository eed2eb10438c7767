"""Retention steps that take two people: ask, answer, hold, lift (N75-N78)."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import F, Prefetch, Q, QuerySet

from grievances.cases.access import rules
from grievances.cases.access.facts import Actor
from grievances.cases.access.standing import StandingQuestion
from grievances.cases.actions import clocks
from grievances.cases.actions import step_answers as given
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.effects import Execution, StepExecution, effect
from grievances.cases.models.answers import Approval
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import at_work
from grievances.cases.step_names import StepName
from grievances.people.models import User, accounts_of_one, in_office
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import Keep, Office
from workflow.sql.compiled_sql import AnnotatedRow
from workflow.steps import Refused

LISTED = 50
"""The cases of one list that a page shows."""

ANSWERED = Refused(
    "ALREADY_ANSWERED",
    "This request has been answered, or it is your own: someone else must answer it.",
)


@effect(StepName.ASK_KEEPING)
def ask_second_person(execution: Execution[given.ErasureRequest]) -> None:
    """Record a request for a second person; it replaces an open one of the same kind."""
    step = Keep(execution.answers["step"])
    execution.case.approvals.filter(step=step, answered_at__isnull=True).delete()
    Approval.objects.create(
        case=execution.case,
        step=step,
        reason=execution.answers["reason"],
        asked_by=execution.caller.person,
        asked_at=execution.now,
    )


@effect(StepName.ANSWER_KEEPING)
def answer_second_person(execution: Execution[given.ApprovalAnswer]) -> None:
    """Record the second person's answer; the person who asked cannot answer.

    Raises:
        Refused: the request is answered already, or it is the caller's own.
    """
    rows = execution.case.approvals.filter(
        pk=execution.answers["approval"], answered_at__isnull=True, step__in=Keep.values
    )
    answered = rows.exclude(asked_by__in=accounts_of_one(execution.caller.person)).update(
        answered_by=execution.caller.person,
        answered_at=execution.now,
        agreed=execution.answers["answer"] == "yes",
    )
    if not answered:
        raise Refused(ANSWERED.code, ANSWERED.sentence)


@effect(StepName.SET_LEGAL_HOLD)
def hold(execution: StepExecution) -> None:
    """Set a legal hold, which ends an earlier approval to erase."""
    clocks.put_off_archiving(execution.case)
    execution.case.approvals.filter(step=Keep.ERASE, used_at__isnull=True).update(
        used_at=execution.now
    )


@effect(StepName.LIFT_LEGAL_HOLD)
def lift(execution: StepExecution) -> None:
    """Lift a legal hold: the archiving clock continues."""
    clocks.take_up_archiving(execution.case)


_STANDING = StandingQuestion(lambda cases: cases)


def find_keeping(caller: Caller, reference: str) -> rules.CaseAccess:
    """Return what a person may do on a case whose retention they may see.

    Raises:
        NotAllowed: this person may not see it.
    """
    found = _STANDING.ask(caller.who, reference, caller.ties) if caller.who is not None else None
    if found is None or not found.allows("read_keeping"):
        raise NotAllowed
    return found


def due_cases(who: Actor, today: date) -> QuerySet[Case]:
    """Return archived cases whose time has ended by `today`, ordered by that day."""
    over = _kept_by(who).filter(
        deadlines__name=ClockName.RETENTION,
        deadlines__completed_on__isnull=True,
        deadlines__paused_on__isnull=True,
        deadlines__current_due__lt=today,
    )
    over = over.filter(erased_on__isnull=True).annotate(place=F("deadlines__current_due"))
    return over.order_by("place", "pk")


def held_cases(who: Actor) -> QuerySet[Case]:
    """Return the cases under a legal hold, in the order of `place`."""
    return _in_turn(_kept_by(who).filter(legal_hold=True))


def asked_cases(who: Actor) -> QuerySet[Case]:
    """Return cases with a retention request that is open or approved, by `place`."""
    rows = Approval.objects.filter(step__in=Keep.values, used_at__isnull=True)
    rows = rows.exclude(agreed=False)
    cases = _kept_by(who).filter(pk__in=rows.values("case"))
    return _in_turn(cases.filter(erased_on__isnull=True))


def _kept_by(who: Actor) -> QuerySet[Case]:
    """Return the cases whose retention a person may see.

    Few cases are due, asked about or held, and an index finds them. The rule is evaluated on each
    of these: a lead may see the retention of every case.
    """
    return rules.case_by_case(who, "read_keeping")


def _in_turn(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.annotate(place=F("pk")).order_by("pk")


def one_page(cases: QuerySet[Case], after: str) -> tuple[list[Case], str]:
    """Return the cases of one page, and the reference to go on from; empty at the end.

    `cases` are in the order of `place`. `after` is the reference with which the last page ended.
    The page begins anew where that case is no longer in the list. Dates and requests are read with
    the cases.
    """
    last: AnnotatedRow = cases.filter(reference=after).first() if after else None
    if last is not None:
        beyond = Q(("place__gt", last.place)) | Q(("place", last.place), pk__gt=last.pk)
        cases = cases.filter(("place__gte", last.place)).filter(beyond)
    until = Deadline.objects.filter(name=ClockName.RETENTION).order_by("-pk")
    asked = Approval.objects.filter(step__in=Keep.values).order_by("-pk")
    cases = cases.prefetch_related(
        Prefetch("deadlines", until, to_attr="kept_until"),
        Prefetch("approvals", asked, to_attr="requests"),
    )
    found: list[Case] = [*cases[: LISTED + 1]]
    return found[:LISTED], found[LISTED - 1].reference if len(found) > LISTED else ""


def tell_what_is_due(now: datetime, today: date) -> int:
    """Tell each data-protection officer, once a week, that cases are due.

    Nothing is erased by a date: this only asks a person to ask for it.

    Returns:
        How many officers were told.
    """
    week = "-".join(map(str, today.isocalendar()[:2]))
    told = 0
    for officer in in_office(Office.DPO, today):
        if _due_for(officer, today):
            sending.tell(
                at_work(officer),
                kind="erasure_due",
                link="/keeping/",
                key=f"erasure_due:{week}:{officer.pk}",
                now=now,
            )
            told += 1
    return told


def _due_for(officer: User, today: date) -> bool:
    return due_cases(officer, today).filter(legal_hold=False).exists()
