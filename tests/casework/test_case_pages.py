"""The pages of cases, as people meet them: the list, the case, its steps, its files."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.intake import drafts, submission
from tests.casework.case_page import page, text_of
from tests.factories import cases
from tests.factories.people import Staff
from tests.signing_in import come_back, sign_in

pytestmark = pytest.mark.usefixtures("two_days_after_the_start")


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


def test_who_waits_for_what_is_late_can_say_so_at_once(
    staff: Staff, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = cases.raised(staff, now=cases.at(0))
    said, href = "Tell us nothing is happening", f'href="{page(case)}say_stalled/"'
    for day, is_late in ((1, False), (9, True)):
        monkeypatch.setattr("grievances.web.shared.clock.now", lambda day=day: cases.at(day))
        monkeypatch.setattr(
            "grievances.web.shared.clock.today", lambda day=day: cases.at(day).date()
        )
        shown = text_of(sign_in(client, staff, "complainant1").get(page(case)))
        top = shown.partition("If you think of a tribunal")[0]
        assert (said in top and href in top) is is_late
