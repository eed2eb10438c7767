"""XmR charts: whether a month differs from the usual (domain.md 9).

Plain Python. The rules are those of NHS "Making Data Count".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import isnan

LIMIT_FACTOR = 2.66
SCREEN_FACTOR = 3.267
MIN_POINTS = 12
SETTLED_POINTS = 20
RUN = 7


class Rule(StrEnum):
    """The rule by which a point is a signal."""

    OUTSIDE = "outside the limits"
    SHIFT = "seven in a row on one side of the mean"
    TREND = "seven in a row rising or falling"
    NEAR = "two of three near a limit"


@dataclass(frozen=True)
class Signal:
    """A rule and the points, counted from 1, that broke it."""

    rule: Rule
    points: tuple[int, ...]


@dataclass(frozen=True)
class XmR:
    """A mean, its natural process limits, and the signals.

    `upper` and `lower` are None below 12 points, where no limit is shown and no signal is sought.
    `provisional` is true below 20 points. A display raises a negative lower limit to 0.
    """

    mean: float
    upper: float | None
    lower: float | None
    provisional: bool
    signals: tuple[Signal, ...]

    @property
    def flagged(self) -> tuple[int, ...]:
        """Every point, counted from 1, with at least one signal."""
        return tuple(sorted({point for signal in self.signals for point in signal.points}))


def xmr(points: Sequence[float]) -> XmR:
    """Return the judgement on a series in time order by the four rules.

    A point that is not known is `nan`: it is in no mean, it has no neighbours, and a run ends at
    it. Limits need twelve known points, and two neighbours.

    Raises:
        ValueError: No point is known.
    """
    known = [y for y in points if not isnan(y)]
    if not known:
        raise ValueError("a series needs at least one point")
    mean = sum(known) / len(known)
    provisional = len(known) < SETTLED_POINTS
    if len(known) < MIN_POINTS or not _steps(points):
        return XmR(mean, None, None, provisional, ())
    reach = LIMIT_FACTOR * average_moving_range(points)
    found = {
        Rule.OUTSIDE: find_outside(points, mean, reach),
        Rule.SHIFT: find_shifts(points, mean),
        Rule.TREND: find_trends(points),
        Rule.NEAR: find_near(points, mean, reach),
    }
    signals = tuple(Signal(rule, tuple(sorted(at))) for rule, at in found.items() if at)
    return XmR(mean, mean + reach, mean - reach, provisional, signals)


def average_moving_range(points: Sequence[float]) -> float:
    """Return the average step between neighbours, without the largest steps.

    The average is computed again without the steps of 3.267 averages or more.
    """
    ranges = _steps(points)
    average = sum(ranges) / len(ranges)
    kept = [step for step in ranges if step < SCREEN_FACTOR * average]
    return sum(kept) / len(kept) if kept else average


def _steps(points: Sequence[float]) -> list[float]:
    """Return the sizes of the steps between neighbours that are known."""
    steps = (abs(b - a) for a, b in pairwise(points))
    return [step for step in steps if not isnan(step)]


def find_outside(points: Sequence[float], mean: float, reach: float) -> set[int]:
    """Return the points of rule 1: beyond a limit."""
    return {i for i, y in enumerate(points, 1) if abs(y - mean) > reach}


def find_shifts(points: Sequence[float], mean: float) -> set[int]:
    """Return the points of rule 2: seven or more in a row on one side of the mean.

    A point on the mean ends a run, and so does one that is not known.
    """
    return _find_runs([_sign(y - mean) for y in points], RUN)


def find_trends(points: Sequence[float]) -> set[int]:
    """Return the points of rule 3: seven in a row rising or falling.

    That is six steps of one sign.
    """
    steps = [_sign(b - a) for a, b in pairwise(points)]
    later = {i + 1 for i in _find_runs(steps, RUN - 1)}
    return later | {i - 1 for i in later}


def find_near(points: Sequence[float], mean: float, reach: float) -> set[int]:
    """Return the points of rule 4: two of three in the outer third.

    All three must be on one side. Only the points near the limit are flagged.
    """
    near = {i for i, y in enumerate(points, 1) if 2 * reach / 3 < abs(y - mean) <= reach}
    sides = [_sign(y - mean) for y in points]
    found: set[int] = set()
    for start in range(1, len(points) - 1):
        window = {start, start + 1, start + 2}
        if abs(sum(sides[start - 1 : start + 2])) == 3 and len(window & near) >= 2:
            found |= window & near
    return found


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _find_runs(signs: Sequence[int], length: int) -> set[int]:
    """Return the indexes of an unbroken run of one sign of at least this length.

    They are counted from 1.
    """
    found: set[int] = set()
    run: list[int] = []
    for i, sign in enumerate(signs, 1):
        same = bool(run) and sign == signs[run[-1] - 1]
        run = [*run, i] if sign and same else [i] if sign else []
        if len(run) >= length:
            found.update(run)
    return found
