"""Mail through GOV.UK Notify, in place of a mail server.

Notify fills one template, whose subject is `((subject))` and whose body is `((body))`. It gets the
address and our plain sentences, which have no content of a case.
"""

from __future__ import annotations

import logging

from django.conf import settings
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient
from requests import RequestException

from notifications.channels.base import Letter, NotDelivered, Refused, ServerAway, TryLater

# The library writes what Notify answers, which may quote an address.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)

TIMEOUT = 20
"""Seconds to wait for Notify; well below `delivery.STUCK_AFTER`."""


class NotifyConnection:
    """One session with Notify, for the letters of a batch."""

    def __init__(self) -> None:
        self._client = NotificationsAPIClient(
            settings.NOTIFY_API_KEY, base_url=settings.NOTIFY_URL, timeout=TIMEOUT
        )

    def deliver(self, letter: Letter) -> None:
        """Hand the letter to Notify.

        Raises Refused, TryLater or ServerAway, as `failure` says.
        """
        try:
            self._client.send_email_notification(
                letter.address,
                settings.NOTIFY_TEMPLATE,
                personalisation={"subject": letter.subject, "body": letter.body},
            )
        except (APIError, RequestException) as error:
            raise failure(error) from None

    def close(self) -> None:
        """Let go of the connection."""
        self._client.request_session.close()


def failure(error: Exception) -> NotDelivered:
    """Return what an answer of Notify means; its words are left out.

    Only a wrong address is the fault of a letter. A wrong key or template, a limit that is reached
    and no answer at all concern every letter.
    """
    answer = getattr(error, "response", None)
    if answer is None:
        return ServerAway("NOTIFY_AWAY")
    code = f"NOTIFY_{answer.status_code}"
    if answer.status_code >= 500 or answer.status_code < 400:
        return TryLater(code)
    return Refused(code) if _is_about_address(error) else ServerAway(code)


def _is_about_address(error: Exception) -> bool:
    said = getattr(error, "message", None)
    return isinstance(said, list) and any(
        isinstance(each, dict)
        and each.get("error") == "ValidationError"
        and str(each.get("message", "")).startswith("email_address")
        for each in said
    )
