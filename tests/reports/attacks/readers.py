"""A reader of reports with an integer solver, written apart from the protection (domain.md 10).

Nothing here reads a certificate or a box. The reader knows the rounded numbers of everything that
is shown, which sums hold, and which figures are the same question.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, lil_array
from scipy.sparse.csgraph import connected_components

from grievances.reports import snapshots
from grievances.reports.snapshot_models import Release

T = {snapshots.INTERNAL: 5, snapshots.PUBLISHED: 10}
MOST = 1_000_000
"""More people than any figure counts."""


class Reader:
    """A reader of the reports of these audiences who has a solver."""

    def __init__(self, audiences: set[str]) -> None:
        # Who reads the reports inside too may know all that they may show.
        self.t = min((T[audience] for audience in audiences), default=max(T.values()))
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
        """The unknown of a figure: one question of one edition is one unknown to both audiences."""
        where = (row.period, row.edition, row.family)
        number = self.same.setdefault(where, len(self.truth))
        if number == len(self.truth):
            self.truth.append(row.cases)
            self.low.append(0)
            self.high.append(MOST)
            self.least.append(self.t)
            self.shown.append(False)
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
