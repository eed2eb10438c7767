"""Curves of how long things take, from protected counts (domain.md 9, 10.3).

Nothing here ever sees an exact count of a band: the steps, the limits and the median of a curve
follow from rounded figures that passed the release gate. Builders only.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import floor

from grievances.reports.curves.bands import (
    READ_AT,
    Bands,
    Range,
    every_label,
    last_day,
    unsafe_ranges,
)
from grievances.reports.disclosure.protected import (
    HIDDEN,
    Figure,
    ProtectedPoint,
    ProtectedSurvival,
    ProtectedTable,
    Shown,
)
from grievances.reports.disclosure.protection import (
    MIN_AVERAGE_CASES,
    MIN_CURVE_CASES,
    round_days,
)
from grievances.reports.disclosure.release import ReleaseGate
from grievances.reports.disclosure.tables import Cell
from grievances.reports.statistics.competing_risks import Incidence, cumulative_incidence
from grievances.reports.statistics.intervals import Interval, percents
from grievances.reports.statistics.survival import Survival, kaplan_meier_from_days

LONG_AFTER = 10_000
"""The working day on which what ended after the last band is taken to end."""
HALF = 0.5


@dataclass(frozen=True)
class Banded:
    """A released table of merged bands: one protected figure for each band and way.

    `each` is the number of concerns of one person, in hundredths. Limits are those of so many fewer
    trials.
    """

    merged: tuple[Range, ...]
    table: ProtectedTable
    each: int = 100

    @property
    def is_shown(self) -> bool:
        """Whether every figure of it is shown."""
        cells = (figure for row in self.table.cells for figure in row)
        return isinstance(self.table.total, Shown) and all(isinstance(f, Shown) for f in cells)

    def side(self, number: int) -> dict[int, float]:
        """Return the rounded figures of one way by the last working day of their band."""
        figures = [row[number] for row in self.table.cells]
        return {
            end_of(merged): float(figure.value) if isinstance(figure, Shown) else 0.0
            for merged, figure in zip(self.merged, figures, strict=True)
        }

    def trials(self, number: int) -> dict[int, float]:
        """Return the same figures as numbers of people."""
        return {day: 100 * n / self.each for day, n in self.side(number).items()}

    @property
    def days(self) -> list[int]:
        """The working days at which the curve is known."""
        return [day for merged in self.merged if (day := last_day(merged)) is not None]


def end_of(merged: Range) -> int:
    """Return the last working day of merged bands; a day long after for the last."""
    return last_day(merged) or LONG_AFTER


def release_bands(
    gate: ReleaseGate,
    section: str,
    bands: Bands,
    within: Sequence[Range] | None = None,
    each: int = 100,
) -> Banded:
    """Return the table of the bands as it may be shown, and record it.

    Bands are merged until the gate hides nothing, also beside the same curve of earlier periods:
    its twelve months overlap theirs.
    """
    refused: set[Range] = set()
    labels = every_label()
    while True:
        merged = bands.merge(gate.audience, refused, within)
        exact = bands.exact(merged)
        unsafe = unsafe_ranges(gate.preview(section, exact, windows=labels), merged) - refused
        if not unsafe:
            return Banded(merged, gate.release(section, exact, windows=labels), each)
        refused |= unsafe


def curve_of(banded: Banded, base: Cell) -> ProtectedSurvival:
    """Return the curve of a table whose first way is the event.

    `base` counts the cases on the curve and their complainants; the grid needs 30 of each, and a
    median 10 events. A working day inside merged bands is hidden.
    """
    if not banded.is_shown:
        cases = banded.table.total
        return ProtectedSurvival(cases, HIDDEN, tuple(map(_hidden, READ_AT)))
    survival = _estimate(banded)
    number = min(base.cases, base.persons)
    drawn = number >= MIN_CURVE_CASES
    points = tuple(
        _point(survival, day) if drawn and day in banded.days else _hidden(day) for day in READ_AT
    )
    curve = ProtectedSurvival(banded.table.total, HIDDEN, points)
    if min(sum(banded.side(0).values()), base.persons) < MIN_AVERAGE_CASES:
        return curve
    lines = list(_lines(survival, banded.days))
    if (band := _half_at_once(lines[0])) is not None:
        begin, end = map(Shown, band)
        return replace(curve, median=end, median_lower=begin, median_upper=end)
    middle, lower, upper = (_crossing(line, number) for line in lines)
    if middle is None and min(survival.survival, default=1.0) <= HALF:
        # Half were resolved in a band of which no last day is known.
        return curve
    return replace(curve, median=middle, median_lower=lower, median_upper=upper)


def with_rival(curve: ProtectedSurvival, main: Banded, rival: Banded) -> ProtectedSurvival:
    """Return the curve with the competing share on the days where both are known.

    `rival` has the same cases in bands that are made of whole bands of `main`; its first way is
    the competing ending.
    """
    days = {point.day for point in curve.points if isinstance(point.percent, Shown)}
    if not main.is_shown or not rival.is_shown:
        return replace(curve, withdrawn=tuple(map(_hidden, READ_AT)))
    left, resolved = rival.trials(0), _summed(main.trials(0), rival)
    others = _summed(main.trials(1), rival)
    open_ = {day: max(0.0, others[day] - left[day]) for day in left}
    share = cumulative_incidence(left, resolved, _halved(open_))
    points = tuple(
        _rival_point(share, day) if day in days and day in rival.days else _hidden(day)
        for day in READ_AT
    )
    return replace(curve, withdrawn=points)


def _estimate(banded: Banded) -> Survival:
    """Return the actuarial estimate.

    Cases that leave a band unresolved count as followed for half of it.
    """
    return kaplan_meier_from_days(banded.trials(0), _halved(banded.trials(1)))


def _halved(left: dict[int, float]) -> dict[int, float]:
    """Return those followed no longer, half at each end of their band."""
    days = sorted(left)
    found = dict.fromkeys([0, *days], 0.0)
    for before, day in pairwise([0, *days]):
        found[before] += HALF * left[day]
        found[day] += HALF * left[day]
    return found


def _summed(fine: dict[int, float], rival: Banded) -> dict[int, float]:
    """Return the figures of finer bands, added up to the bands of a coarser table."""
    ends = sorted(map(end_of, rival.merged))
    begins = [-1, *ends[:-1]]
    return {
        end: sum(n for day, n in fine.items() if begin < day <= end)
        for begin, end in zip(begins, ends, strict=True)
    }


def _point(survival: Survival, day: int) -> ProtectedPoint:
    point = survival.at(day)
    if point is None:
        return _hidden(day)
    limits = percents(Interval(point.lower, point.upper), point.survival)
    return ProtectedPoint(day, _percent(point.survival), *map(Shown, limits))


def _rival_point(share: Incidence, day: int) -> ProtectedPoint:
    value, lower, upper, _ = share.at(day)
    limits = percents(Interval(lower, upper), value)
    return ProtectedPoint(day, _percent(value), *map(Shown, limits))


def _hidden(day: int) -> ProtectedPoint:
    return ProtectedPoint(day, HIDDEN, HIDDEN, HIDDEN)


Line = list[tuple[int, float]]


def _lines(survival: Survival, days: Sequence[int]) -> Iterator[Line]:
    """Yield the line of the curve and those of its limits.

    Each begins with all open on day 0.
    """
    points = [(day, point) for day in days if (point := survival.at(day)) is not None]
    choices: tuple[Callable[[int], float], ...] = (
        lambda n: points[n][1].survival,
        lambda n: points[n][1].lower,
        lambda n: points[n][1].upper,
    )
    for of in choices:
        yield [(0, 1.0), *((points[n][0], of(n)) for n in range(len(points)))]


def _half_at_once(line: Line) -> tuple[int, int] | None:
    """Return the ends of a band in which more than half ended, with the middle in it.

    Within such a band the straight line says nothing: all may have ended on its first day. That
    half ended by its last day is true.
    """
    for (day, share), (next_day, next_share) in pairwise(line):
        if next_share <= HALF < share and share - next_share > HALF:
            return day, next_day
    return None


def _crossing(line: Line, number: int) -> Figure | None:
    """Return the working day on which a line falls to one half, or None.

    Between two days the line is straight, as it is drawn.
    """
    for (day, share), (next_day, next_share) in pairwise(line):
        if next_share <= HALF + 1e-9 < share:
            reach = (share - HALF) / (share - next_share)
            return round_days(day + reach * (next_day - day), number)
    # Half were resolved only after the last working day that the curve knows.
    return None


def _percent(share: float) -> Figure:
    return Shown(floor(100 * share + HALF))
