"""A clock that is wrong for one sweep does nothing that cannot be taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from time_machine import travel

from grievances import tasks
from grievances.audit.models import Event, Heartbeat
from grievances.deadlines import clock_check
from grievances.deadlines.clock_check import Anchor, Process, elapsed
from grievances.web.shared import clock
from notifications.models import Notice
from tests.factories import cases
from tests.factories.people import Staff


@pytest.fixture
def today(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The real clock, and a process that has just started."""
    settings.FAKE_NOW = None
    now = timezone.now()
    monkeypatch.setattr(Process, "anchor", Anchor(now, elapsed()))
    return now


@pytest.mark.django_db
@pytest.mark.parametrize("days", [3, 20, -2, 400])
def test_a_sweep_with_a_clock_that_jumped_does_nothing(
    staff: Staff, client: Client, today: datetime, days: int
) -> None:
    cases.raised(staff, now=today)
    tasks.run_clocks()
    before = (Event.objects.count(), Notice.objects.count())
    with travel(today + timedelta(days=days)):
        assert tasks.run_clocks() == tasks.run_daily_work() == tasks.remind_of_tribunals() == 0
        assert client.get("/health/ready").json()["clock"] == "jumped"
    assert (Event.objects.count(), Notice.objects.count()) == before
    tasks.run_clocks()
    assert clock_check.clock_state() == "ok", "the clock is right again, and the sweep goes on"


@pytest.mark.django_db
@pytest.mark.parametrize("days", [3, 20, -2])
def test_no_letter_leaves_while_the_clock_is_wrong(
    staff: Staff, today: datetime, mailoutbox: list[EmailMessage], days: int
) -> None:
    cases.raised(staff, now=today)
    letters = Notice.objects.exclude(channel="inbox")
    before = list(letters.order_by("pk").values_list("state", "attempts", "next_try_at"))
    assert before
    with travel(today + timedelta(days=days)):
        assert tasks.deliver_notices() == 0
    assert not mailoutbox
    assert list(letters.order_by("pk").values_list("state", "attempts", "next_try_at")) == before
    assert not Heartbeat.objects.filter(name="mail").exists()


@pytest.mark.django_db
def test_no_letter_loses_a_try_by_other_server_keys(
    staff: Staff, today: datetime, settings: Settings
) -> None:
    cases.raised(staff, now=today)
    settings.SERVER_KEYS = "1:" + "cd" * 31 + "ef"
    with travel(today + timedelta(days=1)):
        Process.anchor = None
        assert tasks.deliver_notices() == 0
    assert set(Notice.objects.exclude(channel="inbox").values_list("state", "attempts")) == {
        ("queued", 0)
    }


@pytest.mark.django_db
def test_the_operator_says_that_the_clock_is_right(staff: Staff, today: datetime) -> None:
    cases.raised(staff, now=today)
    tasks.run_clocks()
    before = Event.objects.count()
    with travel(today + timedelta(days=20)):
        tasks.run_clocks()
        assert clock_check.clock_state() == "jumped"
        call_command("confirm_clock")
        tasks.run_clocks()
        if connection.vendor == "postgresql":  # whose own clock says that it is wrong
            assert clock_check.clock_state() == "jumped"
            return
        assert clock_check.clock_state() == "ok"
        assert Event.objects.count() > before, "what was owed is done"
    with travel(today + timedelta(days=60)):
        assert not clock_check.is_trusted(timezone.now()), "one word is for one jump"


@pytest.mark.django_db
def test_an_outage_of_three_days_needs_no_word(today: datetime) -> None:
    Heartbeat.objects.create(name="clocks", at=today - timedelta(days=3))
    assert clock_check.is_trusted(timezone.now())


@pytest.mark.django_db
@pytest.mark.parametrize("pause", [timedelta(days=15), timedelta(days=31), timedelta(hours=-2)])
def test_a_sweep_and_a_tick_wait_where_nothing_tells_an_outage_from_a_wrong_clock(
    staff: Staff, today: datetime, monkeypatch: pytest.MonkeyPatch, pause: timedelta
) -> None:
    """Whether a time server keeps the clock is the machine's; both are tried."""
    cases.raised(staff, now=today - timedelta(days=40))
    Heartbeat.objects.update_or_create(name="clocks", defaults={"at": today - pause})
    monkeypatch.setattr(clock_check, "is_kept_by_time_server", lambda: False)
    before = (Event.objects.count(), Notice.objects.count())
    assert tasks.run_clocks() == tasks.run_daily_work() == 0
    with pytest.raises(CommandError, match="confirm_clock"):
        call_command("tick")
    assert clock_check.clock_state() == "jumped"
    assert (Event.objects.count(), Notice.objects.count()) == before
    monkeypatch.setattr(clock_check, "is_kept_by_time_server", lambda: True)
    assert clock_check.is_trusted(timezone.now()) is (pause > timedelta())
    call_command("confirm_clock")
    call_command("tick")
    assert Event.objects.count() > before[0]


@pytest.mark.django_db
@pytest.mark.postgres
def test_a_worker_that_starts_with_a_wrong_clock_is_found_by_the_database(
    today: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with travel(today + timedelta(days=3)):
        monkeypatch.setattr(Process, "anchor", Anchor(timezone.now(), elapsed()))
        assert not clock_check.is_trusted(timezone.now())
    monkeypatch.setattr(Process, "anchor", Anchor(timezone.now(), elapsed()))
    assert clock_check.is_trusted(timezone.now())


def test_the_moved_clock_of_a_rehearsal_is_trusted(settings: Settings) -> None:
    assert settings.FAKE_NOW is not None
    assert clock_check.is_trusted(timezone.now())
    assert clock.now() != timezone.now()
