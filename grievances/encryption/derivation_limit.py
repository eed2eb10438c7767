"""Limit concurrent Argon2 derivations per process.

Each derivation uses the memory its parameters say (64 MiB in production). Without a limit, a crowd
that signs in at once would exhaust the server's memory. `VAULT_PLACES` is the limit. A caller waits
up to `VAULT_WAIT_SECONDS`, then `TooBusy` is raised and the person is asked to try again. Only
`VAULT_QUEUE` callers wait, because each holds a thread that could answer other people.

Recovery of an account has places of its own. Anyone may ask for it, so it must not take those of
sign-in.

A browser with a script holds no thread while it waits (`at_once`): it is told when its turn is and
comes back then. Turns are given out a little faster than places become free, so that someone
always waits for the next place.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from random import uniform
from threading import BoundedSemaphore, Lock
from time import monotonic

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


@dataclass
class Attempt:
    """What is derived at once or not at all; `was_full` when it was not."""

    was_full: bool = False


_attempt: ContextVar[Attempt | None] = ContextVar("_attempt", default=None)


@contextmanager
def at_once() -> Iterator[Attempt]:
    """Derive within this block without waiting for a place; yield what came of it."""
    attempt = Attempt()
    token = _attempt.set(attempt)
    try:
        yield attempt
    finally:
        _attempt.reset(token)


@dataclass
class Turns:
    """When those who wait for a derivation of this process may come back.

    `seconds` is what a derivation took lately; `taken_until` the moment (of the monotonic clock)
    up to which the turns are given out.
    """

    seconds: float = 0.5
    taken_until: float = 0.0
    lock: Lock = field(default_factory=Lock)

    def next(self, waited: int, now: float) -> float:
        """Return the seconds until the turn of one who has waited so many times.

        Who came at their turn and found no place goes before those who came after them.
        """
        each = self.seconds / settings.VAULT_PLACES
        with self.lock:
            begin = max(self.taken_until, now)
            self.taken_until = min(begin + each * AHEAD, now + LONGEST_TURN)
            turn = self.taken_until - now
        if waited:
            turn *= uniform(0.2, 0.6)  # noqa: S311 - spreads people, no secret
        return min(max(turn, each), LONGEST_TURN)

    def learn(self, seconds: float) -> None:
        """Take in how long one derivation took."""
        with self.lock:
            self.seconds += (seconds - self.seconds) / 8


AHEAD = 0.9
"""The part of a derivation's time after which the next one is asked to come."""
LONGEST_TURN = 120.0
TURNS = Turns()


def seconds_until_turn(waited: int) -> float | None:
    """Return the seconds until the turn of one browser; None where a place is free."""
    places, _ = _places(settings.VAULT_PLACES, settings.VAULT_QUEUE, "sign-in")
    if places.acquire(blocking=False):
        places.release()
        return None
    return TURNS.next(waited, monotonic())


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
    attempt = _attempt.get()
    wait = settings.VAULT_WAIT_SECONDS if attempt is None else 0
    if not all_here.acquire(blocking=False):
        _note_full(attempt)
        raise TooBusy
    try:
        if not places.acquire(timeout=wait):
            _note_full(attempt)
            raise TooBusy
        try:
            begun = monotonic()
            yield
            if not _recovering.get():
                TURNS.learn(monotonic() - begun)
        finally:
            places.release()
    finally:
        all_here.release()


def _note_full(attempt: Attempt | None) -> None:
    if attempt is not None:
        attempt.was_full = True
