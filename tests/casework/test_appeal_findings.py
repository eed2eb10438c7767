"""An appeal says what it puts in the place of each finding."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from grievances.cases.models.case import Case
from tests.casework.case_page import named, page, text_of
from tests.factories import cases
from tests.factories.people import Staff
from tests.signing_in import sign_in

pytestmark = pytest.mark.usefixtures("two_days_after_the_start")


def test_an_appeal_says_what_it_puts_in_the_place_of_a_finding(
    staff: Staff, client: Client
) -> None:
    case = cases.appeal_heard(staff, finding="NOT_UPHELD")
    case.actions.all().delete()  # nothing was promised when nothing was upheld
    due = named("action_due", {"_day": "4", "_month": "1", "_year": "2027"})
    letter = {"outcome": "appeal_upheld", "reasons": "She was heard."}
    sign_in(client, staff, "appeal1")
    asked = text_of(client.get(page(case, "decide_appeal")))
    assert "It stays as it was: not upheld" in asked
    refused = client.post(page(case, "decide_appeal"), {**letter, "finding_1": "stands"})
    assert refused.status_code == 422
    assert "Say which finding changes" in text_of(refused)
    assert "She was heard." in text_of(refused)
    without = client.post(page(case, "decide_appeal"), {**letter, "finding_1": "UPHELD"})
    assert "Say what will be done, who will do it and by when." in text_of(without)
    action = {"action": "A new panel", "action_owner": "staff1", **due}
    done = client.post(page(case, "decide_appeal"), {**letter, **action, "finding_1": "UPHELD"})
    assert done.status_code == 302, text_of(done)
    assert cases.fresh(case).outcome == "NOT_UPHELD", "what was decided first stays in the reports"
    assert re.search(
        r"After the appeal\s*</dt>\s*<dd[^>]*>\s*Upheld", text_of(client.get(page(case)))
    )
    shown = text_of(sign_in(client, staff, "complainant1").get(page(case)))
    assert "The outcome now: <strong>upheld</strong>." in shown
    assert "A new panel" in shown


def test_an_appeal_from_before_findings_were_asked_for_says_nothing_of_the_rest(
    staff: Staff, client: Client
) -> None:
    case = cases.in_appeal(staff, finding="NOT_UPHELD")
    for reason, says in (("upheld", False), ("varied", False), ("dismissed", True)):
        Case.unguarded.filter(pk=case.pk).update(
            state="CLOSED", close_reason=f"appeal_{reason}", closed_on=cases.START.date()
        )
        shown = text_of(sign_in(client, staff, "complainant1").get(page(case)))
        assert ("The outcome now" in shown) is says


def test_a_new_decision_is_not_covered_by_the_appeal_of_an_earlier_episode(staff: Staff) -> None:
    """A case that is reopened keeps its findings until it is decided again."""
    case = cases.in_decision(staff)
    case.allegations.update(finding="UPHELD", appeal_finding="NOT_UPHELD")
    decision = {
        "findings": {"1": "PARTLY"}, "reasons": "Why.", "letter": "Our decision.",
        "appeal_rights": True, "action": "Training", "action_owner": "HR",
        "action_due": date(2027, 1, 4),
    }  # fmt: skip
    cases.done(staff, case, "decider1", "decide", cases.START, **decision)
    assert cases.fresh(case).outcome_that_stands() == "PARTLY"
