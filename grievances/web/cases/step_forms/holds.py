"""Forms to pause, move dates, withdraw and reopen (T27-T38, N10, N27)."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from grievances.cases.actions import clocks
from grievances.cases.guards import holds
from grievances.cases.models.records import Kind
from grievances.cases.step_names import StepName
from grievances.choices import DelayReason, ReopenReason
from grievances.deadlines import recompute
from grievances.policy import profiles
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import HoldReason, Pressure
from grievances.web.shared.dates import GovDateField
from grievances.web.shared.fields import RadioList
from grievances.web.shared.step_form import YES_NO, Confirm, OwnWords, StepForm

TRIBUNAL = gettext_noop("A pause here does not pause the time limit for a tribunal.")

LONGEST_LOOK = timedelta(days=60)
"""The latest review day that a calendar is asked about.

Beyond it no review day can be right.
"""


class Hold(StepForm):
    """A form to pause a case until a review day."""

    steps = (StepName.HOLD,)

    WORDS = {"explanation": Kind.EXPLANATION}
    CODES = ("reason", "review_on")
    NEEDED_BY = {"reason": holds.PAUSING_REASON, "explanation": holds.EXPLAINED}
    warning = TRIBUNAL
    has_preview = True
    preview_needs = "review_on"
    preview_heading = "If you pause now until that day, these dates change"
    intro = (
        "A pause stops the dates of the work. Our own delays, such as leave or workload, never "
        "pause a case. Look at what becomes of the dates before you pause."
    )
    reason = forms.ChoiceField(
        label="Why is it paused?", choices=HoldReason.choices, widget=RadioList()
    )
    review_on = GovDateField(
        label="On which day will you look at it again?",
        help_text="Within 20 working days. More than 10 needs the casework lead's approval first.",
    )
    explanation = OwnWords(
        label="Tell the complainant why, in plain words",
        help_text="They read exactly what you write here.",
        max_length=5_000,
    )

    def clean_review_on(self) -> date | None:
        """Return the review day; refuse one that is too far away."""
        return near(self.cleaned_data["review_on"], self.today)

    def preview(self) -> list[tuple[str, date, date]]:
        """Return the dates that the pause would move."""
        return clocks.preview_pause(self.case, self.today, self.cleaned_data["review_on"])


class RenewHold(StepForm):
    """A form to lengthen a pause."""

    steps = (StepName.RENEW_HOLD,)

    WORDS = {"explanation": Kind.EXPLANATION, "complainant_view": Kind.REASON}
    CODES = ("review_on",)
    NEEDED_BY = {"explanation": holds.EXPLAINED, "complainant_view": holds.VIEW_RECORDED}
    warning = TRIBUNAL
    intro = "Ask the complainant first. They read your explanation before the pause goes on."
    review_on = GovDateField(
        label="On which day will it be looked at again?", help_text="Within 20 working days."
    )
    complainant_view = OwnWords(
        label="What does the complainant think of a longer pause?", max_length=5_000
    )
    explanation = OwnWords(label="Tell the complainant why, in plain words", max_length=5_000)

    def clean_review_on(self) -> date | None:
        """Return the review day; refuse one that is too far away."""
        return near(self.cleaned_data["review_on"], self.today)


class Resume(Confirm):
    """A form to end a pause."""

    steps = (StepName.RESUME,)

    intro = gettext_noop(
        "The work goes on today, and each date moves on by the length of the pause."
    )


class ExplainDelay(StepForm):
    """A form to tell the complainant why something is late and when it will come."""

    steps = (StepName.EXPLAIN_DELAY,)

    WORDS = {"explanation": Kind.EXPLANATION}
    CODES = ("clock", "reason", "expected_on")
    NEEDED_BY = {
        "clock": holds.LATE,
        "reason": holds.DELAY_REASON,
        "expected_on": holds.EXPECTED,
        "explanation": holds.EXTENSION_EXPLAINED,
    }
    intro = (
        "The complainant reads the reason, the new day and what you write. What is late stays "
        "late: a reason does not move the date."
    )
    clock = forms.ChoiceField(label="What is late?", widget=RadioList())
    reason = forms.ChoiceField(
        label="Why is it late?", choices=DelayReason.choices, widget=RadioList()
    )
    expected_on = GovDateField(label="By which day will it be done?")
    explanation = OwnWords(label="Tell the complainant why, in plain words", max_length=5_000)

    def fill(self) -> None:
        """Offer the promises that are late today."""
        rows = self.case.deadlines.filter(
            name__in=profiles.PROMISES,
            completed_on__isnull=True,
            paused_on__isnull=True,
            current_due__lt=self.today,
        )
        self.choice_field("clock").choices = [
            (row.name, f"{profiles.CLOCKS[row.name]}, due by {row.current_due:%-d %B %Y}")
            for row in rows.order_by("current_due")
        ]

    def words(self) -> tuple[tuple[Kind, str], ...]:
        """Return the explanation, with the date and the reason before it.

        So the date and the reason are always given.
        """
        answers = self.cleaned_data
        what = profiles.CLOCKS[answers["clock"]]
        said = (
            f"{what}: this is late. We now expect it by {answers['expected_on']:%-d %B %Y}. "
            f"{DelayReason(answers['reason']).label}.\n\n{answers['explanation']}"
        )
        return ((Kind.EXPLANATION, said),)


class MovePolicy(StepForm):
    """A form to move a case to a newer policy version."""

    steps = (StepName.MOVE_POLICY,)

    WORDS = {"explanation": Kind.EXPLANATION}
    CODES = ("version",)
    NEEDED_BY = {"version": holds.VERSION, "explanation": holds.EXTENSION_EXPLAINED}
    has_preview = True
    preview_needs = "version"
    preview_heading = "Under this version, these dates change"
    intro = (
        "The case leaves the policy it began under. A date can only become later: one that the "
        "newer policy would bring forward stays as it was promised. The complainant is told."
    )
    version = forms.TypedChoiceField(label="To which version?", coerce=int, widget=RadioList())
    explanation = OwnWords(label="Tell the complainant why, in plain words", max_length=5_000)

    def fill(self) -> None:
        """Offer the newer versions."""
        rows = profiles.newer_than(self.case.profile_id, self.today)
        self.choice_field("version").choices = [
            (
                str(row.version),
                f"Version {row.version}, for cases from {row.effective_from:%-d %B %Y}",
            )
            for row in rows
        ]

    def preview(self) -> list[tuple[str, date, date]]:
        """Return the dates that the newer version would move."""
        rows = profiles.newer_than(self.case.profile_id, self.today)
        row = rows.get(version=self.cleaned_data["version"])
        return recompute.preview_policy(self.case, row, self.today)


class Extend(StepForm):
    """A form to move a date that has not passed."""

    steps = (StepName.EXTEND,)

    WORDS = {"explanation": Kind.EXPLANATION}
    CODES = ("clock", "days")
    NEEDED_BY = {"explanation": holds.EXTENSION_EXPLAINED}
    intro = (
        "A date can be moved only before it has passed, and the complainant is told why. The first "
        "date stays on record."
    )
    clock = forms.ChoiceField(label="Which date moves?", widget=RadioList())
    days = forms.IntegerField(
        label="By how many working days?",
        min_value=1,
        max_value=40,
        widget=forms.TextInput({"class": "govuk-input--width-2", "inputmode": "numeric"}),
        error_messages={
            "invalid": "Give a whole number of working days, such as 5.",
            "min_value": "Give at least 1 working day.",
            "max_value": "A date can be moved by at most 40 working days at a time.",
        },
    )
    explanation = OwnWords(label="Tell the complainant why, in plain words", max_length=5_000)

    def fill(self) -> None:
        """Offer the dates that are today or later."""
        rows = self.case.deadlines.filter(
            name__in=profiles.PAUSABLE - {ClockName.OFFER},
            completed_on__isnull=True,
            current_due__gte=self.today,
        )
        self.choice_field("clock").choices = [
            (row.name, f"{profiles.CLOCKS[row.name]}, now {row.current_due:%-d %B %Y}")
            for row in rows.order_by("current_due")
        ]


class AskToWithdraw(StepForm):
    """A form with which a complainant asks to withdraw."""

    steps = (StepName.ASK_TO_WITHDRAW,)

    CODES = ("pressure",)
    is_grave = True
    warning = gettext_noop("Withdrawing does not pause the time limit for a tribunal.")
    intro = gettext_noop(
        "It is your choice, and you do not have to give a reason. You have 5 working days to "
        "change your mind, and the triage officer will ask how you are. If anyone treats you badly "
        "for having raised this, tell us at once."
    )
    button = gettext_noop("Ask to withdraw")
    pressure = forms.ChoiceField(
        label=_("Has anyone put pressure on you?"),
        help_text=_(
            "We ask because no one may talk you out of a concern. You can leave this empty."
        ),
        choices=Pressure.choices,
        widget=RadioList(),
        required=False,
    )


class Stay(Confirm):
    """A form with which a complainant takes the withdrawal back."""

    steps = (StepName.STAY,)

    intro = gettext_noop("Your concern goes on from where it was, and nothing is lost.")


class CheckVoluntary(StepForm):
    """A form to record whether a withdrawal is the complainant's own wish."""

    steps = (StepName.CHECK_VOLUNTARY,)

    WORDS = {"note": Kind.SAFETY}
    CODES = ("reached", "pressure")
    intro = (
        "Speak with the complainant themselves, with no one in between. If there was "
        "pressure, or they would rather talk, the concern is not closed."
    )
    reached = forms.ChoiceField(
        label="Did you reach the complainant?", choices=YES_NO, widget=RadioList()
    )
    pressure = forms.ChoiceField(
        label="Did they say that anyone put pressure on them?",
        choices=Pressure.choices,
        widget=RadioList(),
        required=False,
    )
    note = OwnWords(
        label="What was said",
        help_text="The complainant and the people who work on the case can read this.",
        required=False,
        max_length=5_000,
    )


