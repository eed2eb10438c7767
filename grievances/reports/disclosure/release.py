"""The release gate: it protects exact figures, and records what was shown.

Builders only: it needs scipy.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from grievances.reports.disclosure.audience import Audience
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
)
from grievances.reports.disclosure.suppression import find_smallest
from grievances.reports.disclosure.tables import Cell, Classes, Exact, Place
from grievances.reports.periods import Period


@dataclass(frozen=True)
class ReleaseGate:
    """The audience, period, edition and end date for which figures are released.

    `until` is the local date up to which cases are counted.
    """

    registry: Registry
    audience: Audience
    report: str
    period: Period
    edition: int
    until: date

    def release(
        self, section: str, exact: Exact, classes: Classes | None = None, *, zeros: bool = True
    ) -> ProtectedTable:
        """Return a table protected by itself and against its relatives, and record it.

        `section` is the section of the report that the table is in. `zeros` False hides zeros too,
        as between groups of people and outcomes. A figure whose revision would reveal a few people
        keeps its earlier value (domain.md 10.3, 10.4).
        """
        audience = self.audience if zeros else self.audience.without_zeros()
        grid = exact.table.grid()
        families = {place: self._family(section, exact, place) for place in grid}
        relatives = self.registry.relatives(list(families.values()))
        entries = {place: relatives[family] for place, family in families.items()}
        kin = self.registry.kin(exact.population, self.period, self.edition)
        hidden = self._find_hidden(exact, audience, classes, entries, kin)
        shown: dict[Place, int] = {}
        table = self._table(section, exact)
        for place, cell in grid.items():
            group = Group(cell.persons, exact.people.get(place))
            entry = self._entry(cell, group, place not in hidden, entries[place])
            box = exact.boxes.get(place, frozenset())
            where = Standing(families[place], table, place, cell.cases, exact.population, box)
            self.registry.add(where, entry)
            if entry.shown:
                shown[place] = entry.value
        return draw(exact.table, shown)

    def _find_hidden(
        self,
        exact: Exact,
        audience: Audience,
        classes: Classes | None,
        entries: Mapping[Place, list[Entry]],
        kin: list[KinTable],
    ) -> frozenset[Place]:
        """Return the places that the table, its relatives and its linked tables hide.

        The search repeats until all agree. A figure that a table of the same people shows stays
        shown; one that is hidden there is hidden here.
        """
        grid = exact.table.grid()
        told = find_known(_kin_of(exact, ()), kin) if kin else {}
        fixed = {place for place, box in exact.boxes.items() if told.get(box, False)}
        also = {place for place, box in exact.boxes.items() if not told.get(box, True)}
        while True:
            hidden = find_hidden(exact.table, audience, classes, also, fixed)
            found = {
                place
                for place, cell in grid.items()
                if place not in hidden
                and place not in fixed
                and cell.cases
                and not may_show(
                    Group(cell.persons, exact.people.get(place)),
                    self.period,
                    entries[place],
                    audience.t,
                )
            }
            found = found or self._find_leaking(exact, hidden, fixed, kin)
            if not found:
                return hidden
            also |= found

    def _find_leaking(
        self,
        exact: Exact,
        hidden: frozenset[Place],
        fixed: Collection[Place],
        kin: list[KinTable],
    ) -> set[Place]:
        """Return what else to hide, so that linked tables reveal nothing together."""
        if not kin or not find_leaks_with(_kin_of(exact, hidden), kin, self.audience.t):
            return set()
        grid = exact.table.grid()
        taken = {*hidden, *fixed}
        extra = find_smallest(exact.table.interior(), grid, taken)
        if extra is not None:
            return {extra}
        # Only zeros and margins are left, so hide all that this table adds.
        return set(grid) - taken

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
        return family_of(self.report, section, *_names(exact, place))


def _kin_of(exact: Exact, hidden: Collection[Place]) -> KinTable:
    cells = {
        place: KinCell(exact.boxes[place], cell.cases, place not in hidden)
        for place, cell in exact.table.grid().items()
    }
    return KinTable(cells)


def _names(exact: Exact, place: Place) -> Iterator[str]:
    for labels, index in zip((exact.table.rows, exact.table.columns), place, strict=True):
        yield labels[index] if index < len(labels) else "All"
