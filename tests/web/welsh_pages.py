"""Pages in Welsh, and what is left in English on them."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from django.test import Client

from tests.intake.raising import STORY
from tests.signing_in import text_of

COOKIE = "fh_language"
PUBLIC: tuple[str, ...] = (
    "/",
    "/support/",
    "/safety/",
    "/accessibility/",
    "/privacy/",
    "/who-can-see/",
)
PUBLIC += ("/we-listened/", "/raise/", "/raise/ways/", "/raise/anonymous/", "/return/")
PUBLIC += ("/accounts/login/", "/accompany/", "/proof/", "/nothing-here/")
OWN_PAGES: tuple[str, ...] = (
    "",
    "ledger/",
    "tribunal/",
    "proof/",
    "export/",
    "print/",
    "about-you/",
    "message/",
)
OWN_PAGES += ("invite_companion/", "ask_to_withdraw/", "exclude/", "change_contact/")
OWN_PAGES += ("share_name/", "add_evidence/", "say_stalled/", "say_away/")
RAISING = ("what-happened", "more", "when", "whose", "about", "way", "region", "help", "check")
ENGLISH = re.compile(
    r"\b(the|you|your|and|who|with|this|that|what|cannot|from|have|been|will|are|was)\b", re.I
)
IN_ENGLISH = re.compile(r'<(\w+)[^>]* lang="en-GB"[^>]*>.*?</\1>', re.DOTALL)
ASKED: dict[str, dict[str, str]] = {
    "what-happened": {"account": STORY},
    "about": {"about": "respondent1"},
    "whose": {"raised_for": "ASKED", "affected": "complainant2", "agreed": "on"},
}
"""What one person tells us for another, who asked for it."""
WORDS = Path("locale/cy/LC_MESSAGES/django.po")
TYPED = re.compile(r"PLANTED|My accent was|What did you hear|Concern service")
"""What a person wrote is shown as it is."""


@lru_cache(maxsize=1)
def english_texts() -> frozenset[str]:
    """Every text of the catalogue that reads otherwise in Welsh."""
    with (Path(__file__).parents[2] / WORDS).open("rb") as file:
        book = read_po(file)
    return frozenset(str(each.id) for each in book if each.id and each.id != each.string)


def welsh(client: Client | None = None) -> Client:
    client = client or Client()
    client.cookies[COOKIE] = "cy"
    return client


def left_in_english(page: str) -> list[str]:
    """What a person who reads Welsh would meet in English: sentences, labels, buttons."""
    body = page[page.index("<body") :]
    body = re.sub(r"<(script|style|template)\b.*?</\1>", " ", IN_ENGLISH.sub(" ", body), flags=re.S)
    labels = re.findall(r'(?:aria-label|alt|title|data-copied|data-i18n[.\w-]*)="([^"]*)"', body)
    texts = re.sub(r"<[^>]+>", "\n", body).splitlines()
    plain = [html.unescape(each).strip() for each in (*texts, *labels)]
    known = english_texts()
    found = [each for each in plain if ENGLISH.search(each) or each in known]
    return [each for each in found if not TYPED.search(each)]


def in_welsh(answer: Any) -> str:
    """The page, checked to be in Welsh throughout."""
    page = text_of(answer)
    assert '<html lang="cy"' in page
    assert left_in_english(page) == []
    return page
