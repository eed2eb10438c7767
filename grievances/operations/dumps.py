"""The dump of a database: written in one snapshot, read through at once, loaded elsewhere.

On SQLite the dump is a whole database; on PostgreSQL it is what `pg_dump` writes in its custom
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

T = TypeVar("T")
NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
"""How the dump of each kind of database is called in a backup."""


class BackupFailed(Exception):
    """The sentence says what could not be done and what to do about it."""


@contextmanager
def working_on(name: str) -> Iterator[None]:
    """Let the default connection lead to another database of the same server, or another file."""
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
    """Dump the live database and return what `read` finds in it: both see the same moment."""
    if connection.vendor == "sqlite":
        copy_sqlite(path)
        with working_on(str(path)):
            return read()
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
        found = read()
        run("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={path}")
    return found


def copy_sqlite(path: Path) -> None:
    """Copy the live SQLite database to a new file, as of one moment."""
    connection.ensure_connection()
    with closing(sqlite3.Connection(path)) as copy:
        connection.connection.backup(copy)


def row_counts() -> dict[str, int]:
    """Table -> its rows, for every table of the database the default connection leads to."""
    counts = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            counts[table] = int(cursor.fetchone()[0])
    return counts


def dumped_counts(path: Path) -> dict[str, int]:
    """Table -> its rows in a dump, every byte of which is read; raises BackupFailed."""
    if connection.vendor == "postgresql":
        with _reading("pg_restore", "--data-only", "--file=-", str(path)) as lines:
            return _count_copied(lines)
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
    """Load a dump into an empty PostgreSQL database, whole or not at all; raises BackupFailed."""
    run(
        "pg_restore",
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        f"--dbname={name}",
        str(path),
    )


def run(program: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs; raises BackupFailed with the end of what it said."""
    done = subprocess.run(  # noqa: S603 - a program found by its fixed name
        [_find(program), *arguments],
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupFailed(f"{program} failed: {done.stderr.strip()[-300:]}")


@contextmanager
def _reading(program: str, *arguments: str) -> Iterator[IO[bytes]]:
    """What a program prints, while it prints it; raises BackupFailed if it fails in the end."""
    with subprocess.Popen(  # noqa: S603 - a program found by its fixed name
        [_find(program), *arguments],
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        yield cast(IO[bytes], process.stdout)
    if process.returncode:
        raise BackupFailed(f"{program} cannot read the dump. Begin again.")


def _count_copied(lines: IO[bytes]) -> dict[str, int]:
    """Rows by table in PostgreSQL's text of a dump: a row is a line between COPY and a dot."""
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


def _find(program: str) -> str:
    found = shutil.which(program) or next(
        iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{program}"), reverse=True)), None
    )
    if found is None:
        raise BackupFailed(f"{program} is not installed: install the PostgreSQL client programs.")
    return found


def _environment() -> dict[str, str]:
    """Where the database is; the password travels in the environment alone."""
    given = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    found = {name: str(given[key]) for name, key in names.items() if given.get(key)}
    return {**os.environ, **found, "PGDATABASE": str(given["NAME"])}
