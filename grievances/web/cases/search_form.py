"""The form of a search in a person's own cases."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from grievances.web.shared.fields import PlainForm
from grievances.web.shared.step_form import LineOfWords

FEWEST = 3
"""Characters of the shortest search: one letter occurs in every case."""


class SearchWords(PlainForm):
    """The words to look for, and how far the last search came."""

    words = LineOfWords(
        label=_("Words to look for"),
        help_text=_(
            "We look for messages that have all of these words. At least 3 letters. Files are not "
            "searched."
        ),
        max_length=200,
    )
    after = forms.RegexField(
        r"RC-[0-9A-Z]{6}", widget=forms.HiddenInput, required=False, max_length=9
    )

    so_far = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=10_000_000
    )

    def clean_words(self) -> str:
        """Return the words.

        Raises:
            ValidationError: For fewer than `FEWEST` characters.
        """
        typed = str(self.cleaned_data["words"])
        if len(typed.replace(" ", "")) < FEWEST:
            raise forms.ValidationError(f"Write at least {FEWEST} letters or numbers.")
        return typed
