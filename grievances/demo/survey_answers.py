"""The assumed answers of made-up people, about themselves and their experience.

Monitoring answers, the surveys of respondents and handlers, and the survey of all staff go through
the product's own functions. They use random numbers of their own, so that asking about the stories
does not change them.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from grievances.cases.models.case import Case
from grievances.demo import texts
from grievances.demo.organisation import Organisation
from grievances.monitoring import answers
from grievances.monitoring.codes import ethnic_groups, other_questions
from grievances.people.models import User
from grievances.policy import profiles
from grievances.surveys import responses, staff_survey
from grievances.surveys.questions import questions_of
from grievances.surveys.staff_survey_models import OtherForm
from grievances.vocabulary import Office
from notifications.models import Notice
from workflow.calendar import local_date
from workflow.steps import Refused

ASKED, ANSWERED, PREFERS_NOT, SAYS_MORE = 0.94, 0.84, 0.08, 0.96
"""Assumed shares: asked; answering, of those; preferring not to say, of those.

The last is the share of those answering who give each answer besides their ethnic group.
"""

SHARES = {
    "A1": 10, "A2": 9, "A3": 4, "A4": 2, "A5": 3, "B1": 16, "B2": 15, "B3": 5, "M1": 6, "M2": 3,
    "M3": 3, "M4": 2, "W1": 46, "W2": 2, "W3": 2, "W4": 1, "W5": 3, "O1": 1, "O2": 1,
}  # fmt: skip
"""Assumed weights of the ethnic groups of those who raise a concern about race."""

OWN_WORDS = "British with roots in more than one place."
AGREES = {OtherForm.RESPONDENT: 0.52, OtherForm.HANDLER: 0.66, OtherForm.STAFF: 0.47}
"""Assumed shares that agree."""

HEARD_HERE = 0.5
"""Assumed share of respondents who answer on a page; others do in a meeting."""
LATE = 0.3
"""Assumed share of survey answers that come only after the reminder."""
OTHERS_ANSWER, STAFF_ANSWER = 0.4, 0.3
"""Assumed shares that answer: respondents and handlers, and all staff."""
PRINTED, DECLINED, OTHER_UNWELL = 0.75, 0.02, 0.3
"""Assumed: comment may be printed; part declined; pause is for the other person."""
IN_TIME, LATE_BUT_DONE = 0.8, 0.12
"""Assumed shares of actions done by their date, and done after it."""
MAKE_UP = ("agree", "agree", "strongly_agree"), ("neither", "disagree", "strongly_disagree")


@dataclass
class Voices:
    """Gives the answers of people.

    `chance` and `words` are used for nothing else.
    """

    chance: random.Random = field(default_factory=lambda: random.Random(8))  # noqa: S311 - made up
    words: random.Random = field(default_factory=lambda: random.Random(9))  # noqa: S311 - made up

    def remark(self) -> str:
        """Return a comment at the end of the survey: one sentence or two."""
        return " ".join(self.words.sample(texts.COMMENTS, self.words.choice((1, 2, 2, 2))))

    def may_print(self) -> str:
        """Return "yes" or "no": whether the comment may be printed."""
        return "yes" if self.words.random() < PRINTED else "no"

    def declines(self) -> bool:
        """Return whether a person who is asked for a part declines."""
        return self.words.random() < DECLINED

    def other_is_unwell(self) -> bool:
        """Return whether a pause is for the person the concern is about."""
        return self.words.random() < OTHER_UNWELL

    def done_after(self) -> int | None:
        """Return the working days from the decision until an action is done, or None.

        None means that it is not done in this time.
        """
        draw = self.words.random()
        if draw < IN_TIME:
            return self.words.randint(5, 29)
        return self.words.randint(33, 55) if draw < IN_TIME + LATE_BUT_DONE else None

    def about_themselves(self, case: Case, today: date) -> None:
        """Ask the monitoring questions after sending: most are asked, many answer.

        `today` is the local date.
        """
        if self.chance.random() >= ASKED:
            return
        answers.offer(case)
        if self.chance.random() >= ANSWERED:
            return
        group = "PNTS"
        if self.chance.random() >= PREFERS_NOT:
            group = self.chance.choices(list(SHARES), list(SHARES.values()))[0]
        said = {"ethnic_group": group, "set": ethnic_groups("ENG_WLS", today).code}
        for question in other_questions():
            if self.chance.random() < SAYS_MORE:
                said[question.name] = self.chance.choice(question.choices).code
        words = {"own_words": OWN_WORDS} if self.chance.random() < 0.1 else {}
        answers.keep(case, said, words, today)

    def is_heard_here(self) -> bool:
        """Return whether the next respondent answers on a page of their own."""
        return self.chance.random() < HEARD_HERE

    def answers_late(self) -> bool:
        """Return whether the next complainant answers only after a reminder."""
        return self.chance.random() < LATE

    def others(self, notice: Notice, today: date) -> None:
        """Answer the survey of a respondent or a handler, by the link in the inbox."""
        if self.chance.random() >= OTHERS_ANSWER:
            return
        token = notice.link.removeprefix("/survey/").rstrip("/")
        form = responses.find(token, today).form
        responses.answer(token, self._opinions(OtherForm(form)), today)

    def all_staff(self, organisation: Organisation, now: datetime) -> None:
        """Open the survey of all staff as HR; some answer on its first day."""
        analyst = organisation.appointed(Office.ANALYST)[0]
        try:
            staff_survey.open_period(organisation.caller(analyst.username), now=now)
        except Refused:
            return
        today = local_date(now, profiles.zone())
        for person in self._some(organisation.people.values()):
            staff_survey.answer(person, self._opinions(OtherForm.STAFF), today)

    def _some(self, people: Iterable[User]) -> list[User]:
        return [person for person in people if self.chance.random() < STAFF_ANSWER]

    def _opinions(self, form: OtherForm) -> dict[str, str]:
        return {
            question.name: self.chance.choice(MAKE_UP[self.chance.random() >= AGREES[form]])
            for question in questions_of(form.value)
        }
