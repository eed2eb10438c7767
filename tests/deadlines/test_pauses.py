"""A resumption without a pause and a pause on another day than today: refused with a code."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.web.shared import clock
from tests.factories import cases
from tests.factories.people import Staff
from tests.signing_in import sign_in

HOLD = {"reason": "C_LEAVE", "review_on": "2026-12-01", "explanation": "You are away."}


@pytest.fixture
def case(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setattr(clock, "now", lambda: cases.START)
    monkeypatch.setattr(clock, "today", lambda: cases.START.date())
    return cases.in_investigation(staff)


def post(staff: Staff, case: Case, step: str, body: dict[str, Any]) -> tuple[int, str]:
    client = sign_in(Client(), staff, "handler1")
    path = f"/api/v1/cases/{case.reference}/{step}/"
    answer = client.post(path, json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json().get("code", "")


def dates(case: Case) -> list[Any]:
    rows = Deadline.objects.filter(case=case).order_by("pk")
    return list(rows.values_list("current_due", "paused_on"))


def test_a_resumption_without_a_pause_is_refused(staff: Staff, case: Case) -> None:
    before = dates(case)
    assert post(staff, case, "resume", {}) == (409, "TRANSITION_NOT_ALLOWED")
    assert dates(case) == before


@pytest.mark.parametrize("name", ["paused_on", "from_on", "on", "now"])
def test_a_pause_begins_today_and_on_no_other_day(staff: Staff, case: Case, name: str) -> None:
    before = dates(case)
    body = {**HOLD, name: "2027-01-04"}
    assert post(staff, case, "hold", body) == (422, "ANSWER_UNKNOWN")
    assert dates(case) == before
    assert post(staff, case, "hold", HOLD)[0] == 200


def test_a_pause_cannot_be_looked_at_again_before_it_begins(staff: Staff, case: Case) -> None:
    assert post(staff, case, "hold", {**HOLD, "review_on": "2026-11-20"})[0] == 422
