"""A handler who has read nothing goes through the room of an investigation to the report."""

from __future__ import annotations

from datetime import date

import pytest

from tests.browser.conftest import SignedIn
from tests.browser.visitor import Visitor
from tests.factories import cases
from tests.factories.people import Staff

pytestmark = pytest.mark.slow

CHECK = "Check before you send"
BANTER = "It was only banter, and he did not mean it."


def test_from_the_plan_to_a_report_with_its_gaps(staff: Staff, signed_in: SignedIn) -> None:
    case = cases.in_investigation(staff).reference
    handler, complainant = signed_in("handler1"), signed_in("complainant1")
    handler.open(f"/cases/{case}/")
    handler.press("Open the investigation: plan, meetings, evidence, each part")
    handler.reads("There is no plan yet.", "Part 1 was not examined")
    handler.press("Plan the investigation")
    handler.reads("Look for a pattern")
    handler.press(CHECK)
    handler.press("Keep the plan")
    handler.press("Invite someone to a meeting")
    handler.choose("The person who raised it")
    handler.fill_date("On which day?", date(2026, 12, 7))
    handler.fill("At what time", "10:00 in room 4, with a note-taker.")
    handler.fill("Which adjustments", "I asked. A break each hour.")
    handler.tick("I asked whether they bring a companion")
    handler.press(CHECK)
    handler.press("Send the invitation")
    handler.reads("Monday 7 December 2026")
    complainant.open(f"/cases/{case}/")
    complainant.reads("You may bring a companion", "A break each hour.")
    complainant.press("Move a meeting to another day")
    complainant.choose("Your meeting")
    complainant.choose("The companion cannot come")
    complainant.fill_date("To which day?", date(2026, 12, 15))
    complainant.press("Move the meeting")
    complainant.reads("within 5 working days after the first")
    complainant.fill_date("To which day?", date(2026, 12, 14))
    complainant.press("Move the meeting")
    list_evidence(handler, case)
    examine(handler, case)
    handler.press("See the report as it is now")
    handler.reads("Meeting 1 was arranged and is not recorded.", "Why it is believed.")
    handler.press("Go on to send the report")
    handler.reads("Record the meeting, or that it was declined, before you send the report.")
    signed_in("decider1").open(f"/cases/{case}/investigation/", status=404)


def list_evidence(handler: Visitor, case: str) -> None:
    handler.open(f"/cases/{case}/investigation/")
    handler.press("List a piece of evidence")
    handler.fill("What is it?", "The message of 2 November.")
    handler.fill("Where does it come from?", "The person who raised it showed me their telephone.")
    handler.fill_date("Which day is it about?", date(2026, 11, 2))
    handler.choose("Both of them")
    handler.press("Put on the list")
    handler.reads("2 November 2026", "Evidence 1")


def examine(handler: Visitor, case: str) -> None:
    """An explanation is not accepted unexamined, and nothing typed is lost."""
    handler.press("Examine a part of the concern")
    handler.choose("Part 1")
    for question in ("What happened", "How were others", "Is it part", "What effect", "In what"):
        handler.fill(question, "Why it is believed.")
    handler.fill("Does something else matter", "Not here: I asked.")
    handler.tick("Evidence 1")
    handler.fill("What explanation was given?", BANTER)
    handler.fill("Your reasons for this part", "Why it is believed.")
    handler.press(CHECK)
    handler.reads("There is a problem", "Say how you tested that", BANTER)
    handler.fill("How did you test", "I asked the others who were there, and what it did to them.")
    handler.press(CHECK)
    handler.press("Keep the examination")
