"""Forms of meetings: invite, move, record, agree the notes."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from grievances.cases.guards import meetings
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.records import Kind, read_all
from grievances.cases.models.statements import take_up_hearings
from grievances.cases.step_names import StepName
from grievances.choices import MoveReason
from grievances.investigation.meetings import COMPLAINANT, RIGHTS
from grievances.investigation.models import Meeting
from grievances.policy.clock_names import ClockName
from grievances.policy.profiles import COMPLAINANT as AS_COMPLAINANT
from grievances.vocabulary import State
from grievances.web.cases.step_forms.hearings import CANNOT_READ
from grievances.web.cases.step_forms.investigating.enquiries import RecordMeeting
from grievances.web.shared.dates import GovDateField
from grievances.web.shared.fields import PlainForm, RadioList
from grievances.web.shared.step_form import YES_NO, LineOfWords, OwnWords, StepForm


def people_of(form: StepForm) -> list[tuple[str, str]]:
    """Return whom the handler can write to, as (value, name)."""
    ring = Keyring.of(form.case, form.caller.holder)
    rows = take_up_hearings(form.case, ring)
    names = {each.about: each.text for each in read_all(form.case, ring, [Kind.PERSON])}
    heard = [
        (str(row.number), names.get(str(row.number)) or row.get_standing_display())
        for row in rows
        if row.episode == form.case.episode
    ]
    return [(COMPLAINANT, "The person who raised it"), *heard]


def meetings_to_choose(form: StepForm, *, heard: bool) -> list[tuple[str, str]]:
    """Return the meetings that are not held yet, or those with people who are heard."""
    people = dict(people_of(form)) if form.acting_as != AS_COMPLAINANT else {}
    rows = Meeting.objects.filter(case=form.case, episode=form.case.episode)
    rows = rows.filter(hearing__isnull=False) if heard else rows.filter(held_on=None)
    if form.acting_as == AS_COMPLAINANT or form.case.state == State.APPEAL:
        rows = rows.filter(
            pk__in=[each.pk for each in meetings.arranged(form.case, form.case.meetings.all())]
        )
    return [
        (str(row.pk), f"{_whom(row, people)}, {date_format(row.meets_on, 'l j F Y')}")
        for row in rows.select_related("hearing").order_by("number")
    ]


def _whom(meeting: Meeting, people: dict[str, str]) -> str:
    if meeting.hearing is not None:
        return people.get(str(meeting.hearing.number), f"Meeting {meeting.number}")
    return people.get(COMPLAINANT, gettext("Your meeting"))


class Invites(StepForm):
    """What every invitation asks. `PROMISE` is the clock of the complainant's meeting."""

    PROMISE: ClassVar[str] = ClockName.MEETING
    has_check = True

    CODES = ("meets_on",)
    NEEDED_BY = {
        "companion_told": meetings.RIGHT_TOLD,
        "adjustments": meetings.ADJUSTMENTS,
    }
    intro = "They read this on their own page. Every invitation also says, in our words: " + RIGHTS
    button = "Send the invitation"
    meets_on = GovDateField(
        label="On which day?",
        help_text=f"At least {meetings.NOTICE_DAYS} working days from today.",
    )
    place = OwnWords(
        label="At what time, where, and who will be there",
        help_text="A room that is not near their team. Say who takes the notes.",
        max_length=2_000,
    )
    adjustments = OwnWords(
        label="Which adjustments were agreed?",
        help_text="You asked: breaks, a ground floor, questions beforehand, another time of day. "
        "When none are needed, write that you asked.",
        max_length=2_000,
    )
    interpreter = LineOfWords(
        label="Interpreter, if one comes",
        help_text="Propose the interpreter on the case first. The person says yes or no.",
        required=False,
    )
    companion_told = forms.BooleanField(
        label="I asked whether they bring a companion, and this day suits the companion"
    )

    def fill(self) -> None:
        """Say by when the complainant is promised the meeting."""
        if (until := self._promised) is not None:
            day = date_format(until, "l j F Y")
            self.fields["meets_on"].help_text += f" The complainant is promised one by {day}."

    @property
    def _promised(self) -> date | None:
        """The date by which the complainant is promised this meeting; None without one."""
        rows = self.case.deadlines.filter(name=self.PROMISE, completed_on=None)
        return rows.values_list("current_due", flat=True).first()

    @property
    def caution(self) -> str:
        """That the day is after the promised date."""
        until, day = self._promised, self.cleaned_data["meets_on"]
        is_theirs = self.cleaned_data.get("person", COMPLAINANT) == COMPLAINANT
        if not is_theirs or until is None or day <= until:
            return ""
        return (
            f"{date_format(day, 'l j F Y')} is later than we promised the complainant: the meeting "
            f"was to be held by {date_format(until, 'l j F Y')}. Choose an earlier day if you can. "
            "If they asked for this day, write that in the invitation."
        )


class InviteToMeeting(Invites):
    """A form to invite someone to a meeting."""

    steps = (StepName.INVITE_TO_MEETING,)

    NEEDED_BY = {"person": meetings.WITH_WHOM, **Invites.NEEDED_BY}
    warning = CANNOT_READ
    person = forms.ChoiceField(label="Whom do you meet?", widget=RadioList())
    field_order = ("person",)

    def fill(self) -> None:
        """Offer the complainant and everyone who is heard."""
        super().fill()
        self.choice_field("person").choices = people_of(self)


