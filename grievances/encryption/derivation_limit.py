"""Limit concurrent Argon2 derivations per process.

Each derivation uses the memory its parameters say (64 MiB in production). Without a limit, a crowd
that signs in at once would exhaust the server's memory. `VAULT_PLACES` is the limit. A caller waits
up to `VAULT_WAIT_SECONDS`, then `TooBusy` is raised and the person is asked to try again. Only
`VAULT_QUEUE` callers wait, because each holds a thread that could answer other people.

Recovery of an account has places of its own. Anyone may ask for it, so it must not take those of
sign-in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from threading import BoundedSemaphore

from django.conf import settings


class TooBusy(Exception):
    """No derivation was free within the waiting time. Nothing was tried."""


_recovering: ContextVar[bool] = ContextVar("_recovering", default=False)


@contextmanager
def for_recovery() -> Iterator[None]:
    """Derive within this block in the places of recovery, not in those of sign-in.

    Tries from an address that was often wrong are derived here as well.
    """
    token = _recovering.set(True)
    try:
        yield
    finally:
        _recovering.reset(token)


_once: ContextVar[dict[tuple[object, ...], bytes] | None] = ContextVar("_once", default=None)


@contextmanager
def derive_once() -> Iterator[None]:
    """Derive within this block only once from the same secret, salt and cost.

    Checking a password and opening the private key need the same derivation. What was derived is
    forgotten at the end of the block. A block inside another one is part of it.
    """
    if _once.get() is not None:
        yield
        return
    token = _once.set({})
    try:
        yield
    finally:
        _once.reset(token)


def derived_before() -> dict[tuple[object, ...], bytes]:
    """Return what was derived in this block of `derive_once`; nothing outside of one."""
    kept = _once.get()
    return {} if kept is None else kept


@lru_cache(maxsize=4)
def _places(count: int, queue: int, purpose: str) -> tuple[BoundedSemaphore, BoundedSemaphore]:
    """Return the places of a purpose, and those of all who derive or wait."""
    return BoundedSemaphore(count), BoundedSemaphore(count + queue)


@contextmanager
def limiter() -> Iterator[None]:
    """Wait for one of the `VAULT_PLACES` derivations of this process, and hold it.

    Raises:
        TooBusy: none was free within `VAULT_WAIT_SECONDS`, or `VAULT_QUEUE` callers wait already.
    """
    if _recovering.get():
        places, all_here = _places(settings.RECOVERY_PLACES, settings.RECOVERY_QUEUE, "recovery")
    else:
        places, all_here = _places(settings.VAULT_PLACES, settings.VAULT_QUEUE, "sign-in")
    if not all_here.acquire(blocking=False):
        raise TooBusy
    try:
        if not places.acquire(timeout=settings.VAULT_WAIT_SECONDS):
            raise TooBusy
        try:
            yield
        finally:
            places.release()
    finally:
        all_here.release()
