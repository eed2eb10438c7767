"""Ask the respondent and witnesses: the steps that begin a conversation.

Naming a respondent or asking a witness excludes them from the case (domain.md 5.3).
"""

from __future__ import annotations

from datetime import date

from grievances.cases.actions import step_answers as given
from grievances.cases.actions.effects import Execution, StepExecution, effect, share_keys
from grievances.cases.actions.exclusions import exclude_all_close_to
from grievances.cases.actions.key_alarm import keys_to_seal_to
from grievances.cases.models.assignments import CaseUserObjectPermission, holders
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import is_held
from grievances.cases.models.exclusions import Exclusions, excluded_from
from grievances.cases.models.parties import (
    Party,
    add_party,
    party_pseudonym,
)
from grievances.cases.models.records import Kind, write
from grievances.cases.models.statements import (
    Hearing,
    hearing_of,
    take_up_hearings,
    wrap_for_officers,
)
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import as_party
from grievances.cases.step_names import StepName
from grievances.encryption.primitives import DecryptionFailed
from grievances.participants.redaction import knows_the_name, refuse_names
from grievances.people.models import User
from grievances.vocabulary import ASKED, Compartment, Role, Standing
from workflow.steps import Refused

HEARD_BY = (
    Role.HANDLER,
    Role.DECIDER,
    Role.APPEAL,
    Role.CO_HANDLER,
    Role.NOTE_TAKER,
    *ASKED.values(),
)
"""The roles that have the reply key (domain.md 11.1).

It opens the statements of respondent and witnesses.
"""


NO_KEY_YET = (
    "NO_KEY_YET",
    "This person has never had an account with a key here, so nothing can be sealed to them. Speak "
    "to them, and record what they say.",
)


@effect(StepName.PUT_TO_RESPONDENT)
def put_to_respondent(execution: Execution[given.Questions]) -> None:
    """Put a text to a respondent who was named before: naming excludes them."""
    person = execution.answers["person"]
    _put(
        execution,
        _respondent(execution.case, person),
        person,
        Kind.PUT,
        execution.answers["due_on"],
    )


@effect(StepName.ASK_WITNESS)
def ask_witness(execution: Execution[given.Questions]) -> None:
    """Ask a witness, which excludes them from the case; they keep only this question.

    Every account of a name close to theirs is excluded too, but not the officer who asks.
    """
    person = execution.answers["person"]
    _require_free(execution, person)
    party = add_party(execution.case, Standing.WITNESS, person.pk)
    asking = execution.caller.who if isinstance(execution.caller.who, User) else None
    exclude_all_close_to(execution, person, Exclusions.Why.WITNESS, besides=asking)
    _put(execution, party, person, Kind.PUT, execution.answers["due_on"])


@effect(StepName.TELL_RESPONDENT)
def tell_respondent(execution: Execution[given.Telling]) -> None:
    """Tell a respondent the outcome, where they read what was put to them."""
    person = execution.answers["person"]
    party = _respondent(execution.case, person)
    due = execution.case.hearings.filter(handle=party.handle).latest("number").due_on
    _put(execution, party, person, Kind.OUTCOME_NOTE, due)


def _put(
    execution: Execution[given.Text], party: Party, person: User, kind: Kind, due_on: date
) -> None:
    """Seal a text to one person, and tell them that something waits for them.

    Raises:
        Refused: NO_KEY_YET, when the person has no key pair.
    """
    refuse_names(execution, person)
    if not hasattr(person, "key_pair"):
        raise Refused(*NO_KEY_YET)
    ring, standing = execution.ring, Standing(party.standing)
    have_reply_key(execution)
    hearing = hearing_of(execution.case, ring, standing, person, now=execution.now, due_on=due_on)
    ring.give_all(keys_to_seal_to(execution, [person]), [hearing.compartment])
    if not execution.case.records.filter(
        kind=Kind.PERSON, compartment=hearing.compartment
    ).exists():
        _seal(execution, hearing, Kind.PERSON, f"{person.name}: {standing.label}")
    _seal(execution, hearing, kind, execution.answers["text"])
    sending.tell(
        as_party(party),
        kind="heard",
        link=f"/replies/{hearing.token}/",
        key=f"heard:{hearing.pk}:{kind}:{execution.now.isoformat()}",
        now=execution.now,
        chain=execution.case.reference,
    )


def _seal(execution: StepExecution, hearing: Hearing, kind: Kind, text: str) -> None:
    """Seal a text of the acting person into a conversation."""
    write(
        execution.case,
        execution.ring,
        kind,
        text,
        author=execution.role,
        now=execution.now,
        about=str(hearing.number),
        compartment=hearing.compartment,
    )


def have_reply_key(execution: StepExecution) -> None:
    """Create the reply key if no one holds one, and unlock the conversations it opens.

    Raises:
        DecryptionFailed: there is a key, and it has not reached the acting person.
    """
    case, ring = execution.case, execution.ring
    take_up_hearings(case, ring)
    if Compartment.REPLY in ring:
        return
    if is_held(case, Compartment.REPLY):
        raise DecryptionFailed
    ring.add_new(Compartment.REPLY)
    people = holders(case, *HEARD_BY).select_related("key_pair")
    ring.give_all(keys_to_seal_to(execution, people), [Compartment.REPLY])
    share_keys(execution)
    for hearing in case.hearings.all():
        if hearing.compartment in ring:
            wrap_for_officers(hearing, ring)
            hearing.save(update_fields=["sealed_for_officers"])


def _respondent(case: Case, person: User) -> Party:
    handle = party_pseudonym(case.pk, Standing.RESPONDENT, person.pk)
    party = case.parties.filter(standing=Standing.RESPONDENT, handle=handle).first()
    if party is None:
        raise Refused("NOT_NAMED", "Record first that the concern is about this person.")
    return party


def _require_free(execution: StepExecution, person: User) -> None:
    """Refuse a witness who is excluded, works on the case or accompanies a party.

    The reason is not said. The complainant is refused only to officers who know the name: to others
    the refusal would reveal it.

    Raises:
        Refused: NOT_A_WITNESS.
    """
    case = execution.case
    barred = excluded_from(case).get(person.pk, frozenset()) - {Exclusions.Why.WITNESS.value}
    works = CaseUserObjectPermission.objects.filter(content_object=case, user=person).exists()
    others = [Standing.COMPANION, Standing.RESPONDENT]
    if knows_the_name(execution):
        others.append(Standing.COMPLAINANT)
    handles = [party_pseudonym(case.pk, standing, person.pk) for standing in others]
    if barred or works or case.parties.filter(handle__in=handles).exists():
        raise Refused("NOT_A_WITNESS", "This person cannot be asked as a witness in this case.")
