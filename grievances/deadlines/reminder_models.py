"""Reminders of a tribunal date, chosen by the complainant and known to them alone.

Without the server key a row leads to no case and no person: its mark is a keyed hash, and whom to
tell and what for is sealed. Only the day of the next reminder is unencrypted, because the sweep
searches by it.
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

OLDER_NAMES = ("safe", "longer")
"""The names of the last days in older wishes, which had one or two."""

SEALED_BYTES = 2400
"""The length of every wish.

It is enough for both last days of the most acts that one may add.
"""


@dataclass(frozen=True)
class Wish:
    """A wish: whom to remind, and of which last days to contact Acas.

    Local dates, the safe one first.
    """

    party_id: int
    last_days: tuple[date, ...]


class TribunalReminder(models.Model):
    """A sealed wish to be reminded on a day; at most one for each case."""

    mark = models.CharField(max_length=64, unique=True)
    next_on = models.DateField(db_index=True)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"A reminder on {self.next_on}"

    @property
    def place(self) -> str:
        """The associated data of the sealed wish."""
        return f"tribunal|{self.mark}"

    @property
    def wish(self) -> Wish:
        """The wish, decrypted with the server key; raises DecryptionFailed."""
        facts = json.loads(open_for_server(bytes(self.sealed), self.place))
        days = facts.get("days") or [facts[name] for name in OLDER_NAMES if name in facts]
        return Wish(facts["party"], tuple(date.fromisoformat(day) for day in days))

    def keep(self, party: Party, last_days: Iterable[date]) -> None:
        """Seal a wish into the row: the safe day to lead with first, then the others."""
        facts = {"party": party.pk, "days": [day.isoformat() for day in last_days]}
        # All have the same length, because the length would tell an early case from a late one.
        self.sealed = seal_for_server(json.dumps(facts).ljust(SEALED_BYTES).encode(), self.place)


def mark_of(case: Case) -> str:
    """Return the mark of a case's reminder, a keyed hash."""
    return handle("tribunal reminder", case.pk)
