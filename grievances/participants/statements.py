"""Statements of people who may not see the case, in a conversation of their own.

The respondent and witnesses are excluded from the case and stay excluded, and nothing here goes
through the case. They see the conversation addressed to them, on a page of their own. Every opening
of it is an event under their pseudonym as a party.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from grievances.audit.models import Event
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.effects import StepExecution
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.deadlines import days_away, keep_away_days
from grievances.cases.models.parties import Party, party_pseudonym
from grievances.cases.models.records import Kind, Words, write
from grievances.cases.models.statements import (
    Hearing,
    read_hearing,
    take_up_hearings,
    wrap_for_complainant,
)
from grievances.cases.notices import sending
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import handle
from grievances.participants.redaction import respondent_ids
from grievances.people.models import User
from grievances.policy import profiles
from grievances.vocabulary import OPEN, Compartment, Standing, State
from workflow.calendar import local_date
from workflow.json_values import JsonObject
from workflow.models import AlreadyRecorded
from workflow.steps import Refused

OVER = (
    "HEARING_OVER",
    gettext_noop("The time to answer here is over. Speak to the person who wrote to you."),
)
"""What a person heard is told when the report has gone."""


@dataclass(frozen=True)
class OpenHearing:
    """A conversation as the person heard sees it.

    `locked`: their key does not open it.
    """

    hearing: Hearing
    words: tuple[Words, ...]
    is_open: bool
    locked: bool


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
    """Return whether the person heard may answer (domain.md 5.6).

    They may until the report goes to the decision maker, also during a pause.
    """
    case = hearing.case
    at_work = case.state in OPEN and case.working_state == State.INVESTIGATION
    return at_work and hearing.episode == case.episode


@transaction.atomic
def answer(caller: Caller, token: str, text: str, *, once: str, now: datetime) -> Event:
    """Seal a statement into one's own conversation, and tell those who wait for it.

    Raises NotAllowed for another person's conversation, AlreadyRecorded for a second press, Refused
    HEARING_OVER when the report has gone, and DecryptionFailed without a key.

    Returns:
        The event.
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


@transaction.atomic
def say_away(caller: Caller, token: str, days: tuple[date, date] | None, *, now: datetime) -> None:
    """Seal the days (local dates) on which a respondent is away, or forget them.

    They are kept with their part in the case. A table of leave would tell of everyone without an
    office that they are heard.

    Raises:
        NotAllowed: For another person's conversation, or for a witness.
    """
    hearing, party = _respondent(caller, token)
    lock(hearing, "")
    keep_away_days(party, days)
    note(hearing, "said_away", caller.handle_as(hearing.standing), now, None)


def away_days(caller: Caller, token: str) -> tuple[date, date] | None:
    """Return the days on which a respondent has said they are away, or None.

    Raises NotAllowed as `say_away` does.
    """
    _, party = _respondent(caller, token)
    return days_away(party)


def _respondent(caller: Caller, token: str) -> tuple[Hearing, Party]:
    hearing = find_hearing(caller, token)
    party = hearing.case.parties.filter(standing=hearing.standing, handle=hearing.handle).first()
    if party is None or hearing.standing != Standing.RESPONDENT:
        raise NotAllowed
    return hearing, party


def lock_open(found: Hearing, once: str) -> Hearing:
    """Return the conversation and its case, locked, while it can be added to.

    Raises AlreadyRecorded as `lock` does.

    Raises:
        Refused: HEARING_OVER, when the report has gone.
    """
    hearing = lock(found, once)
    if not may_answer(hearing):
        raise Refused(*OVER)
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


def once_key(hearing: Hearing, once: str) -> str | None:
    """Return the idempotency key of one press of a button; None without one.

    It is a keyed hash, because a browser sends the value.
    """
    return f"once:{hearing.pk}:heard:{handle('press', once)}" if once else None


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
    data: JsonObject | None = None,
) -> Event:
    """Record an event of a conversation, in the chain of its case.

    Returns:
        The event.
    """
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
