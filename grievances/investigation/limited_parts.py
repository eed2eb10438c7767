"""Effects of adding and removing people who help in a case, and of their texts."""

from __future__ import annotations

from grievances.cases.actions import clocks
from grievances.cases.actions import step_answers as given
from grievances.cases.actions.effects import (
    Execution,
    StepExecution,
    appoint,
    effect,
    keys_of_role,
    remove,
)
from grievances.cases.actions.exclusions import forget_readers
from grievances.cases.models.assignments import holders, withdraw
from grievances.cases.models.records import Kind, write
from grievances.cases.step_names import StepName
from grievances.cases.steps.investigating.limited_parts import BETWEEN
from grievances.casework.declarations import NO_KEY_YET, opens_names
from grievances.casework.reader_announcements import announce_readers
from grievances.participants.questions import have_reply_key
from grievances.vocabulary import ASKED_TO_HELP, LIMITED, Role
from workflow.steps import Refused


@effect(StepName.APPOINT_PART)
def announce_helper(execution: Execution[given.AppointedHelper]) -> None:
    """Announce the person to the complainant, as every new reader is.

    Raises:
        Refused: PART_TAKEN, for a person who has the part or is announced for it.
    """
    person, role = execution.answers["person"], Role(execution.answers["part"])
    has_part = holders(execution.case, role, ASKED_TO_HELP[role]).filter(pk=person.pk).exists()
    if execution.role == Role.HANDLER and role is not Role.ADVISER:
        have_reply_key(execution)
    if has_part or not announce_readers(execution, [person], role):
        raise Refused("PART_TAKEN", "This person was announced for this part already.")


@effect(StepName.BEGIN_TO_HELP)
def begin(execution: StepExecution) -> None:
    """Give the part to the person who has signed, and the keys that have come since.

    Raises:
        Refused: NO_KEY_YET, for a co-investigator who cannot read yet whom the complainant named.
    """
    case, person = execution.case, execution.caller.person
    for part, asked in ASKED_TO_HELP.items():
        if execution.role == asked:
            if part is Role.CO_HANDLER and not opens_names(case, execution.ring):
                raise Refused("NO_KEY_YET", NO_KEY_YET)
            withdraw(case, person, asked)
            appoint(execution, person, part, keys_of_role(case, part))
    clocks.stop_unasked(case, execution.today)


@effect(StepName.END_PART)
def take_off(execution: StepExecution) -> None:
    """Take the part and its keys at once, or withdraw the announcement.

    Raises:
        Refused: NO_SUCH_PART.
    """
    part, _, typed = str(execution.answers["helper"]).partition(BETWEEN)
    if part not in LIMITED or not typed.isdecimal():
        raise Refused("NO_SUCH_PART", "Choose a person who helps in this case.")
    for row in execution.case.pending_readers.filter(role=part, person=int(typed)):
        forget_readers(execution, row.person)
    for role in (Role(part), ASKED_TO_HELP[Role(part)]):
        for person in holders(execution.case, role).filter(pk=int(typed)):
            remove(execution.case, person, role, execution.ring)
    clocks.stop_unasked(execution.case, execution.today)


@effect(StepName.TAKE_NOTES)
def keep_notes(execution: StepExecution) -> None:
    """Seal the notes, with the meeting they are of."""
    have_reply_key(execution)
    _seal(execution, Kind.MINUTES, f"{execution.answers['meeting']}\n\n")


@effect(StepName.ASK_ADVICE)
def ask(execution: StepExecution) -> None:
    """Seal the question to the process key, which the adviser has.

    Raises:
        Refused: NO_ADVISER.
    """
    if not holders(execution.case, Role.ADVISER).exists():
        raise Refused("NO_ADVISER", "No legal adviser has begun in this case. Add one first.")
    _seal(execution, Kind.ADVICE_ASKED)


@effect(StepName.GIVE_ADVICE)
def advise(execution: StepExecution) -> None:
    """Seal the advice."""
    _seal(execution, Kind.ADVICE)


def _seal(execution: StepExecution, kind: Kind, head: str = "") -> None:
    text = head + str(execution.answers["text"])
    case, ring, author = execution.case, execution.ring, execution.role
    write(case, ring, kind, text, author=author, now=execution.now)
