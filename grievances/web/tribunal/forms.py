"""What a complainant may ask about their tribunal dates, and the days they add."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grievances.deadlines.own_days import MOST_DAYS
from grievances.web.shared.dates import DaysField, GovDateField, refuse_future
from grievances.web.shared.fields import PlainForm


class Conciliation(PlainForm):
    """The two days of early conciliation (domain.md 6.6)."""

    what = forms.CharField(widget=forms.HiddenInput, initial="conciliation", required=False)
    day_a = GovDateField(label=_("On which day did you ask for early conciliation?"))
    day_b = GovDateField(label=_("On which day did the certificate come?"))

    def clean(self) -> dict[str, object]:
        """Return the answers; refuse a certificate before the request."""
        answers = super().clean() or self.cleaned_data
        first, last = answers.get("day_a"), answers.get("day_b")
        if first and last and last < first:
            self.add_error(
                "day_b",
                gettext("The certificate cannot come before you asked for early conciliation."),
            )
        return answers


class AddDays(PlainForm):
    """Days on which something happened, to be added."""

    what = forms.CharField(widget=forms.HiddenInput, initial="add", required=False)
    days = DaysField(
        label=_("Add days on which something happened"),
        help_text=_("One day a line, for example 5 October 2026. Only you can see these days."),
        most=MOST_DAYS,
        error_messages={"required": _("Give at least one day, such as 5 October 2026.")},
    )

    def __init__(self, *args: object, today: date, kept: Sequence[date], **options: object) -> None:
        self.today, self.kept = today, kept
        super().__init__(*args, **options)

    def clean_days(self) -> list[date]:
        """Return the days to keep, old and new.

        Raises:
            ValidationError: For a day in the future, or for too many days.
        """
        days: list[date] = self.cleaned_data["days"]
        refuse_future(days, self.today)
        kept = sorted({*self.kept, *days})
        if len(kept) > MOST_DAYS:
            raise ValidationError(
                gettext(
                    "You can keep up to {most_days} days. Take away a day that you do not need."
                ).format(most_days=MOST_DAYS)
            )
        return kept
