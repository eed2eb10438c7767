"""Tables of the same people in one edition; they must agree (domain.md 10).

A cell that one table hides must not be shown in another. A figure is identified by whom it counts:
its population, and a box of conditions on columns, each with the codes it allows. Two figures with
one box are one figure, in whatever report they are. What a whole edition needs is kept with the
releases. Plain Python, because the registry stores it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from grievances.reports.disclosure.tables import Box, Place

Equation = tuple[tuple[Box, float], ...]
"""Figures with their signs, which add up to zero."""


@dataclass(frozen=True)
class KinCell:
    """One figure of a table: its box, its exact count, and whether it is shown."""

    box: Box
    cases: int
    shown: bool


@dataclass
class KinTable:
    """The figures of one table by their places, margins included."""

    cells: dict[Place, KinCell] = field(default_factory=dict)

    def equations(self) -> list[Equation]:
        """Return the equation of each line: the parts less the total."""
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
    """Return whether each figure of these tables is shown in any of them."""
    told: dict[Box, bool] = {}
    for table in tables:
        for cell in table.cells.values():
            told[cell.box] = told.get(cell.box, False) or cell.shown
    return told


def find_contradictions(tables: Iterable[KinTable]) -> list[Box]:
    """Return the figures that are shown in one table and hidden in another."""
    seen: dict[Box, set[bool]] = defaultdict(set)
    for table in tables:
        for cell in table.cells.values():
            seen[cell.box].add(cell.shown)
    return [box for box, ways in seen.items() if len(ways) > 1]


def write_box(box: Box) -> str:
    """Return a box as text; equal boxes give equal text."""
    return json.dumps(sorted([column, sorted(codes)] for column, codes in box))


@lru_cache(maxsize=20_000)
def read_box(text: str) -> Box:
    """Return the box that `write_box` wrote."""
    return frozenset((column, frozenset(codes)) for column, codes in json.loads(text))
