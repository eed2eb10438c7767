"""Stream a dump of the database, so that it is never on disk in the clear.

What is streamed is read through at once, as `dumps.dumped_counts` does with a file. On SQLite the
copy is in memory, which takes room for the database twice.
"""

from __future__ import annotations

import secrets
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import IO, TypeVar, cast

from django.db import connection, transaction

from grievances.operations import dumps
from grievances.operations.dumps import BackupFailed

T = TypeVar("T")
Sink = Callable[[bytes], object]
BLOCK = 2**20


def stream(sink: Sink, read: Callable[[], T]) -> tuple[T, dict[str, int]]:
    """Give the dump of the live database to `sink`, piece by piece.

    Returns:
        (the result of `read` at the moment of the dump, table -> rows in what was streamed)

    Raises:
        BackupFailed: the database cannot be dumped.
    """
    if connection.vendor == "sqlite":
        return _stream_sqlite(sink, read)
    with transaction.atomic(durable=True):
        snapshot = dumps.begin_snapshot()
        found = read()
        arguments = ("--format=custom", "--no-owner", f"--snapshot={snapshot}")
        with dumps.reading("pg_dump", *arguments) as dump, _counted() as (feed, counts):
            while block := dump.read(BLOCK):
                feed(block)
                sink(block)
    return found, counts


def _stream_sqlite(sink: Sink, read: Callable[[], T]) -> tuple[T, dict[str, int]]:
    name = f"file:dump-{secrets.token_hex(8)}?mode=memory&cache=shared"
    with closing(sqlite3.Connection(name, uri=True)) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
        counts = dumps.dumped_counts(name)
        with dumps.working_on(name):
            found = read()
        dump = memoryview(copy.serialize())
        for at in range(0, len(dump), BLOCK):
            sink(bytes(dump[at : at + BLOCK]))
    return found, counts


@contextmanager
def _counted() -> Iterator[tuple[Callable[[bytes], object], dict[str, int]]]:
    """Yield where to feed a PostgreSQL dump, and in the end its rows by table.

    Raises:
        BackupFailed: `pg_restore` cannot read the dump.
    """
    counts: dict[str, int] = {}
    arguments = [dumps.find("pg_restore"), "--data-only", "--file=-"]
    with subprocess.Popen(  # noqa: S603 - a program found by its fixed name
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        lines, end = cast(IO[bytes], process.stdout), cast(IO[bytes], process.stdin)
        counting = threading.Thread(target=lambda: counts.update(dumps.count_copied(lines)))
        counting.start()

        def feed(block: bytes) -> None:
            with suppress(BrokenPipeError):  # it ended early; its return code says so below
                end.write(block)

        try:
            yield feed, counts
        finally:
            with suppress(BrokenPipeError):
                end.close()
            counting.join()
    if process.returncode:
        raise BackupFailed("pg_restore cannot read the dump. Begin again.")
