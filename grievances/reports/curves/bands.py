"""Durations counted in bands of working days, for curves of protected counts.

A curve is never made from exact days: each step of it could be one person. It is made from a table
of these bands, which passes the release gate like every other table. Neighbouring bands are merged
until no figure of the table is small. Builders only.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from grievances.reports.conditions import merged as combined
from grievances.reports.disclosure.audience import Audience
from grievances.reports.disclosure.suppression import is_dominated, is_small
from grievances.reports.disclosure.tables import Box, Cell, Exact, People, Place, Table

GRID = (10, 20, 30, 40, 50, 60, 75, 90, 105, 120, 150, 180, 250)
"""The last working day of each band but the last, which has no end.

The days at which a curve is read (domain.md 9) are among them.
"""
Range = tuple[int, int]
"""Neighbouring bands taken together: the first and the last, both included."""
READ_AT = (20, 40, 60, 90, 120)
"""The working days at which every curve is read (domain.md 9)."""


def band_of(days: int) -> int:
    """Return the number of the band of a duration in working days."""
    return bisect_left(GRID, days)


def last_day(merged: Range) -> int | None:
    """Return the last working day of merged bands; None where they have no end."""
    return GRID[merged[1]] if merged[1] < len(GRID) else None


def label_of(merged: Range) -> str:
    """Return the words for merged bands."""
    first = GRID[merged[0] - 1] + 1 if merged[0] else 0
    last = last_day(merged)
    return f"{first} to {last} working days" if last else f"{first} working days or more"


def coarsest() -> tuple[Range, ...]:
    """Return the bands between the days at which a curve is read, and the rest."""
    ends = [GRID.index(day) for day in READ_AT]
    begins = [0, *(end + 1 for end in ends)]
    return tuple(zip(begins, [*ends, len(GRID)], strict=True))


def every_label() -> list[str]:
    """Return the words for all neighbouring bands that may be taken together."""
    bands = range(len(GRID) + 1)
    return [label_of((first, last)) for first in bands for last in bands if first <= last]


@dataclass
class Pile:
    """Cases of one band that ended in one way.

    `people` and `about` count the cases of each complainant and about each respondent. `people` is
    None where there are too many to keep; then `cell` says what is known of them.
    """

    people: Counter[int] | None = field(default_factory=Counter)
    about: Counter[int] = field(default_factory=Counter)
    known: Cell = Cell(0, 0)

    @property
    def cell(self) -> Cell:
        """The exact figure of these cases."""
        if self.people is None:
            return self.known
        people, about = self.people.values(), self.about.values()
        return Cell(sum(people), len(people), max(people, default=0), max(about, default=0))

    @property
    def who(self) -> People | None:
        """The numbers of the complainants; None where too many to keep."""
        return None if self.people is None else frozenset(self.people)


def joined(piles: Collection[Pile]) -> Pile:
    """Return several piles as one.

    Where the people are not kept, the number of people is the least it can be and the cases of one
    person the most: such a figure is hidden too soon rather than too late.
    """
    if all(pile.people is not None for pile in piles):
        people, about = Counter[int](), Counter[int]()
        for pile in piles:
            people.update(pile.people or {})
            about.update(pile.about)
        return Pile(people, about)
    cells = [pile.cell for pile in piles]
    known = Cell(
        sum(cell.cases for cell in cells),
        max(cell.persons for cell in cells),
        sum(cell.largest_complainant for cell in cells),
        sum(cell.largest_respondent for cell in cells),
    )
    return Pile(None, Counter(), known)


@dataclass
class Bands:
    """Durations by band and by the way in which they ended.

    `sides` are the ways, each a code with its label. `population` names the people counted; `axes`
    are the columns that the bands and the ways are conditions on, and `codes` the values that each
    way includes.
    """

    sides: dict[str, str]
    population: str = ""
    axes: tuple[str, str] = ("", "")
    codes: dict[str, frozenset[str]] = field(default_factory=dict)
    held: Box = frozenset()
    piles: dict[tuple[int, str], Pile] = field(default_factory=lambda: defaultdict(Pile))

    def add(self, days: int, side: str, person: int, cases: int) -> None:
        """Add cases of one complainant."""
        people = self.piles[band_of(days), side].people
        if people is not None:
            people[person] += cases

    def add_about(self, days: int, side: str, respondent: int, cases: int) -> None:
        """Add cases about one frequent respondent; they were added before."""
        self.piles[band_of(days), side].about[respondent] += cases

    def add_many(self, band: int, side: str, cell: Cell) -> None:
        """Add all cases of a band and a way whose people are too many to keep."""
        self.piles[band, side] = Pile(None, Counter(), cell)

    def regroup(self, sides: dict[str, str], members: dict[str, tuple[str, ...]]) -> "Bands":
        """Return the same durations with several ways taken together.

        `members` are the ways that each new way includes.
        """
        codes = {
            side: frozenset[str]().union(*(self.codes.get(one, frozenset()) for one in ones))
            for side, ones in members.items()
        }
        found = Bands(sides, self.population, self.axes, codes, self.held)
        for band in range(len(GRID) + 1):
            for side, ones in members.items():
                found.piles[band, side] = joined([self.pile((band, band), (one,)) for one in ones])
        return found

    def pile(self, merged: Range, sides: Iterable[str]) -> Pile:
        """Return the cases of these bands that ended in one of these ways."""
        bands = range(merged[0], merged[1] + 1)
        spots = [(band, side) for side in sides for band in bands]
        return joined([self.piles[spot] for spot in spots if spot in self.piles] or [Pile()])

    @cached_property
    def everybody(self) -> Cell:
        """The exact figure of all cases."""
        return self.pile((0, len(GRID)), self.sides).cell

    def merge(
        self,
        audience: Audience,
        refused: Collection[Range] = (),
        within: Sequence[Range] | None = None,
    ) -> tuple[Range, ...]:
        """Return the bands, merged until every figure may be shown.

        They are first merged around the days at which a curve is read, then parted again where
        every part may be shown. `refused` are bands that may not be shown for another reason.
        `within` are bands to merge further, where only whole ones of them may be taken together.
        """
        if within is not None:
            return self._merge(within, audience, refused)
        return tuple(
            part
            for first, last in self._merge(coarsest(), audience, refused)
            for part in self._merge([(n, n) for n in range(first, last + 1)], audience, refused)
        )

    def _merge(
        self, within: Sequence[Range], audience: Audience, refused: Collection[Range]
    ) -> tuple[Range, ...]:
        """Return bands merged with those after them, and the last with those before."""
        found: list[Range] = []
        first: int | None = None
        for begin, end in within:
            first = begin if first is None else first
            if self._fits((first, end), audience, refused):
                found.append((first, end))
                first = None
        if first is not None:
            left = (first, within[-1][1])
            while found and not self._fits(left, audience, refused):
                left = (found.pop()[0], left[1])
            found.append(left)
        return tuple(found)

    def _fits(self, merged: Range, audience: Audience, refused: Collection[Range]) -> bool:
        cells = [self.pile(merged, (side,)).cell for side in self.sides]
        return merged not in refused and not any(
            is_small(cell, audience.t) or is_dominated(cell, audience) for cell in cells
        )

    def exact(self, merged: Sequence[Range]) -> Exact:
        """Return the exact table of merged bands by way, with whom each place counts."""
        down = [*merged, (0, len(GRID))]
        over = [*((side,) for side in self.sides), tuple(self.sides)]
        piles = {
            (i, j): self.pile(bands, sides)
            for i, bands in enumerate(down)
            for j, sides in enumerate(over)
        }
        last, end = len(merged), len(self.sides)
        rows, columns = range(last), range(end)
        table = Table(
            rows=tuple(map(label_of, merged)),
            columns=tuple(self.sides.values()),
            cells=tuple(tuple(piles[i, j].cell for j in columns) for i in rows),
            row_totals=tuple(piles[i, end].cell for i in rows),
            column_totals=tuple(piles[last, j].cell for j in columns),
            total=piles[last, end].cell,
        )
        boxes = {(i, j): self._box(merged, i, j) for i, j in piles}
        people = {place: pile.who for place, pile in piles.items()}
        return Exact(table, people, self.population, boxes)

    def _box(self, merged: Sequence[Range], row: int, column: int) -> Box:
        found = [*self.held]
        # All bands together are no condition: else one figure would have two names, of which one
        # audience sees the first and another hides the second.
        if row < len(merged) and merged[row] != (0, len(GRID)):
            bands = range(merged[row][0], merged[row][1] + 1)
            found.append((self.axes[0], frozenset(label_of((band, band)) for band in bands)))
        if column < len(self.sides):
            found.append((self.axes[1], self.codes[list(self.sides)[column]]))
        return combined(found)


def unsafe_ranges(hidden: Iterable[Place], merged: Sequence[Range]) -> set[Range]:
    """Return the merged bands of which a gate hides something.

    A hidden margin of all bands belongs to none of them.
    """
    return {merged[row] for row, _ in hidden if row < len(merged)}
