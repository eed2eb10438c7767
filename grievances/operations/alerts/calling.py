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
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings

from grievances.operations.alerts.models import WebhookCall

log = logging.getLogger("fairhearing.watch")

WAITS = tuple(timedelta(minutes=each) for each in (1, 5, 30, 120, 360, 720))
"""How long after each failed try the next one is made; after the last none is."""
SECONDS = 5
"""How long one call may take."""
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

    No redirection is followed. The address stays out of the log, because it may hold a secret.

    Returns:
        Whether the answer was a success.
    """
    body = _body_of(call)
    parts = urlsplit(settings.WEBHOOK_URL)
    link = HTTPSConnection(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        address = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        link.request("POST", address, body, headers_of(call, body, now))
        status = link.getresponse().status
    except (OSError, HTTPException, ValueError) as error:
        log.warning("a webhook call did not arrive: %s", type(error).__name__)
        return False
    finally:
        link.close()
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
