"""Forms of those who leave a case.

They step back, replace the handler, hand over, or talk about it.
"""

from __future__ import annotations

from django import forms

from grievances.cases.guards import holds
from grievances.cases.models.records import Kind
from grievances.cases.step_names import StepName
from grievances.choices import HandlerChange
from grievances.web.shared.fields import RadioList
from grievances.web.shared.step_form import Confirm, OwnWords, StepForm


class Recuse(StepForm):
    """A form with which a person steps back from the case."""

    steps = (StepName.RECUSE,)

    WORDS = {"reason": Kind.REASON, "handover": Kind.HANDOVER}
    is_grave = True
    intro = (
        "Step back when you have a connection with anyone named, or cannot go on. The case leaves "
        "your sight at once, and the casework lead finds someone else."
    )
    reason = OwnWords(
        label="Your reason",
        help_text="Read by the casework lead and the people who work on the case.",
        required=False,
        max_length=2_000,
    )
    handover = OwnWords(
        label="Hand-over note: where is the work, and what was promised to whom?",
        help_text="Leave it empty when you have a connection with someone named. The casework lead "
        "then states what is missing, before anyone goes on.",
        required=False,
        max_length=5_000,
    )


class ChangeHandler(StepForm):
    """A form to replace the handler."""

    steps = (StepName.CHANGE_HANDLER,)

    WORDS = {"handover": Kind.HANDOVER}
    CODES = ("reason",)
    NEEDED_BY = {"reason": holds.CHANGE_REASON}
    is_grave = True
    intro = (
        "The handler loses the case at once and another is asked. The date for the investigation "
        "runs on: the complainant does not pay for the change."
    )
    reason = forms.ChoiceField(label="Why?", choices=HandlerChange.choices, widget=RadioList())
    handover = OwnWords(
        label="Hand-over note: what is done, what was promised, and what is not known",
        help_text="The next handler reads it. Without it the investigation cannot begin again: you "
        "can also write it later.",
        required=False,
    )


class WriteHandover(StepForm):
    """A form to write a hand-over note."""

    steps = (StepName.WRITE_HANDOVER,)

    WORDS = {"text": Kind.HANDOVER}
    intro = (
        "Write it before leave, before you step back, or when your certificate ends. Those who "
        "go on with the case read it. When the person has left without one, the casework lead "
        "writes what is known and what is missing. The complainant does not read it and is told "
        "that the work was handed over."
    )
    button = "Keep the note"
    text = OwnWords(
        label="Where is the work, what was promised to whom, and what comes next?",
        max_length=5_000,
    )


class AskDebrief(Confirm):
    """A form with which a person asks for a debrief."""

    steps = (StepName.ASK_DEBRIEF,)

    intro = (
        "These cases stay with people. The casework lead is told that you ask for a talk about "
        "it, and offers you a time. It says nothing about how you did your work."
    )
