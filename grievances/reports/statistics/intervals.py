"""Intervals for a share (domain.md 9).

Plain Python, so that the web process may use them.
"""

from dataclasses import dataclass
from math import ceil, floor, sqrt

Z95 = 1.959964
Z998 = 3.090232
"""For limits of 99.8%, where many groups are compared (domain.md 9)."""


@dataclass(frozen=True)
class Interval:
    """A lower and an upper limit in the unit of the estimate (a share is from 0 to 1)."""

    lower: float
    upper: float


def wilson(x: float, n: float, z: float = Z95) -> Interval | None:
    """Return the Wilson interval of the share x / n, from 0 to 1 (domain.md 9).

    `n` is no whole number where several rows count as one trial, because they are of one person.
    None means "no data" (n is 0), which is never 0%.

    Raises:
        ValueError: It is not true that 0 <= x <= n.
    """
    if not 0 <= x <= n:
        raise ValueError(f"{x} of {n} is not a share")
    if n == 0:
        return None
    spread = z * sqrt(z * z + 4 * x * (1 - x / n))
    scale = 2 * (n + z * z)
    lower = (2 * x + z * z - spread) / scale
    upper = (2 * x + z * z + spread) / scale
    return Interval(max(0.0, lower), min(1.0, upper))


def events(number: float, z: float = Z95) -> Interval:
    """Return Byar's approximate limits of a number of events that has no whole.

    It is within a hundredth of the exact Poisson limits from 5 on (Breslow and Day 1987).
    """
    above = number + 1
    lower = number * (1 - 1 / (9 * number) - z / (3 * sqrt(number))) ** 3 if number else 0.0
    return Interval(lower, above * (1 - 1 / (9 * above) + z / (3 * sqrt(above))) ** 3)


def whole_limits(lower: float, upper: float) -> tuple[int, int]:
    """Return limits as whole numbers: the nearest, or those around if these are one.

    From 2 to 2 would say that the true number is 2 and nothing else.
    """
    low, high = floor(lower + 0.5), floor(upper + 0.5)
    return (low, high) if low < high else (floor(lower), ceil(upper))


def percents(interval: Interval, share: float) -> tuple[int, int]:
    """Return the limits of a share in whole percents.

    Of a share of 0 or 1 the other limit is rounded away from it. Nothing is ever certain, so the
    lower limit is never 100 and the upper one never 0, also where so many were counted that they
    would round to it.
    """
    lower, upper = whole_limits(100 * interval.lower, 100 * interval.upper)
    if share >= 1:
        lower = floor(100 * interval.lower)
    if share <= 0:
        upper = ceil(100 * interval.upper)
    return min(lower, 99), max(upper, 1)


TAIL = 0.025
"""The chance on one side that an interval leaves out, as the Wilson interval does."""


def none_of(number: float) -> float:
    """Return the exact upper limit of a share of which nothing was seen.

    `number` is how many were looked at. With nothing among 30 the share may still be 11.6%. The
    limit is from 0 to 1; of an empty group it is 1.
    """
    return float(1 - TAIL ** (1 / number)) if number > 0 else 1.0
