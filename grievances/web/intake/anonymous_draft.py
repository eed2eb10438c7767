"""The draft of an anonymous concern, sealed for one browser.

It is apart from every account. It has a session row of its own, whose cookie also holds the only
key to it. The session that a sign-in uses is never touched, so that no row can ever hold an account
and these words together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_noop

from grievances.cases.access.readers_preview import Readership, read_stamp
from grievances.choices import RaisedFor
from grievances.encryption.key_pairs import open_typing, seal_typing
from grievances.intake import agreements, draft_files, submission
from grievances.web.shared import clock
from grievances.web.shared.limits.rate_limit import Submission, braked, new_puzzle
from grievances.web.shared.sessions import DRAFT_COOKIE
from workflow.json_values import JsonObject
from workflow.models import AlreadyRecorded

COACH = {
    "address": gettext_noop("an address or a link. Others may know that it is yours."),
    "day": gettext_noop("a day or a time. Only the people who were there may know it."),
    "name": gettext_noop("a name. People may work out who was near."),
    "number": gettext_noop("a number or a reference. It may lead to you."),
    "role": gettext_noop("a job. Few people may have it."),
    "unit": gettext_noop("a small group. There may be few people like you in it."),
}
"""Why each kind of detail may show who a writer without an account is."""
STORY_PAGES = ("what-happened", "help")
"""The pages on which people tell a story, where such a detail may slip in."""
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

    def write(self, entries: Mapping[str, object]) -> None:
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

    def _read(self) -> JsonObject:
        words = open_typing(self._store.get("sealed", ""), self._key)
        if words is None:
            # There is nothing to continue. Never write into a row that another person's cookie
            # names.
            self._store, self._key = SessionStore(), ""
        entries: JsonObject = json.loads(words) if words else {}
        return entries


PAGES = ("what-happened",)

OPTIONAL = ("whose", "about", "keep-away", "when", "help", "way", "region")

KEY_PAGE = "/raise/anonymous/key/"

HELD = "held"
"""The entry of the key to the files of this draft."""


class BrowserSheet:
    """The wizard storage of an anonymous person: the draft of their browser."""

    pages: tuple[str, ...] = PAGES
    optional: tuple[str, ...] = OPTIONAL
    signed_in = False
    start = "/raise/anonymous/"

    def __init__(self, draft_store: AnonymousDraft) -> None:
        self.draft_store = draft_store

    @property
    def answers(self) -> JsonObject:
        """The answers so far, by question."""
        return self.draft_store.entries

    @property
    def file_count(self) -> int:
        """How many files the draft holds."""
        held = draft_files.find_held(str(self.answers.get(HELD) or ""))
        return held[0].evidence.count() if held else 0

    def href(self, page: str) -> str:
        """Return the address of a page."""
        return f"/raise/anonymous/{page}/"

    def keep(self, response: HttpResponseBase, answers: JsonObject) -> None:
        """Store the answers and give the browser its half of the key."""
        self.draft_store.write({**self.answers, **answers})
        self.draft_store.hand_over(response)

    def readership(self, answers: JsonObject) -> Readership:
        """Return who could read the concern with these answers."""
        return submission.readership_anonymous(answers, now=clock.now())

    def puzzle(self, posted: str) -> str:
        """Return the posted puzzle, or a new one."""
        return posted or new_puzzle()

    def send(self, answers: dict[str, object], press: Submission) -> str:
        """Return the page of the case key, once the concern is sent.

        One transaction sends the concern and puts the case key in place of the answers. A second
        press waits for the first and finds the case key; it passes no throttle. Raises Refused.
        """
        officers, overseers = read_stamp(press.shown)
        with transaction.atomic():
            self.draft_store.lock()
            if "case_key" not in self.answers:
                with braked(press.puzzle, press.answer), suppress(AlreadyRecorded):
                    is_theirs = answers.get("raised_for") == RaisedFor.ASKED
                    filled = agreements.filled_for_another(answers) if is_theirs else answers
                    sent = submission.submit_anonymous(
                        filled,
                        expected=officers,
                        overseeing=overseers,
                        now=clock.now(),
                        once=press.once,
                        held=str(answers.get(HELD) or ""),
                    )
                    key = {"case_key": sent.case_key, "reference": sent.case.reference}
                    if is_theirs:
                        key["for_another"] = "yes"
                    self.draft_store.write(key)
        return KEY_PAGE
