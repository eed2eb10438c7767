"""What the complainant alone is told about tribunal dates (domain.md 2, 6.5): no advice.

The six-month limit is not confirmed by Legal, so the page leads with the earlier date and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from grievances.actions.concerns import last_day
from grievances.models.records import Kind, Words
from grievances.tribunal import LONGER_FROM, SURE_MONTHS, Limit, primary_limit


@dataclass(frozen=True)
class TribunalDates:
    """The day to contact Acas by, counted from the last day that the complainant gave."""

    act: date
    limit: Limit
    may_be_longer: bool
    has_passed: bool


def tribunal_dates(words: Iterable[Words], today: date) -> TribunalDates | None:
    """The dates for the day named in the account, or None when no day is known."""
    days = [day for each in words if each.kind == Kind.WHEN and (day := _day_in(each.text))]
    if not days:
        return None
    act = min(days)
    limit = primary_limit(act, SURE_MONTHS)
    return TribunalDates(act, limit, act >= LONGER_FROM, limit.safe < today)


def _day_in(text: str) -> date | None:
    """The day that the account names; somebody may have typed over the place where it stands."""
    try:
        return last_day(text)
    except ValueError:
        return None
