"""Two locks in the data folder, held while a service runs.

The first is for a service on SQLite: by it a restore learns that the service is running.

Every process that serves pages shares the lock while it lives; a restore takes it alone. PostgreSQL
needs none, because it lists its sessions itself. The second is for the embedded run: a second one
in the same folder would look at every date twice on one database.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection

FILE = "service.lock"
EMBEDDED_FILE = "embedded-run"

HELD: list[IO[str]] = []
"""Open files, so that the lock lasts as long as the process."""


class ServiceRuns(Exception):
    """Another process holds the lock."""


def keep_folder() -> None:
    """Keep the data folder for this process and the programs it becomes.

    It is free again when they end.

    Raises:
        ServiceRuns: another embedded run has it.
    """
    file = (Path(settings.DATA_DIR) / EMBEDDED_FILE).open("a", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise ServiceRuns from None
    os.set_inheritable(file.fileno(), True)
    HELD.append(file)


def share() -> None:
    """Share the lock until this process ends; wait for a restore in progress."""
    if connection.vendor == "sqlite":
        file = _path().open("a", encoding="utf-8")
        fcntl.flock(file, fcntl.LOCK_SH)
        HELD.append(file)


@contextmanager
def alone() -> Iterator[None]:
    """Keep the service from starting meanwhile.

    Raises:
        ServiceRuns: the service has started.
    """
    with _path().open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ServiceRuns from None
        yield


def _path() -> Path:
    return Path(settings.DATA_DIR) / FILE
