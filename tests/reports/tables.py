"""Tables for the tests of disclosure control."""

from collections.abc import Sequence

from grievances.reports.disclosure.tables import Cell, Table


def one_each(cases: int) -> Cell:
    """A cell in which every case is another person's."""
    return Cell(cases, cases, min(cases, 1), min(cases, 1))


def add(cells: Sequence[Cell]) -> Cell:
    """The margin of cells that share no person."""
    cases = sum(cell.cases for cell in cells)
    persons = sum(cell.persons for cell in cells)
    largest = max(cell.largest_complainant for cell in cells)
    return Cell(cases, persons, largest, max(cell.largest_respondent for cell in cells))


def cross(cells: Sequence[Sequence[Cell]]) -> Table:
    """A two-way table with its margins, rows A, B, ... and columns a, b, ..."""
    row_totals = tuple(add(row) for row in cells)
    column_totals = tuple(add(column) for column in zip(*cells, strict=True))
    return Table(
        rows=tuple("ABCDEFGH"[: len(cells)]),
        columns=tuple("abcdefgh"[: len(cells[0])]),
        cells=tuple(tuple(row) for row in cells),
        row_totals=row_totals,
        column_totals=column_totals,
        total=add(row_totals),
    )


def count(counts: Sequence[Sequence[int]]) -> Table:
    """A two-way table in which every case is another person's."""
    return cross([[one_each(n) for n in row] for row in counts])


def listed(counts: Sequence[int]) -> Table:
    """A one-way table in which every case is another person's."""
    return Table.one_way(
        tuple("ABCDEFGH"[: len(counts)]), [one_each(n) for n in counts], one_each(sum(counts))
    )
