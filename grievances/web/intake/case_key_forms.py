"""Forms for the case key of an anonymous concern: kept, brought in, typed again."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grievances.web.shared.fields import PlainForm

SLIPS = str.maketrans("oil", "011")
"""Letters that are easily taken for digits: a case key has none of them."""


class KeyKept(PlainForm):
    """The last four characters of a case key, typed to show that it was kept."""

    ending = forms.CharField(
        label=_("Type the last 4 characters of your case key"),
        help_text=_("This shows you have kept it. We cannot give it to you again."),
        max_length=10,
        widget=forms.TextInput(
            {"class": "govuk-input--width-5", "autocomplete": "off", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: object, case_key: str, **options: object) -> None:
        self._case_key = case_key
        super().__init__(*args, **options)

    def clean_ending(self) -> str:
        """Return the typed characters.

        Raises:
            ValidationError: For characters that are not the end of the key.
        """
        typed = str(self.cleaned_data["ending"]).strip().lower()
        if typed.translate(SLIPS) != self._case_key[-4:]:
            raise ValidationError(
                gettext("These are not the last 4 characters of the case key above.")
            )
        return typed


class BringIn(PlainForm):
    """The case key of a concern that its sender brings into their account."""

    case_key = forms.CharField(
        label=_("The case key of your concern"),
        help_text=_("16 letters and numbers in four groups. Capitals and dashes do not matter."),
        max_length=60,
        widget=forms.TextInput(
            {"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    confirm = forms.BooleanField(
        label=_("I sent this concern, and I want the triage officer to know my name"),
        error_messages={"required": _("Tick the box to confirm before you go on.")},
    )


class CaseKey(PlainForm):
    """The case key of a person who comes back."""

    case_key = forms.CharField(
        label=_("Your case key"),
        help_text=_("16 letters and numbers in four groups. Capitals and dashes do not matter."),
        max_length=60,
        widget=forms.TextInput(
            {"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
