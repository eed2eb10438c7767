"""Raise a concern for another person, by an account or by an officer."""

from __future__ import annotations

import re

from django.test import Client

from tests.factories.people import Staff
from tests.intake.raising import (
    STORY,
    hidden,
    page_of,
    send,
    written,
)
from tests.signing_in import sign_in

FOR_TWO = {"raised_for": "ASKED", "affected": "complainant2", "agreed": "on"}
FOR_UNKNOWN = {**FOR_TWO, "affected": "Nobody Herewith"}
SEEN = {"raised_for": "WITNESSED", "affected": "complainant2"}
TYPED = {
    "came_by": "PHONE",
    "account": STORY,
    "raised_for": "SELF",
    "about": "respondent1",
    "region": "WALES",
}
KEY = re.compile(r'class="fh-key">([^<]+)<')


def told_for(staff: Staff, **whose: str) -> tuple[Client, str]:
    """A concern that complainant1 has told for another person, and the page after it."""
    client, base = written(staff, whose=whose or FOR_TWO)
    answer = send(client, base)
    assert answer.status_code == 302, page_of(answer)
    return client, str(answer["Location"])


def taken_down(staff: Staff, who: str = "triage1", **changed: str) -> tuple[Client, str]:
    """What an officer typed, read back and sent: their browser, and the page with the case key."""
    client = sign_in(Client(), staff, who)
    given = {**TYPED, **changed}
    html = client.post("/take-down/", {**given, "stage": "read"}).content.decode()
    once = {"shown": hidden(html, "shown"), "once": hidden(html, "once"), "read_back": "on"}
    answer = client.post("/take-down/", {**given, **once, "stage": "send"})
    assert answer.status_code == 302, page_of(answer)
    answer = client.get(answer["Location"])
    return client, answer.content.decode()
