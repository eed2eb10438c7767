"""What a complainant may ask about their tribunal dates; none of it is kept."""

from __future__ import annotations

from typing import Any

from django import forms

from grievances.web.shared.fields import GovDateField, PlainForm


class Conciliation(PlainForm):
    """The two days of early conciliation (domain.md 6.6)."""

    what = forms.CharField(widget=forms.HiddenInput, initial="conciliation", required=False)
    day_a = GovDateField(label="On which day did you ask for early conciliation?")
    day_b = GovDateField(label="On which day did the certificate come?")

    def clean(self) -> dict[str, Any]:
        """Return the answers; refuse a certificate before the request."""
        answers = super().clean() or self.cleaned_data
        first, last = answers.get("day_a"), answers.get("day_b")
        if first and last and last < first:
            self.add_error(
                "day_b", "The certificate cannot come before you asked for early conciliation."
            )
        return answers
