"""Compose the letter of a decision from the blocks in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from grievances.cases.models.case import Case
from grievances.choices import LetterBlockKey
from grievances.letters.blocks import (
    OF_A_LETTER,
    OF_A_PART,
    PLACEHOLDER,
    in_force,
    refuse_unknown,
)
from grievances.policy import profiles
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import Outcome
from workflow.clocks import first_due
from workflow.steps import Refused

BLOCK_OF = {
    Outcome.UPHELD: LetterBlockKey.UPHELD,
    Outcome.PARTLY: LetterBlockKey.PARTLY,
    Outcome.NOT_UPHELD: LetterBlockKey.NOT_UPHELD,
}
"""The block about a part, by its finding."""

ONCE = ("findings", "actions")
"""Placeholders that a letter has once at most: each becomes a long text."""

NO_ACTIONS = "Nothing further was decided."


@dataclass(frozen=True)
class Decided:
    """What a decision letter is made of. Days are local dates.

    `parts` are (number, words, finding, reasons); `actions` are (what, who, by when).
    """

    parts: tuple[tuple[str, str, str, str], ...]
    actions: tuple[tuple[str, str, date], ...]
    today: date


def first_draft() -> str:
    """Return the letter as a decision maker begins it, with its placeholders."""
    blocks = in_force()
    opening, actions = blocks[LetterBlockKey.OPENING][1], blocks[LetterBlockKey.ACTIONS][1]
    appeal, closing = blocks[LetterBlockKey.APPEAL][1], blocks[LetterBlockKey.CLOSING][1]
    return "\n\n".join([opening, "{findings}", actions, appeal, closing])


def respondent_draft() -> str:
    """Return the letter to the person a concern is about, as it is begun."""
    return in_force()[LetterBlockKey.RESPONDENT][1]


def fill_in(case: Case, text: str, decided: Decided) -> str:
    """Return the letter as its reader sees it, with every placeholder filled in.

    What people typed is put in as it is: braces in it are no placeholders.

    Raises:
        Refused: PLACEHOLDER_UNKNOWN; PLACEHOLDER_TWICE for the findings or the actions.
    """
    refuse_unknown(text, OF_A_LETTER)
    _refuse_twice(text)
    values = {
        "findings": _findings(decided.parts),
        "actions": _actions(decided.actions),
        "appeal_by": f"{appeal_by(case, decided.today):%-d %B %Y}",
        "reference": case.reference,
        "decision_date": f"{decided.today:%-d %B %Y}",
    }
    return _put(text, values)


def _refuse_twice(text: str) -> None:
    """Refuse a letter in which every finding, or every action, would be read twice.

    Raises:
        Refused: PLACEHOLDER_TWICE.
    """
    found = [each[1] for each in PLACEHOLDER.finditer(text)]
    twice = next((name for name in ONCE if found.count(name) > 1), "")
    if twice:
        raise Refused(
            "PLACEHOLDER_TWICE",
            f"{{{twice}}} is in the letter more than once, and the reader would read it each "
            "time. Keep one of them.",
        )


def appeal_by(case: Case, today: date) -> date:
    """Return the last local date to appeal against a decision given today."""
    if case.profile is None:
        return today
    clock = profiles.clock(
        case.profile,
        ClockName.APPEAL_WINDOW,
        fast_track=case.fast_track,
        started_on=case.received_on or today,
    )
    return first_due(clock, today, case.calendar)


def _findings(parts: Iterable[tuple[str, str, str, str]]) -> str:
    blocks, found = in_force(), []
    for number, words, finding, reasons in parts:
        block = blocks[BLOCK_OF[Outcome(finding)]][1]
        refuse_unknown(block, OF_A_PART)
        found.append(_put(block, {"part": number, "concern": words, "reasons": reasons}))
    return "\n\n".join(found)


def _actions(actions: Iterable[tuple[str, str, date]]) -> str:
    lines = [f"- {what}. Who: {who}. By: {due:%-d %B %Y}" for what, who, due in actions]
    return "\n".join(lines) or NO_ACTIONS


def _put(text: str, values: Mapping[str, str]) -> str:
    """Return a text, filled in once: what is put in is not looked at again."""
    return PLACEHOLDER.sub(lambda found: values[found[1]], text)
