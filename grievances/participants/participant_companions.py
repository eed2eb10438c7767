"""The companion of a person heard: reads that conversation, nothing of the case."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from grievances.cases.actions.actor import Caller
from grievances.cases.guards.hearings import ONE_COMPANION
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.companions import LINK_LASTS, Companion, live
from grievances.cases.models.key_distribution import take_compartment
from grievances.cases.models.statements import Hearing
from grievances.encryption.key_pairs import companion_holder, holder_name
from grievances.encryption.primitives import DecryptionFailed
from grievances.participants.companions import note
from grievances.participants.statements import find_hearing
from workflow.steps import Refused


@transaction.atomic
def invite_to_hearing(caller: Caller, token: str, secret: str, *, now: datetime) -> Companion:
    """Invite a companion to one's own conversation alone. Raises NotAllowed.

    Returns:
        The companionship, the same for the same link.

    Raises:
        Refused: COMPANION_THERE, when the person heard has a companion already.
        DecryptionFailed: the person's key does not open the conversation.
    """
    hearing = find_hearing(caller, token)
    list(Hearing.objects.select_for_update().filter(pk=hearing.pk))
    holder, handle = companion_holder(secret)
    known = hearing.companions.filter(live(now)).first()
    if known is not None and known.handle == handle:
        return known
    if known is not None:
        raise Refused(ONE_COMPANION.code, ONE_COMPANION.sentence)
    ring = Keyring.of(hearing.case, caller.holder)
    if hearing.compartment not in ring:
        raise DecryptionFailed
    companion = _invited(hearing, handle, now)
    ring.give(holder.name, holder.public, [hearing.compartment])
    note(companion, "invited", caller.handle_as(hearing.standing), now)
    return companion


@transaction.atomic
def end_at_hearing(caller: Caller, token: str, *, now: datetime) -> None:
    """End the companionship of a person heard; the companion loses the key at once.

    Raises NotAllowed.
    """
    hearing = find_hearing(caller, token)
    for companion in hearing.companions.select_for_update().filter(live(now)):
        companion.ended_at = now
        companion.save(update_fields=["ended_at"])
        note(companion, "ended", caller.handle_as(hearing.standing), now)
    own = holder_name(caller.person.pk)
    take_compartment(hearing.case, hearing.compartment, besides=own)


def _invited(hearing: Hearing, handle: str, now: datetime) -> Companion:
    """Create a companionship that waits for the person with the link.

    Returns:
        The companionship.
    """
    return Companion.objects.create(
        case=hearing.case,
        hearing=hearing,
        number=hearing.case.companions.count() + 1,
        token=secrets.token_hex(16),
        handle=handle,
        invited_at=now,
        expires_at=now + LINK_LASTS,
    )
