"""The surveys as a form, all optional and translated here."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grievances.surveys.questions import Question, questions_of
from grievances.surveys.responses import MAY_PRINT, WORDS_LIMIT
from grievances.web.shared.fields import LongTextField, PlainForm, RadioList

DO_NOT_NAME = gettext_lazy(
    "Do not name people, and leave out what would show who you are. This is kept sealed, and "
    "no one reads it unless you say yes below."
)
MAY_WE_PRINT = gettext_lazy("May we print what you wrote?")
HOW_IT_IS_PRINTED = gettext_lazy(
    "If you say yes, two trained people who have no part in any concern read it without knowing "
    "whose it is. They take out whatever could show who is meant. Then it is printed in a report, "
    "with at least nine others, in no order and without a date."
)
PRINT_CHOICES = (
    ("yes", gettext_lazy("Yes, once whatever could show who is meant has been taken out")),
    ("no", gettext_lazy("No, no one is to read it")),
)


class Survey(PlainForm):
    """The questions of one form (a letter), each of which may be left out."""

    # The page says so once, above the questions.
    all_optional = True

    def __init__(self, *args: object, form: str, **options: object) -> None:
        super().__init__(*args, **options)
        for question in questions_of(form):
            self.fields[question.name] = field_of(question)
            if not question.choices:
                self.fields[MAY_PRINT] = may_print()

    def answers(self) -> dict[str, str]:
        """Return what was answered, by question name."""
        return {name: str(value or "") for name, value in self.cleaned_data.items()}


def field_of(question: Question) -> forms.Field:
    """Return the field of one question; a blank is an answer too."""
    if not question.choices:
        return LongTextField(
            label=_(question.text), required=False, max_length=WORDS_LIMIT, help_text=DO_NOT_NAME
        )
    return forms.ChoiceField(
        label=_(question.text),
        choices=[(value, _(label)) for value, label in question.choices],
        required=False,
        widget=RadioList(attrs={"class": "govuk-radios--small"}),
    )


def may_print() -> forms.Field:
    """Return the field that asks whether the text may be printed.

    A blank is a no.
    """
    return forms.ChoiceField(
        label=MAY_WE_PRINT,
        help_text=HOW_IT_IS_PRINTED,
        choices=PRINT_CHOICES,
        required=False,
        widget=RadioList(attrs={"class": "govuk-radios--small"}),
    )
