"""Care in Welsh, from the diary to the data request, with script and without.

Every word that is pressed is the one the catalogue has, so a text without Welsh is not found.
"""

from __future__ import annotations

import re

import pytest
from django.utils import translation
from django.utils.translation import gettext

from grievances.cases.models.case import Case
from grievances.intake import drafts, escrow
from grievances.intake.escrow import Wish
from grievances.intake.escrow_matching import compare_kept
from grievances.intake.escrow_models import Target
from grievances.lessons.models import Lesson
from grievances.surveys import staff_survey
from grievances.vocabulary import State
from tests.browser.conftest import SignedIn, Watch
from tests.browser.screenshots import PHONE
from tests.browser.visitor import Visitor
from tests.factories import cases
from tests.factories.people import Staff
from tests.web.welsh_pages import left_in_english

pytestmark = pytest.mark.slow

SAID = {"Our decision and why.", "What I found out."}
"""What officers wrote, in the language in which they wrote it."""

STORY = "Yn y cyfarfod tîm cafodd fy acen ei dynwared, a chwarddodd pobl."


def welsh(text: str) -> str:
    """The Welsh of a text of the pages."""
    with translation.override("cy"):
        told = gettext(text)
    assert told != text, f"without Welsh: {text}"
    return told


class Reader:
    """A person on a phone who reads and presses Welsh words; the texts here are their English."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        visitor.page.set_viewport_size(PHONE)
        visitor.page.goto(f"{visitor.base}/support/")
        visitor.page.get_by_role("link", name="Cymraeg").click()

    def open(self, path: str) -> None:
        self.visitor.page.goto(f"{self.visitor.base}{path}")
        self.look()

    def press(self, text: str) -> None:
        """Press it, and read the page that comes; the eye knows the titles in English alone."""
        self.visitor.has_script, has_script = False, self.visitor.has_script
        self.visitor.press(welsh(text))
        self.visitor.has_script = has_script
        self.look()

    def fill(self, label: str, words: str) -> None:
        self.visitor.fill(welsh(label), words)

    def choose(self, text: str, within: str = "") -> None:
        self.visitor.choose(welsh(text), within=welsh(within) if within else "")

    def reads(self, *texts: str) -> None:
        self.visitor.reads(*(welsh(text) for text in texts))

    def look(self) -> None:
        """No English is left, but the names of people and what they wrote."""
        found = [each for each in left_in_english(self.visitor.page.content()) if each not in SAID]
        assert not found, f"{self.visitor.path}: {found}"


@pytest.mark.parametrize("has_script", [True, False])
def test_a_welsh_reader_is_cared_for(
    staff: Staff, signed_in: SignedIn, watch: Watch, has_script: bool
) -> None:
    case = cases.decided(staff, last_day="2026-11-19", when="Dydd Iau")
    today = cases.START.date()
    told = {"heard": "Ni chawsom ddyddiadau.", "promise": "Byddwn yn eu rhoi.", "owner": "lead"}
    Lesson.objects.create(**told, due=today, published_on=today)
    me = Reader(signed_in("complainant1", java_script_enabled=has_script))
    _own_page(me, f"/cases/{case.reference}/")
    _aftercare_and_data(me)
    _diary_to_a_concern_kept_back(me)
    _two_questions_and_sent(me)
    _not_alone_any_more(me, staff, watch)
    staff_survey.open_period(staff.caller("analyst1"), now=watch.now)
    me.open("/pulse/")
    me.visitor.main.get_by_role("radio").first.check()
    me.press("Send my answer")
    me.reads("Your answer has been sent.")
    me.open("/we-listened/")
    me.visitor.reads("Ni chawsom ddyddiadau.")


def _own_page(me: Reader, page: str) -> None:
    """The decision, the tribunal date and a message."""
    me.open(page)
    me.visitor.reads("18 Chwefror 2027")
    me.open(f"{page}tribunal/")
    me.fill("Add days on which something happened", "yfory efallai")
    me.press("Add")
    assert me.visitor.page.title().startswith("Gwall: ")
    me.fill("Add days on which something happened", "5 Hydref 2026")
    me.press("Add")
    me.visitor.reads("5 Hydref 2026")
    me.open(page)
    me.press("Write to us")
    me.fill("Your message", STORY)
    me.press("Send the message")
    me.visitor.reads(STORY, "Rydych wedi")


def _aftercare_and_data(me: Reader) -> None:
    me.open("/aftercare/")
    me.press("Something has changed")
    me.choose("Yes", within="Has anything changed for the worse at work?")
    me.choose("No", within="Do you feel safe at work?")
    me.press("Save")
    me.open("/my-data/")
    me.press("Send")
    me.reads("There is a problem")
    me.choose("A copy of everything you hold about me")
    me.press("Send")


def _diary_to_a_concern_kept_back(me: Reader) -> None:
    """The ladder from advice to a concern that waits until one is not alone."""
    me.open("/raise/ways/")
    me.press("Open your diary")
    me.press("Write an entry")
    me.fill("In your own words", STORY)
    me.press("Save the entry")
    me.press("Put entries into a concern")
    me.visitor.main.get_by_role("checkbox").first.check()
    me.press("Put them in")
    reference = me.visitor.path.split("/")[2]
    me.open(f"/raise/{reference}/check/")
    me.press("Keep it back until you are not alone")
    me.fill("Who is your concern about?", "respondent1")
    me.press("Look up these names")
    me.visitor.tick("Respondent 1, Hull")
    me.press("Keep it back")
    me.visitor.reads(STORY)
    assert re.search(r"/raise/kept/", me.visitor.path)
    assert Case.unguarded.filter(state=State.DRAFT).count() == 1


def _two_questions_and_sent(me: Reader) -> None:
    """What happened and how to reach me: no more is asked before sending."""
    me.open("/raise/")
    me.press("Start")
    me.press("Save and continue")
    assert me.visitor.page.title().startswith("Gwall: ")
    me.fill("In your own words", STORY)
    me.press("Save and continue")
    me.press("Save and continue")
    me.press("Your name")
    me.reads("Keep my name confidential", "Use my name")
    me.press("Save and continue")
    me.press("Continue")
    me.press("Continue")
    me.reads("Keep my name confidential")
    me.press("Send my concern")
    me.reads("We have received your concern")


def _not_alone_any_more(me: Reader, staff: Staff, watch: Watch) -> None:
    """Someone else names the same person; after the night each is asked again."""
    other = staff.caller("staff1")
    draft = drafts.open_draft(staff["staff1"], other, now=watch.now)
    drafts.save_draft(draft, other, {"account": STORY, "about": "respondent1"}, now=watch.now)
    wish = Wish([Target("person", staff["respondent1"].pk)], 2, 12)
    escrow.keep_back(draft, other, wish, now=watch.now)
    compare_kept(watch.go_on(days=1))
    me.open("/raise/kept/0/")
    me.reads("There is another")
    me.press("Keep it back")
    me.reads("We go on keeping it. Nothing was sent.")
    me.open("/raise/kept/0/")
    me.press("Look at it and send it")
    me.press("Send my concern")
    me.reads("We have received your concern")
