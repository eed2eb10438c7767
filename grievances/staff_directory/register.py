"""The staff directory as it is, in memory: enough to compare a file of 66,000 people with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db.models import Model, Q, QuerySet

from grievances.people.models import Appointment, LineManagement, Training, Unit, User
from grievances.staff_directory.models import ChangeLock
from grievances.vocabulary import Office

OUTSIDE_FILES = (Office.DIRECTORY, Office.INDEPENDENT)
"""The offices whose holders a file need not have: they may not be on the payroll."""


def lock_directory() -> None:
    """Let changes of the directory follow each other until the transaction ends."""
    ChangeLock.take("people")


class Account(NamedTuple):
    """One account of the directory."""

    pk: int
    username: str
    name: str
    email: str
    unit_id: int | None
    grade: int
    is_active: bool


class Period(NamedTuple):
    """A line, an appointment or a certificate of one person: what it is of, and its days."""

    pk: int
    person: int
    of: int | str
    begins: date
    ends: date | None


@dataclass(frozen=True)
class Register:
    """Everyone by user name, and what is current or still to come."""

    people: dict[str, Account]
    units: dict[str, Unit]
    lines: dict[int, list[Period]]
    offices: dict[int, list[Period]]
    certificates: dict[int, list[Period]]

    @classmethod
    def read(cls, today: date) -> Register:
        """Return the directory on the local date `today`: five queries."""
        accounts = map(Account._make, User.objects.values_list(*Account._fields).iterator())
        people = {each.username.casefold(): each for each in accounts}
        units: dict[str, Unit] = {}
        for unit in Unit.objects.order_by("-pk"):
            units[unit.name.casefold()] = unit
        for unit in Unit.objects.order_by("-pk"):
            units[unit.code.casefold()] = unit
        return cls(
            people,
            units,
            _periods(LineManagement.objects.all(), "manager_id", "from_date", "to_date", today),
            _periods(Appointment.objects.all(), "office", "from_date", "to_date", today),
            _periods(
                Training.objects.filter(suspended=False),
                "certificate",
                "issued_on",
                "expires_on",
                today,
            ),
        )

    @cached_property
    def by_name(self) -> dict[str, list[str]]:
        """The keys of the accounts of each name, in plain form; most files never ask."""
        found: dict[str, list[str]] = defaultdict(list)
        for key, each in self.people.items():
            found[each.name.casefold()].append(key)
        return found

    def held(self, pk: int) -> list[Period]:
        """Return the offices of an account, but for keeping the directory."""
        return [each for each in self.offices.get(pk, ()) if each.of != Office.DIRECTORY]

    def keeps_directory(self, pk: int) -> bool:
        """Return whether an account keeps the directory, now or soon."""
        return any(each.of == Office.DIRECTORY for each in self.offices.get(pk, ()))

    def is_outside_files(self, pk: int) -> bool:
        """Return whether a file that does not have this account leaves it as it is."""
        return any(each.of in OUTSIDE_FILES for each in self.offices.get(pk, ()))

    @property
    def active(self) -> Iterable[Account]:
        """The accounts that are not closed."""
        return (each for each in self.people.values() if each.is_active)


def _periods(
    table: QuerySet[Model], of: str, begins: str, ends: str, today: date
) -> dict[int, list[Period]]:
    current = Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gte": today})
    rows = table.filter(current)
    found: dict[int, list[Period]] = defaultdict(list)
    for row in rows.values_list("pk", "person_id", of, begins, ends).iterator():
        found[row[1]].append(Period._make(row))
    return found
