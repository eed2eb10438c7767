"""Three past years of made-up concerns from one seed: what the reports count.

The figures that HR sees at first start are made of them. No person took these concerns through the
product, and no case of them is ever kept. `rows` writes them into an empty database while the
reports are counted. Everything below is assumed and is no finding about any organisation. Sizes
follow the published totals of `year` (1,082 concerns, 48.8% upheld or partly upheld). The chance of
a finding does not depend on a group, so a difference between groups is chance alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from grievances.demo.planning import SPREAD
from grievances.demo.staff_counts import SHARES
from grievances.vocabulary import (
    AppealOutcome,
    CloseReason,
    Identity,
    Outcome,
    Pressure,
    Route,
    Tag,
)

CodeT = TypeVar("CodeT", bound=str)

BEGIN, END = date(2021, 10, 1), date(2025, 3, 31)
"""First and last local date on which a concern is received."""
LEADING_UP, YEARS = "2021-22", ("2022-23", "2023-24", "2024-25")
"""The year whose second half only leads up to the others, and the years shown."""


@dataclass(frozen=True)
class Tendency:
    """What is assumed of the concerns received in one financial year.

    Shares are from 0 to 1. `received` is for twelve months. `middle` is the median of the working
    days to a decision. `prompt` is how often a step keeps its date. `agrees` is how often an answer
    to the survey is favourable.
    """

    received: int
    upheld: float
    middle: int
    prompt: float
    agrees: float
    answers: float
    delivers: float


TENDENCIES = {
    2021: Tendency(1000, 0.47, 66, 0.66, 0.42, 0.34, 0.66),
    2022: Tendency(1082, 0.488, 61, 0.70, 0.46, 0.35, 0.70),
    2023: Tendency(1190, 0.50, 56, 0.77, 0.53, 0.38, 0.76),
    2024: Tendency(1270, 0.52, 51, 0.84, 0.59, 0.41, 0.83),
}
MONTHS = (0.94, 1.02, 1.03, 0.97, 0.86, 1.05, 1.10, 1.08, 0.84, 1.04, 1.06, 1.01)
"""How much each month, from April, has of a twelfth of its year."""
SHORTEST = 18
"""The fewest working days that a decision takes."""

RAISING = {"NORTH": 0.9, "MIDLANDS": 1.05, "SOUTH": 0.85, "LONDON": 1.3, "WALES": 0.8}
"""How often people raise a concern, compared with the whole organisation."""
ROADS = {"informal": 9, "mediated": 4, "withdrawn": 7, "redirected": 5, "decided": 75}
"""How many of 100 concerns with a name end in each way."""
KNOWN_AS = {Identity.OPEN: 66, Identity.CONFIDENTIAL: 29, Identity.ANONYMOUS: 5}
ABOUT = {
    Tag.DIRECT: 24, Tag.HARASSMENT: 27, Tag.PROGRESSION: 14, Tag.FAILURE_TO_ACT: 9,
    Tag.VICTIMISATION: 8, Tag.THIRD_PARTY: 7, Tag.INDIRECT: 4, Tag.RECRUITMENT: 3, "": 4,
}  # fmt: skip
AGAIN, NAMES_NO_ONE = 0.13, 0.15
"""Shares of concerns: by a person who raised one before; naming no one."""
WHOLLY = 0.55
"""The share upheld, of those upheld or partly upheld."""
APPEALS, APPEALS_ELSE = 0.24, 0.05
"""Shares appealed: of those not upheld, and of the others."""
PRESSED = {Pressure.NO: 68, Pressure.YES: 18, "": 14}
"""The answers of people who are asked about pressure before they withdraw."""
APPEAL_ENDS = {AppealOutcome.DISMISSED: 68, AppealOutcome.VARIED: 19, AppealOutcome.UPHELD: 13}
REASONS = {
    "informal": (Route.INFORMAL, CloseReason.RESOLVED_INFORMALLY),
    "mediated": (Route.MEDIATION, CloseReason.RESOLVED_MEDIATION),
    "withdrawn": (Route.FORMAL, CloseReason.WITHDRAWN),
    "redirected": (Route.NONE, CloseReason.REDIRECTED),
    "unclear": (Route.NONE, CloseReason.ANONYMOUS_INSUFFICIENT),
}
"""Kind of ending without a decision -> way forward and reason of closing."""


@dataclass(frozen=True)
class Concern:
    """One concern.

    `ends`, `appealed` and `closes` are working days after it was received.
    """

    number: int
    days: Sequence[date]
    trend: Tendency
    person: str
    about: str
    region: str
    tag: str
    identity: str
    road: str
    route: str
    outcome: str
    reason: str
    ends: int
    closes: int
    pressure: str = ""
    appealed: int | None = None
    held: tuple[int, int] | None = None

    def day(self, after: int) -> date:
        """Return the local date this many working days after it was received."""
        return self.days[min(after, len(self.days) - 1)]


class Drawing:
    """Draws the concerns at random; the same seed draws the same."""

    def __init__(self, chance: random.Random, days: Sequence[date]) -> None:
        """Keep the working days from BEGIN on, including those of endings after END."""
        self.chance = chance
        self.days = days
        self.people = 0

    def concerns(self) -> Iterator[Concern]:
        """Yield every concern, in the order in which they are received."""
        number = 0
        for place, day in enumerate(self.days):
            if day > END:
                return
            for _ in range(self._arriving(day)):
                number += 1
                yield self._concern(number, place)

    def _arriving(self, day: date) -> int:
        """Return how many concerns are received on a working day; a year has about 253."""
        mean = tendency_of(day).received * MONTHS[(day.month - 4) % 12] / 253
        return int(mean) + (self.chance.random() < mean % 1)

    def _concern(self, number: int, place: int) -> Concern:
        trend = tendency_of(self.days[place])
        identity = self._one_of(KNOWN_AS)
        road = self._road(identity)
        outcome = self._outcome(trend) if road == "decided" else ""
        ends = self._length(road, trend)
        appealed = self._appealed(identity, outcome, ends)
        route, reason = REASONS.get(road, (Route.FORMAL, CloseReason.FINDING))
        if appealed is not None:
            reason = CloseReason(self._one_of(APPEAL_ENDS))
        return Concern(
            number=number,
            days=self.days[place:],
            trend=trend,
            person=self._person(identity, number),
            about="" if self.chance.random() < NAMES_NO_ONE else f"m{self.chance.randint(1, 2600)}",
            region=self._one_of({r: SHARES[r] * RAISING[r] for r in SHARES}),
            tag=self._one_of(ABOUT),
            identity=identity,
            road=road,
            route=route,
            outcome=outcome,
            reason=reason,
            ends=ends,
            closes=self._closes(outcome, ends, appealed),
            pressure=self._one_of(PRESSED) if road == "withdrawn" else "",
            appealed=appealed,
            held=self._held(road, ends),
        )

    def _road(self, identity: str) -> str:
        if identity != Identity.ANONYMOUS:
            return self._one_of(ROADS)
        return "unclear" if self.chance.random() < 0.4 else "decided"

    def _outcome(self, trend: Tendency) -> str:
        # Some concerns end without a decision, so the share upheld of those decided is higher.
        if self.chance.random() >= trend.upheld * 1.15:
            return Outcome.NOT_UPHELD
        return Outcome.UPHELD if self.chance.random() < WHOLLY else Outcome.PARTLY

    def _length(self, road: str, trend: Tendency) -> int:
        if road == "decided":
            drawn = round(trend.middle * self.chance.lognormvariate(0, SPREAD))
            return max(SHORTEST, drawn)
        least, most = {"informal": (8, 34), "mediated": (14, 48), "withdrawn": (4, 60)}.get(
            road, (3, 24)
        )
        return self.chance.randint(least, most)

    def _appealed(self, identity: str, outcome: str, ends: int) -> int | None:
        share = APPEALS if outcome == Outcome.NOT_UPHELD else APPEALS_ELSE
        if not outcome or identity == Identity.ANONYMOUS or self.chance.random() >= share:
            return None
        return ends + self.chance.randint(2, 10)

    def _closes(self, outcome: str, ends: int, appealed: int | None) -> int:
        if appealed is not None:
            return appealed + self.chance.randint(14, 44)
        return ends + 11 if outcome else ends

    def _held(self, road: str, ends: int) -> tuple[int, int] | None:
        """Return the first and last working day of a pause; None for most concerns."""
        if road != "decided" or ends < 30 or self.chance.random() >= 0.14:
            return None
        begins = self.chance.randint(14, ends - 12)
        return begins, begins + self.chance.randint(5, 10)

    def _person(self, identity: str, number: int) -> str:
        if identity == Identity.ANONYMOUS:
            return f"a{number}"
        if self.people > 50 and self.chance.random() < AGAIN:
            return f"p{self.chance.randint(max(1, self.people - 900), self.people)}"
        self.people += 1
        return f"p{self.people}"

    def _one_of(self, weights: Mapping[CodeT, float]) -> str:
        return str(self.chance.choices(list(weights), list(weights.values()))[0])


def tendency_of(day: date) -> Tendency:
    """Return what is assumed of the financial year of a local date."""
    return TENDENCIES[day.year if day.month >= 4 else day.year - 1]
