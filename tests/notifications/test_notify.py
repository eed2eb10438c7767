"""Mail by GOV.UK Notify, against a stand-in of its documented interface over real HTTP.

The stand-in is ours: it checks the signed token and the fields, and answers as the documentation
says. It is not Notify.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import jwt
import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from config import environment
from notifications.channels import CHANNELS
from notifications.channels.base import Letter, Refused, ServerAway, TryLater

SERVICE = "8b3aa916-ec82-434e-b0c5-d5d9b371d6a3"
SECRET = "dcdc5083-2fee-4fba-8afd-51f3f4bcb7b0"  # noqa: S105 - the example of its documentation
KEY = f"fairhearing-{SERVICE}-{SECRET}"
LETTER = Letter("person@work.invalid", "You have a message", "Sign in to read it.", "k1")


class StandIn(HTTPServer):
    """A stand-in of the interface of Notify."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.got: list[dict[str, Any]] = []
        self.answer: tuple[int, Any] = (201, {"id": "740e5834-3a29-46b4-9a6f-16142fde533a"})


class Answering(BaseHTTPRequestHandler):
    server: StandIn

    def do_POST(self) -> None:  # the library calls it by this name
        token = self.headers["Authorization"].removeprefix("Bearer ")
        assert jwt.decode(token, SECRET, algorithms=["HS256"])["iss"] == SERVICE
        assert self.path == "/v2/notifications/email"
        self.server.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        status, body = self.server.answer
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def notify(settings: Settings) -> Iterator[StandIn]:
    server = StandIn()
    Thread(target=server.serve_forever, daemon=True).start()
    settings.NOTIFY_API_KEY, settings.NOTIFY_TEMPLATE = KEY, "f33517ff-2a88-4f6e-b855-c550268ce08a"
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


@pytest.mark.parametrize("wrong", ["secret", SECRET, f"{SERVICE}{SECRET}", KEY[:-1]])
def test_half_a_key_is_refused_at_start(wrong: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="NOTIFY_API_KEY"):
        environment.notify_key(wrong, "NOTIFY_API_KEY")
    assert environment.notify_key(KEY, "NOTIFY_API_KEY") == KEY
