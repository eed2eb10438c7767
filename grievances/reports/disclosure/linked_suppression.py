"""What an attacker could work out from all tables of the same people together (domain.md 10).

The audit of one table, over many: a figure that stands in two of them is one unknown, a figure of
several codes is the sum of the figures of each, and what a part leaves over of the whole is a
figure too, though it stands nowhere. Builders only: it needs scipy.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import inf

from grievances.reports.disclosure.audit import TOLERANCE, find_determined, widths
from grievances.reports.disclosure.linked_tables import Equation, KinTable, find_told, write_box
from grievances.reports.disclosure.tables import Box

REST = "what is left over of"
"""The column of a figure that stands in no table: the whole less a part of it."""


@dataclass
class System:
    """Figures by their boxes: whether each is known, how many it is, and what ties them."""

    told: dict[Box, bool]
    cases: dict[Box, int]
    lines: list[Equation]
    ties: list[Equation] = field(default_factory=list)
    derived: set[Box] = field(default_factory=set)
    split: set[tuple[Box, str]] = field(default_factory=set)

    @classmethod
    def of(cls, tables: Iterable[KinTable]) -> "System":
        """Everything that these tables say, and what follows from their boxes."""
        listed = list(tables)
        told = find_told(listed)
        cases = {cell.box: cell.cases for table in listed for cell in table.cells.values()}
        lines = [equation for table in listed for equation in table.equations()]
        system = cls(told, cases, lines)
        system.split = {(equation[-1][0], _splits(equation)) for equation in lines}
        system.ties = [*_sums(set(told)), *system._rests()]
        return system

    def narrow(self, equations: list[Equation], t: int) -> list[Box]:
        """The figures in these equations that are pinned down to fewer than t apart.

        Looked at are the hidden ones that are somebody, and a rest of one to t-1.
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
        """Of what stands in no table only a few people are somebody's secret."""
        return t if box in self.derived else inf

    def determined(self) -> set[Box]:
        """What follows from all that is known, by adding and taking away, and from noughts.

        Asked again where it follows that a whole is nought: then so are its parts, and more may
        follow from them.
        """
        known: set[Box] = set()
        while True:
            empty = known | self._empty(known)
            hidden = sorted(
                (box for box, told in self.told.items() if not told and box not in empty),
                key=write_box,
            )
            columns = {box: n for n, box in enumerate(hidden)}
            rows, _ = self._rows([*self.lines, *self.ties], columns)
            known = empty.union(hidden[n] for n in find_determined(rows, len(hidden)))
            if self._empty(known) <= known:
                return known

    def _empty(self, known: set[Box]) -> set[Box]:
        """The parts of every whole that is shown, or known to follow, as nought."""
        return {
            box
            for *parts, (total, _) in self.lines
            if not self.cases[total] and (self.told[total] or total in known)
            for box, _ in parts
        }

    def near(self, own: list[Equation]) -> list[Equation]:
        """The equations reached from one's own by way of hidden figures; none where none is.

        What is tied by shown figures alone is independent, and was looked at before.
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

    def _rests(self) -> list[Equation]:
        """For each part of a whole: part and rest are the whole. No table says what the rest is."""
        found: list[Equation] = []
        groups: dict[tuple[Box, str], list[frozenset[str]]] = defaultdict(list)
        for box in self.told:
            for column, codes in box:
                groups[box - {(column, codes)}, column].append(codes)
        for (around, column), parts in groups.items():
            found += self._within(around, column, parts)
            if around in self.told and (around, column) not in self.split:
                for codes in parts:
                    rest = around | {(column, codes), (REST, frozenset({column}))}
                    found.append(self._parted(around, [around | {(column, codes)}], rest))
                apart = [around | {(column, codes)} for codes in _apart(parts)]
                rest = around | {(REST, frozenset({column}))}
                found.append(self._parted(around, apart, rest))
        return found

    def _within(self, around: Box, column: str, parts: list[frozenset[str]]) -> list[Equation]:
        """What one list of codes leaves over of a longer one of the same column."""
        wide = [codes for codes in parts if len(codes) > 1]
        boxes = {codes: around | {(column, codes)} for codes in parts}
        return [
            self._parted(boxes[more], [boxes[less]], around | {(column, more - less)})
            for more in wide
            for less in parts
            if less < more
        ]

    def _parted(self, whole: Box, parts: list[Box], rest: Box) -> Equation:
        if rest not in self.told:
            self.told[rest] = False
            self.derived.add(rest)
            self.cases[rest] = self.cases[whole] - sum(self.cases[part] for part in parts)
        return *((part, 1.0) for part in parts), (rest, 1.0), (whole, -1.0)


def find_known(new: KinTable, kin: list[KinTable]) -> dict[Box, bool]:
    """Of the figures of a table: whether each is shown by its kin or follows from it, or is hidden.

    What its kin neither show nor hide is not in the answer.
    """
    before = find_told(kin)
    unshown = {place: replace(cell, shown=False) for place, cell in new.cells.items()}
    system = System.of([*kin, KinTable(unshown)])
    boxes = {cell.box for cell in new.cells.values()}
    implied = system.determined() if boxes - set(before) else set()
    return {box: before.get(box, True) for box in boxes if box in before or box in implied}


def find_leaks(tables: list[KinTable], t: int) -> list[Box]:
    """What all of these tables together give away: figures pinned down to fewer than t apart."""
    system = System.of(tables)
    return system.narrow([*system.lines, *system.ties], t)


def find_leaks_with(new: KinTable, kin: list[KinTable], t: int) -> list[Box]:
    """The same for a new table, looking only at what is tied to it by something hidden."""
    system = System.of([*kin, new])
    own = new.equations()
    near = system.near(own)
    return system.narrow([*own, *near], t) if near else []


def _sums(boxes: set[Box]) -> list[Equation]:
    """A figure of several codes of one column is the sum of the figures of each, where they are."""
    found: list[Equation] = []
    for box in boxes:
        for column, codes in box:
            rest = box - {(column, codes)}
            parts = [frozenset({*rest, (column, frozenset({code}))}) for code in sorted(codes)]
            if len(parts) > 1 and boxes.issuperset(parts):
                found.append((*((part, 1.0) for part in parts), (box, -1.0)))
    return found


def _apart(parts: list[frozenset[str]]) -> list[frozenset[str]]:
    """The longest lists of codes that have none in common."""
    found: list[frozenset[str]] = []
    for codes in sorted(parts, key=lambda codes: (-len(codes), sorted(codes))):
        if not any(codes & other for other in found):
            found.append(codes)
    return found


def _splits(equation: Equation) -> str:
    """The column by which a line splits its total; empty where it splits it by none."""
    *parts, (total, _) = equation
    columns = [{column for column, _ in box - total} for box, _ in parts]
    common = set.intersection(*columns) if columns else set()
    return min(common, default="")
