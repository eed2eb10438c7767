"""A reader of both audiences' tables sees no figure that one of them hides (domain.md 10)."""

from __future__ import annotations

import random

import pytest

from grievances.reports import snapshots
from grievances.reports.disclosure.audience import INTERNAL, PUBLISHED
from grievances.reports.disclosure.protected import HIDDEN
from grievances.reports.disclosure.registry import Registry
from grievances.reports.disclosure.release import ReleaseGate
from grievances.reports.disclosure.tables import Box, Exact, Table
from tests.reports.report_factory import YEAR
from tests.reports.tables import count
from tests.reports.test_attackers import attack

MEASURED = [[6, 0, 4, 11, 1], [11, 0, 35, 0, 1], [11, 4, 35, 1, 3]]
SIZES = (0, 0, 1, 2, 3, 4, 5, 6, 8, 11, 17, 35)


def exact_of(table: Table) -> Exact:
    """The table with the box of each place; every case is another person's."""
    down, across = len(table.rows), len(table.columns)
    people = dict.fromkeys(table.grid())
    boxes: dict[tuple[int, int], Box] = {}
    for i, j in table.grid():
        row = {("row", frozenset({str(i)}))} if i < down else set()
        column = {("column", frozenset({str(j)}))} if j < across else set()
        boxes[i, j] = frozenset(row | column)
    return Exact(table, people, "everybody", boxes)


def hidden_by_both(counts: list[list[int]], first: str) -> dict[str, set[tuple[int, int]]]:
    """The places that each audience's table hides, where one is released first."""
    audiences = {snapshots.INTERNAL: INTERNAL, snapshots.PUBLISHED: PUBLISHED}
    exact = exact_of(count(counts))
    found: dict[str, set[tuple[int, int]]] = {}
    for name in sorted(audiences, key=lambda name: name != first):
        registry = Registry(name)
        inner = name == snapshots.INTERNAL
        other = Registry(snapshots.PUBLISHED if inner else snapshots.INTERNAL)
        gate = ReleaseGate(registry, audiences[name], "outcomes", YEAR, 1, YEAR.last, other, inner)
        table = gate.release("routes", exact, "rows")
        registry.save()
        rows = [*zip(table.cells, table.row_totals, strict=True)]
        figures = [(*cells, total) for cells, total in rows]
        figures.append((*table.column_totals, table.total))
        found[name] = {
            (i, j)
            for i, row in enumerate(figures)
            for j, figure in enumerate(row)
            if figure == HIDDEN
        }
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("first", [snapshots.INTERNAL, snapshots.PUBLISHED])
def test_the_file_shows_nothing_that_the_reports_hide(seed: int, first: str) -> None:
    chance = random.Random(seed)
    width, height = chance.randint(2, 6), chance.randint(2, 5)
    counts = [[chance.choice(SIZES) for _ in range(width)] for _ in range(height)]
    hidden = hidden_by_both(counts if seed else MEASURED, first)
    assert hidden[snapshots.INTERNAL] <= hidden[snapshots.PUBLISHED]
    table = count(counts if seed else MEASURED)
    for audience, t in ((snapshots.INTERNAL, 5), (snapshots.PUBLISHED, 10)):
        for place, cell in table.grid().items():
            if place in hidden[audience] and 0 < cell.cases < t:
                assert attack(table, hidden[audience], place, t) >= t - 1e-6
