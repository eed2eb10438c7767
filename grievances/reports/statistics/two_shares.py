"""The shares of two groups: their difference and their ratio (domain.md 9).

Plain Python, so that the web process may use it. Counts are no whole numbers where several rows
count as one trial.
"""

from math import exp, log, sqrt

from grievances.reports.statistics.intervals import Z95, Interval, wilson

Estimate = tuple[float, float, float]
"""A value with the lower and the upper limit of its interval."""


def difference(x1: float, n1: float, x2: float, n2: float, z: float = Z95) -> Estimate:
    """Return the difference of two shares (-1 to 1) with Newcombe's hybrid interval.

    Raises:
        ValueError: A group is empty.
    """
    first, second = _limits(x1, n1, z), _limits(x2, n2, z)
    p1, p2 = x1 / n1, x2 / n2
    down = sqrt((p1 - first.lower) ** 2 + (second.upper - p2) ** 2)
    up = sqrt((first.upper - p1) ** 2 + (p2 - second.lower) ** 2)
    return p1 - p2, p1 - p2 - down, p1 - p2 + up


def ratio(x1: float, n1: float, x2: float, n2: float, z: float = Z95) -> Estimate | None:
    """Return the relative likelihood (first by second) and its log-normal interval.

    Where a share is 1 that interval takes it as known for sure: of two shares of 1 it would be from
    1 to 1. There it is the one made of the two Wilson intervals (Donner and Zou 2012). None where
    a part is 0, because the interval then has no end.

    Raises:
        ValueError: A group is empty.
    """
    first, second = _limits(x1, n1, z), _limits(x2, n2, z)
    if not x1 or not x2:
        return None
    p1, p2 = x1 / n1, x2 / n2
    if max(p1, p2) >= 1:
        least = _end(p1, first.lower, p2, second.upper, -1)
        return p1 / p2, least, _end(p1, first.upper, p2, second.lower, 1)
    spread = z * sqrt(1 / x1 - 1 / n1 + 1 / x2 - 1 / n2)
    centre = log(p1 / p2)
    return exp(centre), exp(centre - spread), exp(centre + spread)


def _end(p1: float, first: float, p2: float, second: float, sign: int) -> float:
    """Return an end of the ratio's interval from one limit of each share."""
    inner = (p1 * p2) ** 2 - first * second * (2 * p1 - first) * (2 * p2 - second)
    return (p1 * p2 + sign * sqrt(max(0.0, inner))) / (second * (2 * p2 - second))


def _limits(x: float, n: float, z: float) -> Interval:
    found = wilson(x, n, z)
    if found is None:
        raise ValueError("a group is empty")
    return found
