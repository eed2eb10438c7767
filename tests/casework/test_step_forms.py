"""The form of a step: it is taken, refused in a sentence, and loses nothing typed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from grievances.audit.models import Event
from tests.casework.case_page import hidden, named, page, text_of
from tests.factories import cases
from tests.factories.people import PASSWORD, Staff
from tests.signing_in import sign_in

pytestmark = pytest.mark.usefixtures("two_days_after_the_start")


def test_a_step_that_cannot_start_yet_says_why(staff: Staff, client: Client) -> None:
    case = cases.acknowledged(staff)
    shown = text_of(sign_in(client, staff, "triage1").get(page(case)))
    assert "Cannot start yet" in shown
    assert "Check first that they are safe." in shown


def test_a_step_is_taken_by_its_form_and_said_on_the_case_page(
    staff: Staff, client: Client
) -> None:
    case = cases.raised(staff)
    sign_in(client, staff, "triage1")
    response = client.post(page(case, "acknowledge"), {"declare": "on"}, follow=True)
    assert cases.fresh(case).state == "TRIAGE"
    assert "You took the concern on." in text_of(response)


def test_the_whole_road_can_be_walked_by_the_forms(staff: Staff, client: Client) -> None:
    case = cases.raised(staff)
    for name, step, answers in road(staff):
        sign_in(client, staff, name)
        assert client.get(page(case, step)).status_code == 200, step
        response = client.post(page(case, step), answers)
        assert response.status_code == 302, (step, text_of(response))
    assert cases.fresh(case).close_reason == "appeal_dismissed"


def road(staff: Staff) -> list[tuple[str, str, dict[str, Any]]]:
    day = {"_day": "23", "_month": "11", "_year": "2026"}
    due = {"_day": "4", "_month": "1", "_year": "2027"}
    return [
        ("triage1", "acknowledge", {"declare": "on"}),
        ("triage1", "check_safety", {"flags": ["HEALTH"], "note": "Moved desk."}),
        ("triage1", "ask_exclusions", {}),
        ("triage1", "agree_formal", {}),
        ("triage1", "offer", {"role": "handler", "candidate": staff["handler1"].pk}),
        ("handler1", "accept", {"declare": "on"}),
        ("triage1", "offer", {"role": "decider", "candidate": staff["decider1"].pk}),
        ("decider1", "accept", {"declare": "on"}),
        ("handler1", "begin_investigation", {"declare": "on"}),
        (
            "handler1",
            "record_meeting",
            {**named("held_on", day), "companion_asked": "on", "notes": "We met."},
        ),
        ("handler1", "record_respondent", named("asked_on", day)),
        (
            "handler1",
            "submit_report",
            {"covered": ["1"], "evidence_complete": "on", "report": "What I found out."},
        ),
        (
            "decider1",
            "decide",
            {
                "finding_1": "PARTLY",
                "reasons": "Why.",
                "letter": "Our decision.",
                "action": "Training",
                "action_owner": "staff1",
                **named("action_due", due),
                "appeal_rights": "on",
            },
        ),
        ("complainant1", "appeal", {"grounds": "You did not ask my colleague."}),
        ("triage1", "offer_later", {"role": "appeal", "candidate": staff["appeal1"].pk}),
        ("appeal1", "accept", {"declare": "on"}),
        ("appeal1", "begin_appeal", {"declare": "on"}),
        ("appeal1", "record_appeal_meeting", {"declined": "on", "companion_asked": "on"}),
        (
            "appeal1",
            "decide_appeal",
            {"outcome": "appeal_dismissed", "finding_1": "stands", "reasons": "Why."},
        ),
    ]


def test_a_refused_step_keeps_what_was_typed_and_gives_code_and_sentence(
    staff: Staff, client: Client
) -> None:
    case = cases.in_investigation(staff)
    sign_in(client, staff, "handler1")
    answers = {"covered": ["1"], "evidence_complete": "on", "report": "Three pages of work."}
    response = client.post(page(case, "submit_report"), answers)
    assert response.status_code == 422
    assert "MEETING_NOT_RECORDED" in text_of(response)
    assert "Three pages of work." in text_of(response)


def test_json_callers_are_refused_with_the_same_code_and_sentence(
    staff: Staff, client: Client
) -> None:
    case = cases.in_allocation(staff)
    sign_in(client, staff, "triage1")
    staff["handler1"].training.all().delete()
    answers = {"role": "handler", "candidate": staff["handler1"].pk}
    response = client.post(page(case, "offer"), answers, headers={"accept": "application/json"})
    assert response.status_code == 422
    assert response.json()["code"] == "NOT_CERTIFIED"
    missing = client.post(page(case, "merge"), {}, headers={"accept": "application/json"})
    assert missing.json()["code"] == "NOT_A_DUPLICATE"


def test_an_unfit_person_is_in_the_list_greyed_and_with_the_reason(
    staff: Staff, client: Client
) -> None:
    case = cases.in_allocation(staff)
    staff["handler2"].training.all().delete()
    shown = text_of(sign_in(client, staff, "triage1").get(page(case, "offer")))
    greyed = re.search(rf'<input[^>]*value="{staff["handler2"].pk}"[^>]*>', shown)
    assert greyed is not None
    assert "disabled" in greyed.group()
    assert "certificate for the role is not valid today" in shown


def test_a_step_out_of_turn_is_a_409_with_a_sentence(staff: Staff, client: Client) -> None:
    case = cases.acknowledged(staff)
    sign_in(client, staff, "triage1")
    response = client.get(page(case, "merge"))
    assert response.status_code == 200
    cases.done(staff, case, "triage1", "check_safety", cases.START, flags=[])
    cases.done(staff, case, "triage1", "ask_exclusions", cases.START)
    cases.done(staff, case, "triage1", "agree_formal", cases.START)
    for response in (
        client.get(page(case, "merge")),
        client.post(page(case, "merge"), {"into": "x"}),
    ):
        assert response.status_code == 409
        assert "TRANSITION_NOT_ALLOWED" in text_of(response)


def test_a_stale_page_is_refused_once_and_can_then_be_sent_again(
    staff: Staff, client: Client
) -> None:
    case = cases.in_investigation(staff)
    sign_in(client, staff, "handler1")
    seen = hidden(client.get(page(case, "recuse")), "seen")
    cases.done(
        staff,
        case,
        "handler1",
        "hold",
        cases.START,
        reason="C_SICK",
        explanation="Rest.",
        review_on=date(2026, 11, 27),
    )
    cases.done(staff, case, "handler1", "resume", cases.START)
    response = client.post(page(case, "recuse"), {"reason": "My cousin is named.", "seen": seen})
    assert response.status_code == 409
    assert "STALE_STATE" in text_of(response)
    assert "My cousin is named." in text_of(response)
    again = {"reason": "My cousin is named.", "seen": hidden(response, "seen")}
    assert client.post(page(case, "recuse"), again).headers["location"] == "/cases/"


def test_a_double_press_of_the_button_has_one_effect(staff: Staff, client: Client) -> None:
    case = cases.raised(staff)
    sign_in(client, staff, "complainant1")
    once = hidden(client.get(page(case, "message")), "once")
    for _ in range(2):
        response = client.post(page(case, "message"), {"text": "Hello", "once": once})
        assert response.status_code == 302
    assert Event.objects.filter(kind="case.message").count() == 1


@pytest.mark.parametrize(
    "typed",
    ["Hallo \U0001f642 \u0645\u0631\u062d\u0628\u0627", "one\x00two\x07 three", "x" * 20_000],
)
def test_any_words_arrive(staff: Staff, client: Client, typed: str) -> None:
    case = cases.raised(staff)
    sign_in(client, staff, "complainant1")
    assert client.post(page(case, "message"), {"text": typed}).status_code == 302
    shown = client.get(page(case)).content.decode()
    assert typed.replace("\x00", "").replace("\x07", "") in shown


def test_too_long_a_text_is_refused_in_a_sentence_with_nothing_lost(
    staff: Staff, client: Client
) -> None:
    case = cases.raised(staff)
    sign_in(client, staff, "complainant1")
    response = client.post(page(case, "message"), {"text": "y" * 200_000})
    assert response.status_code == 422
    assert "This is 200,000 characters long" in text_of(response)
    assert "y" * 200_000 in text_of(response)


def test_what_was_typed_comes_back_after_the_session_ended(staff: Staff, client: Client) -> None:
    case = cases.raised(staff)
    response = client.post(page(case, "message"), {"text": "Half an hour of typing"})
    assert "/accounts/login/" in response.headers["location"]
    sign_in_again(client, staff, "complainant1")
    shown = text_of(client.get(page(case, "message")))
    assert "Half an hour of typing" in shown
    assert "We kept what you had typed" in shown


def sign_in_again(client: Client, staff: Staff, name: str) -> None:
    """Sign in by the real form, which keeps the session's sealed typing."""
    client.post("/accounts/login/", {"login": name, "password": PASSWORD})


