"""The operator is told by mail what is wrong, once, and once when it is over."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from pytest_django import Settings

from grievances.audit.models import Event, Heartbeat
from grievances.operations import measures
from grievances.operations.alerts import watching as alerts
from grievances.operations.alerts.models import Alert
from grievances.web.shared import clock
from notifications.channels.base import NotDelivered
from notifications.models import Notice
from tests.factories import cases
from tests.factories.people import Staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _operator(settings: Settings) -> None:
    settings.ALERT_EMAILS = ["operator@work.invalid"]


def beat(name: str, age: timedelta) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": clock.now() - age})


def watch() -> int:
    return alerts.watch(clock.now(), clock.today())


def test_each_state_is_told_once_and_its_end_once(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    Notice.objects.all().delete()
    beat("clocks", timedelta(minutes=1))
    assert (watch(), mail.outbox) == (0, [])
    beat("clocks", timedelta(minutes=11))
    beat("backup", timedelta(days=3))
    assert [watch(), watch(), watch()] == [2, 0, 0]
    (told,) = mail.outbox
    assert told.to == ["operator@work.invalid"]
    assert "Start the worker and beat." in told.body
    assert "No backup was made for two days." in told.body
    assert case.reference not in f"{told.body}{told.subject}"
    beat("clocks", timedelta(seconds=5))
    assert [watch(), watch()] == [1, 0]
    assert mail.outbox[1].body.startswith("Over: Due dates have not been looked at")
    assert "backup" not in mail.outbox[1].body
    beat("clocks", timedelta(hours=1))
    assert watch() == 1
    said = [event.data for event in Event.objects.filter(kind="service.alerted").order_by("pk")]
    assert said[0] == {"raised": ["backup_age", "sweep_age"], "over": []}
    assert said[1] == {"raised": [], "over": ["sweep_age"]}


def test_a_mail_that_fails_is_tried_again_and_two_workers_send_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    beat("clocks", timedelta(hours=1))

    def down(*_: Any) -> None:
        raise SMTPServerDisconnected

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", down)
        with pytest.raises(NotDelivered):
            watch()
    assert not Alert.objects.get().told
    assert watch() == 0, "another worker may be sending it"
    later = clock.now() + timedelta(minutes=3)
    assert alerts.watch(later, clock.today()) == 1
    assert len(mail.outbox) == 1


def test_what_ended_before_the_mail_left_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    beat("clocks", timedelta(hours=1))
    with monkeypatch.context() as patched:
        patched.setattr(alerts, "_send", lambda rows: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            watch()
    beat("clocks", timedelta(0))
    assert alerts.watch(clock.now() + timedelta(minutes=3), clock.today()) == 0
    assert (mail.outbox, Alert.objects.count()) == ([], 0)


def test_without_an_address_nothing_is_sent(settings: Settings) -> None:
    settings.ALERT_EMAILS = []
    beat("clocks", timedelta(hours=1))
    assert (watch(), mail.outbox) == (0, [])


def test_every_rule_has_a_measure_and_a_full_disk_is_told(settings: Settings) -> None:
    settings.ALERT_DISK_GB = 10**9
    names = {each.name for each in measures.collect(clock.now(), clock.today())}
    optional = {"daily_work_age", "virus_scan_ok"}
    assert {rule.measure for rule in alerts.RULES} <= names | optional
    assert watch() == 1
    assert "little room left" in mail.outbox[0].body
