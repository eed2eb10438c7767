"""The attack of a reader with an integer solver on everything that is known.

HiGHS, the solver of scipy, looks for whole numbers of people that fit everything shown and in which
a hidden figure is as small, or as large, as it can be. First it solves the linear system, which
cannot give narrower limits; whole numbers are needed only where that one leaves the answer open.
A figure is safe once two answers are as far apart as its threshold. Builders only.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic, process_time
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array, csr_array
from scipy.sparse.csgraph import connected_components

from grievances.reports.certificates.certificate import Certificate
from grievances.reports.certificates.knowledge import Key, Knowledge

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Move = Mapping[Key, float]
"""How far each figure is from its true count in one answer that fits."""
SOLVER = f"HiGHS in scipy {scipy.__version__}"
MOST_SOLVES = 600
"""The programmes solved for one report; what is open then counts as found."""
MOST_NODES = 500
"""The branches of one integer programme.

Counts, unlike a clock, give every run the same report.
"""
SECONDS = 60.0
"""The processor time after which a programme is given up.

It is a fuse: none has come near.
"""
TOLERANCE = 1e-5
REACHES = (0, 1, 2, None)
"""How many rows from a figure the shown figures may differ too; at last, all may."""


@dataclass
class Attack:
    """One attack on what is known.

    `low` and `high` are the least and the most that each figure was seen to be.

    `new` are the figures just added; what is linked to none of them was attacked before. `moves`
    are answers of earlier attacks, each for one figure and the sign of `_solve`; those that still
    fit are used again, and new ones are put in their place.
    """

    knowledge: Knowledge
    new: Collection[Key] = ()
    moves: dict[tuple[Key, float], Move] = field(default_factory=dict)
    solves: int = MOST_SOLVES
    unfinished: set[Key] = field(default_factory=set)

    def __post_init__(self) -> None:
        figures = self.knowledge.figures
        self.keys = list(figures)
        self.place = {key: n for n, key in enumerate(self.keys)}
        self.truth = np.array([figures[key].cases for key in self.keys], dtype=float)
        self.least = np.array([figures[key].low for key in self.keys])
        self.most = np.array([figures[key].high for key in self.keys])
        self.shown = np.array([figures[key].shown for key in self.keys], dtype=bool)
        self.low, self.high = self.truth.copy(), self.truth.copy()
        self.matrix, self.from_, self.to = self._system()

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

    def _parts(self, free: Flags) -> Numbers:
        """Return the number of the part of the system of each figure.

        Only the free figures link others; every other one is a part of its own.
        """
        links = csr_array(self.matrix.multiply(free.astype(float)[np.newaxis, :]))
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

        One for which the time did not suffice is among them. First only hidden figures may differ
        from the truth: whatever fits then fits everything that is known, and such a system falls
        into small parts. Where that does not show a figure to be safe, shown figures may differ
        too, by as much as their rounding leaves open.
        """
        unsettled = self.least < self.most
        part = self._parts(unsettled)
        touched = {part[self.place[key]] for key in self.new}
        wanted = [key for key in self.small() if part[self.place[key]] in touched]
        self._move_again(wanted)
        hidden = unsettled & ~self.shown
        for reach in REACHES:
            if open_ := self._open(wanted):
                free = unsettled if reach is None else hidden | self._near(open_, unsettled, reach)
                self.unfinished.clear()
                self._widen(open_, self._parts(free), free)
        self.unfinished.intersection_update(self._open(wanted))
        return self._open(wanted)

    def _move_again(self, wanted: Collection[Key]) -> None:
        """Note the earlier answers that fit all that is known now."""
        among = set(wanted)
        listed = [move for (key, _), move in self.moves.items() if key in among]
        data, down, across = [], [], []
        for number, move in enumerate(listed):
            for key, change in move.items():
                if key in self.place:
                    data.append(change)
                    down.append(self.place[key])
                    across.append(number)
        changes = csc_array((data, (down, across)), shape=(len(self.keys), len(listed)))
        good = self._fit(changes, self.truth, self.least, self.most)
        known = self.matrix @ self.truth
        good &= self._fit(csc_array(self.matrix @ changes), known, self.from_, self.to)
        for number in np.flatnonzero(good).tolist():
            span = slice(changes.indptr[number], changes.indptr[number + 1])
            inside = changes.indices[span]
            self._note(inside, self.truth[inside] + changes.data[span])

    def _fit(self, changes: Any, from_: Floats, least: Floats, most: Floats) -> Flags:
        """Return for each column of changes whether all values stay within their limits."""
        values = from_[changes.indices] + changes.data
        wrong = (values < least[changes.indices] - TOLERANCE) | (
            values > most[changes.indices] + TOLERANCE
        )
        column = np.repeat(np.arange(changes.shape[1]), np.diff(changes.indptr))
        found = np.ones(changes.shape[1], dtype=bool)
        found[column[wrong]] = False
        return found

    def _near(self, keys: Sequence[Key], free: Flags, reach: int) -> Flags:
        """Return the figures that are so many rows, or fewer, from one of these."""
        found = np.zeros(len(self.keys), dtype=bool)
        found[[self.place[key] for key in keys]] = True
        links = abs(self.matrix)
        for _ in range(reach):
            found |= (links.T @ (links @ (found & free).astype(float))) > 0
        return found & free

    def _widen(self, wanted: Sequence[Key], part: Numbers, free: Flags) -> None:
        """Look for values of the wanted figures that are as far apart as their thresholds.

        All are tried together, then one of each part at a time.
        """
        before = len(wanted) + 1
        while len(open_ := self._open(wanted)) < before:
            before = len(open_)
            for sign in (-1.0, 1.0):
                self._solve(self._open(open_), sign, part, free)
        tried: set[Key] = set()
        while waiting := [key for key in self._open(wanted) if key not in tried]:
            first = {int(part[self.place[key]]): key for key in reversed(waiting)}
            for sign in (-1.0, 1.0):
                self._solve(self._open(first.values()), sign, part, free)
            tried.update(first.values())

    def width(self, key: Key) -> int:
        """Return the width of the interval that is left for a figure."""
        number = self.place[key]
        return round(float(self.high[number] - self.low[number]))

    def certificate(self, hidden: Sequence[Key]) -> Certificate:
        """Return the certificate for the hidden figures of a report, after the attack.

        It is the same whether a hidden figure is small or not.
        """
        figures = self.knowledge.figures
        small = self.small(hidden)
        narrow = [key for key in small if self.width(key) < figures[key].t]
        enough = min((figures[key].t for key in narrow or hidden), default=0)
        narrowest = min(map(self.width, narrow), default=enough if hidden else None)
        unfinished = len(self.unfinished.intersection(small))
        return Certificate(len(hidden), narrowest, enough, unfinished, SOLVER)

    def _open(self, wanted: Iterable[Key]) -> list[Key]:
        return [key for key in wanted if self.width(key) < self.knowledge.figures[key].t]

    def _solve(self, wanted: Sequence[Key], sign: float, part: Numbers, free: Flags) -> None:
        """Look for whole numbers in which the wanted figures are large (-1) or small (+1).

        No figure need be larger than its threshold above its true count. The parts share one
        programme; whole numbers are asked only of the parts whose answer has others.
        """
        places = [self.place[key] for key in wanted if free[self.place[key]]]
        parts = sorted({int(part[number]) for number in places})
        inside = np.flatnonzero(np.isin(part, parts) & free)
        found = self._look(inside, places, sign, whole=False)
        broken = [] if found is None else _broken(found, part[inside])
        if found is not None:
            good = ~np.isin(part[inside], broken)
            self._note(inside[good], found[good])
            self._remember(places, sign, part, inside[good], found[good])
        for number in parts if found is None else broken:
            within = np.flatnonzero((part == number) & free)
            mine = [place for place in places if part[place] == number]
            better = self._look(within, mine, sign, whole=True)
            if better is None:
                self.unfinished.update(self.keys[place] for place in mine)
            else:
                self._note(within, better)
                self._remember(mine, sign, part, within, better)

    def _remember(
        self, wanted: Sequence[int], sign: float, part: Numbers, inside: Numbers, found: Floats
    ) -> None:
        """Keep the answer for those of the wanted figures that it moved."""
        moved = np.round(found) - self.truth[inside]
        change = dict(zip(inside.tolist(), moved.tolist(), strict=True))
        for number in wanted:
            if sign * change.get(number, 0.0) < 0:
                same = inside[(part[inside] == part[number]) & (moved != 0)]
                self.moves[self.keys[number], sign] = {self.keys[n]: change[n] for n in same}

    def _note(self, inside: Numbers, found: Floats) -> None:
        """Note values that these figures can have together."""
        whole = np.round(found)
        self.low[inside] = np.minimum(self.low[inside], whole)
        self.high[inside] = np.maximum(self.high[inside], whole)

    def _rows(self, inside: Numbers) -> LinearConstraint | None:
        """Return the rows of these figures; all others have their true counts."""
        part = self.matrix[:, inside]
        used = np.flatnonzero(np.diff(part.indptr))
        if not len(used):
            return None
        others = self.truth.copy()
        others[inside] = 0.0
        taken = self.matrix[used] @ others
        return LinearConstraint(part[used], self.from_[used] - taken, self.to[used] - taken)

    def _look(
        self, inside: Numbers, wanted: Sequence[int], sign: float, *, whole: bool
    ) -> Floats | None:
        """Return what the solver found; None where it found nothing."""
        if not self.solves:
            return None
        if not len(inside):
            return self.truth[inside]
        self.solves -= 1
        goal, high = np.zeros(len(self.keys)), self.most.copy()
        for number in wanted:
            goal[number] = sign
            t = self.knowledge.figures[self.keys[number]].t
            high[number] = min(high[number], self.truth[number] + t)
        return _solution(
            goal[inside],
            integrality=np.full(len(inside), int(whole)),
            bounds=Bounds(self.least[inside], high[inside]),
            constraints=self._rows(inside),
        )


def _solution(goal: Floats, **programme: Any) -> Floats | None:
    """Return what the solver found; None where it found nothing.

    The solver knows no clock but that of the wall. A programme that it gave up while others had the
    processor is solved again with more patience, so that a busy machine makes no weaker attacker.
    """
    patience = SECONDS
    while True:
        begun, worked = monotonic(), process_time()
        options = {"node_limit": MOST_NODES, "time_limit": patience}
        answer = milp(goal, **programme, options=options)
        if monotonic() - begun < patience or process_time() - worked >= SECONDS:
            return None if answer.x is None else np.asarray(answer.x, dtype=float)
        patience *= 2


def _broken(found: Floats, part: Numbers) -> list[int]:
    """Return the parts in which a value is no whole number."""
    return sorted({int(n) for n in part[np.abs(found - np.round(found)) > TOLERANCE]})
