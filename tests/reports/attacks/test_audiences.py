"""A reader of both audiences' tables sees no figure that one of them hides (domain.md 10)."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from itertools import accumulate

import pytest

from grievances.policy.clock_names import ClockName
from grievances.reports import catalogue, snapshots
from grievances.reports.builders import Due, Run
from grievances.reports.disclosure.audience import INTERNAL, PUBLISHED
from grievances.reports.disclosure.protected import HIDDEN
from grievances.reports.disclosure.registry import Registry, family_of
from grievances.reports.disclosure.release import MARGIN, ReleaseGate
from grievances.reports.disclosure.tables import Box, Exact, Table
from grievances.reports.snapshot_models import Release
from tests.reports.report_factory import YEAR, Concern, owe, store
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


STARTED = date(2022, 5, 2)
MET_AFTER = {timedelta(7): 3, timedelta(21): 4, timedelta(35): 3, timedelta(49): 12}
"""The concerns met in each of the first four bands of working days, by calendar days.

The organisation's own table parts them in 7 and 15, and the file alone would in 10 and 12.
"""


def met_by_each_band(audience: str, section: str) -> list[int]:
    """The exact number met by the end of each band that a table has for one audience."""
    total = family_of("resolution-times", f"{section}/{ClockName.MEETING}", MARGIN, MARGIN)
    table = Release.objects.get(audience=audience, family=total).table
    found = Release.objects.filter(audience=audience, table=table, place__endswith=",2")
    rows = sorted(found, key=lambda row: int(row.place.split(",")[0]))
    return [*accumulate(row.cases for row in rows[:-1])]


@pytest.mark.parametrize("first", [snapshots.INTERNAL, snapshots.PUBLISHED])
def test_two_tables_of_a_stage_leave_no_few_people_between_them(policies: None, first: str) -> None:
    """Both audiences' tables, and those from receipt and from the beginning, are one system."""
    days = [day for day, number in MET_AFTER.items() for _ in range(number)]
    for case, day in zip(store([Concern(STARTED) for _ in days]), days, strict=True):
        owe(case, STARTED + day, STARTED + day, name=ClockName.MEETING, started_on=STARTED)
    audiences = sorted((snapshots.INTERNAL, snapshots.PUBLISHED), key=lambda name: name != first)
    report = catalogue.REPORTS["resolution-times"]
    run = Run(datetime.fromisoformat("2023-06-01T09:00:00+00:00"))
    run.make([Due(report, YEAR, 1, audience) for audience in audiences])
    sections = ("stages", "first-meeting")
    met = {n for audience in audiences for key in sections for n in met_by_each_band(audience, key)}
    assert sum(MET_AFTER.values()) in met
    assert not [(few, many) for few in met for many in met if 0 < many - few < INTERNAL.t]
