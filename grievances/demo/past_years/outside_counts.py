"""Make up a year's numbers of HR, the lawyers and the survey of all staff.

All are assumed. They are no finding about any organisation, and a difference between groups or
units is chance alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from grievances.demo.staff_counts import GROUP_SHARES, PEOPLE_FOR_EACH_100, SHARES
from grievances.reports.fact_models import ClimateCount, ClimateItem, Counted, OutsideCount
from grievances.reports.periods import Period

FORMAL, SANCTIONED, NOT_KNOWN = 0.006, 0.42, 0.06
"""Assumed shares: staff in a formal process; sanctioned of these; group unknown."""
CLAIMS, SETTLED = 0.0016, 0.45
"""Assumed shares: claims for each member of staff; settled, of these."""
ANSWER, HARASSED, DISCRIMINATED, REPORTED, SATISFIED = 0.55, 0.11, 0.09, 0.44, 0.3
"""Assumed shares of the survey of all staff."""
FOLLOWED = 0.96
"""Assumed: how many answer a question that follows on the last, of those asked."""
PARTS = ("A", "B", "C")
"""Units of each region of the made-up survey."""


def write_outside_counts(people: int, year: Period, seed: int) -> None:
    """Write a year's numbers of an organisation with so many complainants."""
    chance = random.Random(f"{seed}/{year.name}")  # noqa: S311 - made up, to be repeated
    staff = round(100 * people / PEOPLE_FOR_EACH_100)
    OutsideCount.objects.bulk_create(_people(chance, staff, year.name))
    units = [f"{region.label}, part {part}" for region in SHARES for part in PARTS]
    shares = [share / 100 / len(PARTS) for share in SHARES.values() for _ in PARTS]
    for unit, share in zip(units, shares, strict=True):
        answered = _some(chance, staff * share, ANSWER)
        ClimateCount.objects.bulk_create(_answers(chance, answered, year.name, unit))


def _people(chance: random.Random, staff: int, year: str) -> Iterator[OutsideCount]:
    groups = {group: staff * share / 100 for group, share in GROUP_SHARES.items()}
    for group, number in {**groups, "": staff * NOT_KNOWN}.items():
        formal = _some(chance, number, FORMAL)
        sanctioned = _some(chance, formal, SANCTIONED)
        yield OutsideCount(year=year, what=Counted.FORMAL, group=group, people=formal)
        yield OutsideCount(year=year, what=Counted.SANCTION, group=group, people=sanctioned)
    claims = _some(chance, staff, CLAIMS)
    settled = _some(chance, claims, SETTLED)
    yield OutsideCount(year=year, what=Counted.CLAIM, group="", people=claims)
    yield OutsideCount(year=year, what=Counted.SETTLEMENT, group="", people=settled)


def _answers(chance: random.Random, answered: int, year: str, unit: str) -> Iterator[ClimateCount]:
    asked = answered
    for item, share in (
        (ClimateItem.DISCRIMINATED, DISCRIMINATED),
        (ClimateItem.REPORTED, REPORTED),
        (ClimateItem.SATISFIED, SATISFIED),
    ):
        agreed = _some(chance, asked, share)
        yield ClimateCount(year=year, item=item, unit=unit, answered=asked, agreed=agreed)
        asked = _some(chance, agreed, FOLLOWED)
    agreed = _some(chance, answered, HARASSED)
    yield ClimateCount(
        year=year, item=ClimateItem.HARASSED, unit=unit, answered=answered, agreed=agreed
    )


def _some(chance: random.Random, number: float, share: float) -> int:
    """Return about this share of a number, a little more or less by chance."""
    mean = number * share
    return max(0, min(int(number), round(chance.gauss(mean, (mean * (1 - share)) ** 0.5))))
