"""What each new PostgreSQL connection needs, also behind a transaction pooler.

Such a pooler gives each transaction any server connection of its pool. It refuses start-up options,
and what a session sets is lost or meets another client. So the search path is a setting of the
database (`prepare_database`). Behind a pooler no cursor outlives its transaction. Advisory locks
are not used, and Django prepares no statements of its own accord.
"""

from __future__ import annotations

import os

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

SEARCH_PATH = "public, monitoring"
READ_ONLY = ("in_hot_standby", "default_transaction_read_only")
"""What a PostgreSQL server reports to each client, also when it changes."""
DATES = "ISO, DMY"
"""How PostgreSQL writes dates to us: the driver reads no moment in another style."""
NO_TRIGGERS = (
    "The database runs no triggers (session_replication_role is replica), so the audit trail could "
    "be changed: have an administrator reset session_replication_role for the database and its "
    "role, and start again."
)
LOOK = "SELECT pg_backend_pid(), current_setting('search_path')"


def prepare(connection: BaseDatabaseWrapper) -> None:
    """Look at a new PostgreSQL connection, and set what this kind of connection needs.

    Without a pooler the search path is set for the session, so that a database works before
    `prepare_database` has run. The backend `config.postgresql` calls it.
    """
    raw = connection.connection
    with raw.cursor() as cursor:
        server, path = cursor.execute(LOOK).fetchone()
        pooled = server != raw.info.backend_pid
        # A cursor that outlives its transaction is on a server connection that others get next.
        connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = pooled
        if not pooled and path != SEARCH_PATH:
            cursor.execute("SELECT set_config('search_path', %s, false)", [SEARCH_PATH])
        if not pooled and not raw.info.parameter_status("DateStyle").startswith("ISO"):
            cursor.execute("SELECT set_config('datestyle', %s, false)", [DATES])
    if not raw.autocommit:
        raw.commit()


def is_pooled() -> bool:
    """Return whether a pooler is between this process and PostgreSQL.

    A pooler names a process of its own to its clients, for the cancelling of statements.
    """
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return bool(cursor.fetchone()[0] != connection.connection.info.backend_pid)


def fault() -> str:
    """Return why this database cannot be used, in one sentence; empty where it can."""
    if connection.vendor != "postgresql":
        return ""
    connection.ensure_connection()
    encoding = connection.connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        return (
            f"The database has the encoding {encoding}, which cannot keep every name and word: "
            "make one with createdb --encoding UTF8 --template template0, restore a backup into "
            "it, name it in DATABASE_URL, and start again."
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('session_replication_role')")
        return NO_TRIGGERS if cursor.fetchone()[0] == "replica" else ""


def takes_no_changes() -> bool:
    """Return whether the database is known to take no changes, without asking it.

    PostgreSQL says by itself when a server is a replica or was made read-only. A SQLite file cannot
    be written on a disk that is mounted read-only.
    """
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        told = connection.connection.info.parameter_status
        return any(told(name) == "on" for name in READ_ONLY)
    try:
        found = os.statvfs(str(connection.settings_dict["NAME"]))
    except OSError:
        return False  # in memory, or away: the next write says so
    return bool(found.f_flag & os.ST_RDONLY)
