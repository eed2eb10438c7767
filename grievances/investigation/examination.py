"""Effects of steps that plan, list evidence, examine a part and take notes."""

from __future__ import annotations

import re

from grievances.cases.actions.effects import StepExecution, effect
from grievances.cases.models.records import Kind, Words, read_all, write
from grievances.cases.step_names import StepName
from grievances.choices import SeenBy
from grievances.investigation.entries import have_working_key, next_number, write_entry
from grievances.investigation.meetings import (
    COMPLAINANT,
    hearing_on,
    refuse_complainants_name,
    tell_complainant,
    tell_heard,
)
from grievances.vocabulary import Standing
from workflow.steps import Refused

MARKS = re.compile(r"(\[\[|\]\])")
MASKED = "[hidden]"
"""What replaces a masked passage. A mask that is not closed hides the rest."""

MAY_SEE = {
    Standing.COMPLAINANT: (SeenBy.COMPLAINANT.value, SeenBy.BOTH.value),
    Standing.RESPONDENT: (SeenBy.RESPONDENT.value, SeenBy.BOTH.value),
    Standing.WITNESS: (),
}
"""Which marks of a piece of evidence let a party see it."""


def masked(text: str) -> str:
    """Return a text in which every passage in double square brackets is hidden."""
    depth, shown = 0, []
    for piece in MARKS.split(text):
        if piece == "[[":
            shown += [] if depth else [MASKED]
            depth += 1
        elif piece == "]]":
            depth = max(depth - 1, 0)
        elif not depth:
            shown.append(piece)
    return "".join(shown)


@effect(StepName.PLAN_INVESTIGATION)
def keep_plan(execution: StepExecution) -> None:
    """Seal the plan. The newest is the one in force, and the earlier ones stay."""
    write_entry(execution, Kind.PLAN, execution.answers)


@effect(StepName.LIST_PERSON)
def keep_person(execution: StepExecution) -> None:
    """Seal who is to be heard, and the questions.

    With the number of a person on the list, it replaces what was there.
    """
    number = str(execution.answers.get("number") or "") or next_number(execution, Kind.TO_HEAR)
    write_entry(execution, Kind.TO_HEAR, execution.answers, number)


@effect(StepName.LIST_EVIDENCE)
def keep_exhibit(execution: StepExecution) -> None:
    """Seal a piece of evidence under the next number."""
    write_entry(execution, Kind.EXHIBIT, execution.answers, next_number(execution, Kind.EXHIBIT))


@effect(StepName.EXAMINE_PART)
def keep_examination(execution: StepExecution) -> None:
    """Seal the examination of a part. The newest of a part is the one in force."""
    write_entry(execution, Kind.EXAMINED, execution.answers, str(execution.answers["part"]))


@effect(StepName.WRITE_WORKING_NOTE)
def keep_note(execution: StepExecution) -> None:
    """Seal a note under a key that the handler alone holds."""
    have_working_key(execution)
    write(
        execution.case, execution.ring, Kind.WORKING_NOTE, str(execution.answers["text"]),
        author=execution.role, now=execution.now,
    )  # fmt: skip


@effect(StepName.SHOW_EVIDENCE)
def show(execution: StepExecution) -> None:
    """Seal a masked text about one piece of evidence to one party.

    Raises:
        Refused: NOT_FOR_THEM, when the list does not say that this party may see it.
    """
    case, ring, who = execution.case, execution.ring, str(execution.answers["person"])
    exhibit = exhibits_of(read_all(case, ring, [Kind.EXHIBIT])).get(
        str(execution.answers["evidence"])
    )
    hearing = None if who == COMPLAINANT else hearing_on(execution, who)
    standing = Standing.COMPLAINANT if hearing is None else Standing(hearing.standing)
    if exhibit is None or exhibit.fields.get("seen_by") not in MAY_SEE[standing]:
        raise Refused(
            "NOT_FOR_THEM",
            "The list of evidence does not say that this person may see it. List it again with "
            "another answer to “Who may see it?”, then show it.",
        )
    text = f"Evidence {exhibit.about}\n\n{masked(str(execution.answers['text']))}"
    if hearing is None:
        write(case, ring, Kind.EVIDENCE_FOR_YOU, text, author=execution.role, now=execution.now)
        tell_complainant(execution, f"shown:{exhibit.about}")
        return
    refuse_complainants_name(execution, hearing, text)
    write(
        case, ring, Kind.EVIDENCE_SHOWN, text,
        author=execution.role, now=execution.now, about=str(hearing.number),
        compartment=hearing.compartment,
    )  # fmt: skip
    tell_heard(execution, hearing, f"shown:{exhibit.about}")


def exhibits_of(words: list[Words]) -> dict[str, Words]:
    """Return evidence by number; a later entry of a number replaces an earlier one."""
    return {each.about: each for each in words}
