"""What every test finds set up, made once and put back by its rows.

Loading policies and holidays and making the cast, with real keys, takes a third of a second. It is
done for real the first time in each process; later tests get the very same rows back.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db import connection, transaction

T = TypeVar("T")
Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


@dataclass
class Stage(Generic[T]):
    """One thing that is made in the database, and the rows it left when it was made."""

    make: Callable[[], T]
    rows: Rows | None = None
    made: list[T] = field(default_factory=list)

    def set(self) -> T:
        """Make it, or put its rows back into the same tables."""
        if self.rows is None:
            before = _filled()
            self.made = [self.make()]
            self.rows = {table: _read(table) for table in _filled() - before}
            return copy.deepcopy(self.made[0])
        with transaction.atomic(), connection.cursor() as cursor:
            for table, (columns, rows) in self.rows.items():
                names = ", ".join(map(connection.ops.quote_name, columns))
                marks = ", ".join(["%s"] * len(columns))
                sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - our own tables
                cursor.executemany(sql, rows)
        return copy.deepcopy(self.made[0])


def _filled() -> set[str]:
    """Tables that hold at least one row."""
    tables = connection.introspection.django_table_names(only_existing=True)
    with connection.cursor() as cursor:
        return {table for table in tables if _has_rows(cursor, table)}


def _has_rows(cursor: Any, table: str) -> bool:
    cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608
    return cursor.fetchone() is not None


def _read(table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
        columns = [column[0] for column in cursor.description]
        return columns, cursor.fetchall()
