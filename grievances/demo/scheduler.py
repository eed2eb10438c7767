"""Simulated time: stories that run side by side, in the order of their events.

A story is a generator. It does what is done at one moment and yields the local date on which it
continues; the scheduler resumes it then. The real sweep runs every working morning in between.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count

from grievances.deadlines.sweep import run_clocks
from grievances.policy import profiles
from grievances.vocabulary import Division
from workflow.calendar import Calendar, at_local, local_date

Story = Iterator[date]

Progress = Callable[[date, float], None]
"""Called with the simulated day and the share of the time passed (0 to 1)."""

SWEEP = time(9, 0)
FIRST_HOUR = 9 * 60 + 30
LAST_HOUR = 16 * 60 + 30
"""Local minutes of the day between which people work; the sweep runs before them."""

PAUSE = timedelta(minutes=7)
"""How much time passes when a story continues on the same day."""


@dataclass
class Scheduler:
    """Stories that run up to `end` (UTC).

    `now` is the present moment of the simulation (UTC).
    """

    now: datetime
    end: datetime
    chance: random.Random
    after_sweep: Callable[[datetime], None]
    days: Calendar = field(default_factory=lambda: profiles.calendar(Division.ENG_WLS))
    _queue: list[tuple[datetime, int, Story]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    @property
    def today(self) -> date:
        """The present local date of the simulation."""
        return local_date(self.now, profiles.zone())

    def add(self, day: date, story: Story) -> None:
        """Add a story that begins on a local date, in working hours."""
        self._push(self._moment(day), story)

    def tell(self, progress: Progress) -> None:
        """Run everything that happens up to the end, morning by morning."""
        begin, day = self.now, self.days.roll(self.today)
        while (morning := at_local(day, SWEEP, profiles.zone())) <= self.end:
            self._tell_until(morning)
            self._sweep(morning)
            progress(day, (morning - begin) / (self.end - begin))
            day = self.days.add(day, 1)
        self._tell_until(self.end)
        self._sweep(self.end)

    def _sweep(self, at: datetime) -> None:
        self.now = at
        run_clocks(at)
        self.after_sweep(at)

    def _tell_until(self, limit: datetime) -> None:
        while self._queue and self._queue[0][0] <= limit:
            self.now, _, story = heapq.heappop(self._queue)
            day = next(story, None)
            if day is not None:
                self._push(self._next_moment(day), story)

    def _push(self, at: datetime, story: Story) -> None:
        heapq.heappush(self._queue, (at, next(self._order), story))

    def _next_moment(self, day: date) -> datetime:
        return self.now + PAUSE if day <= self.today else self._moment(day)

    def _moment(self, day: date) -> datetime:
        minutes = self.chance.randrange(FIRST_HOUR, LAST_HOUR)
        return at_local(day, time(minutes // 60, minutes % 60), profiles.zone())
