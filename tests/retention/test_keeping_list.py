"""The list of what is kept: a page of each list, at the cost of a page, with a thousand holds."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grievances.cases.models.answers import Approval
from grievances.cases.models.case import Case
from grievances.retention.dual_control import LISTED
from grievances.retention.models import Erasure
from grievances.web.shared import clock
from tests.factories import cases, edge_cases
from tests.factories.copies import copy_case
from tests.factories.people import Staff
from tests.signing_in import sign_in

FEW, MANY = 10, 3 * LISTED
MOST = 25
"""Queries of the page, whatever the number of cases in its lists."""
NEXT = re.compile(r'href="(\?[a-z]+=RC-\w+)"')
SHOWN = re.compile(r"/cases/(RC-\w+)/keeping/")


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: cases.at(600))
    monkeypatch.setattr(clock, "today", lambda: cases.at(600).date())


def fill(case: Case, wanted: int) -> None:
    """Have so many cases like this one, each with a request."""
    copy_case(case, wanted - Case.unguarded.count())
    asked = set(Approval.objects.values_list("case", flat=True))
    rest = Case.unguarded.exclude(pk__in=asked)
    Approval.objects.bulk_create(
        Approval(case=each, step="erase", reason="TIME_OVER", asked_at=cases.at(599))
        for each in rest
    )


def read_all(client: Client, name: str) -> list[str]:
    """Every address of the pages of one list, from the first to the last."""
    found, href = ["?"], "?"
    while href:
        html = client.get(f"/keeping/{href}").content.decode()
        hrefs = [one for one in NEXT.findall(html) if one.startswith(f"?{name}=")]
        href = hrefs[0] if hrefs else ""
        found += hrefs
    return found


@pytest.mark.parametrize("name", ["lead1", "dpo1"])
def test_the_page_costs_the_same_for_few_and_for_many(staff: Staff, name: str) -> None:
    case = edge_cases.erasable(staff)
    Case.unguarded.filter(pk=case.pk).update(legal_hold=True)
    client = sign_in(Client(), staff, name)
    client.get("/keeping/")
    costs = []
    for wanted in (FEW, MANY):
        fill(case, wanted)
        with CaptureQueriesContext(connection) as caught:
            html = client.get("/keeping/").content.decode()
        costs.append(len(caught))
    assert costs[0] == costs[1] <= MOST
    assert len(SHOWN.findall(html)) == 3 * LISTED
    for each in ("due", "asked", "held"):
        assert len(read_all(client, each)) == MANY // LISTED, each


def test_the_pages_show_each_case_once_and_the_longest_kept_first(staff: Staff) -> None:
    case = edge_cases.erasable(staff)
    copy_case(case, 2 * LISTED)
    first = Case.unguarded.latest("pk")
    first.deadlines.filter(name="RETENTION").update(current_due=cases.at(450).date())
    client = sign_in(Client(), staff, "dpo1")
    shown: list[str] = []
    for href in read_all(client, "due"):
        html = client.get(f"/keeping/{href}").content.decode()
        due = html.partition("A second person is asked")[0]
        shown += SHOWN.findall(due)
    assert shown[0] == first.reference
    assert len(shown) == len(set(shown)) == Case.unguarded.count()


def test_a_reference_of_no_case_begins_the_list_anew(staff: Staff) -> None:
    case = edge_cases.erasable(staff)
    client = sign_in(Client(), staff, "dpo1")
    for typed in ("RC-222222", "'", "x" * 3000):
        assert case.reference in client.get("/keeping/", {"due": typed}).content.decode()


def test_certificates_are_shown_a_page_at_a_time(staff: Staff) -> None:
    Erasure.objects.bulk_create(
        Erasure(reference=f"RC-{number:06}", erased_at=cases.at(number), signed="{}")
        for number in range(LISTED + 1)
    )
    client = sign_in(Client(), staff, "dpo1")
    html = client.get("/keeping/").content.decode()
    assert "RC-000050" in html
    assert "/keeping/RC-000000/" not in html
    assert "/keeping/RC-000000/" in client.get("/keeping/?erased=RC-000001").content.decode()
