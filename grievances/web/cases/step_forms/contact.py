"""The fields on how a person may be contacted: a way, and the address for it."""

from __future__ import annotations

import re
import unicodedata

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grievances.vocabulary import Contact
from grievances.web.shared.fields import PlainForm, RadioList

LEAST_DIGITS = 7


class WayOfContact(PlainForm):
    """A part of a form: how a person may be contacted, at first on this site."""

    contact = forms.ChoiceField(
        label=_("Choose one way"),
        choices=Contact.choices,
        initial=Contact.PORTAL.value,
        widget=RadioList(
            hints={
                Contact.PORTAL.value: _("We send nothing. You look here when you want to."),
                Contact.TEXT.value: _(
                    "It only says that there is something to read here. None is sent at night."
                ),
                Contact.WORK_EMAIL.value: (
                    _(
                        "Other people at work may be able to see your work email, for example on a "
                        "shared screen or in the IT team."
                    )
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

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        if not settings.NOTIFY_TEXT_TEMPLATE:
            ways = [each for each in Contact.choices if each[0] != Contact.TEXT]
            self.fields["contact"].choices = ways  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        """Return the answers; require an address that fits the chosen way.

        A number for text messages is kept in its international form.
        """
        cleaned = super().clean() or self.cleaned_data
        contact, address = cleaned.get("contact"), without_wrapping(cleaned.get("address", ""))
        cleaned["address"] = "" if contact == Contact.PORTAL else address
        mistake = mistake_in(contact, address)
        if mistake:
            self.add_error("address", mistake)
        elif contact == Contact.TEXT:
            cleaned["address"] = mobile_number(address)
        return cleaned

    def remark(self) -> str:
        """Return that an address is not kept, where one was typed and none is used."""
        typed = self.data.get(self.add_prefix("address"), "")
        return about_address(str(self.cleaned_data.get("contact")), typed)


def about_address(contact: str, typed: str) -> str:
    """Return that a typed address is not kept, where only this site was chosen, or ""."""
    if contact != Contact.PORTAL or not typed.strip():
        return ""
    return gettext(
        "You chose only this site, so we did not keep the address that you typed. To use it, "
        "choose another way."
    )


def without_wrapping(typed: str) -> str:
    """Return an address without what programs and keyboards put around it.

    That is "mailto:", pointed brackets, and spaces beside the "@". A word after a space is never
    joined to the address: it would be that of someone else.
    """
    address = typed.strip()
    if address.count("@") != 1:
        return address
    address = re.sub(r"(?i)^(?:mailto:|<)\s*|\s*>$", "", address)
    return re.sub(r"\s*@\s*", "@", address)


def mistake_in(contact: str | None, address: str) -> str:
    """Return in one sentence what is wrong with an address, or "".

    It depends on the way of contact.
    """
    is_mail = "@" in address
    if contact in {Contact.PERSONAL_EMAIL, Contact.WORK_EMAIL}:
        if not is_mail and is_number(address):
            return gettext("This is a phone number. Enter an email address, or choose a phone.")
        if re.search(r"@[^@]+@|@.*\s.*\d{4}", address):
            return gettext("Enter an email address, and only one. Tell us others in a message.")
        try:
            validate_email(address)
        except ValidationError:
            return gettext("Enter an email address, such as name@example.com.")
    if contact in {Contact.PHONE, Contact.TEXT} and is_mail:
        return gettext("This is an email address. Enter a phone number, or choose an email.")
    if contact == Contact.PHONE and (not is_number(address) or re.search(r"\d{16}", address)):
        return gettext("Enter a phone number, such as 07700 900982.")
    if contact == Contact.TEXT and not mobile_number(address):
        return gettext("Enter the number of a mobile phone, such as 07700 900982.")
    return ""


def is_number(text: str) -> bool:
    """Return whether a text is a telephone number, with words beside it or not."""
    return len(re.findall(r"\d", text)) >= LEAST_DIGITS


def mobile_number(typed: str) -> str:
    """Return a mobile number in international form, "" for what is none.

    A number without a country is one of the United Kingdom. Spaces, brackets, dots and dashes do
    not matter, and neither do digits of another width.
    """
    text = unicodedata.normalize("NFKC", typed).replace("(0)", "")
    text = re.sub(r"[\s().\-\u2010-\u2015/]", "", text)
    text = re.sub(r"^00", "+", text)
    if re.fullmatch(r"0?7[0-9]{9}", text):
        return f"+44{text[-10:]}"
    if text.startswith("+44"):
        number = text.removeprefix("+44").removeprefix("0")
        return f"+44{number}" if re.fullmatch(r"7[0-9]{9}", number) else ""
    return text if re.fullmatch(r"\+[1-9][0-9]{7,14}", text) else ""
