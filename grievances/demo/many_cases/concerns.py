"""Make many concerns in bulk, to see how the service does with so many.

Each is an anonymous concern that was sent today, under keys of its own that its readers hold: it
opens, can be searched and can be acknowledged. Walking each one as a person does would take a day,
so rows are written as `intake.submission` writes them, for `BATCH` concerns in one statement for
each table. No notice is sent and no one has the case keys.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Model

from grievances.audit.models import Event
from grievances.cases.access import list_check, list_triggers
from grievances.cases.access.readers_preview import Bars, readership_of
from grievances.cases.actions import clocks
from grievances.cases.actions.effects import SHARE_OF, TRIAGE_KEYS, lead_keys
from grievances.cases.actions.perform import fact_of
from grievances.cases.models.assignments import CaseUserObjectPermission, permission_for
from grievances.cases.models.case import Allegation, Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.deadlines import Deadline
from grievances.cases.models.exclusions import Exclusions, packed, place_of
from grievances.cases.models.key_distribution import share_rows
from grievances.cases.models.parties import Party, anonymous_pseudonym
from grievances.cases.models.records import Kind, Record, sealed_record
from grievances.cases.models.stored_keys.held import bundles
from grievances.cases.models.stored_keys.rows import SealedKey
from grievances.cases.step_names import StepName
from grievances.demo.texts import ACCOUNTS, HELP
from grievances.encryption.key_pairs import holder_name, sealing_key
from grievances.encryption.server_keys import seal_for_server
from grievances.intake.drafts import NEW_CASE_KEYS, new_reference
from grievances.people.matching import Told
from grievances.people.models import User
from grievances.policy import profiles
from grievances.vocabulary import Identity, Region, Role, Standing, State
from workflow.calendar import local_date

BATCH = 500
"""Concerns in one transaction."""
COMPLAINANT = Standing.COMPLAINANT.lower()

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Holders:
    """Who gets a role on every concern, and the public keys of those who get keys."""

    parts: tuple[tuple[Role, User], ...]
    public: dict[Role, dict[str, bytes]]
    readers: int

    @classmethod
    def on(cls, now: datetime) -> Holders:
        """Return everyone who could open a concern that names no one, sent now."""
        today = local_date(now, profiles.zone())
        able = readership_of(Case(), Bars((), {}, ()), today, Told())
        parts = (*((Role.TRIAGE_POOL, one) for one in able.officers), *able.watching)
        public = {
            role: {holder_name(one.pk): sealing_key(one) for theirs, one in parts if theirs is role}
            for role in (Role.TRIAGE_POOL, *SHARE_OF)
        }
        return cls(parts, public, len(able.officers))


def make_concerns(count: int, now: datetime, seed: int, progress: Progress) -> int:
    """Make so many concerns, sent up to `now` (UTC).

    The stored lists of a batch are written at its end: the triggers would write each many times.
    They are off within the transaction of the batch alone. A process that is killed leaves them on,
    and every list true.

    Returns:
        How many were made.
    """
    chance = random.Random(seed)  # noqa: S311 - a demonstration that can be repeated
    holders = Holders.on(now)
    list_check.install_missing()
    for start in range(0, count, BATCH):
        with transaction.atomic():
            with list_triggers.put_off(connection):
                made = _make(min(BATCH, count - start), holders, now, chance)
            list_check.write_lists([case.pk for case in made])
        progress(min(start + BATCH, count) / count)
    return count


def _make(count: int, holders: Holders, now: datetime, chance: random.Random) -> list[Case]:
    cases = _new_cases(count, now, chance)
    handles = [anonymous_pseudonym(secrets.token_hex(16)) for _ in cases]
    said = list(zip(cases, handles, strict=True))
    _insert([Party(case=c, standing=Standing.COMPLAINANT, handle=handle) for c, handle in said])
    _insert([Exclusions(case=c, sealed=_no_one(c)) for c in cases])
    _insert([Allegation(case=case, number=1) for case in cases])
    _insert([row for case in cases for row in _grants(case, holders)])
    _insert([row for case in cases for row in _clocks(case, now)])
    rings = [Keyring.new(case, NEW_CASE_KEYS) for case in cases]
    _insert([row for ring in rings for row in _words(ring, now, chance)])
    _insert([row for ring in rings for row in _keys(ring, holders)])
    Event.append_all([_sent(case, handle, holders.readers, now) for case, handle in said])
    return cases


def _new_cases(count: int, now: datetime, chance: random.Random) -> list[Case]:
    today = local_date(now, profiles.zone())
    profile = profiles.own_profile(today)
    references: set[str] = set()
    while len(references) < count:
        fresh = {new_reference() for _ in range(count - len(references))}
        there = Case.unguarded.filter(reference__in=fresh).values_list("reference", flat=True)
        references |= fresh.difference(there)
    rows = [
        Case(
            reference=reference,
            state=State.SUBMITTED,
            turn=1,
            identity=Identity.ANONYMOUS,
            region=chance.choice(list(Region)),
            profile=profile,
            created_at=now - timedelta(seconds=chance.randrange(3600)),
            touched_on=today,
            received_at=now,
            received_on=today,
        )
        for reference in sorted(references)
    ]
    calendar = profiles.calendar(rows[0].division)
    for row in rows:
        row.calendar = calendar
    return Case.unguarded.bulk_create(rows)


def _no_one(case: Case) -> bytes:
    return seal_for_server(packed({}), place_of(case.pk))


def _grants(case: Case, holders: Holders) -> list[CaseUserObjectPermission]:
    return [
        CaseUserObjectPermission(permission=permission_for(role), user=person, content_object=case)
        for role, person in holders.parts
    ]


def _clocks(case: Case, now: datetime) -> list[Deadline]:
    starts = fact_of(StepName.SUBMIT).starts
    return clocks.new_rows(case, starts, now, local_date(now, profiles.zone()))


def _words(ring: Keyring, now: datetime, chance: random.Random) -> list[Record]:
    words = ((Kind.ACCOUNT, chance.choice(ACCOUNTS)), (Kind.IMPACT, chance.choice(HELP)))
    return [
        sealed_record(ring.case, ring, kind, text, author=COMPLAINANT, now=now)
        for kind, text in words
    ]


def _keys(ring: Keyring, holders: Holders) -> list[SealedKey]:
    shares = {part: holders.public[role] for role, part in SHARE_OF.items()}
    new = [
        *ring.new_keys(holders.public[Role.TRIAGE_POOL], TRIAGE_KEYS),
        *ring.new_keys(holders.public[Role.LEAD], lead_keys(ring.case)),
        *share_rows(ring, shares),
    ]
    return bundles(ring.case, new)


def _sent(case: Case, handle: str, readers: int, now: datetime) -> Event:
    states = {"from": State.DRAFT.value, "to": State.SUBMITTED.value}
    return Event.draft(
        chain=case.reference,
        at=now,
        actor=handle,
        role=COMPLAINANT,
        kind=f"case.{StepName.SUBMIT}",
        subject=case.reference,
        data={"code": fact_of(StepName.SUBMIT).code, **states, "readers": readers},
    )


def _insert(rows: Sequence[Model]) -> None:
    if rows:
        type(rows[0])._default_manager.bulk_create(rows)
