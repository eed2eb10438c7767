"""A section as the table of its page: headings and rows of protected figures.

Plain Python, for the web process.
"""

from collections.abc import Sequence

from grievances.monitoring.codes import GROUPS
from grievances.reports.disclosure.derived import ProtectedComparison, ProtectedRate
from grievances.reports.disclosure.measures import ProtectedMedian, ProtectedNeed, ProtectedSeries
from grievances.reports.disclosure.protected import (
    SYMBOL,
    Figure,
    Hidden,
    ProtectedCount,
    ProtectedPoint,
    ProtectedShare,
    ProtectedSurvival,
    ProtectedTable,
    Shown,
)
from grievances.reports.layout.document import Item, Section
from grievances.reports.stored_objects import Protected

NO_DATA = "no data"
NOT_REACHED = "not yet reached"
SPAN = "{}%\N{NO-BREAK SPACE}to {}%"
MOST_ACROSS = 3
"""The most curves beside each other in one table."""

Cell = str | dict[str, object]
Rows = list[list[Cell]]


def tenths(figure: Figure) -> str:
    """Return tenths as a person reads them."""
    return f"{figure.value / 10:.1f}" if isinstance(figure, Shown) else SYMBOL


def hundredths(figure: Figure) -> str:
    """Return hundredths as a person reads them."""
    return f"{figure.value / 100:.2f}" if isinstance(figure, Shown) else SYMBOL


def median_of(curve: ProtectedSurvival) -> str:
    """Return the median of a curve, or that it is not yet reached."""
    return median_limit_of(curve.median)


def median_limit_of(day: Figure | None) -> str:
    """Return a working day of a median or its limits, or that it is not yet reached."""
    return NOT_REACHED if day is None else str(day)


def median_limits_of(curve: ProtectedSurvival) -> str:
    """Return the 95% limits of the median in words; empty where it is not shown."""
    if not isinstance(curve.median, Shown) or not isinstance(curve.median_lower, Shown):
        return ""
    if isinstance(curve.median_upper, Shown):
        return f"{curve.median_lower} to {curve.median_upper}"
    return f"{curve.median_lower} or more"


def table_of(section: Section) -> tuple[list[Cell], Rows]:
    """Return the headings and rows of a section, for components/table.html."""
    if not section.items:
        return [], []
    first = section.items[0].figure
    if isinstance(first, ProtectedSeries):
        return _series(first)
    if any(isinstance(item.figure, ProtectedRate) for item in section.items):
        return _rates(section.items)
    if isinstance(first, ProtectedMedian):
        return _medians(section.items)
    if isinstance(first, ProtectedNeed):
        return _needs(section.items)
    if all(isinstance(item.figure, ProtectedCount) for item in section.items):
        return _counts(section.items)
    if isinstance(first, ProtectedTable):
        return _matrix(section.items[0].label, first)
    if isinstance(first, ProtectedSurvival):
        return _curves(section.items)
    return _shares(section.items)


def _series(series: ProtectedSeries) -> tuple[list[Cell], Rows]:
    headings: list[Cell] = ["Month", _number("Figure"), "Out of the usual"]
    rows: Rows = [
        [
            _head(period),
            _number(f"{figure}{series.unit}" if isinstance(figure, Shown) else SYMBOL),
            "yes" if place in series.flagged else "",
        ]
        for place, (period, figure) in enumerate(zip(series.periods, series.figures, strict=True))
    ]
    for name, value in (("Mean", series.mean), ("Upper", series.upper), ("Lower", series.lower)):
        if value is not None:
            rows.append([_head(name), _number(f"{value / 10:.1f}{series.unit}"), ""])
    return headings, rows