def test_a_pause_shows_what_becomes_of_the_dates_before_it_is_made(
    staff: Staff, client: Client
) -> None:
    case = cases.in_investigation(staff)
    sign_in(client, staff, "handler1")
    answers = {
        "reason": "C_LEAVE",
        "preview": "1",
        **named("review_on", {"_day": "30", "_month": "11", "_year": "2026"}),
    }
    response = client.post(page(case, "hold"), answers)
    assert "If you pause now until that day" in text_of(response)
    assert "becomes" in text_of(response)
    assert cases.fresh(case).state == "INVESTIGATION"


@pytest.mark.parametrize("year", ["2025", "2099"])
def test_a_review_day_that_cannot_be_is_a_sentence(staff: Staff, client: Client, year: str) -> None:
    case = cases.in_investigation(staff)
    sign_in(client, staff, "handler1")
    parts = {"_day": "30", "_month": "11", "_year": year}
    answers = {"reason": "C_LEAVE", "explanation": "x", **named("review_on", parts)}
    response = client.post(page(case, "hold"), answers, headers={"accept": "application/json"})
    assert (response.status_code, response.json()["code"]) == (422, "REVIEW_TOO_FAR")


def test_names_to_keep_away_that_no_one_has_are_said(staff: Staff, client: Client) -> None:
    case = cases.raised(staff)
    sign_in(client, staff, "complainant1")
    response = client.post(page(case, "exclude"), {"people": "triage1\nNobody Known"})
    assert "Nobody Known" in text_of(response)
    assert client.post(page(case, "exclude"), {"people": "triage1"}).status_code == 302
    assert sign_in(client, staff, "triage1").get(page(case)).status_code == 404
