"""Made-up organisations of 60 to 1,000 concerns, with rare groups of one to three people."""

from __future__ import annotations

import random
from datetime import date, timedelta

from grievances.cases.models.case import Allegation
from grievances.reports.fact_models import Ending
from grievances.vocabulary import Identity, Pressure, Region, Route, Tag
from tests.reports.report_factory import Concern, owe, store

FIRST, LAST = date(2022, 1, 1), date(2023, 3, 31)
WAYS = {
    Ending.UPHELD: 22,
    Ending.PARTLY: 16,
    Ending.NOT_UPHELD: 30,
    Ending.AGREED: 9,
    Ending.WITHDRAWN: 9,
    Ending.OTHER: 2,
    Ending.REDIRECTED: 3,
    Ending.OPEN: 9,
}
COMMON = {"region": ("NORTH", "LONDON"), "route": ("FORMAL",), "tag": ("DIRECT", "HARASSMENT")}
RARE = {
    "region": Region.values,
    "route": Route.values,
    "tag": ["", *Tag.values],
    "identity": Identity.values,
}


def some_organisation(seed: int, sizes: tuple[int, int] = (60, 1000)) -> None:
    """Store the concerns of one organisation, and some of its deadlines."""
    chance = random.Random(seed)
    number = chance.randint(*sizes)
    concerns = [_concern(chance, number) for _ in range(number)]
    for column, codes in RARE.items():
        # A group of one to three people that nothing else distinguishes.
        code = chance.choice(list(codes))
        rare = chance.sample(concerns, chance.randint(1, 3))
        for one in concerns:
            if one in rare:
                one.rest[column] = code
            elif one.rest.get(column) == code and column != "identity":
                one.rest[column] = COMMON[column][0]
    tags = [one.rest.pop("tag") for one in concerns]
    cases = store(concerns)
    Allegation.objects.bulk_create(
        Allegation(case=case, number=1, tag=tag) for case, tag in zip(cases, tags, strict=True)
    )
    for case, one in zip(cases, concerns, strict=True):
        due = one.received + timedelta(7)
        done = one.received + timedelta(chance.choice((2, 4, 6, 8, 12)))
        if chance.random() < 0.9:
            owe(case, due, done if done <= LAST else None)


def _concern(chance: random.Random, number: int) -> Concern:
    received = FIRST + timedelta(chance.randint(0, (LAST - FIRST).days))
    ending = chance.choices(list(WAYS), list(WAYS.values()))[0]
    ended = received + timedelta(max(3, round(chance.lognormvariate(4.3, 0.6))))
    rest = {
        "region": chance.choices(Region.values, (40, 15, 10, 25, 10))[0],
        "route": chance.choice(("FORMAL", "FORMAL", "FORMAL", "INFORMAL", "MEDIATION")),
        "identity": chance.choices(Identity.values, (70, 25, 5))[0],
        "tag": chance.choice(("", "DIRECT", "HARASSMENT", "HARASSMENT", *Tag.values)),
    }
    if ending is Ending.WITHDRAWN:
        rest["pressure"] = chance.choice(("", *Pressure.values))
    person = f"p{chance.randint(1, number)}" if chance.random() < 0.3 else ""
    about = f"r{chance.randint(1, max(2, number // 6))}"
    if ending is Ending.OPEN:
        return Concern(received, None, ending, person, about, rest)
    return Concern(received, ended, ending, person, about, rest)
