"""The form on which HR resets the limits of a control chart."""

from __future__ import annotations

from django import forms

from grievances.reports import limit_resets
from grievances.web.shared.fields import PlainForm, RadioList


class Rebasing(PlainForm):
    """Which chart to reset, from which month on, and why."""

    series = forms.ChoiceField(
        label="Which chart?", choices=list(limit_resets.SERIES.items()), widget=RadioList()
    )
    month = forms.ChoiceField(
        label="From which month on?",
        help_text="The first month after the change; only published months are here.",
    )
    reason = forms.ChoiceField(
        label="What changed?",
        help_text="This is shown below the chart.",
        choices=list(limit_resets.REASONS.items()),
        widget=RadioList(),
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        months = [(month.name, month.short) for month in limit_resets.months()]
        self.fields["month"].choices = [("", "Choose a month"), *months]  # type: ignore[attr-defined]
