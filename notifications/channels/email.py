"""Plain-text mail through Django's mail backend."""

from __future__ import annotations

from contextlib import suppress
from email.message import EmailMessage as MimeMessage
from email.message import Message
from email.policy import Compat32, Policy, compat32
from functools import lru_cache
from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from typing import TypeAlias
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.utils.crypto import salted_hmac

from notifications.channels.base import Carrier, Letter, NotDelivered, Refused, ServerAway, TryLater
from notifications.channels.notify import NotifyConnection

TIMEOUT = 20
"""Seconds until the mail server greets us; well below `delivery.STUCK_AFTER`."""
ANSWER_SECONDS = 120.0
"""Seconds to wait for an answer about a letter.

A server that looks through a letter before it answers has taken it all the same, and a program
that hangs up sooner sends a second copy (RFC 5321, 4.5.3.2.6, which asks for ten minutes). Two
letters that meet this limit stay below `delivery.STUCK_AFTER`.
"""
BROKEN_IN_A_ROW = 2
"""After so many letters in a row broke the connection, the server counts as away."""
CLOSING = 421
"""The answer of a server that closes the connection (RFC 5321)."""


class Email:
    """Mail: one connection for a batch, to a mail server or to GOV.UK Notify."""

    at_once = False

    def open(self) -> Carrier:
        """Return a connection, which is made when the first letter needs it."""
        return NotifyConnection() if settings.NOTIFY_TEMPLATE else MailConnection()


class MailConnection:
    """One connection to the mail server.

    A server may hang up between two letters. Then the letter is tried once more on a new
    connection, but not after a server that was slow, which may have it. The connection is given up
    when it broke for two letters in a row.
    """

    def __init__(self) -> None:
        self._backend: BaseEmailBackend | None = None
        self._is_used = False
        self._broken = 0

    def deliver(self, letter: Letter) -> None:
        """Send the letter.

        Raises:
            Refused: The server refuses the letter.
            TryLater: It could not be sent.
            ServerAway: The server cannot be reached, or the connection broke twice in a row.
        """
        if self._broken >= BROKEN_IN_A_ROW:
            raise ServerAway("BROKEN")
        try:
            self._send(letter)
        except (SMTPException, OSError) as error:
            if _is_broken(error):
                self._broken += 1
                self.close()
            not_delivered = failure(error)
            raise not_delivered from None
        self._broken = 0

    def close(self) -> None:
        """Say goodbye to the server, if it still listens."""
        backend, self._backend, self._is_used = self._backend, None, False
        if backend is not None:
            with suppress(SMTPException, OSError):
                backend.close()

    def _send(self, letter: Letter) -> None:
        message = _message(letter)
        if self._is_used:
            try:
                self._connected().send_messages([message])
            except (SMTPException, OSError) as error:
                if not _is_broken(error) or _is_slow(error):
                    raise
                self.close()
            else:
                return
        connected = self._connected()
        self._is_used = True
        connected.send_messages([message])

    def _connected(self) -> BaseEmailBackend:
        if self._backend is None:
            backend = get_connection(timeout=settings.EMAIL_TIMEOUT or TIMEOUT)
            try:
                backend.open()
            except (SMTPException, OSError) as error:
                raise ServerAway(failure(error).code) from None
            connection = backend.connection if isinstance(backend, EmailBackend) else None
            if connection is not None and connection.sock is not None:
                connection.sock.settimeout(ANSWER_SECONDS)
            self._backend = backend
        return self._backend


MessagePolicy: TypeAlias = "Policy[Message]"


class FoldedOnce(Compat32):
    """The rules of letters as ever; what all letters share is folded once.

    Folding costs more than the rest of a letter. Of a person's own headers nothing is kept.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return a header as it is sent."""
        # A header that is not ASCII comes as an object of its own, which no letter shares.
        if type(value) is str and name in SHARED:
            return _folded(name, value, self.linesep)
        return super().fold_binary(name, value)


SHARED = frozenset({
    "From", "Subject", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    "Auto-Submitted",
})  # fmt: skip
"""Headers that are alike in all letters of one kind."""


@lru_cache(maxsize=64)
def _folded(name: str, value: str, linesep: str) -> bytes:
    return compat32.clone(linesep=linesep).fold_binary(name, value)


class Mail(EmailMessage):
    """A letter whose headers are folded once."""

    def message(self, **given: MessagePolicy | None) -> MimeMessage:
        """Return the letter as it is sent."""
        message = super().message(**given)
        message.policy = FOLDED_ONCE
        return message


FOLDED_ONCE = FoldedOnce()


def _message(letter: Letter) -> Mail:
    return Mail(
        subject=letter.subject,
        body=letter.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[letter.address],
        headers={
            "Message-ID": message_id(letter.key),
            # RFC 3834: asks out-of-office programs not to answer.
            "Auto-Submitted": "auto-generated",
        },
    )


def _is_broken(error: Exception) -> bool:
    """Return whether the connection broke, and more than one letter is concerned."""
    if isinstance(error, SMTPServerDisconnected) or not isinstance(error, SMTPException):
        return True
    return _smtp_code(error) == CLOSING


def _is_slow(error: Exception) -> bool:
    """Return whether our patience ended, which smtplib reports as a broken connection."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def message_id(key: str) -> str:
    """Return the Message-ID of a notice.

    It is the same on every attempt, so that a second copy is recognised. It is a keyed hash,
    because a key may hold a reference and mail passes many servers.
    """
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    digest = salted_hmac("notifications.message-id", key, algorithm="sha256").hexdigest()
    return f"<{digest[:40]}@{host}>"


def failure(error: Exception) -> NotDelivered:
    """Return the code of an smtplib or network error, as Refused or TryLater."""
    code = _smtp_code(error)
    name = f"SMTP_{code}" if code > 0 else type(error).__name__[:60]
    # A wrong password or sender of ours also answers 5xx, and is no fault of this letter.
    about_this_letter = isinstance(error, SMTPRecipientsRefused | SMTPDataError)
    return Refused(name) if about_this_letter and code >= 500 else TryLater(name)


def _smtp_code(error: Exception) -> int:
    """Return the server's three-digit answer, or 0 where there was none."""
    if isinstance(error, SMTPRecipientsRefused):
        return min(answer[0] for answer in error.recipients.values())
    if isinstance(error, SMTPResponseException):
        return int(error.smtp_code)
    return 0
