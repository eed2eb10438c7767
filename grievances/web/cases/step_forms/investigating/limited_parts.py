"""Forms of those who help: who joins, who leaves, and what they write."""

from __future__ import annotations

from django import forms

from grievances.cases.models.assignments import holders
from grievances.cases.step_names import StepName
from grievances.cases.steps.investigating.limited_parts import BETWEEN
from grievances.choices import HelpingPart
from grievances.people.models import User
from grievances.vocabulary import ASKED_TO_HELP, LIMITED
from grievances.web.cases.step_forms.offers import HelperDeclaration, SignsByName
from grievances.web.shared.fields import RadioList
from grievances.web.shared.step_form import LineOfWords, OwnWords, StepForm, describe, one_person

HELP = {
    "co_handler": "Reads the account, statements, evidence and meetings, and lists people and "
    "evidence. Puts nothing to anyone, and sends no report. Needs the certificates of a handler.",
    "note_taker": "Writes what is said at a meeting. Never reads the account or the name.",
    "adviser": "Reads your questions, the letters and the process. Never reads the account.",
}


class AppointPart(StepForm):
    """A form to add a person who helps."""

    steps = (StepName.APPOINT_PART,)

    CODES = ("part",)
    intro = (
        "The complainant is told the name and the part first, and can say no. From the next "
        "working day, or as soon as the complainant agrees, the person can sign that they have no "
        "connection with anyone named, and begin. The part ends when the case closes."
    )
    button = "Add this person"
    part = forms.ChoiceField(
        label="Which part?",
        choices=HelpingPart.choices,
        widget=RadioList(hints=HELP),
    )
    person = LineOfWords(
        label="Name or user name of the person", help_text="As the staff directory has it."
    )

    def clean_person(self) -> User:
        """Return the one person of this name; raises ValidationError."""
        return one_person(self.cleaned_data["person"])


class BeginToHelp(SignsByName):
    """A form with which a person who helps signs, and begins."""

    steps = (StepName.BEGIN_TO_HELP,)

    intro = (
        "Read who is named. You can read nothing of the case until you have signed below. If you "
        "know one of these people, go back and choose “Step back from this case”. No one is "
        "marked down for it."
    )


class EndPart(StepForm):
    """A form to take off a person who helps."""

    steps = (StepName.END_PART,)

    intro = (
        "They lose what they could read at once. What they wrote stays. The complainant is told."
    )
    button = "Take them off"
    helper = forms.ChoiceField(label="Whom?", widget=RadioList())

    def fill(self) -> None:
        """Offer those who help, and those who are announced."""
        parts = [role.value for role in LIMITED]
        coming = self.case.pending_readers.filter(role__in=parts).select_related("person__unit")
        now = [
            (part, person)
            for part, asked in ASKED_TO_HELP.items()
            for person in holders(self.case, part, asked)
        ]
        rows = [*now, *((row.role, row.person) for row in coming)]
        labels = {role.value: role.label for role in LIMITED}
        self.offer_choices(
            "helper",
            [
                (f"{part}{BETWEEN}{person.pk}", f"{describe(person)}: {labels[part].lower()}")
                for part, person in rows
            ],
        )


class TakeNotes(HelperDeclaration):
    """A form for the notes of a meeting."""

    steps = (StepName.TAKE_NOTES,)

    intro = (
        "Write down what was said, in the words that were used, and by whom. The people who look "
        "into the concern and decide read it. The handler uses it for the notes that the person "
        "who was heard reads and agrees."
    )
    button = "Keep the notes"
    meeting = LineOfWords(
        label="Which meeting was it?", help_text="For example, the second one, on 27 November 2026."
    )
    text = OwnWords(label="What was said")


class AskAdvice(StepForm):
    """A form to ask the legal adviser a question."""

    steps = (StepName.ASK_ADVICE,)

    intro = (
        "The adviser reads this question, the letters and the process. They cannot read the "
        "account: write what they need to know, without names where you can."
    )
    button = "Ask them"
    text = OwnWords(label="Your question to the legal adviser", max_length=10_000)


class GiveAdvice(HelperDeclaration):
    """A form to give legal advice."""

    steps = (StepName.GIVE_ADVICE,)

    intro = (
        "The handler, the decision maker and the appeal manager read this, and no one else. You "
        "advise: they decide."
    )
    button = "Give the advice"
    text = OwnWords(label="Your advice", max_length=20_000)
