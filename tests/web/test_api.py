"""`/api/v1/`: what the pages can do, for programs; no more and with the same refusals."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from tests.factories import cases
from tests.factories.people import Staff
from tests.page_time import pages_at
from tests.signing_in import sign_in

_page_time = pages_at(cases.START)


def send(client: Client, case: Case, step: str, **body: Any) -> Any:
    path = f"/api/v1/cases/{case.reference}/{step}/"
    return client.post(path, json.dumps(body), content_type="application/json")


def test_the_list_and_the_case_hold_facts_and_dates_and_no_words(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, "triage1")
    (row,) = client.get("/api/v1/cases/").json()["cases"]
    assert row["reference"] == case.reference
    answer = client.get(f"/api/v1/cases/{case.reference}/")
    body = answer.json()
    assert body["state"] == "TRIAGE"
    assert any(step["step"] == "check_safety" for step in body["steps"])
    assert any(promise["clock"] == "TRIAGE" for promise in body["promises"])
    for secret in ("PLANTED", "accent", "Complainant 1", "respondent1"):
        assert secret not in answer.content.decode()
    assert Event.objects.filter(kind="case.opened", chain=case.reference).count() == 1


def test_a_step_is_taken_as_on_the_page(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    client = sign_in(Client(), staff, "handler1")
    answer = send(
        client, case, "record_meeting", held_on="2026-11-20", companion_asked=True, notes="Said."
    )
    assert answer.status_code == 200, answer.content
    assert answer.json()["state"] == "INVESTIGATION"
    assert cases.fresh(case).meeting_held_on is not None


def test_the_same_press_twice_has_one_effect(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, "triage1")
    for repeated in (None, True):
        answer = send(client, case, "ask_exclusions", once="this-press")
        assert (answer.status_code, answer.json().get("repeated")) == (200, repeated)
    assert Event.objects.filter(kind="case.ask_exclusions").count() == 1


def refusal(answer: Any) -> tuple[int, str]:
    body = json.loads(answer.content)
    assert set(body) == {"code", "sentence"}
    assert " " in body["sentence"]
    return answer.status_code, body["code"]


def test_refusals_carry_a_code_and_a_sentence(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, "triage1")
    assert refusal(send(client, case, "agree_formal")) == (422, "SAFETY_CHECK_MISSING")
    assert refusal(send(client, case, "message")) == (422, "ANSWER_MISSING")
    assert refusal(send(client, case, "ask_exclusions", seen="DRAFT.0")) == (409, "STALE_STATE")
    other = sign_in(Client(), staff, "complainant1")
    assert refusal(send(other, case, "stay")) == (409, "TRANSITION_NOT_ALLOWED")
    path = f"/api/v1/cases/{case.reference}/ask_exclusions/"
    broken = client.post(path, "[1", content_type="application/json")
    assert refusal(broken) == (422, "NOT_JSON")


@pytest.mark.parametrize(
    "who", ["respondent1", "linemanager1", "staff1", "admin1", "analyst1", "handler1"]
)
def test_outsiders_get_the_same_404_for_a_case_and_for_none(staff: Staff, who: str) -> None:
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, who)
    assert client.get("/api/v1/cases/").json()["cases"] == []
    for tail in ("", "agree_formal/", "no_such_step/"):
        answers = []
        for reference in (case.reference, "RC-222222"):
            path = f"/api/v1/cases/{reference}/{tail}"
            answers.append(
                client.post(path, "{}", content_type="application/json")
                if tail
                else client.get(path)
            )
        real, made_up = answers
        assert (real.status_code, real.content) == (404, made_up.content)
        assert refusal(real) == (404, "NOT_FOUND")
    assert Event.objects.filter(kind="case.refused").count() == 6


def test_a_step_that_is_someone_else_s_is_not_there(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    answer = send(sign_in(Client(), staff, "complainant1"), case, "agree_formal")
    assert refusal(answer) == (404, "NOT_FOUND")


def test_no_one_is_asked_to_sign_in_first_and_forms_from_elsewhere_are_refused(
    staff: Staff,
) -> None:
    case = cases.acknowledged(staff)
    assert refusal(Client().get("/api/v1/cases/")) == (401, "SIGN_IN")
    strict = sign_in(Client(enforce_csrf_checks=True), staff, "triage1")
    assert send(strict, case, "ask_exclusions").status_code == 403
