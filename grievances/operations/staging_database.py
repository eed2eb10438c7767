"""The staging database: a backup is loaded into it, then swapped in or dropped.

On PostgreSQL it is a database of the same server, and two names change in one transaction. That
needs a role that may create databases and owns the live one. On SQLite it is a file, whose pages
are copied into the live database in one transaction, so that its write-ahead log needs no care.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction
from django.db.backends.utils import CursorWrapper

from grievances.operations import dumps, service_lock
from grievances.operations.database_sessions import SEARCH_PATH
from grievances.operations.dumps import BackupFailed

RUNS = "The service is connected to this database. Stop web, workers and beat, then begin again."
ALLOWED = " Run restore as a role that may make databases and owns this one."
LIKE_THE_LIVE_ONE = """
SELECT format('CREATE DATABASE %%I TEMPLATE template0 OWNER %%I ENCODING %%L LC_COLLATE %%L '
    'LC_CTYPE %%L', %s::text, pg_get_userbyid(datdba), pg_encoding_to_char(encoding),
    datcollate, datctype)
  FROM pg_database WHERE datname = %s
"""
"""The statement that creates the staging database.

Parameters: its name, the live one's name.
"""
TOLD_TO_THE_LIVE_ONE = """
WITH live AS (SELECT * FROM pg_database WHERE datname = %s), staging AS (SELECT %s::text AS name),
  told AS (SELECT setrole, split_part(entry, '=', 1) AS key,
    substr(entry, strpos(entry, '=') + 1) AS value
    FROM pg_db_role_setting JOIN live ON setdatabase = live.oid, unnest(setconfig) AS entry)
SELECT format('REVOKE ALL ON DATABASE %%I FROM PUBLIC', name)
  FROM live, staging WHERE datacl IS NOT NULL
UNION ALL
SELECT format('GRANT %%s ON DATABASE %%I TO %%s', privilege_type, name,
    CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END)
  FROM live, staging, aclexplode(datacl)
UNION ALL
SELECT format('ALTER %%s DATABASE %%I SET %%I TO %%s',
    CASE setrole WHEN 0 THEN '' ELSE format('ROLE %%I IN', pg_get_userbyid(setrole)) END,
    name, key, CASE WHEN key ~ '(search_path|_libraries|tablespaces)$' THEN value
        ELSE quote_literal(value) END)
  FROM told, staging
"""
"""Rights and settings of the live database, as statements for the other one.

No dump holds them.
"""


def require_quiet() -> AbstractContextManager[None]:
    """Check that the service is not running; on SQLite keep it from starting within.

    Raises BackupFailed while it runs.

    Returns:
        A context within which the service stays stopped, on SQLite.
    """
    connections.close_all()
    return _quiet_file() if connection.vendor == "sqlite" else _quiet_server()


@contextmanager
def loaded(dump: Path) -> Iterator[str]:
    """Yield the name of a staging database loaded from this dump; drop it afterwards."""
    if connection.vendor == "sqlite":
        with tempfile.TemporaryDirectory(prefix="restore-", dir=settings.DATA_DIR) as folder:
            yield shutil.copyfile(dump, str(Path(folder) / dump.name))
        return
    live = _live()
    name = f"{live[:48]}_staging"
    with _server() as cursor:
        _drop(cursor, name)
        _make(cursor, name, live)
    try:
        dumps.load(dump, name)
        yield name
    finally:
        with _server() as cursor:
            _drop(cursor, name)


def take_over(name: str) -> None:
    """Put the staging database in the live one's place, whole or not at all.

    Raises:
        BackupFailed: the live database cannot be written.
    """
    if connection.vendor == "postgresql":
        _rename(name)
        return
    try:
        connection.ensure_connection()
        with closing(sqlite3.Connection(name)) as staging:
            staging.backup(connection.connection)
    except (DatabaseError, sqlite3.Error) as error:
        raise BackupFailed(
            f"{_live()} cannot be written ({error}). Move it away or make room, then begin again."
        ) from error


def _rename(name: str) -> None:
    live, before = _live(), f"{_live()[:48]}_replaced"
    with _server() as cursor:
        _drop(cursor, before)
        with transaction.atomic():
            cursor.execute(f"ALTER DATABASE {_quoted(live)} RENAME TO {_quoted(before)}")
            cursor.execute(f"ALTER DATABASE {_quoted(name)} RENAME TO {_quoted(live)}")
        _drop(cursor, before)


def _make(cursor: CursorWrapper, name: str, live: str) -> None:
    """Create the empty staging database, with rights and settings like the live one's.

    Raises:
        BackupFailed: there is no live database.
    """
    cursor.execute(LIKE_THE_LIVE_ONE, [name, live])
    found = cursor.fetchone()
    if found is None:
        raise BackupFailed(f"There is no database {live}. Make an empty one, then begin again.")
    cursor.execute(found[0])
    cursor.execute(TOLD_TO_THE_LIVE_ONE, [live, name])
    for (statement,) in cursor.fetchall():
        cursor.execute(statement)
    cursor.execute(f"ALTER DATABASE {_quoted(name)} SET search_path = {SEARCH_PATH}")


def _drop(cursor: CursorWrapper, name: str) -> None:
    cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(name)}")


@contextmanager
def _server() -> Iterator[CursorWrapper]:
    """Yield a cursor on the server outside of both databases.

    Raises:
        BackupFailed: the server refused.
    """
    try:
        with (
            dumps.working_on("template1" if _live() == "postgres" else "postgres"),
            connection.cursor() as cursor,
        ):
            yield cursor
    except DatabaseError as error:
        said = str(error).strip().splitlines()[0]
        if "being accessed" in said:
            raise BackupFailed(RUNS) from error
        advice = ALLOWED if "permission" in said or "must be" in said else ""
        raise BackupFailed(f"PostgreSQL refused: {said}.{advice}") from error


@contextmanager
def _quiet_server() -> Iterator[None]:
    live = _live()
    with _server() as cursor:
        # A session that has just ended, our own among them, is there for a moment longer.
        for wait in (0.1, 0.2, 0.4, 0.8, 0):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND usesysid IS NOT NULL",
                [live],
            )
            if not cursor.fetchone()[0]:
                break
            time.sleep(wait)
        else:
            raise BackupFailed(RUNS)
    # A session that begins from here on is found again when the names change.
    yield


@contextmanager
def _quiet_file() -> Iterator[None]:
    try:
        with service_lock.alone():
            _require_closed(Path(_live()))
            yield
    except service_lock.ServiceRuns:
        raise BackupFailed(RUNS) from None


def _require_closed(file: Path) -> None:
    """Check that no connection to this database is open, at work or not.

    Raises:
        ServiceRuns: one is open.
    """
    if not file.exists():
        return
    with (
        suppress(sqlite3.DatabaseError),  # a broken file: all the more reason to replace it
        closing(sqlite3.Connection(file, timeout=0, isolation_level=None)) as alone,
    ):
        try:
            alone.execute("PRAGMA locking_mode=EXCLUSIVE")
            alone.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise service_lock.ServiceRuns from None


def _live() -> str:
    return str(connection.settings_dict["NAME"])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
