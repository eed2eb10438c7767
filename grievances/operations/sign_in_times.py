"""How long sign-ins take: counts by length, kept together by all web processes.

They are in the cache, and hold neither a name nor a moment. They begin anew with it.
"""

from __future__ import annotations

from django.core.cache import cache

BOUNDS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds up to which a sign-in belongs to a count; longer ones have their own."""
SUM = "sign-in:sum"
FOR_EVER = None


def record(seconds: float) -> None:
    """Count one sign-in, right or wrong, that took so many seconds."""
    bound = next((each for each in BOUNDS if seconds <= each), None)
    _add(_key(bound), 1)
    _add(SUM, round(seconds * 1000))


def read() -> tuple[list[tuple[str, float]], float]:
    """Return (how many took at most each bound, cumulated; all seconds together)."""
    bounds = [*BOUNDS, None]
    found = cache.get_many([*map(_key, bounds), SUM])
    counts, so_far = [], 0
    for bound in bounds:
        so_far += found.get(_key(bound), 0)
        counts.append(("+Inf" if bound is None else str(bound), float(so_far)))
    return counts, found.get(SUM, 0) / 1000


def _key(bound: float | None) -> str:
    return f"sign-in:{bound}"


def _add(key: str, count: int) -> None:
    cache.add(key, 0, FOR_EVER)
    cache.incr(key, count)
