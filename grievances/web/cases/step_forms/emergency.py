"""Forms of break-glass: two officers open a case for a day (N70 to N73)."""

from __future__ import annotations

from django import forms

from grievances.cases.actions.emergency import reason_of
from grievances.cases.models.emergency import live_emergency
from grievances.cases.step_names import StepName
from grievances.cases.steps.emergency import REASONED
from grievances.choices import EmergencyReason
from grievances.web.shared.fields import RadioList
from grievances.web.shared.step_form import Confirm, OwnWords, StepForm


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
