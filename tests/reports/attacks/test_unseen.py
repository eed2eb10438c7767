"""What a reader sees follows from what is shown: other facts change nothing (domain.md 10).

This attack looks for no number. It changes what no report shows (the days within a band and within
a month, or one concern), makes every report again and compares the two, character by character. A
median of exact days, a limit of exact counts, an order by size or a sentence that depends on what
is hidden would show. Pages, drawings and files are made of these documents alone. Two reports are
compared with the tests; ATTACKED_EDITIONS compares all, and ATTACKED_CHANGES changes more concerns.
"""

from __future__ import annotations

import os
import random
from bisect import bisect_left
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from grievances.reports import catalogue, facts, snapshots
from grievances.reports.builders import Due, Run
from grievances.reports.contents.index import PIECES, pieces_of
from grievances.reports.fact_models import CaseFact, Ending
from grievances.reports.periods import Length
from grievances.reports.snapshot_models import Release, Snapshot
from tests.reports.attacks.organisations import some_organisation
from tests.reports.attacks.test_editions import FIRST, LARGE, NOW, SMALL
from tests.reports.report_factory import YEAR

CHANGES = int(os.environ.get("ATTACKED_CHANGES", "1"))
"""The single concerns that are changed, one at a time."""
BANDS = (10, 20, 30, 40, 50, 60, 75, 90, 105, 120, 130, 150, 180, 250)
"""Every last day of a band of working days, of a curve or of those that are open."""
COLUMNS = {
    "region": ("NORTH", "MIDLANDS", "SOUTH", "LONDON", "WALES"),
    "route": ("INFORMAL", "MEDIATION", "FORMAL"),
    "identity": ("OPEN", "CONFIDENTIAL", "ANONYMOUS"),
    "ending": (Ending.UPHELD, Ending.PARTLY, Ending.NOT_UPHELD, Ending.WITHDRAWN),
}
Seen = dict[tuple[str, str], tuple[list[Any], list[Any]]]
"""What is stored of a report for an audience, and the figures that its gate showed or hid."""


class Undo(Exception):
    """What rolls back all that was made."""


def made(change: Callable[[], None]) -> Seen:
    """Return all that is stored of every report of a year after a change of the facts."""
    names = list(PIECES) if LARGE else ["resolution-times", "outcomes"]
    due = [Due(catalogue.REPORTS[n], YEAR) for n in names if pieces_of(n, Length.YEAR)]
    file = [n for n in catalogue.DATASET if n in names]
    due += [Due(catalogue.REPORTS[n], YEAR, 1, snapshots.PUBLISHED) for n in file]
    found: Seen = {}
    try:
        with transaction.atomic():
            run = Run(NOW)
            for one in due:
                facts.rebuild(YEAR.last)
                change()
                run.counted_to, before = YEAR.last, Release.objects.count()
                run.make([one])
                stored = Snapshot.objects.latest("pk")
                shown = Release.objects.order_by("pk").values_list("box", "place", "shown", "value")
                found[one.report.name, one.audience] = (
                    [stored.body, stored.page, stored.charts],
                    [*shown[before:]],
                )
            raise Undo
    except Undo:
        return found


def days_and_dates(chance: random.Random) -> None:
    """Move every ended concern within its months, and its working days within their bands."""
    for fact in CaseFact.objects.exclude(ended_on=None).order_by("pk"):
        for name in ("net_days", "gross_days"):
            band = bisect_left(BANDS, getattr(fact, name))
            first = BANDS[band - 1] + 1 if band else 0
            setattr(fact, name, chance.randint(first, (*BANDS, 400)[band]))
        for name in ("received_on", "ended_on", "closed_on"):
            day = getattr(fact, name)
            if day is not None:
                setattr(fact, name, day.replace(day=chance.randint(1, 28)))
        fact.save()


def one_concern(seed: int) -> None:
    """Change one concern in one way, the same for every report."""
    chance = random.Random(seed)
    facts_of = CaseFact.objects.filter(received_on__gt=YEAR.first - timedelta(400))
    fact = chance.choice([*facts_of.exclude(ending=Ending.OPEN).order_by("pk")])
    column = chance.choice(list(COLUMNS))
    setattr(fact, column, chance.choice([c for c in COLUMNS[column] if c != getattr(fact, column)]))
    fact.save()


def shown(seen: Seen, key: tuple[str, str]) -> list[Any]:
    """What one report shows, and that on volumes, from which the others take people."""
    return [seen[one][1] for one in (key, ("volumes", key[1])) if one in seen]


@pytest.mark.parametrize("seed", range(FIRST, FIRST + 1))
def test_what_is_not_shown_changes_nothing_that_is(policies: None, seed: int) -> None:
    some_organisation(seed, SMALL)
    before = made(lambda: None)
    after = made(lambda: days_and_dates(random.Random(seed)))
    assert before.keys() == after.keys()
    for key, (stored, _) in before.items():
        assert stored == after[key][0], key
    same = 0
    for number in range(CHANGES):
        after = made(partial(one_concern, 1000 * seed + number))
        for key in before:
            if shown(before, key) == shown(after, key):
                same += 1
                assert before[key][0] == after[key][0], (key, number)
    assert same
