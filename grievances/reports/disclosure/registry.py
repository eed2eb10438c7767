"""The record of figures released to one audience, in any period (domain.md 10.4).

A figure of a table has relatives: the same figure of other periods. Months add up to quarters and
quarters to years, so subtracting the others must not reveal what one of them hides. A revision that
changes a figure by a few people would reveal those few. Plain Python and the ORM.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from grievances.encryption.server_keys import open_for_server, seal_for_server
from grievances.reports.disclosure.linked_tables import KinCell, KinTable, read_box, write_box
from grievances.reports.disclosure.tables import Box, People, Place
from grievances.reports.periods import Length, Period, read_period
from grievances.reports.snapshot_models import Release

CARRIED_FOR = timedelta(days=365)
VERSION = b"\x02"


@dataclass(frozen=True)
class Group:
    """The people behind a figure: how many, and who, where few enough to keep."""

    persons: int
    people: People | None = None

    def less(self, others: Iterable["Group"]) -> int:
        """Return how many people are left without these other groups.

        Where the sets are unknown, the others are assumed to share no people, as the parts of a
        whole do.
        """
        groups = list(others)
        if self.people is None or any(group.people is None for group in groups):
            return max(0, self.persons - sum(group.persons for group in groups))
        return len(self.people.difference(*(group.people or () for group in groups)))


@dataclass(frozen=True)
class Entry:
    """One figure as it was released: hidden, or shown with this rounded value."""

    period: Period
    edition: int
    until: date
    shown: bool
    value: int
    group: Group


@dataclass(frozen=True)
class Standing:
    """The identity of a figure: its family, its table and place, and whom it counts.

    `cases` is the exact count. `population` is empty where no other table counts the same people.
    """

    family: str
    table: str
    place: Place
    cases: int
    population: str = ""
    box: Box = frozenset()


class Registry:
    """The releases to one audience. New ones are stored by `save`."""

    def __init__(self, audience: str) -> None:
        self.audience = audience
        self._new: list[Release] = []
        self._kin: dict[tuple[str, str, int], dict[str, KinTable]] = {}

    def relatives(self, families: Sequence[str]) -> dict[str, list[Entry]]:
        """Return the earlier releases of these figures, oldest edition first."""
        rows = Release.objects.filter(audience=self.audience, family__in=families)
        found: dict[str, list[Entry]] = {family: [] for family in families}
        for row in rows.order_by("edition", "pk"):
            found[row.family].append(_read(row))
        return found

    def kin(self, population: str, period: Period, edition: int) -> list[KinTable]:
        """Return the tables of the same people in the same edition.

        The tables of the present report are among them.
        """
        if not population:
            return []
        found = self._kin.get((population, period.name, edition))
        if found is None:
            same = {"population": population, "period": period.name, "edition": edition}
            rows = Release.objects.filter(audience=self.audience, **same).defer("people")
            found = defaultdict(KinTable)
            for row in [*rows.order_by("pk"), *self._new]:
                if all(getattr(row, name) == value for name, value in same.items()):
                    _put(found, row)
            self._kin[population, period.name, edition] = found
        return list(found.values())

    def add(self, where: Standing, entry: Entry) -> None:
        """Add a figure; `save` stores it."""
        people = entry.group.people
        row = Release(
            audience=self.audience,
            family=where.family,
            table=where.table,
            place=",".join(map(str, where.place)),
            cases=where.cases,
            population=where.population,
            box=write_box(where.box) if where.population else "",
            period=entry.period.name,
            edition=entry.edition,
            until=entry.until,
            shown=entry.shown,
            value=entry.value,
            persons=entry.group.persons,
        )
        if people is not None:
            row.people = pack(people, row.place_of_people)
        self._new.append(row)
        found = self._kin.get((where.population, entry.period.name, entry.edition))
        if found is not None:
            _put(found, row)

    @property
    def added(self) -> tuple[Release, ...]:
        """The figures that were added and are not stored yet."""
        return tuple(self._new)

    def save(self) -> None:
        """Store the figures that were added."""
        Release.objects.bulk_create(self._new, batch_size=500)
        self._new = []


def _put(tables: dict[str, KinTable], row: Release) -> None:
    down, across = map(int, row.place.split(","))
    cell = KinCell(read_box(row.box), row.cases, row.shown)
    tables[row.table].cells[down, across] = cell


def family_of(*names: str) -> str:
    """Return the name of a figure in every period: a digest of where it is."""
    return sha256("|".join(names).encode()).hexdigest()


def pack(people: People, place: str) -> bytes:
    """Return the numbers sealed for the server, after a version byte.

    In clear they would tell which concerns are of one person.
    """
    return VERSION + seal_for_server(array("I", sorted(people)).tobytes(), place)


def unpack(data: bytes, place: str) -> People:
    """Return the set that `pack` wrote. Raises DecryptionFailed for another place.

    Raises:
        ValueError: The data has another version.
    """
    if data[:1] != VERSION:
        raise ValueError("not a set of people of version 2")
    numbers = array("I")
    numbers.frombytes(open_for_server(data[1:], place))
    return frozenset(numbers)


def may_show(
    group: Group, period: Period, relatives: Iterable[Entry], t: int, since: date | None = None
) -> bool:
    """Return whether a figure may be shown beside its relatives of other periods.

    There are two rules. The people outside the shown parts of this period must be none, or at least
    t. And while the hidden parts of the longer period hold fewer than t people, this figure is
    hidden as well, so that the longer period itself can be shown later.

    A figure counted from `since`, years before the period, has those years as parts too, and may
    not differ by a few people from that of an earlier year.
    """
    others = [entry for entry in _newest(relatives) if entry.period != period]
    first = since or period.first
    if first < period.first and not may_show_beside(group, (), others, t):
        return False
    for length in Length:
        parts = [e for e in others if e.period.length is length]
        parts = [e for e in parts if first <= e.period.first and e.period.last <= period.last]
        shown = [entry.group for entry in parts if entry.shown]
        if shown and 0 < group.less(shown) < t:
            return False
    return not 0 < _waiting(period, others) < t


def may_show_beside(
    group: Group, others: Iterable[Group], relatives: Iterable[Entry], t: int
) -> bool:
    """Return whether a figure may be shown beside those of overlapping months.

    It is hidden beside one from which it differs by a few people only: those who came and those who
    went are both fewer than t. Where many came, subtraction gives no more than the difference of
    two unknown numbers. Where the people are too many to keep, only the same figure of other
    periods is compared.
    """
    listed = [other for other in others if other.people is not None]
    if group.people is None or not listed:
        listed = [entry.group for entry in _newest(relatives) if entry.shown]
    return not any(0 < max(group.less([other]), other.less([group])) < t for other in listed)


def carried(
    group: Group, period: Period, until: date, old: Iterable[Entry], t: int
) -> Entry | None:
    """Return the earlier figure of this period that stays, or None.

    It stays because too few people have joined it or left it.
    """
    before = next((e for e in _newest(old) if e.period == period and e.shown), None)
    if before is None or until - before.until >= CARRIED_FOR:
        return None
    come, gone = group.less([before.group]), before.group.less([group])
    return before if 0 < come < t or 0 < gone < t else None


def _waiting(period: Period, others: Iterable[Entry]) -> int:
    """Return how many people are hidden in the other parts of the longer period."""
    if period.length is Length.YEAR:
        return 0
    around = period.parent()
    hidden = [
        e.group
        for e in others
        if e.period.length is period.length and around.covers(e.period) and not e.shown
    ]
    if any(group.people is None for group in hidden):
        return sum(group.persons for group in hidden)
    return len(frozenset[int]().union(*(group.people or () for group in hidden)))


def _newest(entries: Iterable[Entry]) -> list[Entry]:
    """Return the last edition of each period."""
    return list({entry.period: entry for entry in entries}.values())


def _read(row: Release) -> Entry:
    people = unpack(bytes(row.people), row.place_of_people) if row.people else None
    return Entry(
        read_period(row.period),
        row.edition,
        row.until,
        row.shown,
        row.value,
        Group(row.persons, people),
    )
