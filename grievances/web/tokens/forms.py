"""The forms for making and ending a token."""

from __future__ import annotations

from django import forms

from grievances.tokens.issuing import MOST_DAYS
from grievances.web.shared.fields import PlainForm, RadioList


class MakeToken(PlainForm):
    """What a new token is for, which program gets it, and for how long."""

    purpose = forms.ChoiceField(label="What may the program do?", widget=RadioList())
    program = forms.CharField(
        label="Which program gets it?",
        max_length=40,
        help_text="For example: HR system. No names of people.",
    )
    days = forms.IntegerField(
        label="For how many days?",
        min_value=1,
        max_value=MOST_DAYS,
        help_text="A year at most. Make the next one before this one ends.",
    )

    def __init__(self, choices: list[tuple[str, str]], *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        field = self.fields["purpose"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class EndToken(PlainForm):
    """The yes to ending a token."""

    sure = forms.BooleanField(label="End this token. The program gets no answer from now on.")
