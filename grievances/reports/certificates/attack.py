"""The attack of a reader with an integer solver on everything that is known.

HiGHS, the solver of scipy, looks for whole numbers of people that fit everything shown and in which
a hidden figure is as small, or as large, as it can be. First it solves the linear system, which
cannot give narrower limits; whole numbers are needed only where that one leaves the answer open.
Builders only.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from grievances.reports.certificates.certificate import Certificate
from grievances.reports.certificates.knowledge import Key, Knowledge

Floats = NDArray[np.float64]
SOLVER = f"HiGHS in scipy {scipy.__version__}"
MOST_SOLVES = 600
"""The programmes solved for one report; what is open then counts as found."""
MOST_NODES = 500
"""The branches of one integer programme.

Counts, unlike a clock, give every run the same report.
"""
SECONDS = 60.0
"""The time after which one programme is given up, if something is very wrong."""
TOLERANCE = 1e-5


@dataclass
class Attack:
    """One attack on what is known.

    `low` and `high` are the least and the most that each figure was seen to be.

    `new` are the figures just added; what is linked to none of them was attacked before.
    """

    knowledge: Knowledge
    new: Collection[Key] = ()
    solves: int = MOST_SOLVES
    unfinished: set[Key] = field(default_factory=set)

    def __post_init__(self) -> None:
        figures = self.knowledge.figures
        self.keys = list(figures)
        self.place = {key: n for n, key in enumerate(self.keys)}
        self.truth = np.array([figures[key].cases for key in self.keys], dtype=float)
        self.least = np.array([figures[key].low for key in self.keys])
        self.most = np.array([figures[key].high for key in self.keys])
        self.low, self.high = self.truth.copy(), self.truth.copy()
        self.matrix, self.from_, self.to = self._system()
        self.part = self._parts()

    def _system(self) -> tuple[Any, Floats, Floats]:
        """Return the rows as a sparse matrix, with the limits of each."""
        data, across, down = [], [], []
        for number, (row, _, _) in enumerate(self.knowledge.rows):
            for key, sign in row.items():
                data.append(sign)
                across.append(self.place[key])
                down.append(number)
        shape = (len(self.knowledge.rows), len(self.keys))
        limits = [(low, high) for _, low, high in self.knowledge.rows]
        least, most = np.array(limits, dtype=float).reshape(-1, 2).T
        return csr_array((data, (down, across)), shape=shape), least, most

    def _parts(self) -> NDArray[np.int64]:
        """Return the number of the part of the system of each figure.

        Figures of which one value is possible link nothing.
        """
        free = (self.least < self.most).astype(float)
        links = csr_array(self.matrix.multiply(free[np.newaxis, :]))
        links.data = np.abs(links.data)
        links.eliminate_zeros()
        _, labels = connected_components(links.T @ links, directed=False)
        return np.asarray(labels)

    def small(self, among: Iterable[Key] | None = None) -> list[Key]:
        """Return the hidden figures of 1 to t-1 cases."""
        figures = self.knowledge.figures
        keys = self.keys if among is None else among
        return [k for k in keys if not figures[k].shown and 0 < figures[k].cases < figures[k].t]

    def narrowed(self) -> list[Key]:
        """Return the small hidden figures left with an interval below their threshold.

        One for which the time did not suffice is among them.
        """
        touched = {self.part[self.place[key]] for key in self.new}
        wanted = [key for key in self.small() if self.part[self.place[key]] in touched]
        for sign in (-1.0, 1.0):
            self._solve(self._open(wanted), sign)
        for key in self._open(wanted):
            for sign in (-1.0, 1.0):
                self._solve(self._open([key]), sign)
        return self._open(wanted)

    def width(self, key: Key) -> int:
        """Return the width of the interval that is left for a figure."""
        number = self.place[key]
        return round(float(self.high[number] - self.low[number]))

    def certificate(self, hidden: Sequence[Key]) -> Certificate:
        """Return the certificate for the hidden figures of a report, after the attack."""
        figures = self.knowledge.figures
        small = self.small(hidden)
        narrowest = min((min(self.width(key), figures[key].t) for key in small), default=None)
        enough = min((figures[key].t for key in small), default=0)
        unfinished = len(self.unfinished.intersection(small))
        return Certificate(len(hidden), narrowest, enough, unfinished, SOLVER)

    def _open(self, wanted: Iterable[Key]) -> list[Key]:
        return [key for key in wanted if self.width(key) < self.knowledge.figures[key].t]

    def _solve(self, wanted: Sequence[Key], sign: float) -> None:
        """Look for whole numbers in which the wanted figures are large (-1) or small (+1).

        No figure need be larger than its threshold above its true count. Each part of the system
        is solved by itself.
        """
        by_part: dict[int, list[int]] = defaultdict(list)
        for key in wanted:
            by_part[int(self.part[self.place[key]])].append(self.place[key])
        for part, places in by_part.items():
            inside = np.flatnonzero(self.part == part)
            self._solve_part(inside, places, sign)

    def _solve_part(self, inside: NDArray[np.int64], wanted: Sequence[int], sign: float) -> None:
        goal, high = np.zeros(len(self.keys)), self.most.copy()
        for number in wanted:
            goal[number] = sign
            t = self.knowledge.figures[self.keys[number]].t
            high[number] = min(high[number], self.truth[number] + t)
        bounds = Bounds(self.least[inside], high[inside])
        rows = self._rows(inside)
        found = self._look(goal[inside], bounds, rows, whole=False)
        if found is not None and np.abs(found - np.round(found)).max() > TOLERANCE:
            found = self._look(goal[inside], bounds, rows, whole=True)
        if found is None:
            self.unfinished.update(self.keys[number] for number in wanted)
            return
        whole = np.round(found)
        self.low[inside] = np.minimum(self.low[inside], whole)
        self.high[inside] = np.maximum(self.high[inside], whole)

    def _rows(self, inside: NDArray[np.int64]) -> LinearConstraint | None:
        """Return the rows of one part.

        Figures of which one value is possible are taken off the limits.
        """
        part = self.matrix[:, inside]
        used = np.flatnonzero(np.diff(part.indptr))
        if not len(used):
            return None
        outside = np.ones(len(self.keys), dtype=bool)
        outside[inside] = False
        taken = self.matrix[used] @ np.where(outside, self.least, 0.0)
        return LinearConstraint(part[used], self.from_[used] - taken, self.to[used] - taken)

    def _look(
        self, goal: Floats, bounds: Bounds, rows: LinearConstraint | None, *, whole: bool
    ) -> Floats | None:
        """Return what the solver found; None where it found nothing."""
        if not self.solves:
            return None
        self.solves -= 1
        answer = milp(
            goal,
            integrality=np.full(len(goal), int(whole)),
            bounds=bounds,
            constraints=rows,
            options={"node_limit": MOST_NODES, "time_limit": SECONDS},
        )
        return None if answer.x is None else np.asarray(answer.x, dtype=float)
