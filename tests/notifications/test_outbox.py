"""Writing notices and reading an inbox."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction

from notifications.models import Notice, State
from notifications.outbox import Context, Message, NotAMessage, check, inbox, put, unread_count
from tests.notifications.conftest import Post


def test_message_becomes_one_row_for_each_channel(post: Post, now: datetime) -> None:
    post(channels=("inbox", "email"))
    rows = {row.channel: row for row in Notice.objects.all()}
    assert (rows["inbox"].state, rows["inbox"].sent_at) == (State.SENT, now)
    assert (rows["email"].state, rows["email"].sent_at) == (State.QUEUED, None)


def test_inbox_row_keeps_no_sealed_recipient(post: Post) -> None:
    assert bytes(post(channels=("inbox",)).sealed_recipient) == b""


def test_same_key_twice_is_written_once(post: Post) -> None:
    post(channels=("inbox", "email"))
    post(channels=("inbox", "email"))
    assert Notice.objects.count() == 2


def test_same_key_twice_in_one_call_is_written_once(db: None, now: datetime) -> None:
    message = Message(handle="a1", kind="update", link="/inbox/", key="k", channels=("inbox",))
    put([message, message], now=now)
    assert Notice.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_step_that_is_rolled_back_tells_no_one(now: datetime) -> None:
    message = Message(handle="a1", kind="update", link="/inbox/", key="k")

    def step() -> None:
        with transaction.atomic():
            put([message], now=now)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        step()
    assert not Notice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_refuses(now: datetime) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        put([Message(handle="a1", kind="update", link="/inbox/", key="k")], now=now)


@pytest.mark.parametrize(
    "wrong",
    [
        {"handle": ""},
        {"handle": "h" * 65},
        {"key": "k" * 161},
        {"kind": "../base"},
        {"link": "https://elsewhere.example/"},
        {"link": "//elsewhere.example/"},
        {"link": ""},
        {"reference": "R" * 21},
        {"channels": ("pigeon",)},
        {"channels": ()},
        {"context": {"note": "he shouted at me"}},
    ],
)
def test_message_that_could_carry_words_or_lead_away_is_refused(wrong: dict[str, Any]) -> None:
    right = {"handle": "a1", "kind": "update", "link": "/inbox/", "key": "k"}
    with pytest.raises(NotAMessage):
        check(Message(**(right | wrong)))


def test_codes_dates_and_numbers_are_allowed() -> None:
    context: Context = {"level": "L1", "due": date(2026, 12, 1), "on": "2026-12-01", "days": 5}
    check(Message(handle="a1", kind="reminder", link="/inbox/", key="k", context=context))


def test_inbox_is_newest_first_and_only_that_persons(post: Post) -> None:
    old = post("a1", key="old", channels=("inbox",))
    new = post("a1", key="new", channels=("inbox",))
    post("a1", key="mail", channels=("email",))
    post("b2", key="other", channels=("inbox",))
    assert list(inbox("a1")) == [new, old]
    assert inbox("a1", "b2").count() == 3
    assert not inbox().exists()


def test_unread_count_falls_when_a_notice_is_opened(post: Post, now: datetime) -> None:
    notice = post("a1", key="one", channels=("inbox",))
    post("a1", key="two", channels=("inbox",))
    assert unread_count("a1") == 2
    Notice.objects.filter(pk=notice.pk).update(read_at=now)
    assert unread_count("a1") == 1
