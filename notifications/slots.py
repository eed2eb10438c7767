"""The fixed times at which letters leave.

No letter may lead to what it is about. A letter has an address on it. If its time were that of an
event, the two could be joined. So the row of a letter says only in which slot it was written, and a
held letter leaves when the next slot begins, together with all others and in no order.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

EPOCH = datetime(2024, 1, 1, 5, 0, tzinfo=UTC)
"""A slot begins at 05:00 UTC, before most people read their mail."""


def slot_of(at: datetime) -> datetime:
    """Return the beginning of the slot of a moment (UTC)."""
    length = timedelta(minutes=settings.LETTER_SLOT_MINUTES)
    return at - (at - EPOCH) % length


def next_slot(at: datetime) -> datetime:
    """Return when the letters of this slot leave (UTC)."""
    return slot_of(at) + timedelta(minutes=settings.LETTER_SLOT_MINUTES)


def random_id() -> int:
    """Return a random id for the row of a letter.

    It is negative, so it neither follows the id of an inbox row nor moves the numbers of later
    ones.
    """
    return -1 - secrets.randbits(62)


def is_quiet(at: datetime) -> bool:
    """Return whether no text message may be sent at this moment.

    It goes by the local time of TIME_ZONE.

    A phone that rings at night is seen by the people beside it.
    """
    begin, end = settings.QUIET_HOURS
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE)).time()
    return begin <= local < end if begin <= end else local >= begin or local < end
