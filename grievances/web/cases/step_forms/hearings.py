"""Forms for participants, companions, interpreters and their answers (N80-N92)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from grievances.cases.guards import hearings
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.records import Kind, read_all
from grievances.cases.step_names import StepName
from grievances.choices import Share
from grievances.encryption.primitives import normal_code
from grievances.evidence.companion_files import may_be_ticked, ticked
from grievances.letters.composing import respondent_draft
from grievances.participants.companions import may_be_invited, new_link_secret
from grievances.participants.statements import respondents
from grievances.people.models import User
from grievances.vocabulary import Identity
from grievances.web.cases.step_forms.letters import Delivers
from grievances.web.shared.dates import GovDateField
from grievances.web.shared.fields import CheckboxList, RadioList
from grievances.web.shared.step_form import (
    YES_NO,
    Confirm,
    LineOfWords,
    ListOfGaps,
    OwnWords,
    PersonField,
    StepForm,
    one_person,
)

LINK_SIGNS = 24

CANNOT_READ = (
    "We refuse the name of the person who raised this where we find it. But a place, a day or a "
    "job can also give them away. Read it again as if you were the person who gets it."
)


class Sent(StepForm):
    """A form for a text that goes to a person who may not see the case."""

    NEEDED_BY = {
        "person": hearings.PERSON_NAMED,
        "text": hearings.WORDS,
        "checked": hearings.READ_AGAIN,
    }
    warning = CANNOT_READ
    checked = forms.BooleanField(
        label="I have read it again: nothing in it says or hints who raised the concern"
    )

    def fill(self) -> None:
        """Drop the check for the complainant's name when the name is open."""
        if self.case.identity == Identity.OPEN:
            del self.fields["checked"]

    def offer_respondents(self) -> None:
        """Offer the people whom the concern is about.

        They are the ones to whom a text can be sealed.
        """
        found = respondents(self.case)
        self.person_field("person").offer(found, {})


class PutToRespondent(Sent):
    """A form to put the concern to a respondent."""

    steps = (StepName.PUT_TO_RESPONDENT,)
    has_check = True

    CODES = ("due_on",)
    intro = (
        "The person reads exactly what you write here, on a page of their own, and answers there. "
        "They see nothing else of the case. No letter is sent: tell them to look in their inbox "
        "here, and that they may bring a companion to any meeting."
    )
    button = "Send it"
    person = PersonField(label="Whom do you put it to?")
    text = OwnWords(
        label="What is put to them",
        help_text="What is said to have happened, and when, in enough detail to answer it.",
    )
    due_on = GovDateField(
        label="By when do you ask for an answer?",
        help_text="At least 3 working days from today. They may add to it until your report.",
    )
    field_order = ("person", "text", "due_on", "checked")

    def fill(self) -> None:
        """Offer the respondents."""
        super().fill()
        self.offer_respondents()


class AskWitness(Sent):
    """A form to ask a witness a question."""

    steps = (StepName.ASK_WITNESS,)

    CODES = ("due_on",)
    intro = (
        "The witness reads exactly what you write here, on a page of their own, and answers there. "
        "From then on they are shut out of the case, and their name is sealed. No letter is sent: "
        "tell them to look in their inbox here."
    )
    button = "Send it"
    person = LineOfWords(
        label="Name or user name of the witness", help_text="As the staff directory has it."
    )
    text = OwnWords(
        label="Your question", help_text="Ask openly. Do not say what others have told you."
    )
    due_on = GovDateField(
        label="By when do you ask for an answer?", help_text="At least 3 working days from today."
    )
    field_order = ("person", "text", "due_on", "checked")

    def clean_person(self) -> User:
        """Return the one person of this name; raises ValidationError."""
        return one_person(self.cleaned_data["person"])


class TellRespondent(Delivers, Sent):
    """A form to tell a respondent what was decided about them."""

    steps = (StepName.TELL_RESPONDENT,)
    reader = "The person"

    intro = (
        "Tell the person what was decided about them, and about no one else. They read it where "
        "they read what was put to them. That a concern was not upheld never means that it was "
        "raised in bad faith."
    )
    button = "Send it"
    person = PersonField(label="Whom do you tell?")
    text = OwnWords(label="What was decided about them")
    field_order = ("person", "text", "checked")

    def fill(self) -> None:
        """Offer the respondents, and begin with the approved letter."""
        super().fill()
        self.fields["text"].initial = respondent_draft()
        self.offer_respondents()


class TicksFiles(StepForm):
    """A form on which the complainant ticks files for their companion."""

    evidence = forms.MultipleChoiceField(
        label=_("Which files may they open?"),
        help_text=_("They get the copy that the person who added the file lets others see."),
        required=False,
        widget=CheckboxList(),
    )

    def offer_files(self) -> int:
        """Return how many files the complainant may share, after offering them."""
        found = may_be_ticked(self.case, Keyring.of(self.case, self.caller.holder))
        choices = [(str(facts.id), facts.name) for _, facts in found]
        self.choice_field("evidence").choices = choices
        return len(choices)


