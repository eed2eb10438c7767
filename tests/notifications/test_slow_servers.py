"""Mail servers that delay, put off, refuse one person or break off: no letter twice, none lost."""

import time
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from notifications.channels import email
from notifications.delivery import Tally, drain
from notifications.models import Notice, State
from tests.notifications.conftest import Post, opened
from tests.notifications.smtp_sink import Sink


def test_a_server_that_takes_its_time_with_a_letter_gets_it_once(
    sink: Sink, post: Post, now: datetime, settings: Settings
) -> None:
    """A second copy would come at each try, for a week: the server has taken every one."""
    settings.EMAIL_TIMEOUT, sink.thinks = 0.2, 0.4
    for number in range(3):
        post(f"a{number}")
    assert drain(now=now, addresses_of=opened) == Tally(sent=3)
    assert drain(now=now + timedelta(days=1), addresses_of=opened) == Tally()
    assert len(sink.arrived) == 3


def test_a_server_that_does_not_answer_a_letter_in_time_is_not_given_it_again_at_once(
    sink: Sink, post: Post, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email, "ANSWER_SECONDS", 0.3)
    for number in range(3):
        post(f"a{number}")
    sink.quick, sink.thinks = 1, 2.0
    began = time.monotonic()
    assert drain(now=now, addresses_of=opened) == Tally(sent=1, later=2)
    assert time.monotonic() - began < 1.5
    assert len({mail["Message-ID"] for mail in sink.arrived}) == len(sink.arrived) == 3


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"450 4.2.0 greylisted, come again in 5 minutes", "SMTP_450"),
        (b"452 4.2.2 mailbox full", "SMTP_452"),
        (b"550 5.1.1 no such user", "SMTP_550"),
    ],
)
def test_one_person_who_is_put_off_or_refused_holds_no_one_else_back(
    sink: Sink, post: Post, now: datetime, answer: bytes, code: str
) -> None:
    for number in range(3):
        post(f"a{number}")
    sink.answers["a1@example.org"] = answer
    assert drain(now=now, addresses_of=opened) == Tally(sent=2, later=1)
    waiting = Notice.objects.get(state=State.QUEUED)
    assert (waiting.last_error, waiting.attempts) == (code, 1)
    assert sink.connections == 1
    sink.answers.clear()
    assert drain(now=now + timedelta(minutes=6), addresses_of=opened) == Tally(sent=1)
    assert sorted(mail["To"] for mail in sink.arrived) == [f"a{n}@example.org" for n in range(3)]


def test_a_server_that_breaks_off_within_a_letter_has_none_of_it(
    sink: Sink, post: Post, now: datetime
) -> None:
    post("a0")
    post("a1")
    sink.drops_within_data = 1
    assert drain(now=now, addresses_of=opened) == Tally(sent=1, later=1)
    assert drain(now=now + timedelta(minutes=1), addresses_of=opened) == Tally(sent=1)
    assert sorted(mail["To"] for mail in sink.arrived) == ["a0@example.org", "a1@example.org"]


def test_no_letter_loses_a_try_while_no_name_server_knows_the_mail_server(
    sink: Sink, post: Post, now: datetime, settings: Settings
) -> None:
    post("a1")
    known, settings.EMAIL_HOST = settings.EMAIL_HOST, "mail.invalid"
    assert drain(now=now, addresses_of=opened).sent == 0
    waiting = Notice.objects.get()
    assert (waiting.state, waiting.attempts) == (State.QUEUED, 0)
    settings.EMAIL_HOST = known
    assert drain(now=now + timedelta(hours=1), addresses_of=opened) == Tally(sent=1)
