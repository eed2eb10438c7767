"""Limit how many requests of one origin a process answers.

A stranger at full speed would take the threads that answer other people. Each origin has tokens
that come back with time; a request takes one, and without one it is refused at once, at almost no
cost. An origin is a session, a browser that an account knows, or else a network address. It is kept
as a keyed hash, in memory alone, until its tokens are back: some seconds.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from time import monotonic

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from grievances.encryption.server_keys import handle
from grievances.web.shared.error_views import asking_nothing
from grievances.web.shared.limits.client_address import address_of
from grievances.web.shared.sessions import BROWSER_COOKIE, KNOWN_SECONDS

GetResponse = Callable[[HttpRequest], HttpResponseBase]
NEVER = ("/health/", "/exit/")
"""Addresses always answered: for monitors, and for leaving at once."""
MOST_ORIGINS = 10_000


@dataclass
class Tokens:
    """The tokens of one origin at a moment (seconds of the monotonic clock)."""

    left: float
    at: float


@dataclass
class Origins:
    """The tokens of all origins of this process."""

    rows: dict[str, Tokens] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def take(self, origin: str, per_second: float, most: int, now: float) -> int:
        """Take a token.

        Returns:
            0, or the seconds until there is one.
        """
        with self.lock:
            row = self.rows.get(origin)
            if row is None:
                self._forget(now, most / per_second)
                row = self.rows[origin] = Tokens(most, now)
            row.left = min(most, row.left + (now - row.at) * per_second)
            row.at = now
            if row.left < 1:
                return math.ceil((1 - row.left) / per_second)
            row.left -= 1
            return 0

    def _forget(self, now: float, seconds: float) -> None:
        """Forget origins whose tokens are back; under attack, those seen longest ago."""
        for origin in [name for name, row in self.rows.items() if now - row.at > seconds]:
            del self.rows[origin]
        while len(self.rows) >= MOST_ORIGINS:
            del self.rows[min(self.rows, key=lambda name: self.rows[name].at)]


ORIGINS = Origins()


class RequestRateMiddleware:
    """Middleware that answers 429, on a page of ours, to an origin without a token."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the response, or the page that asks to wait."""
        if not request.path.startswith(NEVER):
            kind, origin = origin_of(request)
            per_second, most = settings.REQUEST_RATE[kind]
            wait = ORIGINS.take(handle("rate", kind, origin), per_second, most, monotonic())
            if wait:
                return _refusal(wait)
        return self.get_response(request)


def origin_of(request: HttpRequest) -> tuple[str, str]:
    """Return (kind, name) of the origin: a session, a browser or an address."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES and "vault" in request.session:
        return "known", str(request.session.session_key)
    mark = _browser_mark(request.COOKIES.get(BROWSER_COOKIE, ""))
    return ("known", mark) if mark else ("stranger", address_of(request))


def _browser_mark(cookie: str) -> str:
    """Return the mark of a known browser, or an empty text."""
    try:
        kept = signing.TimestampSigner(salt=BROWSER_COOKIE).unsign(cookie, max_age=KNOWN_SECONDS)
    except signing.BadSignature:
        return ""
    return kept.partition(".")[0]


def _refusal(seconds: int) -> HttpResponseBase:
    return HttpResponse(
        _page(),
        status=429,
        headers={"Cache-Control": "no-store", "Retry-After": str(seconds)},
    )


@lru_cache(maxsize=1)
def _page() -> bytes:
    """Return the page of the refusal, rendered once."""
    return asking_nothing("429.html", 429).content
