"""Plain-text mail through Django's mail backend."""

from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.crypto import salted_hmac

from notifications.channels.base import Letter, NotDelivered, Refused, TryLater

TIMEOUT = 20
"""Seconds to wait for the mail server; well below `delivery.STUCK_AFTER`."""


class Email:
    """One message to one address over its own connection.

    So one bad letter does not affect another.
    """

    at_once = False

    def deliver(self, letter: Letter) -> None:
        """Send the letter. Raises Refused when the server refuses it, else TryLater."""
        message = EmailMessage(
            subject=letter.subject,
            body=letter.body,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[letter.address],
            headers={
                "Message-ID": message_id(letter.key),
                # RFC 3834: asks out-of-office programs not to answer.
                "Auto-Submitted": "auto-generated",
            },
            connection=get_connection(timeout=settings.EMAIL_TIMEOUT or TIMEOUT),
        )
        try:
            message.send()
        except (SMTPException, OSError) as error:
            raise failure(error) from None


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
