"""People at their browsers: each presses again until the page says it is done."""

from __future__ import annotations

import http.client
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from threading import Event, Lock

from bench.served.browser import Browser

TOKEN = "c" * 32
"""Twice in a request, as cookie and as header: what Django asks of a form."""
PATIENCE = 10.0
"""Seconds after which a browser gives up on one answer."""
GIVE_UP = 90.0
"""Seconds after which a person stops pressing."""
MESSAGE, FILE, STEP = "case.message", "case.add_evidence", "case.acknowledge"


@dataclass
class Diary:
    """Presses that were said to be done, and how long reading took."""

    done: Counter[str] = field(default_factory=Counter)
    given_up: list[str] = field(default_factory=list)
    reads: list[tuple[float, float]] = field(default_factory=list)
    """(moment of the monotonic clock, seconds), seconds infinite where no page came."""
    presses: int = 0
    lock: Lock = field(default_factory=Lock)


@dataclass
class Person:
    """A person with a case open, whose session is known."""

    port: int
    cookies: dict[str, str]
    diary: Diary
    name: str

    def __post_init__(self) -> None:
        self.browser = Browser(self.port)
        self.browser.cookies = {**self.cookies, "csrftoken": TOKEN}
        self.browser.extra = {"X-CSRFToken": TOKEN}
        self.browser.patience_seconds = PATIENCE

    def work(self, reference: str, over: Event) -> None:
        """Read the list and the case, write a message and add a file, again and again."""
        page = f"/cases/{reference}/"
        for number in count():
            if over.is_set():
                return
            self._read("/cases/")
            self._read(page)
            once = f"{self.name}-{number}"
            words = {"text": "How is it going?", "once": f"m-{once}"}
            self._press(MESSAGE, f"{page}message/", words)
            if number % 2 == 0:
                words = {"others": "copy", "once": f"f-{once}"}
                self._press(FILE, f"{page}add_evidence/", words, f"note {once}".encode())

    def acknowledge(self, references: list[str], over: Event) -> None:
        """Acknowledge one case after the other, with time to read between them."""
        for reference in references:
            self._read("/cases/")
            if over.is_set():
                return
            fields = {"declare": "on", "once": f"a-{reference}"}
            self._press(STEP, f"/cases/{reference}/acknowledge/", fields)
            over.wait(1)

    def _read(self, path: str) -> None:
        began = time.monotonic()
        status = self._ask(path)
        seconds = time.monotonic() - began if status == 200 else float("inf")
        with self.diary.lock:
            self.diary.reads.append((began, seconds))

    def _press(self, kind: str, path: str, fields: dict[str, str], file: bytes = b"") -> None:
        """Press until the page says that it is done; the key of the press stays the same."""
        until = time.monotonic() + GIVE_UP
        while time.monotonic() < until:
            self.diary.presses += 1
            if self._ask(path, fields, file) == 302 and self.browser.location.startswith("/cases/"):
                with self.diary.lock:
                    self.diary.done[kind] += 1
                return
            time.sleep(0.3)
        self.diary.given_up.append(f"{kind} {path}")

    def _ask(self, path: str, fields: dict[str, str] | None = None, file: bytes = b"") -> int:
        """Return the status, or 0 where no whole answer came."""
        try:
            return self.browser.ask(path, fields, file)[0]
        except (OSError, http.client.HTTPException):
            return 0
