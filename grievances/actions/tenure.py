"""An office that has ended gives nothing any more: grants and keys go with it.

The nightly sweep takes roles from people who have left the office they held them by, keeps every
case with a reader, and gives the process of open cases to those who now oversee it.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from grievances import policy
from grievances.actions.caller import CLOCKWORK, SYSTEM
from grievances.actions.effects import Scene, remove
from grievances.actions.opening import keep_a_reader, set_overseers
from grievances.models import Case, CaseUserObjectPermission, Event, User
from grievances.models.keyring import Keyring
from grievances.vocabulary import ASKED, OPEN, Office, Role
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


def end_tenures(now: datetime) -> int:
    """Take roles from those whose office has ended by `now`; returns how many were taken."""
    today = local_date(now, policy.zone())
    ended = [
        (grant.content_object_id, grant.user_id, grant.permission.codename)
        for grant in CaseUserObjectPermission.objects.select_related("permission", "user")
        .prefetch_related("user__appointments")
        .iterator(chunk_size=500)
        if not _still_holds(grant.user, grant.permission.codename, today)
    ]
    for case_id, person_id, codename in ended:
        _end(case_id, person_id, Role(codename), now, today)
    return len(ended)


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
    Event.append(
        chain=case.reference,
        at=now,
        actor=SYSTEM,
        role=SYSTEM,
        kind="case.tenure_ended",
        subject=case.reference,
        data={"role": role.value},
    )
