"""An office that has ended gives nothing any more: grants and keys go with it.

The nightly sweep takes roles from people who have left the office they held them by, keeps every
case with a reader, and gives the process of open cases to those who now oversee it.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from grievances import notices, policy
from grievances.actions.caller import CLOCKWORK, SYSTEM
from grievances.actions.effects import Scene, remove
from grievances.actions.newcomers import let_in_new_officers, widen
from grievances.actions.opening import keep_a_reader, lead_keys, set_overseers
from grievances.actions.readership import overseers
from grievances.models import Case, CaseUserObjectPermission, Event, SealedKey, User
from grievances.models.case_keys import SHARES
from grievances.models.keyring import Keyring
from grievances.vocabulary import ASKED, OPEN, Office, Role, State
from workflow.calendar import local_date

OFFICE_BEHIND: dict[str, tuple[Office, ...]] = {
    Role.TRIAGE_POOL: (Office.TRIAGE, Office.INDEPENDENT),
    Role.TRIAGE: (Office.TRIAGE, Office.INDEPENDENT),
    Role.HANDLER: (Office.HANDLER,),
    Role.DECIDER: (Office.DECIDER,),
    Role.APPEAL: (Office.APPEAL,),
    Role.MEDIATOR: (Office.MEDIATOR,),
    Role.LEAD: (Office.LEAD,),
    Role.DPO: (Office.DPO,),
    Role.BREAK_GLASS: (Office.DPO,),
    Role.AUDITOR: (Office.AUDITOR,),
}
"""By which office each role is held."""

PLAIN_ROLE = {asked.value: role.value for role, asked in ASKED.items()}


def end_tenures(now: datetime, *, only: User | None = None) -> int:
    """Take roles from those whose office has ended by `now`; returns how many were taken."""
    today = local_date(now, policy.zone())
    grants = CaseUserObjectPermission.objects.select_related("permission", "user")
    if only is not None:
        grants = grants.filter(user=only)
    ended = [
        (grant.content_object_id, grant.user_id, grant.permission.codename)
        for grant in grants.prefetch_related("user__appointments").iterator(chunk_size=500)
        if not _still_holds(grant.user, grant.permission.codename, today)
    ]
    for case_id, person_id, codename in ended:
        _end(case_id, person_id, Role(codename), now, today)
    return len(ended)


@transaction.atomic
def close_account(person: User, now: datetime) -> int:
    """Somebody leaves: account, sessions, grants, keys and offers end at once; returns roles taken.

    What they raised themselves stays theirs, should the account be opened again.
    """
    person.is_active = False
    person.save(update_fields=["is_active"])
    return end_tenures(now, only=person)


def begin_tenures(now: datetime) -> int:
    """Let those who are new in an office see the cases it watches over; returns how many times."""
    today = local_date(now, policy.zone())
    begun = 0
    for pk in Case.unguarded.filter(state__in=[*OPEN, State.CLOSED]).values_list("pk", flat=True):
        begun += _begin(pk, now, today)
    return begun


@transaction.atomic
def _begin(case_id: int, now: datetime, today: date) -> int:
    case = Case.unguarded.select_for_update(of=("self",)).get(pk=case_id)
    begun = let_in_new_officers(case, now=now, today=today)
    there = set(case.grants.values_list("user_id", "permission__codename"))
    new = [each for each in overseers(case, today) if (each[1].pk, each[0].value) not in there]
    for role, person in new:
        if hasattr(person, "key_pair"):
            keys = lead_keys(case) if role is Role.LEAD else []
            widen(case, person, role, keys, now=now, today=today)
    # A case from before the keys were shared gets its shares as well.
    if new or not SealedKey.objects.filter(case=case, part__in=SHARES).exists():
        set_overseers(Scene(case, CLOCKWORK, Keyring.of(case, None), {}, SYSTEM, now, today))
    return begun + len(new)


def _still_holds(person: User, codename: str, today: date) -> bool:
    offices = OFFICE_BEHIND[PLAIN_ROLE.get(codename, codename)]
    return person.is_active and any(person.holds(office, today) for office in offices)


@transaction.atomic
def _end(case_id: int, person_id: int, role: Role, now: datetime, today: date) -> None:
    case = Case.unguarded.select_for_update(of=("self",)).get(pk=case_id)
    person = User.objects.get(pk=person_id)
    scene = Scene(case, CLOCKWORK, Keyring.of(case, None), {}, SYSTEM, now, today)
    remove(case, person, role, scene.ring)
    case.offers.filter(candidate=person, status__in=["sent", "accepted"]).update(
        status="revoked", answered_on=today
    )
    if case.state in OPEN:
        keep_a_reader(scene)
        set_overseers(scene)
    event = Event.append(
        chain=case.reference,
        at=now,
        actor=SYSTEM,
        role=SYSTEM,
        kind="case.tenure_ended",
        subject=case.reference,
        data={"role": role.value},
    )
    notices.announce(case, event, now=now, today=today)
