"""The releases of a year to both audiences, and the attack on them.

A report is attacked before it is stored. Builders only.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field

from grievances.reports.certificates.attack import Attack, Move
from grievances.reports.certificates.knowledge import Key, gather, key_of, universe_of
from grievances.reports.disclosure.linked_tables import read_box, write_box
from grievances.reports.disclosure.release import EVERY_FIGURE
from grievances.reports.disclosure.tables import Place
from grievances.reports.periods import Period, year_of
from grievances.reports.snapshot_models import Release

NEIGHBOURS_AT, INTERIOR_FROM, EVERYTHING_FROM = 2, 3, 4
"""The attempts at which neighbours, then tables, then all that is new are refused."""
MOST_ATTEMPTS = 6
BEFORE = ("edition", frozenset({"before"}))
"""The condition of a figure of the edition before that has another count now."""


def linked_to(new: Sequence[Release], rows: Iterable[Release]) -> list[Release]:
    """Return the rows that count the same concerns, or are of the same tables."""
    populations = {universe_of(row.population) for row in new} - {""}
    tables = {row.table for row in new}
    return [
        row for row in rows if universe_of(row.population) in populations or row.table in tables
    ]


@dataclass
class Ledger:
    """The releases of one financial year and edition, kept while its reports are made."""

    thresholds: Mapping[str, int]
    rows: dict[tuple[str, int], list[Release]] = field(default_factory=dict)
    moves: dict[Sequence[str], dict[tuple[Key, float], Move]] = field(default_factory=dict)

    def attack(
        self,
        period: Period,
        edition: int,
        audiences: Sequence[str],
        new: Sequence[Release],
        least: int = 0,
    ) -> Attack:
        """Return an attack, not begun yet, on these releases and all linked to them.

        The attacker reads all periods of the year for these audiences, and may know all that the
        one with the smallest threshold may be shown. `least` is the smallest figure that the report
        shows, where that is more than the threshold of its audience: those who answered a survey
        are counted by no report that shows less. Figures of a universe are in other reports too,
        which protect them by the threshold of the audience alone.
        """
        own = self._of(period, edition)
        rows = [*self._edition_before(period, edition, [*own, *new]), *own]
        before = [row for row in linked_to(new, rows) if row.audience in audiences]
        moves = self.moves.setdefault(audiences, {})
        # Else a figure of 5 to 9 that the file merges in its own way would have to be hidden from
        # those who read its parts inside, which nothing can do.
        t = min(self.thresholds[audience] for audience in audiences)
        known = gather([*before, *new], dict.fromkeys(audiences, t), least)
        return Attack(known, [key_of(row) for row in new], moves)

    def keep(self, period: Period, edition: int, new: Iterable[Release]) -> None:
        """Keep releases that were stored."""
        self._of(period, edition).extend(new)

    def _edition_before(
        self, period: Period, edition: int, now: Iterable[Release]
    ) -> Iterator[Release]:
        """Yield the releases of the edition before, where there is one.

        Who reads a revision beside what was published supposes that a figure did not change, and is
        right of most. So a figure that has the same count now is the same, and any other is one of
        its own.
        """
        cases = {key_of(row): row.cases for row in now}
        for row in self._of(period, edition - 1) if edition > 1 else ():
            if row.population and cases.get(key_of(row), row.cases) != row.cases:
                changed = copy(row)
                changed.box = write_box(read_box(row.box) | {BEFORE})
                yield changed
            else:
                yield row

    def _of(self, period: Period, edition: int) -> list[Release]:
        year = year_of(period.first).name
        if (year, edition) not in self.rows:
            kept = Release.objects.filter(period__startswith=year, edition=edition)
            kept = kept.exclude(place="").defer("people")
            self.rows[year, edition] = list(kept.order_by("pk"))
        return self.rows[year, edition]


def hidden_keys(new: Iterable[Release]) -> list[Key]:
    """Return the hidden figures of these releases, each once."""
    return list(dict.fromkeys(key_of(row) for row in new if not row.shown))


def refuse(new: Sequence[Release], narrowed: Sequence[Key], attempt: int) -> set[str]:
    """Return the names of figures to hide, after an attack found something.

    In each new table of the same people it is the smallest shown figure that is no margin. Later it
    is every figure that differs from a narrowed one in one condition, as its row and its column do,
    then all that are no margins, and in the end everything that is new.
    """
    if attempt == NEIGHBOURS_AT and (near := _neighbours(new, narrowed)):
        return near
    populations = {population for population, _ in narrowed}
    tables: dict[str, list[Release]] = defaultdict(list)
    for row in new:
        if universe_of(row.population) in populations or row.table in populations:
            tables[row.table].append(row)
    if attempt >= EVERYTHING_FROM:
        # Bands that are merged in another way have other names, so names are not enough.
        return {EVERY_FIGURE}
    if not tables:
        return {row.family for row in new if row.shown}
    found: set[str] = set()
    for rows in tables.values():
        last = max(_place(row) for row in rows)
        inside = [r for r in rows if r.shown and r.value and _is_inside(_place(r), last)]
        if attempt < INTERIOR_FROM:
            inside = sorted(inside, key=lambda row: (row.cases, _place(row)))[:1]
        found |= {row.family for row in inside}
    return found or {row.family for row in new if row.shown}


def _neighbours(new: Sequence[Release], narrowed: Sequence[Key]) -> set[str]:
    """Return the shown figures that share all conditions but one with a narrowed one."""
    boxes = [box for _, box in narrowed]
    return {
        row.family
        for row in new
        if row.shown and any(len(key_of(row)[1] & box) >= max(1, len(box) - 1) for box in boxes)
    }


def _place(row: Release) -> Place:
    down, across = map(int, row.place.split(","))
    return down, across


def _is_inside(place: Place, last: Place) -> bool:
    return place[0] < last[0] and (place[1] < last[1] or not last[1])
