"""Mail and text messages by GOV.UK Notify: a stand-in of its documented interface, real HTTP.

The stand-in is ours: it checks the signed token and the fields, and answers as the documentation
says. It is not Notify.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, time
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from pytest_django import Settings

from config import channels
from notifications import delivery, outbox
from notifications.channels import CHANNELS
from notifications.channels.base import Letter, Refused, ServerAway, TryLater
from notifications.channels.notify import reference_of
from notifications.models import Notice, State
from notifications.outbox import Message
from notifications.slots import is_quiet

SERVICE = "8b3aa916-ec82-434e-b0c5-d5d9b371d6a3"
SECRET = "dcdc5083-2fee-4fba-8afd-51f3f4bcb7b0"  # noqa: S105 - the example of its documentation
KEY = f"fairhearing-{SERVICE}-{SECRET}"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
LETTER = Letter("person@work.invalid", "You have a message", "Sign in to read it.", "k1")


class StandIn(HTTPServer):
    """A stand-in of the interface of Notify."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.got: list[dict[str, Any]] = []
        self.lost: list[str] = []
        self.answer: tuple[int, Any] = (201, {"id": "740e5834-3a29-46b4-9a6f-16142fde533a"})


class Answering(BaseHTTPRequestHandler):
    server: StandIn

    def do_POST(self) -> None:  # the library calls it by this name
        token = self.headers["Authorization"].removeprefix("Bearer ")
        assert jwt.decode(token, SECRET, algorithms=["HS256"])["iss"] == SERVICE
        assert self.path in ("/v2/notifications/email", "/v2/notifications/sms")
        self.server.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        status, body = self.server.answer
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def do_GET(self) -> None:  # the library calls it by this name
        """What Notify took and could not deliver, one page of it."""
        asked = parse_qs(urlsplit(self.path).query)
        assert urlsplit(self.path).path == "/v2/notifications"
        lost = self.server.lost if asked["status"] == ["permanent-failure"] else []
        page = {"notifications": [{"reference": each} for each in lost], "links": {"next": ""}}
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(page).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def notify(settings: Settings) -> Iterator[StandIn]:
    server = StandIn()
    Thread(target=server.serve_forever, daemon=True).start()
    settings.NOTIFY_API_KEY, settings.NOTIFY_TEMPLATE = KEY, TEMPLATE
    settings.NOTIFY_TEXT_TEMPLATE = TEMPLATE
    settings.NOTIFY_URL = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()


def send() -> None:
    carrier = CHANNELS["email"].open()
    try:
        carrier.deliver(LETTER)
    finally:
        carrier.close()


def test_a_letter_fills_the_template(notify: StandIn) -> None:
    send()
    assert notify.got == [
        {
            "email_address": "person@work.invalid",
            "template_id": "f33517ff-2a88-4f6e-b855-c550268ce08a",
            "personalisation": {"subject": "You have a message", "body": "Sign in to read it."},
            "reference": reference_of("k1"),
        }
    ]


def errors(kind: str, message: str) -> dict[str, Any]:
    return {"errors": [{"error": kind, "message": message}]}


@pytest.mark.parametrize(
    ("status", "body", "meaning", "code"),
    [
        (400, errors("ValidationError", "email_address Not a valid email address"), Refused, "400"),
        (400, errors("BadRequestError", "Template not found"), ServerAway, "400"),
        (400, errors("BadRequestError", "Can't send to this recipient"), ServerAway, "400"),
        (403, errors("AuthError", "Invalid token: API key not found"), ServerAway, "403"),
        (429, errors("RateLimitError", "Exceeded rate limit"), ServerAway, "429"),
        (500, errors("Exception", "Internal server error"), TryLater, "500"),
        (503, ["not", "as", "documented"], TryLater, "503"),
    ],
)
def test_each_answer_has_its_meaning_and_leaves_no_address_behind(
    notify: StandIn,
    status: int,
    body: Any,
    meaning: type[Exception],
    code: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    notify.answer = (status, body)
    with caplog.at_level(logging.DEBUG), pytest.raises(meaning) as raised:
        send()
    assert str(raised.value) == f"NOTIFY_{code}"
    assert raised.value.__cause__ is None
    assert "person@" not in caplog.text
    assert "email_address" not in caplog.text


def test_without_an_answer_no_letter_is_tried(notify: StandIn, settings: Settings) -> None:
    settings.NOTIFY_URL = "http://127.0.0.1:9"
    with pytest.raises(ServerAway, match="NOTIFY_AWAY"):
        send()


def text(key: str = "k1") -> None:
    carrier = CHANNELS["text"].open()
    try:
        carrier.deliver(Letter("+447700900982", "There is an update", "Not sent by text.", key))
    finally:
        carrier.close()


def test_a_text_message_says_only_that_there_is_something_to_read(
    notify: StandIn, settings: Settings
) -> None:
    settings.SITE_URL = "https://concerns.work.invalid"
    text()
    assert notify.got == [
        {
            "phone_number": "+447700900982",
            "template_id": TEMPLATE,
            "personalisation": {"body": "There is an update. https://concerns.work.invalid/inbox/"},
            "reference": reference_of("k1"),
        }
    ]


def test_a_wrong_number_is_the_fault_of_the_message_and_is_not_logged(
    notify: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    notify.answer = (400, errors("ValidationError", "phone_number Not enough digits"))
    with caplog.at_level(logging.DEBUG), pytest.raises(Refused, match="NOTIFY_400"):
        text()
    assert "7700" not in caplog.text


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        (datetime(2026, 11, 30, 7, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 30, 8, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 30, 19, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 30, 20, 0, tzinfo=UTC), True),
        (datetime(2026, 7, 1, 6, 59, tzinfo=UTC), True),  # British summer time: 07:59
        (datetime(2026, 7, 1, 7, 0, tzinfo=UTC), False),
        (datetime(2026, 7, 1, 19, 0, tzinfo=UTC), True),
    ],
)
def test_no_text_message_leaves_at_night_by_local_time(moment: datetime, quiet: bool) -> None:
    assert is_quiet(moment) is quiet


