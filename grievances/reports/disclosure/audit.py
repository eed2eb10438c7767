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


def find_determined(rows: Sequence[Mapping[int, float]]) -> list[int]:
    """Return the indexes of the unknowns that the equations determine.

    The amounts of the equations do not matter. They are few and sparse, so they are reduced one
    after the other; an unknown is determined if an equation is left that has it alone.
    """
    reduced: dict[int, dict[int, float]] = {}
    for row in rows:
        left = {index: sign for index, sign in row.items() if sign}
        for index in [index for index in left if index in reduced]:
            _take(left, reduced[index], left[index])
        if not left:
            continue
        first = min(left)
        left = {index: sign / left[first] for index, sign in left.items()}
        for other in reduced.values():
            if first in other:
                _take(other, left, other[first])
        reduced[first] = left
    return sorted(index for index, left in reduced.items() if len(left) == 1)


def _take(row: dict[int, float], other: Mapping[int, float], times: float) -> None:
    """Subtract a multiple of one equation from another."""
    for index, sign in other.items():
        left = row.get(index, 0.0) - times * sign
        if abs(left) > TOLERANCE:
            row[index] = left
        else:
            row.pop(index, None)


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
    low = high = np.array(values, dtype=np.float64)
    cap = np.full(len(values), float(sum(values) + t))
    listed = list(range(len(values)) if wanted is None else wanted)
    if len(listed) > 1:
        # All together first: none needs more than its threshold above its true value.
        near = cap.copy()
        near[listed] = low[listed] + t
        for direction in (-1.0, 1.0):
            low, high = _widen(low, high, _solve(matrix, known, listed, direction, near))
    for index in listed:
        for direction in (-1.0, 1.0):
            if high[index] - low[index] >= t - TOLERANCE:
                break
            low, high = _widen(low, high, _solve(matrix, known, [index], direction, cap))
    return [float(width) for width in high - low]


def _widen(low: Floats, high: Floats, found: Floats) -> tuple[Floats, Floats]:
    return np.minimum(low, found), np.maximum(high, found)


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


def _solve(
    matrix: Floats, amounts: Floats, wanted: Sequence[int], direction: float, most: Floats
) -> Floats:
    """Return a possible table in which these cells are as large or small as can be.

    `direction` is -1 for the largest and +1 for the smallest values, `most` the limit of each.

    Raises:
        ArithmeticError: The solver found no table.
    """
    goal = np.zeros(matrix.shape[1])
    goal[list(wanted)] = direction
    bounds = np.column_stack((np.zeros(len(most)), most))
    answer = linprog(goal, A_eq=matrix, b_eq=amounts, bounds=bounds, method="highs")
    if answer.x is None:
        # The true table is always a solution, so this is a fault and must not pass as safe.
        raise ArithmeticError(f"the audit found no table: {answer.message}")
    return np.asarray(answer.x, dtype=np.float64)
