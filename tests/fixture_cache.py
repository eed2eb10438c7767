"""What every test finds set up, made once and put back by its rows.

Loading policies and holidays and making the staff, with real keys, takes a third of a second. It is
done for real the first time in each process; later tests get the very same rows back.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import connection, transaction

from grievances.cases.models.assignments import permission_for
from grievances.cases.models.case import Case

T = TypeVar("T")
DERIVED = frozenset({"grievances_listedcase"})
"""Tables whose rows triggers write again when the others are put back."""
Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


@dataclass
class Made(Generic[T]):
    """What was made, and the rows it left."""

    what: T
    rows: Rows


@dataclass
class Stage(Generic[T]):
    """One thing that is made in the database, by what it depends on outside of it.

    A password that was set under the settings of one test opens nothing under those of others.
    """

    make: Callable[[], T]
    made: dict[tuple[Any, ...], Made[T]] = field(default_factory=dict)

    def set(self) -> T:
        """Make it, or put its rows back into the same tables."""
        permission_for.cache_clear()  # a test that flushed its tables left permissions with new ids
        known = self.made.get(_surroundings())
        if known is None:
            before = _filled()
            what = self.make()
            known = Made(what, {table: _read(table) for table in _filled() - before})
            self.made[_surroundings()] = known
        else:
            _put_back(known.rows)
        return copy.deepcopy(known.what)


@dataclass
class Walk:
    """A case that was walked to a state: what the database held before, and what the walk added."""

    before: Rows
    added: Rows
    case_id: int

    def can_be_put_back(self) -> bool:
        """Whether the database is as it was before the walk, row for row."""
        return _is_empty(self.added.keys() - self.before.keys()) and all(
            _read(table) == rows for table, rows in self.before.items()
        )


WALKS: dict[tuple[Any, ...], Walk] = {}
"""By the name of the walk, its time and answers, and what the walk depends on outside of them."""


def remembered(walk: Callable[..., Case]) -> Callable[..., Case]:
    """Walk a case for real the first time in each process; later put its rows back.

    Only where the database holds nothing but the untouched stage: a test that changed the
    staff first, or has another case already, walks for real.
    """

    @wraps(walk)
    def walked(staff: Any, *arguments: Any, **answers: Any) -> Case:
        key = (walk.__name__, repr(arguments), repr(sorted(answers.items())), *_surroundings())
        known = WALKS.get(key)
        if known is not None and known.can_be_put_back():
            _put_back(known.added)
            return Case.unguarded.get(pk=known.case_id)
        before = {table: _read(table) for table in _filled()} if known is None else None
        case = walk(staff, *arguments, **answers)
        if before is not None and "grievances_case" not in before:
            added = _added(before)
            if added is not None:
                WALKS[key] = Walk(before, added, case.pk)
        return case

    return walked


def _added(before: Rows) -> Rows | None:
    """The rows that came since; None where one of before is gone or another now."""
    added: Rows = {}
    for table in sorted(_filled() | before.keys()):
        columns, rows = _read(table)
        known = before[table][1] if table in before else []
        if rows[: len(known)] != known:
            return None
        if rows[len(known) :]:
            added[table] = columns, rows[len(known) :]
    return added


def _surroundings() -> tuple[Any, ...]:
    names = ("SERVER_KEYS", "POLICY_PROFILE", "TIME_ZONE", "PASSWORD_HASHERS", "VAULT_KDF")
    return tuple(repr(getattr(settings, name)) for name in names)


def _put_back(tables: Rows) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table, (columns, rows) in tables.items():
            names = ", ".join(map(connection.ops.quote_name, columns))
            marks = ", ".join(["%s"] * len(columns))
            sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - our own tables
            cursor.executemany(sql, rows)


def _is_empty(tables: Iterable[str]) -> bool:
    looks = " OR ".join(f"EXISTS(SELECT 1 FROM {table})" for table in tables)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {looks}")
        return not cursor.fetchone()[0]


def _filled() -> set[str]:
    """Tables that hold at least one row."""
    tables = connection.introspection.django_table_names(only_existing=True)
    with connection.cursor() as cursor:
        return {table for table in tables if table not in DERIVED and _has_rows(cursor, table)}


def _has_rows(cursor: Any, table: str) -> bool:
    cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608
    return cursor.fetchone() is not None


def _read(table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
        columns = [column[0] for column in cursor.description]
        return columns, cursor.fetchall()
