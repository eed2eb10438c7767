"""Forms of two officers together: break-glass, and a new case key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from grievances.cases.actions.actor import Caller
from grievances.cases.actions.emergency import reason_of
from grievances.cases.guards import people
from grievances.cases.guards.triage import NEW_KEY_LASTS, NEW_KEY_WAIT
from grievances.cases.models.case import Case
from grievances.cases.models.emergency import live_emergency
from grievances.cases.models.records import Kind
from grievances.cases.step_names import StepName
from grievances.cases.steps.emergency import REASONED
from grievances.choices import EmergencyReason
from grievances.encryption.key_pairs import new_half
from grievances.intake import lost_case_key
from grievances.web.shared.fields import RadioList
from grievances.web.shared.step_form import Confirm, OwnWords, StepForm
from workflow.steps import Guard


class AskBreakGlass(StepForm):
    """A form with which the data-protection officer asks for emergency access."""

    steps = (StepName.ASK_BREAK_GLASS,)

    CODES = ("why",)
    NEEDED_BY = {"why": REASONED, "text": REASONED}
    is_grave = True
    intro = (
        "A casework lead has to agree in their own session. Then you can read this case for 24 "
        "hours, and the person who raised it is told at once. Every page you open is recorded."
    )
    why = forms.ChoiceField(
        label="Why does this case have to be opened?",
        choices=EmergencyReason.choices,
        widget=RadioList(),
    )
    text = OwnWords(
        label="What the casework lead needs to know",
        help_text="The casework lead reads this before they answer. It is kept with the case.",
        max_length=5_000,
    )


class AgreeBreakGlass(StepForm):
    """A form with which the casework lead agrees for 24 hours."""

    steps = (StepName.AGREE_BREAK_GLASS,)

    is_grave = True
    intro = (
        "You lend your half of the keys to the data-protection officer for 24 hours. The person "
        "who raised this is told at once. You do not get to read anything yourself."
    )
    button = "Agree for 24 hours"
    read = forms.BooleanField(label="I have read the reason and I agree")

    def fill(self) -> None:
        """Show the request and its reason to the lead."""
        self.fields["read"].help_text = asked_words(self)


class RefuseBreakGlass(Confirm):
    """A form with which the casework lead refuses emergency access."""

    steps = (StepName.REFUSE_BREAK_GLASS,)

    intro = "The case stays shut. The data-protection officer is told that you said no."


class EndBreakGlass(Confirm):
    """A form with which the data-protection officer ends the access early."""

    steps = (StepName.END_BREAK_GLASS,)

    intro = "You stop reading this case now. To read it again you have to ask again."


def asked_words(form: StepForm) -> str:
    """Return who asks and why, with the reason in words, for the lead who answers.

    It is empty when there is no open request.
    """
    row = live_emergency(form.case)
    if row is None:
        return ""
    words = reason_of(row, form.caller)
    return f"{row.asked_by.name} asks: {EmergencyReason(row.why).label}. {words}".strip()


class AskNewKey(StepForm):
    """A form on which the triage officer asks for a new case key."""

    steps = (StepName.ASK_NEW_KEY,)

    WORDS = {"text": Kind.REASON}
    NEEDED_BY = {"confirm": people.CONFIRMED}
    is_grave = True
    intro = (
        "This is for a person who has lost their case key, or whose key another person has. Find "
        "them yourself and speak with them. Do not use a number or an address that came with this "
        "concern. The casework lead speaks with them as well. Each of you gives them one half of "
        "the new key. The holder of the key in use is told now, and can stop it."
    )
    text = OwnWords(
        label="How did you make sure who the person is?",
        help_text="The casework lead reads this. Do not write down any part of a case key.",
        max_length=5_000,
    )
    confirm = forms.BooleanField(
        label="I found this person myself and spoke with them, and they asked for a new case key"
    )


class GivesHalf(StepForm):
    """What the two forms share that give the person half of the new key."""

    NEEDED_BY = {"confirm": people.CONFIRMED}
    is_grave = True
    shown_once = "raise/half_of_key.html"
    half = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def fill(self) -> None:
        """Make the half with the form, so that a second press sends the same one again."""
        self.fields["half"].initial = new_half()

    @classmethod
    def shown_after(
        cls, case: Case, caller: Caller, given: Mapping[str, str], *, is_first: bool
    ) -> Mapping[str, object]:
        """Return the half where it is the stored one, and the days of the wait."""
        half = given.get("half", "")
        is_stored = is_first or cls.is_stored(case, caller, half)
        return {
            "half": half if is_stored else "", "wait": NEW_KEY_WAIT, "lasts": NEW_KEY_LASTS,
        }  # fmt: skip

    @classmethod
    def is_stored(cls, case: Case, caller: Caller, half: str) -> bool:
        """Return whether a half that is sent again is the stored one.

        The second half is kept nowhere, so no one can tell.
        """
        return False


class AgreeNewKey(GivesHalf):
    """A form on which the casework lead agrees to a new case key."""

    steps = (StepName.AGREE_NEW_KEY,)

    intro = (
        "The triage officer asks for a new case key, because the person has lost theirs. How they "
        "made sure who it is, you read in the case under “What has been said”. Find the person "
        "yourself and speak with them before you agree: a colleague could be mistaken, or "
        "could have been deceived. Then you see the first half of the key, once. Tell it to the "
        "person and to no one else."
    )
    button = "Agree, and show the first half"
    confirm = forms.BooleanField(label="I found this person myself and spoke with them")

    @classmethod
    def is_stored(cls, case: Case, caller: Caller, half: str) -> bool:
        """Return whether the first half that is sent again is the stored one."""
        return lost_case_key.keeps(case, caller.person, half)


class GiveNewKey(GivesHalf):
    """A form on which the triage officer gives the new case key."""

    steps = (StepName.GIVE_NEW_KEY,)

    NEEDED_BY: ClassVar[dict[str, Guard]] = {}
    intro = (
        "The lost case key stops working now. Then you see the second half of the new one, once. "
        "Tell it to the person and to no one else. They have the first half from the casework "
        "lead. When they come back with both, they get a key that no one else has seen."
    )
    button = "Give the new key, and show the second half"


class RefuseNewKey(StepForm):
    """A form to stop a new case key."""

    steps = (StepName.REFUSE_NEW_KEY,)

    NEEDED_BY = {"confirm": people.CONFIRMED}
    intro = gettext_noop(
        "Someone told us that the case key of this concern is lost, and asked for a new one. If "
        "you have the key, or do not agree, stop it. Nothing else changes."
    )
    button = gettext_noop("Stop the new key")
    confirm = forms.BooleanField(label=_("I want to stop this new case key"))
