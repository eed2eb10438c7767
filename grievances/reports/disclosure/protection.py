"""Conversion of exact numbers into protected objects (domain.md 10.3).

Builders only: it needs scipy.
"""

from collections.abc import Collection, Mapping, Sequence
from math import floor

from grievances.reports.disclosure.audience import Audience
from grievances.reports.disclosure.audit import find_narrow
from grievances.reports.disclosure.protected import (
    HIDDEN,
    SYMBOL,
    Figure,
    ProtectedCount,
    ProtectedMean,
    ProtectedShare,
    ProtectedTable,
    Shown,
)
from grievances.reports.disclosure.suppression import (
    complete,
    find_class_disclosure,
    find_primary,
    find_smallest,
    is_dominated,
    is_small,
)
from grievances.reports.disclosure.tables import Cell, Classes, Place, Table
from grievances.reports.statistics.intervals import percents, wilson

MIN_SHARE_BASE = 20
MIN_CURVE_CASES = 30
MIN_AVERAGE_CASES = 10
AVERAGE_BASE = 5


def protect(table: Table, audience: Audience, classes: Classes | None = None) -> ProtectedTable:
    """Return the protected table.

    `classes` says whether rows or columns are the groups whose outcomes the table splits.
    """
    grid = table.grid()
    hidden = find_hidden(table, audience, classes)
    shown = {p: audience.round(cell.cases) for p, cell in grid.items() if p not in hidden}
    return draw(table, shown)


def draw(table: Table, shown: Mapping[Place, int]) -> ProtectedTable:
    """Return the table with these rounded figures, and the symbol in all other places."""
    rounded: dict[Place, int | str] = {place: shown.get(place, SYMBOL) for place in table.grid()}
    columns = range(len(table.columns) + 1)
    grid = [[rounded[i, j] for j in columns] for i in range(len(table.rows) + 1)]
    return ProtectedTable.from_grid(table.rows, table.columns, grid)


def find_hidden(
    table: Table,
    audience: Audience,
    classes: Classes | None = None,
    also: Collection[Place] = (),
    fixed: Collection[Place] = (),
) -> frozenset[Place]:
    """Return every place to hide: the smallest of four patterns that passes the audit.

    The patterns are: the cells that need it; the whole interior (totals only); all but the grand
    total; everything. `also` are places to hide for other reasons. `fixed` are places that another
    table of the same people already shows; they stay shown.
    """
    needed = find_primary(table, audience) | find_class_disclosure(table, audience, classes)
    needed = (needed | set(also)) - set(fixed)
    grid, kept = table.grid(), table.empty_lines()
    everything = set(grid) - set(fixed)
    grand = (len(table.rows), len(table.columns))
    for wider in (set[Place](), set(table.interior()) - kept, everything - kept - {grand}):
        settled = _settle(table, needed | wider - set(fixed), audience.t, fixed)
        if settled is not None:
            return frozenset(settled)
    return frozenset(everything)


def _settle(
    table: Table, hidden: set[Place], t: int, fixed: Collection[Place]
) -> set[Place] | None:
    """Return the hidden places once completion and audit agree.

    Returns None where nothing more can be hidden.
    """
    grid, lines = table.grid(), table.lines()
    while True:
        hidden = complete(table, hidden, t, fixed)
        narrow = find_narrow(table, hidden, t)
        if not narrow:
            return hidden
        near = [p for line in lines for p in line.parts if {*line.parts, line.total} & {*narrow}]
        taken = hidden.union(fixed)
        extra = find_smallest(near, grid, taken)
        if extra is None:
            extra = find_smallest(table.interior(), grid, taken)
        if extra is None:
            return None
        hidden.add(extra)


def protect_count(cell: Cell, audience: Audience) -> ProtectedCount:
    """Return one protected count that belongs to no table."""
    hidden = (
        is_small(cell, audience.t)
        or is_dominated(cell, audience)
        or (audience.hide_zero and not cell.cases)
    )
    return ProtectedCount(HIDDEN if hidden else Shown(audience.round(cell.cases)))


def protect_share(part: Cell, rest: Cell, audience: Audience) -> ProtectedShare:
    """Return a protected share; both sides must pass (domain.md 8 and 10).

    The whole counts `part` and `rest`, and at least as many persons as the larger of the two.
    """
    cases = part.cases + rest.cases
    whole = Cell(cases, max(part.persons, rest.persons))
    shown_whole: Figure = HIDDEN if is_small(whole, audience.t) else Shown(audience.round(cases))
    telling = cases > 0 and not (part.cases and rest.cases)
    hidden = telling and (audience.hide_zero or cases < audience.class_min)
    hidden = hidden or any(
        is_small(side, audience.t) or is_dominated(side, audience) for side in (part, rest)
    )
    return share_of(HIDDEN if hidden else Shown(audience.round(part.cases)), shown_whole)


def share_of(part: Figure, whole: Figure, each: int = 100) -> ProtectedShare:
    """Return percents derived from two protected counts.

    The rounded whole must be at least 20. Only rounded counts are used, because an exact interval
    can be turned back into exact counts (domain.md 10.3, step 7). `each` is the number of rows of
    one person, in hundredths: people and not rows are the trials of the interval. There is no
    percent where a revision keeps an old part beside a new and smaller whole.
    """
    if not isinstance(part, Shown) or not isinstance(whole, Shown) or part.value > whole.value:
        return ProtectedShare(part, whole, HIDDEN, HIDDEN, HIDDEN, each)
    interval = wilson(100 * part.value / each, 100 * whole.value / each)
    if interval is None or whole.value < MIN_SHARE_BASE:
        return ProtectedShare(part, whole, HIDDEN, HIDDEN, HIDDEN, each)
    percent = (200 * part.value + whole.value) // (2 * whole.value)
    lower, upper = map(Shown, percents(interval, part.value / whole.value))
    return ProtectedShare(part, whole, Shown(percent), lower, upper, each)


def protect_mean(days: Sequence[int], base: Cell, audience: Audience) -> ProtectedMean:
    """Return a protected mean of working days, one value for each case of `base`.

    It is hidden under 10 cases or persons, and where one case is over half of the total (SDC6).
    """
    cases = protect_count(base, audience).figure
    number = min(base.cases, base.persons)
    if cases == HIDDEN or number < MIN_AVERAGE_CASES or 2 * max(days) > sum(days):
        return ProtectedMean(cases, HIDDEN)
    return ProtectedMean(cases, round_days(sum(days) / len(days), number))


def round_days(days: float, number: int) -> Shown:
    """Return whole working days, to the nearest 5 for fewer than 30 cases."""
    step = AVERAGE_BASE if number < MIN_CURVE_CASES else 1
    return Shown(floor(days / step + 0.5) * step)
