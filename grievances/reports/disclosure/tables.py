"""Exact tables, before protection. They are kept in memory and never stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Place = tuple[int, int]
Box = frozenset[tuple[str, frozenset[str]]]
"""The people a figure counts: for each column that matters, the codes included."""
Classes = Literal["rows", "columns"]


@dataclass(frozen=True)
class Cell:
    """An exact count of cases and of their distinct complainants.

    `largest_complainant` and `largest_respondent` count the cases of the one complainant, or of the
    one respondent, who has the most. An anonymous case is one person (domain.md 10.1). Raises
    ValueError for a negative count.
    """

    cases: int
    persons: int
    largest_complainant: int = 0
    largest_respondent: int = 0

    def __post_init__(self) -> None:
        if min(self.cases, self.persons, self.largest_complainant, self.largest_respondent) < 0:
            raise ValueError("a count is never negative")


@dataclass(frozen=True)
class Line:
    """A row or a column: its parts and the total they add up to."""

    parts: tuple[Place, ...]
    total: Place


@dataclass(frozen=True)
class Table:
    """A one-way or two-way table with all its margins.

    Places are (row, column) from 0. Index `len(rows)` is the row of totals and `len(columns)` the
    column of totals. A one-way table has no columns: its counts are its row totals. Raises
    ValueError where the shape is wrong or the cases do not add up. Persons need not add up, because
    one person may have cases in two cells.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    row_totals: tuple[Cell, ...]
    column_totals: tuple[Cell, ...]
    total: Cell

    @classmethod
    def one_way(cls, labels: Sequence[str], cells: Sequence[Cell], total: Cell) -> "Table":
        """Return a table of one list of labels with its total."""
        empty: tuple[tuple[Cell, ...], ...] = tuple(() for _ in labels)
        return cls(tuple(labels), (), empty, tuple(cells), (), total)

    def __post_init__(self) -> None:
        shape = (len(self.rows), len(self.columns))
        if (len(self.row_totals), len(self.column_totals)) != shape or len(self.cells) != shape[0]:
            raise ValueError("margins and labels differ in number")
        if any(len(row) != shape[1] for row in self.cells):
            raise ValueError("every row needs one cell for each column")
        grid = self.grid()
        for line in self.lines():
            if sum(grid[place].cases for place in line.parts) != grid[line.total].cases:
                raise ValueError("the parts of a line do not add up to its total")

    def grid(self) -> dict[Place, Cell]:
        """Return every cell by its place, margins included, row by row."""
        last_row, last_column = len(self.rows), len(self.columns)
        grid = {
            (i, j): cell
            for i, (row, total) in enumerate(zip(self.cells, self.row_totals, strict=True))
            for j, cell in enumerate((*row, total))
        }
        grid |= {(last_row, j): cell for j, cell in enumerate(self.column_totals)}
        grid[last_row, last_column] = self.total
        return grid

    def lines(self) -> tuple[Line, ...]:
        """Return rows top to bottom, then columns, each with the line of totals last."""
        return (*self.row_lines(), *self.column_lines())

    def row_lines(self) -> tuple[Line, ...]:
        """Return every row; none in a one-way table, whose rows have no parts."""
        last = len(self.columns)
        if not last:
            return ()
        return tuple(
            Line(tuple((i, j) for j in range(last)), (i, last)) for i in range(len(self.rows) + 1)
        )

    def column_lines(self) -> tuple[Line, ...]:
        """Return every column, and the column of row totals."""
        last = len(self.rows)
        return tuple(
            Line(tuple((i, j) for i in range(last)), (last, j))
            for j in range(len(self.columns) + 1)
        )

    def interior(self) -> tuple[Place, ...]:
        """Return the places that are no margin; in a one-way table, its counts."""
        columns = range(len(self.columns) or 1)
        return tuple((i, j) for i in range(len(self.rows)) for j in columns)

    def empty_lines(self) -> frozenset[Place]:
        """Return the places on lines whose total is 0. They count no one to protect."""
        grid = self.grid()
        empty = [line for line in self.lines() if grid[line.total].cases == 0]
        return frozenset(place for line in empty for place in (*line.parts, line.total))


People = frozenset[int]


@dataclass(frozen=True)
class Exact:
    """An exact table, and the people behind each of its places.

    The people are None where they were too many to keep. `population` names the people who are
    counted, and `boxes` say which of them are in each place. The same population and box in another
    table are the same figure. An `Exact` can only be given to `release`, which returns a protected
    table.
    """

    table: Table
    people: Mapping[Place, People | None]
    population: str = ""
    boxes: Mapping[Place, Box] = field(default_factory=dict)
