"""Text messages through GOV.UK Notify.

Notify fills one template, whose text is `((body))`. A text message says that there is something to
read, and where. It has no reference and nothing of a case.
"""

from __future__ import annotations

from urllib.parse import urljoin

from django.conf import settings

from notifications.channels.base import Carrier, Letter
from notifications.channels.notify import NotifyConnection, reference_of, saying_why


class Text:
    """Text messages: one session with Notify for a batch."""

    at_once = False

    def open(self) -> Carrier:
        """Return a session, which is begun when the first message needs it."""
        return TextConnection()


class TextConnection(NotifyConnection):
    """One session with Notify, for the text messages of a batch."""

    def deliver(self, letter: Letter) -> None:
        """Hand the message to Notify.

        Raises Refused, TryLater or ServerAway, as `failure` says.
        """
        body = f"{letter.subject}. {urljoin(settings.SITE_URL, letter.link)}"
        with saying_why():
            self._client.send_sms_notification(
                letter.address,
                settings.NOTIFY_TEXT_TEMPLATE,
                personalisation={"body": body},
                reference=reference_of(letter.key),
            )
