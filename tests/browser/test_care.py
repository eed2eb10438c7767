"""Care in a browser: for another person, typed by an officer, and the pages that are one's own."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from grievances.cases.models.case import Case
from grievances.choices import CameBy
from grievances.lessons.models import Lesson
from tests.browser import raising
from tests.browser.conftest import SignedIn
from tests.browser.visitor import Visitor
from tests.factories import cases
from tests.factories.people import Staff

KEY = re.compile(r"[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}")


def come_back(visitor: Visitor, key: str) -> str:
    """Type a key that another person has seen, and keep the new one; return it."""
    visitor.open("/return/")
    visitor.fill("Your case key", key)
    visitor.press("Open my concern")
    visitor.reads("This is a new one, which only you know.")
    new = visitor.page.locator("#case-key").inner_text()
    visitor.press("I have kept it: go on")
    visitor.fill("Type the last 4 characters", new[-4:])
    visitor.press("I have kept it: go to my case")
    return new


def test_one_person_tells_it_and_the_other_confirms_it(signed_in: SignedIn) -> None:
    one = signed_in("complainant1")
    raising.begin(one)
    one.fill("In your own words", raising.STORY)
    one.press("Save and continue")
    one.press("Save and continue")
    one.press("Who it happened to")
    one.choose("To someone who asked me to tell you")
    one.press("Save and continue")
    one.reads("Give their full name or user name.", "Tick the box if they asked you to tell us.")
    one.fill("Their name, if it was not you", "complainant2")
    one.tick("They asked me to tell you, and they agree")
    one.press("Save and continue")
    one.press("Continue")
    one.open(one.path.replace("/readers/", "/check/"))
    one.press("Send my concern")
    one.reads("We have what you told us", "You cannot open it any more.", raising.STORY)

    other = signed_in("complainant2", java_script_enabled=False)
    other.open("/inbox/")
    other.press(re.compile("^Open"))
    other.reads("Someone told us this for you", raising.STORY, "Raised by Complainant 1")
    other.press("Send my answer")
    other.reads("Choose one of the two.")
    other.choose("Go on: it happened to me")
    other.press("Send my answer")
    other.reads("It is your concern now.")
    assert Case.unguarded.get().agreed_on is not None


def test_an_officer_types_it_and_the_caller_comes_back(
    signed_in: SignedIn, visit: Callable[..., Visitor]
) -> None:
    officer = signed_in("triage1")
    officer.open("/")
    officer.press("Type a concern for someone")
    officer.choose("By phone")
    officer.fill("What happened, in their own words", raising.STORY)
    officer.fill("The person you are concerned about", "respondent1")
    officer.press("Go on: read it back")
    officer.reads("Read this to them", raising.STORY, "Who will be able to read it")
    officer.press("Change something")
    officer.choose("In person")
    officer.press("Go on: read it back")
    officer.press("Send it")
    officer.reads("Read it to them first.")
    officer.tick("I read all of it to them")
    officer.press("Send it")
    key = KEY.search(officer.main.inner_text())
    assert key is not None
    officer.reads("Give them this case key", "until you say that you have given it")

    caller = visit(java_script_enabled=False)
    come_back(caller, key.group())
    caller.reads(raising.STORY)
    assert Case.unguarded.get().came_by == CameBy.WALK_IN


@pytest.mark.parametrize("has_script", [True, False])
def test_the_pages_that_are_ones_own(
    staff: Staff, signed_in: SignedIn, visit: Callable[..., Visitor], has_script: bool
) -> None:
    cases.raised(staff)
    today = cases.START.date()
    told = {"heard": "People were not told dates.", "promise": "We tell them.", "owner": "lead"}
    Lesson.objects.create(**told, due=today, published_on=today)
    out = visit(java_script_enabled=has_script)
    out.open("/we-listened/")
    out.reads("We listened", "People were not told dates.")
    _keep_a_diary(out)

    me = signed_in("complainant1", java_script_enabled=has_script)
    me.open("/aftercare/")
    me.press("Something has changed")
    me.choose("Yes", within="Has anything changed for the worse")
    me.choose("No", within="Do you feel safe")
    me.press("Save")
    me.reads("Nothing is sent")
    me.open("/aftercare/")
    me.press("Change how we ask you")
    me.choose("By a short form that only I can read")
    me.press("Save")
    me.open("/my-data/")
    me.press("Send")
    me.reads("There is a problem")
    me.choose("A copy of everything you hold about me")
    me.press("Send")
    me.reads("We must answer by")


def _keep_a_diary(out: Visitor) -> None:
    """Without an account: a key, an entry, and its end."""
    out.open("/diary/without-account/")
    if not out.has_script:
        return  # without script a key costs a wait of some seconds, as in `test_anonymous`
    out.press("Get a key")
    key = out.page.locator("#case-key").inner_text()
    out.press("I have kept it: go on")
    out.fill("Type the last 4 characters", key[-4:])
    out.press("I have kept it: open my diary")
    out.press("Write an entry")
    out.fill("In your own words", raising.STORY)
    out.press("Save the entry")
    out.reads("Your entry is saved.", raising.STORY[:40])
