"""Forms of the plan, the evidence and the examination of each part of a concern."""

from __future__ import annotations

from django import forms

from grievances.cases.guards import examination
from grievances.cases.guards.examination import NAMES_OF_EXCUSES, excuses_in
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.records import Kind, Words, read_all
from grievances.cases.models.statements import take_up_hearings
from grievances.cases.step_names import StepName
from grievances.choices import SeenBy
from grievances.evidence import case_files
from grievances.investigation.entries import PLAN_TEMPLATE
from grievances.investigation.examination import masked
from grievances.web.cases.step_forms.decision import parts_of
from grievances.web.cases.step_forms.hearings import CANNOT_READ
from grievances.web.cases.step_forms.investigating.meetings import people_of
from grievances.web.cases.step_forms.offers import HelperDeclaration
from grievances.web.shared.dates import GovDateField
from grievances.web.shared.fields import CheckboxList, RadioList
from grievances.web.shared.step_form import LineOfWords, OwnWords, StepForm


def _words(form: StepForm, *kinds: Kind) -> list[Words]:
    ring = Keyring.of(form.case, form.caller.holder)
    take_up_hearings(form.case, ring)
    return read_all(form.case, ring, kinds)


def exhibit_choices(form: StepForm) -> list[tuple[str, str]]:
    """Return the evidence on the list, as (number, words)."""
    newest = {each.about: each for each in _words(form, Kind.EXHIBIT)}
    return [
        (number, f"Evidence {number}: {' '.join(each.fields['what'].split())[:100]}")
        for number, each in newest.items()
    ]


class PlanInvestigation(StepForm):
    """A form to plan the investigation, begun from a template."""

    steps = (StepName.PLAN_INVESTIGATION,)
    has_check = True

    NEEDED_BY = {"scope": examination.SCOPE, "order": examination.PLAN_STEPS}
    intro = (
        "Only you read the plan until your report; then the decision maker does. Change what is "
        "here to fit the case. You can write a new version at any time."
    )
    button = "Keep the plan"
    scope = OwnWords(label="What do you look into?")
    order = OwnWords(label="What will you do, in which order?")
    sources = OwnWords(label="Where may evidence be?", required=False)
    support = OwnWords(label="Support, adjustments and safety", required=False)

    def fill(self) -> None:
        """Begin with the last plan, or with the template."""
        last = _words(self, Kind.PLAN)
        begun = last[-1].fields if last else PLAN_TEMPLATE
        for name in PLAN_TEMPLATE:
            self.fields[name].initial = begun.get(name, "")


class ListPerson(HelperDeclaration):
    """A form to list a person to hear, and the questions for them."""

    steps = (StepName.LIST_PERSON,)

    NEEDED_BY = {"name": examination.NAMED, "questions": examination.QUESTIONS}
    intro = (
        "It tells the person nothing. You write to them with “Ask a witness”, or put it to them."
    )
    button = "Put on the list"
    number = forms.ChoiceField(label="Change someone on the list?", required=False)
    name = LineOfWords(label="Who is it?", help_text="As the staff directory has the name.")
    why = OwnWords(label="What may they know?", required=False, max_length=2_000)
    questions = OwnWords(
        label="Your questions",
        help_text="Open questions, one a line. Do not say what others have told you.",
    )
    not_heard = OwnWords(
        label="If you do not hear them after all: why?", required=False, max_length=2_000
    )

    def fill(self) -> None:
        """Offer the people on the list."""
        super().fill()
        newest = {each.about: each for each in _words(self, Kind.TO_HEAR)}
        listed = [(number, each.fields["name"]) for number, each in newest.items()]
        self.choice_field("number").choices = [("", "No: this is another person"), *listed]


class ListEvidence(HelperDeclaration):
    """A form to list a piece of evidence."""

    steps = (StepName.LIST_EVIDENCE,)

    CODES = ("seen_by",)
    NEEDED_BY = {
        "what": examination.WHAT,
        "provenance": examination.PROVENANCE,
        "seen_by": examination.SEEN_BY,
    }
    intro = "It gets the next number. Its day goes into the chronology: do not write it twice."
    button = "Put on the list"
    what = OwnWords(label="What is it?", max_length=2_000)
    file = forms.ChoiceField(label="Which file of the case is it?", required=False)
    provenance = OwnWords(
        label="Where does it come from?",
        help_text="Who gave it, when, and how you know that it is what it seems.",
        max_length=2_000,
    )
    happened_on = GovDateField(
        label="Which day is it about?", help_text="If there is one.", required=False
    )
    shows = OwnWords(label="What does it show?", required=False, max_length=5_000)
    seen_by = forms.ChoiceField(label="Who may see it?", choices=SeenBy.choices, widget=RadioList())

    def fill(self) -> None:
        """Offer the files of the case that this person may read."""
        super().fill()
        ring = Keyring.of(self.case, self.caller.holder)
        allowed = frozenset({"read_account", "read_statements"})
        rows = case_files.files_of(self.case, ring, allowed, self.acting_as)
        files = [(facts.name, facts.name) for facts in rows]
        self.choice_field("file").choices = [("", "None of them"), *files]

    def clean(self) -> dict[str, object]:
        """Return the answers; a day in the future is refused."""
        data = super().clean() or self.cleaned_data
        day = data.get("happened_on")
        if day is not None and day > self.today:
            self.add_error("happened_on", "This day lies ahead. Evidence is about what was.")
        return data


