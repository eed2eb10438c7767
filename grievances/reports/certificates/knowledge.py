"""Everything that a reader sees of linked figures, as one system of whole numbers.

A figure is one unknown, in whatever table, report, period or edition for whichever audience it is.
A shown one is known to within its rounding. Lines of tables add up; a part is never more than its
whole; months make quarters, and quarters years; what is open was open before, or was received and
has not ended. Builders only.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from math import inf

from grievances.reports.conditions import AS_OF, ENDED, ENDING, OPEN, RECEIVED
from grievances.reports.disclosure.linked_tables import read_box
from grievances.reports.disclosure.tables import Box
from grievances.reports.fact_models import Ending
from grievances.reports.snapshot_models import Release

Key = tuple[str, Box]
"""A population and the conditions on it: one figure."""
Row = Mapping[Key, float]
BASE = 5
PASSED = "REDIRECTED"
CONCLUDED = frozenset(Ending.values) - {OPEN, PASSED}


@dataclass
class Known:
    """The exact count of a figure, and the least and the most it can be.

    `t` is the smallest threshold of the audiences that were given it, `shown` whether one of them
    sees it.
    """

    cases: int
    t: int
    low: float = 0.0
    high: float = inf
    shown: bool = False


@dataclass
class Knowledge:
    """The figures, and the rows between them with the limits of each."""

    figures: dict[Key, Known] = field(default_factory=dict)
    rows: list[tuple[Row, float, float]] = field(default_factory=list)

    def add(self, row: Row, low: float, high: float) -> None:
        """Add a row that holds.

        One that does not hold for the exact counts would mislead the attacker, as where a concern
        was moved to another region between two editions. It is left out.
        """
        total = sum(sign * self.figures[key].cases for key, sign in row.items())
        if low <= total <= high:
            self.rows.append((row, low, high))

    def add_parts(self, whole: Key, parts: Iterable[Key], *, complete: bool) -> None:
        """Add that parts with no one in common are all of a whole, or no more than it."""
        row = {part: 1.0 for part in parts if part != whole}
        if row:
            self.add({**row, whole: -1.0}, 0.0 if complete else -inf, 0.0)


def gather(releases: Iterable[Release], thresholds: Mapping[str, int], least: int = 0) -> Knowledge:
    """Return what these releases tell together.

    `thresholds` are those of the audiences, and `least` is that of figures of no universe, where
    it is more. A figure counts as hidden where no release shows it.
    """
    found = Knowledge()
    tables: dict[tuple[str, str], dict[tuple[int, int], Key]] = defaultdict(dict)
    for row in releases:
        key = key_of(row)
        t = thresholds[row.audience]
        if universe_of(row.population) == row.population:
            t = max(t, least)
        known = found.figures.setdefault(key, Known(row.cases, t))
        down, across = map(int, row.place.split(",")) if row.place else (0, 0)
        tables[row.audience, row.table][down, across] = key
        known.t = min(known.t, t)
        if row.shown:
            _narrow(known, row.value, row.cases)
    for places in tables.values():
        for parts, total in _lines(places):
            found.add_parts(total, parts, complete=True)
    for population, boxes in _by_population(found.figures).items():
        _tie(found, population, boxes)
        _tie_flow(found, population, boxes)
    return found


def universe_of(population: str) -> str:
    """Return the name under which the figures of several populations are compared."""
    return population.partition(":")[0]


def key_of(row: Release) -> Key:
    """Return the figure of a release: the same key is the same figure, wherever it is."""
    if row.population:
        return universe_of(row.population), read_box(row.box)
    return row.table, frozenset({("place", frozenset({row.place}))})


def _narrow(known: Known, value: int, cases: int) -> None:
    """Note a rounded figure.

    One carried from an earlier edition may be that of another count, and tells nothing.
    """
    low = value - BASE // 2 if value else 0
    high = value + BASE // 2 if value else 0
    if low <= cases <= high:
        known.low, known.high = max(known.low, low), min(known.high, high)
    known.shown = True


def _lines(places: Mapping[tuple[int, int], Key]) -> Iterator[tuple[list[Key], Key]]:
    down, across = max(i for i, _ in places), max(j for _, j in places)
    for j in range(across + 1):
        if (down, j) in places and down:
            yield [places[i, j] for i in range(down) if (i, j) in places], places[down, j]
    for i in range(down + 1) if across else ():
        if (i, across) in places:
            yield [places[i, j] for j in range(across) if (i, j) in places], places[i, across]


def _by_population(keys: Iterable[Key]) -> dict[str, list[Box]]:
    found: dict[str, list[Box]] = defaultdict(list)
    for population, box in keys:
        found[population].append(box)
    return found


def _tie(found: Knowledge, population: str, boxes: Sequence[Box]) -> None:
    """Add that figures that differ in one column alone are parts of each other."""
    groups: dict[tuple[Box, str], list[frozenset[str]]] = defaultdict(list)
    known = set(boxes)
    for box in boxes:
        for column, codes in box:
            groups[box - {(column, codes)}, column].append(codes)
    for (around, column), listed in groups.items():
        named = {codes: (population, around | {(column, codes)}) for codes in listed}
        for whole, parts, complete in _parted(frozenset(listed)):
            found.add_parts(named[whole], [named[codes] for codes in parts], complete=complete)
        if around in known:
            apart = _apart(frozenset(listed))
            found.add_parts((population, around), [named[c] for c in apart], complete=False)


Codes = frozenset[str]


@lru_cache(maxsize=10_000)
def _parted(listed: frozenset[Codes]) -> list[tuple[Codes, list[Codes], bool]]:
    """Return (whole, parts without a code in common, whether they are all of it).

    The parts are first the longest, then the shortest lists of codes: a year in quarters and in
    months.
    """
    found = []
    for whole in sorted(listed, key=_order):
        inside = frozenset(codes for codes in listed if codes < whole)
        for longest in (True, False) if inside else ():
            parts = _apart(inside, longest=longest)
            found.append((whole, parts, frozenset(chain.from_iterable(parts)) == whole))
    return found


@lru_cache(maxsize=10_000)
def _order(codes: Codes) -> tuple[int, list[str]]:
    return len(codes), sorted(codes)


@lru_cache(maxsize=10_000)
def _apart(listed: frozenset[Codes], *, longest: bool = True) -> list[Codes]:
    found: list[Codes] = []
    taken: set[str] = set()
    for codes in sorted(listed, key=_order, reverse=longest):
        if not codes & taken:
            found.append(codes)
            taken |= codes
    return found


def _tie_flow(found: Knowledge, population: str, boxes: Sequence[Box]) -> None:
    """Add that what is open was open before, or was received since and has not ended.

    Those passed to another process are not in what was received, so they are one more unknown.
    """
    columns = [dict(box) for box in boxes]
    plain: dict[str, dict[tuple[str, str], Key]] = defaultdict(dict)
    for key, box in zip(boxes, columns, strict=True):
        endings = box.get(ENDING, frozenset())
        if set(box) == {AS_OF, ENDING} and endings == {OPEN}:
            plain["open"][_span(box, AS_OF)] = (population, key)
        elif set(box) == {RECEIVED, AS_OF, ENDING} and len(endings) > 1 and OPEN in endings:
            plain["received"][_span(box, RECEIVED)] = (population, key)
        elif set(box) == {ENDED, ENDING} and endings == {PASSED}:
            plain["passed"][_span(box, ENDED)] = (population, key)
        elif set(box) == {ENDED, ENDING} and endings == CONCLUDED:
            plain["ended"][_span(box, ENDED)] = (population, key)
    for (_, before), first in plain["open"].items():
        for (_, after), last in plain["open"].items():
            spans = [span for span in plain["received"] if span[1] == after and span[0] > before]
            for span in spans:
                if _next(before) != span[0] or span not in plain["ended"]:
                    continue
                row = {last: 1.0, first: -1.0, plain["received"][span]: -1.0}
                row[plain["ended"][span]] = 1.0
                passed = plain["passed"].get(span)
                if passed is not None:
                    found.add({**row, passed: 1.0}, 0.0, inf)
                found.add(row, -inf, 0.0)


def _span(box: Mapping[str, frozenset[str]], column: str) -> tuple[str, str]:
    return min(box[column]), max(box[column])


def _next(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year + number // 12}-{number % 12 + 1:02}"
