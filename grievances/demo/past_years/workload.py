"""The work on a made-up past concern: offers, approvals, actions, check-ins.

Its dates are here too. Every amount of time is in working days after the concern was received. All
shares are assumed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from django.db.models import Model

from grievances.cases.models.answers import Approval
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Action, CheckIn, Deadline, HoldPeriod
from grievances.cases.models.offers import Offer
from grievances.cases.step_names import StepName
from grievances.demo.past_years.generator import END, Concern
from grievances.people.models import User
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import HoldReason, Identity, Keep, Outcome, Role, Route

SHORT_STEPS = (
    (ClockName.ACK, 3),
    (ClockName.TRIAGE, 8),
    (ClockName.ALLOCATION, 8),
    (ClockName.MEETING, 10),
)
"""Steps that follow each other from the first day, and how long each may take."""
INVESTIGATION, DECISION, APPEAL, OVERALL, UPDATE = 30, 10, 30, 60, 10
MOST_UPDATES = 9
EXTENDED, LONGER = 0.12, 10
"""The share of dates moved to a later day, and by how many working days."""
HOLDS = {
    HoldReason.C_SICK: 34, HoldReason.C_REQUEST: 22, HoldReason.RESPONDENT_SICK: 24,
    HoldReason.COMPANION_UNAVAILABLE: 12, HoldReason.AWAITING_C_INFO: 8,
}  # fmt: skip
DECLINES, NO_REPLY = 0.13, 0.04
SECOND_ANSWERS = {
    StepName.HOLD: 9,
    StepName.EXTEND: 10,
    StepName.APPEAL: 1,
    StepName.OFFER: 3,
    Keep.HOLD.value: 2,
}
"""How many of 100 decided concerns need a second person for this step."""
AGREED, REFUSED = 0.9, 0.97
"""Limits of the random number for a second person's answer.

