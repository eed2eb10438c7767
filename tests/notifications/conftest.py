"""What the tests of the notifications library share: a mail server and a way to post a notice."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from notifications.delivery import BREAKER
from notifications.models import Notice
from notifications.outbox import Message, put
from tests.notifications.smtp_sink import Sink, serving

Post = Callable[..., Notice]


@pytest.fixture(autouse=True)
def _closed_breaker() -> Iterator[None]:
    """Each test begins with a mail server of which nothing bad is known."""
    BREAKER.reset()
    yield
    BREAKER.reset()


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    with serving() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = server.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 5
        settings.SITE_URL = "https://concerns.example"
        yield server


@pytest.fixture
def post(db: None, now: datetime) -> Post:
    """Put one message, by mail unless told otherwise, and give back its row."""

    def put_one(handle: str = "a1", **fields: Any) -> Notice:
        fields = {
            "kind": "update",
            "link": "/cases/RC-ABC234/",
            "key": f"update:{handle}",
            "channels": ("email",),
            "sealed_recipient": handle.encode() + b"@example.org",
        } | fields
        with transaction.atomic():
            put([Message(handle=handle, **fields)], now=now)
        return Notice.objects.get(key=fields["key"], channel=fields["channels"][-1])

    return put_one


def opened(notices: Sequence[Notice]) -> list[str | Exception | None]:
    """Stands in for the caller's vault: here the seal is the address itself."""
    return [_opened(bytes(notice.sealed_recipient)) for notice in notices]


def _opened(seal: bytes) -> str | Exception | None:
    try:
        return seal.decode() or None
    except UnicodeDecodeError as error:
        return error
