"""The survey answers and monitoring answers of made-up past concerns. All assumed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Model

from grievances.cases.models.case import Case
from grievances.demo.past_years.generator import END, Concern
from grievances.demo.survey_answers import ANSWERED, ASKED, LATE, PREFERS_NOT, SAYS_MORE, SHARES
from grievances.monitoring.answers import quarter_name, seal_codes
from grievances.monitoring.codes import PREFER_NOT, other_questions
from grievances.monitoring.models import MonitoringAnswer, MonitoringLink
from grievances.surveys.models import Form, Invitation, Pace, Response
from grievances.surveys.questions import AGREEMENT, questions_of
from grievances.vocabulary import Identity, Outcome

HALF_A_YEAR = 126
"""Working days after closing at which people are asked once more."""
OPEN_DAYS = 30
LATER = 0.75
"""How often people answer the second survey, compared with the first."""
UPHELD, WAITED, OTHERWISE = 0.14, -0.1, -0.06
"""Changes of the favourable share: concern upheld, late answer, all others."""
BY_QUESTION = {
    "q2": -0.09, "q3": 0.05, "q4": -0.03, "q5": -0.07, "q6": 0.04, "q8": 0.03, "q10": -0.14,
}  # fmt: skip
"""How much more often people agree with a statement than with others."""
SAID = "of themselves"
"""The name of the random numbers of answers besides the ethnic group."""
NO_VIEW, WORSE, UNSURE, WROTE = 0.05, 0.2, 0.1, 0.3
AGREES, DISAGREES = AGREEMENT[:2], AGREEMENT[2:5]


class Voices:
    """Draws the answers of the complainant of a concern."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def rows(self, case: Case, concern: Concern) -> Iterator[Model]:
        """Yield invitations, answers and monitoring answers.

        No anonymous complainant is asked.
        """
        if concern.identity == Identity.ANONYMOUS:
            return
        yield from self._of_themselves(case, concern)
        share = concern.trend.answers
        yield from self._survey(concern, Form.AFTER_OUTCOME, concern.closes + 1, share)
        later = concern.closes + HALF_A_YEAR
        yield from self._survey(concern, Form.SIX_MONTHS, later, share * LATER)

    def _of_themselves(self, case: Case, concern: Concern) -> Iterator[Model]:
        if self.chance.random() >= ASKED:
            return
        if self.chance.random() >= ANSWERED:
            yield MonitoringLink(case=case)
            return
        group = self.chance.choices(list(SHARES), list(SHARES.values()))[0]
        if self.chance.random() < PREFERS_NOT:
            group = PREFER_NOT
        link = MonitoringLink(case=case, state=MonitoringLink.State.ANSWERED)
        number = link.monitoring_id
        yield link
        said = {"ethnic_group": group, **_else_said(concern)}
        sealed = seal_codes(said, f"monitoring|{number}")
        yield MonitoringAnswer(monitoring_id=number, sealed_codes=sealed)

    def _survey(self, concern: Concern, form: Form, after: int, share: float) -> Iterator[Model]:
        opens = concern.day(after)
        if opens > END:
            return
        used = self.chance.random() < share
        coarse = _coarse(concern, form, opens)
        closes = opens + timedelta(days=OPEN_DAYS)
        yield Invitation(opens_on=opens, closes_on=closes, used=used, **coarse)
        if used:
            pace = Pace.LATE if self.chance.random() < LATE else Pace.EARLY
            yield Response(pace=pace, answers=self._answers(concern, form, pace), **coarse)

    def _answers(self, concern: Concern, form: Form, pace: Pace) -> dict[str, str]:
        upheld = concern.outcome in {Outcome.UPHELD, Outcome.PARTLY}
        share = concern.trend.agrees + (UPHELD if upheld else OTHERWISE)
        share += WAITED if pace is Pace.LATE else 0
        names = [question.name for question in questions_of(form)]
        return {name: said for name in names if (said := self._answer(name, share))}

    def _answer(self, name: str, share: float) -> str:
        if name == "q9":
            draw = self.chance.random()
            return "yes" if draw < WORSE else "not_sure" if draw < WORSE + UNSURE else "no"
        if name == "q11":
            return "-" if self.chance.random() < WROTE else ""
        if self.chance.random() < NO_VIEW:
            return "not_applicable"
        agrees = self.chance.random() < share + BY_QUESTION.get(name, 0)
        return self.chance.choice(AGREES if agrees else DISAGREES)[0]


def _else_said(concern: Concern) -> dict[str, str]:
    """Return what a complainant says of themselves besides their ethnic group.

    It has random numbers of its own, so that asking it changes nothing else.
    """
    chance = random.Random(f"{SAID}/{concern.number}")  # noqa: S311 - made up, to be repeated
    return {
        question.name: chance.choice(question.choices).code
        for question in other_questions()
        if chance.random() < SAYS_MORE
    }


def _coarse(concern: Concern, form: Form, opens: date) -> dict[str, str]:
    """Return the facts that an invitation has, and its answer too."""
    return {
        "form": form.value,
        "quarter": quarter_name(opens),
        "region": concern.region,
        "route": concern.route,
        "closure": concern.reason,
        "identity": concern.identity,
    }
