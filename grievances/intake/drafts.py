"""Drafts of concerns: only the owner holds the keys, and 90 idle days end a draft."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet, Subquery

from grievances.cases.access import rules
from grievances.cases.access.facts import AnonymousReporter
from grievances.cases.actions import clocks
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring, put_first
from grievances.cases.models.evidence import Evidence
from grievances.cases.models.parties import (
    Party,
    add_entries,
    add_new_parties,
    anonymous_pseudonym,
    new_party,
)
from grievances.cases.models.records import (
    Kind,
    Record,
    read,
    replace_if_same,
    rewrite,
    seal_again,
    write,
)
from grievances.cases.step_names import StepName
from grievances.encryption.key_pairs import Holder
from grievances.people.models import User
from grievances.people.regions import division_of
from grievances.policy import profiles
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import Compartment, Standing, State
from workflow.calendar import local_date
from workflow.json_values import JsonObject
from workflow.sql.compiled_sql import AnnotatedRow, Bound, CompiledQuery
from workflow.sql.sent_together import sent_together

REFERENCE_SIGNS = "23456789BCDFGHJKMNPQRTVWXZ"
"""Signs of a reference: no vowels and no look-alikes (domain.md 5.8).

So a reference forms no words and is not misheard.
"""

NEW_CASE_KEYS = (Compartment.CORE, Compartment.IDENTITY, Compartment.OFFICE)
DRAFT_COLUMNS = ("id", "compartment", "at", "sealed")
DRAFT_CLOCKS = (ClockName.DRAFT_WARNING, ClockName.DRAFT)


def new_reference() -> str:
    """Return RC- and six random signs, which reveal no order, date, region or volume."""
    return "RC-" + "".join(secrets.choice(REFERENCE_SIGNS) for _ in range(6))


@transaction.atomic
@sent_together()
def open_draft(person: User, caller: Caller, *, now: datetime) -> Case:
    """Create a draft that only its owner can see.

    Only its owner holds its keys.

    Returns:
        The case, in the state of a draft.
    """
    today, unit = local_date(now, profiles.zone()), person.unit
    case = new_case(unit.region if unit else "", now, unit.division if unit else "")
    add_new_parties([new_party(case, Standing.COMPLAINANT, person.pk)])
    add_entries(case.pk, Standing.COMPLAINANT, [person.pk])
    ring = Keyring.new(case, NEW_CASE_KEYS)
    keep_own_keys(ring, caller)
    write(case, ring, Kind.DRAFT, "{}", author="complainant", now=now)
    _start_clocks(case, now, today)
    return case


def save_draft(
    case: Case,
    caller: Caller,
    answers: Mapping[str, object],
    *,
    now: datetime,
    ring: Keyring | None = None,
) -> None:
    """Seal what has been typed so far into the draft, and start its 90 days again.

    `ring` has the keys of the draft, where they were read before: only its owner holds them.

    Raises:
        NotAllowed: the draft has gone (deleted or sent in another tab).
    """
    today = local_date(now, profiles.zone())
    is_read = ring is not None and case.__dict__.get("draft_id") is not None
    if not (is_read and case.touched_on == today and _is_saved(case, ring, answers, now)):
        _save_locked(case, caller, answers, now=now, ring=ring)


def _is_saved(
    case: Case, ring: Keyring | None, answers: Mapping[str, object], now: datetime
) -> bool:
    """Add to the draft as it was read with its case.

    One statement locks the case, compares the record and writes it. So what another tab saved, sent
    or deleted meanwhile is never written over.

    Returns:
        Whether it is still that draft.
    """
    record = _draft_of(case)
    if ring is None or case.state != State.DRAFT:
        return False
    before = bytes(record.sealed)
    kept = json.loads(read(record, ring).text)
    seal_again(record, ring, json.dumps({**kept, **answers}), author="complainant", now=now)
    return replace_if_same(record, before, State.DRAFT)


@transaction.atomic
def _save_locked(
    case: Case,
    caller: Caller,
    answers: Mapping[str, object],
    *,
    now: datetime,
    ring: Keyring | None,
) -> None:
    """Add to the draft as it is under its lock.

    Raises:
        NotAllowed: the draft has gone.
    """
    today = local_date(now, profiles.zone())
    # One statement locks the case, then the record: two tabs may save at once.
    rows = Record.objects.select_for_update(of=("case", "self")).select_related("case")
    record = rows.filter(case=case, kind=Kind.DRAFT).first()
    if record is None:
        raise NotAllowed
    case = record.case
    ring = Keyring.of(case, caller.holder) if ring is None else ring
    kept = json.loads(read(record, ring).text)
    text = json.dumps({**kept, **answers})
    rewrite(record, ring, text, author="complainant", now=now)
    if case.touched_on != today:
        Case.unguarded.filter(pk=case.pk).update(touched_on=today)
        case.deadlines.filter(name__in=DRAFT_CLOCKS).delete()
        _start_clocks(case, now, today)


def read_draft(case: Case, caller: Caller, ring: Keyring | None = None) -> JsonObject:
    """Return what the owner has typed so far.

    `ring` has the keys of the draft, where they were read before.
    """
    ring = Keyring.of(case, caller.holder) if ring is None else ring
    answers: JsonObject = json.loads(read(_draft_of(case), ring).text)
    return answers


def own_drafts(person: User) -> QuerySet[Case]:
    """Return the drafts of an account, newest first."""
    drafts = rules.cases_for(person, StepName.DELETE_DRAFT).filter(state=State.DRAFT)
    return drafts.order_by("-created_at")


def delete_draft(case: Case, caller: Caller, *, now: datetime) -> None:
    """Delete a draft and all that is in it. Raises NotAllowed when it is not theirs."""
    step = StepName.DELETE_DRAFT
    perform(step, case_id=case.pk, caller=caller, now=now, step_input=StepInput())


def new_case(region: str, now: datetime, division: str = "") -> Case:
    """Create an empty case row under the policy in force now.

    Without a division it is that of the region.

    Returns:
        The case, stored, without parties or keys.
    """
    today = local_date(now, profiles.zone())
    case = Case(
        reference=new_reference(),
        region=region,
        division=division or division_of(region),
        created_at=now,
        touched_on=today,
        profile=profiles.own_profile(today),
    )
    case.save(force_insert=True)
    return case


def begun_by(case: Case) -> tuple[Party, bool]:
    """Return the complainant of a draft, and whether it has files, under its lock."""
    row: AnnotatedRow = _BEGUN_BY.first(case=case.pk)
    row.case = case
    return row, row.has_files


def _begun_by() -> QuerySet[Party]:
    rows = Party.objects.filter(
        case=Bound("case", BigIntegerField()), standing=Standing.COMPLAINANT
    )
    return rows.annotate(has_files=Exists(Evidence.objects.filter(case=OuterRef("case"))))


_BEGUN_BY = CompiledQuery(_begun_by)


def keep_own_keys(ring: Keyring, caller: Caller) -> None:
    """Give the keys of a new case to the person who raises it.

    Raises:
        NotAllowed: the caller's private key is not open.
    """
    if caller.holder is None:
        raise NotAllowed
    own = {caller.holder.name: caller.holder.public}
    put_first(ring.case, ring.new_keys(own, NEW_CASE_KEYS))


def locked(case: Case) -> Case:
    """Return the row of a case, locked.

    Raises:
        NotAllowed: the row has gone (a draft deleted in another tab).
    """
    row = Case.unguarded.select_for_update(of=("self",)).filter(pk=case.pk).first()
    if row is None:
        raise NotAllowed
    return row


def anonymous_caller(holder: Holder, look_up: str) -> Caller:
    """Return the person without an account who holds this case key."""
    return Caller(AnonymousReporter(look_up), holder)


def anonymous_draft(look_up: str) -> Case | None:
    """Return the draft of the holder of a case key, or None when there is none."""
    party = Party.objects.filter(
        standing=Standing.COMPLAINANT,
        handle=anonymous_pseudonym(look_up),
        case__state=State.DRAFT,
    )
    found = party.select_related("case").first()
    return found.case if found is not None else None


def start_clocks(case: Case, now: datetime) -> None:
    """Start the 90 days after which an idle draft is deleted."""
    _start_clocks(case, now, local_date(now, profiles.zone()))


def _start_clocks(case: Case, now: datetime, today: date) -> None:
    clocks.start_all(case, DRAFT_CLOCKS, now, today, running=())


def with_draft(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return cases with the record of their draft, for `read_draft`."""
    rows = Record.objects.filter(case=OuterRef("pk"), kind=Kind.DRAFT).order_by("pk")
    return cases.annotate(
        **{f"draft_{name}": Subquery(rows.values(name)[:1]) for name in DRAFT_COLUMNS}
    )


def _draft_of(case: Case) -> Record:
    if case.__dict__.get("draft_id") is not None:
        found = {name: case.__dict__[f"draft_{name}"] for name in DRAFT_COLUMNS}
        return Record(case=case, kind=Kind.DRAFT, **found)
    record = case.records.filter(kind=Kind.DRAFT).first()
    if record is None:
        raise NotAllowed
    return record
