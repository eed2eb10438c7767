"""A case that is under way gets a reader whom nobody saw on the page before it was sent.

`widen` is the one way in: whatever has to be said to the complainant is said here. The keys are
owed until somebody who has them looks in; `pay_for_colleagues` does it in the background of their
open session.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Exists, OuterRef

from grievances import access, allocation, notices
from grievances.actions.caller import SYSTEM, Caller
from grievances.actions.effects import TRIAGE_KEYS
from grievances.models import Case, Event, SealedKey, User
from grievances.models.assignments import grant, holders
from grievances.models.key_holders import pay_owed
from grievances.models.keyring import Keyring, holder_name
from grievances.vocabulary import Compartment, Office, Role, State

PAID_AT_ONCE = 10
"""Cases whose owed keys one page view pays: a page stays quick, and the next view goes on."""


def widen(
    case: Case,
    person: User,
    role: Role,
    compartments: Iterable[Compartment],
    *,
    now: datetime,
    today: date,
) -> None:
    """Give a person a role on a case under way, its keys to follow, and tell the complainant.

    They read nothing before somebody who has the keys seals them.
    """
    grant(case, person, role)
    Keyring.of(case, None).give(
        holder_name(person.pk), bytes(person.key_pair.public_key), compartments
    )
    event = Event.append(
        chain=case.reference,
        at=now,
        actor=SYSTEM,
        role=SYSTEM,
        kind="case.widened",
        subject=case.reference,
        data={"role": role.value},
    )
    notices.announce(case, event, now=now, today=today)


def let_in_new_officers(case: Case, *, now: datetime, today: date) -> int:
    """Triage officers appointed since a concern came in that nobody has taken on yet.

    The others lost sight of it when one took it on, and so a newcomer is not let in either. Who is
    barred, not certified or in a conflict is not, and who was taken off it before does not return.
    """
    if case.state != State.SUBMITTED or case.received_on is None:
        return 0
    there = set(holders(case, Role.TRIAGE_POOL))
    fit = [person for person in allocation.readers(case, today) if person not in there]
    new = [
        person
        for person in fit
        if person.appointments.filter(
            office=Office.TRIAGE, from_date__gt=case.received_on, from_date__lte=today
        ).exists()
    ]
    for person in new:
        widen(case, person, Role.TRIAGE_POOL, TRIAGE_KEYS, now=now, today=today)
    return len(new)


def pay_for_colleagues(caller: Caller, *, limit: int = PAID_AT_ONCE) -> int:
    """Seal, with the keys of an open session, what is owed on its person's cases.

    Returns how many keys were sealed; one query when nothing is owed. Nobody's reading it is, so
    it leaves no event.
    """
    if caller.who is None or caller.holder is None:
        return 0
    owed = SealedKey.objects.filter(case=OuterRef("pk"), sealed=b"").exclude(sealed_public=b"")
    cases = access.cases_for(caller.who, "read_process").filter(Exists(owed)).order_by("?")
    return sum(pay_owed(Keyring.of(case, caller.holder)) for case in cases[:limit])
