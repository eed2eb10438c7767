"""Tribunal dates, for the complainant's information only (domain.md 6.5 and 6.6).

Pure functions. Weekends and holidays do not move these dates, and an internal hold never pauses
them. They are not advice: a page that shows one says "contact Acas by", never that a deadline was
met.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from grievances.vocabulary import Division
from workflow.calendar import add_months

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Length:
    """A time limit in one law, in months less a day, for acts from a day on.

    `source` says where the law gives it.
    """

    months: int
    acts_from: date
    source: str


GREAT_BRITAIN = (
    Length(3, date.min, "Equality Act 2010 s123(1)(a)"),
    Length(
        6,
        date(2026, 10, 1),
        "Employment Rights Act 2025 s152 and Sch 12; S.I. 2026/758; S.I. 2026/954 (reg 4: which "
        "acts). Looked up on 29 November 2026 in secondary sources; the instruments were not read.",
    ),
)
NORTHERN_IRELAND = (
    Length(3, date.min, "Race Relations (Northern Ireland) Order 1997 (S.I. 1997/869), Part VIII"),
)
LENGTHS: Mapping[str, tuple[Length, ...]] = {
    Division.ENG_WLS: GREAT_BRITAIN,
    Division.SCT: GREAT_BRITAIN,
    Division.NIR: NORTHERN_IRELAND,
}
"""Division -> the lengths, oldest law first.

A later length is shown beside the earlier ones, because no source has confirmed yet that it
replaces them.
"""


@dataclass(frozen=True)
class Limit:
    """The primary time limit for one act, by both ways of counting. Local dates.

    `safe` is the earlier one, the only date to show first. At some month ends the two ways differ,
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


def limits_of(act: date, division: str) -> dict[int, Limit]:
    """Return months -> limit for each length that may apply to an act.

    The limit that ends first comes first.
    """
    lengths = [length.months for length in LENGTHS[division] if length.acts_from <= act]
    return {months: primary_limit(act, months) for months in lengths}


def earliest_limit(acts: Iterable[date], months: int) -> Limit | None:
    """Return the limit that ends first among several acts, or None without any."""
    limits = [primary_limit(act, months) for act in acts]
    return min(limits, key=lambda limit: limit.safe, default=None)


def with_conciliation(act: date, months: int, day_a: date, day_b: date) -> date:
    """Return the last day to claim after early conciliation (domain.md 6.6, V36-V41).

    Day A is when Acas was contacted, Day B when the certificate came. Contact after the primary
    limit gains nothing. Otherwise the limit moves by the days from A to B. It is never before the
    corresponding date one month after B.

    Raises:
        ValueError: Day B is before Day A.
    """
    if day_b < day_a:
        raise ValueError("The certificate cannot come before Acas was contacted.")
    safe = primary_limit(act, months).safe
    if day_a > safe:
        return safe
    return max(safe + (day_b - day_a), add_months(day_b, 1))


@dataclass(frozen=True)
class Claim:
    """The last day to claim after conciliation under one length.

    `is_extended` is False when Acas was contacted after `limit` had ended. Then `claim_by` is the
    safe day of `limit`, and conciliation adds nothing under this length.
    """

    months: int
    limit: Limit
    claim_by: date
    is_extended: bool


def claims_after(act: date, division: str, day_a: date, day_b: date) -> list[Claim]:
    """Return the last days to claim, under each length that may apply to the act.

    Each length is taken by itself. The shortest comes first. Raises ValueError for B before A, like
    `with_conciliation`.
    """
    return [
        Claim(months, limit, with_conciliation(act, months, day_a, day_b), day_a <= limit.safe)
        for months, limit in limits_of(act, division).items()
    ]
