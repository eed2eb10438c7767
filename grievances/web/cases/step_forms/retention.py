"""Forms for keeping and erasing, which two people must agree on (T37, N75-N78)."""

from __future__ import annotations

from django import forms

from grievances.cases.models.answers import Approval
from grievances.cases.step_names import StepName
from grievances.people.models import accounts_of_one
from grievances.policy.clock_names import ClockName
from grievances.policy.profiles import zone
from grievances.vocabulary import Keep, KeepReason
from grievances.web.shared.fields import RadioList
from grievances.web.shared.step_form import YES_NO, Confirm, StepForm

FITTING = {
    Keep.ERASE.value: (KeepReason.TIME_OVER,),
    Keep.HOLD.value: (
        KeepReason.TRIBUNAL,
        KeepReason.COURT,
        KeepReason.REGULATOR,
        KeepReason.POLICE,
    ),
    Keep.LIFT.value: (KeepReason.NOT_NEEDED,),
}
"""The reasons that are allowed for each request."""


class AskKeeping(StepForm):
    """A form to ask the casework lead for an erasure or a legal hold."""

    steps = (StepName.ASK_KEEPING,)

    CODES = ("step", "reason")
    intro = (
        "The casework lead says yes or no, and a yes serves once. Nothing is written in words: "
        "the reason is kept as a code, which outlives the case."
    )
    button = "Ask the casework lead"
    step = forms.ChoiceField(label="What do you ask for?", widget=RadioList())
    reason = forms.ChoiceField(label="Why?", choices=KeepReason.choices, widget=RadioList())

    def fill(self) -> None:
        """Offer what is possible for this case today."""
        erasable = self.case.archived_on is not None and self.case.erased_on is None
        due = erasable and self.case.has_lapsed(ClockName.RETENTION, self.today)
        possible = {
            Keep.ERASE: due and not self.case.legal_hold,
            Keep.HOLD: not self.case.legal_hold,
            Keep.LIFT: self.case.legal_hold,
        }
        self.choice_field("step").choices = [
            (what.value, what.label) for what, can in possible.items() if can
        ]

    def clean(self) -> dict[str, object]:
        """Return the answers; refuse a reason that does not fit the request."""
        answers = super().clean() or self.cleaned_data
        step, reason = answers.get("step"), answers.get("reason")
        if step and reason and reason not in FITTING[step]:
            labels = ", ".join(str(fitting.label) for fitting in FITTING[step])
            self.add_error("reason", f"Choose a reason that fits what you ask for: {labels}")
        return answers


class AnswerKeeping(StepForm):
    """A form to approve or refuse a retention request of another person."""

    steps = (StepName.ANSWER_KEEPING,)

    CODES = ("approval", "answer")
    intro = (
        "Two people decide this: you can only answer what someone else has asked for. You do not "
        "see the case for it, and do not need to: look at the date and the reason."
    )
    button = "Answer"
    approval = forms.ChoiceField(label="Which request?", widget=RadioList())
    answer = forms.ChoiceField(label="Do you agree?", choices=YES_NO, widget=RadioList())

    def fill(self) -> None:
        """Offer the open retention requests of other people."""
        rows = Approval.objects.filter(case=self.case, answered_at__isnull=True)
        rows = rows.filter(step__in=Keep.values).exclude(
            asked_by__in=accounts_of_one(self.caller.person)
        )
        self.choice_field("approval").choices = [
            (
                str(row.pk),
                f"{Keep(row.step).label}: {row.get_reason_display().lower()}. "
                f"Asked on {row.asked_at.astimezone(zone()):%-d %B %Y}",
            )
            for row in rows.order_by("pk")
        ]


class SetLegalHold(Confirm):
    """A form to set a legal hold."""

    steps = (StepName.SET_LEGAL_HOLD,)

    intro = (
        "From now on nothing of this case is archived or erased, until two people lift the hold."
    )


class LiftLegalHold(Confirm):
    """A form to lift a legal hold."""

    steps = (StepName.LIFT_LEGAL_HOLD,)

    is_grave = True
    intro = "The time this case is kept counts again, from the day it was closed."


class Erase(Confirm):
    """A form to erase a case."""

    steps = (StepName.ERASE,)

    is_grave = True
    button = "Erase this case for good"
    intro = (
        "The keys are destroyed first, then every word, file, name and notice of this case. "
        "No one can bring them back. The coded record stays for the statistics, and a certificate "
        "says what was looked into."
    )
