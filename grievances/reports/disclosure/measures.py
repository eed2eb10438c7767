"""A median, and the handlers needed, from protected figures (domain.md 1).

Plain Python: the web process may import this module.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from grievances.reports.disclosure.protected import (
    HIDDEN,
    Figure,
    ProtectedTable,
    Shown,
    read_figure,
    write_figure,
)
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
