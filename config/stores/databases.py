"""The databases, read from the environment, and how each is opened."""

import os
from pathlib import Path

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
    default["CONN_MAX_AGE"] = 60
    # After the server was restarted the next request finds out, and connects again.
    default["CONN_HEALTH_CHECKS"] = True
    if not os.environ.get("STATISTICS_DATABASE_URL"):
        return {"default": default}
    # The same database under the role that may read them. Only the worker has this setting.
    statistics = {
        **environment.database("STATISTICS_DATABASE_URL", ""),
        "OPTIONS": default["OPTIONS"],
        "TEST": {"MIRROR": "default"},
    }
    return {"default": default, "statistics": statistics}


def _make(data_dir: Path) -> None:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise environment.SettingRefused(
            "DATA_DIR",
            f"names {data_dir}, which cannot be made ({error.strerror})",
            "name a folder that this service may write",
        ) from error
