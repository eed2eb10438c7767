"""Open a person's own private key, and put their public key right.

The private key opens with the password alone, so it tells what the public key must be. A public key
that was changed in the database is replaced at the next sign-in, and what was not sealed to it is
pending for the right one.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from grievances.accounts.recovery import cases_of
from grievances.cases.actions.actor import Caller
from grievances.cases.actions.key_alarm import tell_operator
from grievances.cases.models.stored_keys.owed import owe_refused
from grievances.casework.reading import record
from grievances.encryption import key_log
from grievances.encryption.derivation_limit import derive_once
from grievances.encryption.key_pairs import (
    Holder,
    KeyPair,
    is_sealed_anew_at_sign_in,
    make_key_pair,
    reseal,
    tagged,
    unlock,
)
from grievances.encryption.primitives import DecryptionFailed
from grievances.people.models import User


def open_account(person: User, password: str, *, now: datetime) -> Holder:
    """Return the open private key of an account; make it at the first sign-in.

    Raises DecryptionFailed or TooBusy.
    """
    if not KeyPair.objects.filter(person=person).exists():
        return make_first(person, password, now=now)
    with derive_once():
        holder = unlock(person, password)
        if is_sealed_anew_at_sign_in(person):
            reseal(person, holder, password)
    put_right(person, holder, now=now)
    return holder


def make_first(person: User, password: str, *, now: datetime) -> Holder:
    """Make the first key pair of an account.

    Returns:
        Its holder, with its private key open.

    Raises:
        DecryptionFailed: it had one before. A key pair that is gone was removed by other means than
            this service; the account comes back by two officers.
    """
    if key_log.has_had_a_key(person.pk):
        tell_operator(person, now)
        raise DecryptionFailed
    return make_key_pair(person, password)


@transaction.atomic
def put_right(person: User, holder: Holder, *, now: datetime) -> bool:
    """Write the public key of an open private key again where it was changed.

    A key that only lacks its tag is given one without an alarm.

    Returns:
        Whether the stored key was another one. False also where only its tag was missing.
    """
    pair = KeyPair.objects.get(person=person)
    if pair.genuine_key == holder.public:
        return False
    was_changed = bool(pair.tag) or bytes(pair.public_key) != holder.public
    KeyPair.objects.filter(person=person).update(**tagged(person.pk, holder.public))
    if was_changed:
        record(Caller(person), "account.key_put_right", now)
        tell_operator(person, now)
    for case in cases_of(person):
        owe_refused(case, holder.name, holder.public)
    return was_changed
