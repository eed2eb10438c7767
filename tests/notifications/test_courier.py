"""The courier, against a real SMTP server."""

import logging
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from smtplib import SMTPAuthenticationError, SMTPDataError

import pytest
from django.db import connection
from pytest_django import Settings

from notifications import delivery
from notifications.channels.base import Letter, Refused, TryLater
from notifications.channels.email import MailConnection, failure
from notifications.delivery import REFUSED_RETRY_DELAYS, RETRY_DELAYS, TOGETHER, Tally, drain
from notifications.models import Notice, State
from notifications.slots import next_slot, slot_of
from tests.notifications.conftest import Post, opened
from tests.notifications.smtp_sink import Sink, hanging
from tests.private_authority import Authority, serving


def test_mail_arrives_and_its_row_says_sent(sink: Sink, post: Post, now: datetime) -> None:
    notice = post()
    assert drain(now=now, addresses_of=opened) == Tally(sent=1)
    (mail,) = sink.arrived
    assert mail["To"] == "a1@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] is None
    assert "https://concerns.example/cases/RC-ABC234/" in mail.get_content()
    assert "not read" in mail.get_content()
    notice.refresh_from_db()
    assert (notice.state, notice.sent_at, notice.attempts) == (State.SENT, slot_of(now), 1)


def test_sealed_recipient_is_gone_once_the_mail_is_out(
    sink: Sink, post: Post, now: datetime
) -> None:
    notice = post()
    drain(now=now, addresses_of=opened)
    notice.refresh_from_db()
    assert bytes(notice.sealed_recipient) == b""


def test_a_second_drain_sends_nothing_more(sink: Sink, post: Post, now: datetime) -> None:
    post()
    drain(now=now, addresses_of=opened)
    assert drain(now=now + timedelta(days=1), addresses_of=opened) == Tally()
    assert len(sink.arrived) == 1


def test_refused_address_is_tried_again_after_one_then_five_minutes(
    sink: Sink, post: Post, now: datetime
) -> None:
    notice = post()
    sink.answers["a1@example.org"] = b"550 no such mailbox a1@example.org"
    assert drain(now=now, addresses_of=opened) == Tally(later=1)
    notice.refresh_from_db()
    assert notice.next_try_at == now + timedelta(minutes=1)
    assert notice.last_error == "SMTP_550"
    assert drain(now=now + timedelta(seconds=59), addresses_of=opened) == Tally()
    assert drain(now=now + timedelta(minutes=1), addresses_of=opened) == Tally(later=1)
    notice.refresh_from_db()
    assert notice.next_try_at == now + timedelta(minutes=6)
    sink.answers.clear()
    assert drain(now=now + timedelta(minutes=6), addresses_of=opened) == Tally(sent=1)
    notice.refresh_from_db()
    assert notice.last_error == ""


@pytest.mark.parametrize(
    ("answer", "attempts_allowed"),
    [(b"550 no", len(REFUSED_RETRY_DELAYS)), (b"451 busy", len(RETRY_DELAYS))],
)
def test_last_attempt_ends_in_failed_where_it_can_be_seen(
    sink: Sink, post: Post, now: datetime, answer: bytes, attempts_allowed: int
) -> None:
    notice = post()
    sink.answers["a1@example.org"] = answer
    Notice.objects.update(attempts=attempts_allowed - 1)
    assert drain(now=now, addresses_of=opened) == Tally(later=1)
    notice.refresh_from_db()
    assert drain(now=notice.next_try_at, addresses_of=opened) == Tally(failed=1)
    notice.refresh_from_db()
    assert notice.state == State.FAILED


def test_wrong_password_of_ours_is_not_taken_for_a_refused_letter() -> None:
    assert isinstance(failure(SMTPAuthenticationError(535, b"no")), TryLater)
    assert isinstance(failure(SMTPDataError(554, b"no")), Refused)
    assert isinstance(failure(SMTPDataError(451, b"later")), TryLater)


def test_ladder_lasts_a_week_and_a_refusal_a_day() -> None:
    assert [wait.total_seconds() / 60 for wait in RETRY_DELAYS[:5]] == [1, 5, 15, 60, 60]
    assert timedelta(days=7) <= sum(RETRY_DELAYS, timedelta()) < timedelta(days=7, hours=1)
    assert timedelta(days=1) <= sum(REFUSED_RETRY_DELAYS, timedelta()) < timedelta(days=1, hours=1)


def test_server_that_hangs_up_after_data_gets_the_same_message_id_again(
    sink: Sink, post: Post, now: datetime
) -> None:
    post()
    sink.drops_after_data = 1
    assert drain(now=now, addresses_of=opened) == Tally(later=1)
    assert drain(now=now + timedelta(minutes=1), addresses_of=opened) == Tally(sent=1)
    first, second = sink.arrived
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@concerns.example>")


