"""A median, handlers needed, and a series of protected figures.

Source: domain.md 1 and 9. Plain Python: the web process may import this module.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, inf, isnan, nan
from typing import ClassVar

from grievances.reports.disclosure.protected import (
    HIDDEN,
    Figure,
    ProtectedTable,
    Shown,
    read_figure,
    write_figure,
)
from grievances.reports.statistics.variation import xmr
from workflow.json_values import JsonMapping, JsonObject


@dataclass(frozen=True)
class ProtectedMedian:
    """The median of a small whole number, such as offers for each case.

    `cases` is the rounded number of cases. `unit` is the heading of the column that says what is
    counted.
    """

    kind: ClassVar[str] = "median"
    cases: Figure
    median: Figure
    unit: str

    def to_json(self) -> JsonObject:
        """Return the object as plain JSON data."""
        figures = {"cases": write_figure(self.cases), "median": write_figure(self.median)}
        return {"kind": self.kind, "unit": self.unit, **figures}

    @classmethod
    def from_json(cls, data: JsonMapping) -> "ProtectedMedian":
        """Return the object that `to_json` wrote."""
        return cls(read_figure(data["cases"]), read_figure(data["median"]), data["unit"])


@dataclass(frozen=True)
class ProtectedNeed:
    """The handlers and the open concerns, where a handler may have `cap` concerns."""

    kind: ClassVar[str] = "need"
    handlers: Figure
    open: Figure
    cap: int

    @property
    def needed(self) -> Figure:
        """The number of handlers that the open concerns need, each with `cap` of them."""
        return Shown(-(-self.open.value // self.cap)) if isinstance(self.open, Shown) else HIDDEN

    @property
    def words(self) -> str:
        """The sentence on whether the handlers are enough.

        Rounding makes either number uncertain by one or two.
        """
        if not isinstance(self.needed, Shown) or not isinstance(self.handlers, Shown):
            return "Too few to say"
        missing = self.needed.value - self.handlers.value
        return f"About {missing} too few" if missing > 0 else "Enough"

    def to_json(self) -> JsonObject:
        """Return the object as plain JSON data."""
        figures = {"handlers": write_figure(self.handlers), "open": write_figure(self.open)}
        return {"kind": self.kind, "cap": self.cap, **figures}

    @classmethod
    def from_json(cls, data: JsonMapping) -> "ProtectedNeed":
        """Return the object that `to_json` wrote."""
        return cls(read_figure(data["handlers"]), read_figure(data["open"]), data["cap"])


MIN_MEDIAN_CASES = 10
"""Cases, and people, from which a median is shown (domain.md 10.3, step 7)."""


def median_of_counts(
    table: ProtectedTable, sizes: Mapping[int, int], persons: int, unit: str
) -> ProtectedMedian:
    """Return the lower median of whole numbers.

    `sizes` maps each number to how often it occurs. `table` is the protected table of the cases
    behind it; where its total is hidden, the median is hidden too.
    """
    cases = sum(sizes.values())
    if not isinstance(table.total, Shown) or min(cases, persons) < MIN_MEDIAN_CASES:
        return ProtectedMedian(table.total, HIDDEN, unit)
    seen = 0
    for number, often in sorted(sizes.items()):
        seen += often
        if 2 * seen >= cases:
            return ProtectedMedian(table.total, Shown(number), unit)
    return ProtectedMedian(table.total, HIDDEN, unit)


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
    unit: str, points: Sequence[tuple[str, Figure]], *, begins: int = 0, reason: str = ""
) -> ProtectedSeries:
    """Return the series of figures that were already shown, with its signals.

    A hidden figure keeps its index, is not judged and ends a run. The mean and the limits are
    computed from index `begins` on, for the `reason` given. No limit of a share is above 100%.
    """
    names, figures = tuple(name for name, _ in points), tuple(figure for _, figure in points)
    judged = [float(f.value) if isinstance(f, Shown) else nan for f in figures[begins:]]
    if all(map(isnan, judged)):
        return ProtectedSeries(unit, names, figures, None, None, None, True, (), reason)
    found = xmr(judged)
    most = 100.0 if unit == PERCENT else inf
    return ProtectedSeries(
        unit,
        names,
        figures,
        _tenths(found.mean),
        None if found.upper is None else _tenths(min(found.upper, most)),
        None if found.lower is None else max(0, _tenths(found.lower)),
        found.provisional,
        tuple(begins + point - 1 for point in found.flagged),
        reason,
    )


PERCENT = "%"
"""The unit of a series of shares."""


def _tenths(value: float) -> int:
    return floor(10 * value + 0.5)
