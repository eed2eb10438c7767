"""The cells to hide: primary, class and complementary (domain.md 10.3, steps 2-4).

Plain Python and deterministic. `protection` runs it together with the audit.
"""

from collections.abc import Collection, Iterable

from grievances.reports.disclosure.audience import Audience
from grievances.reports.disclosure.tables import Cell, Classes, Line, Place, Table


def is_small(cell: Cell, t: int) -> bool:
    """Return whether a cell holds cases, but under t cases or complainants."""
    return cell.cases > 0 and min(cell.cases, cell.persons) < t


def is_dominated(cell: Cell, audience: Audience) -> bool:
    """Return whether one complainant or one respondent has too much of a cell."""
    return cell.cases > 0 and (
        100 * cell.largest_complainant >= audience.dom1 * cell.cases
        or 100 * cell.largest_respondent >= audience.dom_resp * cell.cases
    )


def find_primary(table: Table, audience: Audience) -> set[Place]:
    """Return the places to hide in step 2.

    These are small cells and margins, dominated interior cells, and zeros that would say something.
    """
    grid = table.grid()
    interior = table.interior()
    hidden = {place for place, cell in grid.items() if is_small(cell, audience.t)}
    hidden |= {place for place in interior if is_dominated(grid[place], audience)}
    if audience.hide_zero:
        hidden |= {place for place in interior if not grid[place].cases} - table.empty_lines()
    return hidden


def find_telling_groups(table: Table, classes: Classes) -> tuple[Line, ...]:
    """Return the groups of which all, or none, share an outcome.

    `classes` says whether rows or columns are the groups. The line of totals counts as a group,
    because what holds for all holds for each.
    """
    grid = table.grid()
    lines = table.row_lines() if classes == "rows" else table.column_lines()
    return tuple(
        line
        for line in lines
        if grid[line.total].cases
        and any(grid[part].cases in (0, grid[line.total].cases) for part in line.parts)
    )


def find_class_disclosure(table: Table, audience: Audience, classes: Classes | None) -> set[Place]:
    """Return the places to hide in step 3.

    They are the whole split of each telling group below `class_min` cases.
    """
    if classes is None:
        return set()
    grid = table.grid()
    small = [
        line
        for line in find_telling_groups(table, classes)
        if grid[line.total].cases < audience.class_min
    ]
    return {part for line in small for part in line.parts} - table.empty_lines()


def find_to_review(table: Table, audience: Audience, classes: Classes) -> tuple[str, ...]:
    """Return the names of the telling groups that are large enough to be shown.

    A person reviews them first (step 3). The list is for the builder only: it gives information, so
    it is not part of a protected table.
    """
    grid = table.grid()
    names = (*(table.rows if classes == "rows" else table.columns), "Total")
    lines = table.row_lines() if classes == "rows" else table.column_lines()
    telling = find_telling_groups(table, classes)
    return tuple(
        name
        for name, line in zip(names, lines, strict=True)
        if line in telling and grid[line.total].cases >= audience.class_min
    )


def complete(
    table: Table, hidden: Iterable[Place], t: int, fixed: Collection[Place] = ()
) -> set[Place]:
    """Return the hidden places of step 4.

    More places are hidden until no hidden cell can be found by subtraction on a line. `fixed` are
    places that another table already shows: hiding them here would hide nothing.
    """
    grid = table.grid()
    result = set(hidden)
    size = -1
    while len(result) != size:
        size = len(result)
        for line in table.lines():
            _cover(line, grid, result, t, fixed)
    return result


def find_smallest(
    places: Iterable[Place], grid: dict[Place, Cell], hidden: set[Place]
) -> Place | None:
    """Return the smallest shown cell that is not 0, or None.

    Of equal cells it is the one in the lowest row, then column.
    """
    shown = [place for place in places if place not in hidden and grid[place].cases]
    return min(shown, key=lambda place: (grid[place].cases, place), default=None)


def _cover(
    line: Line,
    grid: dict[Place, Cell],
    hidden: set[Place],
    t: int,
    fixed: Collection[Place],
) -> None:
    """Hide cells on one line until it is safe, or nothing is left to hide."""
    while _is_exposed(line, grid, hidden, t):
        extra = find_smallest(line.parts, grid, hidden.union(fixed))
        if extra is None and (line.total in hidden or line.total in fixed):
            return
        hidden.add(line.total if extra is None else extra)


def _is_exposed(line: Line, grid: dict[Place, Cell], hidden: set[Place], t: int) -> bool:
    parts = [grid[place] for place in line.parts if place in hidden]
    if line.total in hidden:
        return not parts
    if not parts:
        return False
    cases = sum(cell.cases for cell in parts)
    persons = sum(cell.persons for cell in parts)
    return len(parts) == 1 or min(cases, persons) < t
