"""Raising a concern page by page, as the stories need it."""

from __future__ import annotations

import re

from tests.browser.visitor import Visitor

STORY = "In the team meeting my accent was imitated, and people laughed."


def begin(visitor: Visitor) -> None:
    """From the start page to the first question."""
    visitor.open("/raise/")
    visitor.press("Start")


def answer(
    visitor: Visitor, *, about: str = "respondent1", way: str = "", share: str = "Yes"
) -> None:
    """Every question, from the first to the page of the readers.

    An empty `way` or `share` leaves the question as it is found.
    """
    visitor.fill("In your own words", STORY)
    visitor.press("Save and continue")
    visitor.press("Save and continue")
    visitor.press("Who you are concerned about")
    visitor.fill("The person you are concerned about", about)
    visitor.press("Save and continue")
    visitor.press("When")
    visitor.fill("In your own words", "Last Monday")
    # To go back keeps what was typed, too.
    visitor.press("Save and go back")
    if way:
        visitor.press("How we look into it")
        visitor.choose(way)
        visitor.press("Save and continue")
    if share:
        visitor.press("Your name")
        visitor.choose(share, within="If you keep your name confidential")
        visitor.press("Save and continue")
    visitor.press("What would help")
    visitor.fill("What would you like to happen?", "That it stops.")
    visitor.press("Save and continue")
    visitor.reads("What you have written is enough.")
    visitor.press("Continue")


def reference_on(visitor: Visitor) -> str:
    """The reference that this page names."""
    found = re.search(r"RC-[0-9A-Z]{6}", visitor.main.inner_text())
    assert found is not None, "the page names no reference"
    return found.group()
