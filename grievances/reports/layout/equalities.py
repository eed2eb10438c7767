"""The yearly file in the shape of a staff equalities report, as HMPPS has one.

It has four tables: years beside each other, outcomes by ethnic group, outcomes by what a concern is
about, and, where staff are counted by ethnic group, the rate of raising one. All figures are those
of the published reports. Plain Python: a page may write it.
"""

from collections.abc import Iterable, Iterator

from grievances.reports import snapshots
from grievances.reports.catalogue import CONCERNS, FAIRNESS, OUTCOMES, PEOPLE, VOLUMES
from grievances.reports.disclosure.audience import PUBLISHED as RULES
from grievances.reports.layout import dataset
from grievances.reports.layout.book import SHORTHAND, Book, Sheet, Value, bound, cover_of
from grievances.reports.layout.document import Document, Item
from grievances.reports.layout.tidy import NO_DATA, TidyRow, measures_of
from grievances.reports.periods import read_period
from grievances.reports.snapshots import PUBLISHED

UPHELD = "Upheld or partly upheld, of those concluded"
YEARS = (
    "Financial year",
    "Staff whose concerns were concluded",
    "Concerns received for each 100 staff a year",
    "Concerns concluded",
    "Upheld or partly upheld",
    "Upheld or partly upheld (percent)",
    "Lower bound (percent)",
    "Upper bound (percent)",
)
GROUPS = (
    "Ethnic group",
    "Concerns decided",
    "Upheld or partly upheld",
    "Upheld or partly upheld (percent)",
    "Lower bound (percent)",
    "Upper bound (percent)",
    "Relative likelihood",
    "Lower bound of the relative likelihood",
    "Upper bound of the relative likelihood",
)


RAISING = (
    "Ethnic group",
    "Concerns received",
    "Staff",
    "Concerns for each 100 staff a year",
    "Lower bound of the rate",
    "Upper bound of the rate",
)


def equalities(year: str) -> Book:
    """Return the tables of a year, with the years before it.

    Raises LookupError where there is no file for it.
    """
    last = read_period(year)
    years = [one.name for one in reversed(dataset.years()) if one.first <= last.first]
    title = f"Race-discrimination concerns, {year}: staff equalities tables"
    tables = (
        _table("1 Years", "Concerns and outcomes by financial year", YEARS, map(_year, years)),
        _table("2 Ethnic group", "Outcomes by ethnic group", GROUPS, _groups(year)),
        _kinds(year),
        _table("4 Raising a concern", "Concerns by ethnic group of staff", RAISING, _raising(year)),
    )
    cover = cover_of(title, dataset.about(year))
    return bound(title, cover, tables, RULES.t)


def _table(
    name: str, title: str, headings: tuple[str, ...], rows: Iterable[Iterable[Value]]
) -> Sheet:
    above = ("This sheet has one table.", SHORTHAND)
    return Sheet(name, title, above, headings, tuple(map(tuple, rows)))


def _year(year: str) -> Iterator[Value]:
    yield year
    people, concluded = (_find(VOLUMES.name, year, name) for name in (PEOPLE, CONCERNS))
    upheld = _find(OUTCOMES.name, year, UPHELD)
    yield _value(people, "number")
    yield _value(_find(VOLUMES.name, year, "Everywhere"), "rate")
    yield _value(concluded, "number")
    yield _value(upheld, "number")
    yield from _with_bounds(upheld, "share")


def _groups(year: str) -> Iterator[Iterable[Value]]:
    items = _items(FAIRNESS.name, year, "fair-upheld")
    shares = [item for item in items if ", compared with " not in item.label]
    for item in shares:
        against = [one for one in items if one.label.startswith(f"{item.label}, compared with ")]
        rows = list(measures_of(item))
        compared = list(measures_of(against[0])) if against else []
        yield (
            item.label,
            _value(rows, "of"),
            _value(rows, "number"),
            *_with_bounds(rows, "share"),
            *_with_bounds(compared, "relative likelihood"),
        )


def _raising(year: str) -> Iterator[Iterable[Value]]:
    for item in _items(FAIRNESS.name, year, "raising"):
        rows = list(measures_of(item))
        counts = (_value(rows, measure) for measure in ("number", "staff"))
        yield (item.label, *counts, *_with_bounds(rows, "rate"))


def _items(report: str, year: str, section: str) -> tuple[Item, ...]:
    document = _document(report, year)
    sections = document.sections if document else ()
    return next((found.items for found in sections if found.key == section), ())


def _kinds(year: str) -> Sheet:
    items = _items(OUTCOMES.name, year, "tags")
    rows = [row for item in items for row in measures_of(item)]
    endings = list(dict.fromkeys(row.subcategory for row in rows))
    kinds = list(dict.fromkeys(row.category for row in rows))
    found = {(row.category, row.subcategory): _shown(row) for row in rows}
    table = ((kind, *(found[kind, ending] for ending in endings)) for kind in kinds)
    headings = ("Kind of conduct", *endings)
    return _table("3 Kind of conduct", "Outcomes by what the concern is about", headings, table)


def _document(report: str, year: str) -> Document | None:
    built = snapshots.published(report, year, PUBLISHED)
    return None if built is None else built.document


def _find(report: str, year: str, label: str) -> list[TidyRow]:
    """Return the measures of the first figure of this label; none where there is none."""
    document = _document(report, year)
    items: list[Item] = [i for s in document.sections for i in s.items] if document else []
    found = next((item for item in items if item.label == label), None)
    return [] if found is None else list(measures_of(found))


def _with_bounds(rows: Iterable[TidyRow], measure: str) -> tuple[Value, Value, Value]:
    row = next((row for row in rows if row.measure == measure), None)
    if row is None:
        return NO_DATA, NO_DATA, NO_DATA
    if row.value is None or row.lower is None or row.upper is None:
        return _shown(row), row.marker or NO_DATA, row.marker or NO_DATA
    return row.value, row.lower, row.upper


def _value(rows: Iterable[TidyRow], measure: str) -> Value:
    return next((_shown(row) for row in rows if row.measure == measure), NO_DATA)


def _shown(row: TidyRow) -> Value:
    return row.marker if row.value is None else row.value
