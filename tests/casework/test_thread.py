"""What was written on a case comes in pages: a page of ten thousand costs a page.

No clock is read: queries and decryptions are counted.
"""

from __future__ import annotations

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grievances.cases.models import records
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.records import Kind, Record, sealed_record
from grievances.casework import reading
from grievances.casework.opening.thread import PAGE
from tests.factories import cases
from tests.factories.cases import ACCOUNT
from tests.factories.people import Staff
from tests.page_time import pages_at
from tests.signing_in import sign_in

NUMBER = re.compile(r"Message number (\d+)\.")
OLDER = re.compile(r'href="([^"]*\?before=[^"#]*)#messages"')
READERS = ("handler1", "complainant1")
_page_time = pages_at(cases.at(2))


def write_messages(staff: Staff, case: Case, first: int, last: int) -> None:
    """Several of them at one moment, as the steps of one form are."""
    ring = Keyring.of(case, staff.holders["handler1"])
    Record.objects.bulk_create(
        sealed_record(
            case,
            ring,
            Kind.MESSAGE,
            f"Message number {number}.",
            author="handler",
            now=cases.at(1) + timedelta(seconds=number // 7),
        )
        for number in range(first, last)
    )


def cost(client: Client, address: str) -> tuple[int, int]:
    """Queries of a page, and how many records it decrypts."""
    with (
        CaptureQueriesContext(connection) as caught,
        patch.object(reading, "read", side_effect=records.read) as opened,
    ):
        assert client.get(address).status_code == 200
    return len(caught), opened.call_count


@pytest.mark.parametrize("name", READERS)
def test_a_page_of_many_messages_costs_a_page(staff: Staff, name: str) -> None:
    case = cases.in_investigation(staff)
    client = sign_in(Client(), staff, name)
    address, costs = f"/cases/{case.reference}/", []
    client.get(address)  # the first view is an event
    for first, last in ((0, 100), (100, 1500)):
        write_messages(staff, case, first, last)
        older = OLDER.findall(client.get(address).content.decode())[0]
        costs.append((cost(client, address), cost(client, older)))
    assert costs[0] == costs[1]
    assert max(opened for _, opened in costs[1]) < PAGE + 20


@pytest.mark.parametrize("name", READERS)
def test_older_messages_are_behind_a_link_and_none_is_left_out(staff: Staff, name: str) -> None:
    case = cases.in_investigation(staff)
    total = 3 * PAGE + 9
    write_messages(staff, case, 0, total)
    client = sign_in(Client(), staff, name)
    seen: list[int] = []
    address, pages = f"/cases/{case.reference}/", 0
    while address:
        html = client.get(address).content.decode()
        assert (ACCOUNT["account"] in html) is (not pages or name == "complainant1")
        assert ("Read the newest messages" in html) is bool(pages)
        found = [int(number) for number in NUMBER.findall(html)]
        moments = [number // 7 for number in found]
        assert moments == sorted(moments, reverse=True), "the newest comes first"
        seen, pages = [*seen, *found], pages + 1
        address = next(iter(OLDER.findall(html)), "")
    assert sorted(seen) == list(range(total))
    assert pages == 4
    paper = client.get(f"/cases/{case.reference}/print/").content.decode()
    assert len(NUMBER.findall(paper)) == total


@pytest.mark.parametrize("before", ["x", "0" * 32, "other"])
def test_an_address_that_names_no_record_of_the_case_shows_the_newest(
    staff: Staff, before: str
) -> None:
    case, other = cases.in_investigation(staff), cases.raised(staff, "complainant2", about="")
    write_messages(staff, case, 0, PAGE + 1)
    named = str(other.records.values_list("pk", flat=True)[0]) if before == "other" else before
    client = sign_in(Client(), staff, "handler1")
    answer = client.get(f"/cases/{case.reference}/?before={named}")
    assert f"Message number {PAGE}." in answer.content.decode()


def test_a_case_with_few_records_asks_once(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    caller = staff.caller("handler1")
    with CaptureQueriesContext(connection) as caught:
        reading.open_case(caller, case.reference, now=cases.at(2), before="")
    asked = [query["sql"] for query in caught if 'FROM "grievances_record"' in query["sql"]]
    assert len([sql for sql in asked if "sealed" in sql.partition("FROM")[0]]) == 1
