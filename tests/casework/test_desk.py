"""The desk: filters that stay in the address, find by reference, saved views, the lead's board."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.people.models import User
from grievances.people.saved_views import MOST, SavedView
from grievances.vocabulary import State
from grievances.web.cases.presenters.case_list import PAGE, list_cases
from grievances.web.cases.presenters.list_filters import Filters, Sort, View
from grievances.web.cases.presenters.list_position import Start, sealed
from tests.factories import cases, edge_cases
from tests.factories.copies import copy_case
from tests.factories.people import Staff
from tests.page_time import pages_at
from tests.signing_in import sign_in

TODAY = cases.at(60).date()
pytestmark = pytest.mark.django_db
_page_time = pages_at(cases.at(60))


def found(staff: Staff, name: str, **asked: str) -> set[str]:
    rows = list_cases(staff[name], TODAY, 1, Filters.read(asked)).rows
    return {row.case.reference for row in rows}


def put_off(*several: Case) -> None:
    """Have no date of these cases fall due for a year."""
    rows = Deadline.objects.filter(case__in=several, completed_on__isnull=True)
    rows.update(current_due=TODAY + timedelta(365))


def references(page: str) -> list[str]:
    return re.findall(r"/cases/(RC-\w+)/", page)


def shown(client: Client, path: str = "/cases/") -> str:
    return re.sub(r"\s+", " ", client.get(path).content.decode())


@pytest.fixture
def several(staff: Staff) -> dict[str, Case]:
    made = {
        "closed": cases.closed(staff),
        "work": cases.in_investigation(staff, who="complainant2", about=""),
        "new": cases.raised(staff),
        "triage": cases.acknowledged(staff),
        "paused": cases.acknowledged(staff),
    }
    pause = {"reason": "C_LEAVE", "explanation": "Away.", "review_on": cases.at(9).date()}
    cases.done(staff, made["paused"], "triage1", "hold", cases.START, **pause)
    put_off(*made.values())
    return made


def test_each_part_of_the_list_has_what_its_name_says(
    staff: Staff, several: dict[str, Case]
) -> None:
    of = {name: case.reference for name, case in several.items()}
    assert found(staff, "lead1") == {of["new"], of["triage"], of["work"]}
    assert found(staff, "lead1", view="paused") == {of["paused"]}
    assert found(staff, "lead1", view="closed") == {of["closed"]}
    assert found(staff, "lead1", view="all") == set(of.values())
    assert found(staff, "lead1", view="late") == set()
    assert found(staff, "lead1", view="unassigned") == {of["new"]}
    assert found(staff, "handler1", view="mine") == {of["work"]}
    assert found(staff, "lead1", stage="TRIAGE") == {of["triage"]}
    assert found(staff, "lead1", way="FORMAL") == {of["work"]}


def test_the_region_that_was_not_said_is_one_to_filter_by(
    staff: Staff, several: dict[str, Case]
) -> None:
    Case.unguarded.filter(pk=several["new"].pk).update(region="")
    assert found(staff, "lead1", region="NOT_SAID") == {several["new"].reference}
    assert found(staff, "complainant1", region="NOT_SAID") == {several["new"].reference}
    assert several["new"].reference not in found(staff, "lead1", region="NORTH")


def test_what_is_late_is_never_put_apart(staff: Staff, several: dict[str, Case]) -> None:
    paused, closed = several["paused"], several["closed"]
    for case, name in ((paused, "HOLD_REVIEW"), (closed, "CHECKIN_1")):
        rows = Deadline.objects.filter(case=case, name=name)
        assert rows.update(current_due=TODAY - timedelta(5))
    assert {paused.reference, closed.reference} <= found(staff, "lead1")
    assert found(staff, "lead1", view="late") == {paused.reference, closed.reference}


def test_a_closed_concern_of_ones_own_stays_in_the_list(staff: Staff) -> None:
    case = cases.closed(staff)
    assert found(staff, "complainant1") == {case.reference}
    page = shown(sign_in(Client(), staff, "complainant1"))
    assert "Filter and sort" not in page
    assert "All" not in re.findall(r"fh-tabs__tab", page)


def test_who_steps_back_leaves_an_unassigned_case(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    put_off(case)
    assert found(staff, "lead1", view="unassigned") == set()
    cases.done(staff, case, "handler1", "recuse", cases.START)
    assert found(staff, "lead1", view="unassigned") == {case.reference}


def test_the_columns_say_stage_age_owner_region_and_way(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    (row,) = list_cases(staff["lead1"], TODAY).rows
    assert row.owner == staff["handler1"].name
    assert case.received_on is not None
    assert row.age == case.calendar.between(case.received_on, TODAY)
    (own,) = list_cases(staff["handler1"], TODAY).rows
    assert own.owner == "You"
    page = shown(sign_in(Client(), staff, "lead1"))
    for words in ("Investigation", f"{row.age} working days", row.owner, "Formal"):
        assert words in page


def test_a_candidate_sees_neither_owner_nor_age(staff: Staff) -> None:
    case = edge_cases.offered(staff)
    (row,) = list_cases(staff["handler1"], TODAY).rows
    assert (row.case, row.owner, row.age) == (case, "", None)
    assert staff["triage1"].name not in shown(sign_in(Client(), staff, "handler1"))


def test_the_filters_stay_in_the_address_of_the_next_page(staff: Staff) -> None:
    case = cases.raised(staff)
    copy_case(case, PAGE + 4)
    client = sign_in(Client(), staff, "lead1")
    page = shown(client, "/cases/?view=all&stage=SUBMITTED&sort=oldest")
    kept = "view=all&amp;stage=SUBMITTED&amp;sort=oldest&amp;page="
    (href,) = re.findall(rf'href="(\?{kept}2&amp;after=[\w-]+)"', page)
    assert '<option value="SUBMITTED" selected>' in page
    second = shown(client, f"/cases/{unescape(href)}")
    assert second.count("<tr") == 5 + 1
    assert shown(client, "/cases/?view=all&stage=SUBMITTED&sort=oldest&page=2").count("<tr") == 6
    (back,) = re.findall(rf'href="(\?{kept}1&amp;before=[\w-]+)"', second)
    assert references(shown(client, f"/cases/{unescape(back)}")) == references(page)


def test_every_order_shows_each_case_once_over_the_pages_there_and_back(staff: Staff) -> None:
    """Also when the reader raised a concern, and when many dates are the same."""
    case = cases.acknowledged(staff)
    copy_case(case, 2 * PAGE + 7)
    cases.raised(staff, who="lead1", about="staff2")
    spread(Case.unguarded.exclude(pk=case.pk).order_by("pk"))
    views = (View.ALL, View.OPEN, View.LATE, View.MINE, View.CLOSED)
    for filters in (Filters(view=view, sort=sort) for view in views for sort in Sort):
        there, pages = walk(staff["lead1"], filters)
        assert len(there) == len(set(there)), filters
        numbered = [list_cases(staff["lead1"], TODAY, n + 1, filters) for n in range(pages)]
        assert there == [row.case.pk for page in numbered for row in page.rows], filters
    everything, pages = walk(staff["lead1"], Filters())
    assert pages == 3
    assert set(everything) == set(Case.unguarded.values_list("pk", flat=True))


def spread(found: Any) -> None:
    """Give cases different states, and dates of which many are the same."""
    for number, case in enumerate(found):
        state = (State.TRIAGE, State.ON_HOLD, State.CLOSED, State.TRIAGE)[number % 4]
        Case.unguarded.filter(pk=case.pk).update(state=state)
        day = TODAY + timedelta(number % 7 - 3)
        Deadline.objects.filter(case=case).update(current_due=day)


def walk(person: User, filters: Filters) -> tuple[list[int], int]:
    """Return the cases over all pages, and how many pages; back again are the same pages."""
    pages = [list_cases(person, TODAY, 1, filters)]
    while href := pages[-1].next_href:
        pages.append(list_cases(person, TODAY, 2, filters, start_of(href)))
    for earlier, later in zip(reversed(pages[:-1]), reversed(pages[1:]), strict=True):
        back = list_cases(person, TODAY, 2, filters, start_of(later.previous_href))
        assert [row.case.pk for row in back.rows] == [row.case.pk for row in earlier.rows]
        assert back.has_more
        assert bool(back.previous_href) == (earlier is not pages[0])
    return [row.case.pk for page in pages for row in page.rows], len(pages)


def start_of(href: str) -> Start:
    return Start.read(dict(parse_qsl(href.removeprefix("?"))))


@pytest.mark.parametrize(
    "query",
    [
        "stage=NONSENSE",
        "view=%FF",
        "region='--",
        "sort=drop",
        "page=x",
        "way=" + "A" * 999,
        "after=x",
        "before=~",
        "after=" + "A" * 80,
        pytest.param("after=" + sealed((0, 10**9, 1)), id="a day too late"),
        pytest.param("before=" + sealed((7,)), id="a place without a day"),
    ],
)
def test_an_address_that_says_nonsense_shows_the_list_as_it_opens(staff: Staff, query: str) -> None:
    case = cases.raised(staff)
    answer = sign_in(Client(), staff, "lead1").get(f"/cases/?{query}")
    assert answer.status_code == 200
    assert case.reference in answer.content.decode()


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower", "bare", "spaced"])
def test_a_case_is_found_by_its_reference_however_it_is_typed(staff: Staff, typed: str) -> None:
    ref = cases.raised(staff).reference
    ways = {"lower": ref.lower(), "bare": ref[3:], "spaced": ref.replace("-", " ")}
    asked = ways.get(typed, typed.format(ref))
    client = sign_in(Client(), staff, "lead1")
    answer = client.get("/cases/", {"reference": asked})
    assert answer.headers["location"] == f"/cases/{ref}/"


def test_a_hidden_case_and_none_are_found_alike(staff: Staff) -> None:
    case = cases.raised(staff)
    client = sign_in(Client(), staff, "respondent1")
    answers = [
        client.get("/cases/", {"reference": reference}, follow=True)
        for reference in (case.reference, "RC-222222")
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    hidden, missing = (
        answer.content.decode().replace(reference, "")
        for answer, reference in zip(answers, (case.reference, "RC-222222"), strict=True)
    )
    assert hidden == missing


def test_what_is_no_reference_is_said_and_kept(staff: Staff) -> None:
    cases.raised(staff)
    answer = sign_in(Client(), staff, "lead1").get("/cases/", {"reference": "Amara's case"})
    assert answer.status_code == 422
    assert "A reference looks like RC-7K2M9P" in answer.content.decode()
    assert "Amara&#x27;s case" in answer.content.decode()


def test_a_view_is_saved_named_by_its_filters_and_taken_away(staff: Staff) -> None:
    cases.raised(staff)
    client = sign_in(Client(), staff, "lead1")
    posted = {"view": "late", "region": "WALES", "stage": "", "way": "", "sort": "due"}
    client.post("/cases/views/", posted)
    client.post("/cases/views/", posted)
    saved = SavedView.objects.get()
    assert saved.query == "view=late&region=WALES"
    page = shown(client)
    assert 'href="/cases/?view=late&amp;region=WALES">Late, Wales</a>' in page
    other = sign_in(Client(), staff, "triage1")
    assert "Late, Wales" not in shown(other)
    other.post("/cases/views/", {"remove": saved.pk})
    assert SavedView.objects.count() == 1
    client.post("/cases/views/", {"remove": saved.pk})
    assert SavedView.objects.count() == 0


def test_words_cannot_be_saved_as_a_view_and_there_is_an_end_to_them(staff: Staff) -> None:
    client = sign_in(Client(), staff, "lead1")
    client.post("/cases/views/", {"region": "PLANTED-SECRET", "view": "late"})
    assert SavedView.objects.get().query == "view=late"
    for number, view in enumerate(View):
        for sort in Sort:
            client.post("/cases/views/", {"view": view, "sort": sort, "way": ""})
            assert SavedView.objects.count() <= MOST, number


def test_the_board_counts_stages_lateness_and_capacity_for_the_lead_alone(
    staff: Staff, several: dict[str, Case]
) -> None:
    Deadline.objects.filter(case=several["work"], name="INVESTIGATION").update(
        current_due=TODAY - timedelta(9)
    )
    client = sign_in(Client(), staff, "lead1")
    page = shown(client, "/cases/board/")
    assert '4 open cases, <span class="fh-deadline__late">1 late</span>' in page
    assert re.search(r"6 to 10 working days</dt> <dd[^>]*>\s*1\s*<", page)
    assert re.search(rf"{staff['handler1'].name}</dt> <dd[^>]*>\s*1 of 3\s*<", page)
    assert Event.objects.filter(kind="board.opened").count() == 1
    for name in ("triage1", "handler1", "dpo1", "analyst1", "admin1"):
        assert sign_in(Client(), staff, name).get("/cases/board/").status_code == 404


def test_a_case_from_which_the_lead_is_excluded_is_not_counted(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, "lead1")
    assert "1 open case," in shown(client, "/cases/board/")
    cases.done(
        staff, case, "complainant1", "exclude", cases.START,
        people="lead1", matched=[staff["lead1"]],
    )  # fmt: skip
    assert "0 open cases," in shown(client, "/cases/board/")


def test_the_case_page_shows_the_worst_date_first_and_then_ones_own(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    put_off(case)
    rows = Deadline.objects.filter(case=case)
    rows.filter(name="INVESTIGATION").update(current_due=TODAY - timedelta(30))
    rows.filter(name="OVERALL").update(current_due=TODAY + timedelta(30))
    page = shown(sign_in(Client(), staff, "lead1"), f"/cases/{case.reference}/")
    first, _, rest = page.partition("Your next date")
    assert "Finish the investigation" in first
    assert "Who does this: Handler" in first
    assert "From receiving the concern to the decision" in rest.partition("</div>")[0]


@pytest.mark.parametrize("query", ["", *(f"view={view.value}&sort=stage" for view in View)])
def test_each_part_of_the_list_costs_the_same_for_ten_cases_and_for_a_thousand(
    staff: Staff, query: str
) -> None:
    case = cases.raised(staff)
    client = sign_in(Client(), staff, "lead1")
    client.get("/support/")
    costs = []
    for wanted in (10, 1000):
        copy_case(case, wanted - Case.unguarded.count())
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/cases/?{query}").status_code == 200
        costs.append(len(caught))
    assert costs[0] == costs[1] < 16, costs


def test_the_board_costs_the_same_for_ten_cases_and_for_a_thousand(staff: Staff) -> None:
    case = cases.raised(staff)
    client = sign_in(Client(), staff, "lead1")
    client.get("/support/")
    costs = []
    for wanted in (10, 1000):
        copy_case(case, wanted - Case.unguarded.count())
        with CaptureQueriesContext(connection) as caught:
            page: Any = client.get("/cases/board/")
        assert f"{wanted} open cases" in page.content.decode()
        costs.append(len(caught))
    assert costs[0] == costs[1], costs
