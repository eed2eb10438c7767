"""The release gate: it protects exact figures, and records what was shown.

Builders only: it needs scipy.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from grievances.reports.disclosure.audience import SMALLEST_THRESHOLD, Audience
from grievances.reports.disclosure.linked_suppression import find_known, find_leaks_with
from grievances.reports.disclosure.linked_tables import KinCell, KinTable
from grievances.reports.disclosure.protected import ProtectedTable
from grievances.reports.disclosure.protection import draw, find_hidden
from grievances.reports.disclosure.registry import (
    Entry,
    Group,
    Registry,
    Standing,
    carried,
    family_of,
    may_show,
    may_show_beside,
)
from grievances.reports.disclosure.suppression import find_smallest, is_small
from grievances.reports.disclosure.tables import Cell, Classes, Exact, Place
from grievances.reports.periods import Period

EVERY_FIGURE = "every figure"
"""The name in place of all that a gate could be given."""


@dataclass(frozen=True)
class ReleaseGate:
    """The audience, period, edition and end date for which figures are released.

    `until` is the local date up to which cases are counted. `other` are the releases to the other
    audience, whose readers compare: what the organisation's own reports hide the published file
    never shows, and what the file shows its own reports do not hide. `refused` are the
    names of figures that have to be hidden because an attack found something, or `EVERY_FIGURE`.
    `withheld` are the
    sections whose total was hidden although it is not small: beside figures of other periods, or
    of other tables, it would tell of a few people.
    """

    registry: Registry
    audience: Audience
    report: str
    period: Period
    edition: int
    until: date
    other: Registry | None = None
    inner: bool = True
    refused: frozenset[str] = frozenset()
    withheld: list[str] = field(default_factory=list)

    def release(
        self,
        section: str,
        exact: Exact,
        classes: Classes | None = None,
        *,
        zeros: bool = True,
        windows: Sequence[str] = (),
        since: date | None = None,
    ) -> ProtectedTable:
        """Return a table protected by itself and against its relatives, and record it.

        `section` is the section of the report that the table is in. `zeros` False hides zeros too,
        as between groups of people and outcomes. `windows` are all row labels that the table may
        have in another period, where the twelve months it counts overlap those of other periods.
        `since` is the first day counted, where that is before the period: three years together. A
        figure whose revision would reveal a few people keeps its earlier value (domain.md 10.3,
        10.4).
        """
        audience = self.audience if zeros else self.audience.without_zeros()
        around = self._around(section, exact, windows, since)
        hidden = self._find_hidden(exact, audience, classes, around)
        self._note_total(section, exact, hidden)
        return draw(exact.table, self._record(section, exact, hidden, around))

    def _record(
        self, section: str, exact: Exact, hidden: Collection[Place], around: "Around"
    ) -> dict[Place, int]:
        """Record every figure in the registry.

        Returns:
            The values of those that are shown, by their place.
        """
        shown: dict[Place, int] = {}
        table = self._table(section, exact)
        for place, cell in exact.table.grid().items():
            group = Group(cell.persons, exact.people.get(place))
            entry = self._entry(cell, group, place not in hidden, around.entries[place])
            box = exact.boxes.get(place, frozenset())
            family = around.families[place]
            where = Standing(family, table, place, cell.cases, exact.population, box)
            self.registry.add(where, entry)
            if entry.shown:
                shown[place] = entry.value
        return shown

    def _note_total(self, section: str, exact: Exact, hidden: Collection[Place]) -> None:
        """Note a total that is hidden for another reason than its size."""
        place = len(exact.table.rows), len(exact.table.columns)
        total = exact.table.total
        if place in hidden and total.cases and not is_small(total, self.audience.t):
            self.withheld.append(section)

    def preview(
        self,
        section: str,
        exact: Exact,
        classes: Classes | None = None,
        *,
        zeros: bool = True,
        windows: Sequence[str] = (),
        since: date | None = None,
    ) -> frozenset[Place]:
        """Return the places that `release` would hide now; nothing is recorded."""
        audience = self.audience if zeros else self.audience.without_zeros()
        around = self._around(section, exact, windows, since)
        return self._find_hidden(exact, audience, classes, around)

    def _around(
        self, section: str, exact: Exact, windows: Sequence[str], since: date | None
    ) -> "Around":
        """Return what was released before and could be compared with this table."""
        families = {place: self._family(section, exact, place) for place in exact.table.grid()}
        columns = (*exact.table.columns, MARGIN)
        moved = [
            self._name(section, row, column) for row in (*windows, MARGIN) for column in columns
        ]
        relatives = self.registry.relatives([*families.values(), *(moved if windows else ())])
        overlapping = [
            entry
            for name in (moved if windows else ())
            for entry in relatives.get(name, ())
            if entry.shown and entry.period != self.period
        ]
        entries = {place: relatives[family] for place, family in families.items()}
        kin = self.registry.kin(exact.population, self.period, self.edition)
        beside: list[KinTable] = []
        if self.other is not None:
            beside = self.other.kin(exact.population, self.period, self.edition)
        first = since or self.period.first
        return Around(families, entries, kin, overlapping if windows else None, beside, first)

    def _find_hidden(
        self,
        exact: Exact,
        audience: Audience,
        classes: Classes | None,
        around: "Around",
    ) -> frozenset[Place]:
        """Return the places that the table, its relatives and its linked tables hide.

        The search repeats until all agree. A figure that a table of the same people shows stays
        shown; one that is hidden there is hidden here.
        """
        grid = exact.table.grid()
        fixed, also = self._settled(exact, around)
        while True:
            hidden = find_hidden(exact.table, audience, classes, also, fixed)
            found = {
                place
                for place, cell in grid.items()
                if place not in hidden
                and place not in fixed
                and cell.cases
                and not self._may_show(
                    Group(cell.persons, exact.people.get(place)), around, place, audience.t
                )
            }
            found = found or self._find_leaking(exact, hidden, fixed, around)
            if not found:
                return hidden
            also |= found

    def _settled(self, exact: Exact, around: "Around") -> tuple[set[Place], set[Place]]:
        """Return the places (that stay shown, that are hidden) whatever this table has.

        What linked tables of either audience show or hide decides, and what an attack refused.
        """
        told = find_known(_kin_of(exact, ()), around.kin) if around.kin else {}
        fixed = {place for place, box in exact.boxes.items() if told.get(box, False)}
        also = {place for place, box in exact.boxes.items() if not told.get(box, True)}
        others = find_known(_kin_of(exact, ()), around.beside) if around.beside else {}
        if self.inner:
            fixed |= {place for place, box in exact.boxes.items() if others.get(box, False)}
        else:
            also |= {place for place, box in exact.boxes.items() if not others.get(box, True)}
        every = EVERY_FIGURE in self.refused
        also |= {p for p, name in around.families.items() if every or name in self.refused}
        return fixed, also

    def _may_show(self, group: Group, around: "Around", place: Place, t: int) -> bool:
        relatives = around.entries[place]
        if around.overlapping is not None:
            # Twelve months that begin elsewhere are no part and no whole of these.
            shown = [entry.group for entry in around.overlapping]
            return may_show_beside(group, shown, relatives, t)
        return may_show(group, self.period, relatives, t, around.first)

    def _leaks(self, exact: Exact, hidden: frozenset[Place], around: "Around") -> bool:
        """Return whether a linked table gives away a hidden figure, alone or with others."""
        if not around.kin and not around.beside:
            return False
        new, t = _kin_of(exact, hidden), self.audience.t
        leaks = bool(around.kin) and bool(find_leaks_with(new, around.kin, t))
        if around.beside and not leaks:
            both = [*around.beside, *around.kin]
            leaks = bool(find_leaks_with(new, both, SMALLEST_THRESHOLD))
        return leaks

    def _find_leaking(
        self, exact: Exact, hidden: frozenset[Place], fixed: Collection[Place], around: "Around"
    ) -> set[Place]:
        """Return what else to hide, so that linked tables reveal nothing together.

        A reader of both audiences' reports has the smaller threshold.
        """
        if not self._leaks(exact, hidden, around):
            return set()
        grid = exact.table.grid()
        taken = {*hidden, *fixed}
        extra = find_smallest(exact.table.interior(), grid, taken)
        if extra is not None:
            return {extra}
        return _all_but_the_bottom(grid, taken, len(exact.table.rows))

    def _entry(self, cell: Cell, group: Group, shown: bool, old: list[Entry]) -> Entry:
        before = carried(group, self.period, self.until, old, self.audience.t) if shown else None
        if before is not None:
            return Entry(self.period, self.edition, before.until, True, before.value, before.group)
        value = self.audience.round(cell.cases) if shown else 0
        return Entry(self.period, self.edition, self.until, shown, value, group)

    def _table(self, section: str, exact: Exact) -> str:
        """Return the name of this table of this period and edition."""
        labels = (*exact.table.rows, *exact.table.columns)
        return family_of(self.report, section, *labels, self.period.name, str(self.edition))

    def _family(self, section: str, exact: Exact, place: Place) -> str:
        return self._name(section, *_names(exact, place))

    def _name(self, section: str, row: str, column: str) -> str:
        return family_of(self.report, section, row, column)


@dataclass(frozen=True)
class Around:
    """What was released before a table: its relatives, and tables of the same people.

    `families` and `entries` belong to the places of the table. `overlapping` are shown figures of
    the same table for other twelve months; None where a table counts a period and no twelve months.
    `beside` are tables of the same people for the other audience. `first` is the first day counted.
    """

    families: Mapping[Place, str]
    entries: Mapping[Place, list[Entry]]
    kin: list[KinTable]
    overlapping: list[Entry] | None
    beside: list[KinTable]
    first: date


MARGIN = "All"
"""The name of a margin in the name of a figure."""


def _kin_of(exact: Exact, hidden: Collection[Place]) -> KinTable:
    cells = {
        place: KinCell(exact.boxes[place], cell.cases, place not in hidden)
        for place, cell in exact.table.grid().items()
    }
    return KinTable(cells)


def _names(exact: Exact, place: Place) -> Iterator[str]:
    for labels, index in zip((exact.table.rows, exact.table.columns), place, strict=True):
        yield labels[index] if index < len(labels) else MARGIN


def _all_but_the_bottom(grid: Collection[Place], taken: set[Place], last_row: int) -> set[Place]:
    """Return what is left to hide where only zeros and margins are left.

    The bottom row stays if it may; else its last figure stays, else nothing.
    """
    bottom = [place for place in grid if place[0] == last_row]
    for kept in (bottom, bottom[-1:], []):
        if more := set(grid) - taken - set(kept):
            return more
    return set()
