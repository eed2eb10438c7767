"""What an attacker could work out: the linear-programme audit (domain.md 10.3, step 5).

The only part of disclosure control that needs numpy and scipy, so only builders import it.
"""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from grievances.reports.disclosure.tables import Cell, Place, Table

Floats = NDArray[np.float64]
TOLERANCE = 1e-6


def find_narrow(table: Table, hidden: Collection[Place], t: int) -> tuple[Place, ...]:
    """Find the hidden cells that the exact shown ones pin down to fewer than t apart.

    The attacker knows every shown count before rounding, and that no count is negative; that is
    more than a page gives, so what passes here passes with rounding too.
    """
    places = sorted(hidden)
    if not places:
        return ()
    grid = table.grid()
    matrix, amounts = _make_equations(table, grid, places)
    low = np.array([grid[place].cases for place in places], dtype=np.float64)
    high = low.copy()
    cap = float(table.total.cases + t)
    for index in range(len(places)):
        for direction in (-1.0, 1.0):
            if high[index] - low[index] >= t - TOLERANCE:
                break
            # Every solution is a possible table, so it widens the other cells' intervals too.
            found = _solve(matrix, amounts, index, direction, cap)
            low, high = np.minimum(low, found), np.maximum(high, found)
    return tuple(
        place for place, width in zip(places, high - low, strict=True) if width < t - TOLERANCE
    )


def _make_equations(
    table: Table, grid: dict[Place, Cell], places: list[Place]
) -> tuple[Floats, Floats]:
    """One equation for each line: hidden parts less a hidden total = shown total less parts."""
    column = {place: index for index, place in enumerate(places)}
    matrix, amounts = [], []
    for line in table.lines():
        signs = [(place, 1.0) for place in line.parts] + [(line.total, -1.0)]
        row = np.zeros(len(places))
        for place, sign in signs:
            if place in column:
                row[column[place]] = sign
        matrix.append(row)
        amounts.append(-sum(sign * grid[p].cases for p, sign in signs if p not in column))
    return np.array(matrix), np.array(amounts, dtype=np.float64)


def _solve(matrix: Floats, amounts: Floats, index: int, direction: float, cap: float) -> Floats:
    """Find a possible table with the cell as large (-1) or as small (+1) as can be."""
    goal = np.zeros(matrix.shape[1])
    goal[index] = direction
    answer = linprog(goal, A_eq=matrix, b_eq=amounts, bounds=(0.0, cap), method="highs")
    if answer.x is None:
        # The true table is always a solution, so this is a fault and must not pass as safe.
        raise ArithmeticError(f"the audit found no table: {answer.message}")
    return np.asarray(answer.x, dtype=np.float64)
