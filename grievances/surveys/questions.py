"""The questions and answers of every survey, word for word.

All texts are here, marked for translation (`gettext_noop`). Forms and pages translate them where
they are shown, so that a Welsh catalogue is all that a Welsh survey needs. Source: domain.md 8.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from grievances.surveys.models import Form
from grievances.surveys.staff_survey_models import OtherForm

AnyForm = Form | OtherForm

AGREEMENT = (
    ("strongly_agree", _("Strongly agree")),
    ("agree", _("Agree")),
    ("neither", _("Neither agree nor disagree")),
    ("disagree", _("Disagree")),
    ("strongly_disagree", _("Strongly disagree")),
    ("not_applicable", _("Does not apply to me")),
    ("prefer_not", _("Prefer not to say")),
)
YES_NO = (
    ("yes", _("Yes")),
    ("no", _("No")),
    ("not_sure", _("Not sure")),
    ("prefer_not", _("Prefer not to say")),
)
FAVOURABLE = frozenset({"agree", "strongly_agree"})
"""The answers that count as agreeing."""
NOT_COUNTED = frozenset({"not_applicable", "prefer_not", ""})
"""The answers left out of the denominator, as a blank is."""

BOTH = (Form.AFTER_OUTCOME, Form.SIX_MONTHS)
FIRST = (Form.AFTER_OUTCOME,)


@dataclass(frozen=True)
class Question:
    """One question: its number in its form, its text, its choices (none: free text)."""

    number: int
    text: str
    choices: tuple[tuple[str, str], ...]
    forms: tuple[AnyForm, ...]

    @property
    def name(self) -> str:
        """The key of its answer in `Response.answers`."""
        return f"q{self.number}"


QUESTIONS = (
    Question(1, _("I felt safe raising my concern"), AGREEMENT, BOTH),
    Question(2, _("My concern was dealt with adequately"), AGREEMENT, BOTH),
    Question(3, _("I was listened to"), AGREEMENT, FIRST),
    Question(4, _("I was kept informed about what was happening and when"), AGREEMENT, FIRST),
    Question(5, _("The people handling it understood race discrimination"), AGREEMENT, FIRST),
    Question(
        6,
        _("The outcome and the reasons were explained clearly, whatever the outcome"),
        AGREEMENT,
        FIRST,
    ),
    Question(7, _("I would raise a concern again"), AGREEMENT, BOTH),
    Question(
        8, _("I was treated as someone raising a concern, not as the problem"), AGREEMENT, BOTH
    ),
    Question(9, _("Since raising it I have been treated worse at work"), YES_NO, BOTH),
    Question(10, _("The time it took was reasonable"), AGREEMENT, FIRST),
    Question(11, _("Anything else?"), (), FIRST),
)
"""The complainant's questions; form B asks questions 1, 2, 7, 8 and 9."""

OTHER_QUESTIONS = (
    Question(1, _("I was treated fairly"), AGREEMENT, (OtherForm.RESPONDENT,)),
    Question(2, _("I was told what the concern about me was"), AGREEMENT, (OtherForm.RESPONDENT,)),
    Question(3, _("I had a fair chance to answer"), AGREEMENT, (OtherForm.RESPONDENT,)),
    Question(
        4,
        _("I was kept informed about what was happening and when"),
        AGREEMENT,
        (OtherForm.RESPONDENT,),
    ),
    Question(1, _("I was trained enough to handle this"), AGREEMENT, (OtherForm.HANDLER,)),
    Question(2, _("I had enough time to handle this well"), AGREEMENT, (OtherForm.HANDLER,)),
    Question(3, _("I had the support I needed"), AGREEMENT, (OtherForm.HANDLER,)),
    Question(
        1,
        _("I would feel safe raising a concern about race discrimination"),
        AGREEMENT,
        (OtherForm.STAFF,),
    ),
)
"""The questions for respondents, handlers and all staff; coded answers only."""


def form_of(letter: str) -> AnyForm:
    """Return the survey of this letter. Raises ValueError for an unknown letter."""
    return OtherForm(letter) if letter in OtherForm.values else Form(letter)


def questions_of(letter: str) -> tuple[Question, ...]:
    """Return the questions of a form, in order."""
    form = form_of(letter)
    return tuple(each for each in (*QUESTIONS, *OTHER_QUESTIONS) if form in each.forms)
