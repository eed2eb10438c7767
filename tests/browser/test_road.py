"""The whole course of one concern, each person at their own browser."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from grievances.deadlines.sweep import run_clocks
from grievances.reports import catalogue
from grievances.reports.builders import Due, Run
from grievances.reports.fact_models import Ending
from tests.browser import raising
from tests.browser.conftest import Presses, SignedIn, Watch
from tests.browser.visitor import Visitor
from tests.factories import cases
from tests.reports.report_factory import YEAR, Concern, store

pytestmark = pytest.mark.slow

SIGN = "I have no personal, work or social connection"
CHECK = "Check before you send"
ONWARD = "Do this, then the next step"
COMPANION = "I told them in writing that they may bring a companion"


def test_a_concern_goes_the_whole_road_from_the_first_word_to_the_survey(
    signed_in: SignedIn, watch: Watch, presses: Presses
) -> None:
    case = raise_it(signed_in("complainant1"))
    agree_the_way(signed_in("triage1"), signed_in("complainant1"), case)
    find_people(signed_in, case)
    watch.go_on(days=9)
    investigate(signed_in("handler1"), case, watch)
    decide(signed_in("decider1"), case, watch)
    presses("formal, upheld with three actions", 51)
    appeal(signed_in, case, watch)
    answer_the_survey(signed_in("complainant1"), case, watch)
    watch.go_on(days=365)
    read_the_reports(signed_in("analyst1"))
    for name in ("respondent1", "linemanager1", "admin1", "staff1", "triage2"):
        signed_in(name).open(f"/cases/{case}/", status=404)


def raise_it(complainant: Visitor) -> str:
    raising.begin(complainant)
    raising.answer(complainant, share="")
    complainant.reads("Triage 1", "Triage 2")
    complainant.press("Take out Triage 2")
    complainant.reads("You took out")
    complainant.press("Continue")
    complainant.reads(raising.STORY, "Triage 1")
    complainant.does_not_read("Triage 2")
    complainant.press("Send my concern")
    complainant.reads("We have received your concern", "25 November 2026")
    case = raising.reference_on(complainant)
    complainant.press("Go to your case")
    complainant.reads("Thank you for telling us", raising.STORY)
    return case


def agree_the_way(triage: Visitor, complainant: Visitor, case: str) -> None:
    triage.find(case)
    triage.reads(raising.STORY)
    triage.press("Acknowledge and take on")
    triage.press("Acknowledge and take on")
    triage.reads("There is a problem")
    triage.tick(SIGN)
    triage.press(ONWARD)
    triage.reads("You took the concern on", "Check they are safe")
    triage.press(ONWARD)
    triage.reads("Ask who to keep out")
    triage.press(ONWARD)
    triage.reads("Ask whether we may share your name")
    triage.press("Ask them")
    triage.reads("You are waiting for the complainant")
    complainant.open(f"/cases/{case}/")
    complainant.reads("We have a question for you")
    complainant.press("Choose who knows your name")
    complainant.press("Save my answer")
    complainant.reads("Choose an answer")
    complainant.choose("Yes")
    complainant.press("Save my answer")
    complainant.does_not_read("We have a question for you")
    triage.open(f"/cases/{case}/")
    triage.does_not_read("You are waiting for the complainant")
    triage.press("Agree the formal way forward")
    triage.press(ONWARD)
    triage.reads("You agreed")


def find_people(signed_in: SignedIn, case: str) -> None:
    triage = signed_in("triage1")
    triage.choose("Handler 1")
    triage.press(ONWARD)
    triage.choose("Decider 1")
    triage.press("Send the offer")
    for name in ("handler1", "decider1"):
        person = signed_in(name)
        person.find(case)
        person.does_not_read(raising.STORY)
        person.press("Accept this case")
        person.tick(SIGN)
        person.press("Accept this case")


def investigate(handler: Visitor, case: str, watch: Watch) -> None:
    handler.do(case, "Begin the investigation")
    handler.tick(SIGN)
    handler.press("Begin the investigation")
    handler.reads(raising.STORY)
    handler.press("Record the meeting")
    handler.fill_date("On which day did you meet?", watch.now.date())
    handler.tick(COMPANION)
    handler.fill("Notes of the meeting", "We met and talked.")
    handler.press("Record the meeting")
    handler.press("Record the chance to answer")
    handler.fill_date("On which day were they asked?", watch.now.date())
    handler.press("Record the chance to answer")
    watch.go_on(days=7)
    handler.do(case, "Send the report to the decision maker")
    handler.tick("Part 1")
    handler.tick("The list of evidence is complete")
    handler.fill("Your report", "Three people heard it.")
    handler.press(CHECK)
    handler.reads("Three people heard it.")
    handler.press("Send the report")


def decide(decider: Visitor, case: str, watch: Watch) -> None:
    decider.do(case, "Give the decision")
    decider.choose("Upheld", within="Your finding")
    decider.fill("Your reasons for each finding", "Three people heard it.")
    decider.fill("Your letter to the complainant", "You were right to tell us.")
    decider.fill("What will be done?", "Training for the team")
    decider.fill("Who will do it?", "Staff 1")
    decider.fill_date("By when?", cases.at(60).date())
    for number, (what, who) in enumerate((("An apology", "Staff 2"), ("A talk", "Handler 2")), 2):
        decider.press("Add another action")
        decider.fill(f"Action {number}: what will be done?", what)
        decider.fill(f"Action {number}: who will do it?", who)
        decider.fill_date(f"Action {number}: by when?", cases.at(60).date())
    decider.tick("The letter explains the right to appeal")
    decider.press("Save as a draft")
    decider.reads("The draft is saved")
    decider.press(CHECK)
    decider.reads("You were right to tell us.")
    decider.press("Change it")
    decider.press(CHECK)
    decider.press("Give the decision")
    watch.go_on(days=1)


def appeal(signed_in: SignedIn, case: str, watch: Watch) -> None:
    complainant, triage, manager = map(signed_in, ("complainant1", "triage1", "appeal1"))
    complainant.open(f"/cases/{case}/")
    complainant.reads("You were right to tell us.", "has not paused")
    complainant.reads("Training for the team", "An apology", "A talk", "Who: Handler 2")
    complainant.press("Appeal")
    complainant.fill("What do you think was wrong", "The training comes too late.")
    complainant.press("Send my appeal")
    triage.do(case, "Offer this part to someone")
    triage.choose("Appeal 1")
    triage.press("Send the offer")
    manager.do(case, "Accept this case")
    manager.tick(SIGN)
    manager.press(ONWARD)
    manager.tick(SIGN)
    manager.press(ONWARD)
    manager.do(case, "Record the appeal meeting")
    manager.fill_date("On which day did you meet?", watch.now.date())
    manager.tick(COMPANION)
    manager.press("Record the appeal meeting")
    watch.go_on(days=2)
    manager.do(case, "Give the appeal decision")
    manager.choose("Varied")
    manager.choose("It stays as it was: upheld", within="The finding after the appeal")
    manager.fill("What will be done?", "The training is brought forward.")
    manager.fill("Who will do it?", "Staff 2")
    manager.fill_date("By when?", cases.at(70).date())
    manager.fill("Your letter, with reasons", "The training comes this month.")
    manager.press(CHECK)
    manager.press("Give the appeal decision")
    complainant.open(f"/cases/{case}/")
    complainant.reads("The training comes this month.", "Closed")
    complainant.press("Who has opened this, and when")
    complainant.reads("Handler", "opened the case")


def answer_the_survey(complainant: Visitor, case: str, watch: Watch) -> None:
    swept = run_clocks(watch.go_on(days=14))
    assert swept.failed == 0
    complainant.open("/inbox/")
    complainant.main.get_by_role("button", name="how it was for you").first.click()
    complainant.reads("How was it for you?")
    complainant.look()
    complainant.choose("Agree", within="I felt safe raising my concern")
    complainant.press("Send my answers")
    complainant.reads("Thank you")


def read_the_reports(analyst: Visitor) -> None:
    keep_a_year()
    for name in ("resolution-times", "satisfaction"):
        analyst.open("/reports/")
        analyst.press(re.compile("How was it" if name == "satisfaction" else "How long"))
        assert f"/reports/{name}/" in analyst.page.url
    analyst.open("/reports/resolution-times/?period=2022-23")
    assert "<svg" in analyst.main.inner_html()
    rows = take_file(analyst, "CSV").read_text(encoding="utf-8")
    assert rows.count("resolution-times,2022-23") > 10
    figures = json.loads(take_file(analyst, "JSON").read_text(encoding="utf-8"))
    assert figures["period"] == "2022-23"


def keep_a_year() -> None:
    """A year with concerns enough to show: a single one is never counted out loud."""
    concerns = []
    for n in range(200):
        day = date(2022, 4, 4) + timedelta(days=n)
        ending = Ending.UPHELD if n % 2 else Ending.WITHDRAWN
        concerns.append(Concern(day, day + timedelta(days=40 + n % 60), ending))
    store(concerns)
    Run(cases.START).make([Due(catalogue.RESOLUTION, YEAR), Due(catalogue.SATISFACTION, YEAR)])


def take_file(visitor: Visitor, name: str) -> Path:
    with visitor.page.expect_download() as waiting:
        visitor.main.get_by_role("link", name=name, exact=True).click()
    return waiting.value.path()
