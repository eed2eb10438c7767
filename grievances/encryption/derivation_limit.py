"""Limit concurrent Argon2 derivations per process.

Each derivation uses the memory its parameters say (64 MiB in production). Without a limit, a crowd
that signs in at once would exhaust the server's memory. `VAULT_PLACES` is the limit. A caller waits
up to `VAULT_WAIT_SECONDS`, then `TooBusy` is raised and the person is asked to try again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import BoundedSemaphore

from django.conf import settings


class TooBusy(Exception):
    """No derivation was free within the waiting time. Nothing was tried."""


@lru_cache(maxsize=2)
def _places(count: int) -> BoundedSemaphore:
    return BoundedSemaphore(count)


@contextmanager
def limiter() -> Iterator[None]:
    """Wait for one of the `VAULT_PLACES` derivations of this process, and hold it.

    Raises:
        TooBusy: none was free within `VAULT_WAIT_SECONDS`.
    """
    places = _places(settings.VAULT_PLACES)
    if not places.acquire(timeout=settings.VAULT_WAIT_SECONDS):
        raise TooBusy
    try:
        yield
    finally:
        places.release()
