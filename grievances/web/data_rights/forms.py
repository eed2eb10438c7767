"""The form that adds a request to the register."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from grievances.data_rights.models import RightsRequest
from grievances.web.shared.fields import GovDateField, PlainForm, RadioList, refuse_future


class AddRequest(PlainForm):
    """A request that has come: what it asks for and on which day. It takes no name."""

    kind = forms.ChoiceField(
        label="What was asked for?", choices=RightsRequest.Kind.choices, widget=RadioList()
    )
    received_on = GovDateField(label="On which day did it come?")

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        self.today = today
        super().__init__(*args, **options)

    def clean_received_on(self) -> date:
        """Return the day; a day to come is refused in a sentence."""
        day: date = self.cleaned_data["received_on"]
        refuse_future([day], self.today)
        return day
