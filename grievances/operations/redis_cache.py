"""The cache: Redis, or the memory of this process while Redis is away.

It holds counts for limits and nothing else. Without Redis people still sign in: each process counts
for itself, so that a stranger has as many tries as there are processes, and key derivation stays
bounded in each. `/health/ready` says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cached_property, lru_cache
from importlib import import_module
from time import monotonic
from typing import TypeVar

from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

log = logging.getLogger("fairhearing.watch")

AWAY_SECONDS = 5.0
"""How long (seconds) the memory is used before Redis is asked again."""
SAY_AGAIN = 600
"""Seconds after which the log repeats that Redis is away."""


Answer = TypeVar("Answer")


class RedisOrMemory(RedisCache):
    """A Redis cache whose operations fall back to this process's memory."""

    def __init__(self, server: str | list[str], params: dict[str, object]) -> None:
        super().__init__(server, params)
        self._memory = LocMemCache("while-redis-is-away", params)
        self._away_until = 0.0

    @cached_property
    def _faults(self) -> tuple[type[Exception], ...]:
        """What is raised where Redis is away or slow.

        A command that asks nothing loads neither.
        """
        faults = import_module(".exceptions", "redis")
        return (faults.ConnectionError, faults.TimeoutError)

    def _ask(self, operation: Callable[..., Answer], *args: object, **named: object) -> Answer:
        """Return the answer of Redis, or of the memory where Redis does not answer."""
        if monotonic() >= self._away_until:
            try:
                over_there: Callable[..., Answer] = getattr(super(), operation.__name__)
                return over_there(*args, **named)
            except self._faults:
                self._away_until = monotonic() + AWAY_SECONDS
                _say_away(int(monotonic()) // SAY_AGAIN)
        return operation(*args, **named)

    def is_away(self) -> bool:
        """Return whether Redis does not answer now."""
        try:
            self._cache.get_client().ping()
        except self._faults:
            return True
        return False

    def add(self, *args: object, **named: object) -> bool:
        """Store a value unless there is one.

        Returns:
            Whether it was stored.
        """
        return bool(self._ask(self._memory.add, *args, **named))

    def get(self, *args: object, **named: object) -> object:
        """Return the value of a key, or the default."""
        return self._ask(self._memory.get, *args, **named)

    def set(self, *args: object, **named: object) -> None:
        """Store a value."""
        self._ask(self._memory.set, *args, **named)

    def incr(self, *args: object, **named: object) -> int:
        """Add to a count.

        Returns:
            The new count.

        Raises:
            ValueError: there is no such count.
        """
        return int(self._ask(self._memory.incr, *args, **named))

    def touch(self, *args: object, **named: object) -> bool:
        """Let a value last longer.

        Returns:
            Whether there is one.
        """
        return bool(self._ask(self._memory.touch, *args, **named))

    def get_many(self, *args: object, **named: object) -> dict[object, object]:
        """Return the values of the keys that there are."""
        found: dict[object, object] = self._ask(self._memory.get_many, *args, **named)
        return found

    def set_many(self, *args: object, **named: object) -> list[object]:
        """Store several values.

        Returns:
            The keys that were not stored.
        """
        return list(self._ask(self._memory.set_many, *args, **named))

    def delete_many(self, *args: object, **named: object) -> None:
        """Remove several values."""
        self._ask(self._memory.delete_many, *args, **named)

    def has_key(self, *args: object, **named: object) -> bool:
        """Return whether there is a value."""
        return bool(self._ask(self._memory.has_key, *args, **named))

    def delete(self, *args: object, **named: object) -> bool:
        """Remove a value.

        Returns:
            Whether there was one.
        """
        return bool(self._ask(self._memory.delete, *args, **named))


def redis_state() -> str:
    """Return `ok`, `away`, or `none` where no Redis is set."""
    cache = caches["default"]
    if not isinstance(cache, RedisOrMemory):
        return "none"
    return "away" if cache.is_away() else "ok"


@lru_cache(maxsize=1)
def _say_away(turn: int) -> None:
    """Log once in ten minutes that Redis does not answer."""
    log.error("Redis does not answer: limits are counted in each process, and no task is sent")
