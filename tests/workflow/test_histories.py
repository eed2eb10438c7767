"""Ten thousand random histories: the stored date, the replay and a count by hand are one date.

Pauses and resumptions in any order, extensions, holidays announced in the midst of it, another
policy, reopening,
near the changes of the clocks, leap days and year ends, in all three divisions.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random

import pytest

from tests.workflow import oracle
from tests.workflow.oracle import Happened
from tests.workflow.vectors import LONDON, Row, calendar
from workflow import deadlines
from workflow.calendar import Calendar, Unit, local_date
from workflow.deadlines import Clock, Moment, MomentKind

HISTORIES, SHARES = 10_000, 10
DIVISIONS = ("ENG_WLS", "SCT", "NIR")
EDGES = (
    date(2020, 2, 29), date(2024, 2, 29), date(2028, 2, 29), date(2023, 2, 28),
    date(2023, 12, 29), date(2026, 12, 24), date(2027, 12, 31),
    date(2024, 3, 31), date(2024, 10, 27), date(2026, 3, 29), date(2026, 10, 25),
)  # fmt: skip
"""Leap days, ends of years, and the nights in which the clocks change."""
ACTS = (
    "pause",
    "pause",
    "resume",
    "resume",
    "extend",
    "holiday",
    "sweep",
    "meet",
    "reopen",
    "policy",
)
KINDS = {
    "pause": MomentKind.PAUSED,
    "resume": MomentKind.RESUMED,
    "extend": MomentKind.EXTENDED,
    "meet": MomentKind.MET,
}


@dataclass
class Life:
    """One clock from its start on: the stored row, and what happened as told to either side."""

    clock: Clock
    anchor: date
    row: Row = field(default_factory=Row)
    history: list[Moment] = field(default_factory=list)
    happened: list[Happened] = field(default_factory=list)
    calendar_then: Calendar | None = None


class Story:
    """A case of one division with one clock after another, lived through at random."""

    def __init__(self, seed: int) -> None:
        self.chance = chance = Random(seed)  # noqa: S311 - histories, not secrets
        self.calendar = calendar(chance.choice(DIVISIONS))
        start = chance.choice(EDGES) + timedelta(days=chance.randint(-12, 3))
        if chance.random() < 0.4:
            start = date(2019, 1, 1) + timedelta(days=chance.randint(0, 3300))
        self.now = datetime(start.year, start.month, start.day, tzinfo=UTC)
        self.seen: Counter[str] = Counter()
        self.lives: list[Life] = []
        self.begin(late=chance.choice((0, 0, 0, 4)))

    def wait(self) -> None:
        """Some days and hours go by; often the act falls within the hour of the date line."""
        hours = self.chance.choice((0.2, 9.5, 14, 22.9, 23.6, 24.2))
        self.now += timedelta(days=self.chance.choice((0, 0, 1, 2, 3, 5, 8, 13)), hours=hours)

    @property
    def today(self) -> date:
        return local_date(self.now, LONDON)

    @property
    def life(self) -> Life:
        return self.lives[-1]

    def begin(self, late: int = 0) -> None:
        chance, today = self.chance, self.today
        unit = chance.choice((Unit.WD, Unit.WD, Unit.WD, Unit.CD, Unit.MONTH))
        amount = chance.randint(1, 3) if unit is Unit.MONTH else chance.randint(1, 40)
        clock = Clock(
            "INVESTIGATION",
            "today",
            amount,
            unit,
            roll=chance.random() < 0.5,
            statutory=chance.random() < 0.05,
        )
        life = Life(clock, today - timedelta(days=late))
        deadlines.start(life.row, clock, life.anchor, today, self.now, self.calendar, LONDON)
        life.history.append(Moment(MomentKind.STARTED, today, anchor_on=life.anchor))
        self.lives.append(life)

    def act(self) -> None:
        """One thing more, whether or not it makes sense just then."""
        what, days = self.chance.choice(ACTS), self.chance.randint(1, 9)
        self.wait()
        if what == "holiday":
            self.announce(self.today + timedelta(days=self.chance.randint(-10, 40)))
        elif what == "sweep":
            self.sweep()
        elif what == "policy":
            self.move_policy()
        elif what == "reopen":
            self.do("meet", 0)
            self.begin()
        else:
            self.do(what, days)
        self.seen[what] += 1

    def do(self, what: str, days: int) -> None:
        row, clock = self.life.row, self.life.clock
        if row.completed_on is not None:
            return
        if what == "pause":
            deadlines.pause(row, self.today)
        elif what == "resume":
            deadlines.resume(row, self.today, self.now, self.calendar, clock, LONDON)
        elif what == "extend":
            deadlines.extend(row, days, self.today, self.now, self.calendar, clock, LONDON)
        else:
            deadlines.meet(row, self.today)
            self.life.calendar_then = self.calendar
        self.life.history.append(Moment(KINDS[what], self.today, days))
        if not (clock.statutory and what in {"pause", "resume"}):
            self.life.happened.append(Happened(what, oracle.local_day(self.now), days))

    def announce(self, day: date) -> None:
        known = self.calendar
        self.calendar = Calendar(known.code, known.holidays | {day}, known.last_day)
        for life in self.lives:
            before = life.row.current_due
            deadlines.recompute(life.row, life.history, self.now, self.calendar, life.clock, LONDON)
            assert life.row.current_due >= before

    def move_policy(self) -> None:
        """Another policy has another length, or counts in other days; no date comes forward."""
        life, before = self.life, self.life.row.current_due
        unit = self.chance.choice((life.clock.unit, Unit.WD, Unit.CD))
        amount = self.chance.randint(1, 4 if unit is Unit.MONTH else 60)
        clock = replace(life.clock, amount=amount, unit=unit)
        history = life.history
        if deadlines.adopt(life.row, history, self.now, self.calendar, clock, LONDON):
            life.clock = clock
        assert life.row.current_due >= before

    def sweep(self) -> None:
        row, clock = self.life.row, self.life.clock
        reminder = deadlines.owed_reminder(row, clock, self.calendar, LONDON, self.now)
        if reminder is not None:
            deadlines.advance_reminder(row, reminder.name, self.calendar, clock, LONDON)


def check(life: Life, calendar_now: Calendar) -> None:
    """The row, the replay of its history and the count by hand agree; so does its next rung."""
    known = life.calendar_then or calendar_now
    row, clock = life.row, life.clock
    told = deadlines.replay(life.history, clock, known)
    days = oracle.Days(known.holidays)
    counted = oracle.due_after(
        clock.unit.value, clock.amount, clock.roll, life.anchor, life.happened, days
    )
    assert row.current_due == told.current_due == counted.due, life
    assert row.paused_wd == told.paused_wd == counted.paused_days, life
    assert (row.paused_on, row.completed_on) == (told.paused_on, told.completed_on)
    assert row.breached >= told.breached
    if row.next_rung_at is not None:
        check_rung(row, days)


def check_rung(row: Row, days: oracle.Days) -> None:
    """The next reminder is at nine in the morning, so many open days from the due date."""
    offset = {"minus5": -5, "minus1": -1, "on_day": 0, "L1": 1, "L2": 5, "L3": 10}[row.next_rung]
    count = days.after if offset > 0 else days.before
    day = count(row.current_due, abs(offset)) if offset else days.rolled(row.current_due)
    at = row.next_rung_at
    assert at is not None
    assert at.hour == (8 if oracle.summer_time(at) else 9)
    assert (at.date(), at.minute) == (day, 0)


@cache
def lived(seed: int) -> Counter[str]:
    """Live one story to its end, checked in the midst of it and at its end; what was in it."""
    story = Story(seed)
    acts = story.chance.randint(2, 14)
    pause = story.chance.randrange(acts)
    for n in range(acts):
        story.act()
        if n == pause:
            check(story.life, story.calendar)
    for life in story.lives:
        check(life, story.calendar)
    return story.seen


@pytest.mark.parametrize("share", range(SHARES))
def test_what_is_stored_is_what_happened_counted_day_by_day(share: int) -> None:
    each = HISTORIES // SHARES
    seen: Counter[str] = Counter()
    for seed in range(share * each, (share + 1) * each):
        seen += lived(seed)
    # A generator that stopped making something would leave the promise untested.
    assert min(seen[what] for what in ACTS) > each // 3
