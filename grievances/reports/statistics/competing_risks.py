"""The competing share: concerns withdrawn by a working day (domain.md 9).

Builders import this module. Its results are exact numbers, so they pass `disclosure` first.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from grievances.reports.statistics.intervals import Z95, none_of
from grievances.reports.statistics.survival import Floats, count_from


@dataclass(frozen=True)
class Incidence:
    """The share that left in one of two ways by each working day (Aalen-Johansen).

    Shares are from 0 to 1. `share`, `lower` and `upper` (95%, log-log) belong to `times`, the days
    on which a case left in either way. `left` counts those that left in this way so far.
    """

    times: tuple[int, ...]
    share: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    left: tuple[int, ...]
    cases: float

    def at(self, day: int) -> tuple[float, float, float, int]:
        """Return (share, lower, upper, number that left) by the end of a working day.

        Where nothing left yet, the upper limit is the exact one for none of all cases.
        """
        index = bisect_right(self.times, day) - 1
        if index < 0:
            return 0.0, 0.0, none_of(self.cases), 0
        return self.share[index], self.lower[index], self.upper[index], self.left[index]


def cumulative_incidence(
    left: Mapping[int, float], otherwise: Mapping[int, float], open_: Mapping[int, float]
) -> Incidence:
    """Return the estimated share that left in one way while others left in another.

    Each argument maps a working day to a number of cases: those that left in this way, those that
    left in the competing way, and those last seen open (domain.md 9). On one day, leaving comes
    before the end of following. The method is Aalen-Johansen; the variance is by the delta method
    (Marubini and Valsecchi 1995).
    """
    times = sorted(day for day in {*left, *otherwise} if left.get(day) or otherwise.get(day))
    at_risk = np.array([count_from(day, left, otherwise, open_) for day in times], dtype=float)
    here = np.array([left.get(day, 0) for day in times], dtype=float)
    both = here + np.array([otherwise.get(day, 0) for day in times], dtype=float)
    before = np.cumprod(np.append(1.0, 1 - both / at_risk))[:-1]
    share = np.cumsum(before * here / at_risk)
    spread = [_incidence_variance(n, share, before, here, both, at_risk) for n in range(len(times))]
    cases = count_from(0, left, otherwise, open_)
    lower, upper = _incidence_band(share, np.array(spread), none_of(cases))
    return Incidence(
        tuple(times),
        tuple(share.tolist()),
        tuple(lower.tolist()),
        tuple(upper.tolist()),
        tuple(np.cumsum(here).astype(int).tolist()),
        cases,
    )


def _incidence_variance(
    last: int, share: Floats, before: Floats, here: Floats, both: Floats, at_risk: Floats
) -> float:
    """Return the variance of the share on the day of this number.

    Without a competing ending it is Greenwood's variance.
    """
    n, d, e, s = (each[: last + 1] for each in (at_risk, both, here, before))
    ahead = share[last] - share[: last + 1]
    # Where all leave at once nothing follows that day, and its first term is 0.
    first = np.divide(ahead**2 * d, n * (n - d), out=np.zeros_like(n), where=n > d)
    return float(np.sum(first + s**2 * (n - e) * e / n**3 - 2 * ahead * s * e / n**2))


def _incidence_band(share: Floats, variance: Floats, least: float) -> tuple[Floats, Floats]:
    """Return the limits on the log-log scale.

    For a share of exactly 0 or 1 they are the exact ones: `least` is that of none of all cases.
    """
    inner = (share > 0) & (share < 1)
    lower = np.where(share >= 1, 1 - least, share)
    upper = np.where(share <= 0, least, share)
    f = share[inner]
    reach = Z95 * np.sqrt(np.maximum(variance[inner], 0)) / (f * np.log(f))
    lower[inner], upper[inner] = f ** np.exp(-reach), f ** np.exp(reach)
    return lower, upper
