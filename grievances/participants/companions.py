"""The complainant's companion: who accompanies them, and what they may know.

A companion is admitted by a link that works once. Without an account they keep a key of their own,
like an anonymous complainant. With an account the companionship belongs to the account. Either way
they have the key of the copies that were made for them, and no key of the case (domain.md 11.1).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_noop

from grievances.audit.models import Event
from grievances.cases.actions import step_answers as given
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.effects import Execution, StepExecution, effect
from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.companions import LINK_LASTS, Companion, live, read_copies
from grievances.cases.models.exclusions import Exclusions, excluded_from, exclusions_of
from grievances.cases.models.key_distribution import take_compartment
from grievances.cases.models.parties import Party, party_actor, party_pseudonym, standings_of
from grievances.cases.models.records import Kind, Words, write
from grievances.cases.models.statements import read_hearing
from grievances.cases.notices import sending
from grievances.cases.step_names import StepName
from grievances.choices import Share
from grievances.encryption.key_pairs import Holder, companion_holder, new_case_key, new_invitation
from grievances.encryption.server_keys import handle as keyed_hash
from grievances.evidence.companion_files import tick_files
from grievances.people.matching import may_be
from grievances.people.models import User
from grievances.policy import profiles
from grievances.vocabulary import OPEN, Compartment, Standing, State
from workflow.calendar import local_date
from workflow.json_values import JsonObject
from workflow.models import AlreadyRecorded
from workflow.steps import Refused

COMPANION = Standing.COMPANION
ROLE = COMPANION.value.lower()
OTHERS = [standing for standing in Standing if standing != COMPANION]
"""Standings that exclude accompanying in the same case."""

CLOSED = ("TRANSITION_NOT_ALLOWED", gettext_noop("This is closed. Nothing can be added here now."))
"""What a companion is told when the case is closed."""


@dataclass(frozen=True)
class Guest:
    """A person who may be a companion: their key, and two pseudonyms.

    `handle` finds the rows of a companion without an account. `actor` is used in the trail.
    """

    handle: str
    actor: str
    holder: Holder
    person: User | None = None

    def handle_on(self, case: Case) -> str:
        """Return the pseudonym on one case: an account has another one on each."""
        if self.person is None:
            return self.handle
        return party_pseudonym(case.pk, COMPANION, self.person.pk)


@dataclass(frozen=True)
class Shared:
    """What a companion may read and do."""

    companion: Companion
    words: tuple[Words, ...]
    may_write: bool

    @property
    def sees_dates(self) -> bool:
        """Whether the complainant shares the dates with this companion."""
        return Share.DATES in self.companion.shares


@effect(StepName.INVITE_COMPANION)
def invite(execution: Execution[given.CompanionInvitation]) -> None:
    """Create a companionship with the key in the link, and copy what is ticked."""
    case, ring, secret = execution.case, execution.ring, str(execution.answers["secret"])
    holder, handle = companion_holder(secret)
    companion = Companion(
        case=case,
        number=case.companions.count() + 1,
        token=secrets.token_hex(16),
        handle=handle,
        shares=sorted(execution.answers["shares"]),
        invited_at=execution.now,
        expires_at=execution.now + LINK_LASTS,
    )
    ring.add_new(companion.compartment)
    companion.sealed_for_case = ring.wrap(companion.compartment, Compartment.CORE, companion.place)
    companion.save()
    case.__dict__.pop("has_companions", None)
    ring.give(holder.name, holder.public, [companion.compartment])
    tick_files(companion, ring, execution.answers.get("evidence") or ())
    name = str(execution.answers["person"])
    write(
        case, ring, Kind.COMPANION, name, author=execution.role, now=execution.now,
        about=str(companion.number),
    )  # fmt: skip


@effect(StepName.END_COMPANION)
def end(execution: StepExecution) -> None:
    """End a companionship: delete its keys and copies at once.

    What the companion wrote stays with the case.
    """
    for companion in execution.case.companions.filter(live(execution.now), hearing__isnull=True):
        companion.ended_at = execution.now
        companion.save(update_fields=["ended_at"])
        companion.copies.all().delete()
        companion.files.all().delete()
        take_compartment(execution.case, companion.compartment)


def guest_of(caller: Caller) -> Guest | None:
    """Return a signed-in person as a companion; None without account or open key."""
    if not isinstance(caller.who, User) or caller.holder is None:
        return None
    person = caller.who
    return Guest("", party_actor(person.pk), caller.holder, person)


def guest_by_key(code: str) -> Guest:
    """Return the companion of this key; whether a companionship exists is asked later."""
    holder, handle = companion_holder(code)
    return Guest(handle, handle, holder)


def may_be_invited(case: Case, typed: str) -> bool:
    """Return whether a person of this name may be invited, as far as is told.

    Everyone whom the name may mean counts: a person kept away is not admitted by another spelling.
    The complainant is not told that a person is a witness. A witness is refused at the link itself.
    """
    found = may_be(typed)
    excluded = excluded_from(case)
    witness = {Exclusions.Why.WITNESS.value}
    barred = any(excluded.get(person.pk, frozenset()) - witness for person in found)
    works = CaseUserObjectPermission.objects.filter(content_object=case, user__in=found).exists()
    own = [party_pseudonym(case.pk, Standing.COMPLAINANT, person.pk) for person in found]
    return not (barred or works or case.parties.filter(handle__in=own).exists())


def companionships(guest: Guest) -> QuerySet[Companion]:
    """Return the current companionships of this person, newest first."""
    if guest.person is not None:
        return _of_account(guest.person).order_by("-accepted_at")
    return _current([guest.handle]).order_by("-accepted_at")


def accompanies(person: User) -> bool:
    """Return whether this account is the companion of a complainant or a person heard."""
    return _of_account(person).exists()


def open_shared(guest: Guest, token: str, *, now: datetime) -> Shared:
    """Return what is shared; the opening is an event, one a minute. Raises NotAllowed."""
    companion = find_shared(guest, token)
    ring = Keyring.of(companion.case, guest.holder)
    words: list[Words] = []
    if companion.compartment in ring:
        hearing = companion.hearing
        words = read_hearing(hearing, ring) if hearing else read_copies(companion, ring)
    minute = now.replace(second=0, microsecond=0).isoformat()
    key = f"shared:{companion.pk}:{minute}"
    if not Event.objects.filter(key=key).exists():
        with suppress(AlreadyRecorded):
            note(companion, "opened", guest.actor, now, key=key)
    return Shared(companion, tuple(words), may_write(companion))


def find_shared(guest: Guest, token: str, *, own: bool = False) -> Companion:
    """Return the companionship of a token, if it is this person's and current.

    `own`: only that of a complainant, whose companion may write and add files.

    Raises:
        NotAllowed: it is unknown, ended or another person's.
    """
    companion = companionships(guest).filter(token=token).first()
    if companion is None or (own and companion.hearing_id is not None):
        raise NotAllowed
    return companion


def may_write(companion: Companion) -> bool:
    """Return whether this companion may write and add files now."""
    return companion.hearing_id is None and companion.case.state in OPEN


def lock_open(found: Companion) -> Companion:
    """Return the companionship and its case, locked, while the companion may write.

    Raises:
        Refused: the case is closed.
        NotAllowed: the companionship was ended meanwhile.
    """
    case = Case.unguarded.select_for_update(of=("self",)).get(pk=found.case_id)
    companion = Companion.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if companion.ended_at is not None:
        raise NotAllowed
    companion.case = case
    if not may_write(companion):
        raise Refused(*CLOSED)
    return companion


def once_key(companion: Companion, once: str) -> str | None:
    """Return the idempotency key of one press of a button; None without one.

    It is a keyed hash, because a browser sends the value.
    """
    return f"once:{companion.pk}:shared:{keyed_hash('press', once)}" if once else None


@transaction.atomic
def write_message(guest: Guest, token: str, text: str, *, once: str, now: datetime) -> None:
    """Write a companion's message to complainant and officers (domain.md 11.1).

    Raises NotAllowed, AlreadyRecorded, and Refused when the case is closed.
    """
    companion = lock_open(find_shared(guest, token, own=True))
    case = companion.case
    ring, where = Keyring.of(case, guest.holder), companion.compartment
    event = note(companion, "wrote", guest.actor, now, key=once_key(companion, once))
    write(case, ring, Kind.MESSAGE, text, author=ROLE, now=now, compartment=where)
    sending.announce(case, event, now=now, today=local_date(now, profiles.zone()))


def new_own_key() -> str:
    """Return a key for a companion without an account, to be shown once."""
    return new_case_key()


def new_link_secret() -> str:
    """Return the secret of a new one-time link."""
    return new_invitation()


def _current(handles: Iterable[str]) -> QuerySet[Companion]:
    rows = Companion.objects.filter(
        handle__in=list(handles), accepted_at__isnull=False, ended_at__isnull=True
    )
    return rows.exclude(case__state=State.ARCHIVED).select_related("case", "hearing")


def _of_account(person: User) -> QuerySet[Companion]:
    """Return the companionships where the person has no exclusion or other part."""
    cases = {case_id for case_id, standing in standings_of(person.pk) if standing == COMPANION}
    barred = {pk for pk, people in exclusions_of(cases).items() if person.pk in people}
    free = cases - barred
    rows = _current(party_pseudonym(pk, COMPANION, person.pk) for pk in free)
    others = [party_pseudonym(pk, each, person.pk) for pk in free for each in OTHERS]
    case = OuterRef("case_id")
    return rows.exclude(
        Exists(CaseUserObjectPermission.objects.filter(content_object=case, user=person))
        | Exists(Party.objects.filter(case=case, handle__in=others))
    )


def note(
    companion: Companion,
    what: str,
    actor: str,
    now: datetime,
    *,
    key: str | None = None,
    data: JsonObject | None = None,
) -> Event:
    """Record an event of a companionship, in the chain of its case.

    Returns:
        The event.
    """
    case = companion.case
    # The complainant's list shows their own companion, and no other person's.
    area = ROLE if companion.hearing_id is None else f"heard_{ROLE}"
    return Event.append(
        chain=case.reference,
        at=now,
        actor=actor,
        role=ROLE,
        kind=f"{area}.{what}",
        subject=case.reference,
        key=key,
        data=data,
    )
