"""The main tasks that no other story does, each person signed in as themselves.

Defaults are left as they are found. What another story walks in the browser is walked here by the
product's own actions, so that a road costs few sign-ins.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from grievances.choices import Welcome
from grievances.intake import submission
from grievances.vocabulary import Identity
from tests.browser.conftest import Presses, SignedIn, Watch
from tests.browser.visitor import Visitor
from tests.factories import cases, edge_cases
from tests.factories.cases import ACCOUNT
from tests.factories.people import Staff

pytestmark = pytest.mark.slow

SIGN = "I have no personal, work or social connection"
CHECK = "Check before you send"
COMPANION = "I told them in writing that they may bring a companion"


def test_not_upheld_is_appealed_and_goes_back_to_new_people(
    signed_in: SignedIn, staff: Staff, watch: Watch, presses: Presses
) -> None:
    case = cases.in_decision(staff).reference
    watch.go_on(days=2)
    decide_against(signed_in("decider1"), case)
    watch.go_on(days=1)
    complainant = signed_in("complainant1")
    complainant.open(f"/cases/{case}/")
    complainant.reads("We did not find enough to say it was discrimination.")
    complainant.press("Appeal")
    complainant.fill("What do you think was wrong", "Nobody asked the two who were there.")
    complainant.press("Send my appeal")
    triage = signed_in("triage1")
    offer(triage, case, "Offer this part to someone", "Appeal 1")
    send_back(signed_in("appeal1"), case, watch)
    complainant.open(f"/cases/{case}/")
    complainant.reads("Two people were not asked.", "The earlier decision no longer counts")
    triage.do(case, "Offer this case to someone")
    expect(triage.main.get_by_role("radio", name="Handler 1, Bath")).to_be_disabled()
    triage.choose("Handler 2")
    triage.press("Send the offer")
    handler = signed_in("handler2")
    handler.find(case)
    handler.press("Accept this case")
    handler.tick(SIGN)
    handler.press("Accept this case")
    handler.reads("You accepted")
    signed_in("decider1").open(f"/cases/{case}/", status=404)
    presses("not upheld, appealed, sent back", 21)


def decide_against(decider: Visitor, case: str) -> None:
    decider.do(case, "Give the decision")
    decider.choose("Not upheld", within="Your finding")
    decider.fill("Your reasons for each finding", "One person said it, another did not hear it.")
    decider.fill("Your letter to the complainant", "We did not find enough.")
    decider.tick("The letter explains the right to appeal")
    decider.press(CHECK)
    decider.press("Give the decision")


def offer(officer: Visitor, case: str, step: str, name: str) -> None:
    officer.do(case, step)
    officer.choose(name)
    officer.press("Send the offer")


def send_back(manager: Visitor, case: str, watch: Watch) -> None:
    manager.find(case)
    for step in ("Accept this case", "Begin the appeal"):
        manager.press(step)
        manager.tick(SIGN)
        manager.press(step)
    watch.go_on(days=2)
    manager.press("Record the appeal meeting")
    manager.fill_date("On which day did you meet?", watch.now.date())
    manager.tick(COMPANION)
    manager.press("Record the appeal meeting")
    manager.press("Send back for a fresh investigation")
    manager.fill("Your letter, with reasons", "Two people were not asked.")
    manager.press("Send back for a fresh investigation")


def test_the_informal_way_ends_when_the_complainant_says_so(
    signed_in: SignedIn, staff: Staff, watch: Watch, presses: Presses
) -> None:
    case = cases.raised(staff, way="informal").reference
    triage, complainant = signed_in("triage1"), signed_in("complainant1")
    triage.find(case)
    triage.press("Acknowledge and take on")
    triage.tick(SIGN)
    triage.press("Acknowledge and take on")
    triage.press("Check they are safe")
    triage.press("Save what you agreed")
    triage.press("Begin the informal way forward")
    triage.press("Begin the informal way forward")
    triage.press("Write a message")
    triage.fill("Your message", "They will say that they are sorry on Thursday.")
    triage.press("Send the message")
    watch.go_on(days=6)
    complainant.open(f"/cases/{case}/")
    complainant.reads("They will say that they are sorry")
    complainant.press("It is resolved: close it")
    complainant.tick("It is resolved, and this is my own wish")
    complainant.press("It is resolved: close it")
    complainant.reads("Closed")
    triage.open("/inbox/")
    triage.reads(case)
    presses("informal, agreed", 11)


def test_mediation_that_fails_goes_on_formally_with_other_people(
    signed_in: SignedIn, staff: Staff, presses: Presses
) -> None:
    case = edge_cases.mediating(staff).reference
    mediator, triage = signed_in("mediator1"), signed_in("triage1")
    mediator.do(case, "End mediation and go on formally")
    mediator.press("End mediation and go on formally")
    complainant = signed_in("complainant1")
    complainant.open(f"/cases/{case}/")
    complainant.reads("Finding a trained manager", "Mediation has ended")
    mediator.open(f"/cases/{case}/", status=404)
    for name in ("Handler 1", "Decider 1"):
        offer(triage, case, "Offer this case to someone", name)
    triage.does_not_read("Mediator 1")
    presses("mediation failed, formal", 6)


def test_a_withdrawal_under_pressure_is_not_closed(
    signed_in: SignedIn, staff: Staff, watch: Watch, presses: Presses
) -> None:
    case = cases.acknowledged(staff).reference
    complainant, triage = signed_in("complainant1"), signed_in("triage1")
    complainant.do(case, "Withdraw this concern")
    complainant.choose("Yes", within="Has anyone put pressure on you?")
    complainant.press("Ask to withdraw")
    complainant.reads("It is your choice", "raise it as a concern of its own")
    watch.go_on(days=10)
    triage.find(case)
    triage.reads("pressure")
    triage.reads("Speak with them first")
    triage.do(case, "Record the talk about withdrawing")
    triage.choose("Yes", within="Did you reach the complainant?")
    triage.choose("Yes", within="Did they say that anyone put pressure")
    triage.press("Record the talk about withdrawing")
    triage.reads("Speak with them first")
    complainant.do(case, "Keep my concern going")
    complainant.press("Keep my concern going")
    complainant.reads("You decided to go on")
    presses("withdrawn under pressure", 8)


def test_an_anonymous_concern_without_answers_closes_and_can_still_be_read(
    signed_in: SignedIn,
    visit: Callable[..., Visitor],
    staff: Staff,
    watch: Watch,
    presses: Presses,
) -> None:
    answers = {**ACCOUNT, "identity": Identity.ANONYMOUS.value, "region": "NORTH"}
    readers = [each.pk for each in submission.preview_anonymous(answers, now=watch.now)]
    sent = submission.submit_anonymous(answers, expected=readers, now=watch.now)
    case = sent.case.reference
    triage, lead = signed_in("triage1"), signed_in("lead1")
    triage.find(case)
    triage.press("Acknowledge and take on")
    triage.tick(SIGN)
    triage.press("Acknowledge and take on")
    for question in ("When was it?", "Who else was there?"):
        triage.press("Ask the complainant a question")
        triage.fill("Your question", question)
        triage.press("Ask the complainant a question")
    watch.go_on(days=31)
    triage.do(case, "Ask the casework lead for approval")
    triage.choose("Close because not enough")
    triage.fill("Why?", "Nobody answered.")
    triage.press("Ask the casework lead for approval")
    lead.do(case, "Answer a request for approval")
    lead.choose("Yes")
    lead.fill("Your reason", "Two questions, 20 working days.")
    lead.press("Answer a request for approval")
    triage.do(case, "Close: not enough could be learned")
    triage.fill("Tell the person why it closes", "You can come back at any time.")
    triage.press("Close: not enough could be learned")
    back = visit()
    back.open("/return/")
    back.fill("Your case key", sent.case_key)
    back.press("Open my concern")
    back.reads("You can come back at any time.", "Closed")
    presses("anonymous, too little learned", 14)


def test_reopened_for_retaliation_with_new_people(
    signed_in: SignedIn, staff: Staff, watch: Watch, presses: Presses
) -> None:
    case = cases.closed(staff).reference
    watch.go_on(days=400)
    complainant, lead = signed_in("complainant1"), signed_in("lead1")
    complainant.do(case, "Ask for this to be reopened")
    complainant.choose("Someone was treated badly")
    complainant.fill("What makes it necessary?", "My shifts were changed the week after.")
    complainant.press("Ask for this to be reopened")
    lead.open(f"/cases/{case}/")
    lead.reads("My shifts were changed")
    lead.press("Reopen")
    lead.choose("Someone was treated badly")
    lead.press("Reopen")
    lead.reads("You reopened the case")
    signed_in("handler1").open(f"/cases/{case}/", status=404)
    signed_in("triage1").open(f"/cases/{case}/", status=404)
    complainant.do(case, "Answer about a new person")
    complainant.choose(Welcome.FINE.label)
    complainant.press("Send my answer")
    triage = signed_in("triage2")
    triage.find(case)
    triage.press("Check they are safe")
    triage.press("Save what you agreed")
    presses("reopened for retaliation", 10)
