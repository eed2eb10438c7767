"""Long forms are saved as drafts and shown once more before they are sent."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind
from tests.factories import cases
from tests.factories.cases import done, fresh
from tests.factories.people import Staff
from tests.intake.raising import everything_stored, is_hidden
from tests.page_time import pages_at
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db

DECISION = {
    "finding_1": "UPHELD", "reasons": "REASONS-OF-MINE here", "letter": "LETTER-OF-MINE here",
    "action": "ACTION-OF-MINE here", "action_owner": "staff1", "action_due_day": "4",
    "action_due_month": "1", "action_due_year": "2027", "appeal_rights": "on",
}  # fmt: skip
_page_time = pages_at(cases.at(3))


def page_of(case: Case, step: str = "decide") -> str:
    return f"/cases/{case.reference}/{step}/"


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def version_on(client: Client, case: Case, step: str = "decide") -> str:
    found = re.search(r'name="draft" value="(\w*)"', text_of(client.get(page_of(case, step))))
    assert found is not None
    return found[1]


def drafts_of(case: Case) -> int:
    return case.records.filter(kind=Kind.DRAFT).count()


def test_a_draft_survives_the_session_sealed_and_is_gone_once_it_is_sent(staff: Staff) -> None:
    case = cases.in_decision(staff)
    client = sign_in(Client(), staff, "decider1")
    half = {"reasons": "REASONS-OF-MINE here", "action_due_day": "4"}
    saved = client.post(page_of(case), {**half, "save": "1", "draft": ""}, follow=True)
    assert "The draft is saved. It was not sent." in text_of(saved)
    assert "There is a problem" not in text_of(saved)
    store = everything_stored()
    assert is_hidden("REASONS-OF-MINE", store)
    later = sign_in(Client(), staff, "decider1")
    shown = text_of(later.get(page_of(case)))
    assert "REASONS-OF-MINE here" in shown
    assert "This is a draft, saved on 24 November 2026 at 10:00 by: decision maker." in shown
    assert fresh(case).state == "DECISION"
    kept = {"draft": version_on(later, case)}
    assert later.post(page_of(case), {**DECISION, **kept}).status_code == 302
    assert fresh(case).state == "OUTCOME"
    assert drafts_of(case) == 0


@pytest.mark.parametrize("name", ["complainant1", "triage1", "handler1", "lead1", "dpo1"])
def test_no_one_else_reads_a_draft(staff: Staff, name: str) -> None:
    case = cases.in_decision(staff)
    sign_in(Client(), staff, "decider1").post(page_of(case), {**DECISION, "save": "1"})
    other = sign_in(Client(), staff, name)
    for address in (
        f"/cases/{case.reference}/", f"/cases/{case.reference}/print/", page_of(case),
        f"/cases/{case.reference}/export/", f"/cases/{case.reference}/ledger/",
    ):  # fmt: skip
        assert "OF-MINE" not in text_of(other.get(address))


def test_the_check_page_shows_everything_and_sends_nothing(staff: Staff) -> None:
    case = cases.in_decision(staff)
    client = sign_in(Client(), staff, "decider1")
    shown = text_of(client.post(page_of(case), {**DECISION, "check": "1"}))
    for words in (
        "Check before you send", "Nothing has been sent yet", "Upheld", "REASONS-OF-MINE here",
        "LETTER-OF-MINE here", "ACTION-OF-MINE here", "Staff 1", "Monday 4 January 2027",
    ):  # fmt: skip
        assert words in shown
    assert fresh(case).state == "DECISION"
    pairs = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown)
    answers = {name: value for name, value in pairs if name != "csrfmiddlewaretoken"}
    assert answers["letter"] == DECISION["letter"]
    changed = text_of(client.post(page_of(case), {**answers, "change": "1"}))
    assert "LETTER-OF-MINE here" in changed
    assert "There is a problem" not in changed
    assert client.post(page_of(case), answers).status_code == 302
    assert fresh(case).state == "OUTCOME"


def test_what_is_missing_is_said_before_the_check_page(staff: Staff) -> None:
    case = cases.in_decision(staff)
    client = sign_in(Client(), staff, "decider1")
    answer = client.post(page_of(case), {"reasons": "REASONS-OF-MINE", "check": "1"})
    assert answer.status_code == 422
    assert "There is a problem" in text_of(answer)
    assert "REASONS-OF-MINE" in text_of(answer)


def test_of_two_at_one_draft_the_second_is_told_and_loses_nothing(staff: Staff) -> None:
    case = cases.in_decision(staff)
    first, second = (sign_in(Client(), staff, "decider1") for _ in range(2))
    seen = {"draft": version_on(first, case)}
    assert version_on(second, case) == seen["draft"] == ""
    one = {**DECISION, **seen, "letter": "FIRST-LETTER", "save": "1"}
    assert first.post(page_of(case), one).status_code == 302
    for press in ({"save": "1"}, {"check": "1"}, {}):
        told = second.post(page_of(case), {**DECISION, **seen, "letter": "SECOND", **press})
        assert told.status_code == 409, press
        assert "saved from somewhere else after you opened it" in text_of(told)
        assert "SECOND" in text_of(told)
        assert "FIRST-LETTER" in text_of(first.get(page_of(case)))
    assert fresh(case).state == "DECISION"
    again = re.search(r'name="draft" value="(\w+)"', text_of(told))
    assert again is not None
    replaced = {**DECISION, "draft": again[1], "letter": "SECOND", "save": "1"}
    assert second.post(page_of(case), replaced).status_code == 302
    assert "SECOND" in text_of(first.get(page_of(case)))
    assert drafts_of(case) == 1


def test_a_draft_after_the_case_moved_on_is_refused_with_the_reason_and_kept(staff: Staff) -> None:
    case = cases.in_decision(staff)
    client = sign_in(Client(), staff, "decider1")
    client.post(page_of(case), {**DECISION, "save": "1", "draft": ""})
    version = version_on(client, case)
    words = {"enquiries": "One more."}
    done(staff, case, "decider1", "return_for_enquiries", cases.at(3), **words)
    typed = {**DECISION, "draft": version, "letter": "NEW-ONE"}
    for press in ({"save": "1"}, {"check": "1"}, {}):
        told = client.post(page_of(case), {**typed, **press})
        assert told.status_code == 409, press
        assert "This step cannot be taken at this point" in text_of(told), press
        assert "NEW-ONE" in text_of(told), press
    later = text_of(client.get(page_of(case)))
    assert "What you had saved" in later
    assert "LETTER-OF-MINE here" in later


@pytest.mark.parametrize(
    ("step", "who", "answers"),
    [
        ("submit_report", "handler1", {"covered": "1", "report": "REPORT-OF-MINE here"}),
        ("put_to_respondent", "handler1", {"text": "PUT-OF-MINE here", "due_on_day": "9"}),
    ],
)
def test_each_long_form_can_be_saved(staff: Staff, step: str, who: str, answers: Any) -> None:
    case = cases.in_investigation(staff)
    client = sign_in(Client(), staff, who)
    assert client.post(page_of(case, step), {**answers, "save": "1"}).status_code == 302
    assert "OF-MINE here" in text_of(client.get(page_of(case, step)))


def test_the_draft_of_an_appeal_decision_is_saved_with_its_choices(staff: Staff) -> None:
    case = cases.in_appeal(staff)
    client = sign_in(Client(), staff, "appeal1")
    answers = {"outcome": "appeal_varied", "reasons": "APPEAL-OF-MINE here", "save": "1"}
    assert client.post(page_of(case, "decide_appeal"), answers).status_code == 302
    assert "APPEAL-OF-MINE here" in text_of(client.get(page_of(case, "decide_appeal")))
