"""A concern without an account: the case key is the only way back, and it works both ways."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import raising
from tests.browser.conftest import SignedIn
from tests.browser.visitor import Visitor

HOLIDAY = "Was it in the canteen or in the meeting room?"


@pytest.mark.whole_browser
def test_someone_anonymous_tells_us_comes_back_and_talks_with_us(
    visit: Callable[..., Visitor], signed_in: SignedIn
) -> None:
    stranger = visit()
    case_key, case = raise_without_account(stranger)
    triage = signed_in("triage1")
    triage.do(case, "Acknowledge and take on")
    triage.tick("I have no personal, work or social connection")
    triage.press("Acknowledge and take on")
    triage.press("Write a message")
    triage.fill("Your message", HOLIDAY)
    triage.press("Send the message")

    back = visit()
    back.open("/return/")
    back.fill("Your case key", "aaaa-bbbb-cccc-dddd")
    back.press("Open my concern")
    back.reads("We do not know this case key")
    back.fill("Your case key", case_key.upper().replace("-", " "))
    back.press("Open my concern")
    back.reads(HOLIDAY, raising.STORY)
    back.press("Write to us")
    back.fill("Your message", "In the canteen.")
    back.press("Send the message")
    back.reads("In the canteen.")

    triage.open(f"/cases/{case}/")
    triage.reads("In the canteen.")
    stranger.open(f"/cases/{case}/")
    leave(stranger)
    stranger.open(f"/cases/{case}/")
    assert "/accounts/login/" in stranger.page.url


DETAILS = {
    "9 November": "a day", "Priya Menon": "a name", "SPO": "a job", "my small team": "a group",
    "priya@home.invalid": "an address", "0113 496 0000": "a number",
}  # fmt: skip


IN_WELSH = (
    "Ar 9 Tachwedd dywedodd rheolwr ein tîm wrth Aneira Pugh mai hi yw'r unig fenyw Ddu. Roedd "
    "hynny ddydd Llun, yn Gymraeg, ar 1af o Fai hefyd."
)
WELSH_DETAILS = ("9 Tachwedd", "rheolwr", "ein tîm", "Aneira Pugh", "r unig fenyw Ddu", "1af o Fai")
"""What few people know, and no day of the week, language or month by itself."""


def see_what_few_people_know(visitor: Visitor) -> None:
    """The browser points at details; each is kept or changed, and nothing is sent for it."""
    sent: list[str] = []
    visitor.page.on("request", lambda request: sent.append(request.url))
    coach = visitor.page.locator("[data-coach]")
    expect(coach).to_be_hidden()
    story = (
        "On 9 November the SPO of my small team told Priya Menon that Black people are lazy. "
        "I wrote to priya@home.invalid and rang 0113 496 0000."
    )
    visitor.fill("In your own words", story)
    for detail in DETAILS:
        expect(coach.locator("strong", has_text=detail)).to_have_count(1)
    expect(coach.locator("li")).to_have_count(len(DETAILS))
    coach.get_by_role("button", name="Keep it Priya Menon").click()
    expect(coach.locator("li")).to_have_count(len(DETAILS) - 1)
    coach.get_by_role("button", name="Change it 9 November").click()
    visitor.page.keyboard.type("one day")
    expect(coach.locator("li")).to_have_count(len(DETAILS) - 2)
    assert visitor.main.get_by_role("textbox").first.input_value().startswith("On one day the SPO")
    visitor.look()
    visitor.fill("In your own words", IN_WELSH)
    for detail in WELSH_DETAILS:
        expect(coach.locator("strong", has_text=detail)).to_have_count(1)
    expect(coach.locator("li")).to_have_count(len(WELSH_DETAILS))
    assert not [url for url in sent if "/session/" not in url], "nothing is sent"


def raise_without_account(visitor: Visitor) -> tuple[str, str]:
    """Answers the case key and the reference, once the key has been typed again."""
    visitor.open("/")
    visitor.press("Raise a concern without an account")
    visitor.press("Start")
    see_what_few_people_know(visitor)
    visitor.fill("In your own words", raising.STORY)
    visitor.press("Save and continue")
    visitor.press("Continue")
    visitor.press("Continue")
    expect(visitor.page.locator("input[name=answer]")).not_to_have_value("", timeout=30_000)
    visitor.press("Send my concern")
    case_key = visitor.page.locator(".fh-key").inner_text().strip()
    case = raising.reference_on(visitor)
    visitor.press("I have kept it: go on")
    assert case_key not in visitor.page.content(), "typed from what was kept"
    visitor.fill("Type the last 4", "zzzz")
    visitor.press("I have kept it: go to my case")
    visitor.reads("These are not the last 4")
    visitor.fill("Type the last 4", case_key[-4:])
    visitor.press("I have kept it: go to my case")
    visitor.reads("We do not know who you are", raising.STORY)
    return case_key, case


def leave(visitor: Visitor) -> None:
    """Press "Exit this page"; the neutral site itself is not asked for."""
    visitor.page.route("**/*bbc*/**", lambda route: route.fulfill(body="Weather"))
    visitor.page.get_by_role("button", name="Exit this page").click()
    visitor.page.wait_for_url("**/*bbc*/**")
