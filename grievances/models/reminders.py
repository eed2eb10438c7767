"""Reminders of a tribunal date, chosen by the complainant and known to nobody else.

A row leads to no case and no person without the server key: its mark is blind, and whom to tell and
what for is sealed. Only the day of the next reminder stands open, because the sweep asks by it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from django.db import models

from grievances.models.case import Case
from grievances.models.keyring import handle, open_for_server, seal_for_server
from grievances.models.parties import Party


@dataclass(frozen=True)
class Wish:
    """Whom to remind, and of which last day to contact Acas (a local date)."""

    party_id: int
    safe_on: date


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
        return Wish(facts["party"], date.fromisoformat(facts["safe"]))

    def keep(self, party: Party, safe_on: date) -> None:
        """Seal what was chosen into the row."""
        facts = {"party": party.pk, "safe": safe_on.isoformat()}
        # As long as any other: the length would tell an early case from a late one.
        self.sealed = seal_for_server(json.dumps(facts).ljust(80).encode(), self.place)


def mark_of(case: Case) -> str:
    """The blind mark of a case's reminder."""
    return handle("tribunal reminder", case.pk)
