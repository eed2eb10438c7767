"""Measure how a process starts, and what a web worker holds after many requests.

Source: performance.md 12.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Iterable, Sequence
from statistics import median

from bench.served import helpdesk, product
from bench.served.browser import Browser
from bench.served.processor_time import children_of, resident_mib
from bench.served.product import Served
from bench.table import Line

ROUNDS = 5
OURS = (
    "/",
    "/cases/",
    "/inbox/",
    "/support/",
    "/account/",
    "/who-can-see/",
    "/reports/",
    "/raise/",
)
THEIRS = (helpdesk.LIST, "/tickets/", "/tickets/5/", "/tickets/submit/", "/dashboard/")


def compare_start() -> Iterable[Line]:
    """Yield the line of a command that does next to nothing."""
    starts = [
        (_spent(lambda: product.manage("check")), _spent(helpdesk.check)) for _ in range(ROUNDS)
    ]
    ours, theirs = (sorted(times) for times in zip(*starts, strict=True))
    spread = (ours[0], ours[-1])
    yield Line(
        "`manage.py check`", median(ours), "helpdesk's", median(theirs), 1.2, "ms CPU", spread
    )


def compare_memory(ours: Served, peer: Served, requests: int) -> Iterable[Line]:
    """Yield the line of the larger web worker after so many mixed requests."""
    held = _after(ours, ours.signed_in("lead1"), OURS, requests)
    beside = _after(peer, helpdesk.agent(peer), THEIRS, requests)
    yield Line(f"A web worker after {requests:,} requests", held, "helpdesk's", beside, 1.1, "MiB")


def _spent(work: Callable[[], None]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def _after(site: Served, browser: Browser, pages: Sequence[str], requests: int) -> float:
    """Return the MiB that the larger worker holds after so many requests."""
    for number in range(requests):
        status, _ = browser.ask(pages[number % len(pages)])
        if status >= 400:
            print(f"{pages[number % len(pages)]} answered {status}", file=sys.stderr)
    return max(resident_mib(process) for process in children_of(site.process))
