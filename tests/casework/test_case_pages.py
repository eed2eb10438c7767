"""The pages of cases, as people meet them: the list, the case, its steps, its files."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.evidence.file_types import safe_name
from grievances.intake import drafts, submission
from tests.factories import cases
from tests.factories.people import PASSWORD, Staff
from tests.signing_in import come_back, sign_in


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The interfaces read the day on which the cases of `given` happen."""
    monkeypatch.setattr("grievances.web.shared.clock.now", lambda: cases.at(2))


def page(case: Case, step: str = "") -> str:
    return f"/cases/{case.reference}/{step}/" if step else f"/cases/{case.reference}/"


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


WORKERS = {
    "SUBMITTED": ("triage1", "lead1"),
    "TRIAGE": ("triage1", "lead1"),
    "INFORMAL": ("triage1", "lead1"),
    "ALLOCATION": ("triage1", "lead1"),
    "INVESTIGATION": ("triage1", "handler1", "decider1", "lead1"),
    "DECISION": ("handler1", "decider1", "lead1"),
    "OUTCOME": ("decider1", "lead1"),
    "APPEAL_ALLOCATION": ("triage1", "lead1"),
    "APPEAL": ("appeal1", "lead1"),
    "ON_HOLD": ("triage1", "handler1", "lead1"),
    "WITHDRAWAL_PENDING": ("triage1", "lead1"),
    "CLOSED": ("triage1", "lead1"),
}


@pytest.mark.parametrize("state", cases.STATES)
def test_every_page_and_every_form_that_is_shown_can_be_opened(
    staff: Staff, client: Client, state: str
) -> None:
    case = cases.STATES[state](staff)
    for name in ("complainant1", "dpo1", *WORKERS[state]):
        sign_in(client, staff, name)
        response = client.get(page(case))
        assert response.status_code == 200, name
        for href in re.findall(rf'href="({page(case)}[a-z_]+/)"', text_of(response)):
            assert client.get(href).status_code == 200, (name, href)


def test_the_list_puts_what_is_overdue_first_and_says_so_in_plain_words(
    staff: Staff, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = cases.raised(staff, now=cases.at(0))
    soon = cases.raised(staff, "complainant2", now=cases.at(4), about="")
    monkeypatch.setattr("grievances.web.shared.clock.now", lambda: cases.at(5))
    shown = text_of(sign_in(client, staff, "triage1").get("/cases/"))
    assert shown.index(late.reference) < shown.index(soon.reference)
    assert "working day late" in shown or "working days late" in shown
    assert "Due in" in shown
    assert "You: acknowledge the concern" in shown


def test_an_empty_list_says_what_to_do_next(staff: Staff, client: Client) -> None:
    assert "Raise a concern" in text_of(sign_in(client, staff, "staff1").get("/cases/"))
    assert "Go to the reports" in text_of(sign_in(client, staff, "analyst1").get("/cases/"))


FEW = 18
"""Queries of the list and of a case page: fewer than this, whatever the number of cases."""


def test_the_list_costs_the_same_for_ten_cases_and_for_sixty(staff: Staff, client: Client) -> None:
    sign_in(client, staff, "triage1")
    client.get("/support/")  # the session notes once until when it lasts
    counts = []
    for wanted in (10, 60):
        while Case.unguarded.count() < wanted:
            cases.raised(staff)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get("/cases/").status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]
    assert counts[0] < FEW, counts


def test_the_case_page_costs_the_same_however_many_cases_there_are(
    staff: Staff, client: Client
) -> None:
    case = cases.in_investigation(staff)
    for name in ("handler1", "complainant1", "triage1"):
        sign_in(client, staff, name)
        counts = []
        for more in (0, 10):
            for _ in range(more):
                cases.raised(staff, "complainant2", about="")
            client.get(page(case))
            with CaptureQueriesContext(connection) as caught:
                client.get(page(case))
            counts.append(len(caught))
        assert counts[0] == counts[1]
        assert counts[0] < FEW, (name, counts)


def test_a_complainant_reads_her_dates_and_that_the_tribunal_limit_runs_on(
    staff: Staff, client: Client
) -> None:
    case = cases.held(staff, last_day="2026-11-20", when="Friday")
    shown = text_of(sign_in(client, staff, "complainant1").get(page(case)))
    assert "Your tribunal time limit has not paused." in shown
    assert "contact Acas by 19 February 2027" in shown
    assert "six months" in shown
    assert "Exit this page" in shown
    assert "0300 123 1100" in shown
    assert "<title>Your page - Fair Hearing</title>" in shown


