"""Refusals of strangers are counted; what one account is refused is recorded up to a limit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from grievances.audit import refusals
from grievances.audit.models import Event
from grievances.audit.refusals import RefusalCount, RefusalMark
from grievances.web.shared import clock
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db

NOT_THERE = (
    "/accompany/{}/",
    "/accompany/with/{}/",
    "/consent/{}/",
    "/replies/{}/",
    "/cases/RC-{:0>6}/",
    "/cases/RC-{:0>6}/message/",
    "/raise/RC-{:0>6}/",
    "/api/v1/cases/RC-{:0>6}/",
    "/survey/{}/",
    "/nowhere/{}/",
)


@pytest.fixture(autouse=True)
def _in_one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "MOST_A_MINUTE", 20)
    monkeypatch.setattr(clock, "now", lambda: START)


def refused_of(client: Client) -> int:
    """How many events the requests of this client leave."""
    before = Event.objects.count()
    for number in range(4):
        for path in NOT_THERE:
            client.get(path.format(number))
            client.post(path.format(number), {"x": "1"})
    return Event.objects.count() - before


def test_a_stranger_writes_nothing_into_the_trail(staff: Staff) -> None:
    assert refused_of(Client()) == 0
    rows = list(RefusalCount.objects.all())
    assert {row.by for row in rows} == {RefusalCount.By.STRANGER}
    assert sum(row.count for row in rows) >= 8
    assert len(rows) <= 3


def test_an_account_writes_so_many_a_minute_and_the_rest_is_counted(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(Client(), staff, "staff1")
    assert refused_of(client) == refusals.MOST_A_MINUTE
    over = sum(row.count for row in RefusalCount.objects.filter(by=RefusalCount.By.ACCOUNT))
    assert over == RefusalMark.objects.get().count - refusals.MOST_A_MINUTE > 0
    assert refused_of(sign_in(Client(), staff, "staff1")) == 0
    assert refused_of(sign_in(Client(), staff, "staff2")) == refusals.MOST_A_MINUTE
    monkeypatch.setattr(clock, "now", lambda: START + timedelta(minutes=1))
    assert refused_of(client) == refusals.MOST_A_MINUTE


def test_the_marks_name_no_one_and_are_not_the_same_in_two_minutes(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(Client(), staff, "staff1")
    for minute in range(2):
        monkeypatch.setattr(clock, "now", lambda at=minute: START + timedelta(minutes=at))
        client.get("/cases/RC-222222/")
    marks = set(RefusalMark.objects.values_list("mark", flat=True))
    actors = set(Event.objects.filter(kind="case.refused").values_list("actor", flat=True))
    assert len(marks) == 2
    assert not marks & actors


@pytest.mark.parametrize("rows", [RefusalCount, RefusalMark])
def test_old_counts_are_deleted(staff: Staff, rows: Any) -> None:
    sign_in(Client(), staff, "staff1").get("/cases/RC-222222/")
    Client().get("/consent/x/")
    refusals.count(RefusalCount.By.STRANGER, "accompany", START)
    assert rows.objects.exists()
    refusals.forget_old_counts(START + timedelta(minutes=30))
    assert rows.objects.exists()
    refusals.forget_old_counts(START + refusals.KEPT + timedelta(hours=1))
    assert not rows.objects.exists()
