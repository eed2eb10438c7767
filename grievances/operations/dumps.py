"""Database dumps: written in one snapshot, read through at once, loaded elsewhere.

On SQLite the dump is a whole database. On PostgreSQL it is what `pg_dump` writes in its custom
format, and PostgreSQL's own client programs are needed.
"""

from __future__ import annotations

import glob
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction

from grievances.operations import database_sessions

T = TypeVar("T")
NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
"""The name of the dump of each kind of database in a backup."""


class BackupFailed(Exception):
    """A backup or restore failed; the sentence says why and what to do about it."""


def require_direct() -> None:
    """Refuse a pooler: other clients would get what `pg_dump` sets for a session.

    Raises:
        BackupFailed: a pooler is between this process and PostgreSQL.
    """
    if database_sessions.is_pooled():
        raise BackupFailed(
            "DATABASE_URL leads to a pooler. Name PostgreSQL itself for this command, then begin "
            "again."
        )


@contextmanager
def working_on(name: str) -> Iterator[None]:
    """Switch the default connection to another database, or on SQLite another file.

    The other database is on the same server.
    """
    live = connections[DEFAULT_DB_ALIAS]
    live.close()
    other = live.copy()
    other.settings_dict["NAME"] = name
    connections[DEFAULT_DB_ALIAS] = other
    try:
        yield
    finally:
        other.close()
        connections[DEFAULT_DB_ALIAS] = live


def write(path: Path, read: Callable[[], T]) -> T:
    """Dump the live database.

    Returns:
        What `read` returns for the same moment.
    """
    if connection.vendor == "sqlite":
        copy_sqlite(path)
        with working_on(str(path)):
            return read()
    with transaction.atomic(durable=True):
        snapshot = begin_snapshot()
        found = read()
        run("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={path}")
    return found


def begin_snapshot() -> str:
    """Fix the moment of a new PostgreSQL transaction.

    Returns:
        The name of its snapshot, for pg_dump.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        return str(cursor.fetchone()[0])


def copy_sqlite(path: Path) -> None:
    """Copy the live SQLite database to a new file, as of one moment."""
    connection.ensure_connection()
    with closing(sqlite3.Connection(path)) as copy:
        connection.connection.backup(copy)


def row_counts() -> dict[str, int]:
    """Return table -> rows, for every table of the default connection's database."""
    counts = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            counts[table] = int(cursor.fetchone()[0])
    return counts


def dumped_counts(path: Path | str) -> dict[str, int]:
    """Return table -> rows in a dump, every byte of which is read.

    Raises:
        BackupFailed: the dump cannot be read.
    """
    if connection.vendor == "postgresql":
        with reading("pg_restore", "--data-only", "--file=-", str(path)) as lines:
            return count_copied(lines)
    try:
        with working_on(str(path)):
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA quick_check")
                fault = cursor.fetchone()[0]
            if fault == "ok":
                return row_counts()
    except DatabaseError as error:
        fault = str(error)
    raise BackupFailed(f"The copy of the database cannot be read ({fault}). Begin again.")


def load(path: Path, name: str) -> None:
    """Load a dump into an empty PostgreSQL database, whole or not at all.

    Raises BackupFailed.
    """
    run(
        "pg_restore",
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        f"--dbname={name}",
        str(path),
    )


def run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs.

    Raises:
        BackupFailed: the program failed; the sentence has the end of its output.
    """
    done = subprocess.run(  # noqa: S603 - a program found by its fixed name
        [find(program), *arguments],
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupFailed(f"{program} failed: {done.stderr.strip()[-300:]}")


@contextmanager
def reading(program: str, *arguments: str) -> Iterator[IO[bytes]]:
    """Yield the output of a program while it runs.

    Raises:
        BackupFailed: the program fails in the end.
    """
    with subprocess.Popen(  # noqa: S603 - a program found by its fixed name
        [find(program), *arguments],
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        yield cast(IO[bytes], process.stdout)
    if process.returncode:
        raise BackupFailed(f"{program} failed before its end. Begin again.")


def count_copied(lines: IO[bytes]) -> dict[str, int]:
    """Return rows by table in PostgreSQL's text of a dump.

    A row is a line between COPY and a dot.
    """
    counts: dict[str, int] = {}
    table = ""
    for line in lines:
        if table and line == b"\\.\n":
            table = ""
        elif table:
            counts[table] += 1
        elif line.startswith(b"COPY "):
            table = line.split()[1].decode().rpartition(".")[2].strip('"')
            counts[table] = 0
    return counts


def find(program: str) -> str:
    """Return the path of one of PostgreSQL's own programs.

    Raises:
        BackupFailed: it is not installed.
    """
    found = shutil.which(program) or next(
        iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{program}"), reverse=True)), None
    )
    if found is None:
        raise BackupFailed(f"{program} is not installed: install the PostgreSQL client programs.")
    return found


def _environment() -> dict[str, str]:
    """Return the environment that names the database.

    The password is passed in the environment alone.
    """
    given = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    found = {name: str(given[key]) for name, key in names.items() if given.get(key)}
    return {**os.environ, **found, "PGDATABASE": str(given["NAME"])}
