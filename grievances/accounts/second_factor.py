"""The second step of sign-in: who must have one, and what is told when it changes.

A password alone opens the records of an officer, so every holder of an office must prove something
more: a code of an app on their telephone, a passkey, or a spare code. allauth keeps these as rows
of `Authenticator`. A row names an account, and the trail and the outbox tell a time. So a row has
no time, its number has no order, and its events have a pseudonym that no case knows. Otherwise a
copy of the database would tell whose pseudonym is whose (architecture.md 4).
"""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache, partial

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import BigIntegerField, DateField, Q, QuerySet

from grievances.cases.actions.actor import SYSTEM_ACTOR
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import at_work
from grievances.casework.reading import record
from grievances.encryption.server_keys import handle, open_for_server, seal_for_server
from grievances.people.models import Appointment, User
from grievances.vocabulary import Office
from workflow.sql.compiled_sql import Bound, CompiledQuery

NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""The value in place of the time at which a factor was made."""
SECRET_PLACE = "second factor"  # noqa: S105 - what the sealed text is bound to


class Change(StrEnum):
    """What changed in how a person signs in: the kind of the event."""

    FACTOR_ADDED = "account.factor_added"
    FACTOR_REMOVED = "account.factor_removed"
    SPARE_CODES = "account.spare_codes"
    SPARE_CODE_USED = "account.spare_code_used"
    PASSWORD = "account.password_changed"  # noqa: S105 - the kind of an event
    WRONG_CODES = "account.wrong_codes"
    PASSKEY_OPENS = "account.passkey_opens_records"


def demanding_offices() -> frozenset[Office]:
    """Return the offices whose holders must have a second factor (`MFA_OFFICES`)."""
    names = set(settings.MFA_OFFICES)
    return frozenset(Office) if names == {"all"} else frozenset(map(Office, names))


def is_demanded(person: User, today: date) -> bool:
    """Return whether the person holds such an office on the local date `today`."""
    offices = demanding_offices()
    if not offices:
        return False
    return _held(offices).first(person=person.pk, today=today) is not None


@cache
def _held(offices: frozenset[Office]) -> CompiledQuery[Appointment]:
    """Return the query for one of these offices.

    Every page asks it of a person without one.
    """
    return CompiledQuery(partial(_holding, offices))


def _holding(offices: frozenset[Office]) -> QuerySet[Appointment]:
    person, today = Bound("person", BigIntegerField()), Bound("today", DateField())
    current = Q(to_date__isnull=True) | Q(to_date__gte=today)
    rows = Appointment.objects.filter(current, person=person, from_date__lte=today)
    return rows.filter(office__in=sorted(offices)).only("pk")[:1]


def has_factor(person: User) -> bool:
    """Return whether the account has an app or a passkey.

    Spare codes alone are no second factor: they go with one.
    """
    return factors(person).exists()


def factors(person: User) -> QuerySet[Authenticator]:
    """Return the apps and passkeys of an account."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=person, type__in=kinds)
    return found


def may_remove(factor: Authenticator, today: date) -> bool:
    """Return whether a factor may go: not the last one of a person who must have one."""
    left = factors(factor.user).exclude(pk=factor.pk)
    return left.exists() or not is_demanded(factor.user, today)


def forget_when_made(person: User) -> None:
    """Give each new row of the account no time, and a number that tells no order."""
    for row in Authenticator.objects.filter(user=person).exclude(created_at=NO_TIME):
        number = secrets.randbelow(2**52) + 2**52
        Authenticator.objects.filter(pk=row.pk).update(id=number, created_at=NO_TIME)


@transaction.atomic
def use_app_code(factor: Authenticator, counters: dict[str, int], code: str) -> bool:
    """Return whether an app's code is right and new; then it is used up.

    `counters` says for each code that is right now which half minute it belongs to. Older codes are
    used up with it. A code is never taken twice, by any process (RFC 6238, 5.2).
    """
    row = Authenticator.objects.select_for_update().get(pk=factor.pk)
    counter = counters.get(code)
    if counter is None or counter <= row.data.get("counter", 0):
        return False
    row.data["counter"] = counter
    row.save(update_fields=["data"])
    return True


def remove_all(person: User) -> None:
    """Remove every factor, once two officers have made sure who the person is."""
    Authenticator.objects.filter(user=person).delete()


@transaction.atomic
def announce(person: User, change: Change, now: datetime) -> None:
    """Record a change of how a person signs in, and tell them.

    The notice does not say what changed. The pseudonym in the trail is used for nothing else.
    """
    record(SYSTEM_ACTOR, change, now, account=trail_name(person))
    tell_changed(person, now)


def trail_name(person: User) -> str:
    """Return the pseudonym of an account in the events of how it signs in."""
    return handle("sign-in of", person.pk)


@transaction.atomic
def tell_changed(person: User, now: datetime) -> None:
    """Send the neutral notice that the way a person signs in was changed."""
    key = f"sign-in:{secrets.token_hex(8)}"
    sending.tell(at_work(person), kind="sign_in_changed", link="/account/", key=key, now=now)


def seal_secret(text: str) -> bytes:
    """Return the secret of an app or of spare codes, sealed for the running server."""
    return seal_for_server(text.encode(), SECRET_PLACE)


def open_secret(blob: bytes) -> str:
    """Return what `seal_secret` sealed.

    Raises DecryptionFailed.
    """
    return open_for_server(blob, SECRET_PLACE).decode()
