"""Database sessions that do not show the minute of a visit, and their times.

A session row names an account, and the trail says when a case was opened. An exact time would join
the two in a copy of the database. So the row's own end is rounded up to a full two hours, and the
exact times are in a signed cookie of the browser: when the session began, when it was last used,
and when its person last showed who they are.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.db.models import CharField, DateTimeField, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from workflow.sql.compiled_sql import Bound, CompiledQuery


def cookie_name(name: str, *, has_path: bool = False) -> str:
    """Return the name of a cookie, with the prefix that browsers guard.

    A cookie for some pages alone (`has_path`) may not have the prefix for all pages of the host.
    """
    if has_path and settings.COOKIE_PREFIX:
        return f"__Secure-{name}"
    return f"{settings.COOKIE_PREFIX}{name}"


COARSE_SECONDS = 2 * 60 * 60
ENDS = "ends"
MARK = "clock"
"""The session's random mark, which its cookie of times must name."""
TIME_COOKIE = cookie_name("fh_time")
SHOWN_SECONDS = 5 * 60
"""How long a person who typed their password need not type it again, in seconds."""


class SessionStore(DatabaseStore):
    """The database session store with coarse expiry times."""

    def get_expiry_date(self, **options: object) -> datetime:
        """Return when the session ends (UTC), rounded up to a full two hours.

        It is at least as late as asked.
        """
        exact: datetime = super().get_expiry_date(**options)
        over = exact.timestamp() % COARSE_SECONDS
        return exact + timedelta(seconds=COARSE_SECONDS - over)

    def _get_session_from_db(self) -> Session | None:
        """Return the stored session, by a statement compiled once: each request asks it."""
        found = _STORED.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found


def _stored() -> QuerySet[Session]:
    key, now = Bound("key", CharField()), Bound("now", DateTimeField())
    return Session.objects.filter(session_key=key, expire_date__gt=now)


_STORED = CompiledQuery(_stored)


def stay(session: SessionBase) -> None:
    """Extend a session because its person is here.

    The row is written once in two hours.
    """
    ends = session.get_expiry_date().isoformat()
    if not session.is_empty() and session.get(ENDS) != ends:
        session[ENDS] = ends


def second_now() -> int:
    """Return the second of the real clock, which a demonstration does not move."""
    return int(time.time())


@dataclass(frozen=True)
class SessionTime:
    """The times of one session, in seconds since 1970 (UTC)."""

    began: int
    used: int
    shown: int = 0

    def ends_at(self) -> int:
        """Return when the session ends if nothing more is done in it."""
        idle: int = self.used + settings.SESSION_COOKIE_AGE
        longest: int = self.began + settings.SESSION_LONGEST_SECONDS
        return min(idle, longest)

    def is_over(self, now: int) -> bool:
        """Return whether the session has ended."""
        return now >= self.ends_at()

    def was_shown(self, now: int) -> bool:
        """Return whether the person showed a moment ago who they are."""
        return now - self.shown < SHOWN_SECONDS

    def as_cookie(self, session: SessionBase) -> str:
        """Return the cookie: signed, bound to the session, and never twice the same.

        A browser shows no page from its memory once a cookie has changed (Chromium's rule for pages
        that must not be stored).
        """
        fields = (self.began, self.used, self.shown, session[MARK], secrets.token_hex(4))
        return _signer().sign(":".join(map(str, fields)))


def begin_time(session: SessionBase) -> SessionTime:
    """Return the times of a session that begins now, and mark the session."""
    session[MARK] = secrets.token_hex(16)
    return SessionTime(second_now(), second_now())


def read_time(request: HttpRequest) -> SessionTime | None:
    """Return the times of this session, or None without its own cookie."""
    try:
        fields = _signer().unsign(request.COOKIES.get(TIME_COOKIE, "")).split(":")
        began, used, shown = (int(each) for each in fields[:3])
    except (signing.BadSignature, ValueError):
        return None
    mark = request.session.get(MARK, "")
    if not mark or not secrets.compare_digest(fields[3], mark):
        return None
    return SessionTime(began, used, shown)


def use_now(times: SessionTime) -> SessionTime:
    """Return the times of a session that is used now."""
    return replace(times, used=second_now())


def show_now(times: SessionTime) -> SessionTime:
    """Return the times of a session whose person showed just now who they are."""
    return replace(times, shown=second_now())


def _signer() -> signing.Signer:
    return signing.Signer(salt="fh_time")
