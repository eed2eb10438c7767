"""Tribunal dates for the complainant alone, without advice (domain.md 2, 6.5).

Where two lengths may apply, the page leads with the earlier day, the safe one, and shows both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from grievances.cases.models.records import Kind, Words
from grievances.intake.submission import last_day
from grievances.policy.tribunal_limits import Claim, Limit, claims_after, limits_of
from grievances.vocabulary import Division


@dataclass(frozen=True)
class TribunalDates:
    """The last days to ask for conciliation.

    They are counted from the last day that the complainant gave. `limit` gives the safe day.
    `longer` is the limit of a later law that may apply as well.
    """

    act: date
    division: str
    today: date
    limit: Limit
    longer: Limit | None

    @property
    def last_days(self) -> list[date]:
        """The safe day, then the longer one where there is one."""
        return [limit.safe for limit in (self.limit, self.longer) if limit is not None]

    @property
    def days_left(self) -> list[date]:
        """The last days that are today or later."""
        return [day for day in self.last_days if day >= self.today]

    @property
    def has_safe_day_passed(self) -> bool:
        """Whether the safe day is before today."""
        return self.limit.safe < self.today

    @property
    def has_passed(self) -> bool:
        """Whether every length that may apply has run out."""
        return not self.days_left

    @property
    def is_northern(self) -> bool:
        """Whether the case belongs to Northern Ireland."""
        return self.division == Division.NIR

    @property
    def body(self) -> str:
        """The body that offers early conciliation there, as named within a sentence."""
        return "the Labour Relations Agency" if self.is_northern else "Acas"


@dataclass(frozen=True)
class ClaimDates:
    """The last days to claim after conciliation, the safe one first."""

    today: date
    first: Claim
    longer: Claim | None

    @property
    def has_safe_day_passed(self) -> bool:
        """Whether the safe day is before today."""
        return self.first.claim_by < self.today

    @property
    def has_passed(self) -> bool:
        """Whether the last of the days is before today."""
        return (self.longer or self.first).claim_by < self.today


def tribunal_dates(words: Iterable[Words], division: str, today: date) -> TribunalDates | None:
    """Return the dates for the day named in the account.

    It is None when no day is known.
    """
    days = [day for each in words if each.kind == Kind.WHEN and (day := _day_in(each.text))]
    if not days:
        return None
    act = min(days)
    first, *later = limits_of(act, division).values()
    return TribunalDates(act, division, today, first, later[-1] if later else None)


def claim_dates(dates: TribunalDates, day_a: date, day_b: date) -> ClaimDates:
    """Return the last days to claim, each under its own length of time.

    `day_b` is not before `day_a`.
    """
    first, *later = claims_after(dates.act, dates.division, day_a, day_b)
    return ClaimDates(dates.today, first, later[-1] if later else None)


def _day_in(text: str) -> date | None:
    """Return the day that the account names, or None.

    The writer may have typed over the text that holds it.
    """
    try:
        return last_day(text)
    except ValueError:
        return None