Below the first the person agrees; between them the person refuses. Above both, the person has not
answered.
"""
CHECKS_ANSWERED, WORSE, TALK = 0.46, 0.15, 0.07
CHECK_INS = ((1, 21), (3, 63), (6, 126))
"""Months after closing, and about how many working days that is."""


class Step(NamedTuple):
    """One promise: its start, its first due date, its moved due date, and its end."""

    name: str
    begun: int
    due: int
    moved: int
    done: int


class Work:
    """Draws the rows that belong to a case.

    `officers` are the people who may be offered a part.
    """

    def __init__(self, chance: random.Random, officers: Mapping[Role, Sequence[User]]) -> None:
        self.chance = chance
        self.officers = officers

    def rows(self, case: Case, concern: Concern) -> Iterator[Model]:
        """Yield all the work that was done on this concern."""
        steps = list(self.steps(concern))
        for step in steps:
            yield _deadline(case, concern, step)
        if concern.held:
            reason = self.chance.choices(list(HOLDS), list(HOLDS.values()))[0]
            begins, ends = map(concern.day, concern.held)
            yield HoldPeriod(case=case, reason=reason, from_on=begins, until_on=ends)
        if concern.outcome:
            begun = next(step.begun for step in steps if step.name == ClockName.INVESTIGATION)
            yield from self._offers(case, concern, begun)
            yield from self._actions(case, concern)
        yield from self._second_answers(case, concern)
        if concern.identity != Identity.ANONYMOUS:
            yield from self._check_ins(case, concern)

    def steps(self, concern: Concern) -> Iterator[Step]:
        """Yield the promises made on this concern, roughly in the order of their dates."""
        short = SHORT_STEPS if concern.outcome else SHORT_STEPS[:2]
        begun = 0
        for name, length in short:
            step = self._step(concern, name, begun, length)
            yield step
            begun = step.done
        pause = concern.held[1] - concern.held[0] if concern.held else 0
        if concern.outcome:
            yield from self._investigated(concern, min(begun, concern.ends - 8), pause)
        more = self._more() + pause
        yield Step(ClockName.OVERALL, 0, OVERALL, OVERALL + more, concern.ends)
        for number in range(min(concern.ends // UPDATE, MOST_UPDATES)):
            yield self._step(concern, ClockName.UPDATE, number * UPDATE, UPDATE)
        if concern.appealed is not None:
            due = concern.appealed + APPEAL
            yield Step(ClockName.APPEAL, concern.appealed, due, due, concern.closes)

    def _investigated(self, concern: Concern, begun: int, pause: int) -> Iterator[Step]:
        reported = max(begun + 4, concern.ends - self.chance.randint(3, 12))
        due = begun + INVESTIGATION
        yield Step(ClockName.INVESTIGATION, begun, due, due + pause + self._more(), reported)
        due = reported + DECISION
        yield Step(ClockName.DECISION, reported, due, due + self._more(), concern.ends)

    def _step(self, concern: Concern, name: str, begun: int, length: int) -> Step:
        """Return a step; it keeps its date as often as is usual in that year."""
        if self.chance.random() < concern.trend.prompt:
            takes = self.chance.randint(length // 2, length)
        else:
            takes = length + 1 + int(self.chance.expovariate(0.3))
        return Step(name, begun, begun + length, begun + length, begun + takes)

    def _more(self) -> int:
        return LONGER if self.chance.random() < EXTENDED else 0

    def _offers(self, case: Case, concern: Concern, begun: int) -> Iterator[Offer]:
        """Yield the offers to a handler and a decision maker before the work begins.

        An appeal has an offer to a manager as well.
        """
        days = {Role.HANDLER: max(0, begun - 4), Role.DECIDER: max(0, begun - 3)}
        if concern.appealed is not None:
            days[Role.APPEAL] = concern.appealed + 2
        for role, after in days.items():
            for status in self._replies():
                taken = concern.day(after + 1) if status == Offer.Status.ACCEPTED else None
                yield Offer(
                    case=case,
                    role=role,
                    candidate=self.chance.choice(self.officers[role]),
                    status=status,
                    sent_on=concern.day(after),
                    answered_on=concern.day(after + 1),
                    declared_on=taken,
                )

    def _replies(self) -> Iterator[Offer.Status]:
        """Yield the results of the offers of one part, until a person accepts."""
        while (draw := self.chance.random()) < DECLINES + NO_REPLY:
            yield Offer.Status.DECLINED if draw < DECLINES else Offer.Status.EXPIRED
        yield Offer.Status.ACCEPTED

    def _actions(self, case: Case, concern: Concern) -> Iterator[Action]:
        if concern.outcome == Outcome.NOT_UPHELD:
            return
        for _ in range(self.chance.choice((1, 1, 2))):
            draw = self.chance.random()
            takes = self.chance.randint(6, 30) if draw < concern.trend.delivers else 42
            done = concern.day(concern.ends + takes) if draw < 0.93 else None
            yield Action(case=case, due_on=concern.day(concern.ends + 30), done_on=done)

    def _second_answers(self, case: Case, concern: Concern) -> Iterator[Approval]:
        """Yield the approvals asked of a second person, with the answers."""
        for step in self._asked(concern):
            draw = self.chance.random()
            said = True if draw < AGREED else False if draw < REFUSED else None
            at = moment(concern.day(self.chance.randint(1, concern.ends)))
            yield Approval(case=case, step=step, asked_at=at, agreed=said)

    def _asked(self, concern: Concern) -> list[str]:
        if concern.route == Route.NONE:
            return [
                StepName.REDIRECT if concern.road == "redirected" else StepName.CLOSE_INSUFFICIENT
            ]
        shares = SECOND_ANSWERS if concern.outcome else {}
        return [step for step, share in shares.items() if 100 * self.chance.random() < share]

    def _check_ins(self, case: Case, concern: Concern) -> Iterator[CheckIn]:
        for month, after in CHECK_INS:
            asked = concern.day(concern.closes + after)
            if asked > END:
                return
            yield CheckIn(case=case, month=month, asked_on=asked, worse=self._worse())

    def _worse(self) -> str:
        if self.chance.random() >= CHECKS_ANSWERED:
            return ""
        draw = self.chance.random()
        if draw < WORSE:
            return CheckIn.Worse.YES.value
        return (CheckIn.Worse.TALK if draw < WORSE + TALK else CheckIn.Worse.NO).value


def moment(day: date) -> datetime:
    """Return midday (UTC) of a local date."""
    return datetime.combine(day, time(12), UTC)


def _deadline(case: Case, concern: Concern, step: Step) -> Deadline:
    pause = concern.held[1] - concern.held[0] if concern.held and step.moved > step.due else 0
    return Deadline(
        case=case,
        name=step.name,
        anchor_on=concern.day(step.begun),
        started_on=concern.day(step.begun),
        original_due=concern.day(step.due),
        current_due=concern.day(step.moved),
        paused_wd=pause,
        completed_on=concern.day(step.done),
        clock={},
    )
