"""Forms of people who are heard, and of companions, on pages of their own."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from grievances.choices import CompanionKind
from grievances.web.shared.fields import PlainForm, RadioList
from grievances.web.shared.step_form import OwnWords

OWN_KEY_SIGNS = 16


class Statement(PlainForm):
    """The answer of a respondent or a witness."""

    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    text = OwnWords(
        label=_("Your answer"),
        help_text=_("In your own words. You can add to it later, until the report is written."),
    )


class CompanionMessage(PlainForm):
    """A message of a companion to the complainant and the officers."""

    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    text = OwnWords(
        label=_("Your message"),
        help_text=_("The person you accompany and the officers who work on this read it."),
        max_length=5_000,
    )


class TakeUp(PlainForm):
    """The declaration of a person who takes up an invitation as a companion."""

    kind = forms.ChoiceField(
        label=_("You come as"), choices=CompanionKind.choices, widget=RadioList()
    )
    confidential = forms.BooleanField(
        label=_("I keep what I read here to myself and to the person I accompany")
    )
    own_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)


class CompanionKey(PlainForm):
    """The key of a companion who comes back."""

    own_key = forms.CharField(
        label=_("Your companion key"),
        help_text=_("16 letters and numbers in four groups. Capitals and dashes do not matter."),
        max_length=60,
        widget=forms.TextInput(
            {"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
