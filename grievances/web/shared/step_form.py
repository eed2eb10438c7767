"""The base of every step form: page version, idempotency key, step input.

A form asks; it decides nothing. The rules are in `cases.guards`. A field that a guard needs takes
the guard's own sentence and code, so that a page and a JSON caller are refused in the same words.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Unpack

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grievances.cases.actions.actor import Caller
from grievances.cases.actions.perform import StepInput, stamp
from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind
from grievances.cases.step_names import StepName
from grievances.people.matching import match_one
from grievances.people.models import User
from grievances.web.shared.fields import (
    LONG_TEXT_LIMIT,
    FieldOptions,
    LongText,
    PlainForm,
    RadioList,
)
from workflow.steps import Guard

ANSWER_MISSING = "ANSWER_MISSING"
ANSWER_INVALID = "ANSWER_INVALID"

YES_NO = (("yes", _("Yes")), ("no", _("No")))


def clean_text(text: str) -> str:
    """Return text without NUL and control characters, with one kind of line end.

    Nothing else changes.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) != "Cc")


class CleanText(forms.CharField):
    """A text field without control characters.

    A text that is too long is refused in a sentence.
    """

    default_error_messages = {
        "too_long": _(
            "This is {count:,} characters long, and up to {limit:,} fit here. Make it shorter, or "
            "send the rest in a second piece. Nothing you typed is lost."
        )
    }

    def __init__(
        self, *, max_length: int = LONG_TEXT_LIMIT, **options: Unpack[FieldOptions]
    ) -> None:
        super().__init__(max_length=max_length, **options)
        # Django's own length check would use its own words.
        self.validators = []

    def to_python(self, value: object) -> str:
        """Return the cleaned text."""
        return str(super().to_python(clean_text(str(value)) if value else value) or "")

    def validate(self, value: Any) -> None:
        """Check the length.

        Raises:
            ValidationError: For a text over the limit.
        """
        super().validate(value)
        limit = self.max_length or LONG_TEXT_LIMIT
        if len(value) > limit:
            sentence = self.error_messages["too_long"].format(count=len(value), limit=limit)
            raise ValidationError(sentence, code="too_long")


class OwnWords(CleanText):
    """A person's own words, in a tall box."""

    widget = LongText


class LineOfWords(CleanText):
    """One line of text: a name, a reference."""

    def __init__(self, *, max_length: int = 200, **options: Unpack[FieldOptions]) -> None:
        super().__init__(max_length=max_length, **options)


class PeopleList(RadioList):
    """A list of people to choose from.

    People who cannot be chosen are greyed, with the reason below.
    """

    unfit: frozenset[str] = frozenset()

    def create_option(self, *args: object, **options: object) -> dict[str, object]:
        """Return the option, disabled for a person who cannot be chosen."""
        option = super().create_option(*args, **options)
        if str(option["value"]) in self.unfit:
            option["attrs"]["disabled"] = True
        return option


class PersonField(forms.ChoiceField):
    """A choice of one person from a list; its value is the account."""

    widget: Any = PeopleList

    def __init__(self, **options: Unpack[FieldOptions]) -> None:
        super().__init__(**options)
        self.people: dict[str, User] = {}

    def offer(
        self, people: Iterable[User], hints: Mapping[str, str], unfit: Iterable[str] = ()
    ) -> None:
        """Set who can be chosen.

        `hints` has a sentence for each account id; `unfit` are the ids that are greyed.
        """
        self.people = {str(person.pk): person for person in people}
        self.choices = [(pk, describe(person)) for pk, person in self.people.items()]
        self.widget.hints, self.widget.unfit = dict(hints), frozenset(unfit)

    def clean(self, value: object) -> User | None:
        """Return the chosen account, or None."""
        return self.people.get(str(super().clean(value)))


def describe(person: User) -> str:
    """Return a person as a choice: name and place of work."""
    return f"{person.name}, {person.unit.name}" if person.unit else person.name


def one_person(typed: str) -> User:
    """Return the one person of a typed name.

    Raises:
        ValidationError: For a name that fits no one or more than one person.
    """
    found = match_one(typed)
    if found is None:
        raise ValidationError(
            "No one, or more than one person, has this name in the directory. Use the user name "
            "instead."
        )
    return found


@dataclass(frozen=True)
class ListOfGaps:
    """A heading and plain sentences that a page lists above its questions."""

    heading: str
    lines: tuple[str, ...]


