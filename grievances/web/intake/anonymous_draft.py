"""The draft of an anonymous concern, sealed for one browser.

It is apart from every account. It has a session row of its own, whose cookie also holds the only
key to it. The session that a sign-in uses is never touched, so that no row can ever hold an account
and these words together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_noop

from grievances.encryption.key_pairs import open_typing, seal_typing
from grievances.web.shared.sessions import DRAFT_COOKIE

COACH = {
    "address": gettext_noop("an address or a link. Others may know that it is yours."),
    "day": gettext_noop("a day or a time. Only the people who were there may know it."),
    "name": gettext_noop("a name. People may work out who was near."),
    "number": gettext_noop("a number or a reference. It may lead to you."),
    "role": gettext_noop("a job. Few people may have it."),
    "unit": gettext_noop("a small group. There may be few people like you in it."),
}
"""Why each kind of detail may show who a writer without an account is."""
KEPT_SECONDS = 4 * 60 * 60
"""How long a draft is kept, in seconds, from its last change."""


class AnonymousDraft:
    """The entries of one browser's draft, by name.

    It is empty when the browser has none, or when its time is over. `has_ended` tells that the
    browser names one that is not there any more: its time is over, or its writer has left.
    """

    def __init__(self, request: HttpRequest) -> None:
        row, _, self._key = request.COOKIES.get(DRAFT_COOKIE, "").partition(".")
        self._store = SessionStore(row or None)
        self.entries = self._read()
        self.has_ended = bool(row) and not self.entries

    def lock(self) -> None:
        """Lock the row until the transaction ends, and read it again.

        So a second press waits for the first.
        """
        row = self._store.session_key
        if row and Session.objects.select_for_update().filter(session_key=row).exists():
            self._store = SessionStore(row)
            self.entries = self._read()

    def write(self, entries: Mapping[str, Any]) -> None:
        """Replace all entries, and begin their four hours again."""
        self.entries = dict(entries)
        sealed, self._key = seal_typing(json.dumps(self.entries), self._key)
        self._store["sealed"] = sealed
        self._store.set_expiry(KEPT_SECONDS)
        self._store.save()

    def hand_over(self, response: HttpResponseBase) -> None:
        """Set the cookie with the browser's half of the key."""
        response.set_cookie(
            DRAFT_COOKIE,
            f"{self._store.session_key}.{self._key}",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )

    def burn(self, response: HttpResponseBase) -> None:
        """Delete the row and the cookie."""
        self._store.flush()
        response.delete_cookie(DRAFT_COOKIE)

    def _read(self) -> dict[str, Any]:
        words = open_typing(self._store.get("sealed", ""), self._key)
        if words is None:
            # There is nothing to continue. Never write into a row that another person's cookie
            # names.
            self._store, self._key = SessionStore(), ""
        entries: dict[str, Any] = json.loads(words) if words else {}
        return entries
