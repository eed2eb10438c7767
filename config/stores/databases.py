"""The databases, read from the environment, and how each is opened."""

import os
from pathlib import Path

from psycopg import ProgrammingError, pq
from psycopg.conninfo import make_conninfo

from config import environment

SQLITE_OPTIONS = {
    # IMMEDIATE + WAL: 0 lock errors under load, against 789 without (dependencies.md 3).
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
        # Deleted data is overwritten, so that no key or name stays in a free page.
        "PRAGMA secure_delete=ON;"
        # Temporary tables are in no file either.
        "PRAGMA temp_store=MEMORY;"
    ),
}

CONNECTION = {
    # A server that hangs, or a network that swallows what is sent, is a sentence after some
    # seconds and not a page that never comes. An address that says otherwise counts.
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""How a connection to PostgreSQL is opened and watched, in the words of libpq."""
NOWHERE = {"host": "/nowhere", "hostaddr": ""}
"""A place without a server: the library ends when it has read the options."""
DJANGOS = frozenset(
    {"assume_role", "isolation_level", "pool", "prepare_threshold", "server_side_binding"}
)
"""Options that Django takes out before it connects."""


def configuration(data_dir: Path, *, production: bool) -> dict[str, dict[str, object]]:
    """Return the databases by name: `default`, and `statistics` for the worker.

    Outside production the default is a SQLite file in the data folder.

    Raises:
        SettingRefused: In production no database is named, or an address is not one.
    """
    file = f"sqlite:///{data_dir / 'fair-hearing.sqlite3'}"
    default = environment.database("DATABASE_URL", "" if production else file)
    if str(default["ENGINE"]).endswith("sqlite3"):
        _make(data_dir)
        return {"default": {**default, "OPTIONS": SQLITE_OPTIONS}}
    given = default.get("OPTIONS")
    default["OPTIONS"] = {**CONNECTION, **(given if isinstance(given, dict) else {})}
    _judge("DATABASE_URL", default["OPTIONS"])
    default["CONN_MAX_AGE"] = 60
    # After the server was restarted the next request finds out, and connects again.
    default["CONN_HEALTH_CHECKS"] = True
    if not os.environ.get("STATISTICS_DATABASE_URL"):
        return {"default": default}
    # The same database under the role that may read them. Only the worker has this setting.
    reading = environment.database("STATISTICS_DATABASE_URL", "")
    _judge("STATISTICS_DATABASE_URL", reading.get("OPTIONS"))
    statistics = {
        **reading,
        "OPTIONS": default["OPTIONS"],
        "TEST": {"MIRROR": "default"},
    }
    return {"default": default, "statistics": statistics}


def _judge(name: str, options: object) -> None:
    """Refuse options that the library of PostgreSQL would refuse at each connection.

    Raises:
        SettingRefused: There is an option that it does not know, or a value that it does not take.
    """
    given = dict(options) if isinstance(options, dict) else {}
    asked = {key: str(value) for key, value in given.items() if key not in DJANGOS}
    wrong = [key for key in CONNECTION if not asked.get(key, "0").isdecimal()]
    try:
        # It judges the options before it looks for the server.
        start = pq.PGconn.connect_start(make_conninfo(**{**asked, **NOWHERE}).encode())
    except ProgrammingError:
        remedy = "take away what follows the name of the database, or write it right"
        raise environment.SettingRefused(
            name, "has an option that PostgreSQL does not know", remedy
        ) from None
    said = start.error_message.decode(errors="replace")
    start.finish()
    if NOWHERE["host"] not in said:
        wrong += [key for key in asked if key in said] or ["an option"]
    if wrong:
        raise environment.SettingRefused(
            name,
            f"gives {wrong[0]} a value that PostgreSQL does not take",
            "write one of those in its documentation, such as sslmode=require",
        )


def _make(data_dir: Path) -> None:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise environment.SettingRefused(
            "DATA_DIR",
            f"names {data_dir}, which cannot be made ({error.strerror})",
            "name a folder that this service may write",
        ) from error
