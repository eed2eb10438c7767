"""The actions of a decision: what, who, and by when; up to ten of them."""

from __future__ import annotations

from datetime import date

from django import forms

from grievances.people.matching import match_one
from grievances.people.models import Leave
from grievances.web.shared.dates import GovDateField
from grievances.web.shared.step_form import LineOfWords, StepForm

MOST = 10
PARTS = ("action", "action_owner", "action_due")
UNKNOWN = (
    "We could not find exactly one person of this name who works here now. Check the spelling, or "
    "use the user name."
)
OWNER_AWAY = "This person is away on that day. Choose another day, or someone else."


def names_of(number: int) -> tuple[str, str, str]:
    """Return the field names of one action; the first has no number."""
    end = "" if number == 1 else f"_{number}"
    what, who, due = (f"{part}{end}" for part in PARTS)
    return what, who, due


Promise = tuple[str, str, date]
"""A promised action: what, the name of its owner, and by which local date."""


class PromisesActions(StepForm):
    """A form with the actions of a decision.

    There is one block of questions, and one more for each press of "Add another action".
    """

    may_add = True
    NEEDED_WHEN = "Needed when any part is upheld."

    def fill(self) -> None:
        """Add the blocks of questions in the place of the first one."""
        super().fill()
        blocks = {
            name: field for n in range(1, self._count() + 1) for name, field in _block(n).items()
        }
        blocks["action"].help_text = self.NEEDED_WHEN
        before, after = _split(self.fields)
        self.fields = {**before, **blocks, **after}

    def _count(self) -> int:
        filled = [n for n in range(1, MOST + 1) if self._is_begun(n)]
        return min(MOST, max([1, *filled]) + ("more" in self.data and bool(filled)))

    def _is_begun(self, number: int) -> bool:
        what, who, due = names_of(number)
        typed = [what, who, *(f"{due}_{part}" for part in ("day", "month", "year"))]
        return any(str(self.data.get(name) or "").strip() for name in typed)

    def clean(self) -> dict[str, object]:
        """Return the answers; refuse an action that is not complete."""
        data = super().clean() or self.cleaned_data
        for number in range(1, self._count() + 1):
            if self._is_begun(number):
                self._check_action(*names_of(number))
        return data

    def _check_action(self, what: str, who: str, due: str) -> None:
        missing = {
            what: "Say what will be done.",
            who: "Say who will do it.",
            due: "Say by when it will be done.",
        }
        for name, sentence in missing.items():
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, forms.ValidationError(sentence, code="ACTION_INCOMPLETE"))
        typed, day = self.cleaned_data.get(who), self.cleaned_data.get(due)
        if typed:
            person = match_one(typed)
            if person is None:
                self.add_error(who, forms.ValidationError(UNKNOWN, code="OWNER_UNKNOWN"))
            else:
                self.cleaned_data[who] = person.name
                if day is not None and Leave.touching([person.pk], day, day).exists():
                    self.add_error(due, OWNER_AWAY)
        if day is not None and day < self.today:
            self.add_error(due, "This day has passed. Give a day on which it can still be done.")

    def promised(self) -> list[Promise]:
        """Return the actions as (what, name of the owner, local date)."""
        found = [names_of(number) for number in range(1, self._count() + 1)]
        data = self.cleaned_data
        return [(data[what], data[who], data[due]) for what, who, due in found if data.get(what)]


def _block(number: int) -> dict[str, forms.Field]:
    """Return the three questions about one action."""
    what, who, due = names_of(number)
    start = "" if number == 1 else f"Action {number}: "

    def said(question: str) -> str:
        return f"{start}{question.lower()}" if start else question

    return {
        what: LineOfWords(label=said("What will be done?"), required=False, max_length=500),
        who: LineOfWords(
            label=said("Who will do it?"),
            help_text="A name or user name from the staff directory.",
            required=False,
        ),
        due: GovDateField(
            label=said("By when?"), help_text="For example, 27 3 2027.", required=False
        ),
    }


Fields = dict[str, forms.Field]


def _split(fields: Fields) -> tuple[Fields, Fields]:
    """Return the fields before and after the first block of an action."""
    names = list(fields)
    first, last = names.index(PARTS[0]), names.index(PARTS[-1])
    before = {name: fields[name] for name in names[:first]}
    return before, {name: fields[name] for name in names[last + 1 :]}
