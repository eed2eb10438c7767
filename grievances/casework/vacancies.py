"""Keep at least one triage officer and one overseer on every open case.

A replacement is announced to the complainant first (`reader_announcements`).
"""

from __future__ import annotations

from grievances.cases.access import conflicts, eligibility
from grievances.cases.access.readers_preview import overseers
from grievances.cases.actions.effects import StepExecution
from grievances.cases.models.assignments import grant, holders
from grievances.casework.reader_announcements import announce_readers, hand_over, is_announced, tell
from grievances.people.models import User
from grievances.vocabulary import OPEN, Role, State
from workflow.steps import Refused

READING = (Role.TRIAGE_POOL, Role.TRIAGE)
"""At least one of these roles must be held, or a person announced for one."""

NO_READER_LEFT = Refused(
    "NOBODY_LEFT",
    "No one who could read this would be left, not even an independent officer. Nothing was "
    "changed. Keep one of them, or write to the casework lead.",
)


def renew_overseers(execution: StepExecution) -> int:
    """Give the case its current overseers.

    An overseer who was not shown beforehand is announced first.

    Returns:
        How many are new.
    """
    new = 0
    for role, person in overseers(execution.case, execution.today):
        if holders(execution.case, role).filter(pk=person.pk).exists():
            continue
        if execution.case.pending_readers.filter(role=role.value, person=person).exists():
            continue
        if role is Role.AUDITOR:
            grant(execution.case, person, role)
        else:
            announce_readers(execution, [person], role)
        new += 1
    return new


def keep_a_reader(execution: StepExecution, *, besides: User | None = None) -> None:
    """Keep a triage officer on the case (peers.md 4 row 34).

    A replacement is announced to the complainant and reads nothing before that day. If a person was
    announced already, the last one to leave seals the keys to them.
    """
    waiting = execution.case.working_state == State.SUBMITTED
    role = Role.TRIAGE_POOL if waiting else Role.TRIAGE
    if holders(execution.case, role).exists():
        return
    if is_announced(execution.case, role):
        hand_over(execution, role)
        return
    busy = conflicts.busy_beside(execution.case, role) | ({besides.pk} if besides else set())
    able = [p for p in eligibility.readers(execution.case, execution.today) if p.pk not in busy]
    last = eligibility.independent(execution.case, execution.today)
    people = able or [person for person in last if person.pk not in busy]
    announce_readers(execution, people if waiting else people[:1], role)


def require_a_reader(execution: StepExecution) -> None:
    """Refuse a complainant's wish that would leave no reader (peers.md 4 row 34).

    Raises:
        Refused: no reader is left and none is announced.
    """
    if not holders(execution.case, *READING).exists() and not is_announced(
        execution.case, *READING
    ):
        raise Refused(NO_READER_LEFT.code, NO_READER_LEFT.sentence)


def fill_vacancies(execution: StepExecution) -> None:
    """Look for a replacement for a reader who does not come; tell if there is none.

    The search is repeated every night (`appointments.begin_parts`). Until then the case waits, and
    no one who may not read it reads it.
    """
    if execution.case.state not in OPEN:
        return
    keep_a_reader(execution)
    renew_overseers(execution)
    if not holders(execution.case, *READING).exists() and not is_announced(
        execution.case, *READING
    ):
        tell(execution, "case.nobody_reads", {})
