"""From an empty page to a concern that has been sent: the draft, its preview, its sending."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from grievances import allocation, policy
from grievances.actions import timing
from grievances.actions.door import Caller, Deed, NotAllowed, perform
from grievances.models import Bar, Case, Event, Party, User
from grievances.models.keyring import Keyring, anonymous_holder, new_case_key
from grievances.models.parties import (
    add_anonymous,
    add_party,
    bar,
    complainant_of,
)
from grievances.models.people import line_chain
from grievances.models.records import Kind, Record, read, rewrite, write
from grievances.relations import Returner
from grievances.vocabulary import Compartment, Identity, Region, Standing, State
from workflow.calendar import local_date

REFERENCE_SIGNS = "23456789BCDFGHJKMNPQRTVWXZ"
"""No vowels, no look-alikes: no words, no mishearing (domain.md 5.8)."""

NEW_CASE_KEYS = (Compartment.CORE, Compartment.IDENTITY, Compartment.OFFICE)


@dataclass(frozen=True)
class Sent:
    """What a person holds after sending: the reference, and if anonymous the case key, once."""

    case: Case
    event: Event
    case_key: str = ""


def new_reference() -> str:
    """RC- and six random signs: not sequential, revealing no date, region or volume."""
    return "RC-" + "".join(secrets.choice(REFERENCE_SIGNS) for _ in range(6))


@transaction.atomic
def open_draft(person: User, caller: Caller, *, now: datetime) -> Case:
    """A new draft, which only its owner can see, with keys only its owner holds."""
    today = local_date(now, policy.zone())
    case = _new_case(person.unit.region if person.unit else Region.NORTH, now)
    if person.unit is not None:
        case.division = person.unit.division
        case.save(update_fields=["division"])
    add_party(case, Standing.COMPLAINANT, person.pk)
    ring = Keyring.new(case, NEW_CASE_KEYS)
    _keep_own_keys(ring, caller)
    write(case, ring, Kind.DRAFT, "{}", author="complainant", now=now)
    for name in ("DRAFT_WARNING", "DRAFT"):
        timing.start(case, name, now, today)
    return case


@transaction.atomic
def save_draft(case: Case, caller: Caller, answers: Mapping[str, Any], *, now: datetime) -> None:
    """Seal what has been typed so far into the draft, and start its 90 days again."""
    today = local_date(now, policy.zone())
    record = _draft_of(case)
    ring = Keyring.of(case, caller.holder)
    kept = json.loads(read(record, ring).text)
    text = json.dumps({**kept, **answers})
    rewrite(record, ring, text, author="complainant", now=now)
    Case.unguarded.filter(pk=case.pk).update(touched_on=today)
    timing.stop(case, ["DRAFT_WARNING", "DRAFT"], today)
    for name in ("DRAFT_WARNING", "DRAFT"):
        timing.start(case, name, now, today)


def read_draft(case: Case, caller: Caller) -> dict[str, Any]:
    """What the owner has typed so far."""
    answers: dict[str, Any] = json.loads(
        read(_draft_of(case), Keyring.of(case, caller.holder)).text
    )
    return answers


def match_people(typed: str) -> tuple[list[User], list[str]]:
    """(people found, lines not found) for names or user names, one a line.

    A name that fits more than one person is not guessed: it counts as not found.
    """
    found: list[User] = []
    unknown: list[str] = []
    for line in filter(None, (part.strip() for part in typed.splitlines())):
        people = User.objects.filter(is_active=True)
        rows = list(people.filter(Q(username__iexact=line) | Q(name__iexact=line))[:2])
        if len(rows) == 1:
            found.append(rows[0])
        else:
            unknown.append(line)
    return found, unknown


def set_bars(case: Case, answers: Mapping[str, Any], now: datetime) -> None:
    """Work out, before anybody reads, who may not: named, their line, one's own line, left out."""
    today = local_date(now, policy.zone())
    Bar.objects.filter(case=case).delete()
    case.parties.filter(standing=Standing.RESPONDENT).delete()
    about, _ = match_people(str(answers.get("about") or ""))
    out, _ = match_people(str(answers.get("exclude") or ""))
    for person in about:
        add_party(case, Standing.RESPONDENT, person.pk)
        bar(case, person.pk, Bar.Why.RESPONDENT)
    for person in out:
        bar(case, person.pk, Bar.Why.EXCLUDED)
    for person_id in answers.get("removed") or ():
        bar(case, int(person_id), Bar.Why.EXCLUDED)
    own = [i for p in case.parties.all() if (i := p.person_id) is not None]
    for manager_id in line_chain(own, today):
        bar(case, manager_id, Bar.Why.LINE)


@transaction.atomic
def preview(case: Case, answers: Mapping[str, Any], *, now: datetime) -> list[User]:
    """Exactly who would be able to open this concern if it were sent now."""
    set_bars(case, answers, now)
    return allocation.readers(case, local_date(now, policy.zone()))


