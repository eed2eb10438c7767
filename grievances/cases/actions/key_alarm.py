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

from grievances.audit.models import Event, Heartbeat
from grievances.cases.actions.actor import SYSTEM
from grievances.cases.notices import sending
from grievances.encryption.key_pairs import holder_name, sealing_key
from grievances.people.models import User

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
            raise_alarm(execution, REFUSED, person)
    return keys


def raise_alarm(execution: StepExecution, kind: str, person: User) -> None:
    """Record an alarm on the case; tell those concerned and the operator.

    The trail names no one. The log names the account and no case.
    """
    event = Event.append(
        chain=execution.case.reference,
        at=execution.now,
        actor=SYSTEM,
        role=SYSTEM,
        kind=kind,
        subject=execution.case.reference,
    )
    sending.announce(execution.case, event, now=execution.now, today=execution.today)
    tell_operator(person, execution.now)


def tell_operator(person: User, now: datetime) -> None:
    """Log that the key of an account is not what it should be, and keep when that was."""
    log.error("the public key of account %s is not the one that this service wrote", person.pk)
    Heartbeat.objects.update_or_create(name=ALARM, defaults={"at": now})
