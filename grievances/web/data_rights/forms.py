"""The form that adds a request to the register."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grievances.data_rights.models import RightsRequest
from grievances.web.shared.dates import GovDateField, refuse_future
from grievances.web.shared.fields import LongTextField, PlainForm, RadioList


class AddRequest(PlainForm):
    """A request that has come: what it asks for and on which day. It takes no name."""

    kind = forms.ChoiceField(
        label="What was asked for?", choices=RightsRequest.Kind.choices, widget=RadioList()
    )
    received_on = GovDateField(label="On which day did it come?")

    def __init__(self, *args: object, today: date, **options: object) -> None:
        self.today = today
        super().__init__(*args, **options)

    def clean_received_on(self) -> date:
        """Return the day; a day to come is refused in a sentence."""
        day: date = self.cleaned_data["received_on"]
        refuse_future([day], self.today)
        return day


class FileRequest(PlainForm):
    """What a person asks for, with their account: a copy, or a complaint."""

    kind = forms.ChoiceField(
        label=_("What do you want?"),
        choices=[
            (RightsRequest.Kind.ACCESS.value, _("A copy of everything you hold about me")),
            (RightsRequest.Kind.COMPLAINT.value, _("To complain about how my data was used")),
        ],
        widget=RadioList(),
    )
    text = LongTextField(
        label=_("Tell us more, if you like"),
        help_text=_("For a copy: the years or the subject. For a complaint: what went wrong."),
        required=False,
        max_length=4_000,
    )

    def clean(self) -> dict[str, object]:
        """Return the answers; a complaint needs its words."""
        cleaned = super().clean() or self.cleaned_data
        is_complaint = cleaned.get("kind") == RightsRequest.Kind.COMPLAINT
        if is_complaint and not str(cleaned.get("text") or "").strip():
            self.add_error("text", gettext("Tell us what went wrong, in your own words."))
        return cleaned
