"""What is worked out from protected figures, and from them alone (domain.md 10.3, step 7).

Rates, comparisons between groups and series over time: nothing here ever sees an exact count.
Plain Python: the web process may import this module.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, floor, log, sqrt
from typing import Any, ClassVar

from grievances.reports.disclosure.protected import (
    HIDDEN,
    Figure,
    ProtectedShare,
    Shown,
    read_figure,
    write_figure,
)
from grievances.reports.statistics.intervals import Z95, wilson
from grievances.reports.statistics.variation import xmr

MIN_GROUP = 20
"""Decided concerns in each of two groups before they are compared (domain.md 9, Disparity)."""


@dataclass(frozen=True)
class ProtectedRate:
    """So many for each `per` staff, in tenths, with a Wilson interval from the rounded count.

    `staff` is the organisation's own number, None where it gave none: then there is no rate.
    `counted` is what is counted, as the head of a column.
    """

    kind: ClassVar[str] = "rate"
    part: Figure
    staff: int | None
    tenths: Figure
    lower: Figure
    upper: Figure
    per: int = 100
    counted: str = "Concerns"

    @property
    def unit(self) -> str:
        """What one of the rate stands for, in words."""
        return f"per {self.per:,} staff"

    def to_json(self) -> dict[str, Any]:
        """Give the object as plain JSON data."""
        figures = {name: write_figure(getattr(self, name)) for name in _RATE}
        words = {"per": self.per, "counted": self.counted}
        return {"kind": self.kind, "staff": self.staff, **words, **figures}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ProtectedRate":
        """Read what `to_json` wrote."""
        part, tenths, lower, upper = (read_figure(data[name]) for name in _RATE)
        # What was published before other rates than concerns for each 100 were, says neither.
        words = {name: data[name] for name in ("per", "counted") if name in data}
        return cls(part, data["staff"], tenths, lower, upper, **words)


_RATE = ("part", "tenths", "lower", "upper")


def rate_of(
    part: Figure, staff: int | None, per: int = 100, counted: str = "Concerns"
) -> ProtectedRate:
    """How many of each `per` staff; hidden with its count, and without a number of staff."""
    if not isinstance(part, Shown) or not staff or part.value > staff:
        return ProtectedRate(part, staff or None, HIDDEN, HIDDEN, HIDDEN, per, counted)
    interval = wilson(part.value, staff)
    limits = (interval.lower, interval.upper) if interval else (0.0, 1.0)
    tenths, lower, upper = (
        Shown(floor(10 * per * share + 0.5)) for share in (part.value / staff, *limits)
    )
    return ProtectedRate(part, staff, tenths, lower, upper, per, counted)


@dataclass(frozen=True)
class ProtectedComparison:
    """Two groups' shares beside each other: difference in points, and ratio in hundredths.

    All six are hidden where either group has fewer than 20, or a figure of it is hidden. Both the
    difference and the ratio are shown, since they may disagree at the margin.
    """

    kind: ClassVar[str] = "comparison"
    points: Figure
    lower: Figure
    upper: Figure
    ratio: Figure
    ratio_lower: Figure
    ratio_upper: Figure

    @property
    def words(self) -> str:
        """What may be said of it (domain.md 9: no stars of significance, and no ranking)."""
        limits = self.lower, self.upper
        if not isinstance(limits[0], Shown) or not isinstance(limits[1], Shown):
            return "Too few to compare."
        apart = [limits[0].value > 0 or limits[1].value < 0]
        if isinstance(self.ratio_lower, Shown) and isinstance(self.ratio_upper, Shown):
            apart.append(self.ratio_lower.value > 100 or self.ratio_upper.value < 100)
        if all(apart):
            return "They differ by more than chance alone would explain."
        if any(apart):
            return "They may differ; the numbers are too small to be sure."
        return (
            "No difference can be seen with numbers this small, which is not to say there is none."
        )

    def to_json(self) -> dict[str, Any]:
        """Give the object as plain JSON data."""
        return {"kind": self.kind, **{n: write_figure(getattr(self, n)) for n in _COMPARED}}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ProtectedComparison":
        """Read what `to_json` wrote."""
        return cls(*(read_figure(data[name]) for name in _COMPARED))


_COMPARED = ("points", "lower", "upper", "ratio", "ratio_lower", "ratio_upper")


def compare(first: ProtectedShare, second: ProtectedShare) -> ProtectedComparison:
    """The first group's share beside the second's, by Newcombe's interval and relative "
    "likelihood."""
    x1, n1, x2, n2 = (
        figure.value if isinstance(figure, Shown) else -1
        for figure in (first.part, first.whole, second.part, second.whole)
    )
    if min(x1, x2) < 0 or min(n1, n2) < MIN_GROUP or x1 > n1 or x2 > n2:
        return ProtectedComparison(HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
    points, lower, upper = (Shown(floor(100 * value + 0.5)) for value in difference(x1, n1, x2, n2))
    return ProtectedComparison(points, lower, upper, *_ratio(x1, n1, x2, n2))


def difference(x1: int, n1: int, x2: int, n2: int) -> tuple[float, float, float]:
    """The difference of two shares with Newcombe's hybrid interval, from -1 to 1."""
    first, second = wilson(x1, n1), wilson(x2, n2)
    if first is None or second is None:
        raise ValueError("a group is empty")
    p1, p2 = x1 / n1, x2 / n2
    down = sqrt((p1 - first.lower) ** 2 + (second.upper - p2) ** 2)
    up = sqrt((first.upper - p1) ** 2 + (p2 - second.lower) ** 2)
    return p1 - p2, p1 - p2 - down, p1 - p2 + up


def _ratio(x1: int, n1: int, x2: int, n2: int) -> tuple[Figure, Figure, Figure]:
    if not x1 or not x2:
        return HIDDEN, HIDDEN, HIDDEN
    centre = log((x1 / n1) / (x2 / n2))
    spread = Z95 * sqrt(1 / x1 - 1 / n1 + 1 / x2 - 1 / n2)
    values = (exp(centre), exp(centre - spread), exp(centre + spread))
    ratio, lower, upper = (Shown(floor(100 * value + 0.5)) for value in values)
    return ratio, lower, upper


@dataclass(frozen=True)
class ProtectedSeries:
    """The same protected figure over periods, with what a chart of variation says of it.

    `mean`, `upper` and `lower` are in tenths of the figure's unit; the limits are None below 12
    points, `provisional` says there are fewer than 20. `flagged` are the places, from 0, of points
    that are signals. `rebased` is the reason for which the series began afresh, if it did.
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

    def to_json(self) -> dict[str, Any]:
        """Give the object as plain JSON data."""
        names = ("unit", "mean", "upper", "lower", "provisional", "rebased")
        return {
            "kind": self.kind,
            **{name: getattr(self, name) for name in names},
            "periods": list(self.periods),
            "figures": [write_figure(figure) for figure in self.figures],
            "flagged": list(self.flagged),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ProtectedSeries":
        """Read what `to_json` wrote."""
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
    """Judge figures that were already shown. A hidden one leaves its place and is not judged.

    `begins` is the place from which the mean and the limits are reckoned, for the `reason` given.
    """
    names, figures = [name for name, _ in points], [figure for _, figure in points]
    judged = [
        (place, figure.value)
        for place, figure in enumerate(figures)
        if place >= begins and isinstance(figure, Shown)
    ]
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


def _tenths(value: float) -> int:
    return floor(10 * value + 0.5)
