"""Statements of people who may not see the case: what they are asked and answer.

The respondent and witnesses are excluded from the case and stay excluded, and nothing here goes
through the case. They see the conversation addressed to them, on a page of their own. Every opening
of it is an event under their pseudonym as a party.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from grievances.audit.models import Event
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.effects import StepExecution, effect, share_keys
from grievances.cases.actions.exclusions import exclude_all_close_to
from grievances.cases.actions.key_alarm import keys_to_seal_to
from grievances.cases.models.assignments import CaseUserObjectPermission, holders
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring, is_held
from grievances.cases.models.exclusions import Exclusions, excluded_from
from grievances.cases.models.parties import (
    Party,
    add_party,
    party_pseudonym,
)
from grievances.cases.models.records import Kind, Words, write
from grievances.cases.models.statements import (
    Hearing,
    hearing_of,
    read_hearing,
    take_up_hearings,
    wrap_for_complainant,
    wrap_for_officers,
)
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import as_party
from grievances.cases.step_names import StepName
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import handle
from grievances.participants.redaction import knows_the_name, refuse_names, respondent_ids
from grievances.people.models import User
from grievances.policy import profiles
from grievances.vocabulary import ASKED, OPEN, Compartment, Role, Standing, State
from workflow.calendar import local_date
from workflow.models import AlreadyRecorded
from workflow.steps import Refused

HEARD_BY = (Role.HANDLER, Role.DECIDER, Role.APPEAL, *ASKED.values())
"""The roles that have the reply key (domain.md 11.1).

It opens the statements of respondent and witnesses.
"""


@dataclass(frozen=True)
class OpenHearing:
    """A conversation as the person heard sees it.

    `locked`: their key does not open it.
    """

    hearing: Hearing
    words: tuple[Words, ...]
    is_open: bool
    locked: bool


@effect(StepName.PUT_TO_RESPONDENT)
def put_to_respondent(execution: StepExecution) -> None:
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
def ask_witness(execution: StepExecution) -> None:
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
def tell_respondent(execution: StepExecution) -> None:
    """Tell a respondent the outcome, where they read what was put to them."""
    person = execution.answers["person"]
    party = _respondent(execution.case, person)
    due = execution.case.hearings.filter(handle=party.handle).latest("number").due_on
    _put(execution, party, person, Kind.OUTCOME_NOTE, due)


def open_to_complainant(execution: StepExecution) -> None:
    """Open the statements to the complainant with the decision (domain.md 11.1)."""
    for hearing in take_up_hearings(execution.case, execution.ring):
        if hearing.compartment in execution.ring and Compartment.CORE in execution.ring:
            wrap_for_complainant(hearing, execution.ring)
            hearing.save(update_fields=["sealed_for_complainant"])


def respondents(case: Case) -> list[User]:
    """Return the respondents who have a key, so that a text can be sealed to them."""
    people = User.objects.filter(pk__in=respondent_ids(case), key_pair__isnull=False)
    return list(people.select_related("unit").order_by("name"))


def find_hearing(caller: Caller, token: str) -> Hearing:
    """Return the conversation of a token, if it is this person's.

    Raises:
        NotAllowed: it is unknown, another person's, or its case is archived.
    """
    hearing = Hearing.objects.filter(token=token).select_related("case").first()
    who = caller.who
    if hearing is None or not isinstance(who, User) or not who.is_active:
        raise NotAllowed
    standing = Standing(hearing.standing)
    if hearing.handle != party_pseudonym(hearing.case_id, standing, who.pk):
        raise NotAllowed
    if hearing.case.state == State.ARCHIVED:
        raise NotAllowed
    return hearing


def open_hearing(caller: Caller, token: str, *, now: datetime) -> OpenHearing:
    """Return one's own conversation; the opening is an event, one a minute."""
    hearing = find_hearing(caller, token)
    ring = own_ring(hearing.case, caller)
    locked = hearing.compartment not in ring
    words = read_hearing(hearing, ring)
    minute = now.replace(second=0, microsecond=0).isoformat()
    actor = caller.handle_as(hearing.standing)
    _note_once(hearing, "opened", actor, now, f"heard:{hearing.pk}:{actor}:{minute}")
    return OpenHearing(hearing, tuple(words), may_answer(hearing), locked)


def may_answer(hearing: Hearing) -> bool:
    """Tell whether the person heard may answer (domain.md 5.6).

    They may until the report goes to the decision maker, also during a pause.
    """
    case = hearing.case
    at_work = case.state in OPEN and case.working_state == State.INVESTIGATION
    return at_work and hearing.episode == case.episode


