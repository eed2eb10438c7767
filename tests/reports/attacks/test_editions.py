"""No one finds a small hidden number in whole editions with an integer solver and both audiences.

Written apart from the protection: nothing here reads a certificate or a box. The attacker knows the
rounded numbers of everything that is shown, which sums hold, and which figures are the same people.
Who is counted where is told by the sets of people themselves.

One small organisation is attacked with the tests. ATTACKED_EDITIONS=2000 attacks so many reports
of organisations of every size, each of which makes a hundred; `-rP` prints how many figures were
tried.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from datetime import datetime
from math import ceil

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, lil_array
from scipy.sparse.csgraph import connected_components

from grievances.reports import catalogue, snapshots
from grievances.reports.builders import Due, Run
from grievances.reports.contents.index import PIECES, pieces_of
from grievances.reports.periods import Length, Period
from grievances.reports.snapshot_models import Release, Snapshot
from tests.reports.attacks.organisations import some_organisation
from tests.reports.report_factory import YEAR

NOW = datetime.fromisoformat("2023-06-01T09:00:00+00:00")
EDITIONS = int(os.environ.get("ATTACKED_EDITIONS", "1"))
FIRST = int(os.environ.get("ATTACKED_FIRST", "0"))
"""The seed of the first organisation, so that a long run can be parted."""
OF_ONE = 100
"""The editions of one organisation: all reports of four quarters and a year, and the file."""
T = {snapshots.INTERNAL: 5, snapshots.PUBLISHED: 10}
SMALL, ALL = (60, 120), (60, 1000)
ATTACKED = ("volumes", "resolution-times", "outcomes", "withdrawals")
TARGETS = 12 if EDITIONS == 1 else 200
"""The hidden figures attacked in each edition, spread over all of them."""

MOST = 1_000_000
"""More people than any figure counts."""

Spot = tuple[str, str, str, str]
"""Audience, period, table and place."""


def build(seed: int) -> None:
    """Store one organisation, and make the reports of its year for both audiences."""
    some_organisation(seed, ALL if EDITIONS > 1 else SMALL)
    everything = PIECES if EDITIONS > 1 else ATTACKED
    periods: list[Period] = [*YEAR.quarters()] if EDITIONS > 1 else [YEAR.quarters()[3]]
    due = [
        Due(catalogue.REPORTS[name], period)
        for period in (*periods, YEAR)
        for name in everything
        if pieces_of(name, period.length) and period.length is not Length.MONTH
    ]
    named = [name for name in catalogue.DATASET if name in everything]
    due += [Due(catalogue.REPORTS[name], YEAR, 1, snapshots.PUBLISHED) for name in named]
    Run(NOW).make(due)


class Reader:
    """A reader of the reports of these audiences who has a solver."""

    def __init__(self, audiences: set[str]) -> None:
        self.rows = list(Release.objects.filter(audience__in=audiences).exclude(place=""))
        self.same: dict[object, int] = {}
        self.low: list[float] = []
        self.high: list[float] = []
        self.truth: list[int] = []
        self.least: list[int] = []
        self.shown: list[bool] = []
        tables: dict[tuple[str, str], dict[tuple[int, int], int]] = defaultdict(dict)
        for row in self.rows:
            tables[row.audience, row.table][self._place(row)] = self._number(row)
        self.sums = [
            line for places in tables.values() for line in lines(places) if self._adds(*line)
        ]

    def _adds(self, parts: list[int], total: int) -> bool:
        return sum(self.truth[part] for part in parts) == self.truth[total]

    def _place(self, row: Release) -> tuple[int, int]:
        down, across = map(int, row.place.split(","))
        return down, across

    def _number(self, row: Release) -> int:
        """The unknown of a figure: the same question to both audiences is the same unknown."""
        where = (row.period, row.family)
        number = self.same.setdefault(where, len(self.truth))
        if number == len(self.truth):
            self.truth.append(row.cases)
            self.low.append(0)
            self.high.append(MOST)
            self.least.append(T[row.audience])
            self.shown.append(False)
        self.least[number] = min(self.least[number], T[row.audience])
        low, high = (row.value - 2, row.value + 2) if row.value else (0, 0)
        self.shown[number] |= row.shown
        # A figure that stays as it was published tells of another count, and would only mislead.
        if row.shown and low <= self.truth[number] <= high:
            self.low[number] = max(self.low[number], low)
            self.high[number] = min(self.high[number], high)
        return number

    def targets(self) -> list[int]:
        return [
            n
            for n, cases in enumerate(self.truth)
            if not self.shown[n] and 0 < cases < self.least[n]
        ]

    def matrix(self) -> csr_array:
        """The sums, one in a row: the parts less the total."""
        matrix = lil_array((len(self.sums), len(self.truth)))
        for line, (parts, total) in enumerate(self.sums):
            for part in parts:
                matrix[line, part] += 1
            matrix[line, total] -= 1
        return matrix.tocsr()

    def interval(self, target: int) -> tuple[int, int]:
        """The least and the most that a hidden figure can be, in whole people."""
        low, high = np.array(self.low, float), np.array(self.high, float)
        return self._between(self.matrix(), low, high, target)

    def found(self, targets: list[int]) -> list[tuple[int, int, int]]:
        """The targets that are left with too narrow an interval, with its ends.

        An interval that is wide although every shown figure is known exactly is wide for a reader
        who knows only its rounding, and there the sums fall apart into small systems. What is left
        is tried with everything that the reader does not know.
        """
        narrow = []
        matrix, truth = self.matrix(), np.array(self.truth, float)
        shown, low, high = np.array(self.shown), np.array(self.low), np.array(self.high)
        exact = np.where(shown, truth, low), np.where(shown, truth, high)
        for target in targets:
            for least, most in (exact, (low, high)):
                ends = self._between(matrix, least, most, target, self.least[target])
                if ends[1] - ends[0] >= self.least[target]:
                    break
            else:
                narrow.append((target, *ends))
            assert ends[0] <= self.truth[target] <= ends[1]
        return narrow

    def _between(
        self,
        matrix: csr_array,
        low: np.ndarray,
        high: np.ndarray,
        target: int,
        enough: int = MOST,
    ) -> tuple[int, int]:
        """The ends of an interval, in the part of the sums that its unknowns link to it.

        An end that is `enough` above the truth need not be looked for further.
        """
        free = low < high
        links = csr_array(abs(matrix).multiply(free[np.newaxis, :]))
        links.eliminate_zeros()
        _, part = connected_components(links.T @ links, directed=False)
        inside = np.flatnonzero((part == part[target]) & free)
        if target not in inside:
            return int(low[target]), int(high[target])
        columns = matrix[:, inside]
        used = np.flatnonzero(np.diff(columns.indptr))
        rest = np.where(free & (part == part[target]), 0, low)
        amounts = -(matrix[used] @ rest)
        goal = (inside == target).astype(float)
        most = high[inside].astype(float)
        most[inside == target] = min(most[inside == target][0], self.truth[target] + enough)
        ends: list[int] = []
        for sign in (-1, 1):
            if ends and ends[0] - self.truth[target] >= enough:
                ends.append(self.truth[target])
                break
            answer = milp(
                sign * goal,
                integrality=np.ones(len(inside)),
                bounds=Bounds(low[inside], most),
                constraints=LinearConstraint(columns[used], amounts, amounts),
                options={"time_limit": 20},
            )
            assert answer.x is not None
            ends.append(round(answer.x[goal > 0][0]))
        return ends[1], ends[0]


def lines(places: dict[tuple[int, int], int]) -> list[tuple[list[int], int]]:
    down, across = max(i for i, _ in places), max(j for _, j in places)
    found = [([places[i, j] for i in range(down)], places[down, j]) for j in range(across + 1)]
    if across:
        found += [
            ([places[i, j] for j in range(across)], places[i, across]) for i in range(down + 1)
        ]
    return found


@pytest.mark.parametrize("seed", range(FIRST, FIRST + ceil(EDITIONS / OF_ONE)))
def test_no_one_finds_a_small_number_in_an_edition(policies: None, seed: int) -> None:
    build(seed)
    tried = 0
    for audiences in ({snapshots.INTERNAL, snapshots.PUBLISHED}, {snapshots.PUBLISHED}):
        reader = Reader(audiences)
        targets = reader.targets()
        assert targets, "an organisation with nothing to hide attacks nothing"
        some = targets[:: max(1, len(targets) // TARGETS)]
        narrow = reader.found(some)
        assert not narrow, [(audiences, reader.truth[n], low, high) for n, low, high in narrow]
        tried += len(some)
    no_star_is_published()
    every_edition_has_its_certificate()
    made = Snapshot.objects.count()
    sys.stdout.write(f"seed {seed}: {made} editions, {tried} figures tried\n")


def no_star_is_published() -> None:
    """What the organisation's own reports hide, the file does not show."""
    inside = Release.objects.filter(audience=snapshots.INTERNAL, period=YEAR.name, shown=False)
    hidden = set(inside.exclude(population="").values_list("population", "box"))
    file = Release.objects.filter(audience=snapshots.PUBLISHED, shown=True, cases__gt=0)
    shown = set(file.values_list("population", "box"))
    assert hidden
    assert shown
    assert not hidden & shown


def every_edition_has_its_certificate() -> None:
    stars = 0
    for snapshot in Snapshot.objects.all():
        found = snapshot.body["certificate"]
        assert found["solver"].startswith("HiGHS in scipy ")
        assert found["unfinished"] == 0
        assert found["narrowest"] is None or found["narrowest"] >= found["enough"] >= 5
        assert not found["tried"] or found["solver"] in snapshot.page
        stars += found["tried"]
    assert stars > 10


def test_the_reader_would_find_a_number_hidden_alone(policies: None) -> None:
    reader = Reader(set())
    reader.truth, reader.low, reader.high = [3, 20, 23], [0, 18, 23], [2000, 22, 23]
    reader.sums = [([0, 1], 2)]
    assert reader.interval(0) == (1, 5)
    reader.shown, reader.least = [False, True, True], [5, 5, 5]
    assert reader.found([0]) == [(0, 1, 5)]
    reader.low[1] = reader.high[1] = 20
    assert reader.interval(0) == (3, 3)
    assert reader.found([0]) == [(0, 3, 3)]
