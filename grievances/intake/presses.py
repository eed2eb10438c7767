"""One press of a button that sends something is recorded, without who and what."""

from __future__ import annotations

from datetime import datetime

from grievances.audit.models import SERVICE, Event
from grievances.cases.actions.actor import SYSTEM
from grievances.encryption.server_keys import handle


def press_key(once: str) -> str | None:
    """Return the key of the event of one press; None without an idempotency key."""
    return f"sent:{handle('press', once)}" if once else None


def record_sent(key: str | None, now: datetime) -> None:
    """Record that a press has sent something."""
    Event.append(chain=SERVICE, at=now, actor=SYSTEM, role=SYSTEM, kind="service.sent", key=key)
