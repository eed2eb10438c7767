"""Forms of triage: safety, the route and its ends (T04-T14, N20-N24, N42)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_noop

from grievances.cases.actions.close_names import CloseNames
from grievances.cases.guards import triage
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.records import Kind
from grievances.cases.step_names import StepName
from grievances.choices import Involved, Redirect
from grievances.people.models import User
from grievances.vocabulary import Role, Safety, Tag
from grievances.web.cases.step_forms.confidentiality import WarnsOfSilence
from grievances.web.cases.step_forms.letters import Delivers
from grievances.web.cases.step_forms.offers import show_candidates
from grievances.web.shared.fields import CheckboxList, RadioList
from grievances.web.shared.step_form import (
    Confirm,
    LineOfWords,
    OwnWords,
    PersonField,
    StepForm,
    one_person,
)


class CheckSafety(StepForm):
    """A form to record how safe the complainant is."""

    steps = (StepName.CHECK_SAFETY,)

    WORDS = {"note": Kind.SAFETY}
    CODES = ("flags",)
    intro = (
        "Ask the complainant how safe they are. Any point you tick makes this case fast-track, "
        "with shorter dates, and rules out an informal way forward."
    )
    guide = (
        "Ask first whether this is a good time and place to talk. In writing, ask one thing at a "
        "time.",
        "“Are you safe now, at work and on the way there? Is anyone threatening you?”",
        "“Do you have to work with this person in the next days? What would make that easier?”",
        "“Has anything changed for the worse since you spoke up?”",
        "“Is your health affected? Who supports you?”",
        "“Are you leaving soon, or is a decision about you due, such as pay or probation?”",
        "Say what you will do and by when. Do not ask for proof. If there is danger now, call 999.",
    )
    button = "Save what you agreed"
    flags = forms.MultipleChoiceField(
        label="Does any of these apply?",
        help_text="Tick all that apply, or none.",
        choices=Safety.choices,
        widget=CheckboxList(),
        required=False,
    )
    note = OwnWords(
        label="What was agreed to keep them safe?",
        help_text="The complainant and the people who work on the case can read this.",
        required=False,
    )


class AskExclusions(Confirm):
    """A form to record that the complainant was asked whom to keep away."""

    steps = (StepName.ASK_EXCLUSIONS,)

    intro = (
        "Ask the complainant whether there is anyone they want kept out of this concern. They name "
        "people themselves on their page. No reason is needed. Press the button when you have "
        "asked."
    )
    guide = (
        "“Is there anyone who must not read this or work on it? A person, a team or an office?”",
        "“You do not have to say why, and they are not told.”",
        "“You can add names at any time: choose “Keep someone away from this” on your page.”",
        "Do not suggest names, and do not ask who their friends are.",
    )
    button = "I have asked them"


class AskToShareName(Confirm):
    """A form to ask the complainant whether their name may be shared."""

    steps = (StepName.ASK_TO_SHARE_NAME,)

    intro = (
        "The complainant finds the question on their page and answers it there. None of their "
        f"dates stops. If they do not answer within {triage.SHARING_WAIT} working days, their name "
        "stays with you and the work goes on without it. They can still share it later."
    )
    button = "Ask them"


class AgreeFormal(Confirm):
    """A form to agree on the formal way."""

    steps = (StepName.AGREE_FORMAL,)

    CODES = ("tag",)
    intro = (
        "The complainant is told today that the concern is handled formally, and by which day a "
        "handler and a decision maker will be found."
    )
    tag = forms.ChoiceField(
        label="What kind of treatment is it?",
        help_text=(
            "From what the complainant wrote. People who are asked to take a part see it, and it "
            "is counted. You can leave it open."
        ),
        choices=Tag.choices,
        required=False,
        widget=RadioList(),
    )


class AgreeInformal(Confirm):
    """A form to agree on the informal way."""

    steps = (StepName.AGREE_INFORMAL,)

    intro = (
        "The complainant asked for an informal way forward. They are told today that it begins, "
        "and that they can switch to the formal way at any time without a reason."
    )


class BeginMediation(StepForm):
    """A form to begin mediation."""

    steps = (
        StepName.BEGIN_MEDIATION,
        StepName.MEDIATE_INSTEAD,
    )

    intro = (
        "Mediation begins when both people have said yes themselves. The mediator gets a key of "
        "their own for their notes, which no one else is ever given."
    )
    mediator = PersonField(label="Who will mediate?")

    def fill(self) -> None:
        """Offer the mediators."""
        show_candidates(self, "mediator", Role.MEDIATOR)


class EndMediation(Confirm):
    """A form to end mediation; the concern goes on formally."""

    steps = (StepName.END_MEDIATION,)

    intro = gettext_noop(
        "Mediation ends and the concern goes on formally. No reason is needed. The mediator's "
        "notes stay sealed."
    )


class Settle(WarnsOfSilence):
    """A form to record what was agreed."""

    steps = (StepName.SETTLE,)
    READ_BY_OTHERS = ("terms",)

    WORDS = {"terms": Kind.TERMS}
    NEEDED_BY = {"terms": triage.TERMS}
    intro = (
        "Both people confirm the agreement themselves. Nothing in it may ask anyone to keep quiet "
        "about discrimination. Check-ins follow after 1, 3 and 6 months."
    )
    terms = OwnWords(label="What was agreed?", help_text="The complainant can read this.")


class PassElsewhere(Delivers):
    """A form to pass an out-of-scope concern to another process."""

    steps = (StepName.REDIRECT,)

    WORDS = {"explanation": Kind.EXPLANATION}
    CODES = ("redirect",)
    NEEDED_BY = {"redirect": triage.OUT_OF_SCOPE, "accepted_elsewhere": triage.TAKEN_ELSEWHERE}
    is_grave = True
    intro = (
        "Only a concern that is out of scope is passed on, and the casework lead must agree first: "
        "ask for their approval from the case page. The complainant reads your explanation."
    )
    redirect = forms.ChoiceField(
        label="Where does it go?", choices=Redirect.choices, widget=RadioList()
    )
    accepted_elsewhere = forms.BooleanField(label="The other process has accepted the concern")
    explanation = OwnWords(
        label="Tell the complainant why, and how they can ask for a review",
        help_text="They read exactly what you write here.",
        max_length=5_000,
    )


class Merge(StepForm):
    """A form to merge a concern into an earlier one of the same person."""

    steps = (StepName.MERGE,)

    NEEDED_BY = {"into": triage.DUPLICATE}
    is_grave = True
    intro = (
        "The account is copied to the earlier open concern of the same person, and this one "
        "closes. The earlier dates are kept."
    )
    into = LineOfWords(
        label="Reference of the earlier concern",
        help_text="It looks like RC-7K2M9P.",
        max_length=20,
        widget=forms.TextInput({"class": "govuk-input--width-10", "autocomplete": "off"}),
    )

    def clean_into(self) -> str:
        """Return the reference in capitals."""
        return str(self.cleaned_data["into"]).upper()


class AnnounceJoining(Merge):
    """A form to tell the complainant who would read both concerns after a merge."""

    steps = (StepName.ANNOUNCE_JOINING,)

    is_grave = False
    intro = (
        "Someone else works on the earlier concern, and would read this one once the two are "
        "joined. The complainant is told their names and parts now, and can say no. You can join "
        "the two from the next working day, or as soon as the complainant says that it is fine."
    )
    button = "Announce them"


class CloseInsufficient(Delivers):
    """A form to close an anonymous concern that could not be examined."""

    steps = (StepName.CLOSE_INSUFFICIENT,)

    WORDS = {"explanation": Kind.EXPLANATION}
    is_grave = True
    intro = (
        "Only for an anonymous concern, after 20 working days and two questions without an answer, "
        "and with the casework lead's approval. The person can still come back with their key."
    )
    explanation = OwnWords(
        label="Tell the person why it closes, and that they can come back", max_length=5_000
    )


class AskQuestion(StepForm):
    """A form to ask the complainant a question."""

    steps = (StepName.ASK_QUESTION,)

    WORDS = {"text": Kind.QUESTION}
    intro = (
        "The complainant finds your question on their page and can answer it there. Ask only what "
        "you need, and say why you need it."
    )
    text = OwnWords(label="Your question")


class NameRespondent(StepForm):
    """A form to name a person whom the concern is about or who is involved."""

    steps = (StepName.NAME_RESPONDENT,)

    intro = (
        "From then on this person is shut out of the case; when the concern is about them, "
        "everyone who manages them is as well. This step does not tell them anything."
    )
    person = LineOfWords(
        label="Name or user name of the person",
        help_text="As the staff directory has it.",
    )

    part = forms.ChoiceField(
        label="How is this person involved?",
        choices=Involved.choices,
        widget=RadioList(),
    )

    def clean_person(self) -> User:
        """Return the one person of this name; raises ValidationError."""
        return one_person(self.cleaned_data["person"])

    def words(self) -> tuple[tuple[Kind, str], ...]:
        """Return the respondent's name as the words to seal."""
        return ((Kind.RESPONDENT, self.cleaned_data["person"].name),)


