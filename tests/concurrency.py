"""Several people at the same moment: each in a thread and a connection of their own.

SQLite in memory locks whole tables between threads and so says nothing about a real run. There
the database of the test is copied to a file, opened as the product opens it, and everyone works
on that file; on PostgreSQL they work on the test's own database. What they did is read back by
`seen`, which looks where they worked.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from django.db import connection

T = TypeVar("T")


class Crowd:
    """A database on which several may work at once. Ask for it in a `transaction=True` test."""

    def __init__(self, folder: Path) -> None:
        self._file = ""
        if connection.vendor == "sqlite":
            self._file = str(folder / "crowd.sqlite3")
            connection.ensure_connection()
            with sqlite3.connect(self._file) as copy:
                connection.connection.backup(copy)
                # Turned to WAL by one: two that turn a new file at once shut each other out.
                copy.execute("PRAGMA journal_mode=WAL")
            copy.close()

    def press(self, *works: Callable[[], T]) -> list[T | BaseException]:
        """Do all of these at the same moment; what each returned or raised, in their order."""
        start = threading.Barrier(len(works))

        def work(do: Callable[[], T]) -> T:
            self._connect()
            start.wait(timeout=60)
            try:
                return do()
            finally:
                connection.close()

        with ThreadPoolExecutor(len(works)) as pool:
            pressed = [pool.submit(work, do) for do in works]
        return [each.exception() or each.result() for each in pressed]

    def seen(self, look: Callable[[], T]) -> T:
        """What someone sees who looks afterwards."""
        result = self.press(look)[0]
        if isinstance(result, BaseException):
            raise result
        return result

    def _connect(self) -> None:
        if self._file:
            facts: dict[str, Any] = {**connection.settings_dict, "NAME": self._file}
            connection.settings_dict = facts
