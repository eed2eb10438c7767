"""A report as a file: every protected figure of the page in one long list.

Plain Python, for the web process. A cell that a spreadsheet would read as a formula is made text.
"""

import csv
import io
from collections.abc import Iterator

from grievances.reports.certificates.certificate import Certificate
from grievances.reports.disclosure.comments import ProtectedWords
from grievances.reports.disclosure.derived import (
    ProtectedComparison,
    ProtectedRate,
    ProtectedSeries,
)
from grievances.reports.disclosure.measures import ProtectedMedian, ProtectedNeed
from grievances.reports.disclosure.protected import (
    ProtectedCount,
    ProtectedMean,
    ProtectedShare,
    ProtectedSurvival,
    ProtectedTable,
)
from grievances.reports.layout.document import Document, Item
from grievances.reports.layout.section_tables import (
    NO_DATA,
    hundredths,
    median_limit_of,
    median_of,
    tenths,
)
from grievances.reports.stored_objects import Protected

NO_WORDS = ProtectedWords(())
FORMULA = ("=", "+", "-", "@", "\t", "\r")
FILE_COLUMNS = ("report", "period", "counted until", "section", "figure", "measure", "value")


def write_csv(document: Document, words: ProtectedWords = NO_WORDS) -> str:
    """Return the whole report as CSV, with a line of column names.

    Each line has one figure or one comment.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(FILE_COLUMNS)
    for line in (*figures_of(document), *texts_of(document, words)):
        writer.writerow([safe(word) for word in line])
    return out.getvalue()


def texts_of(document: Document, words: ProtectedWords) -> Iterator[tuple[str, ...]]:
    """Yield a line for each comment; beside it is only the period."""
    start = (document.report, document.period, document.until.isoformat())
    for text in words.texts:
        yield (*start, "in-their-words", "What people wrote", "words", text)


def figures_of(document: Document) -> Iterator[tuple[str, ...]]:
    """Yield every figure in one long list, a tuple for each of FILE_COLUMNS.

    A document with a mark has the mark first.
    """
    start = (document.report, document.period, document.until.isoformat())
    if document.mark:
        yield (*start, "mark", document.mark, "mark", "yes")
    for section in document.sections:
        for item in section.items:
            for measure, value in _measures(item):
                yield (*start, section.key, item.label, measure, value)
    if document.certificate is not None:
        for measure, value in _certificate_figures(document.certificate):
            yield (*start, "certificate", "How well this is protected", measure, value)


def _certificate_figures(found: Certificate) -> Iterator[tuple[str, str]]:
    narrowest = NO_DATA if found.narrowest is None else str(found.narrowest)
    yield "hidden figures tried", str(found.tried)
    yield "narrowest interval left to an attacker", narrowest
    yield "interval at which the attack stops", str(found.enough)
    yield "figures for which the solver reached its bound", str(found.unfinished)
    yield "solver", found.solver


def safe(word: str) -> str:
    """Return the word in a form that a spreadsheet always reads as text."""
    return f"'{word}" if word.startswith(FORMULA) else word


def _measures(item: Item) -> Iterator[tuple[str, str]]:
    yield from _figures(item.figure)
    if item.bounds:
        yield "percent at the least", str(item.bounds[0])
        yield "percent at the most", str(item.bounds[1])
    if item.target:
        yield f"to beat, {item.target.source}", str(item.target.percent)


def _figures(figure: Protected) -> Iterator[tuple[str, str]]:
    match figure:
        case ProtectedCount():
            yield "number", str(figure.figure)
        case ProtectedMean():
            yield "number", str(figure.cases)
            yield "mean working days", str(figure.mean)
        case ProtectedShare():
            yield from _share_figures(figure)
        case ProtectedSurvival():
            yield from _curve_figures(figure)
        case ProtectedTable():
            yield from _table_figures(figure)
        case ProtectedRate():
            yield "number", str(figure.part)
            yield "staff", str(figure.staff) if figure.staff else NO_DATA
            yield figure.unit, tenths(figure.tenths)
            yield f"{figure.unit}, lower limit", tenths(figure.lower)
            yield f"{figure.unit}, upper limit", tenths(figure.upper)
        case ProtectedComparison():
            yield from _comparison_figures(figure)
        case ProtectedMedian():
            yield "number", str(figure.cases)
            yield f"median {figure.unit.lower()}", str(figure.median)
        case ProtectedNeed():
            yield "open concerns", str(figure.open)
            yield "handlers needed", str(figure.needed)
            yield "handlers", str(figure.handlers)
        case ProtectedSeries():
            yield from _series_figures(figure)


def _share_figures(share: ProtectedShare) -> Iterator[tuple[str, str]]:
    yield "number", str(share.part)
    yield "of", str(share.whole)
    names = ("percent", "percent, lower limit", "percent, upper limit")
    for name, value in zip(names, (share.percent, share.lower, share.upper), strict=True):
        yield name, str(value) if share.has_data else NO_DATA


def _curve_figures(curve: ProtectedSurvival) -> Iterator[tuple[str, str]]:
    yield "number", str(curve.cases)
    yield "median working days", median_of(curve)
    yield "median working days, lower limit", median_limit_of(curve.median_lower)
    yield "median working days, upper limit", median_limit_of(curve.median_upper)
    for word, points in (("open after", curve.points), ("withdrawn by", curve.withdrawn)):
        for point in points:
            yield f"percent {word} {point.day}", str(point.percent)
            yield f"percent {word} {point.day}, lower limit", str(point.lower)
            yield f"percent {word} {point.day}, upper limit", str(point.upper)


def _table_figures(table: ProtectedTable) -> Iterator[tuple[str, str]]:
    columns = (*table.columns, "all")
    for row, figures in zip((*table.rows, "All"), table.grid(), strict=True):
        for column, value in zip(columns, figures, strict=True):
            yield f"{row}: {column}", str(value)


def _comparison_figures(found: ProtectedComparison) -> Iterator[tuple[str, str]]:
    yield "difference in points", str(found.points)
    yield "difference, lower limit", str(found.lower)
    yield "difference, upper limit", str(found.upper)
    yield "relative likelihood", hundredths(found.ratio)
    yield "relative likelihood, lower limit", hundredths(found.ratio_lower)
    yield "relative likelihood, upper limit", hundredths(found.ratio_upper)
    yield "in words", found.words


def _series_figures(series: ProtectedSeries) -> Iterator[tuple[str, str]]:
    for place, (period, figure) in enumerate(zip(series.periods, series.figures, strict=True)):
        yield period, str(figure)
        if place in series.flagged:
            yield f"{period}, signal", "yes"
    for name, value in (("mean", series.mean), ("upper", series.upper), ("lower", series.lower)):
        yield name, NO_DATA if value is None else f"{value / 10:.1f}"