@transaction.atomic
def answer(caller: Caller, token: str, text: str, *, once: str, now: datetime) -> Event:
    """Seal a statement into one's own conversation, and return the event.

    Those who wait for it are told.

    Raises NotAllowed for another person's conversation, AlreadyRecorded for a press of the button
    that had its effect, Refused HEARING_OVER when the report has gone, and DecryptionFailed without
    a key.
    """
    hearing = lock_open(find_hearing(caller, token), once)
    case = hearing.case
    ring = own_ring(case, caller)
    role = hearing.standing.lower()
    where, number = hearing.compartment, str(hearing.number)
    write(case, ring, Kind.STATEMENT, text, author=role, now=now, about=number, compartment=where)
    hearing.answered_at = now
    hearing.save(update_fields=["answered_at"])
    today = local_date(now, profiles.zone())
    if hearing.standing == Standing.RESPONDENT and case.respondent_asked_on is None:
        case.respondent_asked_on = local_date(hearing.asked_at, profiles.zone())
        case.save(update_fields=["respondent_asked_on"])
    key = once_key(hearing, once)
    event = note(hearing, "answered", caller.handle_as(role), now, key)
    sending.announce(case, event, now=now, today=today)
    return event


def lock_open(found: Hearing, once: str) -> Hearing:
    """Return the conversation and its case, locked, while it can be added to.

    Raises AlreadyRecorded as `lock` does, and Refused HEARING_OVER when the report has gone.
    """
    hearing = lock(found, once)
    if not may_answer(hearing):
        raise over()
    return hearing


def lock(found: Hearing, once: str) -> Hearing:
    """Return the conversation and its case, locked.

    Raises:
        AlreadyRecorded: this press of the button had its effect before.
    """
    case = Case.unguarded.select_for_update(of=("self",)).get(pk=found.case_id)
    hearing = Hearing.objects.select_for_update().get(pk=found.pk)
    hearing.case = case
    key = once_key(hearing, once)
    if key and Event.objects.filter(key=key).exists():
        raise AlreadyRecorded(key)
    return hearing


def over() -> Refused:
    """Return the refusal that a person heard gets when the report has gone."""
    return Refused(
        "HEARING_OVER", "The time to answer here is over. Speak to the person who wrote to you."
    )


def once_key(hearing: Hearing, once: str) -> str | None:
    """Return the idempotency key of one press of a button; None without one.

    It is a keyed hash, because a browser sends the value.
    """
    return f"once:{hearing.pk}:heard:{handle('press', once)}" if once else None


def _put(execution: StepExecution, party: Party, person: User, kind: Kind, due_on: date) -> None:
    """Seal a text to one person, and tell them that something waits for them.

    Raises:
        Refused: NO_KEY_YET, when the person has no key pair.
    """
    refuse_names(execution, person)
    if not hasattr(person, "key_pair"):
        raise Refused(
            "NO_KEY_YET",
            "This person has never had an account with a key here, so nothing can be sealed to "
            "them. Speak to them, and record what they say.",
        )
    ring, standing = execution.ring, Standing(party.standing)
    have_reply_key(execution)
    hearing = hearing_of(execution.case, ring, standing, person, now=execution.now, due_on=due_on)
    ring.give_all(keys_to_seal_to(execution, [person]), [hearing.compartment])
    about, where = str(hearing.number), hearing.compartment
    if not execution.case.records.filter(kind=Kind.PERSON, compartment=where).exists():
        name = f"{person.name}: {standing.label}"
        write(
            execution.case, ring, Kind.PERSON, name,
            author=execution.role, now=execution.now, about=about, compartment=where,
        )  # fmt: skip
    write(
        execution.case, ring, kind, execution.answers["text"],
        author=execution.role, now=execution.now, about=about, compartment=where,
    )  # fmt: skip
    sending.tell(
        as_party(party),
        kind="heard",
        link=f"/replies/{hearing.token}/",
        key=f"heard:{hearing.pk}:{kind}:{execution.now.isoformat()}",
        now=execution.now,
        chain=execution.case.reference,
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


def own_ring(case: Case, caller: Caller) -> Keyring:
    """Return the keys of the person heard; none if they no longer fit their key."""
    try:
        return Keyring.of(case, caller.holder)
    except DecryptionFailed:
        return Keyring(case, {})


def note(
    hearing: Hearing,
    what: str,
    actor: str,
    now: datetime,
    key: str | None,
    data: dict[str, Any] | None = None,
) -> Event:
    """Record and return an event of a conversation, in the chain of its case."""
    case, role = hearing.case, hearing.standing.lower()
    return Event.append(
        chain=case.reference,
        at=now,
        actor=actor,
        role=role,
        kind=f"{role}.{what}",
        subject=case.reference,
        key=key,
        data=data,
    )


def _note_once(hearing: Hearing, what: str, actor: str, now: datetime, key: str) -> None:
    if Event.objects.filter(key=key).exists():
        return
    with suppress(AlreadyRecorded):
        note(hearing, what, actor, now, key)
