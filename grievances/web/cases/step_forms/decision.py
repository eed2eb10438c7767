"""Forms from the meeting to the end of the appeal (T18-T26, N40, N41, N45)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from grievances.cases.guards import investigation
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.deadlines import Action
from grievances.cases.models.records import Kind, read_all
from grievances.cases.step_names import StepName
from grievances.vocabulary import AppealOutcome, Compartment, Outcome
from grievances.web.cases.step_forms.actions import Promise, PromisesActions
from grievances.web.cases.step_forms.confidentiality import WarnsOfSilence
from grievances.web.cases.step_forms.letters import BECAUSE, Delivers, WritesTheLetter
from grievances.web.shared.dates import GovDateField
from grievances.web.shared.fields import RadioList
from grievances.web.shared.step_form import Confirm, LineOfWords, OwnWords, StepForm

FINDING = "finding_"
"""Prefix of the field that holds the finding for a part, before its number."""
STANDS = "stands"
"""The answer that leaves a finding as it was."""
COMPANION = "I told them in writing that they may bring a companion"


class SendUpdate(StepForm):
    """A form to send the complainant an update."""

    steps = (StepName.SEND_UPDATE,)

    WORDS = {"text": Kind.UPDATE}
    intro = "Even when there is nothing new: say so, and say when they will hear from you again."
    text = OwnWords(label="Tell the complainant how it is going", max_length=5_000)


class Deciding(WarnsOfSilence, PromisesActions):
    """A decision at either stage: a finding for each part.

    Only findings that change something count.
    """

    def answers(self) -> dict[str, object]:
        """Return the answers, with `findings` as number -> code of a changed finding."""
        given = super().answers()
        names = [name for name in given if name.startswith(FINDING)]
        findings = {name.removeprefix(FINDING): given.pop(name) for name in names}
        changed = {number: code for number, code in findings.items() if code != STANDS}
        return {**given, "findings": changed, "actions": self.promised()}

    def codes(self) -> dict[str, object]:
        """Return the codes for the trail, with the changed findings."""
        return {**super().codes(), "findings": self.answers()["findings"]}


class Decide(WritesTheLetter, Deciding):
    """A form to give the decision, with reasons and a letter."""

    steps = (StepName.DECIDE,)
    has_check = True
    READ_BY_OTHERS = ("reasons", "letter", "action")

    WORDS = {"letter": Kind.LETTER, "reasons": Kind.LETTER}
    NEEDED_BY = {"reasons": investigation.ALL_FOUND, "appeal_rights": investigation.APPEAL_RIGHTS}
    intro = (
        "The complainant reads your letter and your reasons as soon as you give the decision, and "
        "can appeal from then on."
    )
    button = "Give the decision"
    reasons = OwnWords(label="Your reasons for each finding")
    letter = OwnWords(
        label="Your letter to the complainant",
        help_text="Plain words. Nothing in it may ask anyone to keep quiet about discrimination.",
    )
    action = LineOfWords(
        label="What will be done?",
        help_text="Needed when any part is upheld.",
        required=False,
        max_length=500,
    )
    action_owner = LineOfWords(label="Who will do it?", required=False)
    action_due = GovDateField(label="By when?", help_text="For example, 27 3 2027.", required=False)
    appeal_rights = forms.BooleanField(label="The letter explains the right to appeal")

    def fill(self) -> None:
        """Add a question about the finding for each part of the concern."""
        super().fill()
        findings = {
            f"{FINDING}{number}": forms.ChoiceField(
                label=f"Your finding: {text}",
                choices=Outcome.choices,
                widget=RadioList(),
                error_messages={"required": investigation.ALL_FOUND.sentence},
            )
            for number, text in parts_of(self)
        }
        self.begin_letter(parts_of(self))
        own = {
            f"{BECAUSE}{number}": self.reason_field(text)
            for number, text in (self.parts if len(self.parts) > 1 else [])
        }
        self.fields = {**findings, **own, **self.fields}

    def answers(self) -> dict[str, object]:
        """Return the answers, with the reasons of every part in one text."""
        given = super().answers()
        own = {name: text for name, text in given.items() if not name.startswith(BECAUSE)}
        return {**own, "reasons": self.all_reasons()}

    def words(self) -> tuple[tuple[Kind, str], ...]:
        """Return the letter and the reasons, to be sealed."""
        return self.letter_words()

    def finding_of(self, number: str) -> str:
        """Return the code of the finding that was chosen for a part."""
        return str(self.cleaned_data.get(f"{FINDING}{number}") or "")

    def promised_here(self) -> list[Promise]:
        """Return the actions as (what, who, local date)."""
        return self.promised()


class Appeal(StepForm):
    """A form with which a complainant appeals."""

    steps = (StepName.APPEAL,)

    WORDS = {"grounds": Kind.GROUNDS}
    NEEDED_BY = {"grounds": investigation.GROUNDS}
    intro = gettext_noop(
        "A senior person who has had no part in this looks at your appeal. No one may treat you "
        "badly for appealing. An appeal does not pause your tribunal time limit."
    )
    button = gettext_noop("Send my appeal")
    grounds = OwnWords(
        label=_("What do you think was wrong with the decision?"),
        help_text=_("In your own words. It can be short."),
    )


class AcceptOutcome(Confirm):
    """A form with which a complainant accepts the outcome."""

    steps = (StepName.ACCEPT_OUTCOME,)

    intro = gettext_noop(
        "Your concern is closed. We will ask how you are after 1, 3 and 6 months. If anyone treats "
        "you badly for having raised it, tell us at once."
    )


class DecideAppeal(Delivers, Deciding):
    """A form to decide an appeal."""

    steps = (StepName.DECIDE_APPEAL,)
    has_check = True
    READ_BY_OTHERS = ("reasons", "action")

    WORDS = {"reasons": Kind.APPEAL_LETTER}
    CODES = ("outcome",)
    NEEDED_WHEN = "If your decision asks for something more to be done."
    NEEDED_BY = {"reasons": investigation.REASONS}
    intro = "This is the final decision inside the organisation. The complainant reads it today."
    outcome = forms.ChoiceField(
        label="Your decision", choices=AppealOutcome.choices, widget=RadioList()
    )
    action = LineOfWords(
        label="What will be done?",
        help_text="If your decision asks for something more to be done.",
        required=False,
        max_length=500,
    )
    action_owner = LineOfWords(label="Who will do it?", required=False)
    action_due = GovDateField(label="By when?", help_text="For example, 27 3 2027.", required=False)
    reasons = OwnWords(label="Your letter, with reasons for each ground of the appeal")

    def fill(self) -> None:
        """Add a question about the finding for each part of the concern."""
        super().fill()
        found = dict(self.case.allegations.values_list("number", "finding"))
        findings = {
            f"{FINDING}{number}": forms.ChoiceField(
                label=f"The finding after the appeal: {text}",
                choices=_after_appeal(Outcome(found[int(number)])),
                widget=RadioList(),
            )
            for number, text in parts_of(self)
        }
        outcome = {"outcome": self.fields.pop("outcome")}
        self.fields = {**outcome, **findings, **self.fields}


def _after_appeal(found: Outcome) -> list[tuple[str, str]]:
    others = [(code, label) for code, label in Outcome.choices if code != found]
    return [(STANDS, f"It stays as it was: {found.label.lower()}"), *others]


class Remit(Delivers, WarnsOfSilence):
    """A form to send the case back for a new investigation after an appeal."""

    steps = (StepName.REMIT,)
    READ_BY_OTHERS = ("reasons",)

    WORDS = {"reasons": Kind.APPEAL_LETTER}
    NEEDED_BY = {"reasons": investigation.REASONS}
    is_grave = True
    intro = (
        "A new handler and a new decision maker are found, and the investigation begins afresh. "
        "The complainant reads your reasons."
    )
    reasons = OwnWords(label="Your letter, with reasons for each ground of the appeal")


class FinishAction(StepForm):
    """A form to record that an action of the decision is done."""

    steps = (StepName.FINISH_ACTION,)

    WORDS = {"evidence": Kind.ACTION_DONE}
    CODES = ("action", "done_on")
    intro = "Record it when it was done, not before. The complainant reads what you write."
    action = forms.ChoiceField(label="Which action is done?", widget=RadioList())
    done_on = GovDateField(label="On which day was it done?", help_text="For example, 27 3 2027.")
    evidence = OwnWords(
        label="What shows that it is done?",
        help_text="For example: 14 people took the training on 3 March; the list is with HR.",
        max_length=2_000,
    )

    def clean(self) -> dict[str, object]:
        """Return the answers; refuse a day in the future."""
        data = super().clean() or self.cleaned_data
        refuse_future(self, "done_on")
        return data

    def fill(self) -> None:
        """Offer the actions that are not done, in words where the key opens them.

        Older decisions do not say which action their words are about; they had one action. An
        action without words of its own gets the first that are left.
        """
        ring = Keyring.of(self.case, self.caller.holder)
        words = read_all(self.case, ring, [Kind.ACTION])
        named = {each.about: each.text for each in words if each.about}
        unnamed = iter([each.text for each in words if not each.about])
        rows = list(Action.objects.filter(case=self.case).order_by("pk"))
        texts = {row.pk: named.get(str(row.pk)) or next(unnamed, "") for row in rows}
        self.choice_field("action").choices = [
            (
                str(row.pk),
                f"{_first_line(texts[row.pk]) or 'Action'}, due by {row.due_on:%-d %B %Y}",
            )
            for row in rows
            if row.done_on is None
        ]


def parts_of(form: StepForm) -> list[tuple[str, str]]:
    """Return the parts of a concern as (number, words).

    The account is the first part.
    """
    ring = Keyring.of(form.case, form.caller.holder)
    added = {w.about: w.text for w in read_all(form.case, ring, [Kind.ALLEGATION])}
    rows = form.case.allegations.order_by("number")
    first = "the concern as it was raised"
    unread = "its words are not open to you yet" if Compartment.CORE not in ring else first
    return [
        (str(row.number), f"Part {row.number}: {_short(added.get(str(row.number)) or unread)}")
        for row in rows
    ]


def refuse_future(form: StepForm, name: str) -> None:
    """Add an error to the field when its day is after today."""
    day = form.cleaned_data.get(name)
    if day is not None and day > form.today:
        form.add_error(name, "This day lies ahead. Record it when it has happened.")


def _first_line(text: str) -> str:
    """Return what an action is, without its owner and date."""
    return text.partition("\n")[0]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else f"{line[:117]}..."
