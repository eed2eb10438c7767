"""What the page of a case offers next, and how one step leads on to the next."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from grievances.cases.models.case import Case
from grievances.web.shared import clock
from tests.factories import cases, edge_cases
from tests.factories.cases import at, done, fresh
from tests.factories.people import Staff
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db

SIGNED = {"declare": "on"}


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at(3))
    monkeypatch.setattr(clock, "today", lambda: at(3).date())


def next_button(staff: Staff, name: str, case: Case) -> str:
    """The words of the first button of the page of a case."""
    page = sign_in(Client(), staff, name).get(f"/cases/{case.reference}/").content.decode()
    found = re.search(r'class="govuk-button"[^>]*>\s*([^<]+?)\s*<', page.partition("</h1>")[2])
    assert found is not None, "the page has no button"
    return found.group(1)


@pytest.mark.parametrize(
    "how", [{"held_on": at(2).date()}, {"declined": True}], ids=["held", "declined"]
)
def test_an_appeal_manager_is_led_to_the_meeting_before_the_decision(
    staff: Staff, how: dict[str, Any]
) -> None:
    case = cases.in_appeal(staff)
    assert next_button(staff, "appeal1", case) == "Invite to the appeal meeting"
    invite = {"adjustments": "I asked.", "companion_told": True, "meets_on": date(2026, 12, 7)}
    done(staff, case, "appeal1", "invite_to_appeal_meeting", at(2), **invite)
    assert next_button(staff, "appeal1", fresh(case)) == "Record the appeal meeting"
    done(staff, case, "appeal1", "record_appeal_meeting", at(3), companion_asked=True, **how)
    assert next_button(staff, "appeal1", fresh(case)) == "Give the appeal decision"


def test_a_triage_officer_goes_from_the_receipt_to_two_offers_without_the_page_between(
    staff: Staff,
) -> None:
    case = cases.raised(staff)
    client, page = sign_in(Client(), staff, "triage1"), f"/cases/{case.reference}/"
    road: list[tuple[str, dict[str, Any], str]] = [
        ("acknowledge", SIGNED, "check_safety"),
        ("check_safety", {}, "ask_exclusions"),
        ("ask_exclusions", {}, "agree_formal"),
        ("agree_formal", {}, "offer"),
        ("offer", {"role": "handler", "candidate": staff["handler1"].pk}, "offer"),
        ("offer", {"role": "decider", "candidate": staff["decider1"].pk}, ""),
    ]
    for step, answers, following in road:
        form = client.get(f"{page}{step}/")
        assert b'name="onward"' in form.content, step
        answer = client.post(f"{page}{step}/", {**answers, "onward": "1"})
        assert answer.status_code == 302, (step, answer.content.decode()[:3000])
        wanted = f"{page}{following}/" if following else page
        assert answer["Location"] == wanted, step
    assert fresh(case).offers.count() == 2


def test_the_plain_button_comes_back_to_the_case_and_a_complainant_is_never_led_on(
    staff: Staff,
) -> None:
    case = cases.raised(staff)
    page = f"/cases/{case.reference}/"
    triage = sign_in(Client(), staff, "triage1")
    assert triage.post(f"{page}acknowledge/", SIGNED)["Location"] == page
    own = sign_in(Client(), staff, "complainant1")
    assert b'name="onward"' not in own.get(f"{page}message/").content
    sent = own.post(f"{page}message/", {"text": "Hello", "onward": "1"})
    assert sent["Location"] == page


def test_a_refusal_on_the_way_keeps_what_was_typed(staff: Staff) -> None:
    case = cases.raised(staff)
    triage = sign_in(Client(), staff, "triage1")
    refused = triage.post(f"/cases/{case.reference}/acknowledge/", {"onward": "1"})
    assert refused.status_code == 422
    assert b'name="onward"' in refused.content


def test_the_first_who_accepts_is_not_led_to_a_step_that_cannot_start(staff: Staff) -> None:
    case = cases.in_allocation(staff)
    for role in ("handler", "decider"):
        done(staff, case, "triage1", "offer", at(0), role=role, candidate=staff[f"{role}1"])
    page = f"/cases/{case.reference}/"
    handler, decider = (sign_in(Client(), staff, name) for name in ("handler1", "decider1"))
    first = handler.post(f"{page}accept/", {**SIGNED, "onward": "1"})
    assert first["Location"] == page
    assert b"This waits for another person" in handler.get(page).content
    assert decider.post(f"{page}accept/", {**SIGNED, "onward": "1"})["Location"] == page
    assert next_button(staff, "handler1", fresh(case)) == "Begin the investigation"


def test_a_mediator_is_never_led_to_end_the_mediation_as_failed(staff: Staff) -> None:
    case = edge_cases.mediating(staff)
    assert next_button(staff, "mediator1", case) == "Ask both people for their agreement"
    page = sign_in(Client(), staff, "mediator1").get(f"/cases/{case.reference}/").content
    assert b"End mediation and go on formally" in page, "it is still possible"
    done(staff, case, "mediator1", "ask_consent", at(1), what="settlement")
    edge_cases.agree(staff, case, "settlement")
    assert next_button(staff, "mediator1", fresh(case)) == "Record the agreement and close"


def test_a_handler_goes_from_the_offer_to_the_report_without_the_page_between(
    staff: Staff,
) -> None:
    """What the person it is about is asked comes before a record that they were asked."""
    case = cases.in_allocation(staff)
    for role in ("handler", "decider"):
        done(staff, case, "triage1", "offer", at(0), role=role, candidate=staff[f"{role}1"])
    done(staff, case, "decider1", "accept", at(0), declare=True)
    client, page = sign_in(Client(), staff, "handler1"), f"/cases/{case.reference}/"
    day = {"day": "23", "month": "11", "year": "2026"}
    held = {f"held_on_{part}": number for part, number in day.items()}
    asked = {f"asked_on_{part}": number for part, number in day.items()}
    road: list[tuple[str, dict[str, Any], str]] = [
        ("accept", SIGNED, "begin_investigation"),
        ("begin_investigation", SIGNED, "record_meeting"),
        ("record_meeting", {**held, "companion_asked": "on"}, "put_to_respondent"),
        ("record_respondent", asked, "submit_report"),
    ]
    for step, answers, following in road:
        answer = client.post(f"{page}{step}/", {**answers, "onward": "1"})
        assert answer.status_code == 302, (step, answer.content.decode()[:3000])
        assert answer["Location"] == f"{page}{following}/", step
    report = {"covered": "1", "evidence_complete": "on", "report": "Three people heard it."}
    report["gaps"] = "Nothing more was needed."
    assert (
        b"Send the report" in client.post(f"{page}submit_report/", {**report, "check": "1"}).content
    )
    assert client.post(f"{page}submit_report/", report)["Location"] == page
    assert fresh(case).state == "DECISION"


def test_once_both_have_accepted_the_date_names_the_handler_who_begins(staff: Staff) -> None:
    case = cases.in_allocation(staff)
    for name in ("triage1", "lead1"):
        read = page_of(staff, name, case)
        assert "Find a handler and a decision maker" in read, name
    case = cases.accepted(staff)
    for name, whose in {"triage1": "Handler", "complainant1": "Handler", "handler1": "You"}.items():
        read = page_of(staff, name, case)
        assert "Find a handler and a decision maker" not in read, name
        assert re.search(rf"Begin the investigation.*?Who does this:\s*{whose}", read, re.DOTALL)


def page_of(staff: Staff, name: str, case: Case) -> str:
    """The page of a case as one of the staff reads it."""
    return sign_in(Client(), staff, name).get(f"/cases/{case.reference}/").content.decode()
