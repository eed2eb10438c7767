"""Forms for one entry of the staff directory.

Each gives the line that the entry would be in a file.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django import forms

from grievances.people.models import Unit
from grievances.staff_directory import keeping
from grievances.staff_directory.staff_file.rows import Held, StaffRow
from grievances.vocabulary import Certificate, Office
from grievances.web.shared.dates import GovDateField
from grievances.web.shared.fields import PlainForm, RadioList

OFFICES = [(office.value, office.label) for office in Office if office != Office.DIRECTORY]


class Search(PlainForm):
    """The name or user name of a person to find."""

    typed = forms.CharField(label="Name or user name", max_length=150)


class EntryForm(PlainForm):
    """A form about one entry.

    `title` is its heading and its link, `submit` its button.
    """

    title: ClassVar[str]
    submit: ClassVar[str] = "Save"

    def __init__(self, entry: keeping.Entry, *args: object, **options: object) -> None:
        self.entry = entry
        super().__init__(*args, **options)

    def row(self, today: date) -> StaffRow:
        """Return the entry as it would be in a file.

        Raises:
            NotImplementedError: In this base class.
        """
        raise NotImplementedError


class Details(EntryForm):
    """Name, address, unit and grade."""

    title = "Change name, unit or grade"
    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(label="Email address", required=False)
    unit = forms.CharField(
        label="Unit", max_length=100, help_text="Its code or its name, for example HULL."
    )
    grade = forms.IntegerField(label="Grade", min_value=1, max_value=999)

    def __init__(self, entry: keeping.Entry, *args: object, **options: object) -> None:
        person = entry.person
        options["initial"] = {
            "name": person.name,
            "email": person.email,
            "unit": person.unit.code if person.unit else "",
            "grade": person.grade,
        }
        super().__init__(entry, *args, **options)

    def row(self, today: date) -> StaffRow:
        """Return the entry with these details."""
        said = self.cleaned_data
        known = Unit.objects.filter(code__iexact=said["unit"]).first()
        unit = known.code if known else said["unit"]
        return self.entry.row._replace(
            name=said["name"], email=said["email"], unit=unit, grade=said["grade"]
        )


class LineManager(EntryForm):
    """The line manager; an empty answer ends the line."""

    title = "Change line manager"
    manager = forms.CharField(
        label="User name or full name of the line manager",
        max_length=150,
        required=False,
        help_text="Leave it empty if there is none. The former one stays a conflict for two years.",
    )
    begins = GovDateField(label="From which day", required=False, help_text="Empty means today.")

    def row(self, today: date) -> StaffRow:
        """Return the entry with this line manager."""
        said = self.cleaned_data
        return self.entry.row._replace(manager=said["manager"], manager_from=said["begins"])


class Leave(EntryForm):
    """A leaver: the account is closed and every part in a case ends."""

    title = "Close the account of a leaver"
    submit = "Close the account"
    sure = forms.BooleanField(label="This person has left. Close the account and end the offices.")

    def row(self, today: date) -> StaffRow:
        """Return the entry of a person who has left."""
        return self.entry.row._replace(left=today)


class Return(EntryForm):
    """A returner: the account is open again, without any office."""

    title = "Open the account again"
    submit = "Open the account"
    sure = forms.BooleanField(label="This person has come back. Open the account again.")

    def row(self, today: date) -> StaffRow:
        """Return the entry of a person who is here."""
        return self.entry.row


class Appoint(EntryForm):
    """An appointment to an office."""

    title = "Appoint to an office"
    submit = "Appoint"
    office = forms.ChoiceField(label="Office", choices=OFFICES, widget=RadioList())
    begins = GovDateField(label="First day", required=False, help_text="Empty means today.")
    ends = GovDateField(label="Last day", required=False, help_text="Empty means without an end.")

    def row(self, today: date) -> StaffRow:
        """Return the entry with this office."""
        said = self.cleaned_data
        return keeping.with_office(self.entry, Held(said["office"], said["begins"], said["ends"]))


class EndOffice(EntryForm):
    """An office that ends today."""

    title = "End an office"
    submit = "End the office"
    office = forms.ChoiceField(label="Which office ends now?", widget=RadioList())

    def __init__(self, entry: keeping.Entry, *args: object, **options: object) -> None:
        super().__init__(entry, *args, **options)
        held = {each.code for each in entry.offices}
        field = self.fields["office"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [each for each in OFFICES if each[0] in held]

    def row(self, today: date) -> StaffRow:
        """Return the entry without this office."""
        return keeping.without_office(self.entry, self.cleaned_data["office"])


class AddCertificate(EntryForm):
    """A certificate that was given or renewed."""

    title = "Add or renew a certificate"
    certificate = forms.ChoiceField(
        label="Certificate", choices=Certificate.choices, widget=RadioList()
    )
    begins = GovDateField(label="Issued on")
    ends = GovDateField(label="Valid until")

    def row(self, today: date) -> StaffRow:
        """Return the entry with this certificate."""
        said = self.cleaned_data
        held = Held(said["certificate"], said["begins"], said["ends"])
        return keeping.with_certificate(self.entry, held)

    def clean(self) -> dict[str, object]:
        """Refuse a certificate that ends before it begins.

        Returns:
            The cleaned answers.
        """
        said = self.cleaned_data
        begins, ends = said.get("begins"), said.get("ends")
        if begins and ends and ends < begins:
            self.add_error("ends", "The last day is before the first. Check both dates.")
        return said


CHANGES: dict[str, type[EntryForm]] = {
    "details": Details,
    "manager": LineManager,
    "appoint": Appoint,
    "end-office": EndOffice,
    "certificate": AddCertificate,
    "leave": Leave,
}
"""The part of the address -> the form, for a person who is here."""
RETURNS: dict[str, type[EntryForm]] = {"return": Return}
"""The same for a person who has left."""


class Upload(PlainForm):
    """A file of people, the day it was exported, and what it holds."""

    file = forms.FileField(label="The file of people (CSV, XLSX or ODS)")
    exported_on = GovDateField(label="When was it taken from the HR system?")
    part = forms.ChoiceField(
        label="Does the file have everyone?",
        choices=[
            ("all", "Yes. Anyone not in it has left"),
            ("some", "No. Anyone not in it stays as they are"),
        ],
        widget=RadioList(),
    )
