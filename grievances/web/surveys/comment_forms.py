"""The form with which two people prepare one survey comment for print."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from grievances.surveys.comments import MARKS
from grievances.web.shared.fields import LongTextField, PlainForm, RadioList

AGREE, PRINT, LEAVE_OUT = "agree", "print", "leave_out"
CHOICES = (
    (AGREE, "I agree with what the other person chose"),
    (PRINT, "Print it as it is in the box"),
    (LEAVE_OUT, "Leave the whole of it out"),
)
HINTS = {
    PRINT: "Someone else has to agree to these words.",
    LEAVE_OUT: "Where even the story itself would show who it is. Someone else has to agree.",
}
LONGEST = 10_000


class PrepareRemark(PlainForm):
    """How a comment would be printed; `turn` is the version that was read.

    People cannot agree with a wording that does not exist, nor with their own.
    """

    turn = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    wording = LongTextField(
        label="How it would be printed",
        required=False,
        max_length=LONGEST,
        help_text=(
            f"Put a mark in the place of every name, place, date, job, or anything else from "
            f"which a person at work could tell who is meant: {', '.join(MARKS)}. Change nothing "
            f"else."
        ),
    )
    answer = forms.ChoiceField(
        label="What should happen with it?", choices=CHOICES, widget=RadioList(hints=HINTS)
    )

    def __init__(self, *args: object, may_agree: bool, **options: object) -> None:
        super().__init__(*args, **options)
        choices = CHOICES if may_agree else CHOICES[1:]
        self.fields["answer"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        """Return the answers.

        Raises:
            ValidationError: For printing without a wording.
        """
        said = super().clean() or {}
        if said.get("answer") == PRINT and not said.get("wording"):
            raise ValidationError("Write how it would be printed, or leave the whole of it out.")
        return said


class PrintComments(PlainForm):
    """Which quarter or year to print."""

    period = forms.SlugField(widget=forms.HiddenInput, max_length=7)
