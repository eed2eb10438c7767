"""Two people keep a concern back; after the night each is asked again, and one of them sends."""

from __future__ import annotations

import re

from grievances.cases.models.case import Case
from grievances.intake.escrow_matching import compare_kept
from grievances.vocabulary import State
from tests.browser import raising
from tests.browser.conftest import SignedIn, Watch
from tests.browser.visitor import Visitor


def write_in_the_diary(visitor: Visitor, text: str) -> None:
    """From the page of the ways to the saved entry."""
    visitor.open("/raise/ways/")
    visitor.press("Open your diary")
    visitor.press("Write an entry")
    visitor.fill("In your own words", text)
    visitor.press("Save the entry")
    visitor.reads("Your entry is saved. Only you can read it.", text[:40])


def keep_back(visitor: Visitor, reference: str, typed: str) -> None:
    """From the last page of a draft to the kept concern."""
    visitor.open(f"/raise/{reference}/check/")
    visitor.press("Keep it back until you are not alone")
    visitor.fill("Who is your concern about?", typed)
    visitor.press("Look up these names")
    visitor.tick("Respondent 1, Hull")
    visitor.press("Keep it back")
    visitor.reads("Your concern is kept back.", "You keep this back", raising.STORY)


def test_two_people_learn_after_the_night_that_there_is_another(
    signed_in: SignedIn, watch: Watch
) -> None:
    one = signed_in("complainant1", java_script_enabled=False)
    write_in_the_diary(one, raising.STORY)
    one.press("Put entries into a concern")
    one.tick("21 November 2026")
    one.press("Put them in")
    one.reads("Nothing is sent yet.")
    reference = one.path.split("/")[2]
    keep_back(one, reference, "Respondant 1")

    other = signed_in("staff1")
    raising.begin(other)
    other.fill("In your own words", raising.STORY)
    other.press("Save and continue")
    keep_back(other, other.path.split("/")[2], "respondent1")
    other.does_not_read("There is another")

    compare_kept(watch.go_on(days=1))
    for visitor in (one, other):
        visitor.open("/inbox/")
        visitor.reads("There is an update for you.")
        visitor.press(re.compile("^Open"))
        visitor.reads("There is another")
        visitor.press("Open the concern about Respondent 1, Hull")
        visitor.reads("You are not alone.", "no one has to do anything", raising.STORY)
        visitor.does_not_read("Staff 1" if visitor is one else "Complainant 1")
    other.press("Keep it back")
    other.reads("We go on keeping it. Nothing was sent.", "Waiting")
    one.press("Look at it and send it")
    one.reads("Nothing is sent until you press")
    one.press("Send my concern")
    one.reads("We have received your concern")
    other.open("/raise/kept/0/")
    other.press("Delete it")
    other.press("Delete it")
    other.reads("Your concern is deleted. No one has read it.", "You keep nothing back.")
    assert [case.state for case in Case.unguarded.all()] == [State.SUBMITTED]
