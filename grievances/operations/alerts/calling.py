"""Make the calls that wait: signed, and again later where one failed.

Headers and signature are those of Standard Webhooks. No call says anything of a case, and none is
made because something happened in one: its moment alone would tell.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings

from grievances.deadlines import outside_calls
from grievances.operations.alerts.models import WebhookCall

log = logging.getLogger("fairhearing.watch")

WAITS = tuple(timedelta(minutes=each) for each in (1, 5, 30, 120, 360, 720))
"""How long after each failed try the next one is made; after the last none is."""
CLAIM = timedelta(minutes=2)
KEPT = timedelta(days=30)
PREFIX = "whsec_"


def queue(codes: Iterable[str], state: WebhookCall.State, now: datetime) -> None:
    """Add a call for each code, where an address is set."""
    if settings.WEBHOOK_URL:
        WebhookCall.objects.bulk_create(
            WebhookCall(code=code, state=state, made_at=now, next_try_at=now) for code in codes
        )


def call_waiting(now: datetime) -> int:
    """Make the calls that are due, and delete old rows.

    Returns:
        How many calls were taken.
    """
    WebhookCall.objects.filter(next_try_at=None, made_at__lt=now - KEPT).delete()
    due = WebhookCall.objects.filter(next_try_at__lte=now).order_by("made_at", "pk")
    taken = 0
    for call in list(due) if settings.WEBHOOK_URL else []:
        waits = WebhookCall.objects.filter(pk=call.pk, next_try_at=call.next_try_at)
        # Of two workers the one whose update succeeds makes the call.
        if not waits.update(next_try_at=now + CLAIM):
            continue
        is_taken = _is_taken(call, now)
        taken += is_taken
        _settle(call, now, is_taken=is_taken)
        if not is_taken:
            break  # a program that hangs holds up the mail once, and not once for each call
    return taken


def _settle(call: WebhookCall, now: datetime, *, is_taken: bool) -> None:
    call.tries += 1
    call.taken_at = now if is_taken else None
    again = not is_taken and call.tries <= len(WAITS)
    call.next_try_at = now + WAITS[call.tries - 1] if again else None
    call.save(update_fields=["tries", "taken_at", "next_try_at"])
    if not is_taken and not again:
        log.warning("a webhook call was given up after %s tries", call.tries)


def _is_taken(call: WebhookCall, now: datetime) -> bool:
    """Make one call.

    The address stays out of the log, because it may hold a secret.

    Returns:
        Whether the answer was a success.
    """
    body = _body_of(call)
    headers = headers_of(call, body, now)
    try:
        status = outside_calls.call(settings.WEBHOOK_URL, body=body, headers=headers)
    except outside_calls.NotReached as error:
        log.warning("a webhook call did not arrive: %s", error)
        return False
    if status >= 300:
        log.warning("a webhook call was answered with %s", status)
    return status < 300


def _body_of(call: WebhookCall) -> str:
    """Return a call as JSON: a code and its state, and nothing else of the alert."""
    return json.dumps(
        {
            "type": "service.alerted",
            "timestamp": call.made_at.isoformat(),
            "data": {"code": call.code, "state": call.state},
        }
    )


def headers_of(call: WebhookCall, body: str, now: datetime) -> dict[str, str]:
    """Return the headers of a call: its id, the moment of this try, the signature."""
    uid, second = f"msg_{call.uid.hex}", str(int(now.timestamp()))
    key = base64.b64decode(settings.WEBHOOK_SECRET.removeprefix(PREFIX))
    digest = hmac.new(key, f"{uid}.{second}.{body}".encode(), hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "webhook-id": uid,
        "webhook-timestamp": second,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
