"""Protected objects: the only source of a page, a chart, a file or a JSON answer.

They hold rounded counts, and one symbol for everything hidden; never an exact count. They convert
to plain JSON and back, which is how snapshots keep them. Plain Python: the web process may import
this module.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor
from typing import ClassVar

from workflow.json_values import JsonMapping, JsonObject

SYMBOL = "*"
SMALL_BASE = 50
"""The rounded whole under which a percent says how far rounding may have moved it."""
ROUNDED_BY = 2
"""How far a count may be from its rounded value."""


@dataclass(frozen=True)
class Shown:
    """A figure that may be shown: a rounded count, a whole percent or working days."""

    value: int

    def __str__(self) -> str:
        return f"{self.value:,}"


@dataclass(frozen=True)
class Hidden:
    """A figure that may not be shown. It never says why (domain.md 10.3, step 8)."""

    def __str__(self) -> str:
        return SYMBOL


HIDDEN = Hidden()
Figure = Shown | Hidden


def write_figure(figure: Figure) -> int | str:
    """Return a figure as JSON: a number or the symbol."""
    return figure.value if isinstance(figure, Shown) else SYMBOL


def read_figure(data: int | str) -> Figure:
    """Return the figure of a JSON value.

    Raises:
        ValueError: The value is not a whole number and not the symbol.
    """
    if data == SYMBOL:
        return HIDDEN
    if not isinstance(data, int) or isinstance(data, bool):
        raise ValueError(f"{data!r} is not a figure")
    return Shown(data)


@dataclass(frozen=True)
class ProtectedCount:
    """One protected count."""

    kind: ClassVar[str] = "count"
    figure: Figure

    def to_json(self) -> JsonObject:
        """Return the object as plain JSON data."""
        return {"kind": self.kind, "figure": write_figure(self.figure)}

    @classmethod
    def from_json(cls, data: JsonMapping) -> "ProtectedCount":
        """Return the object that `to_json` wrote."""
        return cls(read_figure(data["figure"]))


@dataclass(frozen=True)
class ProtectedMean:
    """A mean in working days, and the rounded number of cases behind it."""

    kind: ClassVar[str] = "mean"
    cases: Figure
    mean: Figure

    def to_json(self) -> JsonObject:
        """Return the object as plain JSON data."""
        return {
            "kind": self.kind,
            "cases": write_figure(self.cases),
            "mean": write_figure(self.mean),
        }

    @classmethod
    def from_json(cls, data: JsonMapping) -> "ProtectedMean":
        """Return the object that `to_json` wrote."""
        return cls(read_figure(data["cases"]), read_figure(data["mean"]))


@dataclass(frozen=True)
class ProtectedShare:
    """A part and its whole, both rounded, with percents and Wilson limits.

    The percents are whole, and the limits come from the rounded counts. `percent`, `lower` and
    `upper` are hidden together. A whole of 0 means "no data": `has_data` is false and the percents
    are hidden, because no data is never 0%. `each` is the number of rows of one person, in
    hundredths; the limits are those of so many fewer trials.
    """

    kind: ClassVar[str] = "share"
    part: Figure
    whole: Figure
    percent: Figure
    lower: Figure
    upper: Figure
    each: int = 100

    @property
    def has_data(self) -> bool:
        """Whether at least one person was counted; a hidden whole counts as data."""
        return self.whole != Shown(0)

    @property
    def rounding(self) -> tuple[int, int] | None:
        """The whole percents between which rounding may have moved a share of under 50.

        It is None for a larger whole, and where no percent is shown.
        """
        if not isinstance(self.part, Shown) or not isinstance(self.whole, Shown):
            return None
        part, whole = self.part.value, self.whole.value
        if not isinstance(self.percent, Shown) or whole >= SMALL_BASE:
            return None
        few, many = (part - ROUNDED_BY, part + ROUNDED_BY) if part else (0, 0)
        least, most = few / (whole + ROUNDED_BY), min(1.0, many / (whole - ROUNDED_BY))
        return floor(100 * least + 0.5), floor(100 * most + 0.5)

    def to_json(self) -> JsonObject:
        """Return the object as plain JSON data."""
        return {
            "kind": self.kind,
            "part": write_figure(self.part),
            "whole": write_figure(self.whole),
            "percent": write_figure(self.percent),
            "lower": write_figure(self.lower),
            "upper": write_figure(self.upper),
            "each": self.each,
        }

    @classmethod
    def from_json(cls, data: JsonMapping) -> "ProtectedShare":
        """Return the object that `to_json` wrote."""
        names = ("part", "whole", "percent", "lower", "upper")
        # Data published before people were the trials counted rows.
        figures = {name: read_figure(data[name]) for name in names}
        return cls(**figures, each=data.get("each", 100))


@dataclass(frozen=True)
class ProtectedPoint:
    """Whole percents of cases still open after a working day, with 95% limits."""

    day: int
    percent: Figure
    lower: Figure
    upper: Figure


@dataclass(frozen=True)
class ProtectedSurvival:
    """The protected curve of how long cases take, with open cases counted.

    `cases` is rounded. `median` and its 95% limits are in working days; None means "not yet
    reached". `points` follow the fixed grid of days. `withdrawn` is the competing share on the
    same days: the percent withdrawn by then (domain.md 9). It is empty where the curve has no
    competing ending.
    """

    kind: ClassVar[str] = "survival"
    cases: Figure
    median: Figure | None
    points: tuple[ProtectedPoint, ...]
    withdrawn: tuple[ProtectedPoint, ...] = ()
    median_lower: Figure | None = HIDDEN
    median_upper: Figure | None = HIDDEN

    def to_json(self) -> JsonObject:
        """Return the object as plain JSON data."""
        return {
            "kind": self.kind,
            "cases": write_figure(self.cases),
            **{name: _write_day(getattr(self, name)) for name in _MEDIAN},
            "points": _write_points(self.points),
            "withdrawn": _write_points(self.withdrawn),
        }

    @classmethod
    def from_json(cls, data: JsonMapping) -> "ProtectedSurvival":
        """Return the object that `to_json` wrote."""
        points = _read_points(data["points"])
        # Data published before the competing share or the limits existed has none.
        rival = _read_points(data.get("withdrawn", ()))
        median, *limits = (_read_day(data.get(name, SYMBOL)) for name in _MEDIAN)
        return cls(read_figure(data["cases"]), median, points, rival, *limits)


_MEDIAN = ("median", "median_lower", "median_upper")


def _write_day(day: Figure | None) -> int | str | None:
    return None if day is None else write_figure(day)


def _read_day(data: int | str | None) -> Figure | None:
    return None if data is None else read_figure(data)


def _write_points(points: Iterable[ProtectedPoint]) -> list[list[int | str]]:
    return [
        [point.day, *map(write_figure, (point.percent, point.lower, point.upper))]
        for point in points
    ]


def _read_points(
    data: Iterable[tuple[int, str | int, str | int, str | int]],
) -> tuple[ProtectedPoint, ...]:
    return tuple(
        ProtectedPoint(day, read_figure(percent), read_figure(lower), read_figure(upper))
        for day, percent, lower, upper in data
    )


@dataclass(frozen=True)
class ProtectedTable:
    """A table with its margins.

    A one-way table has no columns; its counts are the row totals.
    """

    kind: ClassVar[str] = "table"
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Figure, ...], ...]
    row_totals: tuple[Figure, ...]
    column_totals: tuple[Figure, ...]
    total: Figure

    def grid(self) -> list[list[int | str]]:
        """Return every row with its total, then the row of totals.

        Each value is a number or the symbol.
        """
        rows = [*zip(self.cells, self.row_totals, strict=True), (self.column_totals, self.total)]
        return [[*map(write_figure, cells), write_figure(total)] for cells, total in rows]

    def to_json(self) -> JsonObject:
        """Return the object as plain JSON data."""
        return {
            "kind": self.kind,
            "rows": list(self.rows),
            "columns": list(self.columns),
            "grid": self.grid(),
        }

    @classmethod
    def from_json(cls, data: JsonMapping) -> "ProtectedTable":
        """Return the object that `to_json` wrote."""
        return cls.from_grid(data["rows"], data["columns"], data["grid"])

    @classmethod
    def from_grid(
        cls, rows: Sequence[str], columns: Sequence[str], grid: Sequence[Iterable[int | str]]
    ) -> "ProtectedTable":
        """Return a table made from rows of numbers and symbols, each with its total last."""
        figures = [tuple(map(read_figure, row)) for row in grid]
        *body, margin = figures
        return cls(
            rows=tuple(rows),
            columns=tuple(columns),
            cells=tuple(row[:-1] for row in body),
            row_totals=tuple(row[-1] for row in body),
            column_totals=margin[:-1],
            total=margin[-1],
        )
