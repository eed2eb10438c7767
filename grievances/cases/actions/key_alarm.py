"""Seal to public keys that this service wrote, and raise an alarm about any other.

A person who can write to the database could put a key of their own in an officer's place. Nothing
is sealed to such a key. The step goes on, and the officer's keys are pending until the right public
key is back. The complainant, the casework lead, the data-protection officer and the operator are
told (architecture.md 4).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from grievances.audit.models import Heartbeat, pseudonymiser_of, record_by_service
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.notices import sending
from grievances.encryption.key_pairs import holder_name, sealing_key
from grievances.people.models import User
from grievances.policy import profiles
from workflow.calendar import local_date
from workflow.models import AlreadyRecorded

if TYPE_CHECKING:
    from grievances.cases.actions.effects import StepExecution

log = logging.getLogger("fairhearing.keys")

ALARM = "key alarm"
"""The heartbeat that holds when the last alarm about a key was raised."""
REFUSED = "case.key_refused"
DOES_NOT_OPEN = "case.key_does_not_open"


def keys_to_seal_to(execution: StepExecution, people: Iterable[User]) -> dict[str, bytes]:
    """Return {holder name: public key} of those people who have a key pair.

    The public key is empty (b"") where this service did not write it. Then the alarm is raised,
    once for each person and step.
    """
    able = [person for person in people if hasattr(person, "key_pair")]
    keys = {holder_name(person.pk): sealing_key(person) for person in able}
    for person in able:
        if not keys[holder_name(person.pk)] and person.pk not in execution.refused_keys:
            execution.refused_keys.add(person.pk)
            raise_alarm(execution.case, REFUSED, execution.now)
            tell_operator(person, execution.now)
    return keys


def raise_alarm(case: Case, kind: str, now: datetime, key: str | None = None) -> None:
    """Record an alarm on the case, which names no one, and tell those concerned.

    Raises AlreadyRecorded for an alarm with the same `key`.
    """
    event = record_by_service(case.reference, now, kind=kind, key=key)
    sending.announce(case, event, now=now, today=local_date(now, profiles.zone()))


def alarm_if_shut(case: Case, ring: Keyring, person: User, now: datetime) -> None:
    """Raise the alarm where a key that was sealed to this person does not open.

    It is raised once a day for each person and case.
    """
    if not ring.does_not_open():
        return
    day = local_date(now, profiles.zone())
    who = pseudonymiser_of(case.reference)(f"{person.pk}:{day}")
    try:
        with transaction.atomic():
            raise_alarm(case, DOES_NOT_OPEN, now, f"{DOES_NOT_OPEN}:{case.pk}:{who}")
    except AlreadyRecorded:
        return
    tell_operator(person, now)


def tell_operator(person: User | None, now: datetime) -> None:
    """Log that a key is not what it should be, and keep when that was.

    The log names the account, where one is known, and no case.
    """
    account = "an account" if person is None else f"account {person.pk}"
    log.error("the key of %s is not the one that this service wrote or sealed to", account)
    Heartbeat.objects.update_or_create(name=ALARM, defaults={"at": now})
