"""One full hearing, each person at their own browser: put, answered, witnessed, accompanied."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import SignedIn, Watch
from tests.browser.visitor import Visitor
from tests.evidence import samples
from tests.factories import cases
from tests.factories.cases import at
from tests.factories.people import Staff

pytestmark = pytest.mark.slow

CHECK = "Check before you send"
AGAIN = "I have read it again"
PUT = "On 2 November, in the team meeting, somebody's way of speaking was imitated."
ANSWER = "I was in the meeting and I laughed. I did not imitate anybody."
PHOTO: FilePayload = {"name": "rota.jpg", "mimeType": "image/jpeg", "buffer": samples.photo()}
HEARD = "I heard the laughter and not what was said before."


def test_everyone_is_heard_and_sees_only_their_own_part(
    staff: Staff, signed_in: SignedIn, visit: Callable[..., Visitor], watch: Watch
) -> None:
    case = cases.in_investigation(staff).reference
    put_it(signed_in("handler1"), case)
    answer(signed_in("respondent1"), PUT, ANSWER)
    add_a_file(signed_in("respondent1"))
    bring_a_friend(signed_in("respondent1"))
    ask_a_witness(signed_in("handler1"), case)
    answer(signed_in("staff1"), "What did you hear?", HEARD)
    handler = signed_in("handler1")
    handler.open(f"/cases/{case}/")
    handler.reads(ANSWER, HEARD, "Statement (Respondent 1", "Statement (Staff 1")
    complainant, friend = signed_in("complainant1"), visit()
    come_along(complainant, friend, case)
    complainant.does_not_read(ANSWER, HEARD)
    agree_on_an_interpreter(handler, complainant, case)
    for name in ("respondent1", "staff1", "companion1"):
        signed_in(name).open(f"/cases/{case}/", status=404)
    decide(signed_in, case, watch)
    complainant.open(f"/cases/{case}/")
    complainant.reads(ANSWER, HEARD)
    complainant.does_not_read("Staff 1")


def put_it(handler: Visitor, case: str) -> None:
    handler.do(case, "Put it to the person it is about")
    handler.reads("We refuse the name of the person who raised this where we find it")
    handler.choose("Respondent 1")
    handler.fill("What is put to them", f"{PUT} Complainant 1 says so.")
    handler.fill_date("By when do you ask", at(7).date())
    handler.press(CHECK)
    handler.reads("Confirm that nothing in your text says", PUT)
    handler.tick(AGAIN)
    handler.press(CHECK)
    handler.press("Send it")
    handler.reads("NAME_WITHHELD", PUT)
    handler.fill("What is put to them", PUT)
    handler.press(CHECK)
    handler.reads(PUT, "Respondent 1")
    handler.press("Send it")
    handler.reads("You put it to the person the concern is about.")


def answer(person: Visitor, question: str, words: str) -> None:
    person.open("/inbox/")
    person.main.get_by_role("button", name="Something was written to you").first.click()
    person.reads(question, "28 November 2026")
    person.does_not_read("Complainant", "RC-")
    person.look()
    person.press("Send my answer")
    person.reads("There is a problem")
    person.fill("Your answer", words)
    person.press("Send my answer")
    person.reads("Your answer is sealed and sent", words)


def add_a_file(respondent: Visitor) -> None:
    """A picture beside the answer, seen by its owner alone on this page."""
    respondent.press("Add files")
    respondent.press("Add")
    respondent.reads("There is a problem", "Choose a file first")
    respondent.main.get_by_label("Choose a file, or several").set_input_files([PHOTO])
    respondent.press("Add")
    respondent.reads("What you added is sealed", "rota.jpg", "Added by: you")


def bring_a_friend(respondent: Visitor) -> None:
    respondent.press("Make a link for your companion")
    respondent.reads("Give this link to your companion")
    respondent.press("Go back")
    respondent.reads("Invited. The link works once")
    respondent.press("End your companion's access")
    respondent.reads("can read nothing any more", ANSWER)


def ask_a_witness(handler: Visitor, case: str) -> None:
    handler.do(case, "Ask a witness")
    handler.fill("Name or user name of the witness", "Staff 1")
    handler.fill("Your question", "What did you hear?")
    handler.fill_date("By when do you ask", at(7).date())
    handler.tick(AGAIN)
    handler.press("Send it")
    handler.reads("You asked a witness.")


def come_along(complainant: Visitor, friend: Visitor, case: str) -> None:
    """Invited, let in once, read, written to, and ended."""
    link = invite(complainant, case)
    friend.open(link)
    friend.press("Accompany them")
    friend.reads("There is a problem")
    friend.choose("A union official")
    friend.tick("I keep what I read here to myself")
    friend.press("Accompany them")
    friend.reads("Keep your companion key")
    key = friend.main.locator(".fh-key").inner_text()
    friend.open(link, status=404)
    friend.open("/accompany/")
    friend.press(re.compile("What is shared with you"))
    friend.reads("What they told us", "What happened", "my accent was imitated")
    friend.does_not_read(ANSWER, HEARD, PUT, "Complainant 1")
    friend.press("Add files")
    friend.main.get_by_label("Choose a file, or several").set_input_files([PHOTO])
    friend.press("Add")
    friend.reads("What you added is sealed", "rota.jpg")
    friend.fill("Your message", "We would like to meet in the morning.")
    friend.press("Send the message")
    friend.reads("We would like to meet in the morning.")
    complainant.open(f"/cases/{case}/")
    complainant.reads("We would like to meet in the morning.", "Kim of the union", "with you since")
    complainant.press("Who has opened this, and when")
    complainant.reads("read what is shared with them")
    complainant.do(case, "End your companion's access")
    complainant.press("End your companion's access")
    friend.page.reload()
    expect(friend.main).to_contain_text("We cannot show you this page")
    friend.page.context.clear_cookies()
    friend.open("/accompany/")
    friend.fill("Your companion key", key)
    friend.press("Read what is shared")
    friend.reads("We do not know this key")


def invite(complainant: Visitor, case: str) -> str:
    complainant.do(case, "Invite a companion")
    complainant.fill("Who is your companion?", "Respondent 1")
    complainant.tick("What you told us")
    complainant.press("Make the link")
    complainant.reads("cannot accompany you")
    complainant.fill("Who is your companion?", "Kim of the union")
    complainant.press("Make the link")
    complainant.reads("Give this link to your companion")
    link = complainant.main.locator(".fh-key").inner_text()
    return link.removeprefix(complainant.base)


def agree_on_an_interpreter(handler: Visitor, complainant: Visitor, case: str) -> None:
    handler.do(case, "Propose an interpreter")
    handler.fill("Name of the interpreter", "A. Person, City Interpreters, Welsh")
    handler.fill_date("For the meeting on", at(9).date())
    handler.tick("They are a professional")
    handler.press("Propose an interpreter")
    complainant.open(f"/cases/{case}/")
    complainant.reads("A. Person, City Interpreters, Welsh")
    complainant.press("Answer about the interpreter")
    complainant.choose("Yes")
    complainant.press("Save my answer")
    handler.do(case, "Record that the interpreter has signed")
    handler.tick("The interpreter has signed")
    handler.press("Record that the interpreter has signed")
    handler.reads("You recorded that the interpreter has signed.")


def decide(signed_in: SignedIn, case: str, watch: Watch) -> None:
    handler, decider = signed_in("handler1"), signed_in("decider1")
    handler.do(case, "Record the meeting")
    handler.fill_date("On which day did you meet?", watch.now.date())
    handler.tick("I told them in writing that they may bring a companion")
    handler.press("Record the meeting")
    handler.do(case, "Send the report to the decision maker")
    handler.tick("Part 1")
    handler.tick("The list of evidence is complete")
    handler.fill("Your report", "Two people were heard.")
    handler.press(CHECK)
    handler.press("Send the report")
    decider.do(case, "Give the decision")
    decider.reads("Your finding")
    decider.choose("Not upheld", within="Your finding")
    decider.fill("Your reasons for each finding", "Two people were heard.")
    decider.fill("Your letter to the complainant", "We believe that you heard laughter.")
    decider.tick("The letter explains the right to appeal")
    decider.press(CHECK)
    decider.press("Give the decision")
    watch.go_on(days=3)
    decider.do(case, "Tell the person it is about what was decided")
    decider.choose("Respondent 1")
    decider.fill("What was decided about them", "It was not upheld. Nobody says it was made up.")
    decider.tick(AGAIN)
    decider.press("Send it")
    respondent = signed_in("respondent1")
    respondent.open("/inbox/")
    respondent.main.get_by_role("button", name="Something was written to you").first.click()
    respondent.reads("What was decided about you", "It was not upheld.", ANSWER)
