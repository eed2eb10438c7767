"""Measure things in turn, so that a busy moment affects all of them."""

import gc
from collections.abc import Callable
from statistics import median
from time import perf_counter


def took(work: Callable[[], object]) -> float:
    """Return the milliseconds of one run."""
    gc.collect()
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000


def in_turn(
    rounds: int, *works: Callable[[], object], before: Callable[[], object] = lambda: None
) -> list[float]:
    """Return the median milliseconds of each work, run in turn.

    `before` runs before each, and is not counted.
    """
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for place, work in enumerate(works):
            before()
            times[place].append(took(work))
    return [median(each) for each in times]
