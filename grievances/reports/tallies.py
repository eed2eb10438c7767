"""Counting people and concerns into tables whose quarters and year are protected together.

A year and its quarters are margins of one table, so no figure of one can be worked out from the
others (domain.md 10.2: "all margins are treated as public"). Builders only.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grievances.reports.catalogue import Period
from grievances.reports.disclosure.audience import Audience
from grievances.reports.disclosure.protected import Figure, ProtectedShare
from grievances.reports.disclosure.protection import protect, share_of
from grievances.reports.disclosure.tables import Cell, Table
from grievances.reports.facts import Who


@dataclass(frozen=True)
class Mark:
    """One thing that is counted: in which quarter, whether it is of the part, and whose it is."""

    quarter: str
    counts: bool
    who: Who


def cell_of(people: Iterable[Who]) -> Cell:
    """Count concerns, distinct complainants, and the largest share of one person."""
    whose = list(people)
    persons = Counter(who.person for who in whose)
    respondents = Counter(name for who in whose for name in who.respondents)
    return Cell(
        cases=len(whose),
        persons=len(persons),
        largest_complainant=max(persons.values(), default=0),
        largest_respondent=max(respondents.values(), default=0),
    )


def shares(
    marks: Sequence[Mark], year: Period, quarters: Sequence[Period], audience: Audience
) -> dict[str, ProtectedShare]:
    """The share of marks that count, for each quarter and for the year, by period name."""
    cells = tuple(
        tuple(_cell(marks, quarter.name, side) for side in (True, False)) for quarter in quarters
    )
    table = Table(
        rows=tuple(quarter.name for quarter in quarters),
        columns=("counts", "rest"),
        cells=cells,
        row_totals=tuple(_cell(marks, quarter.name) for quarter in quarters),
        column_totals=(_cell(marks, None, True), _cell(marks, None, False)),
        total=_cell(marks),
    )
    shown = protect(table, audience, classes="rows")
    figures = zip(shown.rows, shown.cells, shown.row_totals, strict=True)
    result = {name: share_of(row[0], whole) for name, row, whole in figures}
    return {**result, year.name: share_of(shown.column_totals[0], shown.total)}


def counts(
    marks: Sequence[Mark], year: Period, quarters: Sequence[Period], audience: Audience
) -> dict[str, Figure]:
    """How many marks there are, for each quarter and for the year, by period name."""
    names = [quarter.name for quarter in quarters]
    table = Table.one_way(names, [_cell(marks, name) for name in names], _cell(marks))
    shown = protect(table, audience)
    return {**dict(zip(names, shown.row_totals, strict=True)), year.name: shown.total}


def cross(
    pairs: Sequence[tuple[str, str, Who]], rows: Sequence[str], columns: Sequence[str]
) -> Table:
    """A two-way table of (row, column, whose)."""
    return Table(
        rows=tuple(rows),
        columns=tuple(columns),
        cells=tuple(
            tuple(cell_of(w for r, c, w in pairs if (r, c) == (row, column)) for column in columns)
            for row in rows
        ),
        row_totals=tuple(cell_of(w for r, _, w in pairs if r == row) for row in rows),
        column_totals=tuple(cell_of(w for _, c, w in pairs if c == column) for column in columns),
        total=cell_of(w for _, _, w in pairs),
    )


def _cell(marks: Sequence[Mark], quarter: str | None = None, side: bool | None = None) -> Cell:
    return cell_of(
        mark.who
        for mark in marks
        if quarter in (None, mark.quarter) and side in (None, mark.counts)
    )
