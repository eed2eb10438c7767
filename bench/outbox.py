"""Measure the outbox: with a transport that drops all, and to a real SMTP server.

The server is a process of its own that takes every letter. Source: issue 13, performance.md 8, 12.
"""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from smtplib import SMTP

from django.conf import settings
from django.db import connection, transaction

from bench.stopwatch import in_turn
from bench.table import Line
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import at_work
from notifications.delivery import drain
from notifications.models import Notice
from notifications.outbox import Message, put
from tests.factories.people import assemble

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SENDER = "concerns@example.org"
ROUNDS = 3
SERVER = (
    "import time; from tests.notifications.smtp_sink import serving\n"
    "with serving() as sink:\n"
    "    sink.most = 10**9; print(sink.port, flush=True); time.sleep(10**6)"
)
LETTERS = {"small": 1000, "large": 5000, "full": 5000}

LETTER = (
    "Subject: {subject}\r\nFrom: {sender}\r\nTo: {to}\r\nContent-Type: text/plain\r\n\r\n{words}"
)
"""What `smtplib` sends for itself: the same words, ready written."""

BARE = """
WITH due AS (
    SELECT id FROM notifications_notice WHERE state = 'queued' AND next_try_at <= %s
    ORDER BY next_try_at, id LIMIT 100 FOR UPDATE SKIP LOCKED
)
UPDATE notifications_notice n SET state = 'sent', sent_at = %s, attempts = 1
FROM due WHERE n.id = due.id
"""
"""Claim a hundred rows and mark them; nothing is opened, written or sent between."""


def measure(scale: str) -> Iterable[Line]:
    """Return the time of a letter, and of all beside bare claims and SMTP.

    The goal is 1,000 letters a second. The bare claims are of the same rows, and `smtplib` sends as
    many letters of the same length over one connection.
    """
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    count = LETTERS[scale]
    people = [at_work(person) for person in assemble().people.values()]

    def fill() -> None:
        Notice.objects.all().delete()
        with transaction.atomic():
            put(
                (
                    Message(
                        handle=person.handle,
                        kind="reminder",
                        link="/inbox/",
                        key=f"bench:{number}",
                        sealed_recipient=person.sealed,
                        context={"days": 5, "clock": "INVESTIGATION", "due": "2026-11-30"},
                        channels=("email",),
                    )
                    for number in range(count)
                    for person in [people[number % len(people)]]
                ),
                now=NOW,
            )

    ours, bare = in_turn(5, lambda: _drain(count), lambda: _bare(count), before=fill)
    with _mail_server() as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        sent, plain = in_turn(
            ROUNDS, lambda: _drain(count), lambda: _send(count, port), before=fill
        )
    return [
        Line("Outbox: one letter, in one process", ours / count, "a thousandth of a second", 1, 1),
        Line(f"Outbox: {count:,} letters", ours, "claimed and marked, unsent", bare, 20),
        Line(f"Outbox: {count:,} letters by SMTP", sent, "`smtplib` alone", plain, 2),
    ]


@contextmanager
def _mail_server() -> Iterator[int]:
    """Yield the port of an SMTP server that takes everything, in a process of its own."""
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield int(server.stdout.readline())
        finally:
            server.kill()


def _send(count: int, port: int) -> None:
    words = "A date is coming. Sign in and look at your inbox.\r\n" * 6
    with SMTP("127.0.0.1", port) as server:
        for number in range(count):
            to = f"person{number}@example.org"
            letter = LETTER.format(subject="A date", sender=SENDER, to=to, words=words)
            server.sendmail(SENDER, [to], letter)


def _drain(count: int) -> None:
    sent = 0
    while tally := drain(now=NOW, addresses_of=sending.addresses_for).sent:
        sent += tally
    assert sent == count, sent


def _bare(count: int) -> None:
    marked = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(BARE, [NOW, NOW])
            marked += cursor.rowcount
            if not cursor.rowcount:
                break
    assert marked == count, marked
