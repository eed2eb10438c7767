"""The letter of a decision on its form, and the forms of referrals."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from grievances.cases.actions.delivery import why_not_now
from grievances.cases.guards import investigation, referrals
from grievances.cases.models.records import Kind
from grievances.cases.step_names import StepName
from grievances.choices import Body, ReferralResult
from grievances.letters.composing import Decided, fill_in, first_draft
from grievances.people.models import User
from grievances.vocabulary import Outcome
from grievances.web.cases.step_forms.actions import Promise
from grievances.web.cases.step_forms.confidentiality import WarnsOfSilence
from grievances.web.shared import clock
from grievances.web.shared.fields import RadioList
from grievances.web.shared.step_form import LineOfWords, OwnWords, StepForm
from workflow.steps import Refused

NOT_NOW = (
    "After this there must be someone to turn to. Give it on a later working day, or confirm that "
    "the person wants it today. A draft that you saved waits for you."
)
BECAUSE = "because_"
"""Prefix of the field that holds the reasons for a part, before its number."""


class Delivers(StepForm):
    """A form whose words may be hard to read.

    It asks for the reader's wish at a bad time.
    """

    reader: ClassVar[str] = "The complainant"

    def fill(self) -> None:
        """Add the question where something speaks against this day, with what does."""
        super().fill()
        who, step = self.caller.who, self.steps[0]
        officer = who.pk if isinstance(who, User) else None
        whys = why_not_now(step, self.case, officer, clock.now())
        if whys:
            self.fields["wish"] = forms.BooleanField(
                label=f"{self.reader} has said that they want this today",
                help_text=f"{' '.join(whys)} Give it on a later working day, unless they asked for "
                "it.",
                error_messages={"required": NOT_NOW},
            )

    def codes(self) -> dict[str, object]:
        """Return the codes for the trail, with a wish that was confirmed."""
        wish = {"wish": "yes"} if self.cleaned_data.get("wish") else {}
        return {**super().codes(), **wish}


class WritesTheLetter(Delivers):
    """A form of a decision with a letter that is made of blocks.

    The letter can have placeholders. The page to check shows it as its reader will.
    """

    def begin_letter(self, parts: list[tuple[str, str]]) -> None:
        """Begin the letter from the blocks, and prepare the questions."""
        self.parts = parts
        self.fields["letter"].initial = first_draft()
        self.fields["letter"].help_text = (
            "Plain words. {findings}, {actions} and {appeal_by} are filled in from your answers: "
            "you see it on the next page, as the reader will. Nothing in the letter may ask anyone "
            "to keep quiet about discrimination."
        )
        if len(parts) > 1:
            self.fields["reasons"].required = False
            self.fields["reasons"].label = "Reasons that hold for all parts"

    def reason_field(self, text: str) -> OwnWords:
        """Return the question about the reasons for one part."""
        return OwnWords(label=f"Your reasons. {text}", required=False)

    def clean(self) -> dict[str, object]:
        """Return the answers, with the letter as its reader sees it.

        Every part needs reasons, its own or those for all.
        """
        data = super().clean() or self.cleaned_data
        bare = [number for number, _ in self.parts if not self._because(number)]
        if bare and "reasons" not in self.errors:
            name = f"{BECAUSE}{bare[0]}" if f"{BECAUSE}{bare[0]}" in self.fields else "reasons"
            guard = investigation.ALL_FOUND
            self.add_error(name, forms.ValidationError(guard.sentence, code=guard.code))
        self.has_findings = "{findings}" in str(data.get("letter") or "")
        if data.get("letter") and not self.errors:
            try:
                data["letter"] = fill_in(self.case, str(data["letter"]), self._decided())
            except Refused as refused:
                error = forms.ValidationError(refused.sentence, code=refused.code)
                self.add_error("letter", error)
        return data

    def finding_of(self, number: str) -> str:
        """Return the code of the finding that was chosen for a part."""
        raise NotImplementedError

    def promised_here(self) -> list[Promise]:
        """Return the actions as (what, who, local date)."""
        raise NotImplementedError

    def _decided(self) -> Decided:
        parts = tuple(
            (number, _words(text), self.finding_of(number), self._because(number))
            for number, text in self.parts
        )
        return Decided(parts, tuple(self.promised_here()), self.today)

    def _because(self, number: str) -> str:
        own = str(self.cleaned_data.get(f"{BECAUSE}{number}") or "")
        shared = str(self.cleaned_data.get("reasons") or "")
        return "\n\n".join(each for each in (own, shared) if each)

    def all_reasons(self) -> str:
        """Return the reasons of every part in one text."""
        own = [
            f"Part {number} ({Outcome(self.finding_of(number)).label.lower()}): {typed}"
            for number, _ in self.parts
            if (typed := str(self.cleaned_data.get(f"{BECAUSE}{number}") or ""))
        ]
        return "\n\n".join(
            each for each in (*own, str(self.cleaned_data.get("reasons") or "")) if each
        )

    def letter_words(self) -> tuple[tuple[Kind, str], ...]:
        """Return the letter, and the reasons where the letter does not have them."""
        letter = (Kind.LETTER, str(self.cleaned_data["letter"]))
        return (letter,) if self.has_findings else (letter, (Kind.LETTER, self.all_reasons()))


def _words(text: str) -> str:
    """Return the words of a part without its number."""
    return text.partition(": ")[2] or text


class Refer(Delivers, WarnsOfSilence):
    """A form to refer something to another body."""

    steps = (StepName.REFER,)
    has_check = True
    READ_BY_OTHERS = ("letter", "to_body")

    CODES = ("body",)
    NEEDED_BY = {
        "body": referrals.BODY,
        "name": referrals.NAMED,
        "asked": referrals.VIEW_ASKED,
        "letter": referrals.TO_THE_PERSON,
        "to_body": referrals.TO_THE_BODY,
    }
    intro = (
        "The complainant reads their letter on their page. The letter to the body is taken out as "
        "a PDF and sent by you. Say no more in it than the body needs."
    )
    button = "Refer it"
    body = forms.ChoiceField(label="To whom?", choices=Body.choices, widget=RadioList())
    name = LineOfWords(label="Which body is it, and where?")
    asked = forms.BooleanField(label="I asked the complainant, and the letter says what they said")
    letter = OwnWords(label="Your letter to the complainant")
    to_body = OwnWords(label="Your letter to the other body")


class RecordReferral(Delivers):
    """A form to record what came of a referral."""

    steps = (StepName.RECORD_REFERRAL,)

    CODES = ("referral", "result")
    NEEDED_BY = {"referral": referrals.CHOSEN, "result": referrals.RESULT}
    intro = "The complainant reads what you write here."
    button = "Save what came of it"
    referral = forms.ChoiceField(label="Which referral?", widget=RadioList())
    result = forms.ChoiceField(
        label="What came of it?", choices=ReferralResult.choices, widget=RadioList()
    )
    text = OwnWords(label="What they told us", required=False, max_length=5_000)

    def fill(self) -> None:
        """Offer the referrals that wait for a result."""
        super().fill()
        self.choice_field("referral").choices = [
            (str(row.pk), f"{row.get_body_display()}, {row.sent_on:%-d %B %Y}")
            for row in self.case.referrals.order_by("number")
            if row.is_open
        ]
