"""The pieces that reports are made of; each makes one section.

A piece defines what to count and by what. Counting, disclosure control and drawing are the same for
all. Builders only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from django.db.models import Case as Choose
from django.db.models import CharField, Q, Value, When
from django.db.models.functions import Coalesce

from grievances.reports.charts.section_charts import chart_of
from grievances.reports.counting import NO, YES, Column, Population, Tally, tabulate, tally
from grievances.reports.disclosure.protected import (
    Figure,
    ProtectedShare,
    ProtectedTable,
    Shown,
)
from grievances.reports.disclosure.protection import share_of
from grievances.reports.disclosure.release import ReleaseGate
from grievances.reports.disclosure.tables import Classes
from grievances.reports.layout.clustering import ONE, rows_of_each
from grievances.reports.layout.document import Document, Item, Section, Target
from grievances.reports.periods import Period

SIDES = {YES: "Yes", NO: "No"}
Made = tuple[Section, str]
"""A section and its chart as SVG, empty where there is nothing to draw."""


@dataclass(frozen=True)
class ReportContext:
    """The context of a report: its gate, its period, and the earlier documents.

    `until` is the last local date counted. `published` returns the documents of a report for
    earlier periods of one length, in order. `made` are those made for this period so far.
    """

    gate: ReleaseGate
    period: Period
    until: date
    published: Callable[[str, int], Sequence[Document]]
    made: Mapping[str, Document]

    def rows_of_each(
        self, population: Population, counted: Tally, section: str, whole: Figure
    ) -> int:
        """Return how many rows of a population one person has, in hundredths.

        It is one where the number of rows is hidden.
        """
        if not isinstance(whole, Shown):
            return ONE
        return rows_of_each(population, counted, self.made, self.gate, section)


Source = Callable[[ReportContext], Population]


class Piece(Protocol):
    """An object that makes one section."""

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section, counted and protected, and its chart."""


@dataclass(frozen=True)
class Dimension:
    """The rows or columns of a table: a column, and a label for each code.

    The column is one of the population.
    """

    column: Column
    labels: Mapping[str, str]


def yes(condition: Q) -> Choose:
    """Return a column that says whether a condition holds."""
    return Choose(
        When(condition, then=Value(YES)), default=Value(NO), output_field=CharField(max_length=3)
    )


def known(column: str, labels: Mapping[str, str], otherwise: str) -> Dimension:
    """Return a column of codes; the last row is for an empty code.

    `otherwise` is the label of that row.
    """
    return Dimension(Coalesce(column, Value("")), {**labels, "": otherwise})


@dataclass(frozen=True)
class Crosstab:
    """Counts by rows, or by rows and columns."""

    key: str
    heading: str
    note: str
    corner: str
    of: Source
    rows: Dimension
    columns: Dimension | None = None
    classes: Classes | None = None
    zeros: bool = True

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with the protected table."""
        table = self.table(desk)
        section = Section(self.key, self.heading, self.note, (Item(self.corner, table),))
        return section, chart_of(section)

    def table(self, desk: ReportContext) -> ProtectedTable:
        """Return the protected counts."""
        across = self.columns.column if self.columns else Value("")
        counted = tally(self.of(desk), self.rows.column, across)
        labels = self.columns.labels if self.columns else None
        exact = tabulate(counted, self.rows.labels, labels)
        return desk.gate.release(self.key, exact, self.classes, zeros=self.zeros)


@dataclass(frozen=True)
class Line:
    """One share: what is counted, and which part of it."""

    label: str
    of: Source
    part: Q
    target: Target | None = None

    def share(self, desk: ReportContext, key: str) -> ProtectedShare:
        """Return the share, protected on both sides."""
        counted = tally(self.of(desk), Value("all"), yes(self.part))
        exact = tabulate(counted, {"all": self.label}, SIDES)
        # Each line is a table of its own: its totals are relatives of no other line's.
        place = f"{key}/{self.label}"
        table = desk.gate.release(place, exact, "rows")
        each = desk.rows_of_each(self.of(desk), counted, place, table.row_totals[0])
        return share_of(table.cells[0][0], table.row_totals[0], each)


@dataclass(frozen=True)
class Shares:
    """Several shares, each of its own whole."""

    key: str
    heading: str
    note: str
    lines: tuple[Line, ...]

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with the protected shares."""
        items = tuple(
            Item(line.label, line.share(desk, self.key), target=line.target) for line in self.lines
        )
        section = Section(self.key, self.heading, self.note, items)
        return section, chart_of(section)


@dataclass(frozen=True)
class SharesBy:
    """One share in each group of one whole, and in the whole."""

    key: str
    heading: str
    note: str
    of: Source
    by: Dimension
    part: Q
    whole: str = ""
    zeros: bool = True
    since: date | None = None
    """The first day counted, where that is before the period."""

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with the protected shares."""
        section = Section(self.key, self.heading, self.note, self.items(desk))
        return section, chart_of(section)

    def items(self, desk: ReportContext) -> tuple[Item, ...]:
        """Return a share for each group, and for the whole where it has a name."""
        population = self.of(desk)
        counted = self._counted(population)
        exact = tabulate(counted, self.by.labels, SIDES)
        table = desk.gate.release(self.key, exact, "rows", zeros=self.zeros, since=self.since)
        each = desk.rows_of_each(population, counted, self.key, table.total)
        items = [
            Item(label, share_of(cells[0], total, each))
            for label, cells, total in zip(table.rows, table.cells, table.row_totals, strict=True)
        ]
        if self.whole:
            items.append(Item(self.whole, share_of(table.column_totals[0], table.total, each)))
        return tuple(items)

    def shows_any(self, desk: ReportContext) -> bool:
        """Return whether the gate would show the share of any group now."""
        exact = tabulate(self._counted(self.of(desk)), self.by.labels, SIDES)
        hidden = desk.gate.preview(self.key, exact, "rows", zeros=self.zeros, since=self.since)
        return any((row, 0) not in hidden for row in range(len(self.by.labels)))

    def _counted(self, population: Population) -> Tally:
        return tally(population, self.by.column, yes(self.part))


@dataclass(frozen=True)
class Picked:
    """Figures of other reports of the same period, in one section."""

    key: str
    heading: str
    note: str
    picks: tuple[tuple[str, str, str, str], ...]
    """(report, section, label there, words here)."""

    def __call__(self, desk: ReportContext) -> Made:
        """Return the section with the figures as protected in their own reports.

        A figure that is missing there is left out.
        """
        items = tuple(
            replace(item, label=words)
            for *place, words in self.picks
            for item in _taken(desk.made, *place)
        )
        section = Section(self.key, self.heading, self.note, items)
        return section, chart_of(section)


def _taken(made: Mapping[str, Document], report: str, key: str, label: str) -> list[Item]:
    document = made.get(report)
    sections = document.sections if document else ()
    return [
        item
        for section in sections
        if section.key == key
        for item in section.items
        if label == item.label
    ]
