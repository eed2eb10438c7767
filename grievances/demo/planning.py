"""The plans of a year: exact numbers of each kind, at random times."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from grievances.demo.actors import Actors, Pace, Plan
from grievances.demo.scheduler import Story
from grievances.demo.side_stories import mediated
from grievances.demo.stories import appealing, formal, informal, withdrawn
from grievances.vocabulary import Identity, Region, Safety
from workflow.calendar import Calendar

Road = Callable[[Actors, Plan], Story]
Planned = tuple[Plan, Road]

OPEN, ANONYMOUS, INFORMAL, MEDIATED, WITHDRAWN = 240, 40, 87, 22, 65
CONCERNS = 1082
"""The number of concerns that the numbers above are part of.

A smaller year has the same shares.
"""

APPEALS = ("appeal_dismissed",) * 70 + ("appeal_varied",) * 18 + ("appeal_upheld",) * 12
SHORTEST, MIDDLE, SPREAD = 24, 58, 0.42
"""Working days to a decision: least, median, and sigma of the logarithm."""


@dataclass(frozen=True)
class Shape:
    """The sizes of a year: concerns concluded, people, and concerns upheld.

    Those partly upheld are among the upheld.
    """

    concerns: int
    people: int
    upheld: int

    def scaled(self, scale: float) -> Shape:
        """Return the same proportions with fewer concerns."""
        if scale == 1:
            return self
        return Shape(*(max(2, round(n * scale)) for n in (self.concerns, self.people, self.upheld)))

    def share(self, count: int) -> int:
        """Return this many out of CONCERNS, in this shape."""
        return round(count * self.concerns / CONCERNS)

    @property
    def open(self) -> int:
        """The number of concerns that are open at the end."""
        return self.share(OPEN)

    @property
    def accounts(self) -> int:
        """The number of accounts needed.

        It counts everyone with a concluded or open concern who is not anonymous.
        """
        return self.people - self.share(ANONYMOUS) + self.open

    @property
    def respondents(self) -> int:
        """The number of people that concerns are about."""
        return self.share(700) + 5


@dataclass
class Planner:
    """Draws the plans of the concluded and the open concerns between two local dates."""

    chance: random.Random
    shape: Shape
    days: Calendar
    begin: date
    end: date

    def plans(self) -> Iterator[Planned]:
        """Yield every plan of the year with its story."""
        names = self._complainants()
        roads = self._roads()
        for road in roads:
            yield self._ended(names, road)
        first = self.shape.people - self.shape.share(ANONYMOUS) + 1
        for number in range(first, first + self.shape.open):
            yield self._open(f"worker{number}")

    def _complainants(self) -> list[str]:
        """Return one name for each concern, in random order; an empty one is anonymous."""
        twice = self.shape.concerns - self.shape.people
        anonymous = self.shape.share(ANONYMOUS)
        named = [f"worker{n}" for n in range(1, self.shape.people - anonymous + 1)]
        names = [*named, *named[:twice], *[""] * anonymous]
        self.chance.shuffle(names)
        return names

    def _roads(self) -> list[str]:
        """Return how each concern ends: the numbers are exact, the order is random."""
        share, upheld = self.shape.share, self.shape.upheld
        wholly = round(upheld * 0.55)
        fixed = ["informal"] * share(INFORMAL) + ["mediated"] * share(MEDIATED)
        fixed += ["withdrawn"] * share(WITHDRAWN)
        fixed += ["UPHELD"] * wholly + ["PARTLY"] * (upheld - wholly)
        roads = fixed + ["NOT_UPHELD"] * (self.shape.concerns - len(fixed))
        self.chance.shuffle(roads)
        return roads

    def _ended(self, names: list[str], road: str) -> Planned:
        if road in {"UPHELD", "PARTLY", "NOT_UPHELD"}:
            return self._decided(names.pop(), road)
        name = names.pop(next(i for i in range(len(names) - 1, -1, -1) if names[i]))
        return self._softly(name, road)

    def _decided(self, name: str, finding: str) -> Planned:
        decided_on = self._day_of_the_year()
        length = min(self._length(), self.days.between(self.begin, decided_on))
        plan = self._plan(name, self.days.add(decided_on, -length), self._pace(length))
        plan = replace(plan, finding=finding, hold=self._hold(plan.pace))
        appeals = self.chance.random() < (0.22 if finding == "NOT_UPHELD" else 0.04)
        if not appeals:
            return plan, formal
        outcome = self.chance.choice(APPEALS)
        return plan, partial(formal, then=appealing(outcome, self.chance.randint(12, 28)))

    def _softly(self, name: str, road: str) -> Planned:
        """Return the plan of an informal, mediated or withdrawn concern.

        It is closed on a day of the year after a shorter time.
        """
        chance, pace = self.chance, Pace(agreed=self.chance.randint(2, 4))
        lasting = {"informal": (3, 12), "mediated": (8, 16), "withdrawn": (1, 4)}[road]
        after = chance.randint(*lasting)
        tail = {"informal": 0, "mediated": 2, "withdrawn": 6}[road]
        received = self.days.add(self._day_of_the_year(), -(pace.agreed + after + tail))
        plan = replace(self._plan(name, received, pace), finding="", flags=())
        if road == "informal":
            return replace(plan, informal=True), partial(informal, resolved_after=after)
        if road == "mediated":
            about = plan.about or self._member()
            return replace(plan, about=about), partial(mediated, lasting=after)
        return plan, partial(withdrawn, asked_after=after)

    def _open(self, name: str) -> Planned:
        """Return the plan of a concern received some time ago and not decided by the end."""
        old = self.chance.random() < 0.3
        ago = self.chance.randint(56, 130) if old else self.chance.randint(0, 55)
        length = max(self._length(), ago + self.chance.randint(3, 60))
        pace = self._pace(length)
        plan = self._plan(name, self.days.add(self.end, -ago), pace)
        held = ago - self.chance.randint(1, 7)
        if self.chance.random() < 0.25 and pace.met < held and held + 9 < pace.reported:
            plan = replace(plan, hold=(held, 9))
        return plan, formal

    def _plan(self, name: str, received: date, pace: Pace) -> Plan:
        chance = self.chance
        quiet = chance.random() < 0.3
        return Plan(
            name,
            self._member() if chance.random() >= 0.15 else "",
            received,
            pace,
            identity=Identity.CONFIDENTIAL if quiet else Identity.OPEN,
            region=chance.choice(Region.values),
            updates=chance.random() < 0.3,
            flags=(Safety.HEALTH.value,) if chance.random() < 0.12 else (),
        )

    def _member(self) -> str:
        return f"member{self.chance.randint(1, self.shape.respondents)}"

    def _day_of_the_year(self) -> date:
        """Return a random working day of the last twelve months."""
        first = self.end.replace(year=self.end.year - 1)
        return self.days.add(first, self.chance.randint(1, self.days.between(first, self.end)))

    def _length(self) -> int:
        drawn = self.chance.lognormvariate(0, SPREAD) * MIDDLE
        return max(SHORTEST, round(drawn))

    def _pace(self, length: int) -> Pace:
        """Return the dates of the parts of a decision of this many working days."""
        chance = self.chance
        acknowledged = chance.choice((0, 0, 1, 1, 1, 1, 1, 2, 3, 4))
        agreed = acknowledged + chance.choice((1, 1, 2, 2, 2, 3, 5))
        begun = agreed + 1 + chance.choice((1, 1, 2, 2, 2, 3, 4))
        met = begun + chance.choice((2, 3, 3, 4, 4, 4, 6, 8))
        reported = max(met + 1, length - chance.choice((2, 3, 3, 4, 4, 5, 9)))
        return Pace(acknowledged, agreed, agreed + 1, begun, met, reported, length)

    def _hold(self, pace: Pace) -> tuple[int, int] | None:
        lasting = self.chance.randint(5, 9)
        latest = pace.reported - lasting - 1
        if self.chance.random() >= 0.12 or latest <= pace.met:
            return None
        return self.chance.randint(pace.met + 1, latest), lasting
