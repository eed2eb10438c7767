"""The pages of people who raise a concern read at an age of 9 to 11 (measured with textstat).

Two measures that count letters are taken: the automated readability index and the Coleman-Liau
index. Each gives a school year of the USA; a reader of year n is about n + 5 years old. The
measures that count syllables need a dictionary from the network, so they are left out.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import textstat
from django.test import Client
from lxml import html

from grievances.aftercare import care
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.intake.raising import written
from tests.page_time import pages_at
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
OLDEST = 11
YEARS_TO_AGE = 5
LONGEST_SENTENCE = 25
"""Words; GOV.UK style asks for shorter sentences."""
BLOCKS = "//main//*[self::p or self::li or self::h1 or self::h2 or self::label or self::legend]"
PUBLIC = (
    "/", "/raise/", "/raise/ways/", "/raise/anonymous/", "/return/", "/privacy/", "/safety/",
    "/support/", "/who-can-see/", "/accessibility/", "/diary/without-account/", "/we-listened/",
)  # fmt: skip
OF_A_DRAFT = (
    "what-happened", "contact", "more", "about", "keep-away", "when", "help", "way", "name",
    "files", "readers", "check", "keep-back",
)  # fmt: skip
SENTENCE = re.compile(r"(?<=[.?!])\s+")
_page_time = pages_at(START)


def sentences(page: bytes) -> list[str]:
    """Return the sentences of a page's own part; a heading or a label counts as one."""
    found: list[str] = []
    for block in html.fromstring(page).xpath(BLOCKS):
        if block.xpath(".//p | .//li | .//label"):
            continue
        text = " ".join(block.text_content().split())
        for each in SENTENCE.split(text):
            if re.search(r"[a-z]{2}", each):
                found.append(each if each[-1] in ".?!" else f"{each}.")
    return found


def reading_age(said: list[str]) -> float:
    """Return the age, in years, at which a text can be read."""
    text = " ".join(said)
    years = (
        textstat.automated_readability_index(text),
        textstat.coleman_liau_index(text),
    )
    return float(YEARS_TO_AGE + sum(years) / len(years))


def too_hard(where: str, answer: Any) -> list[str]:
    """Return what is wrong with a page: its age, and each sentence that is too long."""
    assert answer.status_code == 200, where
    said = sentences(answer.content)
    assert len(said) >= 2, f"{where}: no text was found"
    age = reading_age(said)
    wrong = [f"{where}: reads at {age:.1f}"] if age > OLDEST else []
    return wrong + [
        f"{where}: {len(each.split())} words: {each}"
        for each in dict.fromkeys(said)
        if len(each.split()) > LONGEST_SENTENCE
    ]


def test_every_page_of_a_complainant_reads_at_eleven_or_below(staff: Staff) -> None:
    wrong: list[str] = []
    for page in PUBLIC:
        wrong += too_hard(page, Client().get(page))
    client, base = written(staff)
    for page in OF_A_DRAFT:
        wrong += too_hard(page, client.get(f"{base}/{page}/"))
    case = cases.decided(staff)
    client = sign_in(Client(), staff, "complainant1")
    label = care.own(staff.caller("complainant1"), now=START)[0].label
    own = f"/cases/{case.reference}/"
    for page in (
        own, f"{own}ledger/", f"{own}tribunal/", f"{own}message/", f"{own}about-you/",
        f"{own}export/", "/my-data/", "/diary/",
        "/diary/new/", "/raise/kept/", f"/aftercare/{label}/", f"/aftercare/{label}/changed/",
        f"/aftercare/{label}/choose/",
    ):  # fmt: skip
        wrong += too_hard(page.replace(case.reference, "case"), client.get(page))
    assert not wrong, "\n".join(dict.fromkeys(wrong))


def test_the_measure_tells_a_plain_text_from_a_hard_one() -> None:
    plain = ["You do not have to be sure.", "Tell us in your own words.", "No one is told."]
    hard = [
        "Notwithstanding the aforementioned considerations, complainants are respectfully "
        "encouraged to substantiate their allegations comprehensively."
    ]
    assert reading_age(plain) < OLDEST < reading_age(hard)
