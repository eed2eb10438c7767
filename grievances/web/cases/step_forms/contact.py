"""The fields on how a person may be contacted: a way, and the address for it."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grievances.vocabulary import Contact
from grievances.web.shared.fields import PlainForm, RadioList


class WayOfContact(PlainForm):
    """A part of a form: how a person may be contacted, at first on this site."""

    contact = forms.ChoiceField(
        label=_("Choose one way"),
        choices=Contact.choices,
        initial=Contact.PORTAL.value,
        widget=RadioList(
            hints={
                Contact.PORTAL.value: _("We send nothing. You look here when you want to."),
                Contact.WORK_EMAIL.value: _(
                    "Other people at work may be able to see your work email, for example on a "
                    "shared screen or in the IT team."
                ),
            }
        ),
    )
    address = forms.CharField(
        label=_("The email address or phone number for this"),
        help_text=_("Leave it empty if you chose only this site."),
        required=False,
        max_length=254,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """Return the answers; require an address that fits the chosen way."""
        cleaned = super().clean() or self.cleaned_data
        mistake = self._mistake(cleaned.get("contact"), cleaned.get("address", "").strip())
        if mistake:
            self.add_error("address", mistake)
        return cleaned

    @staticmethod
    def _mistake(contact: str | None, address: str) -> str:
        if contact in {Contact.PERSONAL_EMAIL, Contact.WORK_EMAIL}:
            try:
                validate_email(address)
            except ValidationError:
                return gettext("Enter an email address, such as name@example.com.")
        if contact == Contact.PHONE and len(re.findall(r"\d", address)) < 7:
            return gettext("Enter a phone number, such as 07700 900982.")
        return ""