def test_a_decision_that_is_not_upheld_is_said_without_doubt_in_the_person(
    staff: Staff, client: Client
) -> None:
    case = cases.decided(staff, finding="NOT_UPHELD")
    shown = text_of(sign_in(client, staff, "complainant1").get(page(case)))
    assert "That does not mean we think you were untruthful." in shown


def test_a_candidate_sees_the_essentials_and_no_word_of_the_concern(
    staff: Staff, client: Client
) -> None:
    case = cases.in_allocation(staff)
    cases.done(
        staff, case, "triage1", "offer", cases.START, role="handler", candidate=staff["handler1"]
    )
    shown = text_of(sign_in(client, staff, "handler1").get(page(case)))
    assert "Accept this case" in shown
    assert "North" in shown
    assert "PLANTED" not in shown
    assert "Complainant 1" not in shown


def test_an_anonymous_person_comes_back_to_the_same_pages(staff: Staff, client: Client) -> None:
    answers = {**cases.ACCOUNT, "region": "NORTH"}
    readers = [person.pk for person in submission.preview_anonymous(answers, now=cases.START)]
    sent = submission.submit_anonymous(answers, expected=readers, now=cases.START)
    come_back(client, sent.case_key)
    assert sent.case.reference in text_of(client.get("/cases/"))
    shown = text_of(client.get(page(sent.case)))
    assert "We do not know who you are" in shown
    for href in re.findall(rf'href="({page(sent.case)}[a-z_]+/)"', shown):
        assert client.get(href).status_code == 200, href
    assert client.post(page(sent.case, "message"), {"text": "Still here"}).status_code == 302
    assert "Still here" in text_of(client.get(page(sent.case)))


def test_a_draft_leads_back_to_the_place_where_it_is_written(staff: Staff, client: Client) -> None:
    case = drafts.open_draft(staff["complainant1"], staff.caller("complainant1"), now=cases.START)
    sign_in(client, staff, "complainant1")
    assert client.get(page(case)).headers["location"] == "/raise/"
    assert "Not sent yet" in text_of(client.get("/cases/"))
    assert client.get(page(case, "delete_draft")).status_code == 200
    assert client.post(page(case, "delete_draft")).headers["location"] == "/cases/"
    assert not Case.unguarded.filter(pk=case.pk).exists()


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
        (
            "appeal1",
            "decide_appeal",
            {
                "outcome": "appeal_dismissed",
                "finding_1": "stands",
                "reasons": "Why.",
                "companion_asked": "on",
            },
        ),
    ]


def test_an_appeal_says_what_it_puts_in_the_place_of_a_finding(
    staff: Staff, client: Client
) -> None:
    case = cases.in_appeal(staff, finding="NOT_UPHELD")
    case.actions.all().delete()  # nothing was promised when nothing was upheld
    due = named("action_due", {"_day": "4", "_month": "1", "_year": "2027"})
    letter = {"outcome": "appeal_upheld", "reasons": "She was heard.", "companion_asked": "on"}
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


