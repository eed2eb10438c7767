"""Measure two hundred people behind one proxy beside a stranger at full speed.

They sit in two offices. The web process is the one of production: gunicorn, two workers with eight
threads, the production settings. Each person asks for a page every twenty seconds, and some sign in
with their password.
The stranger asks from a third address as fast as twelve connections can: wrong passwords, lost
passwords, wrong case keys and pages that are not there.
"""

from __future__ import annotations

import secrets
import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from threading import Event, Thread

from bench.people import make_people
from bench.served.browser import Browser
from bench.served.product import Served, serve
from bench.table import Line

SIZES = {"small": (60, 30.0), "large": (200, 60.0), "full": (200, 60.0)}
"""People, and seconds of each half."""
EVERY_SECONDS = 20
OFFICES, STRANGER = ("203.0.113.7", "192.0.2.44"), "198.51.100.66"
PASSWORD = secrets.token_urlsafe(16)
PAGES = ("/", "/cases/", "/account/", "/support/", "/inbox/")


def measure(scale: str) -> Iterable[Line]:
    """Return the lines: the p95 of people beside a stranger, and without one.

    Raises:
        RuntimeError: A person could not sign in.
    """
    people, seconds = SIZES[scale]
    make_people("crowd", people, PASSWORD)
    with serve() as site:
        browsers = [Browser(site.port, OFFICES[number % 2]) for number in range(people)]
        for browser in browsers:
            browser.is_patient = False
        for number, browser in enumerate(browsers[: people // 2]):
            if _sign_in(browser, number) != 302:
                raise RuntimeError(f"crowd{number} could not sign in")
        quiet, quiet_refused = _nine_o_clock(browsers, seconds, fresh=0)
        with _stranger(site) as made:
            beside, refused = _nine_o_clock(browsers, seconds, fresh=1)
        print(f"The stranger made {next(made)} requests.", file=sys.stderr)
    told = f"{people} people, p95 beside a stranger"
    return [
        Line(told, _p95(beside), "p95 without one", _p95(quiet), 2.0),
        Line("People refused beside a stranger", refused, "without one", quiet_refused + 1, 1, ""),
    ]


def _sign_in(browser: Browser, number: int) -> int:
    return browser.post("/accounts/login/", {"login": f"crowd{number}", "password": PASSWORD})


def _nine_o_clock(browsers: list[Browser], seconds: float, fresh: int) -> tuple[list[float], int]:
    """Return (milliseconds of each request, how many were refused) of so many seconds.

    Requests begin at fixed moments, whether the earlier ones are answered or not. `fresh` shifts
    who signs in now.
    """
    many = int(len(browsers) / EVERY_SECONDS * seconds)
    times: list[float] = []
    refused = count()
    begun = time.monotonic()

    def one(number: int) -> None:
        at = begun + number * seconds / many
        time.sleep(max(0.0, at - time.monotonic()))
        browser = browsers[number % (len(browsers) // 2)]
        if number % 10 == 9:
            half = len(browsers) // 2
            newcomer = half + (number // 10 * 2 + fresh) % half
            status = _sign_in(browsers[newcomer], newcomer)
        else:
            status, _ = browser.ask(PAGES[number % len(PAGES)])
        times.append((time.monotonic() - at) * 1000)
        if status >= 400:
            next(refused)

    with ThreadPoolExecutor(64) as crowd:
        list(crowd.map(one, range(many)))
    return times, next(refused)


@contextmanager
def _stranger(site: Served) -> Iterator[count[int]]:
    """Let a stranger ask until the end of the block; yield the count of requests."""
    over, made = Event(), count()

    def ask() -> None:
        browser = Browser(site.port, STRANGER)
        browser.is_patient = False
        while not over.is_set():
            name = secrets.token_hex(4)
            new = {"password1": PASSWORD, "password2": PASSWORD}
            for path, fields in (
                ("/accounts/login/", {"login": name, "password": "wrong"}),
                ("/account/forgotten/", {"username": name, "code": "0000-0000", **new}),
                ("/account/forgotten/without-code/", {"username": name, **new}),
                ("/return/", {"case_key": "0000-0000-0000-0000"}),
                (f"/accompany/{name}/", {}),
                (f"/consent/{name}/", {}),
            ):
                if over.is_set():
                    return
                next(made)
                try:
                    browser.post(path, fields)
                except OSError:
                    continue

    threads = [Thread(target=ask, daemon=True) for _ in range(12)]
    for thread in threads:
        thread.start()
    try:
        yield made
    finally:
        over.set()
        for thread in threads:
            thread.join(30)


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
