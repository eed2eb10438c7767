"""The form on which an officer types what a person says.

The answer of the person it is for is here too.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grievances.choices import CameBy, RaisedFor
from grievances.vocabulary import Contact
from grievances.web.cases.step_forms.contact import mistake_in, mobile_number
from grievances.web.intake.forms import (
    About,
    KeepAway,
    OwnWords,
    Question,
    WhatHappened,
    WhatWouldHelp,
    When,
    Where,
)
from grievances.web.intake.whose import Whose
from grievances.web.shared.fields import PlainForm, RadioList
from workflow.json_values import JsonMapping, JsonObject

WAYS = [(each.value, each.label) for each in CameBy if each is not CameBy.WEB]


class CameIn(Question):
    """The part of the form that says how it came."""

    came_by = forms.ChoiceField(
        label=_("How does it reach you?"),
        choices=WAYS,
        widget=RadioList(),
        error_messages={"required": _("Choose how it reaches you.")},
    )


WHOSE = {
    RaisedFor.SELF.value: _("To the person who tells it"),
    RaisedFor.WITNESSED.value: _("To someone else: they saw it or heard it"),
    RaisedFor.ASKED.value: _("To someone who asked them to tell us"),
}
"""To whom it happened, in the words of the officer who types it."""


class TakenDown(CameIn, WhatHappened, When, About, KeepAway, WhatWouldHelp, Where, Whose):
    """What an officer types, in the words of the person who speaks or writes."""

    account = OwnWords(
        label=_("What happened, in their own words"),
        rows=14,
        error_messages={"required": _("Type what happened, in their own words.")},
    )
    when = OwnWords(
        label=_("When it happened, in their own words"),
        required=False,
        max_length=2_000,
        rows=3,
    )
    raised_for = forms.ChoiceField(
        label=_("Who did it happen to?"),
        choices=[*WHOSE.items()],
        initial=RaisedFor.SELF.value,
        required=False,
        widget=RadioList(),
    )
    affected = forms.CharField(
        label=_("The name of the other person, if it happened to someone else"),
        help_text=_("A full name or a user name. We keep their managers away from this."),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    agreed = forms.BooleanField(
        label=_("The other person asked for it, and agrees"),
        required=False,
    )
    text_to = forms.CharField(
        label=_("Mobile number, if they want a text message"),
        help_text=_(
            "Ask if other people read their phone. The message only says that we have received "
            "something, and how to come back here. We do not keep the number."
        ),
        required=False,
        max_length=40,
        widget=forms.TextInput({"type": "tel", "autocomplete": "off", "spellcheck": "false"}),
    )
    heading = why = ""  # the page has its own
    field_order = (
        *("came_by", "account", "raised_for", "affected", "agreed", "about", "decided", "exclude"),
        *("when", "last_day", "days", "help", "region", "text_to"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not settings.NOTIFY_TEXT_TEMPLATE:
            del self.fields["text_to"]

    def clean_text_to(self) -> str:
        """Return the number in international form.

        Raises:
            ValidationError: For what is no mobile number.
        """
        typed = str(self.cleaned_data["text_to"]).strip()
        mistake = mistake_in(Contact.TEXT, typed) if typed else ""
        if mistake:
            raise ValidationError(mistake)
        return mobile_number(typed) if typed else ""

    def answers(self) -> JsonObject:
        """Return the answers of all parts; the number is no part of the concern."""
        given = {**self.cleaned_data, **When.answers(self), **Whose.answers(self)}
        given.pop("text_to", None)
        return given


class ReadBack(PlainForm):
    """The officer's word that it is what the person said."""

    read_back = forms.BooleanField(
        label=_("I read all of it to them, and they agree that it is right"),
        error_messages={"required": _("Read it to them first. Then tick the box.")},
    )


class Compared(PlainForm):
    """The officer's word that it is what the letter says."""

    read_back = forms.BooleanField(
        label=_("I compared it with the letter, word by word"),
        error_messages={"required": _("Compare it with the letter first. Then tick the box.")},
    )


def check_of(came_by: str) -> type[PlainForm]:
    """Return the form on which the officer says how they checked the words."""
    return Compared if came_by == CameBy.LETTER else ReadBack


class Answer(PlainForm):
    """The answer of a person for whom another person raised a concern."""

    answer = forms.ChoiceField(
        label=_("What do you want us to do?"),
        choices=[
            ("confirm", _("Go on: it happened to me, and I want you to look into it")),
            ("refuse", _("Close it: I do not want you to look into it")),
        ],
        widget=RadioList(
            hints={
                "confirm": _(
                    "It comes into your account. The triage officer then knows your name, and no "
                    "one else without your word."
                ),
                "refuse": _("We do nothing more, and we do not ask why."),
            }
        ),
        error_messages={"required": _("Choose one of the two.")},
    )


def whose_it_is(answers: JsonMapping) -> str:
    """Return to whom it happened, as an officer reads it: "me" would be theirs."""
    raised_for = str(answers.get("raised_for") or RaisedFor.SELF.value)
    agreed = [gettext("The other person asked for it, and agrees")]
    named = [str(answers["affected"])] if answers.get("affected") else []
    return "\n".join(
        [str(WHOSE[raised_for]), *named, *(agreed if raised_for == RaisedFor.ASKED else [])]
    )