def test_quiet_hours_can_be_other_ones_or_none(settings: Settings) -> None:
    noon = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
    settings.QUIET_HOURS = (time(11), time(13))
    assert is_quiet(noon)
    settings.QUIET_HOURS = (time(8), time(8))
    assert not is_quiet(noon)


@pytest.mark.django_db
class TestInTheOutbox:
    NIGHT = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    MORNING = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)

    def drain(self, now: datetime) -> delivery.Tally:
        delivery.BREAKER.reset()
        delivery.TEXT_BREAKER.reset()
        return delivery.drain(now=now, addresses_of=lambda rows: ["x@y.invalid" for _ in rows])

    def put(self, *channels: str, key: str = "key1") -> None:
        message = Message("h", "update", "/inbox/", key, b"sealed", channels=channels)
        with transaction.atomic():
            outbox.put([message], now=self.NIGHT)

    def test_mail_leaves_at_night_and_a_text_message_waits_for_the_morning(
        self, notify: StandIn
    ) -> None:
        self.put("email", "text")
        assert self.drain(self.NIGHT).sent == 1
        assert "email_address" in notify.got[0]
        assert self.drain(self.MORNING).sent == 1
        assert "phone_number" in notify.got[1]

    def test_a_gateway_that_is_away_does_not_stop_the_mail(
        self, notify: StandIn, settings: Settings
    ) -> None:
        settings.NOTIFY_TEMPLATE = ""  # mail goes another way
        notify.answer = (403, errors("AuthError", "Invalid token"))
        self.put("email", "text")
        tally = self.drain(self.MORNING)
        assert (tally.sent, tally.is_away) == (1, True)
        assert Notice.objects.get(channel="text").state == State.QUEUED
        assert Notice.objects.get(channel="text").attempts == 0

    def test_mail_and_text_end_by_one_time_so_that_no_row_in_flight_looks_stuck(
        self, notify: StandIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each letter takes 100 seconds here; the last one must end before it looks stuck."""
        seconds = [0.0]

        def slowly(*_: Any) -> State:
            seconds[0] += 100
            return State.QUEUED

        monkeypatch.setattr(delivery, "_carry", slowly)
        monkeypatch.setattr(delivery, "time", SimpleNamespace(monotonic=lambda: seconds[0]))
        for number in range(6):
            self.put("email", "text", key=f"key{number}")
        self.drain(self.MORNING)
        assert seconds[0] <= delivery.BUDGET + 100
        begun = Notice.objects.filter(attempts=1)
        assert {row.channel for row in begun} == {"email", "text"}, "neither kind starves"

    def test_what_notify_could_not_deliver_is_marked(self, notify: StandIn) -> None:
        self.put("text")
        self.drain(self.MORNING)
        assert delivery.note_bounces(self.MORNING) == 0
        notify.lost = [reference_of("key1"), reference_of("another")]
        assert delivery.note_bounces(self.MORNING) == 1
        row = Notice.objects.get(channel="text")
        assert (row.state, row.last_error) == (State.FAILED, "BOUNCED")

    def test_without_an_answer_of_notify_nothing_is_marked(self, settings: Settings) -> None:
        settings.NOTIFY_API_KEY, settings.NOTIFY_URL = KEY, "http://127.0.0.1:9"
        assert delivery.note_bounces(self.MORNING) == 0


def read_templates(key: str) -> None:
    mail, text = map(channels.notify_template, ("NOTIFY_TEMPLATE", "NOTIFY_TEXT_TEMPLATE"))
    channels.require_templates(key, mail, text)


@pytest.mark.parametrize(
    ("key", "mail", "texts", "sentence"),
    [
        (KEY, "", "", "NOTIFY_TEMPLATE is missing"),
        ("", TEMPLATE, "", "NOTIFY_API_KEY is missing"),
        ("", "", TEMPLATE, "NOTIFY_API_KEY is missing"),
        (KEY, "", "my template", "NOTIFY_TEXT_TEMPLATE is no id of a template"),
        (KEY, "x", TEMPLATE, "NOTIFY_TEMPLATE is no id of a template"),
    ],
)
def test_half_set_values_are_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, key: str, mail: str, texts: str, sentence: str
) -> None:
    monkeypatch.setenv("NOTIFY_TEMPLATE", mail)
    monkeypatch.setenv("NOTIFY_TEXT_TEMPLATE", texts)
    with pytest.raises(ImproperlyConfigured, match=sentence):
        read_templates(key)


@pytest.mark.parametrize("wrong", ["20-8", "20:00", "25:00-08:00", "20:00-08:60", "never"])
def test_quiet_hours_that_are_none_are_refused(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("QUIET_HOURS", wrong)
    with pytest.raises(ImproperlyConfigured, match="QUIET_HOURS"):
        channels.quiet_hours("QUIET_HOURS", "20:00-08:00")


@pytest.mark.parametrize("wrong", ["secret", SECRET, f"{SERVICE}{SECRET}", KEY[:-1]])
def test_half_a_key_is_refused_at_start(wrong: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="NOTIFY_API_KEY"):
        channels.notify_key(wrong, "NOTIFY_API_KEY")
    assert channels.notify_key(KEY, "NOTIFY_API_KEY") == KEY
