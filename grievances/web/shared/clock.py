"""The one place where the interfaces read the clock (contracts.md, Time)."""

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from grievances.policy import profiles
from workflow.calendar import local_date

_STARTED = timezone.now()


def real_now() -> datetime:
    """Return the present instant (UTC) by the clock of the machine, never moved."""
    return timezone.now()


def now() -> datetime:
    """Return the present instant (UTC).

    FAKE_NOW moves it; from there the clock runs on at FAKE_PACE.
    """
    real = real_now()
    if settings.FAKE_NOW is None:
        return real
    start: datetime = settings.FAKE_NOW
    if start.tzinfo is None:
        start = start.replace(tzinfo=profiles.zone())
    return start + (real - _STARTED) * settings.FAKE_PACE


def today() -> date:
    """Return the present local date of the organisation."""
    return local_date(now(), profiles.zone())
