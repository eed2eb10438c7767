"""The register of data requests: its clocks, who may keep it, and that it names no one."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from grievances.audit.models import Event
from grievances.data_rights import register
from grievances.data_rights.models import RightsRequest
from grievances.policy import profiles
from grievances.web.shared import clock
from tests.factories.people import PEOPLE, Staff
from tests.intake.raising import page_of
from tests.signing_in import sign_in
from tests.workflow.vectors import vectors

PAGE = "/data-rights/"
ACCESS, COMPLAINT = RightsRequest.Kind.ACCESS, RightsRequest.Kind.COMPLAINT


class Watch:
    """A clock that the test moves; it begins on Saturday 31 January 2026, at 10."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 31, 10, tzinfo=profiles.zone())

    def go_on(self, days: int) -> None:
        self.now += timedelta(days=days)


@pytest.fixture(autouse=True)
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    it = Watch()
    monkeypatch.setattr(clock, "now", lambda: it.now)
    monkeypatch.setattr(clock, "today", lambda: it.now.date())
    return it


def added(client: Client, kind: str, day: date) -> int:
    fields = {"kind": kind, "received_on_day": day.day, "received_on_month": day.month}
    assert client.post(PAGE, {**fields, "received_on_year": day.year}).status_code == 302
    return RightsRequest.objects.latest("pk").pk


def due(number: int) -> date:
    return register.due_on(RightsRequest.objects.get(pk=number), register.calendar())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "vector"), [(ACCESS, "dsar_due"), (COMPLAINT, "dp_complaint_ack")]
)
def test_it_is_due_as_the_reference_says(staff: Staff, kind: str, vector: str) -> None:
    (each,) = vectors(vector)
    row = RightsRequest(kind=kind, received_on=date.fromisoformat(each["input"]["received"]))
    assert register.due_on(row, register.calendar()) == date.fromisoformat(each["expected"])


def test_the_clock_stops_while_the_person_is_asked_and_moves_when_complex(
    staff: Staff, watch: Watch
) -> None:
    client = sign_in(Client(), staff, "dpo1")
    number = added(client, ACCESS, watch.now.date())
    assert "Due by <strong>2 March 2026" in page_of(client.get(PAGE))
    for what, days in (("wait", 10), ("resume", 0), ("complex", 0)):
        assert client.post(PAGE, {"number": number, "what": what}).status_code == 302
        assert client.post(PAGE, {"number": number, "what": what}).status_code == 409
        watch.go_on(days)
    assert due(number) == date(2026, 5, 11), "30 April and 10 days is a Sunday"
    watch.go_on(120)
    assert "Late. It was due by 11 May 2026." in page_of(client.get(PAGE))
    client.post(PAGE, {"number": number, "what": "answer"})
    assert "That was late" in page_of(client.get(PAGE))
    assert client.post(PAGE, {"number": number, "what": "answer"}).status_code == 409
    kinds = Event.objects.filter(kind__startswith="rights.").exclude(kind="rights.listed")
    assert [event.kind.removeprefix("rights.") for event in kinds.order_by("seq")] == [
        "received", "waiting", "resumed", "extended", "answered",
    ]  # fmt: skip
    assert all(set(event.data) == {"number", "kind"} for event in kinds)


def test_bad_input_is_a_sentence_and_changes_nothing(staff: Staff, watch: Watch) -> None:
    client = sign_in(Client(), staff, "dpo1")
    for fields in (
        {},
        {"kind": "ACCESS", "received_on_day": 1, "received_on_month": 3, "received_on_year": 2027},
    ):
        answer = client.post(PAGE, fields)
        assert answer.status_code == 422
        assert "<title>Error: Data requests" in page_of(answer)
    for number in ("0", "x", "9" * 30):
        assert client.post(PAGE, {"number": number, "what": "answer"}).status_code == 409
    assert client.post(PAGE, {"number": 1, "what": "erase"}).status_code == 404
    assert not RightsRequest.objects.exists()
    complaint = added(client, COMPLAINT, watch.now.date())
    assert client.post(PAGE, {"number": complaint, "what": "wait"}).status_code == 409
    with pytest.raises(IntegrityError), transaction.atomic():
        RightsRequest.objects.update(waiting_since=watch.now.date())


def test_for_all_others_it_is_not_there(staff: Staff) -> None:
    for person in ("lead1", "triage1", "analyst1", "complainant1"):
        assert person in PEOPLE
        client = sign_in(Client(), staff, person)
        assert client.get(PAGE).status_code == 404
        assert client.post(PAGE, {"kind": "ACCESS"}).status_code == 404
    assert {field.name for field in RightsRequest._meta.get_fields()} == {
        "id", "kind", "received_on", "waited", "waiting_since", "is_complex", "answered_on",
    }, "no column that could name a person"  # fmt: skip
