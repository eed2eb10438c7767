"""Figures derived from protected figures alone (domain.md 10.3, step 7).

These are rates and comparisons between groups. No function here ever sees an
exact count. Plain Python: the web process may import this module.
"""

from dataclasses import dataclass
from math import floor
from typing import ClassVar

from grievances.reports.disclosure.protected import (
    HIDDEN,
    ROUNDED_BY,
    SMALL_BASE,
    Figure,
    ProtectedShare,
    Shown,
    read_figure,
    write_figure,
)
from grievances.reports.statistics.intervals import Z95, Z998, events, whole_limits, wilson
from grievances.reports.statistics.two_shares import Estimate, difference, ratio
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

    It is hidden where the count is hidden, and where the number of staff is not known. It may be
    more than `per`: few staff may raise many concerns.
    """
    a_year = unit.months is not None
    followed = (staff or 0) * (unit.months or MONTHS) / MONTHS
    if not isinstance(part, Shown) or not staff:
        return ProtectedRate(
            part, staff or None, HIDDEN, HIDDEN, HIDDEN, unit.per, unit.counted, a_year
        )
    limits = _limits(100 * part.value / unit.each, 100 * followed / unit.each)
    tenths = floor(10 * unit.per * part.value / followed + 0.5)
    lower, upper = whole_limits(*(10 * unit.per * share for share in limits))
    # The upper limit is never 0: nothing is certain, however many staff there are.
    limits_shown = Shown(lower), Shown(max(upper, 1))
    return ProtectedRate(part, staff, Shown(tenths), *limits_shown, unit.per, unit.counted, a_year)


def _limits(people: float, followed: float) -> tuple[float, float]:
    """Return the limits of a rate for each of those followed.

    Where more happened than there are staff they are no trials of theirs, but events.
    """
    if people > followed:
        found = events(people)
        return found.lower / followed, found.upper / followed
    interval = wilson(people, followed)
    return (interval.lower, interval.upper) if interval else (0.0, 1.0)


ROUNDED = "Rounding alone may have moved this."
FINE = 10
"""The share in percent under which a difference is given in tenths of a point."""


@dataclass(frozen=True)
class ProtectedComparison:
    """The shares of two groups, compared: difference in points, ratio in hundredths.

    All six figures are hidden where either group has fewer than 20 concerns, or has a hidden
    figure. Both the difference and the ratio are shown, because they may disagree at the margin.
    `level` is that of their limits, in thousandths. `few` says that a group has fewer than 50, or
    that with other counts of the same rounding the two would not differ. The difference is in
    units of 1 / `scale` of a point: small shares differ by less than a whole one.
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
    scale: int = 1

    def in_points(self, figure: Figure) -> str:
        """Return the difference or one of its limits as a person reads it."""
        if self.scale == 1 or not isinstance(figure, Shown):
            return str(figure)
        return f"{figure.value / self.scale:.1f}"

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
            return "Not compared: one of the two is not shown, or is of fewer than 20."
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
        return {"kind": self.kind, **figures, **{name: getattr(self, name) for name in _OF_IT}}

    @classmethod
    def from_json(cls, data: JsonMapping) -> "ProtectedComparison":
        """Return the object that `to_json` wrote."""
        # Older data does not say all: limits were of 95%, and points whole.
        figures = {name: read_figure(data[name]) for name in _COMPARED}
        level, few = data.get("level", USUAL), data.get("few", False)
        return cls(**figures, level=level, few=few, scale=data.get("scale", 1))


_COMPARED = ("points", "lower", "upper", "ratio", "ratio_lower", "ratio_upper")
_OF_IT = ("level", "few", "scale")


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
    shares = (*_people(x1, n1, first), *_people(x2, n2, second))
    z = Z998 if level == STRICT else Z95
    scale = 10 if 100 * max(x1 / n1, x2 / n2) < FINE else 1
    points, lower, upper = _rounded(difference(*shares, z), 100 * scale)
    few = min(n1, n2) < SMALL_BASE or _hangs_on_rounding(first, second, z)
    likely = _ratio(*shares, z)
    return ProtectedComparison(points, lower, upper, *likely, level=level, few=few, scale=scale)


def _people(part: int, whole: int, share: ProtectedShare) -> tuple[float, float]:
    """Return part and whole of a share as numbers of people."""
    return 100 * part / share.each, 100 * whole / share.each


def _hangs_on_rounding(first: ProtectedShare, second: ProtectedShare, z: float) -> bool:
    """Return whether two shares that seem to differ may be too near unrounded."""
    counts = [f.value for s in (first, second) for f in (s.part, s.whole) if isinstance(f, Shown)]
    x1, n1, x2, n2 = counts
    sign = 1 if x1 * n2 > x2 * n1 else -1
    nearer = (*_people(*_moved(x1, n1, -sign), first), *_people(*_moved(x2, n2, sign), second))
    ends = [
        difference(*(*_people(x1, n1, first), *_people(x2, n2, second)), z),
        difference(*nearer, z),
    ]
    now, before = (sign * (lower if sign > 0 else upper) > 0 for _, lower, upper in ends)
    return now and not before


def _moved(part: int, whole: int, sign: int) -> tuple[int, int]:
    """Return a share's counts as far up or down as rounding may hide; never 0."""
    if not part:
        return part, whole
    wide = whole - sign * ROUNDED_BY
    return min(part + sign * ROUNDED_BY, wide), wide


def _ratio(x1: float, n1: float, x2: float, n2: float, z: float) -> tuple[Figure, Figure, Figure]:
    """Return the relative likelihood and its limits, in hundredths."""
    found = ratio(x1, n1, x2, n2, z)
    if found is None:
        return HIDDEN, HIDDEN, HIDDEN
    return _rounded(found, 100)


def _rounded(found: Estimate, scale: int) -> tuple[Shown, Shown, Shown]:
    """Return a value with its limits in units of 1 / `scale`."""
    value, *limits = (scale * each for each in found)
    lower, upper = whole_limits(*limits)
    return Shown(floor(value + 0.5)), Shown(lower), Shown(upper)
