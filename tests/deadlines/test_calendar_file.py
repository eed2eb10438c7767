"""The calendar file: one's own dates and no one else's, and nothing of what they are about."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from grievances.audit.models import Event
from grievances.cases.access.listed_cases import NO_DATE, ListedCase
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.cases.models.exclusions import Exclusions, bar
from grievances.intake import submission
from grievances.web.cases.presenters import case_list
from tests.factories import cases
from tests.factories.people import Staff
from tests.page_time import pages_at
from tests.signing_in import come_back, sign_in

_page_time = pages_at(cases.START)


def taken(client: Client) -> list[Any]:
    answer = client.get("/cases/dates.ics")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="dates.ics"'
    assert "no-store" in answer["Cache-Control"]
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def due(case: Case, *names: str) -> list[date]:
    rows = Deadline.objects.filter(case=case, name__in=names, completed_on__isnull=True)
    return sorted(rows.values_list("current_due", flat=True))


def test_a_handler_takes_their_own_dates_and_no_one_elses(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    events = taken(sign_in(Client(), staff, "handler1"))
    assert [each.decoded("dtstart") for each in events] == due(
        case, "MEETING", "INVESTIGATION", "UPDATE"
    )
    for each in events:
        assert (each["SUMMARY"], each["DESCRIPTION"]) == (
            "Concern service: a date is due", case.reference,
        )  # fmt: skip
        assert (each.decoded("dtend") - each.decoded("dtstart")).days == 1
        assert (each["CLASS"], each["TRANSP"]) == ("PRIVATE", "TRANSPARENT")
    assert taken(sign_in(Client(), staff, "handler2")) == []
    assert taken(sign_in(Client(), staff, "respondent1")) == []


def test_the_file_is_offered_where_it_holds_a_date(staff: Staff) -> None:
    cases.decided(staff)  # they may appeal until a day
    client = sign_in(Client(), staff, "complainant1")
    assert "/cases/dates.ics" in client.get("/cases/").content.decode()
    Deadline.objects.update(completed_on=cases.START.date())
    assert "/cases/dates.ics" not in client.get("/cases/").content.decode()
    assert taken(client) == []


def test_the_file_of_a_complainant_names_neither_case_nor_service(staff: Staff) -> None:
    case = cases.decided(staff)
    client = sign_in(Client(), staff, "complainant1")
    (event,) = taken(client)
    assert event.decoded("dtstart") == due(case, "APPEAL_WINDOW")[0]
    assert event["SUMMARY"] == "A date is due"
    text = client.get("/cases/dates.ics").content.decode()
    for word in (case.reference, "oncern", "Fair", "fairhearing", "case", "ppeal"):
        assert word not in text


def test_the_holder_of_a_case_key_has_a_file_too(staff: Staff) -> None:
    answers = {**cases.ACCOUNT, "region": "NORTH"}
    able = [p.pk for p in submission.preview_anonymous(answers, now=cases.START)]
    sent = submission.submit_anonymous(answers, expected=able, now=cases.START)
    assert taken(come_back(Client(), sent.case_key)) == []


def test_a_paused_date_is_no_date_and_a_moved_one_is_the_same_event(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    client = sign_in(Client(), staff, "handler1")
    before = {each["UID"] for each in taken(client)}
    row = Deadline.objects.get(case=case, name="INVESTIGATION")
    why = {"clock": row.name, "days": 5, "explanation": "We need longer."}
    cases.done(staff, case, "lead1", "extend", cases.START, **why)
    after = taken(client)
    assert {each["UID"] for each in after} == before
    assert due(case, "INVESTIGATION")[0] in [each.decoded("dtstart") for each in after]
    review = cases.fresh(case).calendar.add(cases.START.date(), 8)
    words = {"reason": "C_LEAVE", "explanation": "You are away.", "review_on": review}
    cases.done(staff, case, "handler1", "hold", cases.START, **words)
    assert [each.decoded("dtstart") for each in taken(client)] == [review]


def test_a_barred_person_takes_nothing_along(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    bar(case, staff["handler1"].pk, Exclusions.Why.CONFLICT)
    assert taken(sign_in(Client(), staff, "handler1")) == []


def test_taking_dates_along_is_an_event_and_costs_no_more_for_more_cases(
    staff: Staff, django_assert_max_num_queries: Any
) -> None:
    client = sign_in(Client(), staff, "triage1")
    for who in ("complainant1", "complainant2", "staff1"):
        cases.acknowledged(staff, who=who)
    client.get("/cases/dates.ics")
    with django_assert_max_num_queries(12):
        assert len(taken(client)) >= 3
    assert Event.objects.filter(kind="dates.downloaded").count() == 2


def test_of_very_many_cases_those_that_are_due_first_are_taken(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_list, "MOST_WITH_DATES", 2)
    for who in ("complainant1", "complainant2", "staff1"):
        cases.acknowledged(staff, who=who)
    first = ListedCase.objects.filter(person=staff["triage1"], own_due__lt=NO_DATE)
    expected = [row.case.reference for row in first.order_by("own_due")[:2]]
    events = taken(sign_in(Client(), staff, "triage1"))
    assert {each["DESCRIPTION"] for each in events} == set(expected)


def test_no_one_signed_out_is_given_a_file() -> None:
    assert Client().get("/cases/dates.ics").status_code == 302
