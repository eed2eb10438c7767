"""A report as tidy rows: each has a measure of a figure, its bounds and marker.

The page, the files and the workbooks say the same. Markers are those of the Government Statistical
Service: [c] confidential, [x] not available, [z] not applicable, [low] rounds to 0 but is not 0,
[u] unreliable, since fewer than 50 were counted. Plain Python, for the web process.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from grievances.monitoring.codes import GROUPS, MAJORITY, MINORITY
from grievances.people.regions import CASE_REGIONS
from grievances.reports.certificates.certificate import Certificate
from grievances.reports.disclosure.derived import ProtectedComparison, ProtectedRate
from grievances.reports.disclosure.measures import ProtectedMedian, ProtectedNeed, ProtectedSeries
from grievances.reports.disclosure.protected import (
    Figure,
    Hidden,
    ProtectedCount,
    ProtectedMean,
    ProtectedPoint,
    ProtectedShare,
    ProtectedSurvival,
    ProtectedTable,
    Shown,
)
from grievances.reports.layout.document import Document, Item
from grievances.reports.layout.ethnic_groups import ALL_GROUPS, POOLED
from grievances.reports.stored_objects import Protected

HIDDEN_MARK, NO_DATA, NOT_APPLICABLE, LOW, UNRELIABLE = "[c]", "[x]", "[z]", "[low]", "[u]"
MARKERS = {
    HIDDEN_MARK: "confidential: not shown, so that no one can be worked out",
    NO_DATA: "not available: there was nothing to count, or it was not given",
    NOT_APPLICABLE: "not applicable",
    LOW: "rounds to 0, and is not 0",
    UNRELIABLE: "low reliability: of fewer than 50, so that rounding moves it much",
}
ALL, EVERYWHERE = "All", "Everywhere"
COUNT, PERCENT, DAYS = "count", "percent", "working days"
PLACES = frozenset(label for _, label in CASE_REGIONS)
ETHNIC = frozenset({*ALL_GROUPS.values(), *GROUPS.values(), MAJORITY, MINORITY, POOLED})
Number = int | float


@dataclass(frozen=True)
class TidyRow:
    """One measure of one figure.

    `category` and `subcategory` are the row and the column of a table. `value` and its 95% bounds
    are numbers, or None; then the marker says why. `note` is in words.
    """

    section: str
    figure: str
    measure: str
    unit: str
    value: Number | None = None
    lower: Number | None = None
    upper: Number | None = None
    marker: str = ""
    note: str = ""
    category: str = ALL
    subcategory: str = ALL

    @property
    def geography(self) -> str:
        """The region of the figure, or everywhere."""
        return next((name for name in self._names() if name in PLACES), EVERYWHERE)

    @property
    def group(self) -> str:
        """The ethnic group of the figure, or all."""
        return next((name for name in self._names() if name in ETHNIC), ALL)

    def _names(self) -> tuple[str, ...]:
        label = self.figure.partition(", compared with ")[0]
        return label, self.category, self.subcategory


def rows_of(document: Document) -> Iterator[TidyRow]:
    """Yield every figure of a report.

    A document with a mark has the mark first, and the certificate is last.
    """
    if document.mark:
        yield TidyRow("mark", document.mark, "mark", "text", marker=NOT_APPLICABLE, note="yes")
    for section in document.sections:
        for item in section.items:
            for row in measures_of(item):
                yield replace(row, section=section.key, figure=item.label)
    if document.certificate is not None:
        yield from _certificate(document.certificate)


def measures_of(item: Item) -> Iterator[TidyRow]:
    """Yield the measures of one figure, without its section and its label."""
    yield from _figures(item.figure)
    if item.bounds:
        names = ("percent at the least", "percent at the most")
        for name, percent in zip(names, item.bounds, strict=True):
            yield _row(f"{name}, had everybody else answered", PERCENT, Shown(percent))
    if item.target:
        measure = f"to beat, {item.target.source}"
        yield _row(measure, PERCENT, Shown(item.target.percent))


def _row(
    measure: str,
    unit: str,
    figure: Figure | None,
    limits: tuple[Figure | None, Figure | None] = (None, None),
    scale: int = 1,
) -> TidyRow:
    """Return a row of a figure and its limits, all in units of 1 / `scale`."""
    value, lower, upper = (_number(one, scale) for one in (figure, *limits))
    marker = HIDDEN_MARK if isinstance(figure, Hidden) else NOT_APPLICABLE if value is None else ""
    if value is None:
        lower = upper = None
    return TidyRow("", "", measure, unit, value, lower, upper, marker)


def _number(figure: Figure | None, scale: int) -> Number | None:
    if not isinstance(figure, Shown):
        return None
    return figure.value if scale == 1 else figure.value / scale


def _figures(figure: Protected) -> Iterator[TidyRow]:
    match figure:
        case ProtectedCount():
            yield _row("number", COUNT, figure.figure)
        case ProtectedMean():
            yield _row("number", COUNT, figure.cases)
            yield _row("mean", DAYS, figure.mean)
        case ProtectedShare():
            yield from _share(figure)
        case ProtectedSurvival():
            yield from _curve(figure)
        case ProtectedTable():
            yield from _table(figure)
        case ProtectedRate():
            yield from _rate(figure)
        case ProtectedComparison():
            yield from _comparison(figure)
        case ProtectedMedian():
            yield _row("number", COUNT, figure.cases)
            yield _row("median", figure.unit.lower(), figure.median)
        case ProtectedNeed():
            yield _row("open concerns", COUNT, figure.open)
            yield _row("handlers needed", COUNT, figure.needed)
            yield _row("handlers", COUNT, figure.handlers)
        case ProtectedSeries():
            yield from _series(figure)


def _share(share: ProtectedShare) -> Iterator[TidyRow]:
    yield _row("number", COUNT, share.part)
    yield _row("of", COUNT, share.whole)
    row = _row("share", PERCENT, share.percent, (share.lower, share.upper))
    if not share.has_data:
        row = replace(row, marker=NO_DATA)
    elif share.percent == Shown(0) and share.part != Shown(0):
        row = replace(row, marker=LOW)
    elif share.rounding is not None:
        row = replace(row, marker=UNRELIABLE)
    yield row
    if share.rounding is not None:
        for name, percent in zip(("least", "most"), share.rounding, strict=True):
            yield _row(f"share at the {name} before rounding", PERCENT, Shown(percent))


def _rate(rate: ProtectedRate) -> Iterator[TidyRow]:
    yield _row("number", COUNT, rate.part)
    staff = _row("staff", COUNT, Shown(rate.staff) if rate.staff else None)
    yield staff if rate.staff else replace(staff, marker=NO_DATA)
    row = _row("rate", rate.unit, rate.tenths, (rate.lower, rate.upper), 10)
    if not rate.staff:
        row = replace(row, marker=NO_DATA)
    elif rate.tenths == Shown(0) and rate.part != Shown(0):
        row = replace(row, marker=LOW)
    yield row


def _curve(curve: ProtectedSurvival) -> Iterator[TidyRow]:
    yield _row("number", COUNT, curve.cases)
    row = _row("median", DAYS, curve.median, (curve.median_lower, curve.median_upper))
    yield replace(row, note="not yet reached") if curve.median is None else row
    for measure, points in (("still open", curve.points), ("withdrawn", curve.withdrawn)):
        for point in points:
            yield _point(measure, point)


def _point(measure: str, point: ProtectedPoint) -> TidyRow:
    row = _row(measure, PERCENT, point.percent, (point.lower, point.upper))
    return replace(row, category=f"{point.day} working days")


def _table(table: ProtectedTable) -> Iterator[TidyRow]:
    figures = [
        *zip(table.rows, table.cells, table.row_totals, strict=True),
        (ALL, table.column_totals, table.total),
    ]
    for name, cells, total in figures:
        for column, figure in zip((*table.columns, ALL), (*cells, total), strict=True):
            yield replace(_row("number", COUNT, figure), category=name, subcategory=column)


def _comparison(found: ProtectedComparison) -> Iterator[TidyRow]:
    words = f"{found.words} The bounds are limits of {found.percent_of_limits}."
    limits = found.lower, found.upper
    difference = _row("difference", "percentage points", found.points, limits, found.scale)
    yield replace(difference, note=words)
    limits = found.ratio_lower, found.ratio_upper
    ratio = _row("relative likelihood", "ratio", found.ratio, limits, 100)
    # Of none in a group there is no ratio, and nothing is hidden.
    yield replace(ratio, marker=NOT_APPLICABLE) if _is_no_ratio(found) else ratio


def _is_no_ratio(found: ProtectedComparison) -> bool:
    return isinstance(found.points, Shown) and isinstance(found.ratio, Hidden)


def _series(series: ProtectedSeries) -> Iterator[TidyRow]:
    unit = PERCENT if series.unit else COUNT
    for place, (period, figure) in enumerate(zip(series.periods, series.figures, strict=True)):
        note = "out of the usual" if place in series.flagged else ""
        yield replace(_row("monthly figure", unit, figure), category=period, note=note)
    limits = ("upper limit", series.upper), ("lower limit", series.lower)
    for name, tenths in (("mean", series.mean), *limits):
        row = _row(name, unit, None if tenths is None else Shown(tenths), scale=10)
        yield replace(row, marker=NO_DATA) if tenths is None else row


def _certificate(found: Certificate) -> Iterator[TidyRow]:
    label = "How well this is protected"
    narrowest = None if found.narrowest is None else Shown(found.narrowest)
    for measure, figure in (
        ("hidden figures tried", Shown(found.tried)),
        ("narrowest interval left to an attacker", narrowest),
        ("interval at which the attack stops", Shown(found.enough)),
        ("figures for which the solver reached its bound", Shown(found.unfinished)),
    ):
        yield replace(_row(measure, COUNT, figure), section="certificate", figure=label)
    yield TidyRow("certificate", label, "solver", "text", marker=NOT_APPLICABLE, note=found.solver)
