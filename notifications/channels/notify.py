"""Mail through GOV.UK Notify, in place of a mail server.

Notify fills one template, whose subject is `((subject))` and whose body is `((body))`. It gets the
address and our plain sentences, which have no content of a case.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string

from notifications.channels.base import Letter, NotDelivered, Refused, ServerAway, TryLater

# The library writes what Notify answers, which may quote an address.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)

TIMEOUT = 20
"""Seconds to wait for Notify; well below `delivery.STUCK_AFTER`."""


NOT_DELIVERED = ("permanent-failure", "temporary-failure")
"""What Notify says of a message that it took and that did not arrive."""
ADDRESS_FIELDS = ("email_address", "phone_number")


class NotifyConnection:
    """One session with Notify, for the letters of a batch."""

    def __init__(self) -> None:
        # Loaded here: a web process sends nothing, and the library takes 12 MiB.
        client = import_string("notifications_python_client.notifications.NotificationsAPIClient")
        self._client = client(
            settings.NOTIFY_API_KEY, base_url=settings.NOTIFY_URL, timeout=TIMEOUT
        )

    def deliver(self, letter: Letter) -> None:
        """Hand the letter to Notify.

        Raises Refused, TryLater or ServerAway, as `failure` says.
        """
        with saying_why():
            self._client.send_email_notification(
                letter.address,
                settings.NOTIFY_TEMPLATE,
                personalisation={"subject": letter.subject, "body": letter.body},
                reference=reference_of(letter.key),
            )

    def bounced(self) -> set[str]:
        """Return the references of what Notify took and could not deliver.

        Raises ServerAway or TryLater when Notify does not say.
        """
        with saying_why():
            found = [
                each
                for status in NOT_DELIVERED
                for each in self._client.get_all_notifications_iterator(status=status)
            ]
        return {str(each.get("reference") or "") for each in found} - {""}

    def close(self) -> None:
        """Let go of the connection."""
        self._client.request_session.close()


@contextmanager
def saying_why() -> Iterator[None]:
    """Raise what an answer of Notify means in place of what the library raises.

    Raises Refused, TryLater or ServerAway, as `failure` says.
    """
    failures: tuple[type[Exception], ...] = (
        import_string("notifications_python_client.errors.APIError"),
        import_string("requests.RequestException"),
    )
    try:
        yield
    except failures as error:
        not_delivered = failure(error)
        raise not_delivered from None


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
        and str(each.get("message", "")).startswith(ADDRESS_FIELDS)
        for each in said
    )


def reference_of(key: str) -> str:
    """Return the reference under which Notify knows a message.

    It is a keyed hash, as a key may hold a reference of a case.
    """
    return salted_hmac("reference of a notice", key, algorithm="sha256").hexdigest()[:40]
