"""How long a closed case is kept, by class: versioned data (domain.md 2).

A case keeps the version that was in force on the day it was received. Drafts have their own clocks
in the policy profile (90 days). The data-protection officer approves the schedule; another file may
be named by RETENTION_FILE.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from grievances.vocabulary import CloseReason
from workflow.calendar import Unit
from workflow.clocks import Clock

SHIPPED = Path(__file__).parent / "data" / "retention.json"
CASE = "case"
CLASS_OF = {
    CloseReason.ANONYMOUS_INSUFFICIENT.value: "anonymous_insufficient",
    CloseReason.DUPLICATE_MERGED.value: "duplicate",
}
"""Close reason -> class of the schedule; every other case has the class `CASE`."""


@dataclass(frozen=True)
class Keeping:
    """How long one class is kept, in months from closing, and why."""

    name: str
    months: int
    label: str
    because: str
    version: int


class NoSchedule(Exception):
    """No schedule was in force on that day, or it lacks a class.

    The sentence says which.
    """


def keeping(close_reason: str, received_on: date) -> Keeping:
    """Return how long a case closed for this reason is kept. Raises NoSchedule."""
    return _row(CLASS_OF.get(close_reason, CASE), received_on)


def months_of(name: str, today: date) -> int:
    """Return the months to keep a class that is not a case, in force on a local date.

    If the organisation's own schedule lacks the class, the shipped schedule applies. Raises
    NoSchedule.
    """
    try:
        return _row(name, today).months
    except NoSchedule:
        return _row(name, today, SHIPPED).months


def _row(name: str, on: date, path: Path | None = None) -> Keeping:
    versions = [each for each in _versions(path or _path()) if each[0] <= on]
    if not versions:
        raise NoSchedule(f"No retention schedule was in force on {on}.")
    _, version, classes = max(versions, key=lambda each: each[:2])
    if name not in classes:
        raise NoSchedule(f"Version {version} of the retention schedule lacks the class {name}.")
    row = classes[name]
    return Keeping(name, int(row["months"]), str(row["label"]), str(row["because"]), version)


def clock_of(clock: Clock, close_reason: str, received_on: date) -> Clock:
    """Return the RETENTION clock of a case: its months from the day it was closed."""
    months = keeping(close_reason, received_on).months
    return replace(clock, amount=months, unit=Unit.MONTH, roll=False)


def _path() -> Path:
    return Path(settings.RETENTION_FILE) if settings.RETENTION_FILE else SHIPPED


@lru_cache(maxsize=4)
def _versions(path: Path) -> tuple[tuple[date, int, dict[str, dict[str, str]]], ...]:
    rows = json.loads(path.read_text(encoding="utf-8"))
    return tuple(
        (date.fromisoformat(row["effective_from"]), int(row["version"]), row["classes"])
        for row in rows
    )
