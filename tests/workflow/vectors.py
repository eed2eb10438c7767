"""Calendars, vectors and rows for tests of the workflow library."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from workflow import deadlines
from workflow.calendar import Calendar, Unit, at_local
from workflow.deadlines import Clock, Reminder

LONDON = ZoneInfo("Europe/London")
_VECTORS = Path(__file__).parents[1] / "reference" / "test_vectors.json"
_SUBDIVISIONS = {"ENG_WLS": "ENG", "SCT": "SCT", "NIR": "NIR"}


@cache
def calendar(code: str = "ENG_WLS") -> Calendar:
    """The bank holidays of one division from 2012 to the end of 2030."""
    days = holidays.country_holidays("GB", subdiv=_SUBDIVISIONS[code], years=range(2012, 2031))
    return Calendar(code, frozenset(days), date(2030, 12, 31))


@cache
def reference() -> Any:
    """The reference file as a whole."""
    return json.loads(_VECTORS.read_text())


def vectors(kind: str) -> list[Any]:
    """The vectors of one kind, as pytest parameters named after their number."""
    return [v for v in reference()["vectors"] if v["kind"] == kind]


def name(vector: Any) -> str:
    """The number of a vector, to name a test after it."""
    return str(vector["id"])


def on(text: str) -> date:
    """A date from its ISO form."""
    return date.fromisoformat(text)


def wd(amount: int, **more: Any) -> Clock:
    """A promise in working days."""
    return Clock("INVESTIGATION", "ACCEPTED", amount, Unit.WD, **more)


@dataclass
class Row:
    """A stand-in for a stored deadline: the same fields, no database."""

    name: str = ""
    detail: str = ""
    anchor_on: date = date.min
    started_on: date = date.min
    original_due: date = date.min
    current_due: date = date.min
    paused_on: date | None = None
    paused_wd: int = 0
    extended_wd: int = 0
    completed_on: date | None = None
    breached: bool = False
    level: int = 0
    last_rung: str = ""
    next_rung: str = ""
    next_rung_at: datetime | None = None
    clock: Any = field(default_factory=dict)


def noon(day: date) -> datetime:
    return at_local(day, time(12), LONDON)


def started(clock: Clock, anchor_on: date, today: date | None = None) -> Row:
    row = Row()
    begun = today or anchor_on
    deadlines.start(row, clock, anchor_on, begun, noon(begun), calendar(), LONDON)
    return row


def resume(row: Row, day: date) -> None:
    clock = row.clock
    deadlines.resume(row, day, noon(day), calendar(), clock, LONDON)


def extend(row: Row, days: int, day: date) -> None:
    clock = row.clock
    deadlines.extend(row, days, day, noon(day), calendar(), clock, LONDON)


def owed(row: Row, now: datetime) -> Reminder | None:
    return deadlines.owed_reminder(row, row.clock, calendar(), LONDON, now)


def fire(row: Row, reminder: Reminder, now: datetime) -> Reminder | None:
    clock = row.clock
    deadlines.advance_reminder(row, reminder.name, calendar(), clock, LONDON)
    return deadlines.owed_reminder(row, clock, calendar(), LONDON, now)


def sweep(row: Row, now: datetime) -> str:
    reminder = owed(row, now)
    if reminder is None:
        return ""
    fire(row, reminder, now)
    return reminder.name
