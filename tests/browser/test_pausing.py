"""Pauses, second thoughts and other ways forward, each asked for at a browser."""

from __future__ import annotations

from grievances.choices import Welcome
from grievances.vocabulary import Identity
from tests.browser.conftest import SignedIn, Watch
from tests.browser.visitor import Visitor
from tests.factories import cases
from tests.factories.people import Staff


def test_a_pause_shows_its_dates_first_and_ends_when_the_work_goes_on(
    signed_in: SignedIn, staff: Staff, watch: Watch
) -> None:
    case = cases.in_investigation(staff).reference
    handler, complainant = signed_in("handler1"), signed_in("complainant1")
    handler.do(case, "Pause")
    handler.reads("does not pause the time limit for a tribunal")
    handler.fill_date("On which day will you look at it again?", cases.at(9).date())
    handler.press("Show what becomes of the dates")
    handler.reads("If you pause now until that day", "becomes")
    handler.choose("The complainant asked")
    handler.fill("Tell the complainant why", "You asked us to wait until you are back.")
    handler.press("Pause")
    handler.reads("You paused the case")
    complainant.open(f"/cases/{case}/")
    complainant.reads("because you asked us to", "Your tribunal time limit has not paused")
    watch.go_on(days=3)
    complainant.press("Go on again")
    complainant.press("Go on again")
    complainant.reads("You ended the pause")
    move_a_date(signed_in("lead1"), case)


def move_a_date(lead: Visitor, case: str) -> None:
    lead.do(case, "Move a date")
    lead.choose("Finish the investigation")
    lead.fill("By how many working days?", "many")
    lead.fill("Tell the complainant why", "A witness is away.")
    lead.press("Move a date")
    lead.reads("Give a whole number of working days")
    lead.fill("By how many working days?", "5")
    lead.press("Move a date")
    lead.reads("You moved a date")


def test_withdrawing_takes_two_thoughts_and_a_talk_and_can_be_undone(
    signed_in: SignedIn, staff: Staff, watch: Watch
) -> None:
    case = cases.acknowledged(staff).reference
    complainant, triage, lead = map(signed_in, ("complainant1", "triage1", "lead1"))
    withdraw(complainant, case)
    complainant.press("Keep my concern going")
    complainant.press("Keep my concern going")
    complainant.reads("You decided to go on")
    withdraw(complainant, case)
    triage.do(case, "Record the talk about withdrawing")
    triage.choose("Yes", within="Did you reach the complainant?")
    triage.choose("No", within="Did they say that anyone put pressure")
    triage.press("Record the talk about withdrawing")
    watch.go_on(days=10)
    triage.do(case, "Close as withdrawn")
    triage.press("Close as withdrawn")
    complainant.do(case, "Ask for this to be reopened")
    complainant.choose("There is new evidence")
    complainant.press("Ask for this to be reopened")
    lead.do(case, "Reopen")
    lead.choose("There is new evidence")
    lead.press("Reopen")
    lead.reads("You reopened the case")


def withdraw(complainant: Visitor, case: str) -> None:
    complainant.do(case, "Withdraw this concern")
    complainant.choose("No", within="Has anyone put pressure on you?")
    complainant.press("Ask to withdraw")
    complainant.reads("It is your choice")


def test_the_informal_way_turns_formal_without_a_reason(signed_in: SignedIn, staff: Staff) -> None:
    case = cases.informal(staff).reference
    complainant = signed_in("complainant1")
    complainant.do(case, "Switch to the formal way forward")
    complainant.press("Switch to the formal way forward")
    complainant.reads("trained manager")


def test_mediation_begins_and_ends_with_two_people_who_say_yes_themselves(
    signed_in: SignedIn, staff: Staff
) -> None:
    case = cases.acknowledged(staff, identity=Identity.OPEN.value).reference
    triage, mediator = signed_in("triage1"), signed_in("mediator1")
    ask(triage, case, "Take part in mediation")
    both_say_yes(signed_in)
    triage.do(case, "Begin mediation")
    triage.choose("Mediator 1")
    triage.press("Begin mediation")
    complainant = signed_in("complainant1")
    complainant.do(case, "Answer about a new person")
    complainant.choose("Mediator 1")
    complainant.choose(Welcome.FINE.label)
    complainant.press("Send my answer")
    ask(mediator, case, "Confirm the agreement")
    both_say_yes(signed_in)
    mediator.do(case, "Record the agreement and close")
    mediator.fill("What was agreed?", "They will talk to each other with respect.")
    mediator.press("Record the agreement and close")
    signed_in("respondent1").open(f"/cases/{case}/", status=404)
    complainant.open(f"/cases/{case}/")
    complainant.reads("with respect")


def ask(worker: Visitor, case: str, what: str) -> None:
    worker.do(case, "Ask both people for their agreement")
    worker.choose(what)
    worker.press("Ask both people for their agreement")


def both_say_yes(signed_in: SignedIn) -> None:
    """Each finds the question in their own inbox; it names no case to the respondent."""
    for name in ("complainant1", "respondent1"):
        person = signed_in(name)
        person.open("/inbox/")
        person.main.get_by_role("button", name="yes or a no").first.click()
        person.press("Yes, I agree")
        person.reads("You said yes")
        assert name == "complainant1" or "RC-" not in person.main.inner_text()
