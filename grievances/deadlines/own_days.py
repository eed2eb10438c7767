"""Days on which something happened, added by the complainant after sending.

They are sealed to the complainant's own key: the server cannot open them, and neither can anyone
who works on the case (domain.md 11.1). Adding one leaves no event, because readers of the trail
must not learn of it. All rows have the same length.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db import models

from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.case import Case
from grievances.encryption.key_pairs import open_note, seal_note
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import handle

MOST_DAYS = 40
"""The most days that one person keeps for a case."""

SEALED_BYTES = 1024


class OwnDays(models.Model):
    """The sealed days of one case; its mark leads to no case without the server key."""

    mark = models.CharField(max_length=64, unique=True)
    sealed = models.TextField()

    def __str__(self) -> str:
        return "Sealed days"

    @property
    def place(self) -> str:
        """The associated data of the sealed days."""
        return f"own days|{self.mark}"


class Kept(NamedTuple):
    """The days of a case, in order.

    `is_lost` is true when the key to them has changed.
    """

    days: tuple[date, ...]
    is_lost: bool = False


def mark_of(case: Case) -> str:
    """Return the mark of a case's own days, a keyed hash."""
    return handle("own days", case.pk)


def read(case: Case, caller: Caller) -> Kept:
    """Return the days that the complainant has added."""
    row = OwnDays.objects.filter(mark=mark_of(case)).first()
    if row is None:
        return Kept(())
    if caller.holder is None:
        return Kept((), is_lost=True)
    try:
        words = open_note(caller.holder, row.sealed, row.place)
    except DecryptionFailed:
        return Kept((), is_lost=True)
    return Kept(tuple(date.fromisoformat(day) for day in json.loads(words)))


def keep(case: Case, caller: Caller, days: Iterable[date]) -> None:
    """Replace the days of a case; none deletes the row.

    Raises:
        NotAllowed: the caller's private key is not open.
        ValueError: there are more than `MOST_DAYS`.
    """
    kept = sorted(set(days))
    if len(kept) > MOST_DAYS:
        raise ValueError("too many days")
    if not kept:
        forget(case)
        return
    if caller.holder is None:
        raise NotAllowed
    row = OwnDays.objects.filter(mark=mark_of(case)).first() or OwnDays(mark=mark_of(case))
    words = json.dumps([day.isoformat() for day in kept]).ljust(SEALED_BYTES)
    row.sealed = seal_note(caller.holder.public, words, row.place)
    row.save()


def forget(case: Case) -> None:
    """Delete the days of a case."""
    OwnDays.objects.filter(mark=mark_of(case)).delete()
