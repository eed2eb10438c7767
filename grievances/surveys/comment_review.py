"""Review of survey comments before print, by two people (domain.md 8).

A reviewer holds the office of data-protection officer or independent officer and the certificate in
race discrimination, and has no part in any case. No one can know whose words they read. So no one
may read them who has or had a role in any case, is a party to one, or manages anyone. HR and the
casework lead may not see individual answers (domain.md 11.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from grievances.audit.models import SERVICE, Event
from grievances.cases.access import rules
from grievances.cases.access.facts import own_pseudonyms
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.parties import Party
from grievances.cases.models.readers import Tenure
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import at_work
from grievances.people.models import (
    LINE_MEMORY,
    Appointment,
    LineManagement,
    Training,
    User,
    accounts_of_one,
    appointed,
)
from grievances.policy import profiles
from grievances.surveys import comments
from grievances.surveys.comment_models import Remark
from grievances.vocabulary import Certificate, Office, Role
from workflow.calendar import local_date
from workflow.steps import Refused

RULE = "prepare_remarks"
OVERSEEING = (Role.DPO.value, Role.AUDITOR.value)
"""Grants that open no words."""
CASEWORK = tuple(office for office in Office if office not in rules.OFFICE_RULES[RULE])
STALE = Refused("STALE_STATE", "Someone has just changed this. Read it again.")
NOT_TWICE = Refused("SECOND_PERSON", "You chose these words: someone else has to agree to them.")

NOT_TRAINED = (
    "You need a valid certificate in race discrimination (core) to prepare what people wrote."
)
NOT_APART = (
    "Only a person outside every case may prepare these words. They hold no other office, had no "
    "part in a case, are no party to one and manage no one. So you cannot do this."
)


@dataclass(frozen=True)
class Opened:
    """A comment as its reviewer sees it: the original, the wording, who proposed it."""

    remark: Remark
    written: str
    wording: str

    @property
    def is_worded(self) -> bool:
        """Whether a wording was proposed, or that the comment is left out."""
        return self.remark.worded_by_id is not None


def why_not(person: User, today: date) -> str:
    """Return the reason why an officer may not review comments; empty if they may."""
    valid = Training.objects.filter(person=person, certificate=Certificate.RACE_CORE)
    if not any(training.is_valid(today) for training in valid):
        return NOT_TRAINED
    return "" if _stands_apart(person, today) else NOT_APART


def _stands_apart(person: User, today: date) -> bool:
    offices = Appointment.objects.filter(person=person, office__in=CASEWORK)
    current = Q(to_date__isnull=True) | Q(to_date__gte=today)
    grants = CaseUserObjectPermission.objects.filter(user=person)
    managed = LineManagement.objects.filter(
        Q(to_date__isnull=True) | Q(to_date__gte=today - LINE_MEMORY), manager=person
    )
    ties = (
        offices.filter(current, from_date__lte=today),
        grants.exclude(permission__codename__in=OVERSEEING),
        Tenure.objects.filter(person=person),
        managed,
        Party.objects.filter(handle__in=own_pseudonyms(person)),
    )
    return not any(rows.exists() for rows in ties)


def listed(caller: Caller, today: date) -> list[Remark]:
    """Return every comment that is not printed, without its words.

    Raises NotAllowed outside the two offices.
    """
    check_office(caller, today)
    if why_not(caller.person, today):
        return []
    return list(Remark.objects.order_by("quarter", "pk"))


def open_remark(caller: Caller, remark_id: UUID, *, now: datetime) -> Opened:
    """Return a comment with its words; that one was opened is an event, not which.

    Raises:
        NotAllowed: the caller may not review, or there is no such comment.
    """
    check(caller, now)
    remark = Remark.objects.filter(pk=remark_id).first()
    if remark is None:
        raise NotAllowed
    _record(caller, "remark.opened", remark.quarter, now)
    return Opened(remark, comments.words_of(remark), comments.wording_of(remark))


@transaction.atomic
def word(caller: Caller, remark_id: UUID, turn: int, wording: str, *, now: datetime) -> Remark:
    """Propose the wording of a comment; an empty wording leaves it out.

    Another person must agree. Raises Refused for words that the person did not write, and for an
    outdated turn.

    Returns:
        The comment, which waits for the other person.
    """
    remark = _locked(caller, remark_id, turn, now)
    if wording:
        comments.check_wording(comments.words_of(remark), wording)
    comments.seal_wording(remark, wording)
    remark.worded_by, remark.agreed_by = caller.person, None
    remark.turn += 1
    remark.save()
    _record(caller, "remark.worded" if wording else "remark.withheld", remark.quarter, now)
    return remark


@transaction.atomic
def agree(caller: Caller, remark_id: UUID, turn: int, *, now: datetime) -> Remark:
    """Agree to another person's wording.

    Returns:
        The comment, ready for its batch.

    Raises:
        Refused: the wording is the caller's own, or there is none.
    """
    remark = _locked(caller, remark_id, turn, now)
    if remark.worded_by_id is None or remark.worded_by_id in accounts_of_one(caller.person):
        raise Refused(NOT_TWICE.code, NOT_TWICE.sentence)
    remark.agreed_by = caller.person
    remark.turn += 1
    remark.save()
    _record(caller, "remark.agreed", remark.quarter, now)
    return remark


@transaction.atomic
def print_batch(caller: Caller, period: str, *, now: datetime) -> int:
    """Print a quarter or year whose comments are all agreed.

    Returns:
        How many comments were printed.
    """
    check(caller, now)
    count = comments.print_batch(period, local_date(now, profiles.zone()))
    _record(caller, "remark.printed", period, now)
    return count


def tell_what_waits(now: datetime, today: date) -> int:
    """Tell reviewers that comments wait, once a quarter.

    Returns:
        How many reviewers were told.
    """
    quarter = Remark.objects.filter(agreed_by=None).order_by("-quarter").first()
    if quarter is None:
        return 0
    people = {person for _, person in appointed(rules.OFFICE_RULES[RULE], today)}
    ready = sorted((p for p in people if not why_not(p, today)), key=lambda person: person.pk)
    for person in ready:
        recipient = at_work(person)
        key = f"remarks:{quarter.quarter}:{recipient.handle}"
        sending.tell(recipient, kind="request", link="/remarks/", key=key, now=now)
    return len(ready)


def check_office(caller: Caller, today: date) -> None:
    """Check that the caller holds one of the two offices.

    Raises:
        NotAllowed: they do not.
    """
    if not rules.may(caller.who, RULE, today):
        raise NotAllowed


def check(caller: Caller, now: datetime) -> None:
    """Check that the caller may read what was written.

    Raises:
        NotAllowed: they may not.
    """
    today = local_date(now, profiles.zone())
    check_office(caller, today)
    if why_not(caller.person, today):
        raise NotAllowed


def _locked(caller: Caller, remark_id: UUID, turn: int, now: datetime) -> Remark:
    check(caller, now)
    remark = Remark.objects.select_for_update().filter(pk=remark_id).first()
    if remark is None:
        raise NotAllowed
    if remark.turn != turn:
        raise Refused(STALE.code, STALE.sentence)
    return remark


def _record(caller: Caller, kind: str, period: str, now: datetime) -> None:
    Event.append(
        chain=SERVICE,
        at=now,
        actor=caller.handle_as(""),
        role="",
        kind=kind,
        data={"period": period},
    )
