"""Make, list, find and revoke access tokens."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.db import transaction

from grievances.audit.models import SERVICE, Event
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.encryption.server_keys import handle
from grievances.policy import profiles
from grievances.tokens.models import AccessToken, Purpose
from grievances.vocabulary import Office
from workflow.calendar import local_date

OFFICES: dict[Purpose, tuple[Office, ...]] = {
    Purpose.DIRECTORY: (Office.DIRECTORY,),
    Purpose.DATES: (Office.LEAD, Office.TRIAGE, Office.HANDLER, Office.DECIDER, Office.APPEAL),
}
"""The offices whose holders may make a token, for each purpose."""
BEGINS = "fht_"
"""How every token begins, so that a search for lost secrets finds it."""
MOST_DAYS = 366
NOTED = timedelta(hours=1)
"""How often it is written down that a token was used."""


@transaction.atomic
def make(
    caller: Caller, purpose: Purpose, office: Office, program: str, days: int, *, now: datetime
) -> str:
    """Make a token for `program`, valid for `days`: 366 at most.

    Returns:
        The token. It is shown this once; only its hash is kept.

    Raises:
        NotAllowed: The caller does not hold this office, or it may not make such a token.
    """
    if (purpose, office) not in may_make(caller, local_date(now, profiles.zone())):
        raise NotAllowed
    text = BEGINS + secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        purpose=purpose,
        office=office,
        maker=caller.person,
        program=program,
        digest=_digest(text),
        made_at=now,
        ends_at=now + timedelta(days=min(days, MOST_DAYS)),
    )
    _record(caller, "token.made", token, now)
    return text


def revoke(caller: Caller, pk: int, *, now: datetime) -> None:
    """End a token of an office that the caller holds.

    Raises:
        NotAllowed: There is none, or it is of an office that the caller does not hold.
    """
    with transaction.atomic():
        found = AccessToken.objects.select_for_update().filter(pk=pk).first()
        if found is None or not _is_of_office(caller, found, now):
            raise NotAllowed
        if found.revoked_at is None:
            found.revoked_at = now
            found.save(update_fields=["revoked_at"])
            _record(caller, "token.revoked", found, now)


def current(caller: Caller, *, now: datetime) -> list[AccessToken]:
    """Return the tokens that are valid, of the offices that the caller holds."""
    today = local_date(now, profiles.zone())
    rows = AccessToken.objects.filter(revoked_at=None, ends_at__gt=now)
    return [
        row
        for row in rows.select_related("maker").order_by("pk")
        if row.is_valid(now, today) and _is_of_office(caller, row, now)
    ]


def may_make(caller: Caller, today: date) -> list[tuple[Purpose, Office]]:
    """Return each purpose and office for which this person can make a token."""
    return [
        (purpose, office)
        for purpose, offices in OFFICES.items()
        for office in offices
        if caller.person.holds(office, today)
    ]


def _is_of_office(caller: Caller, token: AccessToken, now: datetime) -> bool:
    return caller.person.holds(Office(token.office), local_date(now, profiles.zone()))


def find(text: str, purpose: Purpose, *, now: datetime) -> AccessToken | None:
    """Return the valid token that a program shows, or None; note that it was used."""
    if not text.startswith(BEGINS):
        return None
    row = AccessToken.objects.filter(digest=_digest(text), purpose=purpose)
    token = row.select_related("maker").first()
    if token is None or not token.is_valid(now, local_date(now, profiles.zone())):
        return None
    if token.used_at is None or now - token.used_at > NOTED:
        row.update(used_at=now)
    return token


def actor_of(token: AccessToken) -> str:
    """Return the pseudonym under which what a program does is recorded."""
    return handle("access token", token.pk)


def record_use(token: AccessToken, now: datetime) -> None:
    """Record that a program has read by a token."""
    Event.append(
        chain=SERVICE,
        at=now,
        actor=actor_of(token),
        role=token.office,
        kind="token.used",
        data={"purpose": token.purpose},
    )


def _digest(text: str) -> str:
    """Return the hash of a token; it is random, so a plain hash hides it."""
    return hashlib.sha256(text.encode()).hexdigest()


def _record(caller: Caller, kind: str, token: AccessToken, now: datetime) -> None:
    Event.append(
        chain=SERVICE,
        at=now,
        actor=caller.handle_as(""),
        role=token.office,
        kind=kind,
        subject=actor_of(token),
        data={"purpose": token.purpose, "until": f"{token.ends_at:%Y-%m-%d}"},
    )
