"""Forms of the private diary: an entry, and where entries are brought in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grievances.intake.diary_models import Entry
from grievances.web.intake.forms import OwnWords
from grievances.web.shared.dates import GovDateField
from grievances.web.shared.fields import CheckboxList, PlainForm, RadioList

PREVIEW_SIGNS = 60


class DiaryEntry(PlainForm):
    """One entry: its day and the text."""

    day = GovDateField(label=_("Which day is this about?"), help_text=_("For example, 27 3 2026."))
    text = OwnWords(
        label=_("In your own words"),
        rows=12,
        error_messages={"required": _("Write something, or go back to your diary.")},
    )

    def __init__(self, *args: object, today: date, **options: object) -> None:
        self.today = today
        super().__init__(*args, **options)

    def clean_day(self) -> date:
        """Return the day.

        Raises:
            ValidationError: For a day in the future.
        """
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise ValidationError(gettext("The day cannot be in the future."))
        return day


class BringIn(PlainForm):
    """Which entries are brought into which concern."""

    entries = forms.MultipleChoiceField(
        label=_("Which entries?"),
        widget=CheckboxList(),
        error_messages={"required": _("Choose at least one entry.")},
    )
    where = forms.ChoiceField(label=_("Where shall they go?"), widget=RadioList())

    def __init__(
        self,
        *args: object,
        entries: Iterable[Entry],
        places: Sequence[tuple[str, str]],
        **options: object,
    ) -> None:
        super().__init__(*args, **options)
        choices = {
            "entries": [
                (each.name, f"{date_format(each.day, 'j F Y')}: {preview(each)}")
                for each in entries
            ],
            "where": list(places),
        }
        for name, values in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = values
        self.fields["where"].initial = places[0][0]


def preview(entry: Entry) -> str:
    """Return the first words of an entry on one line."""
    line = " ".join(entry.text.split())
    return line if len(line) <= PREVIEW_SIGNS else line[:PREVIEW_SIGNS].rstrip() + "..."
