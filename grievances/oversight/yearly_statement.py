"""What those who check the organisation count of a year, and the statement they sign.

A year is a financial year. Counts are of the trail alone, so they hold no words and no names. A
statement is an entry of the service's own chain: no one can change it afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count

from grievances.audit.models import SERVICE, Event
from grievances.reports.periods import Period, year_of

SIGNED = "trail.year_signed"
COUNTED: Mapping[str, str] = {
    "Requests for approval that were answered": "case.answer_approval",
    "Cases that a search brought up": "case.found",
    "Openings of earlier concerns": "case.open_pattern",
    "Cases opened in an emergency": "case.agree_break_glass",
    "Late dates passed to the casework lead": "clock.L2",
    "Late dates passed to the accountable executive": "clock.L3",
    "Checks of the steps of a case": "trail.opened",
}
"""What is counted -> the kind of the entries that are meant."""


@dataclass(frozen=True)
class Statement:
    """A signed statement: the office, the code of the answer, and when (UTC)."""

    office: str
    answer: str
    at: datetime


def last_before(year: Period) -> Period:
    """Return the year before this one."""
    return year_of(year.first - timedelta(days=1))


def counts_of(year: Period, zone: ZoneInfo) -> dict[str, int]:
    """Return how often each thing happened in a year, by the words of `COUNTED`."""
    first = datetime.combine(year.first, time.min, zone)
    after = datetime.combine(year.last + timedelta(days=1), time.min, zone)
    meant = Event.objects.filter(at__gte=first, at__lt=after, kind__in=COUNTED.values())
    found = dict(meant.order_by().values_list("kind").annotate(Count("pk")))
    return {words: found.get(kind, 0) for words, kind in COUNTED.items()}


def statements_of(year: Period) -> list[Statement]:
    """Return the statements that were signed for a year, in order."""
    rows = Event.objects.filter(chain=SERVICE, kind=SIGNED, key__startswith=_key(year, ""))
    return [Statement(row.role, row.data["answer"], row.at) for row in rows.order_by("seq")]


@transaction.atomic
def sign_year(year: Period, office: str, answer: str, actor: str, now: datetime) -> None:
    """Record that an office signs its statement for a year, once.

    Raises:
        AlreadyRecorded: someone in this office has signed it.
    """
    Event.append(
        chain=SERVICE,
        at=now,
        actor=actor,
        role=office,
        kind=SIGNED,
        data={"year": year.name, "answer": answer},
        key=_key(year, office),
    )


def _key(year: Period, office: str) -> str:
    return f"{SIGNED}:{year.name}:{office}"
