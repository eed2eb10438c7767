"""Kill, stop or slow one part of the service, and know which process to hit."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from bench.served.processor_time import children_of
from tests.production.survivors import Town

HOWS = ("kill", "stop", "slow")
STOPPED, RUNNING = 0.09, 0.01
"""Seconds in which a slowed process does nothing, and then runs."""
REST = 0.7


@dataclass(frozen=True)
class Blow:
    """What happened to whom, and from when to when (monotonic clock)."""

    victim: str
    how: str
    began: float
    ended: float


def strike(town: Town, chance: Random, blows: int, hold: float) -> Iterator[Blow]:
    """Hit so many times: kill every part, then stop each, then slow each, and so on.

    Yields each blow when it is over.
    """
    plan: list[tuple[str, str]] = []
    while len(plan) < blows:
        for how in HOWS:
            names = [one.name for one in town.everyone]
            chance.shuffle(names)
            plan += [(name, how) for name in names]
    for name, how in plan[:blows]:
        began = time.monotonic()
        _hit(town, name, how, hold)
        until = time.monotonic() + REST
        while time.monotonic() < until:
            town.keep_up()
            time.sleep(0.1)
        yield Blow(name, how, began, time.monotonic())


def _hit(town: Town, name: str, how: str, hold: float) -> None:
    victim = next(one for one in town.everyone if one.name == name)
    assert victim.process is not None
    first = victim.process.pid
    # Of web one worker is hit: as in production, the other one is there.
    hit = children_of(first)[:1] if name == "web" else [-first]
    if how == "kill":
        _signal(hit, signal.SIGKILL)
    elif how == "stop":
        _signal(hit, signal.SIGSTOP)
        time.sleep(hold)
        _signal(hit, signal.SIGCONT)
    else:
        until = time.monotonic() + hold
        while time.monotonic() < until:
            _signal(hit, signal.SIGSTOP)
            time.sleep(STOPPED)
            _signal(hit, signal.SIGCONT)
            time.sleep(RUNNING)


def _signal(hit: list[int], how: signal.Signals) -> None:
    for number in hit:
        with suppress(ProcessLookupError):
            if number < 0:
                os.killpg(-number, how)
            else:
                os.kill(number, how)
