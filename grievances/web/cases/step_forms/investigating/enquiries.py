"""Forms of the enquiries, from the meeting to the report and its return."""

from __future__ import annotations

from datetime import timedelta

from django import forms

from grievances.cases.access import rules
from grievances.cases.guards import investigation
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.records import Kind
from grievances.cases.step_names import StepName
from grievances.investigation.report import compose, gaps
from grievances.investigation.room import room_of
from grievances.web.cases.step_forms.decision import COMPANION, parts_of, refuse_future
from grievances.web.shared.dates import GovDateField
from grievances.web.shared.fields import CheckboxList
from grievances.web.shared.step_form import ListOfGaps, OwnWords, StepForm

LONG_BEFORE = timedelta(days=60)


class RecordMeeting(StepForm):
    """A form to record the meeting with the complainant, or that it was declined."""

    steps = (StepName.RECORD_MEETING,)

    WORDS = {"notes": Kind.MEETING}
    CODES = ("held_on", "declined")
    NEEDED_BY = {"companion_asked": investigation.COMPANION_ASKED}
    intro = (
        "Record that you met, or that the complainant declined in writing. They can read your "
        "notes as soon as you save them, and are promised them within 5 working days of the "
        "meeting. You can add notes later: record the meeting again."
    )
    held_on = GovDateField(
        label="On which day did you meet?", help_text="For example, 27 11 2026.", required=False
    )
    declined = forms.BooleanField(
        label="The complainant declined the meeting in writing", required=False
    )
    companion_asked = forms.BooleanField(label=COMPANION)
    notes = OwnWords(label="Notes of the meeting", required=False)

    def clean(self) -> dict[str, object]:
        """Return the answers.

        A day in the future or before the concern is refused, and a meeting both held and declined.
        """
        data = super().clean() or self.cleaned_data
        refuse_future(self, "held_on")
        refuse_before_receipt(self, "held_on")
        if data.get("held_on") and data.get("declined"):
            clash = investigation.MEETING_IS_ONE
            self.add_error("declined", forms.ValidationError(clash.sentence, code=clash.code))
        return data


class RecordRespondent(StepForm):
    """A form to record what the respondent answered."""

    steps = (StepName.RECORD_RESPONDENT,)

    WORDS = {"heard": Kind.HEARD}
    CODES = ("asked_on",)
    intro = (
        "The person the concern is about is told what they need to know in order to answer, with "
        "time to do so and a companion if they wish."
    )
    asked_on = GovDateField(
        label="On which day were they asked?", help_text="For example, 27 11 2026."
    )
    heard = OwnWords(label="What they answered", required=False)

    def clean(self) -> dict[str, object]:
        """Return the answers; refuse a day in the future."""
        data = super().clean() or self.cleaned_data
        refuse_future(self, "asked_on")
        refuse_before_receipt(self, "asked_on")
        return data


class SubmitReport(StepForm):
    """A form to send the investigation report to the decision maker."""

    steps = (StepName.SUBMIT_REPORT,)
    has_check = True

    WORDS = {"report": Kind.REPORT}
    CODES = ("covered",)
    NEEDED_BY = {
        "covered": investigation.ALL_COVERED,
        "evidence_complete": investigation.EVIDENCE_COMPLETE,
        "report": investigation.REPORT,
    }
    intro = (
        "The decision maker reads your report and decides. The complainant is told today that you "
        "have finished, and by which day the decision is due."
    )
    button = "Send the report"
    covered = forms.MultipleChoiceField(
        label="Which parts of the concern does your report cover?", widget=CheckboxList()
    )
    evidence_complete = forms.BooleanField(label="The list of evidence is complete")
    report = OwnWords(label="Your report")
    gaps = OwnWords(
        label="Why can the report go with these things missing?",
        help_text="The decision maker reads it at the end of the report.",
        max_length=5_000,
        error_messages={"required": "Say why the report can go with these things missing."},
    )

    def fill(self) -> None:
        """Offer the parts, and begin with the report that the investigation makes.

        What is missing is listed, and the report goes only with a reason for it. An investigation
        that was not begun in its room asks for none.
        """
        self.choice_field("covered").choices = parts_of(self)
        allowed = rules.actions_allowed(self.caller.who, self.case) if self.caller.who else ()
        ring = Keyring.of(self.case, self.caller.holder)
        room = room_of(self.case, ring, self.acting_as, frozenset(allowed))
        missing = gaps(room) if room.has_begun() else []
        if room.has_begun():
            self.saw = "read_room"
            self.fields["report"].initial = compose(room)
        if missing:
            self.listed = ListOfGaps("Missing in the investigation", tuple(missing))
        else:
            del self.fields["gaps"]

    def words(self) -> tuple[tuple[Kind, str], ...]:
        """Return the report, with why it goes with things missing."""
        why = str(self.cleaned_data.get("gaps") or "")
        if not why:
            return super().words()
        missing = "\n".join(self.listed.lines) if self.listed is not None else ""
        end = f"What is missing, and why the report goes all the same\n{missing}\n\n{why}"
        return ((Kind.REPORT, f"{self.cleaned_data['report']}\n\n{end}"),)


class ReturnForEnquiries(StepForm):
    """A form to return the report to the handler with further questions."""

    steps = (StepName.RETURN_FOR_ENQUIRIES,)

    WORDS = {"enquiries": Kind.ENQUIRIES}
    NEEDED_BY = {"enquiries": investigation.ENQUIRIES}
    intro = (
        "The handler gets 10 working days to answer. A second return needs the casework lead's "
        "approval first."
    )
    enquiries = OwnWords(label="Which questions still need an answer?")


def refuse_before_receipt(form: StepForm, name: str) -> None:
    """Add an error to the field when its day is long before the concern was received.

    People may meet before a concern is sent. A day earlier than `LONG_BEFORE` is a mistyped year.
    """
    day, received = form.cleaned_data.get(name), form.case.received_on
    if form.case.episode != 1 or day is None or received is None:
        return
    if day < received - LONG_BEFORE:
        said = f"This is long before we received the concern, on {received:%-d %B %Y}."
        form.add_error(name, f"{said} Check the year.")
