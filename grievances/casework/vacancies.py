"""A case is never left without somebody who reads it, or somebody who oversees it.

Whoever comes instead is announced to the complainant first (`announcing`).
"""

from __future__ import annotations

from grievances.cases.access import eligibility
from grievances.cases.access.readers_preview import overseers
from grievances.cases.actions.effects import Scene
from grievances.cases.models.assignments import grant, holders
from grievances.casework.reader_announcements import announce_readers, hand_over, is_announced, tell
from grievances.people.models import User
from grievances.vocabulary import OPEN, Role, State
from workflow.steps import Refused

READING = (Role.TRIAGE_POOL, Role.TRIAGE)
"""The parts of which one at least must be held, or on its way."""

NOBODY_LEFT = Refused(
    "NOBODY_LEFT",
    "Nobody who could read this would be left, not even an independent officer. Nothing was "
    "changed. Keep one of them, or write to the casework lead.",
)


def renew_overseers(scene: Scene) -> int:
    """Who oversees the case from now on: whoever was not shown beforehand is announced first.

    Returns how many are new.
    """
    new = 0
    for role, person in overseers(scene.case, scene.today):
        if holders(scene.case, role).filter(pk=person.pk).exists():
            continue
        if scene.case.pending_readers.filter(role=role.value, person=person).exists():
            continue
        if role is Role.AUDITOR:
            grant(scene.case, person, role)
        else:
            announce_readers(scene, [person], role)
        new += 1
    return new


def keep_a_reader(scene: Scene, *, besides: User | None = None) -> None:
    """A case is never left without a triage officer (peers.md 4 row 34).

    Whoever comes instead is announced to the complainant and reads nothing before that day. When
    somebody was announced already, the last one to leave hands the keys over to them.
    """
    waiting = scene.case.working_state == State.SUBMITTED
    role = Role.TRIAGE_POOL if waiting else Role.TRIAGE
    if holders(scene.case, role).exists():
        return
    if is_announced(scene.case, role):
        hand_over(scene, role)
        return
    busy = eligibility.busy_beside(scene.case, role) | ({besides.pk} if besides else set())
    able = [p for p in eligibility.readers(scene.case, scene.today) if p.pk not in busy]
    last = eligibility.independent(scene.case, scene.today)
    people = able or [person for person in last if person.pk not in busy]
    announce_readers(scene, people if waiting else people[:1], role)


def require_a_reader(scene: Scene) -> None:
    """Refuse the complainant's wish when it would leave nobody at all (peers.md 4 row 34)."""
    if not holders(scene.case, *READING).exists() and not is_announced(scene.case, *READING):
        raise Refused(NOBODY_LEFT.code, NOBODY_LEFT.sentence)


def fill_vacancies(scene: Scene) -> None:
    """Look for somebody in the place of one who does not come; say so when there is nobody.

    The search goes on every night (`tenure.begin_tenures`): the case waits, and nobody who may not
    read it reads it meanwhile.
    """
    if scene.case.state not in OPEN:
        return
    keep_a_reader(scene)
    renew_overseers(scene)
    if not holders(scene.case, *READING).exists() and not is_announced(scene.case, *READING):
        tell(scene, "case.nobody_reads", {})