def test_an_appeal_from_before_findings_were_asked_for_says_nothing_of_what_stands(
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


def named(name: str, parts: dict[str, str]) -> dict[str, str]:
    return {f"{name}{part}": value for part, value in parts.items()}


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


def test_somebody_who_is_not_fit_stands_in_the_list_greyed_and_with_the_reason(
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


def hidden(response: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', text_of(response))
    assert found is not None
    return found.group(1)


def test_a_double_press_of_the_button_has_one_effect(staff: Staff, client: Client) -> None:
    case = cases.raised(staff)
    sign_in(client, staff, "complainant1")
    once = hidden(client.get(page(case, "message")), "once")
    for _ in range(2):
        response = client.post(page(case, "message"), {"text": "Hello", "once": once})
        assert response.status_code == 302
    assert Event.objects.filter(kind="case.message").count() == 1


def test_outsiders_get_the_page_for_what_is_not_there_and_the_refusal_is_an_event(
    staff: Staff, client: Client
) -> None:
    case = cases.raised(staff)
    sign_in(client, staff, "respondent1")
    mine = client.get(page(case))
    none = client.get("/cases/RC-222222/")
    assert mine.status_code == none.status_code == 404
    assert mine.content == none.content
    assert client.post(page(case, "message"), {"text": "x"}).status_code == 404
    assert Event.objects.filter(kind="case.refused").count() == 3


def test_a_step_of_another_role_looks_like_one_that_does_not_exist(
    staff: Staff, client: Client
) -> None:
    case = cases.raised(staff)
    sign_in(client, staff, "complainant1")
    assert client.get(page(case, "decide")).content == client.get(page(case, "no_such")).content


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


def test_names_to_keep_away_that_nobody_has_are_said(staff: Staff, client: Client) -> None:
    case = cases.raised(staff)
    sign_in(client, staff, "complainant1")
    response = client.post(page(case, "exclude"), {"people": "triage1\nNobody Known"})
    assert "Nobody Known" in text_of(response)
    assert client.post(page(case, "exclude"), {"people": "triage1"}).status_code == 302
    assert sign_in(client, staff, "triage1").get(page(case)).status_code == 404


def test_a_file_goes_in_and_comes_out_as_a_file_to_save(staff: Staff, client: Client) -> None:
    case = cases.raised(staff)
    sign_in(client, staff, "complainant1")
    name = 'rota "final".html'
    upload = SimpleUploadedFile(name, b"On Monday.\n<script>alert(1)</script>")
    assert (
        client.post(page(case, "add_evidence"), {"file": upload, "others": "copy"}).status_code
        == 302
    )
    shown = text_of(client.get(page(case)))
    assert "Files are not scanned for viruses here" in shown
    href = re.search(r'href="(/cases/[^"]*/evidence/[^"]*)"', shown)
    assert href is not None
    response = client.get(href.group(1))
    assert b"".join(response.streaming_content) == b"On Monday.\n<script>alert(1)</script>"  # type: ignore[attr-defined]
    assert response.headers["content-type"] == "application/octet-stream"
    disposition = response.headers["content-disposition"]
    assert disposition == 'attachment; filename="rota final.html.txt"'
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in response.headers["content-security-policy"]
    assert sign_in(client, staff, "lead1").get(href.group(1)).status_code == 404


def test_an_empty_file_and_one_that_is_too_large_are_refused_in_a_sentence(
    staff: Staff, client: Client, settings: LazySettings
) -> None:
    settings.EVIDENCE_MAX_BYTES = 1024
    case = cases.raised(staff)
    sign_in(client, staff, "complainant1")
    empty = client.post(page(case, "add_evidence"), {"file": SimpleUploadedFile("a.txt", b"")})
    large = client.post(
        page(case, "add_evidence"), {"file": SimpleUploadedFile("a.txt", b"x" * 2000)}
    )
    assert "This file is empty" in text_of(empty)
    assert "This file is too large" in text_of(large)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\rota.pdf", "rota.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ('quo"te.pdf', "quote.pdf"),
        ("...", "file"),
        ("", "file"),
        ("x" * 300 + ".docx", "x" * 115 + ".docx"),
        ("r\u00e9sum\u00e9.pdf", "r\u00e9sum\u00e9.pdf"),
    ],
)
def test_a_hostile_file_name_is_made_harmless(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_the_ledger_says_who_opened_what_and_when(staff: Staff, client: Client) -> None:
    case = cases.raised(staff)
    sign_in(client, staff, "triage1").get(page(case))
    sign_in(client, staff, "complainant1")
    shown = text_of(client.get(page(case, "ledger")))
    assert "Triage officer" in shown
    assert "opened the case" in shown
    assert "23 November 2026" in shown
    assert sign_in(client, staff, "triage1").get(page(case, "ledger")).status_code == 404


def test_the_key_that_has_not_arrived_is_said_and_not_a_fault(staff: Staff, client: Client) -> None:
    case = cases.in_allocation(staff)
    cases.done(
        staff, case, "lead1", "offer", cases.START, role="handler", candidate=staff["handler1"]
    )
    cases.done(staff, case, "handler1", "accept", cases.START, declare=True)
    sign_in(client, staff, "handler1")
    assert "The key has not reached you yet" in text_of(client.get(page(case)))