def test_two_notices_have_different_message_ids(sink: Sink, post: Post, now: datetime) -> None:
    post("a1")
    post("a2")
    drain(now=now, addresses_of=opened)
    assert len({mail["Message-ID"] for mail in sink.arrived}) == 2


def test_one_connection_carries_a_batch_and_is_made_anew_where_the_server_ends_it(
    sink: Sink, post: Post, now: datetime
) -> None:
    sink.most = 3
    for number in range(7):
        post(f"a{number}")
    assert drain(now=now, addresses_of=opened) == Tally(sent=7)
    assert sink.connections == 3
    assert len({mail["Message-ID"] for mail in sink.arrived}) == len(sink.arrived) == 7


def test_letter_that_breaks_every_connection_is_put_off_and_the_others_leave(
    sink: Sink, post: Post, now: datetime
) -> None:
    """No letter may keep the others back: the one that breaks it counts its attempt."""
    for number in range(3):
        post(f"a{number}")
    sink.drops_after_data = 1
    assert drain(now=now, addresses_of=opened) == Tally(sent=2, later=1)
    sink.drops_after_data = 10
    post("a8")
    assert drain(now=now + timedelta(minutes=1), addresses_of=opened) == Tally(later=2)
    assert sorted(Notice.objects.exclude(state=State.SENT).values_list("attempts", flat=True)) == [
        1,
        2,
    ]


