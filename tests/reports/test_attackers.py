"""People who subtract, compare and guess learn nothing (domain.md 10.3 step 5, 10.4 and 13)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.linalg import null_space
from scipy.optimize import linprog

from grievances.reports.disclosure.audience import INTERNAL, PUBLISHED, Audience
from grievances.reports.disclosure.audit import find_determined, find_narrow
from grievances.reports.disclosure.differencing import may_release, may_release_table
from grievances.reports.disclosure.protection import find_hidden
from grievances.reports.disclosure.registry import Entry, Group, carried
from grievances.reports.disclosure.suppression import is_dominated, is_small
from grievances.reports.disclosure.tables import Cell, Place, Table
from tests.reports.report_factory import YEAR
from tests.reports.tables import count, cross
from tests.reports.vectors import VECTORS

COUNTS = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 8, 11, 17, 35])
AUDIENCES = st.sampled_from([INTERNAL, PUBLISHED, replace(INTERNAL, hide_zero=True)])
PEOPLE = list(range(40))


@st.composite
def exact_cells(draw: st.DrawFn) -> Cell:
    """A cell in which some people may have several cases."""
    cases = draw(COUNTS)
    if not cases:
        return Cell(0, 0)
    spare = draw(st.sampled_from([0, 0, 0, 1, 3]))
    persons = max(1, cases - spare)
    return Cell(cases, persons, cases - persons + 1, draw(st.integers(1, max(1, cases // 2))))


@st.composite
def exact_tables(draw: st.DrawFn) -> Table:
    """A two-way table of 2 to 5 rows and columns."""
    width = draw(st.integers(2, 5))
    row = st.lists(exact_cells(), min_size=width, max_size=width)
    return cross(draw(st.lists(row, min_size=2, max_size=5)))


def attack(table: Table, hidden: Iterable[Place], target: Place, enough: float = inf) -> float:
    """How wide an interval is left to someone who knows the shown counts and all the sums.

    Written apart from the audit: every place is a variable, and a shown one is simply known.
    The true count is in the interval, so a part of it that is wide `enough` need not be completed.
    """
    grid = table.grid()
    places, concealed = list(grid), set(hidden)
    bounds = [(0, 10_000) if p in concealed else (grid[p].cases, grid[p].cases) for p in places]
    sums = []
    for i in range(len(table.rows) + 1):
        sums.append([(i == p[0]) * (1 if p[1] < len(table.columns) else -1) for p in places])
    for j in range(len(table.columns) + 1):
        sums.append([(j == p[1]) * (1 if p[0] < len(table.rows) else -1) for p in places])
    goal = np.array([float(place == target) for place in places])
    zeros = [0] * len(sums)
    most = -linprog(-goal, A_eq=sums, b_eq=zeros, bounds=bounds).fun
    if most - grid[target].cases >= enough:
        return float(most - grid[target].cases)
    return float(most - linprog(goal, A_eq=sums, b_eq=zeros, bounds=bounds).fun)


class TestTables:
    @settings(
        max_examples=210, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
    )
    @given(table=exact_tables(), audience=AUDIENCES, classes=st.sampled_from([None, "rows"]))
    def test_no_hidden_cell_can_be_narrowed_below_the_threshold(
        self, table: Table, audience: Audience, classes: Any
    ) -> None:
        hidden = find_hidden(table, audience, classes)
        grid, interior = table.grid(), set(table.interior())
        primary = [
            place
            for place, cell in grid.items()
            if is_small(cell, audience.t) or (place in interior and is_dominated(cell, audience))
        ]
        assert hidden.issuperset(primary)
        for place in primary:
            assert attack(table, hidden, place, audience.t) >= audience.t - 1e-6

    def test_the_audit_sees_what_two_lines_give_away_together(self) -> None:
        table = count([[12, 3, 9], [8, 6, 14], [7, 11, 16]])
        assert (0, 1) in find_narrow(table, {(0, 1), (0, 2)}, 5)

    def test_the_audit_passes_the_worked_example(self) -> None:
        table = count([[12, 3, 9], [8, 6, 14], [7, 11, 16]])
        hidden = find_hidden(table, INTERNAL)
        assert find_narrow(table, hidden, 5) == ()
        widths = {place: round(attack(table, hidden, place)) for place in hidden}
        assert widths == {(0, 1): 9, (0, 2): 9, (1, 1): 9, (1, 2): 9}


def people(first: int, last: int) -> frozenset[int]:
    """People numbered from the first to the last, both included."""
    return frozenset(range(first, last + 1))


class TestDifferencing:
    @pytest.mark.parametrize("vector", VECTORS["sdc"]["differencing"], ids=str)
    def test_gives_the_answers_of_sdc3_and_sdc4(self, vector: dict[str, Any]) -> None:
        allowed = may_release(people(*vector["Q"]), [people(*vector["R"])], 5)
        assert allowed is not vector["blocked"]

    def test_every_earlier_answer_counts(self) -> None:
        assert not may_release(people(1, 13), [people(1, 23), people(1, 14)], 5)

    def test_cells_of_one_table_are_taken_together(self) -> None:
        cells = [people(1, 10), people(11, 20), people(30, 40)]
        assert may_release(people(1, 22), cells, 5)
        assert not may_release(people(1, 22), [], 5, tables=[cells])
        assert may_release(people(1, 20), [], 5, tables=[cells])
        assert may_release(people(1, 25), [], 5, tables=[cells])

    def test_a_new_table_may_not_leave_two_people_of_an_old_set(self) -> None:
        cells = [people(1, 10), people(11, 20)]
        assert not may_release_table(cells, [people(1, 22)], 5)
        assert may_release_table(cells, [people(1, 25)], 5)

    def test_a_table_is_compared_cell_by_cell_with_old_tables(self) -> None:
        assert not may_release_table([people(1, 11)], [], 5, tables=[[people(1, 10)]])

    def test_a_small_revision_waits_for_a_year(self) -> None:
        old = Entry(YEAR, 1, YEAR.last, True, 20, Group(20, frozenset(range(20))))
        for size, days, kept in ((21, 90, True), (21, 365, False), (25, 90, False), (20, 9, False)):
            group = Group(size, frozenset(range(size)))
            until = YEAR.last + timedelta(days=days)
            assert (carried(group, YEAR, until, [old], 5) is not None) is kept

    def test_without_the_sets_the_numbers_of_people_are_compared(self) -> None:
        old = Entry(YEAR, 1, YEAR.last, True, 20_000, Group(20_001))
        assert carried(Group(20_003), YEAR, YEAR.last, [old], 5) is old
        assert carried(Group(20_009), YEAR, YEAR.last, [old], 5) is None

    @given(queries=st.lists(st.frozensets(st.sampled_from(PEOPLE), min_size=5), max_size=12))
    def test_no_two_answers_differ_by_fewer_than_five_people(
        self, queries: list[frozenset[int]]
    ) -> None:
        released: list[frozenset[int]] = []
        for query in queries:
            if may_release(query, released, 5):
                released.append(query)
        differences = {len(a - b) for a in released for b in released}
        assert not differences & {1, 2, 3, 4}


class TestDetermined:
    @given(
        rows=st.lists(
            st.dictionaries(st.integers(0, 9), st.sampled_from([1.0, -1.0, 0.0]), max_size=4),
            max_size=12,
        )
    )
    @settings(max_examples=150, deadline=None, derandomize=True)
    def test_an_unknown_is_determined_where_no_direction_is_left_for_it(
        self, rows: list[dict[int, float]]
    ) -> None:
        """The null space, by another method, says which unknowns may still vary."""
        matrix = np.zeros((len(rows) + 1, 10))
        for number, row in enumerate(rows):
            for index, sign in row.items():
                matrix[number, index] = sign
        free = np.abs(null_space(matrix)).max(axis=1, initial=0.0)
        assert find_determined(rows) == [index for index in range(10) if free[index] < 1e-6]
