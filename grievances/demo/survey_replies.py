"""The replies to notices of the sweep: survey answers and check-ins.

Half a year before the end HR asks all staff as well. An invitation is found as its reader finds it,
by the link in the inbox; nothing else is used. How many answer, and how, is assumed.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from grievances.cases.step_names import StepName
from grievances.demo.actors import Actors
from grievances.demo.scheduler import Story
from grievances.surveys import questions, responses
from grievances.vocabulary import State
from notifications.models import ChannelName, Notice
from workflow.steps import Refused

AGREES = {"UPHELD": 0.62, "PARTLY": 0.48, "NOT_UPHELD": 0.24, "": 0.5}
"""Assumed share of agreeing answers, by what was decided."""

WORSE = 0.22
"""Assumed share of people treated worse at work since."""

AFTER_REMINDER = 10
"""Working days after which people are asked once more (domain.md 8)."""
HALF_A_YEAR = timedelta(days=182)


@dataclass
class SurveyReplies:
    """Reads the new notices after each sweep; some are answered days later."""

    actors: Actors
    answering: float
    last_seen: int = field(default=0)
    has_asked_staff: bool = field(default=False)

    def read_inboxes(self, now: datetime) -> None:
        """Process the notices that came in since the last sweep."""
        if not self.has_asked_staff and now >= self.actors.scheduler.end - HALF_A_YEAR:
            self.has_asked_staff = True
            self.actors.voices.all_staff(self.actors.organisation, now)
        notices = Notice.objects.filter(
            pk__gt=self.last_seen, kind__in=["survey", "check_in"], channel=ChannelName.INBOX
        )
        for notice in notices.order_by("pk"):
            self.last_seen = notice.pk
            if not notice.reference:
                self.actors.voices.others(notice, self.actors.scheduler.today)
            elif self.actors.chance.random() < self.answering:
                self._answer_soon(notice)

    def _answer_soon(self, notice: Notice) -> None:
        scheduler, chance = self.actors.scheduler, self.actors.chance
        wait = chance.randint(1, 8)
        if notice.kind == "survey" and self.actors.voices.answers_late():
            wait += AFTER_REMINDER
        day = scheduler.days.add(scheduler.today, wait)
        story = self._survey(notice) if notice.kind == "survey" else self._check_in(notice)
        scheduler.add(day, story)

    def _survey(self, notice: Notice) -> Story:
        finding = self.actors.walked_cases[notice.reference].plan.finding
        token = notice.link.removeprefix("/survey/").rstrip("/")
        # Around a holiday an answer may come too late, and the survey is closed.
        with suppress(Refused):
            responses.answer(token, self._opinions(finding), self.actors.scheduler.today)
        yield from ()

    def _opinions(self, finding: str) -> dict[str, str]:
        chance, agrees = self.actors.chance, AGREES[finding]
        answers: dict[str, str] = {}
        for question in questions.QUESTIONS:
            if question.choices is questions.YES_NO:
                answers[question.name] = "yes" if chance.random() < WORSE else "no"
            elif question.choices:
                answers[question.name] = self._opinion(agrees)
            elif chance.random() < 0.3:
                answers[question.name] = self.actors.voices.remark()
                answers[responses.MAY_PRINT] = self.actors.voices.may_print()
        return answers

    def _opinion(self, agrees: float) -> str:
        draw = self.actors.chance.random()
        if draw < agrees:
            return "strongly_agree" if draw < agrees / 3 else "agree"
        rest = (draw - agrees) / (1 - agrees)
        return "neither" if rest < 0.3 else "disagree" if rest < 0.75 else "strongly_disagree"

    def _check_in(self, notice: Notice) -> Story:
        walked = self.actors.walked_cases[notice.reference]
        if self.actors.case(walked).state == State.CLOSED:
            worse = "yes" if self.actors.chance.random() < WORSE / 2 else "no"
            self.actors.take(walked, None, StepName.ANSWER_CHECK_IN, worse=worse)
        yield from ()