def test_server_that_hangs_is_met_once_and_then_left_alone(
    post: Post, now: datetime, settings: Settings, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    """A batch costs one time limit, the pause costs none, and no letter loses an attempt."""
    for number in range(20):
        post(f"a{number}")
    settings.EMAIL_TIMEOUT = 0.3
    with hanging() as server:
        settings.EMAIL_PORT = server.getsockname()[1]
        began = time.monotonic()
        assert drain(now=now, addresses_of=opened) == Tally(is_away=True)
        assert time.monotonic() - began < 5 * settings.EMAIL_TIMEOUT
    assert "away (SMTPServerDisconnected)" in caplog.text
    assert set(Notice.objects.values_list("state", "attempts", "next_try_at")) == {
        (State.QUEUED, 0, slot_of(now))
    }
    settings.EMAIL_PORT = 9
    assert drain(now=now + timedelta(seconds=29), addresses_of=opened) == Tally(is_away=True)
    assert "ConnectionRefused" not in caplog.text
    assert drain(now=now + timedelta(seconds=31), addresses_of=opened) == Tally(is_away=True)
    assert "away (ConnectionRefusedError)" in caplog.text
    settings.EMAIL_PORT = sink.port
    assert drain(now=now + timedelta(seconds=90), addresses_of=opened) == Tally(is_away=True)
    assert drain(now=now + timedelta(seconds=92), addresses_of=opened) == Tally(sent=20)
    assert not delivery.BREAKER.is_open(now + timedelta(seconds=92))


def test_server_whose_certificate_ended_is_away_and_no_letter_loses_an_attempt(
    sink: Sink,
    post: Post,
    now: datetime,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    post("a1")
    settings.EMAIL_USE_SSL, settings.EMAIL_HOST = True, "localhost"
    with serving(authority.certify(ends_in=timedelta(days=-1))) as port:
        settings.EMAIL_PORT = port
        assert drain(now=now, addresses_of=opened) == Tally(is_away=True)
    assert "away (SSLCertVerificationError)" in caplog.text
    assert "example.org" not in caplog.text
    settings.EMAIL_USE_SSL, settings.EMAIL_PORT = False, sink.port
    assert drain(now=now + timedelta(minutes=6), addresses_of=opened) == Tally(sent=1)


def test_server_that_hangs_in_the_middle_ends_the_batch_after_two_letters(
    sink: Sink, post: Post, now: datetime
) -> None:
    for number in range(6):
        post(f"a{number}")
    sink.drops_after_data = 100
    assert drain(now=now, addresses_of=opened) == Tally(later=2, is_away=True)
    assert sum(Notice.objects.values_list("attempts", flat=True)) == 2


def test_bad_rows_do_not_stop_the_batch(
    sink: Sink, post: Post, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    unknown_kind = post("a1", kind="nosuchkind")
    bad_seal = post("a2", sealed_recipient=b"\xff")
    refused = post("a3")
    good = post("a4")
    sink.answers["a3@example.org"] = b"550 no"
    with caplog.at_level(logging.ERROR):
        tally = drain(now=now, addresses_of=opened)
    assert tally == Tally(sent=1, failed=1, later=2)
    stood = dict(Notice.objects.values_list("pk", "last_error"))
    assert stood == {
        unknown_kind.pk: "TemplateDoesNotExist",
        bad_seal.pk: "UnicodeDecodeError",
        refused.pk: "SMTP_550",
        good.pk: "",
    }


def test_log_of_a_fault_quotes_no_address(
    sink: Sink, post: Post, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    post()

    def breaks(notices: Sequence[Notice]) -> list[str | Exception | None]:
        return [ValueError(f"cannot open {opened(notices)}")]

    drain(now=now, addresses_of=breaks)
    assert "ValueError" in caplog.text
    assert "a1@example.org" not in caplog.text


def test_recipient_without_an_address_is_not_needed(sink: Sink, post: Post, now: datetime) -> None:
    notice = post(sealed_recipient=b"")
    assert drain(now=now, addresses_of=opened) == Tally(not_needed=1)
    notice.refresh_from_db()
    assert (notice.state, notice.last_error) == (State.NOT_NEEDED, "NO_ADDRESS")
    assert sink.arrived == []


def test_row_lost_with_its_worker_is_sent_after_ten_minutes(
    sink: Sink, post: Post, now: datetime
) -> None:
    post()
    Notice.objects.update(state=State.SENDING, claimed_at=now, attempts=1)
    assert drain(now=now + timedelta(minutes=10), addresses_of=opened) == Tally()
    assert drain(now=now + timedelta(minutes=11), addresses_of=opened) == Tally(sent=1)


def test_row_that_kills_every_worker_ends_in_failed(sink: Sink, post: Post, now: datetime) -> None:
    notice = post()
    Notice.objects.update(state=State.SENDING, claimed_at=now, attempts=len(RETRY_DELAYS) + 1)
    drain(now=now + timedelta(minutes=11), addresses_of=opened)
    notice.refresh_from_db()
    assert (notice.state, notice.last_error) == (State.FAILED, "WORKER_LOST")
    assert sink.arrived == []


def test_row_in_one_couriers_hands_is_not_taken_by_another(
    sink: Sink, post: Post, now: datetime
) -> None:
    post()
    inner: list[Tally] = []

    def meanwhile(notices: Sequence[Notice]) -> list[str | Exception | None]:
        if notices:
            inner.append(drain(now=now, addresses_of=meanwhile))
        return opened(notices)

    assert drain(now=now, addresses_of=meanwhile) == Tally(sent=1)
    assert inner == [Tally()]
    assert len(sink.arrived) == 1


@pytest.mark.parametrize(("a_while", "unmarked"), [(60.0, TOGETHER), (0.0, 1)])
def test_only_a_few_letters_that_are_gone_wait_for_their_mark(
    sink: Sink,
    post: Post,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    a_while: float,
    unmarked: int,
) -> None:
    monkeypatch.setattr(delivery, "A_WHILE", a_while)
    waiting: list[int] = []
    deliver = MailConnection.deliver

    def counted(mail: MailConnection, letter: Letter) -> None:
        deliver(mail, letter)
        waiting.append(len(sink.arrived) - Notice.objects.filter(state=State.SENT).count())

    monkeypatch.setattr(MailConnection, "deliver", counted)
    for number in range(2 * TOGETHER + 1):
        post(f"a{number}")
    assert drain(now=now, addresses_of=opened).sent == 2 * TOGETHER + 1
    assert max(waiting) == unmarked
    assert not Notice.objects.exclude(state=State.SENT).exists()


def test_batch_is_a_limit(sink: Sink, post: Post, now: datetime) -> None:
    for number in range(3):
        post(f"a{number}")
    assert drain(now=now, addresses_of=opened, batch=2) == Tally(sent=2)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_couriers_side_by_side_send_each_row_once(sink: Sink, post: Post, now: datetime) -> None:
    for number in range(24):
        post(f"a{number}")

    def work() -> None:
        drain(now=now, addresses_of=opened)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(mail["To"] for mail in sink.arrived) == sorted(
        f"a{number}@example.org" for number in range(24)
    )


def test_held_letters_of_one_slot_leave_together_and_in_no_order(
    sink: Sink, post: Post, now: datetime
) -> None:
    keys = [f"held:{number}" for number in range(12)]
    for number, key in enumerate(keys):
        post(f"p{number}", key=key, held=True)
    assert drain(now=next_slot(now) - timedelta(seconds=1), addresses_of=opened) == Tally()
    assert drain(now=next_slot(now), addresses_of=opened) == Tally(sent=12)
    came = [mail["To"] for mail in sink.arrived]
    assert sorted(came) == sorted(f"p{number}@example.org" for number in range(12))
    assert came != [f"p{number}@example.org" for number in range(12)]
