"""No more people through at once than the memory holds: a password is dear to turn into a key.

Each derivation takes as much memory as its parameters say (64 MiB in production), so a crowd that
signs in at once would take the server down with it. Whoever finds every place taken waits for a
moment; whoever has waited too long is asked to try again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import BoundedSemaphore

from django.conf import settings


class TooBusy(Exception):
    """Every place is taken, and was for as long as anybody should wait. Nothing was tried."""


@lru_cache(maxsize=2)
def _places(count: int) -> BoundedSemaphore:
    return BoundedSemaphore(count)


@contextmanager
def limiter() -> Iterator[None]:
    """One of the `VAULT_PLACES` of this process; raises TooBusy after `VAULT_WAIT_SECONDS`."""
    places = _places(settings.VAULT_PLACES)
    if not places.acquire(timeout=settings.VAULT_WAIT_SECONDS):
        raise TooBusy
    try:
        yield
    finally:
        places.release()