def _rates(items: Sequence[Item]) -> tuple[list[Cell], Rows]:
    rows: Rows = []
    columns = ("Concerns", "Staff", "Per 100 staff")
    for item in items:
        rate = item.figure
        if isinstance(rate, ProtectedRate):
            limits = f"{tenths(rate.lower)} to {tenths(rate.upper)}"
            known = isinstance(rate.tenths, Shown)
            shown = _number(tenths(rate.tenths), limits if known else "")
            if not rate.staff:
                shown = _number(NO_DATA)
            staff = _number(f"{rate.staff:,}" if rate.staff else NO_DATA)
            rows.append([_head(item.label), _number(str(rate.part)), staff, shown])
            columns = (rate.counted, "Staff", f"{rate.unit[0].upper()}{rate.unit[1:]}")
        elif isinstance(rate, ProtectedComparison):
            # Rates are compared by their ratio; how far they are apart is in the rates themselves.
            likely = _likely(rate) or SYMBOL
            rows.append([_head(item.label, rate.words), *map(_number, ("", "", likely))])
    of_groups = any(item.label in GROUPS.values() for item in items)
    return ["Ethnic group" if of_groups else "Region", *map(_number, columns)], rows


def _medians(items: Sequence[Item]) -> tuple[list[Cell], Rows]:
    found = [(item.label, item.figure) for item in items]
    rows: Rows = [
        [_head(label), _number(str(figure.cases)), _number(str(figure.median))]
        for label, figure in found
        if isinstance(figure, ProtectedMedian)
    ]
    return ["What is counted", _number("Concerns"), _number("Half took at most")], rows


def _needs(items: Sequence[Item]) -> tuple[list[Cell], Rows]:
    found = [(item.label, item.figure) for item in items]
    rows: Rows = [
        [
            _head(label),
            *(_number(str(number)) for number in (figure.open, figure.needed, figure.handlers)),
            figure.words,
        ]
        for label, figure in found
        if isinstance(figure, ProtectedNeed)
    ]
    columns = map(_number, ("Open concerns", "Handlers needed", "Handlers"))
    return ["Region", *columns, "Enough?"], rows


def _matrix(corner: str, table: ProtectedTable) -> tuple[list[Cell], Rows]:
    # A table of one list has no columns to add up: its one figure is the number of concerns.
    last = "All" if table.columns else "Concerns"
    headings: list[Cell] = [corner, *(_number(name) for name in (*table.columns, last))]
    rows: Rows = [
        [_head(name), *(_number(_written(value)) for value in figures)]
        for name, figures in zip((*table.rows, "All"), table.grid(), strict=True)
    ]
    return headings, rows


def _written(value: int | str) -> str:
    return f"{value:,}" if isinstance(value, int) else value


def _counts(items: Sequence[Item]) -> tuple[list[Cell], Rows]:
    rows: Rows = [
        [_head(item.label), _number(str(item.figure.figure))]
        for item in items
        if isinstance(item.figure, ProtectedCount)
    ]
    return ["What is counted", _number("Number")], rows


def _curves(items: Sequence[Item]) -> tuple[list[Cell], Rows]:
    headings: list[Cell] = ["Working days", *(_number(item.label) for item in items)]
    curves = [item.figure for item in items if isinstance(item.figure, ProtectedSurvival)]
    if len(curves) > MOST_ACROSS:
        return _curves_down(items, curves)
    rows: Rows = [
        [_head("Concerns counted"), *(_number(str(curve.cases)) for curve in curves)],
        [
            _head("Half were resolved within"),
            *map(_median_cell, curves),
        ],
    ]
    open_ = zip(*(curve.points for curve in curves), strict=True)
    rows += [_on_a_day("Still open after", points) for points in open_]
    withdrawn = zip(*(curve.withdrawn for curve in curves), strict=True)
    rows += [_on_a_day("Withdrawn by", points) for points in withdrawn]
    return headings, rows


def _median_cell(curve: ProtectedSurvival) -> Cell:
    return _number(median_of(curve), median_limits_of(curve))


