"""A concern without an account: the case key is the only way back, and it works both ways."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import raising
from tests.browser.conftest import SignedIn
from tests.browser.visitor import Visitor

HOLIDAY = "Was it in the canteen or in the meeting room?"


def test_somebody_anonymous_tells_us_comes_back_and_talks_with_us(
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
    back.press("Write a message")
    back.fill("Your message", "In the canteen.")
    back.press("Send the message")
    back.reads("In the canteen.")

    triage.open(f"/cases/{case}/")
    triage.reads("In the canteen.")
    stranger.open(f"/cases/{case}/")
    leave(stranger)
    stranger.open(f"/cases/{case}/")
    assert "/accounts/login/" in stranger.page.url


def raise_without_account(visitor: Visitor) -> tuple[str, str]:
    """Answers the case key and the reference, once the key has been typed again."""
    visitor.open("/")
    visitor.press("Raise a concern without an account")
    visitor.press("Start")
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
