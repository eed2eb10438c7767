"""The surveys as a form: nothing in it is compulsory, and all of it is translated here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grievances.forms.fields import LongTextField, PlainForm, RadioList
from grievances.questionnaire import Question, questions_of
from grievances.survey import WORDS_LIMIT

DO_NOT_NAME = gettext_lazy(
    "Do not name people, and leave out what would show who you are. This is kept sealed and is "
    "not part of any report."
)


class Survey(PlainForm):
    """The questions of one form (a letter), each of which may be left out."""

    # The page says so once, above the questions.
    all_optional = True

    def __init__(self, *args: Any, form: str, **options: Any) -> None:
        super().__init__(*args, **options)
        for question in questions_of(form):
            self.fields[question.name] = field_of(question)

    def answers(self) -> dict[str, str]:
        """What was answered, by question name."""
        return {name: str(value or "") for name, value in self.cleaned_data.items()}


def field_of(question: Question) -> forms.Field:
    """The field of one question; a blank is an answer too."""
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