class InviteToAppealMeeting(Invites):
    """A form to invite the complainant to the meeting of their appeal."""

    steps = (StepName.INVITE_TO_APPEAL_MEETING,)
    PROMISE = ClockName.APPEAL_MEETING


class MoveMeeting(StepForm):
    """A form to move a meeting to another day."""

    steps = (StepName.MOVE_MEETING,)

    CODES = ("reason", "meets_on")
    NEEDED_BY = {"meeting": meetings.CHOSEN, "reason": meetings.MOVE_REASON}
    intro = gettext_noop(
        "If a companion cannot come, the meeting is moved to another working day within 5 working "
        "days after the first. No one may refuse that."
    )
    button = gettext_noop("Move the meeting")
    meeting = forms.ChoiceField(label=_("Which meeting?"), widget=RadioList())
    reason = forms.ChoiceField(
        label=_("Why is it moved?"), choices=MoveReason.choices, widget=RadioList()
    )
    meets_on = GovDateField(label=_("To which day?"), help_text=_("For example, 27 3 2027."))
    agreed = forms.BooleanField(
        label=_("The other side has agreed to this day, which is more than 5 working days later"),
        required=False,
    )

    def fill(self) -> None:
        """Offer the meetings. Only the handler can say that a later day was agreed."""
        self.choice_field("meeting").choices = meetings_to_choose(self, heard=False)
        if self.acting_as == AS_COMPLAINANT:
            del self.fields["agreed"]


class RecordInterview(StepForm):
    """A form to record an interview with a person who is heard."""

    steps = (StepName.RECORD_INTERVIEW,)
    has_check = True

    CODES = ("held_on",)
    NEEDED_BY = {"meeting": meetings.CHOSEN, "notes": meetings.NOTES}
    intro = (
        "The person reads the notes on their page, and says whether they are right. What they say "
        "is wrong stays beside the notes."
    )
    warning = CANNOT_READ
    button = "Save the notes"
    meeting = forms.ChoiceField(label="Which meeting?", widget=RadioList())
    held_on = GovDateField(label="On which day did you meet?", help_text="For example, 27 3 2027.")
    companion = LineOfWords(label="Who came as their companion?", required=False)
    notes = OwnWords(
        label="Notes of the meeting",
        help_text="What was asked and what was said, in their own words where they matter.",
    )

    def fill(self) -> None:
        """Offer the meetings with people who are heard."""
        self.choice_field("meeting").choices = meetings_to_choose(self, heard=True)


class NotesAnswer(PlainForm):
    """The answer of a person who was heard to the notes of their meeting."""

    def __init__(self, *args: object, **options: object) -> None:
        # Another form with the same names is on the page.
        super().__init__(*args, auto_id="notes_%s", **options)

    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    answer = forms.ChoiceField(
        label=_("Are the notes of your meeting right?"), choices=YES_NO, widget=RadioList()
    )
    text = OwnWords(label=_("What is wrong or missing?"), required=False, max_length=5_000)


class AnotherDay(PlainForm):
    """Another day for the meeting of a person who is heard."""

    def __init__(self, *args: object, **options: object) -> None:
        # Another form with the same names is on the page.
        super().__init__(*args, auto_id="move_%s", **options)

    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    day = GovDateField(
        label=_("Your companion cannot come? Choose another day"),
        help_text=_("A working day within 5 working days after the day that was proposed first."),
    )


class AgreeNotes(StepForm):
    """A form with which the complainant answers about the notes."""

    steps = (StepName.AGREE_NOTES,)

    CODES = ("answer",)
    NEEDED_BY = {"answer": meetings.ANSWERED}
    intro = gettext_noop(
        "You find the notes on your page. If something is wrong or missing, write it here. It "
        "stays beside the notes, and the decision maker reads both."
    )
    button = gettext_noop("Send my answer")
    answer = forms.ChoiceField(
        label=_("Are the notes of the meeting right?"), choices=YES_NO, widget=RadioList()
    )
    text = OwnWords(label=_("What is wrong or missing?"), required=False, max_length=5_000)

    def clean(self) -> dict[str, object]:
        """Return the answers; a "no" needs words."""
        data = super().clean() or self.cleaned_data
        if data.get("answer") == "no" and not data.get("text"):
            guard = meetings.CORRECTED
            self.add_error("text", forms.ValidationError(guard.sentence, code=guard.code))
        return data


class RecordAppealMeeting(RecordMeeting):
    """A form to record the meeting of an appeal, and who came along."""

    steps = (StepName.RECORD_APPEAL_MEETING,)

    intro = (
        "Record that you met, or that the complainant declined in writing. They read your notes "
        "and say whether they are right."
    )
    came = LineOfWords(label="Who came as their companion?", required=False)
    field_order = ("held_on", "declined", "companion_asked", "came", "notes")

    def words(self) -> tuple[tuple[Kind, str], ...]:
        """Return the notes, with who came along."""
        notes = str(self.cleaned_data.get("notes") or "")
        came = str(self.cleaned_data.get("came") or "")
        if not notes and not came:
            return ()
        said = f"Companion: {came or 'no one came along'}"
        return ((Kind.MEETING, "\n\n".join(each for each in (notes, said) if each)),)