class StepForm(PlainForm):
    """The form of one step on one case, for one person in one role.

    `steps` names the steps that the form asks for. `WORDS` are answers to seal, each as a kind of
    record. `CODES` are answers that go into the trail. `NEEDED_BY` names the guard that asks for a
    field. `intro` says why we ask and what happens next, `guide` what to say in the talk, `button`
    what the button does (the step's label when empty). A form that `has_check` can
    be saved as a draft and is shown once more before it is sent. A form that `has_preview` shows
    which dates would move once the question `preview_needs` has an answer. `shown_once` is the
    template of what the person sees once, after the step.
    """

    steps: ClassVar[tuple[StepName, ...]] = ()
    WORDS: ClassVar[Mapping[str, Kind]] = {}
    CODES: ClassVar[tuple[str, ...]] = ()
    NEEDED_BY: ClassVar[Mapping[str, Guard]] = {}
    intro: ClassVar[str] = ""
    guide: ClassVar[tuple[str, ...]] = ()
    has_check: ClassVar[bool] = False
    shown_once: ClassVar[str] = ""
    button: ClassVar[str] = ""
    warning: ClassVar[str] = ""
    is_grave: ClassVar[bool] = False
    has_preview: ClassVar[bool] = False
    preview_needs: ClassVar[str] = ""
    preview_heading: ClassVar[str] = ""

    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(
        self, *args: object, case: Case, caller: Caller, role: str, today: date, **options: object
    ) -> None:
        super().__init__(*args, **options)
        self.case, self.caller, self.acting_as, self.today = case, caller, role, today
        self.links: list[dict[str, str]] = []
        self.named: list[tuple[str, str]] = []
        self.saw = ""
        self.listed: ListOfGaps | None = None
        self.first_button = "preview" if self.has_preview else "check" if self.has_check else ""
        self.fields["once"].initial = uuid.uuid4().hex
        self.fields["seen"].initial = stamp(case)
        for name, guard in self.NEEDED_BY.items():
            self.fields[name].error_messages["required"] = guard.sentence
        self.fill()

    def fill(self) -> None:
        """Set the choices that depend on the case."""

    @classmethod
    def shown_after(
        cls, case: Case, caller: Caller, given: Mapping[str, str], *, is_first: bool
    ) -> Mapping[str, object]:
        """Return what the template `shown_once` shows.

        `given` is what was sent. `is_first` is false for a repeated press.
        """
        return {}

    def choice_field(self, name: str) -> forms.ChoiceField:
        """Return the choice field of this name, to set its choices.

        Raises:
            TypeError: When the field offers no choices.
        """
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(name)
        return field

    def offer_choices(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        """Set the answers of a question about which one is meant.

        A single one is chosen already: a question with one answer asks nothing.
        """
        found = list(choices)
        self.choice_field(name).choices = found
        if len(found) == 1:
            self.fields[name].initial = found[0][0]

    def person_field(self, name: str) -> PersonField:
        """Return the person field of this name, to set its people.

        Raises:
            TypeError: When the field offers no people.
        """
        field = self.fields[name]
        if not isinstance(field, PersonField):
            raise TypeError(name)
        return field

    def answers(self) -> dict[str, object]:
        """Return the answers that guards and effects receive."""
        own = {name: self.cleaned_data.get(name) for name in self.cleaned_data}
        del own["once"], own["seen"]
        return own

    def words(self) -> tuple[tuple[Kind, str], ...]:
        """Return the words to seal into the case, as (kind, text)."""
        found = [
            (kind, str(self.cleaned_data.get(name) or "")) for name, kind in self.WORDS.items()
        ]
        return tuple((kind, text) for kind, text in found if text)

    def codes(self) -> dict[str, object]:
        """Return what the trail keeps: codes, dates and numbers, never words."""
        kept = {name: self.cleaned_data.get(name) for name in self.CODES}
        return {name: _plain(value) for name, value in kept.items() if value not in (None, "")}

    @property
    def caution(self) -> str:
        """What the page before sending warns of; "" for nothing. The answers are valid."""
        return ""

    def hide_errors(self) -> None:
        """Show what was typed without a word on what is missing: it is not sent yet."""
        self.is_valid()
        self.errors.clear()

    @property
    def named_rows(self) -> list[dict[str, str]]:
        """The people named, as rows of a summary list."""
        return [{"key": part, "value": name} for part, name in self.named]

    def step_input(self) -> StepInput:
        """Return the whole input of `cases.actions.perform`, from a valid form."""
        return StepInput(
            answers=self.answers(),
            words=self.words(),
            codes=self.codes(),
            seen=self.cleaned_data["seen"],
            once=self.cleaned_data["once"],
        )

    def preview(self) -> list[tuple[str, date, date]]:
        """Return the dates that would move: (promise, its date now, afterwards)."""
        return []

    def refusal(self) -> tuple[str, str]:
        """Return (code, sentence) of the first mistake of an invalid form.

        It is for callers without a page.
        """
        for name, errors in self.errors.as_data().items():
            error = errors[0]
            sentence = str(error.messages[0])
            if error.code == "required":
                guard = self.NEEDED_BY.get(name)
                return (guard.code if guard else ANSWER_MISSING), sentence
            code = str(error.code or "")
            return (code if code.isupper() else ANSWER_INVALID), sentence
        return ANSWER_INVALID, gettext("Check the answers.")


class Confirm(StepForm):
    """A step without questions: the page says what happens, the button does it."""


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, (list, tuple, set)) else value
