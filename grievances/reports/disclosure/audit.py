"""The linear-programme audit of tables (domain.md 10.3, step 5).

It finds what an attacker could work out. Only this part of disclosure control needs numpy and
scipy, so only builders import it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from grievances.reports.disclosure.tables import Cell, Place, Table

Floats = NDArray[np.float64]
TOLERANCE = 1e-6


def find_narrow(table: Table, hidden: Collection[Place], t: int) -> tuple[Place, ...]:
    """Return the hidden cells whose possible values span fewer than t cases.

    The attacker knows every shown count before rounding, and that no count is negative. A page
    gives less than that, so a table that passes here passes with rounding too.
    """
    places = sorted(hidden)
    if not places:
        return ()
    grid = table.grid()
    rows, amounts = _make_equations(table, grid, places)
    found = widths(rows, amounts, [grid[place].cases for place in places], t)
    return tuple(place for place, width in zip(places, found, strict=True) if width < t - TOLERANCE)


def find_determined(rows: Sequence[Mapping[int, float]], number: int) -> list[int]:
    """Return the indexes of the unknowns that the equations determine.

    `number` is how many unknowns there are. The amounts of the equations do not matter.
    """
    if not rows or not number:
        return []
    _, sizes, directions = np.linalg.svd(_matrix(rows, number))
    rank = int((sizes > TOLERANCE).sum())
    free = np.abs(directions[rank:]).max(axis=0, initial=0.0)
    return [index for index in range(number) if free[index] < TOLERANCE]


def _matrix(rows: Sequence[Mapping[int, float]], number: int) -> Floats:
    matrix = np.zeros((len(rows), number))
    for place, row in enumerate(rows):
        for index, sign in row.items():
            matrix[place, index] = sign
    return matrix


def widths(
    rows: Sequence[Mapping[int, float]],
    amounts: Sequence[float],
    values: Sequence[int],
    t: int,
    wanted: Iterable[int] | None = None,
) -> list[float]:
    """Return the span of the values that each unknown can take.

    The search stops at a span of t, because that is enough. `values` are the true values, which
    always solve the equations; none is negative. For an unknown that is not in `wanted`, the answer
    may be too low.
    """
    matrix = _matrix(rows, len(values))
    known = np.array(amounts, dtype=np.float64)
    low = np.array(values, dtype=np.float64)
    high = low.copy()
    cap = float(sum(values) + t)
    for index in range(len(values)) if wanted is None else wanted:
        for direction in (-1.0, 1.0):
            if high[index] - low[index] >= t - TOLERANCE:
                break
            found = _solve(matrix, known, index, direction, cap)
            low, high = np.minimum(low, found), np.maximum(high, found)
    return [float(width) for width in high - low]


def _make_equations(
    table: Table, grid: dict[Place, Cell], places: list[Place]
) -> tuple[list[dict[int, float]], list[float]]:
    """Return one equation for each line of the table.

    Hidden parts less a hidden total equal the shown total less the shown parts.
    """
    column = {place: index for index, place in enumerate(places)}
    rows, amounts = [], []
    for line in table.lines():
        signs = [(place, 1.0) for place in line.parts] + [(line.total, -1.0)]
        rows.append({column[place]: sign for place, sign in signs if place in column})
        amounts.append(-float(sum(sign * grid[p].cases for p, sign in signs if p not in column)))
    return rows, amounts


def _solve(matrix: Floats, amounts: Floats, index: int, direction: float, cap: float) -> Floats:
    """Return a possible table in which one cell is as large or as small as it can be.

    `direction` is -1 for the largest and +1 for the smallest value.

    Raises:
        ArithmeticError: The solver found no table.
    """
    goal = np.zeros(matrix.shape[1])
    goal[index] = direction
    answer = linprog(goal, A_eq=matrix, b_eq=amounts, bounds=(0.0, cap), method="highs")
    if answer.x is None:
        # The true table is always a solution, so this is a fault and must not pass as safe.
        raise ArithmeticError(f"the audit found no table: {answer.message}")
    return np.asarray(answer.x, dtype=np.float64)