class CloseWithdrawn(Confirm):
    """A form to close a withdrawn case."""

    steps = (StepName.CLOSE_WITHDRAWN,)

    is_grave = True
    intro = (
        "The complainant asked to withdraw, has had time to change their mind, and said that it is "
        "their own wish. Check-ins follow after 1, 3 and 6 months."
    )


class Reopen(StepForm):
    """A form to reopen a case."""

    steps = (StepName.REOPEN,)

    WORDS = {"text": Kind.REASON}
    CODES = ("reason",)
    NEEDED_BY = {"reason": holds.REOPEN_REASON}
    intro = gettext_noop(
        "A new part of the case begins, with new people and new dates. The earlier one stays."
    )
    reason = forms.ChoiceField(label=_("Why?"), choices=ReopenReason.choices, widget=RadioList())
    text = OwnWords(label=_("What makes it necessary?"), required=False, max_length=5_000)


class AskToReopen(Reopen):
    """A form to ask the casework lead to reopen a case."""

    steps = (StepName.ASK_TO_REOPEN,)

    NEEDED_BY = {}
    intro = gettext_noop("The casework lead reads this and answers. New people would look at it.")


class DeleteDraft(Confirm):
    """A form to delete a draft for good."""

    steps = (StepName.DELETE_DRAFT,)

    is_grave = True
    intro = gettext_noop("Everything you have typed is deleted for good. No one else has seen it.")
    button = gettext_noop("Delete this draft")


def near(day: date, today: date) -> date:
    """Return the review day if a calendar can be asked about it.

    The guard checks the day exactly.

    Raises:
        ValidationError: For a day that is not after today, or is more than 60 days away.
    """
    if not today < day <= today + LONGEST_LOOK:
        raise forms.ValidationError(holds.REVIEW_SOON.sentence, code=holds.REVIEW_SOON.code)
    return day
