"""PostgreSQL settings of the product, stored in the database itself.

A pooler such as PgBouncer refuses start-up options. So the settings belong to the database, and
every new connection has them. SQLite needs none of them.
"""

from __future__ import annotations

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from grievances.operations.database_sessions import DATES, SEARCH_PATH

TIMEOUT_SECONDS = 300
"""Seconds after which PostgreSQL ends a statement.

Set 0 for no limit before a long upgrade.
"""
ISOLATION = "read committed"
"""What locks and repeats are written for: stricter levels refuse, and do not wait."""
PREPARE = "run manage.py prepare_database"


def statements(timeout: int = TIMEOUT_SECONDS) -> list[str]:
    """Return the SQL that sets what is needed; running it twice changes nothing.

    The owner of the database runs it. `timeout` is in seconds, 0 for no limit. Compiling (jit)
    costs a short page a hundred times what it saves. What complainants say of themselves is in the
    schema `monitoring` of the search path.
    """
    with connection.cursor() as cursor:
        # Behind a pooler the database may have another name than the address says.
        cursor.execute("SELECT current_database()")
        name = connection.ops.quote_name(cursor.fetchone()[0])
    return [
        f"ALTER DATABASE {name} SET jit = off",
        f"ALTER DATABASE {name} SET statement_timeout = '{timeout}s'",
        f"ALTER DATABASE {name} SET search_path = {SEARCH_PATH}",
        f"ALTER DATABASE {name} SET DateStyle = {DATES}",
        f"ALTER DATABASE {name} SET default_transaction_isolation = '{ISOLATION}'",
    ]


def settings_state(database: BaseDatabaseWrapper = connection) -> str:
    """Return `ok`, or which setting is missing and which command sets it."""
    if database.vendor != "postgresql":
        return "ok"
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('jit'), current_setting('statement_timeout'), "
            "current_setting('default_transaction_isolation'), "
            "(SELECT reset_val FROM pg_settings WHERE name = 'DateStyle'), "
            "(SELECT reset_val FROM pg_settings WHERE name = 'search_path')"
        )
        jit, timeout, isolation, dates, path = cursor.fetchone()
    missing = ["jit is on"] if jit == "on" else []
    missing += ["statement_timeout is not set"] if timeout == "0" else []
    missing += ["search_path is not set"] if path != SEARCH_PATH else []
    missing += [f"transactions are {isolation}"] if isolation != ISOLATION else []
    missing += ["dates are not in the style ISO"] if not dates.startswith("ISO") else []
    return f"{', '.join(missing)}: {PREPARE}" if missing else "ok"
