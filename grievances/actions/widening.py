"""Whoever comes to a case later is announced to the complainant before they can read anything.

What was shown before sending is who may read (peers.md 3 row 2). Somebody else, because an officer
left, stepped back or was shut out, or because a case is reopened, is announced: they can read from
the next working day, or as soon as the complainant says that it is fine, and never when the
complainant says no. Keys may be sealed to them beforehand, so that a leaver can hand them over;
without a grant they open nothing, as with an offer (architecture.md 5).

Not announced in this way, because the complainant decides or is told beforehand on another road:
a handler, decision maker or appeal manager (an offer names them and opens nothing), a mediator
(both people agree to mediation first), and sharing one's own name.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from grievances import notices, policy
from grievances.actions.caller import SYSTEM
from grievances.actions.effects import SHARE_OF, Scene, give_keys, share_keys
from grievances.models import Case, Event, PendingReader, User
from grievances.models.assignments import grant
from grievances.models.key_holders import take_keys
from grievances.models.keyring import Keyring, holder_name
from grievances.models.parties import bar_handle
from grievances.models.readers import remember
from grievances.vocabulary import Compartment, Role
from workflow.calendar import local_date


def announce_readers(
    scene: Scene, people: Iterable[User], role: Role, keys: Iterable[Compartment]
) -> None:
    """Announce people who will hold a role; their keys are sealed now, and open nothing yet."""
    wanted = list(keys)
    effective = scene.case.calendar.add(scene.today, 1)
    fresh = [person for person in people if _announce(scene, person, role, effective)]
    for person in fresh:
        if wanted and hasattr(person, "key_pair"):
            give_keys(scene, person, wanted)
    if fresh:
        facts = {"role": role.value, "from_day": str(effective), "people": str(len(fresh))}
        event = _record(scene.case, "case.reader_announced", scene.now, facts)
        notices.announce(scene.case, event, now=scene.now, today=scene.today)


def is_announced(case: Case, *roles: Role) -> bool:
    """Whether somebody is on their way to one of these roles."""
    return case.pending_readers.filter(role__in=[role.value for role in roles]).exists()


def forget_readers(case: Case, person: User, ring: Keyring) -> None:
    """Somebody who was announced does not come; the keys sealed to them are taken back."""
    gone, _ = case.pending_readers.filter(person=person).delete()
    if gone:
        take_keys(case, holder_name(person.pk), ring=ring)


def admit_readers(now: datetime) -> int:
    """Let in everybody whose day has come (the sweep); returns how many were."""
    today = local_date(now, policy.zone())
    due = PendingReader.objects.filter(effective_on__lte=today)
    return sum(_admit_due(pk, now, today) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _admit_due(pk: int, now: datetime, today: date) -> int:
    row = PendingReader.objects.filter(pk=pk).first()
    if row is None:
        return 0
    case = Case.unguarded.select_for_update(of=("self",)).get(pk=row.case_id)
    row = PendingReader.objects.filter(pk=pk).first()
    return int(row is not None and admit(case, row, now, today))


def admit(case: Case, row: PendingReader, now: datetime, today: date) -> bool:
    """Give an announced person their role, unless something has come to stand against it."""
    person, role = row.person, Role(row.role)
    row.delete()
    barred = case.bars.filter(handle=bar_handle(person.pk)).exists()
    if barred or not person.is_active:
        take_keys(case, holder_name(person.pk))
        return False
    grant(case, person, role)
    remember(case, person, role, today)
    if role in SHARE_OF:
        share_keys(case, Keyring.of(case, None))
    event = _record(case, "case.reader_admitted", now, {"role": role.value})
    notices.announce(case, event, now=now, today=today)
    return True


def _announce(scene: Scene, person: User, role: Role, effective: date) -> bool:
    _, is_new = PendingReader.objects.get_or_create(
        case=scene.case,
        person=person,
        role=role.value,
        defaults={"announced_at": scene.now, "effective_on": effective},
    )
    return is_new


def _record(case: Case, kind: str, now: datetime, facts: dict[str, str]) -> Event:
    return Event.append(
        chain=case.reference,
        at=now,
        actor=SYSTEM,
        role=SYSTEM,
        kind=kind,
        subject=case.reference,
        data=facts,
    )
