"""The story in README is followed as it is written: the same people, the same buttons, in order."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from grievances.cases.access import rules
from grievances.cases.models.case import Case
from grievances.demo.accounts import ACCOUNTS
from grievances.web.shared import clock
from tests.architecture.syntax import ROOT
from tests.factories.cases import START, fresh
from tests.factories.people import Staff
from tests.intake.raising import hidden, page_of, sent
from tests.signing_in import sign_in
from workflow.steps import steps

pytestmark = pytest.mark.django_db

TODAY = {"day": START.day, "month": START.month, "year": START.year}


def on(name: str, **day: int) -> dict[str, Any]:
    """Return a date as the three boxes of a page."""
    return {f"{name}_{part}": value for part, value in {**TODAY, **day}.items()}


ANSWERS: dict[str, dict[str, Any]] = {
    "acknowledge": {"declare": "on"},
    "share_name": {"share": "no"},
    "accept": {"declare": "on"},
    "begin_investigation": {"declare": "on"},
    "record_meeting": {"companion_asked": "on", "notes": "We met.", **on("held_on")},
    "record_respondent": on("asked_on"),
    "submit_report": {"covered": "1", "evidence_complete": "on", "report": "I asked three people."},
    "decide": {
        "finding_1": "UPHELD",
        "reasons": "Three people heard it.",
        "letter": "You were right to tell us.",
        "action": "Training",
        "action_owner": "handler2",
        "appeal_rights": "on",
        **on("action_due", year=START.year + 1),
    },
    "appeal": {"grounds": "Too late."},
}
"""What a reader fills in where a page asks; everything else stays as it is found."""


def road() -> list[str]:
    """Return the eight lines of the story."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.partition("## One concern in eight lines")[2].partition("\n## ")[0]
    found = re.split(r"^\d\. ", section, flags=re.MULTILINE)[1:]
    return [" ".join(line.split()) for line in found]


def labels() -> dict[str, str]:
    """Return the name of each step by what its button says."""
    return {step.label: name for name, step in steps(Case).items()}


def turns(line: str) -> list[tuple[str, str]]:
    """Return (user, step) in the order in which a line names them, other buttons left out."""
    found: list[tuple[str, str]] = []
    who: list[str] = []
    for user, label in re.findall(r"`(\w+\d)`|(?<!\*)\*([^*]+)\*(?!\*)", line):
        if user:
            who = [*who, user] if found_and(line, who, user) else [user]
        elif label in labels():
            found += [(each, labels()[label]) for each in who]
    return found


def found_and(line: str, who: list[str], user: str) -> bool:
    """Tell whether a line names two people who do the same: "`handler1` and `decider1` each"."""
    return bool(who) and f"`{who[-1]}` and `{user}` each" in line


def press(staff: Staff, case: Case, who: str, step: str, **answers: Any) -> None:
    """Open the page of a step as a person and press its button."""
    client = sign_in(Client(), staff, who)
    page = client.get(f"/cases/{case.reference}/{step}/")
    assert page.status_code == 200, f"{who} has no page for {step}"
    html = page.content.decode()
    kept = {name: hidden(html, name) for name in ("once", "seen")}
    sent_form = {**kept, **ANSWERS.get(step, {}), **answers}
    answer = client.post(f"/cases/{case.reference}/{step}/", sent_form)
    assert answer.status_code == 302, f"{who} {step}: {errors_of(page_of(answer))}"


def errors_of(html: str) -> list[str]:
    return re.findall(r'error-message"[^>]*>(.*?)</p>', html) or [html[:3000]]


def test_the_road_has_eight_lines_and_names_only_people_and_buttons_that_exist() -> None:
    lines = road()
    assert len(lines) == 8
    people = {entry.username for entry in ACCOUNTS}
    assert {user for line in lines for user in re.findall(r"`([a-z]+\d)`", line)} <= people
    pages = "".join(
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "templates").rglob("*.html"))
    )
    for line in lines:
        for label in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", line):
            assert label in labels() or label in pages, label


def test_the_road_leads_from_the_first_word_to_the_end(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: START)
    monkeypatch.setattr(clock, "today", lambda: START.date())
    lines = road()
    assert "choose" not in lines[0], "the answers that a reader finds must lead on"
    _, case = sent(staff, name={}, contact={"contact": "PORTAL"})
    offers = iter([("handler", "handler1"), ("decider", "decider1")])
    walked = []
    for line in lines[1:6]:
        for who, step in turns(line):
            if step == "offer":
                for role, name in offers:
                    press(staff, case, who, step, role=role, candidate=staff[name].pk)
            elif step == "appeal":
                continue  # the other way, after which the case is not closed
            else:
                press(staff, case, who, step)
            walked.append(step)
    assert fresh(case).state == "CLOSED"
    assert walked == [
        "acknowledge", "check_safety", "ask_exclusions", "ask_to_share_name", "share_name",
        "agree_formal", "offer", "accept", "accept", "begin_investigation", "record_meeting",
        "record_respondent", "submit_report", "decide", "accept_outcome",
    ]  # fmt: skip
    assert set(walked) <= set(rules.DECLARED)
