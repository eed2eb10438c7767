"""Tribunal dates for the complainant alone, without advice (domain.md 2, 6.5).

Where two lengths may apply, the page leads with the earlier day, the safe one, and shows both.
Each act has its own dates, and the one to see to first leads.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext

from grievances.cases.actions.actor import Caller
from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind, Words
from grievances.deadlines import own_days
from grievances.intake.days import days_in
from grievances.policy.tribunal_limits import (
    Claim,
    Length,
    Limit,
    claims_after,
    lengths_of,
    primary_limit,
)
from grievances.policy_changes import law_confirmation
from grievances.vocabulary import Division


@dataclass(frozen=True)
class ActDates:
    """The last days to ask for conciliation about one act.

    `limit` gives the safe day. `longer` is the limit of a later law that may apply as well, and
    `law` that law.
    """

    act: date
    today: date
    limit: Limit
    longer: Limit | None = None
    law: Length | None = None

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


@dataclass(frozen=True)
class TribunalDates:
    """The dates of every act of a case, by the day of the act; at least one."""

    acts: tuple[ActDates, ...]
    division: str
    confirmed: frozenset[str] = frozenset()

    @property
    def lead(self) -> ActDates:
        """The act whose safe day comes first among those with time left.

        When the time of all is over it is the last one.
        """
        open_ones = [each for each in self.acts if not each.has_passed]
        first = min(open_ones, key=lambda each: each.limit.safe, default=None)
        return first or max(self.acts, key=lambda each: each.last_days[-1])

    @property
    def others(self) -> list[ActDates]:
        """The other acts, by date."""
        return [each for each in self.acts if each is not self.lead]

    @property
    def last_days(self) -> list[date]:
        """The last days of all acts, each once, those of the leading act first."""
        days = [*self.lead.last_days, *(day for each in self.others for day in each.last_days)]
        return list(dict.fromkeys(days))

    @property
    def days_left(self) -> list[date]:
        """The last days that are today or later, each once."""
        return [day for day in self.last_days if day >= self.lead.today]

    @property
    def is_northern(self) -> bool:
        """Whether the case belongs to Northern Ireland."""
        return self.division == Division.NIR

    @property
    def body(self) -> str:
        """The body that offers early conciliation there, as named within a sentence."""
        return conciliation_body(self.division)


@dataclass(frozen=True)
class ClaimDates:
    """The last days to claim about one act after conciliation, the safe one first.

    `is_before_the_act`: the certificate came before the act.
    """

    act: date
    today: date
    first: Claim
    longer: Claim | None
    law: Length | None
    is_before_the_act: bool = False

    @property
    def may_be_longer(self) -> bool:
        """Whether a later law may still give time to claim."""
        return self.longer is not None and self.longer.is_extended and not self.has_passed

    @property
    def has_safe_day_passed(self) -> bool:
        """Whether the safe day is before today."""
        return self.first.claim_by < self.today

    @property
    def has_passed(self) -> bool:
        """Whether the last of the days is before today."""
        return (self.longer or self.first).claim_by < self.today


LONGEST_CONCILIATION = timedelta(weeks=12)
"""How long early conciliation takes at most, for who asked on or after 1 December 2025 (law.md)."""


def doubts_about(day_a: date, day_b: date, today: date) -> list[str]:
    """Return what may be a slip in the two days of conciliation, a sentence each."""
    later = [day for day in (day_a, day_b) if day > today]
    told = [
        gettext("{day} has not come yet. Check that the year is right.").format(
            day=date_format(day, "j F Y")
        )
        for day in later
    ]
    if day_b - day_a > LONGEST_CONCILIATION:
        told.append(
            gettext(
                "Between these days are more than 12 weeks. Early conciliation is rarely longer. "
                "Check both days."
            )
        )
    return told


def conciliation_body(division: str) -> str:
    """Return the body that offers early conciliation in a division."""
    return gettext("the Labour Relations Agency") if division == Division.NIR else "Acas"


def own_tribunal_dates(
    case: Case, words: Iterable[Words], caller: Caller, today: date
) -> TribunalDates | None:
    """Return the dates of the days told while raising, and of those added since.

    It is None when no day is known. Only the complainant's own pages may ask.
    """
    days = {*days_told(words), *own_days.read(case, caller).days}
    if not days:
        return None
    return tribunal_dates(days, case.division, today, law_confirmation.confirmed_lengths())


def days_told(words: Iterable[Words]) -> set[date]:
    """Return the days that the account names.

    The writer may have typed over the text that holds them; then there are none.
    """
    return {day for each in words if each.kind == Kind.WHEN for day in days_in(each.text)}


def tribunal_dates(
    days: Iterable[date], division: str, today: date, confirmed: frozenset[str] = frozenset()
) -> TribunalDates:
    """Return the dates of acts on these days; there is at least one."""
    acts = []
    for act in sorted(set(days)):
        lengths = lengths_of(act, division, confirmed)
        limits = [primary_limit(act, each.months) for each in lengths]
        later = (limits[-1], lengths[-1]) if len(limits) > 1 else (None, None)
        acts.append(ActDates(act, today, limits[0], *later))
    return TribunalDates(tuple(acts), division, confirmed)


def claim_dates(dates: TribunalDates, day_a: date, day_b: date) -> list[ClaimDates]:
    """Return the last days to claim for each act, the leading one first.

    Each length of time is taken by itself. `day_b` is not before `day_a`.
    """
    found = []
    for each in (dates.lead, *dates.others):
        first, *later = claims_after(each.act, dates.division, day_a, day_b, dates.confirmed)
        longer = later[-1] if later else None
        found.append(ClaimDates(each.act, each.today, first, longer, each.law, day_b < each.act))
    return found
