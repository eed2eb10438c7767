"""A revision and what was published before it, read together, find no small number (domain.md 10).

The reader supposes that every figure that did not change is the same in both: a star of one
edition may be shown in the other, and its row or column may be hidden in another pattern.
"""

from __future__ import annotations

import random

import pytest

from grievances.cases.models.case import Case
from grievances.reports import snapshots
from tests.reports.attacks.organisations import RARE, some_organisation
from tests.reports.attacks.outsider import Outsider
from tests.reports.attacks.test_editions import ALL, FIRST, LARGE, SMALL, make
from tests.reports.report_factory import YEAR

NAMES = ("volumes", "outcomes", "withdrawals")
MOVED = 6


class ReaderOfEditions(Outsider):
    """A reader who holds every figure that did not change for the same in both editions."""

    def __init__(self, audiences: set[str]) -> None:
        super().__init__(audiences)
        for row in self.rows:
            number = self.same[row.period, row.edition, row.family]
            later = self.same.get((row.period, row.edition + 1, row.family))
            if later is not None and self.truth[later] == self.truth[number]:
                self.sums.append(([number], later))
                self.tied += 1


@pytest.mark.skipif(not LARGE, reason="only with ATTACKED_EDITIONS")
@pytest.mark.parametrize("seed", range(FIRST, FIRST + 6))
def test_no_one_finds_a_small_number_in_two_editions(policies: None, seed: int) -> None:
    some_organisation(seed, ALL if seed % 2 else SMALL)
    make([YEAR], NAMES)
    chance = random.Random(seed)
    within = [*Case.unguarded.filter(received_on__gte=YEAR.first).order_by("pk")]
    for case in chance.sample(within, MOVED):
        moved = {"region": chance.choice(RARE["region"]), "route": chance.choice(RARE["route"])}
        moved["identity"] = chance.choice(RARE["identity"])
        Case.unguarded.filter(pk=case.pk).update(**moved)
    make([YEAR], NAMES, 2)
    reader = ReaderOfEditions({snapshots.INTERNAL})
    targets = reader.targets()
    assert targets
    assert reader.tied > 100
    assert reader.found(targets) == []
