"""What the list of cases asks of the database: as much for a thousand cases as for ten.

No clock is read here: queries are counted, and the plan of PostgreSQL is looked at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grievances.cases.models.case import Case
from grievances.casework import reading
from grievances.web.cases.presenters.case_list import PAGE, count_late, list_cases
from grievances.web.shared import clock
from tests.factories import cases
from tests.factories.copies import analyse, copy_case
from tests.factories.people import Staff
from tests.signing_in import sign_in

TODAY = cases.at(2).date()
MANY = 4000
OWN = 15
PAGES = ("/", "/cases/", "/api/v1/cases/")
FEW = 18
"""Queries of one of these pages: fewer than this, whatever the number of cases."""


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: cases.at(2))
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.mark.parametrize("name", ["lead1", "triage1"])
def test_lists_and_counts_cost_the_same_for_ten_cases_and_for_a_thousand(
    staff: Staff, name: str
) -> None:
    case = cases.raised(staff)
    client = sign_in(Client(), staff, name)
    client.get("/support/")  # the session notes once until when it lasts
    costs = []
    for wanted in (10, 1000):
        copy_case(case, wanted - Case.unguarded.count())
        costs.append({page: queries(client, page) for page in PAGES})
    assert costs[0] == costs[1]
    assert max(costs[0].values()) < FEW, costs
    assert len(list_cases(staff[name], TODAY, 1000 // PAGE).rows) == PAGE
    assert count_late(staff[name], cases.at(60).date()) == 1000


def queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(page).status_code == 200
    return len(caught)


@pytest.fixture
def crowd(staff: Staff) -> Case:
    """A case of handler1, who has 15 of them among thousands that the lead may read."""
    case = cases.in_investigation(staff)
    copy_case(cases.raised(staff, "complainant2", about=""), MANY // 2)
    copy_case(case, MANY // 2, without=[staff["handler1"]])
    copy_case(case, OWN - 1)
    analyse()
    return case


@pytest.mark.postgres
def test_a_handler_with_15_cases_has_them_found_by_index_among_thousands(
    staff: Staff, crowd: Case
) -> None:
    person = staff["handler1"]
    rows = list_cases(person, TODAY).rows
    assert len(rows) == OWN
    in_a_year = TODAY + timedelta(365)
    asked: dict[str, Callable[[], object]] = {
        "the list": lambda: list_cases(person, TODAY),
        "the count of late cases": lambda: count_late(person, in_a_year),
        "one case": lambda: reading.find(staff.caller("handler1"), crowd.reference),
    }
    for what, ask in asked.items():
        assert whole_scans(ask) & {"grievances_case", "grievances_deadline"} == set(), what
    assert count_late(person, in_a_year) == OWN


@pytest.mark.postgres
def test_a_lead_who_may_read_thousands_has_one_case_found_by_index(
    staff: Staff, crowd: Case
) -> None:
    caller = staff.caller("lead1")
    large = {"grievances_case", "grievances_caseuserobjectpermission", "grievances_party"}
    assert whole_scans(lambda: reading.find(caller, crowd.reference)) & large == set()
    assert most_rows(lambda: reading.find(caller, crowd.reference)) < MANY // 10


def whole_scans(ask: Callable[[], object]) -> set[str]:
    """The tables that the statements of this read from end to end."""
    found = (node for plan in plans(ask) for node in nodes(plan))
    return {node["Relation Name"] for node in found if node["Node Type"] == "Seq Scan"}


def most_rows(ask: Callable[[], object]) -> int:
    """The most rows that any part of these plans reads, except the calendar's."""
    found = [node for plan in plans(ask) for node in nodes(plan)]
    return max(
        int(node["Actual Rows"] * node["Actual Loops"])
        for node in found
        if node.get("Relation Name") != "workflow_holiday"
    )


def plans(ask: Callable[[], object]) -> list[dict[str, Any]]:
    with CaptureQueriesContext(connection) as caught:
        ask()
    told = []
    for query in caught.captured_queries:
        if query["sql"].startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query['sql']}")
                (answer,) = cursor.fetchone()
            told.append((json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"])
    return told


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)
