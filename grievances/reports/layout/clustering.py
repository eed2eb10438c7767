"""How many rows are of one person, so that people are the trials (domain.md 9).

Concerns of one person are no independent trials. An interval is as wide as that of so many people.
How many that is comes from protected figures alone. Builders only.
"""

from collections.abc import Mapping

from grievances.reports.catalogue import CONCERNS, PEOPLE, VOLUMES
from grievances.reports.counting import Population, Tally
from grievances.reports.disclosure.protected import Figure, ProtectedCount, Shown
from grievances.reports.disclosure.release import ReleaseGate
from grievances.reports.disclosure.tables import Cell, Exact, Table
from grievances.reports.layout.document import Document

ONE = 100
"""One row for each person, in hundredths."""


def count_people(counted: Tally, label: str) -> Exact:
    """Return the exact number of the people behind some rows, as a table of its own."""
    persons = counted.at().persons
    each = Cell(persons, persons, min(persons, 1))
    people = counted.who()
    return Exact(Table.one_way([label], [each], each), {(0, 0): people, (1, 0): people})


def rows_of_each(
    population: Population,
    counted: Tally,
    made: Mapping[str, Document],
    gate: ReleaseGate,
    section: str,
) -> int:
    """Return how many rows one person has, in hundredths.

    Of concerns it is the number of the whole organisation in the period, which the report on
    volumes has already shown: one more figure for each table could give away what others hide. Of
    other rows the people are counted through the gate. Where the figures are hidden it is one.
    """
    if population.apart:
        return ONE
    if population.universe:
        return concerns_of_each(made)
    rows = gate.audience.round(counted.at().cases)
    released = gate.release(f"{section}/people", count_people(counted, section))
    return _divided(Shown(rows), released.total)


def concerns_of_each(made: Mapping[str, Document]) -> int:
    """Return how many concerns one person has in a period, in hundredths.

    `made` are the reports of the period.
    """
    document = made.get(VOLUMES.name)
    found = {
        item.label: item.figure.figure
        for section in (document.sections if document else ())
        for item in section.items
        if isinstance(item.figure, ProtectedCount)
    }
    return _divided(found.get(CONCERNS), found.get(PEOPLE))


def _divided(rows: Figure | None, people: Figure | None) -> int:
    if not isinstance(rows, Shown) or not isinstance(people, Shown) or not people.value:
        return ONE
    return max(ONE, (ONE * rows.value + people.value // 2) // people.value)
