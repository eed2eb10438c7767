"""How long cases take, whether promises are kept, and whether a change is real (domain.md 9).

Builders import this module; the web process does not, because it loads numpy and scipy.
Exact numbers leave it, so every result passes `disclosure` before anybody sees it.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.stats import CensoredData, ecdf

from grievances.reports.statistics.intervals import Z95, Interval, wilson
from grievances.reports.statistics.variation import XmR, xmr

__all__ = [
    "ClockFact",
    "DueCohort",
    "Estimate",
    "Interval",
    "OnTime",
    "Survival",
    "SurvivalPoint",
    "XmR",
    "due_cohort",
    "kaplan_meier",
    "kaplan_meier_from_days",
    "newcombe",
    "relative_likelihood",
    "wilson",
    "xmr",
]

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class SurvivalPoint:
    """The share of cases still open after a day, from 0 to 1, and how many were then followed."""

    survival: float
    lower: float
    upper: float
    followed: int


@dataclass(frozen=True)
class Survival:
    """A Kaplan-Meier curve of cases still open; open cases are censored, not dropped.

    `times` are the working days on which a case was resolved; `at_risk`, `survival`, `lower` and
    `upper` (95%, log-log) stand beside them. `days` are all days on which following ended, and
    `remaining` how many cases were followed beyond each of them.
    """

    times: tuple[int, ...]
    at_risk: tuple[int, ...]
    survival: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    days: tuple[int, ...]
    remaining: tuple[int, ...]
    cases: int
    events: int

    def median(self) -> int | None:
        """Give the first working day with half or fewer still open; None is "not yet reached"."""
        # The product of fractions may miss one half by a rounding error.
        reached = (day for day, s in zip(self.times, self.survival, strict=True) if s <= 0.5 + 1e-9)
        return next(reached, None)

    def followed_after(self, day: int) -> int:
        """Count the cases still followed beyond a working day."""
        index = bisect_right(self.days, day)
        return self.cases if index == 0 else self.remaining[index - 1]

    def at(self, day: int) -> SurvivalPoint | None:
        """Give the curve on a working day; None where no case was followed so long."""
        followed = self.followed_after(day)
        index = bisect_right(self.times, day) - 1
        if index < 0:
            return SurvivalPoint(1.0, 1.0, 1.0, followed) if followed else None
        if not followed and self.survival[index] > 0 and day > self.days[-1]:
            return None
        limits = self.lower[index], self.upper[index]
        return SurvivalPoint(self.survival[index], *limits, followed)


def kaplan_meier(closed: Sequence[int], open_: Sequence[int]) -> Survival:
    """Estimate the share still open from durations in working days, by scipy.

    `closed` ended in a resolution; `open_` were still open (or were withdrawn) when last seen. On
    one day, resolutions come before censorings. Vectors KM1 to KM3 in domain.md 9.
    """
    closed_days, open_days = Counter(closed), Counter(open_)
    if not closed:
        return _make_survival(closed_days, open_days, np.array([]))
    curve = ecdf(CensoredData(uncensored=list(closed), right=list(open_))).sf
    resolved = np.isin(curve.quantiles, list(closed_days))
    return _make_survival(closed_days, open_days, np.asarray(curve.probabilities)[resolved])


def kaplan_meier_from_days(closed: Mapping[int, int], open_: Mapping[int, int]) -> Survival:
    """Estimate the same curve from a histogram: working day -> number of cases.

    The database counts, so a million cases cost a few hundred rows (performance.md 9).
    """
    times = sorted(day for day, count in closed.items() if count)
    steps = [1 - closed[day] / count_from(day, closed, open_) for day in times]
    return _make_survival(closed, open_, np.cumprod(steps))


def count_from(first: int, *ends: Mapping[int, int]) -> int:
    """Count the cases whose following ended on a day or later."""
    return sum(n for days in ends for day, n in days.items() if day >= first)


def _log_log_band(survival: Floats, events: Floats, at_risk: Floats) -> tuple[Floats, Floats]:
    """Greenwood's variance on the log-log scale, which stays between 0 and 1.

    Log-log says nothing where the curve ends at zero: there the limits are 0 and the last upper
    limit, rather than a claim of certainty.
    """
    open_ = survival > 0
    s, d, n = survival[open_], events[open_], at_risk[open_]
    spread = Z95 * np.sqrt(np.cumsum(d / (n * (n - d)))) / np.log(s)
    lower, upper = s ** np.exp(-spread), s ** np.exp(spread)
    ended = len(survival) - len(s)
    last = upper[-1:] if len(upper) else np.ones(1)
    return np.append(lower, np.zeros(ended)), np.append(upper, np.repeat(last, ended))


def _make_survival(
    closed: Mapping[int, int], open_: Mapping[int, int], survival: Floats
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
    """One clock at the end of a period, in local dates; `paused` says it was on hold then."""

    current_due: date
    original_due: date
    completed: date | None
    paused: bool = False


@dataclass(frozen=True)
class OnTime:
    """How many clocks were met of those due."""

    met: int
    due: int


@dataclass(frozen=True)
class DueCohort:
    """Promises kept, against the due date as it stands and against the one first given."""

    current: OnTime
    original: OnTime


def due_cohort(clocks: Iterable[ClockFact], first: date, last: date) -> DueCohort:
    """Count the clocks due between two local dates, both included (domain.md 9).

    Met means completed on or before the due date; still open, and late, are failures. Clocks on
    hold at the end of the period leave the cohort until they are resumed.
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


@dataclass(frozen=True)
class Estimate:
    """A value with its 95% interval."""

    value: float
    interval: Interval


def newcombe(x1: int, n1: int, x2: int, n2: int) -> Estimate | None:
    """Give the difference of two shares (first less second) with Newcombe's hybrid interval.

    None where a group is empty. The vector 20/45 and 6/28 is in domain.md 9.
    """
    first, second = wilson(x1, n1), wilson(x2, n2)
    if first is None or second is None:
        return None
    p1, p2 = x1 / n1, x2 / n2
    down = sqrt((p1 - first.lower) ** 2 + (second.upper - p2) ** 2)
    up = sqrt((first.upper - p1) ** 2 + (p2 - second.lower) ** 2)
    return Estimate(p1 - p2, Interval(p1 - p2 - down, p1 - p2 + up))


def relative_likelihood(x1: int, n1: int, x2: int, n2: int) -> Estimate | None:
    """Give the ratio of two shares (first over second) with its log-normal interval.

    None where either count is 0, since the interval then has no end.
    """
    if not x1 or not x2:
        return None
    ratio = (x1 / n1) / (x2 / n2)
    spread = Z95 * sqrt(1 / x1 - 1 / n1 + 1 / x2 - 1 / n2)
    centre = log(ratio)
    return Estimate(ratio, Interval(exp(centre - spread), exp(centre + spread)))
