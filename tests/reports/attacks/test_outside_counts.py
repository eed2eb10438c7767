"""No one finds a small number among those that HR, the lawyers and the staff survey give.

ATTACKED_OUTSIDE=1000 attacks so many organisations; a few are attacked with the tests.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from datetime import date, datetime

import pytest

from grievances.reports import catalogue, snapshots
from grievances.reports.builders import Due, Run
from grievances.reports.contents.groups.respondents import LABELS
from grievances.reports.fact_models import (
    ClimateCount,
    ClimateItem,
    Counted,
    OutsideCount,
    StaffGroupCount,
)
from tests.reports.attacks.outsider import UNITS, Outsider
from tests.reports.attacks.readers import T
from tests.reports.report_factory import YEAR, Concern, store

NOW = datetime.fromisoformat("2023-06-01T09:00:00+00:00")
SEEDS = range(int(os.environ.get("ATTACKED_OUTSIDE", "3")))
SIZES = (0, 1, 2, 3, 4, 6, 9, 12, 17, 25, 60, 200)
BOTH = {snapshots.INTERNAL, snapshots.PUBLISHED}


@pytest.fixture(autouse=True)
def organisation(policies: None) -> None:
    store([Concern(date(2022, 5, 3)) for _ in range(40)])


def survey(chance: random.Random) -> None:
    """Store the answers of some units, each question asked of those who said yes before."""
    for unit in UNITS[: chance.randint(2, 8)]:
        asked = chance.choice(SIZES[4:])
        for item in (ClimateItem.DISCRIMINATED, ClimateItem.REPORTED, ClimateItem.SATISFIED):
            agreed = min(asked, chance.choice(SIZES))
            ClimateCount.objects.create(
                year=YEAR.name, item=item, unit=unit, answered=asked, agreed=agreed
            )
            asked = max(0, agreed - chance.choice((0, 0, 1, 2, 5)))


def respondents(chance: random.Random) -> None:
    """Store the staff of each group, and those in a formal process and with a sanction."""
    for group in LABELS:
        formal = chance.choice(SIZES)
        counts = {Counted.FORMAL: formal, Counted.SANCTION: min(formal, chance.choice(SIZES))}
        for what, people in counts.items():
            OutsideCount.objects.create(year=YEAR.name, what=what, group=group, people=people)
        for quarter in YEAR.quarters() if group else ():
            StaffGroupCount.objects.create(quarter=quarter.name, group=group, staff=1_000)
    claims = chance.choice(SIZES)
    counts = {Counted.CLAIM: claims, Counted.SETTLEMENT: min(claims, chance.choice(SIZES))}
    for what, people in counts.items():
        OutsideCount.objects.create(year=YEAR.name, what=what, group="", people=people)


def found_in(reports: Sequence[catalogue.Report], t: int | None, audiences: set[str]) -> None:
    """Make reports for these audiences, and attack them; `t` is the smallest they may show."""
    Run(NOW).make([Due(report, YEAR, audience=name) for name in audiences for report in reports])
    reader = Outsider(audiences)
    if t is not None:
        reader.least = [t] * len(reader.truth)
    targets = reader.targets()
    names = {number: where for where, number in reader.same.items()}
    narrow = reader.found(targets)
    assert not narrow, [(names.get(n), reader.truth[n], low, high) for n, low, high in narrow]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_one_finds_a_few_in_the_survey_of_all_staff(seed: int) -> None:
    survey(random.Random(seed))
    found_in([catalogue.CLIMATE], T[snapshots.PUBLISHED], {snapshots.INTERNAL})


@pytest.mark.parametrize("seed", SEEDS)
def test_no_one_finds_a_few_respondents_or_claims(seed: int) -> None:
    respondents(random.Random(seed))
    found_in([catalogue.FAIRNESS, catalogue.ACTIONS], None, BOTH)