class InviteCompanion(TicksFiles):
    """A form to invite a companion with a one-time link."""

    steps = (StepName.INVITE_COMPANION,)

    CODES = ("shares", "evidence")
    NEEDED_BY = {"person": hearings.PERSON_NAMED, "shares": hearings.TICKED}
    intro = gettext_noop(
        "You may bring someone of your choice to every meeting: a union official, a fellow worker, "
        "or a person we agree on. Here you can also let them read along. You get a link that works "
        "once, within 7 days. We do not send it: you give it to them yourself."
    )
    warning = gettext_noop(
        "The first person who uses the link is your companion. You see at once when it is used, "
        "and you can end it at any time without a reason."
    )
    button = gettext_noop("Make the link")
    person = LineOfWords(
        label=_("Who is your companion?"),
        help_text=_("Their name. You and the officers who work on your concern can read it."),
    )
    shares = forms.MultipleChoiceField(
        label=_("What may they read?"),
        help_text=_(
            "Only what you tick, now and later. People you asked us to keep away, and your contact "
            "details, are never shared."
        ),
        choices=Share.choices,
        widget=CheckboxList(),
    )
    secret = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    field_order = ("person", "shares", "evidence")

    def fill(self) -> None:
        """Offer files to tick and make the secret of the link."""
        if not self.offer_files():
            del self.fields["evidence"]
        # Make the secret with the form and not with the answer, so that a second press shows the
        # same link again.
        self.fields["secret"].initial = new_link_secret()

    def clean_person(self) -> str:
        """Return the typed name.

        Raises:
            ValidationError: For an address, to which no message goes, or for a name that may
                belong to a person who cannot be the companion.
        """
        typed = str(self.cleaned_data["person"])
        if "@" in typed:
            raise forms.ValidationError(
                gettext(
                    "This is an email address. We send nothing to your companion. Give their name, "
                    "and give them the link yourself. Do not send it to an address at work."
                )
            )
        if not may_be_invited(self.case, typed):
            raise forms.ValidationError(
                gettext(
                    "Someone with this name, or with one close to it, cannot accompany you in this "
                    "concern. Give the full name, or choose another person."
                )
            )
        return typed

    def clean_secret(self) -> str:
        """Return the secret of the link.

        Raises:
            ValidationError: For a secret of another length.
        """
        typed = normal_code(str(self.cleaned_data["secret"]))
        if len(typed) != LINK_SIGNS:
            raise forms.ValidationError(gettext("Open this page again, then make the link."))
        return typed


class ShareFiles(TicksFiles):
    """A form to change which files the companion may open."""

    steps = (StepName.SHARE_FILES,)

    CODES = ("evidence",)
    intro = gettext_noop(
        "Your companion can open and save the files you tick, and no others. Take a tick away, and "
        "it stops at once; what they have saved already cannot be taken back. Each time they save "
        "a file it is on your list of who looked."
    )
    button = gettext_noop("Save my choice")

    def fill(self) -> None:
        """Offer the files, with the present ticks of the newest companion."""
        if not self.offer_files():
            self.fields["evidence"].help_text = gettext(
                "There is no file yet that they could open."
            )
        own = [each for each in self.case.companions.all() if each.hearing_id is None]
        last = max(own, key=lambda each: each.number, default=None)
        self.fields["evidence"].initial = sorted(ticked(last)) if last is not None else []


class EndCompanion(Confirm):
    """A form to end the companion's access."""

    steps = (StepName.END_COMPANION,)

    is_grave = True
    intro = gettext_noop(
        "Your companion, or another person who has the link, can read nothing from this moment. No "
        "reason is needed and none is asked. You can invite someone else afterwards."
    )


class ProposeInterpreter(StepForm):
    """A form to propose an interpreter for one meeting."""

    steps = (StepName.PROPOSE_INTERPRETER,)

    CODES = ("meeting_on",)
    NEEDED_BY = {
        "text": hearings.WORDS,
        "meeting_on": hearings.DAY,
        "independent": hearings.INDEPENDENT,
    }
    intro = (
        "An interpreter comes for one meeting and reads nothing here. The complainant sees the "
        "name and says yes or no first. Booking one adds no delay to the complainant's dates."
    )
    text = LineOfWords(
        label="Name of the interpreter, where they come from, and the language",
        help_text="For example: A. Person, City Interpreters, British Sign Language.",
    )
    meeting_on = GovDateField(label="For the meeting on", help_text="For example, 27 3 2027.")
    independent = forms.BooleanField(
        label="They are a professional, and not a colleague, a friend or family of anyone involved"
    )


class AnswerInterpreter(StepForm):
    """A form with which the complainant accepts or refuses an interpreter."""

    steps = (StepName.ANSWER_INTERPRETER,)

    CODES = ("answer",)
    NEEDED_BY = {"answer": hearings.YES_OR_NO}
    intro = gettext_noop(
        "If you would rather have someone else, "
        "say no: no reason is needed, and none of your dates is lost."
    )
    button = gettext_noop("Save my answer")
    answer = forms.ChoiceField(
        label=_("May this interpreter come to the meeting?"), choices=YES_NO, widget=RadioList()
    )

    def fill(self) -> None:
        """Show who is proposed, where this person can read it."""
        ring = Keyring.of(self.case, self.caller.holder)
        found = list(read_all(self.case, ring, [Kind.INTERPRETER]))
        if found:
            self.listed = ListOfGaps(gettext_noop("Proposed to you"), (found[-1].text,))


class ConfirmInterpreter(StepForm):
    """A form to record the interpreter's signed declaration."""

    steps = (StepName.CONFIRM_INTERPRETER,)

    NEEDED_BY = {"signed": hearings.SIGNED}
    intro = "Record it when you hold the signed declaration, and before the meeting begins."
    signed = forms.BooleanField(
        label="The interpreter has signed to keep everything they hear confidential"
    )
