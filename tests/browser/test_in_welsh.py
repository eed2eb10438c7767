"""The pages of those who raise, answer, witness or accompany, in Welsh, with and without script.

No text of the catalogue is left in English: not a label, not a heading, not a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import expect

from tests.browser.conftest import SignedIn
from tests.browser.screenshots import PHONE
from tests.browser.visitor import Visitor
from tests.factories import cases
from tests.factories.people import Staff
from tests.participants import hearing

pytestmark = pytest.mark.slow

WELSH = Path(__file__).parents[2] / "locale/cy/LC_MESSAGES/django.po"
OPEN_TO_ALL = (
    *("/raise/", "/raise/ways/", "/we-listened/", "/who-can-see/", "/support/", "/safety/"),
    *("/privacy/", "/accessibility/", "/return/", "/diary/without-account/", "/accompany/"),
)
OWN = (
    *("", "tribunal/", "ledger/", "message/", "invite_companion/", "about-you/", "export/"),
    *("change_contact/", "say_away/", "ask_to_withdraw/", "print/", "proof/"),
)
KEPT = (
    *("/", "/cases/", "/inbox/", "/diary/", "/diary/new/", "/raise/kept/", "/aftercare/"),
    "/my-data/",
)
HEARD = ("", "add/", "away/")


@cache
def english() -> frozenset[str]:
    """Every text that has a Welsh form of its own."""
    with WELSH.open("rb") as file:
        found = [each for each in read_po(file, locale="cy") if isinstance(each.id, str)]
    return frozenset(str(each.id) for each in found if each.string != each.id) - {""}


class Reader:
    """A person who reads Welsh on a phone, and what they found in English, by page."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.found = visitor, dict[str, list[str]]()
        visitor.page.set_viewport_size(PHONE)
        visitor.page.goto(f"{visitor.base}/support/")
        visitor.page.get_by_role("link", name="Cymraeg").click()

    def open(self, *paths: str) -> None:
        for path in paths:
            response = self.visitor.page.goto(f"{self.visitor.base}{path}")
            assert response is not None
            assert response.status == 200, f"{path} answered {response.status}"
            self.look()

    def look(self) -> None:
        """Look for English in each part of the page that has no part of its own."""
        page = self.visitor.page
        expect(page.locator("html")).to_have_attribute("lang", "cy")
        texts = page.locator("main *:not(:has(*))").all_text_contents()
        left = {" ".join(text.split()) for text in texts} & english()
        if left:
            self.found[self.visitor.path] = sorted(left)


@pytest.mark.parametrize("has_script", [True, False])
def test_no_page_of_theirs_has_a_word_of_english_left(
    staff: Staff, signed_in: SignedIn, visit: Callable[..., Visitor], has_script: bool
) -> None:
    case = cases.in_investigation(staff, last_day="2026-11-19", when="Dydd Iau")
    put, asked = hearing.put(staff, case), hearing.ask(staff, case)
    _, secret = hearing.invite(staff, case)
    friend = Reader(visit(java_script_enabled=has_script))
    friend.open(*OPEN_TO_ALL, f"/accompany/{secret}/")
    come_along(friend)
    me, respondent, witness = (
        Reader(signed_in(name, java_script_enabled=has_script))
        for name in ("complainant1", "respondent1", "staff1")
    )
    me.open(*KEPT, *(f"/cases/{case.reference}/{page}" for page in OWN))
    respondent.open(*(f"/replies/{put.token}/{page}" for page in HEARD))
    witness.open(f"/replies/{asked.token}/", f"/replies/{asked.token}/add/")
    assert not friend.found | me.found | respondent.found | witness.found
    me.open(f"/cases/{case.reference}/tribunal/")
    change_while_writing(me.visitor)


def change_while_writing(visitor: Visitor) -> None:
    """Change the language of a page with words in its forms: with script in all of them."""
    page = visitor.page
    page.locator("[name=days]").fill("5 Hydref 2026 neu 6")
    page.locator("[name=day_a_day]").fill("31")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")
    expect(page.locator("[name=days]")).to_have_value("5 Hydref 2026 neu 6")
    expect(page.locator("[name=day_a_day]")).to_have_value("31" if visitor.has_script else "")
    visitor.open("/my-data/")
    page.locator("main textarea").first.fill("It is about me.")
    page.get_by_role("button", name="Cymraeg").click()
    expect(page.locator("main textarea").first).to_have_value("It is about me.")


def come_along(friend: Reader) -> None:
    """Take up the invitation that is open, and read what is shared."""
    main = friend.visitor.main
    main.get_by_role("radio").first.check()
    main.get_by_role("checkbox").first.check()
    main.get_by_role("button").last.click()
    expect(main.locator(".fh-key")).to_be_visible()
    friend.look()
    friend.open("/accompany/")
    friend.open(str(main.get_by_role("link").first.get_attribute("href")))
