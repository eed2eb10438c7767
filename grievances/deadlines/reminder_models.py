"""Reminders of a tribunal date, chosen by the complainant and known to nobody else.

A row leads to no case and no person without the server key: its mark is blind, and whom to tell and
what for is sealed. Only the day of the next reminder stands open, because the sweep asks by it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models

from grievances.cases.models.case import Case
from grievances.cases.models.parties import Party
from grievances.encryption.server_keys import handle, open_for_server, seal_for_server

LAST_DAYS = ("safe", "longer")
"""How the last days are called under the seal; a wish may have the first alone."""


@dataclass(frozen=True)
class Wish:
    """Whom to remind, and of which last days to contact Acas (local dates, the safe one first)."""

    party_id: int
    last_days: tuple[date, ...]


class TribunalReminder(models.Model):
    """That somebody wants to be reminded on a day; at most one for each case."""

    mark = models.CharField(max_length=64, unique=True)
    next_on = models.DateField(db_index=True)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"A reminder on {self.next_on}"

    @property
    def place(self) -> str:
        """What the seal is bound to."""
        return f"tribunal|{self.mark}"

    @property
    def wish(self) -> Wish:
        """What was chosen, opened with the server key; raises Unreadable."""
        facts = json.loads(open_for_server(bytes(self.sealed), self.place))
        days = (facts[name] for name in LAST_DAYS if name in facts)
        return Wish(facts["party"], tuple(date.fromisoformat(day) for day in days))

    def keep(self, party: Party, last_days: Iterable[date]) -> None:
        """Seal what was chosen into the row: the safe day first, then the longer one if any."""
        days = zip(LAST_DAYS, (day.isoformat() for day in last_days), strict=False)
        facts = {"party": party.pk, **dict(days)}
        # As long as any other: the length would tell an early case from a late one.
        self.sealed = seal_for_server(json.dumps(facts).ljust(80).encode(), self.place)


def mark_of(case: Case) -> str:
    """The blind mark of a case's reminder."""
    return handle("tribunal reminder", case.pk)
