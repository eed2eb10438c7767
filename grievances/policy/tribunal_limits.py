"""Tribunal dates, for the complainant's information only (domain.md 6.5 and 6.6).

Pure functions over the lengths in `data/tribunal_limits.json`. Weekends and holidays do not move
these dates, and an internal hold never pauses them. They are not advice: a page that shows one says
"contact Acas by", never that a deadline was met.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from django.utils.translation import gettext, gettext_noop

from grievances.vocabulary import Division
from workflow.calendar import add_months
from workflow.json_values import JsonMapping

_DAY = timedelta(days=1)


MONTHS = {3: gettext_noop("three"), 6: gettext_noop("six"), 12: gettext_noop("twelve")}


@dataclass(frozen=True)
class Length:
    """A time limit in one law, in months less a day, for acts from a day on.

    `source` says where the law gives it. A length that is not settled counts beside the older ones
    until two people have confirmed it. `review_by` is the local date to look the law up again.
    """

    code: str
    divisions: tuple[str, ...]
    months: int
    acts_from: date
    is_settled: bool
    source: str
    looked_up: date
    review_by: date

    @classmethod
    def read(cls, fields: JsonMapping) -> Length:
        """Return the length that a row of the file describes."""
        days = {
            name: date.fromisoformat(fields[name])
            for name in ("acts_from", "looked_up", "review_by")
        }
        return cls(**{**fields, "divisions": tuple(fields["divisions"]), **days})

    @property
    def digest(self) -> str:
        """The hash of the whole rule. Two people confirm exactly this content."""
        body = json.dumps(asdict(self), sort_keys=True, default=str)
        return hashlib.sha256(body.encode()).hexdigest()

    @property
    def in_words(self) -> str:
        """The number of months, as a word within a sentence."""
        return gettext(MONTHS.get(self.months, str(self.months)))


def read_lengths(path: Path) -> tuple[Length, ...]:
    """Return the lengths of a file, oldest law first."""
    rows = [Length.read(row) for row in json.loads(path.read_text(encoding="utf-8"))]
    return tuple(sorted(rows, key=lambda length: length.acts_from))


KNOWN = read_lengths(Path(__file__).parent / "data" / "tribunal_limits.json")
"""Every length of every division that the product knows."""

LENGTHS: Mapping[str, tuple[Length, ...]] = {
    division: tuple(each for each in KNOWN if division in each.divisions)
    for division in Division.values
}
"""Division -> the lengths, oldest law first."""


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


def lengths_of(act: date, division: str, confirmed: Collection[str] = ()) -> list[Length]:
    """Return the lengths that may apply to an act, oldest law first.

    `confirmed` are the codes of lengths that two people have confirmed. A later length is shown
    beside the earlier ones until then, and replaces them from then on (law.md).
    """
    begun = [each for each in LENGTHS[division] if each.acts_from <= act]
    sure = [n for n, each in enumerate(begun) if each.is_settled or each.code in confirmed]
    return begun[max(sure, default=0) :]


def limits_of(act: date, division: str, confirmed: Collection[str] = ()) -> dict[int, Limit]:
    """Return months -> limit for each length that may apply to an act.

    See `lengths_of`.
    """
    lengths = lengths_of(act, division, confirmed)
    return {each.months: primary_limit(act, each.months) for each in lengths}


def earliest_limit(acts: Iterable[date], months: int) -> Limit | None:
    """Return the limit that ends first among several acts, or None without any."""
    limits = [primary_limit(act, months) for act in acts]
    return min(limits, key=lambda limit: limit.safe, default=None)


def with_conciliation(act: date, months: int, day_a: date, day_b: date) -> date:
    """Return the last day to claim after early conciliation (domain.md 6.6, V36-V41).

    Day A is when Acas was contacted, Day B when the certificate came. Contact after the primary
    limit gains nothing. Otherwise the limit moves by the days after A, up to B. Days before the act
    were never part of its time, so they move nothing. The limit is never before the corresponding
    date one month after B, where it would end from A on.

    Raises:
        ValueError: Day B is before Day A.
    """
    if day_b < day_a:
        raise ValueError("The certificate cannot come before Acas was contacted.")
    safe = primary_limit(act, months).safe
    if day_a > safe:
        return safe
    not_counted = max(day_b - max(day_a, act), timedelta())
    return max(safe + not_counted, add_months(day_b, 1))


@dataclass(frozen=True)
class Claim:
    """The last day to claim after conciliation under one length.

    `is_extended` is False when Acas was contacted after `limit` had ended. Then `claim_by` is the
    safe day of `limit`, and conciliation adds nothing under this length. It is in doubt when the
    other way of counting takes Acas as contacted in time.
    """

    months: int
    limit: Limit
    claim_by: date
    is_extended: bool
    is_in_doubt: bool = False


def claims_after(
    act: date, division: str, day_a: date, day_b: date, confirmed: Collection[str] = ()
) -> list[Claim]:
    """Return the last days to claim, under each length that may apply to the act.

    Each length is taken by itself (see `lengths_of`). The shortest comes first. Raises ValueError
    for B before A, like `with_conciliation`.
    """
    return [
        Claim(
            months,
            limit,
            with_conciliation(act, months, day_a, day_b),
            is_extended=day_a <= limit.safe,
            is_in_doubt=limit.safe < day_a <= max(limit.conventional, limit.alternative),
        )
        for months, limit in limits_of(act, division, confirmed).items()
    ]
