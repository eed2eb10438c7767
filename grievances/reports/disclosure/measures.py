"""A median, and how many handlers are needed: worked out from protected figures (domain.md 1).

Plain Python: the web process may import this module.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from grievances.reports.disclosure.protected import (
    HIDDEN,
    Figure,
    ProtectedTable,
    Shown,
    read_figure,
    write_figure,
)


@dataclass(frozen=True)
class ProtectedMedian:
    """The middle of a small whole number, such as offers for each case, over rounded `cases`.

    `unit` is what is counted, as the head of a column.
    """

    kind: ClassVar[str] = "median"
    cases: Figure
    median: Figure
    unit: str

    def to_json(self) -> dict[str, Any]:
        """Give the object as plain JSON data."""
        figures = {"cases": write_figure(self.cases), "median": write_figure(self.median)}
        return {"kind": self.kind, "unit": self.unit, **figures}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ProtectedMedian":
        """Read what `to_json` wrote."""
        return cls(read_figure(data["cases"]), read_figure(data["median"]), data["unit"])


@dataclass(frozen=True)
class ProtectedNeed:
    """How many can handle concerns and how many concerns are open, where each may hold `cap`."""

    kind: ClassVar[str] = "need"
    handlers: Figure
    open: Figure
    cap: int

    @property
    def needed(self) -> Figure:
        """How many handlers the open concerns would need, each with as many as allowed."""
        return Shown(-(-self.open.value // self.cap)) if isinstance(self.open, Shown) else HIDDEN

    @property
    def words(self) -> str:
        """Whether they are enough; rounding makes either side uncertain by one or two."""
        if not isinstance(self.needed, Shown) or not isinstance(self.handlers, Shown):
            return "Too few to say"
        missing = self.needed.value - self.handlers.value
        return f"About {missing} too few" if missing > 0 else "Enough"

    def to_json(self) -> dict[str, Any]:
        """Give the object as plain JSON data."""
        figures = {"handlers": write_figure(self.handlers), "open": write_figure(self.open)}
        return {"kind": self.kind, "cap": self.cap, **figures}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ProtectedNeed":
        """Read what `to_json` wrote."""
        return cls(read_figure(data["handlers"]), read_figure(data["open"]), data["cap"])


MIN_MEDIAN_CASES = 10
"""Cases, and people, from which a median is shown (domain.md 10.3, step 7)."""


def median_of_counts(
    table: ProtectedTable, sizes: Mapping[int, int], persons: int, unit: str
) -> ProtectedMedian:
    """The middle of numbers of which `sizes` says how often each occurs; the lower one of two.

    `table` is what was protected of the cases behind it: hidden with them.
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