@transaction.atomic
def submit(
    case: Case,
    caller: Caller,
    answers: Mapping[str, Any],
    *,
    expected: list[int],
    now: datetime,
    once: str = "",
) -> Sent:
    """Send a draft. `expected` are the people the page showed; others are never added silently.

    Raises Refused (a guard, or STALE_STATE when the set of readers has changed since).
    """
    set_bars(case, answers, now)
    today = local_date(now, policy.zone())
    able = allocation.readers(case, today)
    shown = [person for person in able if person.pk in expected]
    party = complainant_of(case)
    _fill(case, answers, today)
    _set_contact(party, answers)
    deed = Deed(
        answers={
            "has_account": bool(str(answers.get("account") or "").strip()),
            "contact": answers.get("contact"),
            "readers": shown,
        },
        words=_words(answers, party),
        codes={"readers": len(shown)},
        once=once,
    )
    event = perform("submit", case_id=case.pk, caller=caller, now=now, deed=deed)
    case.records.filter(kind=Kind.DRAFT).delete()
    timing.stop(case, ["DRAFT_WARNING", "DRAFT"], today)
    return Sent(case, event)


@transaction.atomic
def submit_anonymous(
    answers: Mapping[str, Any], *, expected: list[int], now: datetime, once: str = ""
) -> Sent:
    """Send an anonymous concern: the case key is all that will ever open it for its sender."""
    case_key = new_case_key()
    holder, look_up = anonymous_holder(case_key)
    caller = Caller(Returner(look_up), holder)
    case = _new_case(str(answers.get("region") or Region.NORTH), now)
    add_anonymous(case, look_up)
    _keep_own_keys(Keyring.new(case, NEW_CASE_KEYS), caller)
    filled = {**answers, "identity": Identity.ANONYMOUS.value, "contact": "PORTAL"}
    sent = submit(case, caller, filled, expected=expected, now=now, once=once)
    return Sent(sent.case, sent.event, case_key)


@transaction.atomic
def preview_anonymous(answers: Mapping[str, Any], *, now: datetime) -> list[User]:
    """Who would be able to open an anonymous concern; nothing of it is stored."""
    mark = transaction.savepoint()
    try:
        case = _new_case(str(answers.get("region") or Region.NORTH), now)
        return preview(case, answers, now=now)
    finally:
        transaction.savepoint_rollback(mark)


def find_by_case_key(typed: str) -> tuple[Case, Caller]:
    """The case that a case key opens; raises NotAllowed when there is none."""
    holder, look_up = anonymous_holder(typed)
    who = Returner(look_up)
    caller = Caller(who, holder)
    party = Party.objects.filter(
        standing=Standing.COMPLAINANT, handle=caller.handle
    ).select_related("case")
    found = party.first()
    if found is None:
        raise NotAllowed
    return found.case, caller


def _new_case(region: str, now: datetime) -> Case:
    today = local_date(now, policy.zone())
    case = Case(
        reference=new_reference(),
        region=region,
        created_at=now,
        touched_on=today,
        profile=policy.current_profile(policy.DEFAULT, today),
    )
    case.save(force_insert=True)
    return case


def _keep_own_keys(ring: Keyring, caller: Caller) -> None:
    if caller.holder is None:
        raise NotAllowed
    ring.give(caller.holder.name, caller.holder.public, NEW_CASE_KEYS)


def _draft_of(case: Case) -> Record:
    return case.records.get(kind=Kind.DRAFT)


def _fill(case: Case, answers: Mapping[str, Any], today: date) -> None:
    shared = {"yes": True, "no": False}.get(str(answers.get("share")))
    Case.unguarded.filter(pk=case.pk, state=State.DRAFT).update(
        identity=answers.get("identity") or "",
        name_shared=shared,
        asked_informal=answers.get("way") == "informal",
        touched_on=today,
    )


def _set_contact(party: Party, answers: Mapping[str, Any]) -> None:
    if party.person_id is None:
        return
    case = party.case
    party.delete()
    fresh = add_party(
        case,
        Standing.COMPLAINANT,
        party.person_id,
        contact=str(answers.get("contact") or "PORTAL"),
        address=str(answers.get("address") or ""),
    )
    fresh.save()


def _words(answers: Mapping[str, Any], party: Party) -> tuple[tuple[Kind, str], ...]:
    wanted = (
        (Kind.ACCOUNT, "account"),
        (Kind.WHEN, "when"),
        (Kind.PEOPLE, "about"),
        (Kind.IMPACT, "help"),
        (Kind.EXCLUSION, "exclude"),
    )
    words = [(kind, str(answers[name])) for kind, name in wanted if answers.get(name)]
    if party.person_id is not None:
        person = User.objects.get(pk=party.person_id)
        reach = f"{person.name}\n{answers.get('contact') or ''} {answers.get('address') or ''}"
        words.append((Kind.NAME, reach.strip()))
    return tuple(words)


__all__ = [
    "Sent",
    "find_by_case_key",
    "match_people",
    "open_draft",
    "preview",
    "preview_anonymous",
    "read_draft",
    "save_draft",
    "submit",
    "submit_anonymous",
]
