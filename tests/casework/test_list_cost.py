"""What the list of cases asks of the database: as much for a thousand cases as for ten.

No clock is read here: queries are counted, and the plan of PostgreSQL is looked at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grievances.cases.access.list_paging import MOST_COUNTED
from grievances.cases.models.case import Case
from grievances.casework import reading
from grievances.casework.new_officers import pay_for_colleagues
from grievances.deadlines.sweep import run_clocks
from grievances.vocabulary import Region, Route, State
from grievances.web.cases.presenters.case_list import PAGE, count_late, list_cases
from grievances.web.cases.presenters.list_filters import EVERYTHING, Filters, Sort, View
from grievances.web.cases.presenters.list_position import Start
from tests.factories import cases
from tests.factories.copies import analyse, copy_case, copy_whole_case, without_triggers
from tests.factories.people import Staff
from tests.page_time import pages_at
from tests.signing_in import sign_in

TODAY = cases.at(2).date()
MANY = 20_000
OWN = 15
PAGES = ("/", "/cases/", "/api/v1/cases/")
FEW = 18
"""Queries of one of these pages: fewer than this, whatever the number of cases."""
_page_time = pages_at(cases.at(2))


@pytest.mark.parametrize("name", ["lead1", "triage1"])
def test_lists_and_counts_cost_the_same_for_ten_cases_and_for_a_thousand(
    staff: Staff, name: str
) -> None:
    case = cases.raised(staff)
    client = sign_in(Client(), staff, name)
    pages = (*PAGES, f"/cases/{case.reference}/")
    # The session notes once until when it lasts, and the first view of a case is an event.
    client.get(pages[-1])
    costs = []
    for wanted in (10, 1000):
        copy_case(case, wanted - Case.unguarded.count())
        costs.append({page: queries(client, page) for page in pages})
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
    other = cases.raised(staff, "complainant2", about="")
    with without_triggers():
        copy_whole_case(other, MANY // 2)
        copy_whole_case(case, MANY // 2, without=[staff["handler1"]])
        copy_whole_case(case, OWN - 1)
    analyse()
    return case


NOTHING = {
    "as it opens": Filters(region=Region.WALES),
    "region": Filters(view=View.ALL, region=Region.WALES),
    "way": Filters(view=View.ALL, way=Route.MEDIATION),
    "stage": Filters(view=View.ALL, stage=State.APPEAL),
    "all three": Filters(view=View.ALL, stage=State.APPEAL, region=Region.WALES, way=Route.NONE),
    "sorted": Filters(view=View.OPEN, region=Region.WALES, sort=Sort.NEWEST),
}
"""Filters that no case fits."""

LARGE = {
    "grievances_case",
    "grievances_caseuserobjectpermission",
    "grievances_chainhead",
    "grievances_deadline",
    "grievances_event",
    "grievances_listedcase",
    "grievances_party",
    "grievances_record",
    "grievances_sealedkey",
}


@pytest.mark.postgres
def test_every_list_is_found_by_index_among_thousands(staff: Staff, crowd: Case) -> None:
    """A page costs a page: for who may read 15 cases, for who may read all, also deep in a list."""
    in_a_year, of_case = TODAY + timedelta(365), f"/cases/{crowd.reference}/"
    asked: dict[str, Callable[[], object]] = {}
    for name in ("handler1", "lead1"):
        person, caller = staff[name], staff.caller(name)
        for view in View:
            for sort in Sort:
                filters = Filters(view=view, sort=sort)
                asked[f"{name} {view} {sort}"] = partial(list_cases, person, TODAY, 1, filters)
        last = list_cases(person, TODAY, MANY // PAGE if name == "lead1" else 1).previous_href
        deep = Start.read(dict(parse_qsl(last.removeprefix("?"))))
        asked[f"{name} deep"] = partial(list_cases, person, TODAY, 9, EVERYTHING, deep)
        by_stage = Filters(stage=State.SUBMITTED, region=Region.NORTH)
        asked[f"{name} one stage"] = partial(list_cases, person, TODAY, 1, by_stage)
        for what, nothing in NOTHING.items():
            asked[f"{name} nothing {what}"] = partial(list_cases, person, TODAY, 1, nothing)
        asked[f"{name} late"] = partial(count_late, person, in_a_year)
        asked[f"{name} keys"] = partial(pay_for_colleagues, caller)
        asked[f"{name} one case"] = partial(reading.find, caller, crowd.reference)
    for name, step in (("handler1", "record_meeting"), ("lead1", "hold")):
        client = sign_in(Client(), staff, name)
        for page in ("/", "/cases/", "/inbox/", of_case, f"{of_case}{step}/"):
            asked[f"{name} {page}"] = partial(client.get, page)
        if name == "lead1":
            asked["the lead's /keeping/"] = partial(client.get, "/keeping/")
    meeting = {"held_on": TODAY, "companion_asked": True}
    asked["a step"] = partial(
        cases.done, staff, crowd, "handler1", "record_meeting", cases.at(2), **meeting
    )
    asked["the sweep"] = partial(run_clocks, cases.at(0, 11))
    for what, ask in asked.items():
        assert whole_scans(ask) & LARGE == set(), what
        most = MOST_COUNTED + 1 if what.endswith("late") else MANY // 10
        assert most_rows(ask) <= most, what
        if " nothing " in what:
            assert most_rows(ask, left_out=True) <= PAGE, what
    assert len(list_cases(staff["handler1"], TODAY).rows) == OWN
    assert count_late(staff["handler1"], in_a_year) == OWN
    assert count_late(staff["lead1"], in_a_year) == MOST_COUNTED + 1


def whole_scans(ask: Callable[[], object]) -> set[str]:
    """The tables that the statements of this read from end to end."""
    found = (node for plan in plans(ask) for node in nodes(plan))
    return {node["Relation Name"] for node in found if node["Node Type"] == "Seq Scan"}


def most_rows(ask: Callable[[], object], *, left_out: bool = False) -> int:
    """The most rows that any part of these plans gives, except the calendar's.

    With `left_out`, those that it reads and leaves out count as well.
    """
    more = ["Rows Removed by Filter", "Rows Removed by Index Recheck"] if left_out else []
    found = [node for plan in plans(ask) for node in nodes(plan)]
    return max(
        int(sum(node.get(name, 0) for name in ["Actual Rows", *more]) * node.get("Actual Loops", 0))
        for node in found
        if node.get("Relation Name") != "workflow_holiday"
    )


def plans(ask: Callable[[], object]) -> list[dict[str, Any]]:
    with CaptureQueriesContext(connection) as caught:
        ask()
    told = []
    for query in caught.captured_queries:
        sql = query["sql"].lstrip()
        if sql.startswith(("SELECT", "(SELECT", "WITH", "UPDATE", "DELETE")):
            # What changes rows is not done a second time.
            how = "ANALYZE, " if sql.startswith(("SELECT", "(SELECT")) else ""
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN ({how}FORMAT JSON) {sql}")
                (answer,) = cursor.fetchone()
            told.append((json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"])
    return told


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)
