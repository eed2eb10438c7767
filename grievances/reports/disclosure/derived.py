"""Figures derived from protected figures alone (domain.md 10.3, step 7).

These are rates, comparisons between groups, and series over time. No function here ever sees an
exact count. Plain Python: the web process may import this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, floor, log, sqrt
from typing import ClassVar

from grievances.reports.disclosure.protected import (
    HIDDEN,
    SMALL_BASE,
    Figure,
    ProtectedShare,
    Shown,
    read_figure,
    write_figure,
)
from grievances.reports.statistics.intervals import Z95, Z998, wilson
from grievances.reports.statistics.variation import xmr
from workflow.json_values import JsonMapping, JsonObject

MIN_GROUP = 20
"""Decided concerns that each compared group needs (domain.md 9, Disparity)."""
MONTHS = 12
USUAL, STRICT = 950, 998
"""The levels of limits, in thousandths."""


@dataclass(frozen=True)
class ProtectedRate:
    """A rate for each `per` staff, in tenths, with a Wilson interval.

    The interval comes from the rounded count. `staff` is the organisation's own number: the mean of
    the period where the rate is one `a_year`. It is None where the organisation gave none; then
    there is no rate. `counted` is the heading of the column that says what is counted.
    """

    kind: ClassVar[str] = "rate"
    part: Figure
    staff: int | None
    tenths: Figure
    lower: Figure
    upper: Figure
    per: int = 100
    counted: str = "Concerns"
    a_year: bool = False

    @property
    def unit(self) -> str:
        """The unit of the rate, in words."""
        return f"per {self.per:,} staff{' a year' if self.a_year else ''}"

    def to_json(self) -> JsonObject:
        """Return the object as plain JSON data."""
        figures = {name: write_figure(getattr(self, name)) for name in _RATE}
        words = {"per": self.per, "counted": self.counted, "a_year": self.a_year}
        return {"kind": self.kind, "staff": self.staff, **words, **figures}

    @classmethod
    def from_json(cls, data: JsonMapping) -> "ProtectedRate":
        """Return the object that `to_json` wrote."""
        part, tenths, lower, upper = (read_figure(data[name]) for name in _RATE)
        # Older data says neither, because the only rate was then concerns for each 100 staff.
        words = {name: data[name] for name in ("per", "counted", "a_year") if name in data}
        return cls(part, data["staff"], tenths, lower, upper, **words)


_RATE = ("part", "tenths", "lower", "upper")


@dataclass(frozen=True)
class RateUnit:
    """What a rate counts, for how many staff, and over how long.

    `months` is the length of the period, and the rate is one a year; it is None for a rate of one
    day. `each` is the number of rows of one person, in hundredths.
    """

    per: int = 100
    counted: str = "Concerns"
    months: int | None = None
    each: int = 100


def rate_of(part: Figure, staff: int | None, unit: RateUnit = RateUnit()) -> ProtectedRate:  # noqa: B008
    """Return the rate for each `per` staff.

    It is hidden where the count is hidden, and where the number of staff is not known.
    """
    a_year = unit.months is not None
    followed = (staff or 0) * (unit.months or MONTHS) / MONTHS
    if not isinstance(part, Shown) or not staff or part.value > followed:
        return ProtectedRate(
            part, staff or None, HIDDEN, HIDDEN, HIDDEN, unit.per, unit.counted, a_year
        )
    interval = wilson(100 * part.value / unit.each, 100 * followed / unit.each)
    limits = (interval.lower, interval.upper) if interval else (0.0, 1.0)
    tenths, lower, upper = (
        floor(10 * unit.per * share + 0.5) for share in (part.value / followed, *limits)
    )
    # The upper limit is never 0: nothing is certain, however many staff there are.
    limits_shown = Shown(lower), Shown(max(upper, 1))
    return ProtectedRate(part, staff, Shown(tenths), *limits_shown, unit.per, unit.counted, a_year)


ROUNDED = "A group has fewer than 50, so rounding alone may have moved this."


@dataclass(frozen=True)
class ProtectedComparison:
    """The shares of two groups, compared: difference in points, ratio in hundredths.

    All six figures are hidden where either group has fewer than 20 concerns, or has a hidden
    figure. Both the difference and the ratio are shown, because they may disagree at the margin.
    `level` is that of their limits, in thousandths. `few` says that a group has fewer than 50, so
    that rounding alone may have moved its share far.
    """

    kind: ClassVar[str] = "comparison"
    points: Figure
    lower: Figure
    upper: Figure
    ratio: Figure
    ratio_lower: Figure
    ratio_upper: Figure
    level: int = USUAL
    few: bool = False

    @property
    def percent_of_limits(self) -> str:
        """The level of the limits in words: "95%" or "99.8%"."""
        return f"{self.level / 10:g}%"

    @property
    def words(self) -> str:
        """The sentence that the comparison supports (domain.md 9).

        It has no stars of significance and no ranking.
        """
        limits = self.lower, self.upper
        if not isinstance(limits[0], Shown) or not isinstance(limits[1], Shown):
            return "Too few to compare."
        apart = [limits[0].value > 0 or limits[1].value < 0]
        if isinstance(self.ratio_lower, Shown) and isinstance(self.ratio_upper, Shown):
            apart.append(self.ratio_lower.value > 100 or self.ratio_upper.value < 100)
        if all(apart) and not self.few:
            return "They differ by more than chance alone would explain."
        rounded = f" {ROUNDED}" if self.few else ""
        if any(apart):
            return f"They may differ; the numbers are too small to be sure.{rounded}"
        return (
            f"No difference beyond chance can be seen, which does not show there is none.{rounded}"
        )

    def to_json(self) -> JsonObject:
        """Return the object as plain JSON data."""
        figures = {n: write_figure(getattr(self, n)) for n in _COMPARED}
        return {"kind": self.kind, **figures, "level": self.level, "few": self.few}

    @classmethod
    def from_json(cls, data: JsonMapping) -> "ProtectedComparison":
        """Return the object that `to_json` wrote."""
        # Older data says no level, because all limits were of 95%.
        level = data.get("level", USUAL)
        figures = {name: read_figure(data[name]) for name in _COMPARED}
        return cls(**figures, level=level, few=data.get("few", False))


_COMPARED = ("points", "lower", "upper", "ratio", "ratio_lower", "ratio_upper")


def compare(
    first: ProtectedShare, second: ProtectedShare, level: int = USUAL
) -> ProtectedComparison:
    """Return the comparison of the first group's share with the second's.

    The difference has Newcombe's interval; the ratio is the relative likelihood. `level` is that of
    the limits: stricter where many groups are compared with one. People and not rows are the
    trials.
    """
    x1, n1, x2, n2 = (
        figure.value if isinstance(figure, Shown) else -1
        for figure in (first.part, first.whole, second.part, second.whole)
    )
    if min(x1, x2) < 0 or min(n1, n2) < MIN_GROUP or x1 > n1 or x2 > n2:
        return ProtectedComparison(HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, level)
    y1, m1 = (100 * number / first.each for number in (x1, n1))
    y2, m2 = (100 * number / second.each for number in (x2, n2))
    z = Z998 if level == STRICT else Z95
    found = (Shown(floor(100 * value + 0.5)) for value in difference(y1, m1, y2, m2, z))
    points, lower, upper = found
    ratio = _ratio(y1, m1, y2, m2, z)
    few = min(n1, n2) < SMALL_BASE
    return ProtectedComparison(points, lower, upper, *ratio, level=level, few=few)


def difference(
    x1: float, n1: float, x2: float, n2: float, z: float = Z95
) -> tuple[float, float, float]:
    """Return the difference of two shares with Newcombe's hybrid interval.

    The result is (difference, lower, upper), each from -1 to 1.

    Raises:
        ValueError: A group is empty.
    """
    first, second = wilson(x1, n1, z), wilson(x2, n2, z)
    if first is None or second is None:
        raise ValueError("a group is empty")
    p1, p2 = x1 / n1, x2 / n2
    down = sqrt((p1 - first.lower) ** 2 + (second.upper - p2) ** 2)
    up = sqrt((first.upper - p1) ** 2 + (p2 - second.lower) ** 2)
    return p1 - p2, p1 - p2 - down, p1 - p2 + up


def _ratio(x1: float, n1: float, x2: float, n2: float, z: float) -> tuple[Figure, Figure, Figure]:
    if not x1 or not x2:
        return HIDDEN, HIDDEN, HIDDEN
    centre = log((x1 / n1) / (x2 / n2))
    spread = z * sqrt(1 / x1 - 1 / n1 + 1 / x2 - 1 / n2)
    values = (exp(centre), exp(centre - spread), exp(centre + spread))
    ratio, lower, upper = (Shown(floor(100 * value + 0.5)) for value in values)
    return ratio, lower, upper


@dataclass(frozen=True)
class ProtectedSeries:
    """One protected figure over several periods, with its chart of variation.

    `mean`, `upper` and `lower` are in tenths of the figure's unit. The limits are None below 12
    points; `provisional` is true below 20 points. `flagged` are the indexes, from 0, of points that
    are signals. `rebased` is the reason why the limits were reset, or empty.
    """

    kind: ClassVar[str] = "series"
    unit: str
    periods: tuple[str, ...]
    figures: tuple[Figure, ...]
    mean: int | None
    upper: int | None
    lower: int | None
    provisional: bool
    flagged: tuple[int, ...]
    rebased: str = ""

    def to_json(self) -> JsonObject:
        """Return the object as plain JSON data."""
        names = ("unit", "mean", "upper", "lower", "provisional", "rebased")
        return {
            "kind": self.kind,
            **{name: getattr(self, name) for name in names},
            "periods": list(self.periods),
            "figures": [write_figure(figure) for figure in self.figures],
            "flagged": list(self.flagged),
        }

    @classmethod
    def from_json(cls, data: JsonMapping) -> "ProtectedSeries":
        """Return the object that `to_json` wrote."""
        names = ("unit", "mean", "upper", "lower", "provisional", "rebased")
        return cls(
            **{name: data[name] for name in names},
            periods=tuple(data["periods"]),
            figures=tuple(map(read_figure, data["figures"])),
            flagged=tuple(data["flagged"]),
        )


def series_of(
    unit: str,
    points: Sequence[tuple[str, Figure]],
    *,
    begins: int = 0,
    reason: str = "",
) -> ProtectedSeries:
    """Return the series of figures that were already shown, with its signals.

    A hidden figure keeps its index and is not judged. The mean and the limits are computed from
    index `begins` on, for the `reason` given.
    """
    names, figures = [name for name, _ in points], [figure for _, figure in points]
    judged = _judged(figures, begins)
    if not judged:
        return ProtectedSeries(
            unit, tuple(names), tuple(figures), None, None, None, True, (), reason
        )
    found = xmr([value for _, value in judged])
    return ProtectedSeries(
        unit,
        tuple(names),
        tuple(figures),
        _tenths(found.mean),
        None if found.upper is None else _tenths(found.upper),
        None if found.lower is None else max(0, _tenths(found.lower)),
        found.provisional,
        tuple(judged[point - 1][0] for point in found.flagged),
        reason,
    )


def _judged(figures: Sequence[Figure], begins: int) -> list[tuple[int, int]]:
    """Return (index, value) of the figures that are shown, from index `begins` on."""
    return [
        (place, figure.value)
        for place, figure in enumerate(figures)
        if place >= begins and isinstance(figure, Shown)
    ]


def _tenths(value: float) -> int:
    return floor(10 * value + 0.5)
