"""Organisations that are hard to protect: one person with half of all concerns, merged regions.

Their concerns have all that the reports count: promises, offers, actions, check-ins, surveys and
ethnic groups. They are those of the made-up past years, a few drawn from many, and bent.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from grievances.cases.models.case import Case
from grievances.cases.models.parties import Party, seal_person
from grievances.demo.past_years import rows
from grievances.demo.past_years.generator import Concern, Drawing
from grievances.demo.past_years.outside_counts import write_outside_counts
from grievances.demo.staff_counts import count_staff
from grievances.reports.fact_models import StaffCount, StaffGroupCount
from grievances.reports.periods import Period
from grievances.vocabulary import Identity, Region, Standing

Bend = Callable[[random.Random, list[Concern]], list[Concern]]


def usual(chance: random.Random, concerns: list[Concern]) -> list[Concern]:
    """Only rare groups: one to three people that nothing else tells apart."""
    kinds: tuple[Callable[[Concern], Concern], ...] = (
        lambda one: replace(one, region="WALES"),
        lambda one: replace(one, tag="RECRUITMENT"),
        lambda one: replace(one, identity="CONFIDENTIAL"),
    )
    found = [
        replace(one, region=_not(one.region, "WALES"), tag=_not(one.tag, "RECRUITMENT"))
        for one in concerns
    ]
    for rare in kinds:
        for place in chance.sample(range(len(found)), chance.randint(1, 3)):
            found[place] = rare(found[place])
    return found


def _not(code: str, rare: str) -> str:
    other = {"WALES": "NORTH", "RECRUITMENT": "HARASSMENT"}[rare]
    return other if code == rare else code


def one_person(chance: random.Random, concerns: list[Concern]) -> list[Concern]:
    """One person raised half of all concerns."""
    return [replace(one, person="half") if chance.random() < 0.5 else one for one in concerns]


def everyone_late(chance: random.Random, concerns: list[Concern]) -> list[Concern]:
    """No promise is kept, and nearly nothing is decided within its time."""
    trends = {one.trend: replace(one.trend, prompt=0.0) for one in concerns}
    return [
        replace(one, trend=trends[one.trend], ends=one.ends + 70, closes=one.closes + 70)
        for one in concerns
        if one.appealed is None
    ]


def one_group(chance: random.Random, concerns: list[Concern]) -> list[Concern]:
    """Everyone is in one region, of one kind, and known by name."""
    return [
        replace(one, region="NORTH", tag="HARASSMENT", identity="OPEN")
        for one in concerns
        if one.identity != Identity.ANONYMOUS
    ]


def silent_quarter(chance: random.Random, concerns: list[Concern]) -> list[Concern]:
    """Nothing is received from July to September, and staff are not counted then."""
    StaffCount.objects.filter(quarter__endswith="Q2").delete()
    StaffGroupCount.objects.filter(quarter__endswith="Q2").delete()
    return [one for one in concerns if one.day(0).month not in (7, 8, 9)]


def as_drawn(chance: random.Random, concerns: list[Concern]) -> list[Concern]:
    """Leave all concerns as they are; what happens later is what is awkward."""
    return concerns


def merge_regions() -> None:
    """In the middle of the year Wales becomes a part of the South."""
    Case.unguarded.filter(region=Region.WALES).update(region=Region.SOUTH)


def move_one_person() -> None:
    """One concern changes its region and kind, and one person is found to be another."""
    first, second = Case.unguarded.order_by("-received_on", "pk")[40:42]
    Case.unguarded.filter(pk=first.pk).update(region=Region.WALES, route="MEDIATION")
    party = Party.objects.get(case=second, standing=Standing.COMPLAINANT)
    Party.objects.filter(pk=party.pk).update(sealed_person=seal_person(second.pk, 7))
    late = Case.unguarded.order_by("received_on", "pk").last()
    assert late is not None
    assert late.received_on is not None
    Case.unguarded.filter(pk=late.pk).update(received_on=date(late.received_on.year - 1, 5, 4))


def nothing() -> None:
    """Nothing happens between two editions."""


SHAPES: dict[str, tuple[Bend, Callable[[], None], Callable[[], None]]] = {
    "usual": (usual, nothing, nothing),
    "one person": (one_person, nothing, nothing),
    "merged regions": (as_drawn, merge_regions, nothing),
    "everyone late": (everyone_late, nothing, nothing),
    "one group": (one_group, nothing, nothing),
    "one person moved": (as_drawn, nothing, move_one_person),
    "silent quarter": (silent_quarter, nothing, nothing),
}
"""How concerns are bent, and what happens after the second quarter and after the last."""


def store(seed: int, year: Period, sizes: tuple[int, int], bend: Bend) -> None:
    """Store an organisation of a number of concerns between two sizes, and its staff."""
    chance = random.Random(seed)
    count_staff(923, year.first, year.last)
    since = date(year.first.year, 1, 1)
    drawn = Drawing(random.Random(seed), rows.working_days()).concerns()
    within = [one for one in drawn if since <= one.day(0) <= year.last]
    kept = chance.sample(within, min(len(within), chance.randint(*sizes)))
    concerns = bend(chance, sorted(kept, key=lambda one: one.number))
    write_outside_counts(chance.choice((92, 300, 923)), year, seed)
    _write(seed, concerns)


def _write(seed: int, concerns: Sequence[Concern]) -> None:
    officers = rows.write_officers(random.Random(seed))
    number_of = rows.write_respondents({one.about for one in concerns if one.about})
    cases = Case.unguarded.bulk_create(map(rows.case_of, concerns), batch_size=rows.BATCH)
    rows.write_all(
        row
        for case, one in zip(cases, concerns, strict=True)
        for row in rows.rows_of(case, one, officers, seed, number_of)
    )
