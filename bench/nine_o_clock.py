"""Measure two hundred people who sign in at the same moment.

Each opens the page and sends it as its script does: who is told to wait comes back at their turn.
Meanwhile one more asks for `/health/live` twice a second. The web process is the one of production
(bench.served.product). What it spends is compared with the key derivations alone, and the time
until the last person is in with the same derivations in as many processes as there are web workers.
Source: issue 16, Load and faults.
"""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field

from bench.accounts import COST
from bench.people import make_people
from bench.served.browser import Browser
from bench.served.health import health_watched
from bench.served.processor_time import of_tree
from bench.served.product import Served, serve
from bench.table import Line

SIZES = {"small": 60, "large": 200, "full": 200}
OFFICES = ("203.0.113.7", "192.0.2.44")
PASSWORD = secrets.token_urlsafe(16)
WORKERS = 2
LONGEST_SECONDS = 300.0


@dataclass
class Morning:
    """Seconds until each person was in, how often they were told to wait, and health."""

    seconds: list[float] = field(default_factory=list)
    waits: list[int] = field(default_factory=list)
    health: list[float] = field(default_factory=list)
    processor: float = 0.0


def measure(scale: str) -> Iterable[Line]:
    """Return the lines on processor time, the last who is in, and the health page."""
    people = SIZES[scale]
    make_people("early", people, PASSWORD)
    with serve() as site:
        morning = sign_everyone_in(site, people)
    bare_processor, bare_seconds = _derive_alone(people)
    print(f"They were told to wait {sum(morning.waits)} times.", file=sys.stderr)
    told = f"{people} sign in at once"
    return [
        Line(f"{told}: processor time", morning.processor, "their key derivations alone",
             bare_processor, 1.2, "ms CPU"),
        Line(f"{told}: the last is in", max(morning.seconds) * 1000,
             "the derivations alone, as wide", bare_seconds, 1.2),
        Line("Slowest /health/live meanwhile", max(morning.health) * 1000, "a second", 1000, 1),
    ]  # fmt: skip


def sign_everyone_in(site: Served, people: int) -> Morning:
    """Let everyone sign in at the same moment.

    Returns:
        What came of it: seconds, waits and health answers, and processor time in ms.
    """
    for _ in range(8):  # the first page of a process loads what the others find
        Browser(site.port).ask("/accounts/login/")
    morning, before, began = Morning(), of_tree(site.process), time.monotonic()

    def one(number: int) -> None:
        browser = Browser(site.port, OFFICES[number % 2])
        browser.is_patient = False
        morning.waits.append(sign_in(browser, f"early{number}", began + LONGEST_SECONDS))
        morning.seconds.append(time.monotonic() - began)

    with health_watched(site.port, morning.health), ThreadPoolExecutor(people) as crowd:
        list(crowd.map(one, range(people)))
    morning.processor = (of_tree(site.process) - before) * 1000
    return morning


def sign_in(browser: Browser, name: str, until: float) -> int:
    """Sign in as the script of the page does.

    Returns:
        How often it was told to wait.

    Raises:
        RuntimeError: It was refused, or it was not in by then.
    """
    page = browser.ask("/accounts/login/")[1]
    waits = 0
    while time.monotonic() < until:
        browser.extra = {"X-Waited": str(waits)}
        fields = {"login": name, "password": PASSWORD}
        status = browser.post("/accounts/login/", fields, opened=page)
        if status == 204:
            return waits
        if status != 202:
            raise RuntimeError(f"{name} was refused with {status}")
        time.sleep(float(browser.headers["X-Turn-In"]))
        waits += 1
    raise RuntimeError(f"{name} was not in in time")


def _derive_alone(people: int) -> tuple[float, float]:
    """Return (processor time, time) in ms of as many derivations in two processes."""
    began = time.monotonic()
    with ProcessPoolExecutor(WORKERS) as pool:
        spent = list(pool.map(_derive, [people // WORKERS] * WORKERS))
    return sum(spent) * 1000, (time.monotonic() - began) * 1000


def _derive(times: int) -> float:
    began = time.process_time()
    for _ in range(times):
        COST.derive(secrets.token_hex(8), bytes(16))
    return time.process_time() - began
