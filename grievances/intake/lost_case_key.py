"""Give a person who lost their case key a new one, by two officers after a wait.

The triage officer and the casework lead each speak with the person. Each gives them one half of
the new key and never learns the other, so neither can come back in their place. The holder of the
key in use is told at each step, and has some days to say that they have it. An account that was
lost comes back in another way (`accounts.recovery`).
"""

from __future__ import annotations

from grievances.cases.actions import step_answers as given
from grievances.cases.actions.effects import Execution, StepExecution, effect
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.key_distribution import take_core_from_keys
from grievances.cases.models.parties import add_anonymous, complainant_of
from grievances.cases.models.records import Kind, write
from grievances.cases.notices.sending import retract
from grievances.cases.step_names import StepName
from grievances.encryption.key_pairs import Holder, anonymous_holder, half_of_key
from grievances.encryption.primitives import DecryptionFailed
from grievances.intake import taking_down
from grievances.intake.agreement_models import NewCaseKey
from grievances.intake.drafts import NEW_CASE_KEYS
from grievances.people.models import User, accounts_of_one
from workflow.steps import Refused

TYPED_BY_YOU = (
    "TYPED_BY_YOU",
    "You typed this concern and have seen its case key. A colleague has to do this.",
)
SAME_PERSON = (
    "SAME_PERSON",
    "It takes two people to give a new case key. Someone else has to agree to your request.",
)
ASK_ANEW = (
    "NEW_KEY_LOST",
    "This new case key cannot be given any more. Stop it, and ask for a new one.",
)
WRONG_HALF = ("ANSWER_MISSING", "Half of the new key is missing. Open this page again.")
KEYS_MISSING = (
    "KEY_NOT_HERE",
    "You have not every key of this concern that the person needs. A colleague who reads it from "
    "the beginning gives the new case key.",
)


@effect(StepName.ASK_NEW_KEY)
def ask(execution: Execution[given.Text]) -> None:
    """Keep who asks, and how they made sure who the person is.

    Raises:
        Refused: TYPED_BY_YOU.
    """
    case, person = execution.case, execution.caller.person
    if taking_down.has_typed(case, person):
        raise Refused(*TYPED_BY_YOU)
    NewCaseKey.objects.update_or_create(
        case=case, defaults={"asked_by": person, "agreed_by": None, "sealed_half": b""}
    )
    write(
        case, execution.ring, Kind.REASON, execution.answers["text"],
        author=execution.role, now=execution.now,
    )  # fmt: skip


@effect(StepName.AGREE_NEW_KEY)
def agree(execution: Execution[given.KeyHalf]) -> None:
    """Keep the lead's half.

    Raises:
        Refused: TYPED_BY_YOU, SAME_PERSON, ANSWER_MISSING or NEW_KEY_LOST.
    """
    case, person = execution.case, execution.caller.person
    row = _row_of(case)
    if taking_down.has_typed(case, person):
        raise Refused(*TYPED_BY_YOU)
    if row.asked_by_id in accounts_of_one(person):
        raise Refused(*SAME_PERSON)
    row.keep_half(_checked(execution.answers["half"]))
    row.agreed_by = person
    row.save()


@effect(StepName.GIVE_NEW_KEY)
def give(execution: Execution[given.KeyHalf]) -> None:
    """Make the holder of the new case key the complainant in place of the lost one.

    Raises:
        Refused: TYPED_BY_YOU, SAME_PERSON, ANSWER_MISSING, NEW_KEY_LOST or KEY_NOT_HERE.
    """
    case, ring, person = execution.case, execution.ring, execution.caller.person
    row = _row_of(case)
    if taking_down.has_typed(case, person):
        raise Refused(*TYPED_BY_YOU)
    if row.agreed_by_id is None or row.agreed_by_id in accounts_of_one(person):
        raise Refused(*SAME_PERSON)
    try:
        first = row.half()
    except DecryptionFailed:
        raise Refused(*ASK_ANEW) from None
    holder, look_up = anonymous_holder(first + _checked(execution.answers["half"]))
    _change_holder(case, ring, holder)
    former = complainant_of(case)
    retract(case.reference, former.handle)
    former.delete()
    add_anonymous(case, look_up)
    execution.parties = None
    row.delete()


@effect(StepName.REFUSE_NEW_KEY)
def refuse(execution: StepExecution) -> None:
    """Forget the new case key."""
    NewCaseKey.objects.filter(case=execution.case).delete()


def keeps(case: Case, person: User, typed: str) -> bool:
    """Return whether this is the half that this person told, and that is still stored."""
    row = NewCaseKey.objects.filter(case=case, agreed_by=person).first()
    try:
        return row is not None and row.half() == half_of_key(typed)
    except DecryptionFailed:
        return False


def _row_of(case: Case) -> NewCaseKey:
    """Return what is kept of the new case key.

    Raises:
        Refused: NEW_KEY_LOST.
    """
    row = NewCaseKey.objects.filter(case=case).first()
    if row is None:
        raise Refused(*ASK_ANEW)
    return row


def _checked(typed: str) -> str:
    """Return a half without its dash.

    Raises:
        Refused: ANSWER_MISSING, for anything that is no half of a case key.
    """
    half = half_of_key(typed)
    if not half:
        raise Refused(*WRONG_HALF)
    return half


def _change_holder(case: Case, ring: Keyring, holder: Holder) -> None:
    """Give the keys of the case to a new holder, and take them from the lost key.

    Raises:
        Refused: KEY_NOT_HERE, where the officer has not all of them.
    """
    if any(compartment not in ring for compartment in NEW_CASE_KEYS):
        raise Refused(*KEYS_MISSING)
    take_core_from_keys(case, ring)
    ring.give(holder.name, holder.public, NEW_CASE_KEYS)
