"""The year in numbers, and the statement of those who check the organisation."""

from __future__ import annotations

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.web.shared import clock
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at
from tests.factories.people import SINCE, Staff
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
PAGE, YEAR = "/trail/year/", "2026-27"


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at(200))
    monkeypatch.setattr(clock, "today", lambda: at(200).date())


def row_of(page: str, words: str) -> list[str]:
    """The numbers of a line of the table: this year, last year."""
    line = page[page.index(words) :].partition("</tr>")[0]
    return [part.rpartition(">")[2].strip() for part in line.split("</td>")[:-1]]


def test_what_needed_a_reason_is_counted_in_its_year_and_nothing_is_named(staff: Staff) -> None:
    case = cases.in_decision(staff)
    edge_cases.approve(staff, case, "decider1", "return_for_enquiries")
    page = sign_in(Client(), staff, "auditor1").get(PAGE).content.decode()
    assert row_of(page, "Requests for approval that were answered") == ["0", "1"]
    assert row_of(page, "Cases opened in an emergency") == ["0", "0"]
    assert START.year == 2026, "the year 2026-27 has ended on the day of this test"
    for secret in (case.reference, "PLANTED", "Complainant 1", "Decider 1"):
        assert secret not in page


def test_each_of_the_two_offices_signs_once_and_no_one_changes_it(staff: Staff) -> None:
    auditor = sign_in(Client(), staff, "auditor1")
    assert "No one has signed it yet" in auditor.get(PAGE).content.decode()
    empty = auditor.post(PAGE, {})
    assert empty.status_code == 422
    assert "Choose one of the two statements." in empty.content.decode()
    assert auditor.post(PAGE, {"answer": "SOMETHING"}).status_code == 422
    assert auditor.post(PAGE, {"answer": "IN_ORDER", "year": YEAR}).status_code == 302
    page = auditor.get(PAGE).content.decode()
    assert "Signed on 9 June 2027" in page
    assert "Sign the statement" not in page
    again = auditor.post(PAGE, {"answer": "REPORTED", "year": YEAR}, follow=True).content.decode()
    assert "The statement for 2026-27 was signed before." in again
    other = sign_in(Client(), staff, "independent1")
    assert other.post(PAGE, {"answer": "REPORTED", "year": YEAR}).status_code == 302
    signed = Event.objects.filter(kind="trail.year_signed").order_by("seq")
    assert [(each.role, each.data["answer"]) for each in signed] == [
        ("auditor", "IN_ORDER"),
        ("independent", "REPORTED"),
    ]


def test_the_officer_for_data_reads_it_and_signs_nothing_and_others_find_no_page(
    staff: Staff,
) -> None:
    reader = sign_in(Client(), staff, "dpo1")
    assert "Sign the statement" not in reader.get(PAGE).content.decode()
    assert reader.post(PAGE, {"answer": "IN_ORDER", "year": YEAR}).status_code == 404
    assert not Event.objects.filter(kind="trail.year_signed").exists()
    for name in ("lead1", "analyst1", "staff1", "admin1", "complainant1"):
        assert sign_in(Client(), staff, name).get(PAGE).status_code == 404, name


def test_no_other_year_is_signed_than_the_one_that_was_read(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    auditor = sign_in(Client(), staff, "auditor1")
    assert f'name="year" value="{YEAR}"' in auditor.get(PAGE).content.decode()
    monkeypatch.setattr(clock, "today", lambda: at(500).date())
    answer = auditor.post(PAGE, {"answer": "IN_ORDER", "year": YEAR})
    assert answer.status_code == 409
    assert "A new year has begun." in answer.content.decode()
    assert 'value="2027-28"' in answer.content.decode()
    assert not Event.objects.filter(kind="trail.year_signed").exists()


def test_who_holds_both_offices_signs_in_each(staff: Staff) -> None:
    staff["auditor1"].appointments.create(office="independent", from_date=SINCE)
    auditor = sign_in(Client(), staff, "auditor1")
    for _ in range(2):
        assert auditor.post(PAGE, {"answer": "IN_ORDER", "year": YEAR}).status_code == 302
    signed = Event.objects.filter(kind="trail.year_signed").order_by("seq")
    assert [each.role for each in signed] == ["auditor", "independent"]
