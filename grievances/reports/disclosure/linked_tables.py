"""Tables of the same people in one edition: what one hides, another must not show (domain.md 10).

A figure is known by whom it counts: its population, and a box of conditions on columns, each with
the codes it allows. Two figures with one box are one figure, in whatever report they stand. What
is needed of a whole edition is kept with the releases. Plain Python: the registry keeps it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from grievances.reports.disclosure.tables import Box, Place

Equation = tuple[tuple[Box, float], ...]
"""Figures with their signs, which add up to nothing."""


@dataclass(frozen=True)
class KinCell:
    """One figure of a table: whom it counts, how many that are exactly, and whether it is shown."""

    box: Box
    cases: int
    shown: bool


@dataclass
class KinTable:
    """The figures of one table by their places, margins included."""

    cells: dict[Place, KinCell] = field(default_factory=dict)

    def equations(self) -> list[Equation]:
        """Each line of it: the parts less the total."""
        down = max(i for i, _ in self.cells)
        across = max(j for _, j in self.cells)
        lines = [([(i, j) for i in range(down)], (down, j)) for j in range(across + 1)]
        if across:
            lines += [([(i, j) for j in range(across)], (i, across)) for i in range(down + 1)]
        return [self._equation(parts, total) for parts, total in lines]

    def _equation(self, parts: Iterable[Place], total: Place) -> Equation:
        signs = [(self.cells[place].box, 1.0) for place in parts]
        return (*signs, (self.cells[total].box, -1.0))


def find_told(tables: Iterable[KinTable]) -> dict[Box, bool]:
    """Whether each figure of these tables is shown in any of them."""
    told: dict[Box, bool] = {}
    for table in tables:
        for cell in table.cells.values():
            told[cell.box] = told.get(cell.box, False) or cell.shown
    return told


def find_contradictions(tables: Iterable[KinTable]) -> list[Box]:
    """The figures that stand in one table and are hidden in another."""
    seen: dict[Box, set[bool]] = defaultdict(set)
    for table in tables:
        for cell in table.cells.values():
            seen[cell.box].add(cell.shown)
    return [box for box, ways in seen.items() if len(ways) > 1]


def write_box(box: Box) -> str:
    """A box as text, the same for the same box."""
    return json.dumps(sorted([column, sorted(codes)] for column, codes in box))


def read_box(text: str) -> Box:
    """Read what `write_box` wrote."""
    return frozenset((column, frozenset(codes)) for column, codes in json.loads(text))