def _on_a_day(words: str, points: Sequence[ProtectedPoint]) -> list[Cell]:
    """Return the shares of several curves on one of their working days."""
    shares = [_number(_percent(p.percent), _interval(p.lower, p.upper)) for p in points]
    return [_head(f"{words} {points[0].day}"), *shares]


def _curves_down(
    items: Sequence[Item], curves: Sequence[ProtectedSurvival]
) -> tuple[list[Cell], Rows]:
    """Return many curves, one below the other.

    Side by side they would not fit on paper.
    """
    days = [_number(f"Open after {point.day}") for point in curves[0].points]
    headings: list[Cell] = ["Working days", _number("Counted"), _number("Half within"), *days]
    rows: Rows = [
        [
            _head(item.label),
            _number(str(curve.cases)),
            _median_cell(curve),
            *(_number(_percent(p.percent), _interval(p.lower, p.upper)) for p in curve.points),
        ]
        for item, curve in zip(items, curves, strict=True)
    ]
    return headings, rows


def _shares(items: Sequence[Item]) -> tuple[list[Cell], Rows]:
    bounded = any(item.bounds for item in items)
    aimed = any(item.target for item in items)
    headings: list[Cell] = ["What is counted", *map(_number, ("Number", "Of", "Share"))]
    headings += [_number("Of all invited")] * bounded + [_number("To beat")] * aimed
    rows: Rows = []
    for item in items:
        hint = " ".join(filter(None, (item.hint, _spoken(item.figure))))
        row = [_head(item.label, hint), *_share_cells(item.figure)]
        if bounded:
            row.append(_number(SPAN.format(*item.bounds) if item.bounds else ""))
        if aimed:
            target = item.target
            row.append(_number(f"{target.percent}%", target.source) if target else _number(""))
        rows.append(row)
    return headings, rows


def _share_cells(figure: Protected) -> list[Cell]:
    if isinstance(figure, ProtectedShare):
        share = _number(_percent(figure.percent), _interval(figure.lower, figure.upper))
        if not figure.has_data:
            share = _number(NO_DATA)
        return [_number(str(figure.part)), _number(str(figure.whole)), share]
    if isinstance(figure, ProtectedComparison):
        if not isinstance(figure.points, Shown):
            return [_number(""), _number(""), _number(SYMBOL)]
        points, lower, upper = map(figure.in_points, (figure.points, figure.lower, figure.upper))
        noun = "point" if points in ("1", "-1") else "points"
        return [_number(""), _number(""), _number(f"{points} {noun}", f"{lower} to {upper}")]
    number = str(figure.figure) if isinstance(figure, ProtectedCount) else SYMBOL
    return [_number(number), _number(""), _number("")]


def _spoken(figure: Protected) -> str:
    """Return the sentence on a comparison or on a small base, else empty text.

    It is under the label, where a sentence can wrap.
    """
    if isinstance(figure, ProtectedShare) and figure.rounding is not None:
        return "Before rounding, the share was between {}% and {}%.".format(*figure.rounding)
    if not isinstance(figure, ProtectedComparison):
        return ""
    likely = _likely(figure)
    return f"{likely}. {figure.words}" if likely else figure.words


def _likely(found: ProtectedComparison) -> str:
    """Return how many times as likely a group is, with limits; empty if not known."""
    if not isinstance(found.ratio, Shown):
        return ""
    ratio, lower, upper = map(hundredths, (found.ratio, found.ratio_lower, found.ratio_upper))
    return f"{ratio} times as likely ({lower} to {upper})"


def _percent(figure: Figure) -> str:
    return SYMBOL if isinstance(figure, Hidden) else f"{figure}%"


def _interval(lower: Figure, upper: Figure) -> str:
    if isinstance(lower, Hidden) or isinstance(upper, Hidden):
        return ""
    return SPAN.format(lower, upper)


def _head(text: str, hint: str = "") -> Cell:
    return {"text": text, "head": True, "hint": hint}


def _number(text: str, hint: str = "") -> Cell:
    return {"text": text, "number": True, "hint": hint}
