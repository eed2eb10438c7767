"""Read one page of the stored list of a person, from any place in it, by index.

A page begins after a key and not after a count of rows. So page 400 costs what the first one does.
Each statement is a UNION of short ranges of one index, and no range gives more rows than the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db import connection

from grievances.cases.access.list_triggers import TABLE

Key = tuple[int, ...]
"""The place of a case in a list: its part, then a number for each column.

Keys compare as the list is sorted. A date is its ordinal, and what descends is negative.
"""
MOST_COUNTED = 1000
"""Late cases are counted no further than one more than this."""


class Column(NamedTuple):
    """One column by which a list is sorted."""

    name: str
    descends: bool = False
    is_date: bool = False

    def number(self, value: int | date) -> int:
        """Return the value as a number of a key."""
        number = value.toordinal() if isinstance(value, date) else int(value)
        return -number if self.descends else number

    def value(self, number: int) -> int | str:
        """Return the value of a number of a key, as it is compared in SQL."""
        number = -number if self.descends else number
        return date.fromordinal(number).isoformat() if self.is_date else number


class Condition(NamedTuple):
    """A condition on stored rows, with its values."""

    sql: str
    values: tuple[int | str, ...] = ()


class Part(NamedTuple):
    """A part of a list: what comes first has the lower number."""

    number: int
    condition: Condition


@dataclass(frozen=True)
class StoredList:
    """The stored cases of a person, in parts; those of `besides` are left out."""

    person_id: int
    parts: tuple[Part, ...]
    order: tuple[Column, ...]
    filters: tuple[Condition, ...] = ()
    besides: frozenset[int] = field(default_factory=frozenset)

    def key(self, part: int, values: Iterable[int | date]) -> Key:
        """Return the key of a case with these values of the columns."""
        pairs = zip(self.order, values, strict=True)
        return (part, *(column.number(value) for column, value in pairs))

    def fits(self, key: Key) -> bool:
        """Return whether a key can be one of this list."""
        try:
            return len(key) == len(self.order) + 1 and bool(self._values(key))
        except (ValueError, OverflowError):
            return False

    def rows(self, count: int, after: Key | None = None, *, back: bool = False) -> list[Key]:
        """Return the keys of the next `count` cases after a key, or before it with `back`.

        The last number of each key is that of the case. They come in the order of the list.
        """
        ranges = list(self._ranges(after, back=back))
        if not ranges:
            return []
        found = self._read(ranges, count, back=back)
        found.sort(reverse=back)
        return sorted(found[:count])

    def case_id(self, key: Key) -> int:
        """Return the id of the case of a key."""
        return abs(key[-1])

    def _values(self, key: Key) -> list[int | str]:
        return [column.value(number) for column, number in zip(self.order, key[1:], strict=True)]

    def _ranges(self, after: Key | None, *, back: bool) -> Iterable[Part]:
        """Yield what to read: the rest of the part of the key, and the parts beyond."""
        for part in self.parts:
            if after is None or (part.number < after[0] if back else part.number > after[0]):
                yield part
            elif part.number == after[0]:
                yield from self._rest(part, self._values(after), back=back)

    def _rest(self, part: Part, values: Sequence[int | str], *, back: bool) -> Iterable[Part]:
        """Yield the ranges of a part beyond these values; each is one range of the index."""
        for last in reversed(range(len(values))):
            beyond = "<" if self.order[last].descends != back else ">"
            same = "".join(f" AND {column.name} = %s" for column in self.order[:last])
            sql = f"{part.condition.sql}{same} AND {self.order[last].name} {beyond} %s"
            more = tuple(values[: last + 1])
            yield Part(part.number, Condition(sql, part.condition.values + more))

    def _read(self, ranges: Sequence[Part], count: int, *, back: bool) -> list[Key]:
        columns = ", ".join(column.name for column in self.order)
        order = ", ".join(
            f"{column.name} {'DESC' if column.descends != back else 'ASC'}" for column in self.order
        )
        shared = "".join(f" AND ({each.sql})" for each in self._shared())
        statements, values = [], []
        for number, (sql, given) in ranges:
            statements.append(
                f"SELECT * FROM (SELECT {number} AS part, {columns} FROM {TABLE}"  # noqa: S608
                f" WHERE person_id = %s AND {sql}{shared} ORDER BY {order} LIMIT %s) AS found"
            )
            values += [self.person_id, *given, *self._given(), count]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(statements), values)
            return [self.key(part, map(_read_value, row)) for part, *row in cursor.fetchall()]

    def _shared(self) -> list[Condition]:
        marks = ", ".join(["%s"] * len(self.besides))
        left = [Condition(f"case_id NOT IN ({marks})", tuple(sorted(self.besides)))]
        return [*self.filters, *(left if self.besides else [])]

    def _given(self) -> list[int | str]:
        return [value for each in self._shared() for value in each.values]


def count_due_before(person_id: int, day: date, besides: frozenset[int]) -> int:
    """Return how many stored cases of a person were due before a day.

    Those of `besides` are left out. It counts no further than `MOST_COUNTED` and one.
    """
    left = StoredList(person_id, (), (), (), besides)._shared()
    more = "".join(f" AND {each.sql}" for each in left)
    values = [value for each in left for value in each.values]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*) FROM (SELECT 1 FROM {TABLE} WHERE person_id = %s"  # noqa: S608
            f" AND due < %s{more} ORDER BY due LIMIT %s) AS late",
            [person_id, day.isoformat(), *values, MOST_COUNTED + 1],
        )
        return int(cursor.fetchone()[0])


def _read_value(value: int | str | date) -> int | date:
    """Return a value of a row; SQLite gives a date as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
