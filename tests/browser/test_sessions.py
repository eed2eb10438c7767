"""When time ends a session: the warning, what was typed, and what "Back" shows afterwards."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from django.http import HttpRequest, HttpResponseBase
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from grievances.web.shared import context_processors, session_store, session_views
from grievances.web.shared.session_views import renew_time
from tests.browser import raising
from tests.browser.conftest import PATIENCE, SignedIn, type_password
from tests.factories import cases
from tests.factories.people import PASSWORD, Staff


class Clock:
    """The real clock, and how many seconds the test moved it on."""

    later = 0

    def __call__(self) -> float:
        return time.time() + self.later


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Clock:
    it = Clock()
    monkeypatch.setattr(session_store, "time", SimpleNamespace(time=it))
    return it


def go_back(page: Page) -> str:
    """Press "Back"; return what the page shows then, as people see it."""
    device = page.context.new_cdp_session(page)
    history = device.send("Page.getNavigationHistory")
    entry = history["entries"][history["currentIndex"] - 1]["id"]
    device.send("Page.navigateToHistoryEntry", {"entryId": entry})
    page.wait_for_timeout(1500)
    return page.content()


def sign_in_and_open(page: Page, base: str, name: str, path: str) -> None:
    page.goto(f"{base}/accounts/login/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    page.goto(f"{base}{path}")
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize(
    ("kind", "script", "elsewhere"),
    [
        ("", True, "another site"),
        ("", False, "/support/"),
        ("print/", False, "another site"),
        ("print/", False, "/support/"),
    ],
)
def test_after_time_has_ended_a_session_back_shows_nothing(
    live_server: LiveServer,
    whole_browser: Browser,
    staff: Staff,
    moved: Clock,
    kind: str,
    script: bool,
    elsewhere: str,
) -> None:
    case = cases.acknowledged(staff)
    context = whole_browser.new_context(java_script_enabled=script)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    sign_in_and_open(page, live_server.url, "triage1", f"/cases/{case.reference}/{kind}")
    assert "my accent was imitated" in page.content()
    # Another host of this machine is another site to the browser.
    there = live_server.url.replace("localhost", "127.0.0.1") + "/health/live"
    page.goto(there if elsewhere == "another site" else f"{live_server.url}{elsewhere}")
    page.wait_for_load_state("networkidle")
    moved.later = 60 * 60
    shown = go_back(page)
    assert "my accent was imitated" not in shown
    assert case.reference not in page.get_by_role("main").inner_text()
    assert "Sign in" in shown
    context.close()


def test_this_browser_would_show_a_page_from_its_memory(
    live_server: LiveServer,
    whole_browser: Browser,
    staff: Staff,
    moved: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The test above can fail: where no cookie changes, the same browser does show it again.

    The page for paper has no form, so that its answer sets no cookie of forms either.
    """

    def set_once(request: HttpRequest, response: HttpResponseBase) -> None:
        if session_store.TIME_COOKIE not in request.COOKIES:
            renew_time(request, response)

    monkeypatch.setattr(context_processors, "marks_pages", lambda request: False)
    monkeypatch.setattr(session_views, "renew_time", set_once)
    case = cases.acknowledged(staff)
    context = whole_browser.new_context(java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    sign_in_and_open(page, live_server.url, "triage1", f"/cases/{case.reference}/print/")
    page.goto(live_server.url.replace("localhost", "127.0.0.1") + "/health/live")
    moved.later = 60 * 60
    assert "my accent was imitated" in go_back(page)
    context.close()


def test_two_minutes_before_the_end_the_page_warns_and_one_press_stays(
    signed_in: SignedIn, moved: Clock, settings: Settings
) -> None:
    settings.SESSION_COOKIE_AGE = 124
    person = signed_in("complainant1")
    raising.begin(person)
    person.fill("In your own words", raising.STORY)
    warning = person.page.get_by_role("alert")
    expect(warning).to_contain_text("You will be signed out in two minutes", timeout=PATIENCE)
    expect(warning).to_contain_text("Nothing you have typed is lost")
    settings.SESSION_COOKIE_AGE = 3600
    warning.get_by_role("button", name="Stay signed in").click()
    expect(warning).to_be_hidden()
    assert person.main.get_by_role("textbox").first.input_value() == raising.STORY


def test_at_the_end_the_page_is_covered_and_what_was_typed_comes_back(
    signed_in: SignedIn, moved: Clock, settings: Settings
) -> None:
    settings.SESSION_COOKIE_AGE = 122
    person = signed_in("complainant1")
    raising.begin(person)
    page = person.path
    person.fill("In your own words", raising.STORY)
    moved.later = 300
    over = person.page.get_by_role("alert")
    expect(over).to_contain_text("Your session has ended", timeout=PATIENCE)
    expect(person.page.locator("main")).to_be_hidden()
    over.get_by_role("button", name="Sign in again").click()
    person.page.wait_for_load_state()
    person.reads("Sign in")
    type_password(person, "complainant1")
    assert person.path == page
    person.reads("We kept what you had typed")
    assert person.main.get_by_role("textbox").first.input_value() == raising.STORY


def test_without_javascript_the_page_says_when_it_ends_and_loses_no_word(
    signed_in: SignedIn, moved: Clock
) -> None:
    person = signed_in("complainant1", java_script_enabled=False)
    raising.begin(person)
    page = person.path
    expect(person.page.get_by_text("If you do nothing here, you are signed out at")).to_be_visible()
    person.fill("In your own words", raising.STORY)
    moved.later = 60 * 60
    person.press("Save and continue")
    person.reads("Sign in", "Your session has ended")
    type_password(person, "complainant1")
    assert person.path == page
    assert person.main.get_by_role("textbox").first.input_value() == raising.STORY
