"""Whoever comes to a case later is announced to the complainant before they can read anything.

What was shown before sending is who may read (peers.md 3 row 2). Somebody else, because an officer
left, stepped back or was shut out, because mediation begins, or because a case is reopened, is
announced: they can read from the next working day, or as soon as the complainant says that it is
fine, and never when the complainant says no. Their keys wait as well: from that day they are owed,
and whoever has them seals them in the background of an open session. Only the last one at work to
leave hands keys over at once, for else nobody could: without a grant they open nothing, as with an
offer (architecture.md 5).

Not announced in this way, because the complainant decides or is told beforehand on another road:
a handler, decision maker or appeal manager (an offer names them and opens nothing), and sharing
one's own name.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from grievances import notices, policy
from grievances.actions.caller import SYSTEM
from grievances.actions.effects import SHARE_OF, Scene, give_keys, keys_of_role, share_keys
from grievances.models import Case, CaseUserObjectPermission, Event, PendingReader, User
from grievances.models.assignments import grant
from grievances.models.key_holders import take_keys
from grievances.models.keyring import Keyring, Part, holder_handle, holder_name
from grievances.models.parties import bar_handle
from grievances.models.readers import remember
from grievances.vocabulary import Compartment, Role, State
from workflow.calendar import local_date

PAUSED = (State.ON_HOLD, State.WITHDRAWAL_PENDING)
"""States after which a case may be in triage again."""

ONLY_IN = {Role.MEDIATOR: State.MEDIATION, Role.TRIAGE_POOL: State.SUBMITTED}
"""Parts that nobody begins in another stage: once one officer has taken a concern on, the others
have lost sight of it, and so has whoever was on their way to them."""


def announce_readers(
    scene: Scene, people: Iterable[User], role: Role, into: Case | None = None
) -> int:
    """Announce people who will hold a role; until their day they have neither grant nor key.

    With `into` they hold it in that earlier case, to which this one is to be joined. Returns how
    many had not been announced before.
    """
    effective = scene.case.calendar.add(scene.today, 1)
    fresh = [person for person in people if _announce(scene, person, role, effective, into)]
    if fresh:
        if into is None:
            hand_over(scene, role)
        facts = {"role": role.value, "from_day": str(effective), "people": str(len(fresh))}
        event = _record(scene.case, "case.reader_announced", scene.now, facts)
        notices.announce(scene.case, event, now=scene.now, today=scene.today)
    return len(fresh)


def hand_over(scene: Scene, role: Role) -> None:
    """Seal to whoever is announced for a role the keys that nobody at work would be left to seal.

    Whoever acts is the last who has them: when they leave, they go with the keys.
    """
    keys = _kept_by_nobody(scene.case, keys_of_role(scene.case, role))
    rows = scene.case.pending_readers.filter(role=role.value, into__isnull=True)
    for row in rows.select_related("person"):
        if keys and hasattr(row.person, "key_pair"):
            give_keys(scene, row.person, keys)


def _kept_by_nobody(case: Case, keys: Iterable[Compartment]) -> list[Compartment]:
    """Those of these keys that nobody who works on the case holds."""
    workers = CaseUserObjectPermission.objects.filter(content_object=case)
    people = workers.values_list("user_id", flat=True).distinct()
    blind = [holder_handle(case, holder_name(person_id)) for person_id in people]
    rows = case.sealed_keys.filter(holder__in=blind, part=Part.WHOLE).exclude(sealed=b"")
    kept = set(rows.values_list("compartment", flat=True).distinct())
    return [key for key in keys if key not in kept]


def is_announced(case: Case, *roles: Role) -> bool:
    """Whether somebody is on their way to one of these roles."""
    rows = case.pending_readers.filter(into__isnull=True)
    return rows.filter(role__in=[role.value for role in roles]).exists()


def forget_readers(case: Case, person: User, ring: Keyring) -> None:
    """Somebody who was announced does not come; the keys sealed to them are taken back."""
    gone, _ = case.pending_readers.filter(person=person).delete()
    if gone:
        take_keys(case, holder_name(person.pk), ring=ring)


def admit_readers(now: datetime) -> int:
    """Let in everybody whose day has come (the sweep); returns how many were.

    Those who were announced for a joining are forgotten once the case has left triage without it.
    """
    joining = PendingReader.objects.filter(into__isnull=False)
    joining.exclude(case__state__in=[State.TRIAGE, *PAUSED]).delete()
    today = local_date(now, policy.zone())
    due = PendingReader.objects.filter(effective_on__lte=today, into__isnull=True)
    return sum(_admit_due(pk, now, today) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _admit_due(pk: int, now: datetime, today: date) -> int:
    row = PendingReader.objects.filter(pk=pk).first()
    if row is None:
        return 0
    case = Case.unguarded.select_for_update(of=("self",)).get(pk=row.case_id)
    row = PendingReader.objects.filter(pk=pk).first()
    return int(row is not None and admit(case, row, now, today))


def admit(
    case: Case, row: PendingReader, now: datetime, today: date, ring: Keyring | None = None
) -> bool:
    """Give an announced person their role, unless something has come to stand against it.

    Their keys are sealed with `ring`, the complainant's who says that it is fine; what it lacks is
    owed from now on.
    """
    person, role = row.person, Role(row.role)
    row.delete()
    if _is_kept_out(case, person, role):
        take_keys(case, holder_name(person.pk))
        return False
    grant(case, person, role)
    remember(case, person, role, today)
    ring = ring or Keyring.of(case, None)
    _give(ring, person, role)
    if role in SHARE_OF:
        share_keys(case, ring)
    kind = "case.mediator_admitted" if role is Role.MEDIATOR else "case.reader_admitted"
    event = _record(case, kind, now, {"role": role.value})
    notices.announce(case, event, now=now, today=today)
    return True


def _is_kept_out(case: Case, person: User, role: Role) -> bool:
    """Whether somebody announced does not come: barred since, gone, or their stage is over."""
    barred = case.bars.filter(handle=bar_handle(person.pk)).exists()
    is_over = case.working_state != ONLY_IN.get(role, case.working_state)
    return barred or is_over or not person.is_active


def _give(ring: Keyring, person: User, role: Role) -> None:
    keys = keys_of_role(ring.case, role)
    if role is Role.MEDIATOR:
        # The key of their notes is fresh, and sealed to them alone.
        ring.add_new(Compartment.MEDIATION)
        keys.append(Compartment.MEDIATION)
    if keys and hasattr(person, "key_pair"):
        ring.give(holder_name(person.pk), bytes(person.key_pair.public_key), keys)


def _announce(scene: Scene, person: User, role: Role, effective: date, into: Case | None) -> bool:
    rows = PendingReader.objects.filter(case=scene.case, person=person, into=into)
    # Joining is asked about once for each person, whatever part they have come to hold there.
    if (rows if into else rows.filter(role=role.value)).exists():
        return False
    PendingReader.objects.create(
        case=scene.case,
        person=person,
        role=role.value,
        into=into,
        announced_at=scene.now,
        effective_on=effective,
    )
    return True


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
