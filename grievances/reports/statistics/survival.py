"""Durations of cases, and promises kept (domain.md 9).

Builders import this module. The web process does not, because it loads numpy. Its results
are exact numbers, so every result passes `disclosure` before a person sees it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from grievances.reports.statistics.intervals import Z95, none_of

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class SurvivalPoint:
    """The share of cases still open after a day, from 0 to 1.

    `followed` is how many cases were still followed then.
    """

    survival: float
    lower: float
    upper: float
    followed: float


@dataclass(frozen=True)
class Survival:
    """A Kaplan-Meier curve of cases still open; open cases are censored, not dropped.

    `times` are the working days on which a case was resolved. `at_risk`, `survival`, `lower` and
    `upper` (95%, log-log) belong to them. `days` are all days on which following ended, and
    `remaining` is how many cases were followed beyond each of them.
    """

    times: tuple[int, ...]
    at_risk: tuple[float, ...]
    survival: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    days: tuple[int, ...]
    remaining: tuple[float, ...]
    cases: float
    events: float

    def median(self) -> int | None:
        """Return the first working day with half or fewer cases still open.

        None means "not yet reached".
        """
        # The product of fractions may miss one half by a rounding error.
        reached = (day for day, s in zip(self.times, self.survival, strict=True) if s <= 0.5 + 1e-9)
        return next(reached, None)

    def followed_after(self, day: int) -> float:
        """Return the number of cases still followed beyond a working day."""
        index = bisect_right(self.days, day)
        return self.cases if index == 0 else self.remaining[index - 1]

    def at(self, day: int) -> SurvivalPoint | None:
        """Return the curve on a working day; None where no case was followed so long."""
        followed = self.followed_after(day)
        index = bisect_right(self.times, day) - 1
        if index < 0:
            return SurvivalPoint(1.0, 1 - none_of(followed), 1.0, followed) if followed else None
        if not followed and self.survival[index] > 0 and day > self.days[-1]:
            return None
        limits = self.lower[index], self.upper[index]
        return SurvivalPoint(self.survival[index], *limits, followed)


def kaplan_meier_from_days(closed: Mapping[int, float], open_: Mapping[int, float]) -> Survival:
    """Return the estimated share still open, from working day -> number of cases.

    `closed` ended in a resolution; `open_` were still open (or were withdrawn) when last seen. On
    one day, resolutions come before censorings. A number may be a half, where cases leave in the
    middle of a band. Vectors KM1 to KM3 are in domain.md 9; tests compare it with scipy's.
    """
    times = sorted(day for day, count in closed.items() if count)
    steps = [1 - closed[day] / count_from(day, closed, open_) for day in times]
    return _make_survival(closed, open_, np.cumprod(steps))


def count_from(first: int, *ends: Mapping[int, float]) -> float:
    """Return the number of cases whose following ended on a day or later."""
    return sum(n for days in ends for day, n in days.items() if day >= first)


def _log_log_band(survival: Floats, events: Floats, at_risk: Floats) -> tuple[Floats, Floats]:
    """Return the limits by Greenwood's variance on the log-log scale.

    That scale stays between 0 and 1. It gives nothing where the curve ends at zero. There the
    upper limit is the exact one for nothing left of all that were resolved.
    """
    open_ = survival > 0
    s, d, n = survival[open_], events[open_], at_risk[open_]
    spread = Z95 * np.sqrt(np.cumsum(d / (n * (n - d)))) / np.log(s)
    lower, upper = s ** np.exp(-spread), s ** np.exp(spread)
    ended = len(survival) - len(s)
    last = none_of(float(events.sum()))
    return np.append(lower, np.zeros(ended)), np.append(upper, np.full(ended, last))


def _make_survival(
    closed: Mapping[int, float], open_: Mapping[int, float], survival: Floats
) -> Survival:
    times = tuple(sorted(day for day, count in closed.items() if count))
    days = tuple(sorted({*times, *(day for day, count in open_.items() if count)}))
    at_risk = tuple(count_from(day, closed, open_) for day in times)
    events = np.array([closed[day] for day in times])
    lower, upper = _log_log_band(survival, events, np.array(at_risk))
    return Survival(
        times=times,
        at_risk=at_risk,
        survival=tuple(survival.tolist()),
        lower=tuple(lower.tolist()),
        upper=tuple(upper.tolist()),
        days=days,
        remaining=tuple(count_from(day + 1, closed, open_) for day in days),
        cases=sum(closed.values()) + sum(open_.values()),
        events=sum(closed.values()),
    )


@dataclass(frozen=True)
class ClockFact:
    """One clock at the end of a period, in local dates.

    `paused` says that it was on hold then.
    """

    current_due: date
    original_due: date
    completed: date | None
    paused: bool = False


@dataclass(frozen=True)
class OnTime:
    """The number of clocks met, of those due."""

    met: int
    due: int


@dataclass(frozen=True)
class DueCohort:
    """Promises kept, against the current due date and against the first one."""

    current: OnTime
    original: OnTime


def due_cohort(clocks: Iterable[ClockFact], first: date, last: date) -> DueCohort:
    """Return the clocks due between two local dates, both included (domain.md 9).

    Met means completed on or before the due date. Clocks that are still open, or late, are
    failures. Clocks on hold at the end of the period leave the cohort until they are resumed.
    """
    running = [clock for clock in clocks if clock.completed is not None or not clock.paused]
    return DueCohort(
        current=_count_met(((c.current_due, c.completed) for c in running), first, last),
        original=_count_met(((c.original_due, c.completed) for c in running), first, last),
    )


def _count_met(promises: Iterable[tuple[date, date | None]], first: date, last: date) -> OnTime:
    due = [(day, done) for day, done in promises if first <= day <= last]
    met = sum(1 for day, done in due if done is not None and done <= day)
    return OnTime(met, len(due))
