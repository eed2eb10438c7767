"""The audit of linked tables as one linear system (domain.md 10).

It finds hidden cells whose value other tables of the same people determine. A figure that is in two
tables is one unknown. A figure of several codes is the sum of the figures of each code. The rest of
a whole after a part is taken away is a figure too, though no table has it. Builders only: it needs
scipy.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import inf

from grievances.reports.disclosure.audit import TOLERANCE, find_determined, widths
from grievances.reports.disclosure.linked_tables import Equation, KinTable, find_told, write_box
from grievances.reports.disclosure.tables import Box

KEPT = 256
"""How many systems of the same figures are kept for the next question about them."""
REST = "what is left over of"
"""The column of a figure that is in no table: the whole less a part of it."""


@dataclass
class System:
    """The figures of linked tables by their boxes, and the equations between them.

    `told` says whether a figure is shown; `cases` is its exact count. `lines` come from the tables,
    `ties` follow from the boxes, `derived` are the figures in no table. `split` are the totals and
    the column by which a line splits each.
    """

    told: dict[Box, bool]
    cases: dict[Box, int]
    lines: list[Equation]
    ties: list[Equation] = field(default_factory=list)
    derived: set[Box] = field(default_factory=set)
    split: set[tuple[Box, str]] = field(default_factory=set)

    @classmethod
    def of(cls, tables: Iterable[KinTable]) -> "System":
        """Return the system of these tables and of what follows from their boxes."""
        listed = list(tables)
        told = find_told(listed)
        cases = {cell.box: cell.cases for table in listed for cell in table.cells.values()}
        lines = [equation for table in listed for equation in table.equations()]
        system = cls(told, cases, lines)
        system.split = {(equation[-1][0], _splits(equation)) for equation in lines}
        boxes, split = frozenset(told), frozenset(system.split)
        rests = [system._parted(*one) for one in _rests(boxes, split)]
        system.ties = [*_sums(boxes), *rests]
        return system

    def narrow(self, equations: list[Equation], t: int) -> list[Box]:
        """Return the figures in these equations whose values span fewer than t cases.

        It examines the hidden figures that count at least one person. Of the figures in no table it
        examines those with 1 to t-1 people.
        """
        unknown = {box for equation in equations for box, _ in equation if not self.told[box]}
        hidden = sorted(unknown, key=write_box)
        rows, amounts = self._rows(equations, {box: n for n, box in enumerate(hidden)})
        wanted = [n for n, box in enumerate(hidden) if 0 < self.cases[box] < self._least(box, t)]
        if not wanted:
            return []
        found = widths(rows, amounts, [self.cases[box] for box in hidden], t, wanted)
        return [hidden[n] for n in wanted if found[n] < t - TOLERANCE]

    def _least(self, box: Box, t: int) -> float:
        """Return the count from which a figure is not examined.

        A figure in no table reveals a person only where it counts few people.
        """
        return t if box in self.derived else inf

    def determined(self, equations: list[Equation]) -> set[Box]:
        """Return the hidden figures that the known ones of these equations determine.

        They follow by addition, by subtraction, and from zeros. The search repeats where a whole
        turns out to be zero: then its parts are zero too, and more may follow from them.
        """
        known: set[Box] = set()
        met = {box for equation in equations for box, _ in equation}
        while True:
            empty = known | (self._empty(known) & met)
            hidden = sorted(
                (box for box in met if not self.told[box] and box not in empty), key=write_box
            )
            columns = {box: n for n, box in enumerate(hidden)}
            rows, _ = self._rows(equations, columns)
            known = empty.union(hidden[n] for n in find_determined(rows))
            if self._empty(known) & met <= known:
                return known

    def _empty(self, known: set[Box]) -> set[Box]:
        """Return the parts of every whole that is zero, shown or derived."""
        return {
            box
            for *parts, (total, _) in self.lines
            if not self.cases[total] and (self.told[total] or total in known)
            for box, _ in parts
        }

    def near(self, own: list[Equation]) -> list[Equation]:
        """Return the equations linked to these equations by hidden figures.

        The list is empty where there are none. An equation linked by shown figures alone is
        independent, and was audited before.
        """
        known = {frozenset(equation) for equation in own}
        others = [e for e in self.lines if frozenset(e) not in known] + self.ties
        by_box: dict[Box, list[int]] = defaultdict(list)
        for number, equation in enumerate(others):
            for box, _ in equation:
                by_box[box].append(number)
        mine = {box for equation in own for box, _ in equation}
        first = len(others) - len(self.ties)
        found = {n for box in mine for n in by_box[box] if n >= first or not self.told[box]}
        waiting = list(found)
        while waiting:
            for box, _ in others[waiting.pop()]:
                new = set(by_box[box]) - found if not self.told[box] else set()
                found |= new
                waiting += new
        return [others[number] for number in sorted(found)]

    def _rows(
        self, equations: list[Equation], column: Mapping[Box, int]
    ) -> tuple[list[dict[int, float]], list[float]]:
        rows: list[dict[int, float]] = []
        amounts: list[float] = []
        for equation in equations:
            row: dict[int, float] = defaultdict(float)
            for box, sign in equation:
                if box in column:
                    row[column[box]] += sign
            if any(row.values()):
                known = ((box, sign) for box, sign in equation if box not in column)
                rows.append(row)
                amounts.append(-sum(sign * self.cases[box] for box, sign in known))
        return rows, amounts

    def _parted(self, whole: Box, parts: Sequence[Box], rest: Box) -> Equation:
        """Return the equation of a whole and its parts.

        The rest is a figure, if it is none yet.
        """
        if rest not in self.told:
            self.told[rest] = False
            self.derived.add(rest)
            self.cases[rest] = self.cases[whole] - sum(self.cases[part] for part in parts)
        return *((part, 1.0) for part in parts), (rest, 1.0), (whole, -1.0)


def find_known(new: KinTable, kin: list[KinTable]) -> dict[Box, bool]:
    """Return whether each known figure of a table is shown by its linked tables.

    True: a linked table shows the figure, or it follows from them. False: they hide it. A figure
    that they neither show nor hide is not in the answer.
    """
    before = find_told(kin)
    unshown = {place: replace(cell, shown=False) for place, cell in new.cells.items()}
    system = System.of([*kin, KinTable(unshown)])
    boxes = {cell.box for cell in new.cells.values()}
    own = new.equations()
    unsaid = boxes - set(before)
    implied = system.determined([*own, *system.near(own)]) if unsaid else set()
    return {box: before.get(box, True) for box in boxes if box in before or box in implied}


def find_leaks(tables: list[KinTable], t: int) -> list[Box]:
    """Return the figures whose values span fewer than t cases, given all tables."""
    system = System.of(tables)
    return system.narrow([*system.lines, *system.ties], t)


def find_leaks_with(new: KinTable, kin: list[KinTable], t: int) -> list[Box]:
    """Return the same for a new table.

    Only equations that a hidden figure links to the new table are examined.
    """
    system = System.of([*kin, new])
    own = new.equations()
    near = system.near(own)
    return system.narrow([*own, *near], t) if near else []


@lru_cache(maxsize=KEPT)
def _sums(boxes: frozenset[Box]) -> list[Equation]:
    """Return the equations of figures with several codes of one column.

    Such a figure is the sum of the figures of each code, where all of those exist. The answer is
    kept, because a table is judged several times beside the same others.
    """
    found: list[Equation] = []
    for box in boxes:
        for column, codes in box:
            if len(codes) < 2:  # noqa: PLR2004 - one code is no sum
                continue
            rest = box - {(column, codes)}
            parts = [frozenset({*rest, (column, frozenset({code}))}) for code in sorted(codes)]
            if boxes.issuperset(parts):
                found.append((*((part, 1.0) for part in parts), (box, -1.0)))
    return found


Parted = tuple[Box, tuple[Box, ...], Box]
"""A whole, parts of it without anyone in common, and what is left over."""


@lru_cache(maxsize=KEPT)
def _rests(boxes: frozenset[Box], split: frozenset[tuple[Box, str]]) -> list[Parted]:
    """Return each whole with its parts and the rest, which no table need say.

    `split` are the totals and the column by which a table splits each.
    """
    found: list[Parted] = []
    groups: dict[tuple[Box, str], list[frozenset[str]]] = defaultdict(list)
    for box in boxes:
        for column, codes in box:
            groups[box - {(column, codes)}, column].append(codes)
    for (around, column), parts in groups.items():
        found += _within(around, column, parts)
        if around in boxes and (around, column) not in split:
            for codes in parts:
                rest = around | {(column, codes), (REST, frozenset({column}))}
                found.append((around, (around | {(column, codes)},), rest))
            apart = tuple(around | {(column, codes)} for codes in _apart(parts))
            found.append((around, apart, around | {(REST, frozenset({column}))}))
    return found


def _within(around: Box, column: str, parts: list[frozenset[str]]) -> list[Parted]:
    """Return a shorter and a longer list of codes of one column, for each such pair.

    The codes that only the longer list has are a figure of their own.
    """
    wide = [codes for codes in parts if len(codes) > 1]
    boxes = {codes: around | {(column, codes)} for codes in parts}
    return [
        (boxes[more], (boxes[less],), around | {(column, more - less)})
        for more in wide
        for less in parts
        if less < more
    ]


def _apart(parts: list[frozenset[str]]) -> list[frozenset[str]]:
    """Return the longest lists of codes that have no code in common."""
    found: list[frozenset[str]] = []
    for codes in sorted(parts, key=lambda codes: (-len(codes), sorted(codes))):
        if not any(codes & other for other in found):
            found.append(codes)
    return found


def _splits(equation: Equation) -> str:
    """Return the column by which a line splits its total, or empty text."""
    *parts, (total, _) = equation
    columns = [{column for column, _ in box - total} for box, _ in parts]
    common = set.intersection(*columns) if columns else set()
    return min(common, default="")
