"""Watch `/health/live` while something else is measured."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from bench.served.browser import Browser


@contextmanager
def health_watched(port: int, seconds: list[float]) -> Iterator[None]:
    """Ask for `/health/live` twice a second; add each time to `seconds`."""
    over = Event()

    def ask() -> None:
        browser = Browser(port)
        while not over.wait(0.5):
            began = time.monotonic()
            try:
                status, _ = browser.ask("/health/live")
            except OSError:
                status = 0
            seconds.append(time.monotonic() - began if status == 200 else float("inf"))

    watch = Thread(target=ask, daemon=True)
    watch.start()
    try:
        yield
    finally:
        over.set()
        watch.join(60)
