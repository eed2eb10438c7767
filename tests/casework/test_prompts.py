"""What a page puts before the person whose turn it is, so that no one has to remember it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from grievances.cases.models.case import Case
from tests.casework.case_page import page, text_of
from tests.factories import cases
from tests.factories.people import Staff
from tests.participants import hearing
from tests.signing_in import sign_in

TELL = "Tell the person it is about what was decided"


def task(shown: str, title: str) -> str:
    """The line of a task list that begins with this title, without tags."""
    line = re.search(rf"<li[^>]*>(?:(?!</li>).)*{re.escape(title)}.*?</li>", shown)
    assert line is not None, title
    return re.sub(r"<[^>]+>", " ", line[0])


def seen_by(client: Client, staff: Staff, case: Case, name: str) -> str:
    return text_of(sign_in(client, staff, name).get(page(case)))


def test_the_decision_maker_is_prompted_to_tell_those_who_were_heard_until_they_have(
    staff: Staff, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = hearing.decided_after(staff)
    monkeypatch.setattr("grievances.web.shared.clock.now", lambda: cases.at(3))
    assert "To do" in task(seen_by(client, staff, case, "decider1"), TELL)
    told = {"person": staff["respondent1"], "text": "Not upheld.", "checked": True}
    cases.done(staff, case, "decider1", "tell_respondent", cases.at(3), **told)
    assert "Done on" in task(seen_by(client, staff, case, "decider1"), TELL)


def test_an_action_that_should_have_been_done_is_called_late(
    staff: Staff, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = cases.decided(staff)
    shown = seen_by(client, staff, case, "decider1")
    assert "To do" in task(shown, "Record that an action is done")
    monkeypatch.setattr("grievances.web.shared.clock.now", lambda: cases.at(120))
    case.deadlines.all().delete()
    shown = seen_by(client, staff, case, "decider1")
    assert "Late" in task(shown, "Record that an action is done")


def test_triage_is_told_that_the_complainant_has_not_said_who_may_know_their_name(
    staff: Staff, client: Client
) -> None:
    case = cases.raised(staff, identity="CONFIDENTIAL", share="later")
    cases.done(staff, case, "triage1", "acknowledge", cases.START, declare=True)
    assert "they have not said yet whether it may be shared" in seen_by(
        client, staff, case, "triage1"
    )
