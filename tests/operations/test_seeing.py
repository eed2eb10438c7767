"""An operator sees how the service runs, and reads no word of a person anywhere."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from celery import shared_task
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from config import logs
from grievances import tasks
from grievances.audit.models import Event
from grievances.web.shared import clock
from tests.factories import cases
from tests.factories.people import Staff
from tests.signing_in import sign_in

PLANTED = "the-red-scarf-on-the-stairs"
TOKEN = "for-the-monitor-0123456789-abcdefghijkl"


@shared_task(name="tests.fails_with_words")
def fail_with_words(*_: str) -> None:
    raise ValueError(PLANTED)


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Every log line of this process, as production writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.json_lines())
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def test_nothing_that_leaves_the_process_has_a_word(
    staff: Staff,
    settings: Settings,
    lines: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Logs, metrics, health, the operator's page, mail, cache: words are planted and looked for."""
    settings.METRICS_TOKEN = TOKEN
    case = cases.acknowledged(staff)
    client = sign_in(Client(raise_request_exception=False), staff, "complainant1")
    client.post(f"/cases/{case.reference}/message/", {"text": PLANTED, "once": "1"})

    def fault() -> None:
        raise ValueError(PLANTED)

    monkeypatch.setattr("grievances.web.shared.context_processors.session_end", lambda _: fault())
    broken = client.get(f"/cases/?q={PLANTED}", headers={"X-Request-ID": PLANTED})
    assert broken.status_code == 500
    monkeypatch.undo()
    assert fail_with_words.apply((PLANTED,)).failed()
    tasks.deliver_notices()
    operator = sign_in(Client(), staff, "lead1")
    left = {
        "logs": lines.getvalue(),
        "metrics": Client()
        .get("/health/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        .content.decode(),
        "ready": Client().get("/health/ready").content.decode(),
        "mail": "".join(f"{each.subject}{each.body}" for each in mail.outbox),
        "cache": repr(vars(cache)),
    }
    page = operator.get("/service/").content.decode()
    assert mail.outbox
    for name, text in left.items():
        assert text, name
        for word in (PLANTED, "complainant1", "Amara", staff["complainant1"].name):
            assert word not in text, (name, word)
    for word in (PLANTED, "complainant1", case.reference):
        assert word not in page
    told = [json.loads(line) for line in left["logs"].splitlines()]
    failed = [each for each in told if each.get("error") == "ValueError"]
    request, task = failed[0], failed[-1]
    assert (request["status"], request["route"]) == (500, "cases/")
    assert request["request_id"] == broken["X-Request-ID"]
    assert broken["X-Request-ID"] in broken.content.decode()
    assert "tests.fails_with_words" in task["event"]
    assert len([each for each in failed if each["logger"] == "django.request"]) == 1


def test_metrics_are_for_the_monitor_and_the_page_for_those_responsible(
    staff: Staff, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the token the address looks like any that is not there."""
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert Client().get("/health/metrics", headers=bearer).status_code == 404
    settings.METRICS_TOKEN = TOKEN
    for given in ({}, {"Authorization": "Bearer é"}, {"Authorization": f"Bearer {TOKEN}x"}):
        assert Client().get("/health/metrics", headers=given).status_code == 404
    cases.acknowledged(staff)
    monkeypatch.setattr(clock, "now", lambda: cases.at(600))
    monkeypatch.setattr(clock, "today", lambda: cases.at(600).date())
    Client().post("/accounts/login/", {"login": "nobody", "password": "wrong"})
    tasks.deliver_notices()
    text = Client().get("/health/metrics", headers=bearer).content.decode()
    figures = dict(
        line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#")
    )
    assert float(figures["fairhearing_deadlines_late"]) > 0
    assert float(figures["fairhearing_disk_free_bytes"]) > 0
    assert figures["fairhearing_mail_age_seconds"] == "0.0"
    assert figures["fairhearing_letters_due"] == "0.0"
    assert figures["fairhearing_clock_ok"] == "1.0"
    assert float(figures['fairhearing_sign_in_seconds_bucket{le="+Inf"}']) >= 1
    page = sign_in(Client(), staff, "dpo1").get("/service/").content.decode()
    assert "Due dates that have passed" in page
    assert "Backups are not encrypted" in page
    assert sign_in(Client(), staff, "handler1").get("/service/").status_code == 404
    kinds = ["service.opened", "service.refused"]
    assert list(Event.objects.filter(kind__in=kinds).values_list("kind", flat=True)) == kinds