class ShowEvidence(StepForm):
    """A form to show evidence to a party, with passages masked."""

    steps = (StepName.SHOW_EVIDENCE,)
    has_check = True

    CODES = ("evidence",)
    NEEDED_BY = {
        "evidence": examination.TO_SHOW,
        "person": examination.SHOWN_TO,
        "text": examination.SHOWN_WORDS,
    }
    intro = (
        "Put two square brackets around a passage they must not see: [[like this]]. They read "
        "[hidden] in its place. The next page shows exactly what they will read."
    )
    warning = CANNOT_READ
    button = "Show it to them"
    evidence = forms.ChoiceField(label="Which evidence?", widget=RadioList())
    person = forms.ChoiceField(label="To whom?", widget=RadioList())
    text = OwnWords(label="What they are shown")

    def fill(self) -> None:
        """Offer the evidence and the people."""
        self.choice_field("evidence").choices = exhibit_choices(self)
        self.choice_field("person").choices = people_of(self)

    def clean_text(self) -> str:
        """Return the text as they read it, with its passages masked."""
        return masked(str(self.cleaned_data["text"]))


class ExaminePart(StepForm):
    """A form to examine one part of the concern, by fixed questions."""

    steps = (StepName.EXAMINE_PART,)
    has_check = True

    CODES = ("part",)
    NEEDED_BY = {
        "part": examination.PART,
        **dict.fromkeys(examination.QUESTIONS_OF_A_PART, examination.ASKED_OF_ALL),
        "reasons": examination.REASONS,
    }
    intro = (
        "The standard of proof is the balance of probabilities: more likely than not. Racism is "
        "rarely admitted, so you look at the facts together and at what may be inferred from them."
    )
    button = "Keep the examination"
    part = forms.ChoiceField(label="Which part?", widget=RadioList())
    facts = OwnWords(label="What happened, as far as you can find?")
    evidence = forms.MultipleChoiceField(
        label="Which evidence do you rely on?", required=False, widget=CheckboxList()
    )
    comparators = OwnWords(
        label="How were others treated, or how would they have been?",
        help_text="Someone of another race in the same situation. If there is no one, say how such "
        "a person would have been treated, and how you know.",
    )
    pattern = OwnWords(
        label="Is it part of a pattern?",
        help_text="Small things count together. Look at what came before and after.",
    )
    effect = OwnWords(
        label="What effect did it have?",
        help_text="On this person, whatever was meant. Would a reasonable person in their place "
        "feel the same?",
    )
    context = OwnWords(
        label="In what context?",
        help_text="Who had power over whom, the history, who was there, what words mean to them.",
    )
    intersection = OwnWords(
        label="Does something else matter together with race?",
        help_text="Sex, religion, disability, age, class, an accent. If not, say how you know.",
    )
    explanation = OwnWords(
        label="What explanation was given?",
        help_text="For example: it was a joke, it was not meant that way.",
        required=False,
    )
    tested = OwnWords(
        label="How did you test that explanation?",
        help_text="That it was a joke, or was not meant, does not decide it.",
        required=False,
    )
    reasons = OwnWords(label="Your reasons for this part")

    def fill(self) -> None:
        """Offer parts and evidence, and quote the excuses that were said."""
        self.choice_field("part").choices = parts_of(self)
        self.choice_field("evidence").choices = exhibit_choices(self)
        said = self._said()
        if said:
            names = "; ".join(NAMES_OF_EXCUSES[code] for code in said)
            self.fields[
                "tested"
            ].help_text = (
                f"In the answers we found: {names}. That does not decide it. Say how you tested it."
            )

    def _said(self) -> list[str]:
        texts = _words(self, Kind.STATEMENT, Kind.HEARD)
        return excuses_in(*(each.text for each in texts))

    def answers(self) -> dict[str, object]:
        """Return the answers, with the evidence as numbers in words."""
        numbers = self.cleaned_data.get("evidence") or []
        named = ", ".join(f"Evidence {each}" for each in numbers)
        return {**super().answers(), "evidence": named}

    def clean(self) -> dict[str, object]:
        """Return the answers. An excuse without a test is refused beside its own question."""
        data = super().clean() or self.cleaned_data
        said = excuses_in(*(data.get(name) for name in ("facts", "explanation", "reasons")))
        is_short = len(data.get("tested") or "") < examination.SHORTEST_TEST
        if (said or data.get("explanation")) and is_short:
            guard = examination.EXCUSE_EXAMINED
            self.add_error("tested", forms.ValidationError(guard.sentence, code=guard.code))
        return data


class WriteWorkingNote(StepForm):
    """A form to write a working note."""

    steps = (StepName.WRITE_WORKING_NOTE,)

    NEEDED_BY = {"text": examination.NOTE}
    intro = (
        "Only you can read it: not the decision maker, and not a handler after you. If a person "
        "asks for their data, or a court asks, you may have to hand it over. Write it so."
    )
    button = "Keep the note"
    text = OwnWords(label="Your note")
