"""Signed calls to a program, over real HTTP, judged by the library of Standard Webhooks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings
from standardwebhooks import Webhook, WebhookVerificationError

from config import channels, endpoints
from grievances import tasks
from grievances.audit.models import Heartbeat
from grievances.operations.alerts import calling
from grievances.operations.alerts.models import WebhookCall
from grievances.web.shared import clock
from tests.factories import cases
from tests.factories.people import Staff
from tests.private_authority import Authority

pytestmark = pytest.mark.django_db
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the example of the standard
Call = tuple[str, dict[str, str]]


class Program(HTTPServer):
    """The program of the organisation: it keeps what it gets and answers what it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.got: list[Call] = []
        self.status = 204


class Answering(BaseHTTPRequestHandler):
    server: Program

    def do_POST(self) -> None:  # the library calls it by this name
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.got.append((body, {k.lower(): v for k, v in self.headers.items()}))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def program(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Program]:
    server, authority = Program(), Authority(tmp_path)
    tls = authority.certify(ends_in=timedelta(days=9))
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.WEBHOOK_URL = f"https://localhost:{server.server_port}/alerts?of=fair-hearing"
    settings.WEBHOOK_SECRET = SECRET
    settings.LOCAL_CALLS = True
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    yield server
    server.shutdown()
    server.server_close()


def sweep_stopped(age: timedelta) -> None:
    Heartbeat.objects.update_or_create(name="clocks", defaults={"at": clock.now() - age})


def test_each_change_is_one_signed_call_without_content(
    staff: Staff, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = cases.acknowledged(staff)
    # The library refuses a moment that is not that of the machine.
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC))
    tasks.watch_service()
    program.got.clear()
    sweep_stopped(timedelta(hours=1))
    tasks.watch_service()
    tasks.watch_service()
    ((body, headers),) = program.got
    said = Webhook(SECRET).verify(body, headers)
    assert said["data"] == {"code": "sweep_age", "state": "raised"}
    assert case.reference not in body
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body.replace("raised", "over"), headers)
    sweep_stopped(timedelta(0))
    tasks.watch_service()
    assert json.loads(program.got[-1][0])["data"]["state"] == "over"
    assert len({headers["webhook-id"] for _, headers in program.got}) == 2


def test_what_was_not_taken_is_called_again_under_the_same_id_and_given_up(
    program: Program,
) -> None:
    now = clock.now()
    program.status = 503
    calling.queue(["disk_free"], WebhookCall.State.RAISED, now)
    assert (calling.call_waiting(now), calling.call_waiting(now)) == (0, 0)
    assert len(program.got) == 1
    for wait in calling.WAITS:
        assert calling.call_waiting(now + wait - timedelta(seconds=1)) == 0
        now += wait
        calling.call_waiting(now)
    assert len(program.got) == len(calling.WAITS) + 1
    assert len({headers["webhook-id"] for _, headers in program.got}) == 1
    assert len({headers["webhook-timestamp"] for _, headers in program.got}) > 1
    assert WebhookCall.objects.get().next_try_at is None
    calling.call_waiting(now + timedelta(days=31))
    assert not WebhookCall.objects.exists()


def test_a_program_that_is_away_or_leads_elsewhere_stops_nothing(program: Program) -> None:
    program.status = 302
    calling.queue(["disk_free"], WebhookCall.State.OVER, clock.now())
    assert calling.call_waiting(clock.now()) == 0
    program.shutdown()
    program.server_close()
    assert calling.call_waiting(clock.now() + timedelta(minutes=1)) == 0
    assert WebhookCall.objects.get().tries == 2


def test_a_program_that_is_away_holds_up_a_round_once(program: Program) -> None:
    program.status = 500
    now = clock.now()
    calling.queue(["disk_free", "sweep_age", "mail_age"], WebhookCall.State.RAISED, now)
    assert calling.call_waiting(now) == 0
    assert len(program.got) == 1
    program.status = 204
    assert calling.call_waiting(now + timedelta(minutes=1)) == 3
    assert len({headers["webhook-id"] for _, headers in program.got}) == 3


def test_a_call_to_this_machine_is_not_made_where_it_may_not_be(
    program: Program, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.LOCAL_CALLS = False
    calling.queue(["disk_free"], WebhookCall.State.RAISED, clock.now())
    assert calling.call_waiting(clock.now()) == 0
    assert program.got == []
    assert "LOCAL_CALLS is off" in caplog.text
    assert "localhost" not in caplog.text


@pytest.mark.parametrize("wrong", ["short", "whsec_", "whsec_c2hvcnQ=", "whsec_***", SECRET[6:]])
def test_a_secret_that_signs_nothing_is_refused_at_start(wrong: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="WEBHOOK_SECRET"):
        channels.webhook_secret(wrong, "WEBHOOK_SECRET")
    assert channels.webhook_secret(SECRET, "WEBHOOK_SECRET") == SECRET
    with pytest.raises(ImproperlyConfigured, match="https://HOST/PATH"):
        endpoints.https("http://10.0.0.1/", "WEBHOOK_URL")
