"""Tribunal dates, for the complainant's information only (domain.md 6.5 and 6.6). Pure.

Weekends and holidays do not move these dates, and an internal hold never pauses them. They are
not advice: a page that shows one says "contact Acas by", never that a deadline was met.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from workflow.calendar import add_months

_DAY = timedelta(days=1)


SURE_MONTHS = 3
"""The length to lead with, until somebody legal has confirmed the longer one (domain.md 2)."""

LONGER_FROM, LONGER_MONTHS = date(2026, 10, 1), 6
"""Acts on or after this day may have six months (Employment Rights Act 2025; unconfirmed)."""


@dataclass(frozen=True)
class Limit:
    """The primary time limit for one act, by both ways of counting. Local dates.

    `safe` is the earlier one, the only date to lead with. At some month ends the two ways differ,
    and the page must say so.
    """

    conventional: date
    alternative: date
    safe: date
    month_end_ambiguous: bool


def primary_limit(act: date, months: int) -> Limit:
    """Return the last day to contact Acas about an act (domain.md 6.5, V26-V35).

    The period starts with the day of the act. Conduct over a time counts as done at its end, so
    `act` is then its last day. `months` comes from the rule in force on that day.
    """
    conventional = add_months(act, months) - _DAY
    alternative = add_months(act - _DAY, months)
    return Limit(
        conventional=conventional,
        alternative=alternative,
        safe=min(conventional, alternative),
        month_end_ambiguous=conventional != alternative,
    )


def earliest_limit(acts: Iterable[date], months: int) -> Limit | None:
    """Return the limit that ends first among several acts, or None without any."""
    limits = [primary_limit(act, months) for act in acts]
    return min(limits, key=lambda limit: limit.safe, default=None)


def with_conciliation(act: date, months: int, day_a: date, day_b: date) -> date:
    """Return the last day to claim after early conciliation (domain.md 6.6, V36-V41).

    Day A is when Acas was contacted, Day B when the certificate came; B before A is a ValueError.
    Contact after the primary limit gains nothing. Otherwise the limit moves by the days from A to
    B, and is never before the corresponding date one month after B.
    """
    if day_b < day_a:
        raise ValueError("The certificate cannot come before Acas was contacted.")
    safe = primary_limit(act, months).safe
    if day_a > safe:
        return safe
    return max(safe + (day_b - day_a), add_months(day_b, 1))
