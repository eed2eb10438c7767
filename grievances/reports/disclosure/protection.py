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
    ProtectedPoint,
    ProtectedShare,
    ProtectedSurvival,
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
from grievances.reports.statistics.competing_risks import Incidence
from grievances.reports.statistics.intervals import wilson
from grievances.reports.statistics.survival import Survival

SURVIVAL_DAYS = (20, 40, 60, 90, 120)
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


def share_of(part: Figure, whole: Figure) -> ProtectedShare:
    """Return percents derived from two protected counts.

    The rounded whole must be at least 20. Only rounded counts are used, because an exact interval
    can be turned back into exact counts (domain.md 10.3, step 7).
    """
    if not isinstance(part, Shown) or not isinstance(whole, Shown):
        return ProtectedShare(part, whole, HIDDEN, HIDDEN, HIDDEN)
    interval = wilson(part.value, whole.value)
    if interval is None or whole.value < MIN_SHARE_BASE:
        return ProtectedShare(part, whole, HIDDEN, HIDDEN, HIDDEN)
    percent = (200 * part.value + whole.value) // (2 * whole.value)
    limits = _percent(interval.lower), _percent(interval.upper)
    return ProtectedShare(part, whole, Shown(percent), *limits)


def protect_mean(days: Sequence[int], base: Cell, audience: Audience) -> ProtectedMean:
    """Return a protected mean of working days, one value for each case of `base`.

    It is hidden under 10 cases or persons, and where one case is over half of the total (SDC6).
    """
    cases = protect_count(base, audience).figure
    number = min(base.cases, base.persons)
    if cases == HIDDEN or number < MIN_AVERAGE_CASES or 2 * max(days) > sum(days):
        return ProtectedMean(cases, HIDDEN)
    return ProtectedMean(cases, _average(sum(days) / len(days), number))


def protect_survival(survival: Survival, base: Cell, audience: Audience) -> ProtectedSurvival:
    """Return a protected curve of how long cases take.

    The fixed grid of working days needs 30 cases; a median needs 10 resolved ones. `base` counts
    the cases on the curve and their complainants; both must reach each minimum. A grid day that
    fewer than t cases have reached is hidden too, because a step of the curve there is one person.
    """
    cases = protect_count(base, audience).figure
    number = min(base.cases, base.persons)
    median: Figure | None = HIDDEN
    if cases != HIDDEN and min(survival.events, base.persons) >= MIN_AVERAGE_CASES:
        day = survival.median()
        median = None if day is None else _average(day, number)
    drawn = cases != HIDDEN and number >= MIN_CURVE_CASES
    points = tuple(_protect_point(survival, day, audience.t, drawn) for day in SURVIVAL_DAYS)
    return ProtectedSurvival(cases, median, points)


def _protect_point(survival: Survival, day: int, t: int, drawn: bool) -> ProtectedPoint:
    point = survival.at(day)
    if not drawn or point is None or 0 < point.followed < t:
        return ProtectedPoint(day, HIDDEN, HIDDEN, HIDDEN)
    figures = (_percent(share) for share in (point.survival, point.lower, point.upper))
    return ProtectedPoint(day, *figures)


def protect_incidence(
    incidence: Incidence, survival: Survival, left: Cell | None, base: Cell, audience: Audience
) -> tuple[ProtectedPoint, ...]:
    """Return the protected competing share on the days of the curve.

    `left` counts the people who withdrew. It is None where that count is itself hidden. The share
    is hidden under 30 cases, and where those who left are few or are one person's cases. It is also
    hidden on a day that fewer than t cases have reached. Between two shown days, and after the
    last, either no one left or at least t did: a smaller step would be a few people.
    """
    shown: dict[int, int] = {}
    if left is None or is_small(left, audience.t) or is_dominated(left, audience):
        return tuple(_incidence_point(incidence, day, shown=False) for day in SURVIVAL_DAYS)
    drawn = min(base.cases, base.persons) >= MIN_CURVE_CASES
    for day in SURVIVAL_DAYS:
        count = incidence.at(day)[3]
        step = count - max(shown.values(), default=0)
        point = survival.at(day)
        seen = point is not None and not 0 < point.followed < audience.t
        if drawn and seen and not 0 < step < audience.t:
            shown[day] = count
    while shown and 0 < left.cases - max(shown.values()) < audience.t:
        shown.popitem()
    return tuple(_incidence_point(incidence, day, shown=day in shown) for day in SURVIVAL_DAYS)


def _incidence_point(incidence: Incidence, day: int, *, shown: bool) -> ProtectedPoint:
    if not shown:
        return ProtectedPoint(day, HIDDEN, HIDDEN, HIDDEN)
    return ProtectedPoint(day, *(_percent(share) for share in incidence.at(day)[:3]))


def _average(days: float, number: int) -> Shown:
    """Return whole working days, to the nearest 5 for fewer than 30 cases."""
    step = AVERAGE_BASE if number < MIN_CURVE_CASES else 1
    return Shown(floor(days / step + 0.5) * step)


def _percent(share: float) -> Shown:
    return Shown(floor(100 * share + 0.5))
