"""A case is never left without somebody who reads it, or somebody who oversees it.

Whoever comes instead is announced to the complainant first (`announcing`).
"""

from __future__ import annotations

from grievances.cases.access import eligibility
from grievances.cases.access.readers_preview import overseers
from grievances.cases.actions.effects import StepExecution
from grievances.cases.models.assignments import grant, holders
from grievances.casework.reader_announcements import announce_readers, hand_over, is_announced, tell
from grievances.people.models import User
from grievances.vocabulary import OPEN, Role, State
from workflow.steps import Refused

READING = (Role.TRIAGE_POOL, Role.TRIAGE)
"""The parts of which one at least must be held, or on its way."""

NO_READER_LEFT = Refused(
    "NOBODY_LEFT",
    "Nobody who could read this would be left, not even an independent officer. Nothing was "
    "changed. Keep one of them, or write to the casework lead.",
)


def renew_overseers(execution: StepExecution) -> int:
    """Who oversees the case from now on: whoever was not shown beforehand is announced first.

    Returns how many are new.
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
    """A case is never left without a triage officer (peers.md 4 row 34).

    Whoever comes instead is announced to the complainant and reads nothing before that day. When
    somebody was announced already, the last one to leave hands the keys over to them.
    """
    waiting = execution.case.working_state == State.SUBMITTED
    role = Role.TRIAGE_POOL if waiting else Role.TRIAGE
    if holders(execution.case, role).exists():
        return
    if is_announced(execution.case, role):
        hand_over(execution, role)
        return
    busy = eligibility.busy_beside(execution.case, role) | ({besides.pk} if besides else set())
    able = [p for p in eligibility.readers(execution.case, execution.today) if p.pk not in busy]
    last = eligibility.independent(execution.case, execution.today)
    people = able or [person for person in last if person.pk not in busy]
    announce_readers(execution, people if waiting else people[:1], role)


def require_a_reader(execution: StepExecution) -> None:
    """Refuse the complainant's wish when it would leave nobody at all (peers.md 4 row 34)."""
    if not holders(execution.case, *READING).exists() and not is_announced(
        execution.case, *READING
    ):
        raise Refused(NO_READER_LEFT.code, NO_READER_LEFT.sentence)


def fill_vacancies(execution: StepExecution) -> None:
    """Look for somebody in the place of one who does not come; say so when there is nobody.

    The search goes on every night (`tenure.begin_parts`): the case waits, and nobody who may not
    read it reads it meanwhile.
    """
    if execution.case.state not in OPEN:
        return
    keep_a_reader(execution)
    renew_overseers(execution)
    if not holders(execution.case, *READING).exists() and not is_announced(
        execution.case, *READING
    ):
        tell(execution, "case.nobody_reads", {})
