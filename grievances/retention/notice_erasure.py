"""Erase the notices about a case, and the mails that went with them.

A mail carries no reference, so it is found by its key, while the salt of the case is still there.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import models

from grievances.aftercare.models import Aftercare
from grievances.audit.models import Event, pseudonymiser_of
from grievances.cases.models.case import Case
from grievances.cases.models.parties import party_actor, party_inbox
from grievances.cases.notices import sending, table
from grievances.encryption.server_keys import person_pseudonym
from grievances.people.models import User
from grievances.surveys.invitations import key_start
from notifications.models import ChannelName, Notice
from notifications.slots import slot_of


def erase_notices(case: Case) -> None:
    """Delete every notice about the case, and the mails that went with them.

    Both sent and waiting ones are deleted.
    """
    Notice.objects.filter(pk__in=letters_of(case)).delete()
    Notice.objects.filter(reference=case.reference).delete()
    Notice.objects.filter(key__in=_questions(case)).delete()
    _beside(case).delete()


def letters_of(case: Case) -> list[int]:
    """Return the mails that went with notices of this case, sent or waiting.

    A mail carries no reference, and once sent no recipient. Its key can only be computed with the
    salt of the case. So it is searched for among the mails written in the slots of the case's
    events (older mails: at their exact times). The search tries first the people with a notice
    about the case in their inbox, then every account.
    """
    pseudonymise, told = pseudonymiser_of(case.reference), _told_at(case)
    letters = Notice.objects.filter(channel=ChannelName.EMAIL, created_at__in=list(told))
    left = {key: (pk, at) for pk, key, at in letters.values_list("pk", "key", "created_at")}
    found: list[int] = []
    for names in (_names_on(case), _all_names(case)):
        starts = [start for at in {at for _, at in left.values()} for start in told[at]]
        keys = (
            sending.letter_key(f"{start}{name}", pseudonymise) for start in starts for name in names
        )
        found += [left.pop(key)[0] for key in keys if key in left]
        if not left:
            break
    return found


def _told_at(case: Case) -> dict[datetime, list[str]]:
    """Return time -> the key prefixes of the notices written then.

    A time is in it exactly, and as the slot of the letters. A prefix is the key up to the
    recipient.
    """
    told: defaultdict[datetime, list[str]] = defaultdict(list)
    events = Event.objects.filter(chain=case.reference).values_list("seq", "kind", "at")
    for seq, kind, at in events:
        kinds = {notice for _, notice in table.NOTICES.get(kind, ())}
        told[at] += [f"{case.reference}:{seq}:{notice}:" for notice in sorted(kinds)]
    for pk, at in case.consents.values_list("pk", "asked_at"):
        told[at].append(f"consent:{pk}")
    for key, at in _beside(case).values_list("key", "created_at"):
        told[at].append(key)
    for at, starts in list(told.items()):
        told[slot_of(at)] += starts
    return told


def _beside(case: Case) -> models.QuerySet[Notice]:
    """Return notices of own pages, surveys and questions of how people are."""
    pages = [f"/replies/{token}/" for token in case.hearings.values_list("token", flat=True)]
    asked = models.Q(link__in=pages) | models.Q(key__startswith=key_start(case))
    for label in Aftercare.objects.filter(case=case).values_list("label", flat=True):
        asked |= models.Q(key__startswith=f"aftercare:{label}:")
    return Notice.objects.filter(asked, channel=ChannelName.INBOX)


def _names_on(case: Case) -> set[str]:
    """Return the inboxes with a notice about this case, and "" for no recipient."""
    lines = Notice.objects.filter(reference=case.reference)
    return {"", *lines.values_list("handle", flat=True)}


def _all_names(case: Case) -> set[str]:
    """Return every inbox that an account has or had for this case.

    A notice may have been retracted while its mail was sent. Letters from before an inbox belonged
    to one case have the older name in their key.
    """
    names: set[str] = set()
    for pk in User.objects.values_list("pk", flat=True):
        names |= {person_pseudonym(pk), party_inbox(case.pk, pk), party_actor(pk)}
    return names


def _questions(case: Case) -> list[str]:
    return [f"consent:{pk}" for pk in case.consents.values_list("pk", flat=True)]
