"""What a file changes in the directory, before it is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from grievances.people.models import Unit
from grievances.staff_directory.staff_file.rows import StaffRow


class Change(StrEnum):
    """What a change of one person is; these codes are all that an event says."""

    ADDED = "added"
    RETURNED = "returned"
    LEFT = "left"
    NAME = "name"
    EMAIL = "email"
    UNIT = "unit"
    GRADE = "grade"
    LINE = "line"
    OFFICE = "office"
    CERTIFICATE = "certificate"


class NewPeriod(NamedTuple):
    """A line, an appointment or a certificate that begins.

    `person` is the key of an account, and `of` the key of a manager or a code. Local dates.
    """

    person: str
    of: str
    begins: date
    ends: date | None


class Touched(NamedTuple):
    """The ids of people whose line has changed, and of those whose office may have ended.

    Of a person who has left the whole former line counts, so leavers are in both.
    """

    lines: set[int]
    offices: set[int]


Days = tuple[date, date | None]


@dataclass
class Plan:
    """The changes, by the key of a person (the user name as it is compared) or by row id."""

    new: list[StaffRow] = field(default_factory=list)
    accounts: dict[int, dict[str, object]] = field(default_factory=dict)
    closed: list[int] = field(default_factory=list)
    units: dict[str, Unit] = field(default_factory=dict)
    changed_units: list[Unit] = field(default_factory=list)
    lines: list[NewPeriod] = field(default_factory=list)
    offices: list[NewPeriod] = field(default_factory=list)
    certificates: list[NewPeriod] = field(default_factory=list)
    line_days: dict[int, Days] = field(default_factory=dict)
    office_days: dict[int, Days] = field(default_factory=dict)
    certificate_days: dict[int, Days] = field(default_factory=dict)
    suspended: list[int] = field(default_factory=list)
    changes: dict[str, set[Change]] = field(default_factory=dict)

    def note(self, key: str, change: Change) -> None:
        """Record that a person is changed in this way."""
        self.changes.setdefault(key, set()).add(change)