class LiftCloseName(StepForm):
    """A form to settle that a person with a close name is not meant."""

    steps = (StepName.LIFT_CLOSE_NAME,)

    intro = (
        "Everyone whose name is close to one in the concern is kept out. If you are certain that "
        "one of them is not meant, let them in here. Otherwise leave it as it is. The person who "
        "raised the concern sees that you did this."
    )
    button = "This person is not meant"
    person = PersonField(label="Who is not meant?")
    reason = OwnWords(
        label="How do you know?",
        help_text="The casework lead and the data-protection officer can read this.",
    )

    def fill(self) -> None:
        """Offer the people in doubt."""
        names = CloseNames.of(self.case, Keyring.of(self.case, self.caller.holder))
        self.person_field("person").offer(names.people(), {})

    def words(self) -> tuple[tuple[Kind, str], ...]:
        """Return the person and the reason as one text to seal."""
        answers = self.cleaned_data
        return ((Kind.REASON, f"{answers['person'].name}: {answers['reason']}"),)


class AddPart(StepForm):
    """A form to add a part to the concern."""

    steps = (StepName.ADD_ALLEGATION,)

    CODES = ("tag",)
    intro = (
        "The decision must answer every part of the concern. Keep to the complainant's own words "
        "and set the kind afterwards."
    )
    text = OwnWords(label="This part, in the complainant's own words")
    tag = forms.ChoiceField(
        label="What kind of treatment is it?", choices=Tag.choices, widget=RadioList()
    )
