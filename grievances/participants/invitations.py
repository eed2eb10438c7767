"""The link that admits a companion.

It works once, and for no one who is tied to the case. Whatever the reason for a refusal, the answer
and the time it takes are the same.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.companions import Companion, live
from grievances.cases.models.exclusions import exclusions_of
from grievances.cases.models.parties import (
    Party,
    add_party,
    party_pseudonym,
)
from grievances.cases.models.stored_keys.held import changing
from grievances.cases.notices import sending
from grievances.encryption.key_pairs import companion_holder
from grievances.participants.companions import OTHERS, Guest, note
from grievances.people.models import User
from grievances.policy import profiles
from grievances.vocabulary import Standing
from workflow.calendar import local_date


def find_invitation(secret: str, guest: Guest | None, *, now: datetime) -> Companion:
    """Return the invitation that this link opens for this person.

    It asks the same, whatever the reason, so that the time tells nothing.

    Raises:
        NotAllowed: the link is unknown, used, expired or taken back, or the person may not
            accompany in this case. The answer is the same for all.
    """
    _, handle = companion_holder(secret)
    rows = Companion.objects.filter(
        live(now), handle=handle, accepted_at__isnull=True
    ).select_related("case", "hearing")
    found = rows.first()
    person = guest.person if guest else None
    tied = person is not None and _is_tied(found.case_id if found else 0, person)
    if found is None or tied:
        raise NotAllowed
    return found


@transaction.atomic
def accept(secret: str, guest: Guest, kind: str, *, now: datetime) -> Companion:
    """Accept an invitation: the key moves from the link to the companion.

    Returns:
        The companion. The link stops working.

    Raises:
        NotAllowed: as in `find_invitation`, or the link was used or ended meanwhile.
    """
    found = find_invitation(secret, guest, now=now)
    # Read again under the lock: of two people with one link only the first is admitted.
    companion = Companion.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if companion.accepted_at is not None or companion.ended_at is not None:
        raise NotAllowed
    link, _ = companion_holder(secret)
    case = found.case
    companion.case = case
    ring = Keyring.of(case, link)
    ring.give(guest.holder.name, guest.holder.public, [companion.compartment])
    # Only the link's key is deleted: the companion has the same key from now on.
    with changing(case, link.name) as keys:
        keys.drop(keys.held)
    if guest.person is not None:
        add_party(case, Standing.COMPANION, guest.person.pk)
    companion.handle, companion.kind, companion.accepted_at = guest.handle_on(case), kind, now
    companion.save(update_fields=["handle", "kind", "accepted_at"])
    event = note(companion, "accepted", guest.actor, now, data={"kind": kind})
    sending.announce(case, event, now=now, today=local_date(now, profiles.zone()))
    return companion


def _is_tied(case_id: int, person: User) -> bool:
    """Return whether a person has an exclusion, role or other standing on a case.

    The id 0 is that of no case.
    """
    others = [party_pseudonym(case_id, standing, person.pk) for standing in OTHERS]
    excluded = person.pk in exclusions_of([case_id]).get(case_id, {})
    grants = CaseUserObjectPermission.objects.filter(content_object=case_id, user=person)
    parties = Party.objects.filter(case=case_id, handle__in=others)
    return grants.exists() | parties.exists() | excluded
