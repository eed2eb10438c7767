"""The form on which HR begins the limits of a chart of variation anew."""

from __future__ import annotations

from typing import Any

from django import forms

from grievances.forms.fields import PlainForm, RadioList
from grievances.reports import rebasing


class Rebasing(PlainForm):
    """Which chart, from which month on, and why."""

    series = forms.ChoiceField(
        label="Which chart?", choices=list(rebasing.SERIES.items()), widget=RadioList()
    )
    month = forms.ChoiceField(
        label="From which month on?",
        help_text="The first month after the change; only published months are here.",
    )
    reason = forms.ChoiceField(
        label="What changed?",
        help_text="This stands below the chart.",
        choices=list(rebasing.REASONS.items()),
        widget=RadioList(),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        months = [(month.name, month.short) for month in rebasing.months()]
        self.fields["month"].choices = [("", "Choose a month"), *months]  # type: ignore[attr-defined]
