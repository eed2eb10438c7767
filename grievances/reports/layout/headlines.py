"""The figures that HR looks at first, and two periods compared (domain.md 1).

They are taken from published reports as they are; only differences are worked out, from protected
figures. Plain Python, for the web process.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grievances.reports.catalogue import REPORTS
from grievances.reports.disclosure.derived import compare
from grievances.reports.disclosure.protected import ProtectedShare, Shown
from grievances.reports.layout.document import Document, Item
from grievances.reports.layout.tidy import (
    ALL,
    EVERYWHERE,
    PERCENT,
    UNRELIABLE,
    TidyRow,
    measures_of,
    rows_of,
)
from grievances.reports.periods import Period

Documents = Mapping[tuple[str, str], Document]
"""Published documents by report and period."""
NOT_SHOWN, NOT_MADE = "*", "no figure"
COMPARED = ("share", "rate", "number", "median")
"""The measures that are compared by region."""


@dataclass(frozen=True)
class Headline:
    """One figure of the dashboard: its code, its words, and where it is."""

    code: str
    words: str
    report: str
    section: str
    label: str
    measure: str


HEADLINES = (
    Headline("received", "Concerns received", "volumes", "flow", "Concerns received", "number"),
    Headline("concluded", "Concerns concluded", "volumes", "flow", "Concerns concluded", "number"),
    Headline("rate", "Concerns received, rate", "volumes", "by-region", "Everywhere", "rate"),
    Headline("open", "Open on the last day", "backlog", "open", "Working days open", "number"),
    Headline(
        "resolved",
        "Half were resolved within",
        "resolution-times",
        "duration",
        "Working days, time on hold taken off",
        "median",
    ),
    Headline(
        "on-time",
        "Promises kept by their date",
        "timeliness",
        "on-time",
        "All promises together",
        "share",
    ),
    Headline(
        "upheld",
        "Upheld or partly upheld",
        "outcomes",
        "upheld",
        "Upheld or partly upheld, of those concluded",
        "share",
    ),
    Headline(
        "withdrawn",
        "Withdrawn",
        "withdrawals",
        "withdrawn",
        "Withdrawn, of those received",
        "share",
    ),
    Headline(
        "safe",
        "Felt safe raising it",
        "satisfaction",
        "form-a",
        "I felt safe raising my concern",
        "share",
    ),
    Headline(
        "adequate",
        "Dealt with adequately",
        "satisfaction",
        "form-a",
        "My concern was dealt with adequately",
        "share",
    ),
    Headline("detriment", "No detriment", "detriment", "detriment", "Report no detriment", "share"),
    Headline(
        "actions",
        "Promised actions done in time",
        "actions",
        "delivered",
        "Done by their date, of those due",
        "share",
    ),
)


def find(documents: Documents, headline: Headline, period: Period) -> Item | None:
    """Return the figure of a headline in a period; None where there is none."""
    document = documents.get((headline.report, period.name))
    sections = document.sections if document else ()
    items = (item for s in sections if s.key == headline.section for item in s.items)
    return next((item for item in items if item.label == headline.label), None)


def words_of(item: Item | None, measure: str) -> str:
    """Return a measure of a figure as a person reads it."""
    if item is None:
        return NOT_MADE
    rows = [row for row in measures_of(item) if row.measure == measure]
    whole = [row for row in rows if row.category == ALL and row.subcategory == ALL]
    return _in_words(whole[0]) if whole else NOT_MADE


def _in_words(row: TidyRow) -> str:
    if row.value is None:
        return NOT_SHOWN if row.marker == "[c]" else row.note or NOT_MADE
    unit = {"count": "", PERCENT: "%"}.get(row.unit, f" {row.unit}")
    # A share of fewer than 50, or one that rounds to 0, has the marker that it has in the files.
    return f"{row.value:,}{unit} {row.marker}".strip()


def change_of(now: Item | None, before: Item | None) -> str:
    """Return how a figure changed, with what chance allows where it is a share."""
    if now is None or before is None:
        return ""
    if not isinstance(now.figure, ProtectedShare) or not isinstance(before.figure, ProtectedShare):
        return ""
    found = compare(now.figure, before.figure)
    if not isinstance(found.points, Shown):
        return ""
    sign = "+" if found.points.value > 0 else ""
    points, lower, upper = map(found.in_points, (found.points, found.lower, found.upper))
    noun = "point" if points in ("1", "-1") else "points"
    unsure = f" {UNRELIABLE}" if found.few else ""
    return f"{sign}{points} {noun} ({lower} to {upper}){unsure}"


def by_region(
    documents: Documents, region: str, periods: Sequence[Period]
) -> Iterator[tuple[str, list[str]]]:
    """Yield every compared figure of a region with its words in each of the periods.

    `region` is the label of a region group.
    """
    names = dict.fromkeys(name for name, _ in documents)
    for name in names:
        found: dict[str, dict[str, str]] = {}
        for period in periods:
            document = documents.get((name, period.name))
            for words, figure in _of_region(document, region) if document else ():
                found.setdefault(words, {})[period.name] = figure
        for words, figures in found.items():
            label = f"{REPORTS[name].title}: {words}"
            yield label, [figures.get(period.name, NOT_MADE) for period in periods]


def _of_region(document: Document, region: str) -> Iterator[tuple[str, str]]:
    headings = {section.key: section.heading for section in document.sections}
    for row in rows_of(document):
        if row.geography == region != EVERYWHERE and row.measure in COMPARED:
            heading = headings.get(row.section, row.section)
            parts = [part for part in (row.category, row.subcategory) if part not in (region, ALL)]
            words = ", ".join([heading, *parts, *([row.measure] if row.measure != "share" else [])])
            yield words, _in_words(row)
