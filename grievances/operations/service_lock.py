"""The lock of a service on SQLite, by which a restore learns that it is running.

Every process that serves pages shares the lock while it lives; a restore takes it alone. PostgreSQL
needs none, because it lists its sessions itself.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection

FILE = "service.lock"

HELD: list[IO[str]] = []
"""Open files, so that the lock lasts as long as the process."""


class ServiceRuns(Exception):
    """A process that serves pages holds the lock."""


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
