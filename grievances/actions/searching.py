"""Searching: the records of the cases one may read, opened in memory under one's own keys.

No index of words exists, and the words that were searched for are kept nowhere (architecture.md
6a). A search looks into so many cases and no more, says so, and goes on from there when asked. It
never asks for a case that the person may not read, so one that is barred costs it nothing.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from grievances import access
from grievances.actions import filing
from grievances.actions.caller import Caller, NotAllowed
from grievances.actions.reading import standing_now
from grievances.models import Case, Event
from grievances.models.keyring import Keyring, Unreadable
from grievances.models.records import Kind, read
from grievances.vocabulary import State

CASES = 50
"""Into how many cases one search looks: about half a second of work (12 ms a case, measured)."""
RECORDS = 10_000
"""After how many records it begins no other case; opening them takes about a tenth of a second."""
HITS = 25
"""How many cases are shown at a time. Each of them is told to its complainant."""


@dataclass(frozen=True)
class Hit:
    """A case in which all the words stand together in a record, and what these records are."""

    case: Case
    role: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class Found:
    """What a search brought: the hits, newest case first, and into how many cases it looked.

    `locked` counts the cases whose words could not all be opened, because a key has not come yet.
    `after` is where to go on; empty when every case has been looked into.
    """

    hits: tuple[Hit, ...]
    looked: int
    locked: int
    after: str


def search(caller: Caller, words: str, *, now: datetime, after: str = "") -> Found:
    """Find the cases with a record that holds all these words; each hit is an event of its case.

    `after` is the reference that the last search ended with. Raises NotAllowed for nobody.
    """
    if caller.who is None:
        raise NotAllowed
    terms = _plain(words).split()
    rows = access.cases_for(caller.who, "read_in_search").filter(reference__gt=after)
    cases = list(
        rows.exclude(state=State.DRAFT)
        .prefetch_related("hearings", "companions")
        .order_by("reference")[: CASES + 1]
    )
    hits: list[Hit] = []
    looked = locked = opened = 0
    for case in cases[:CASES]:
        if len(hits) == HITS or opened >= RECORDS:
            break
        looked += 1
        kinds, count, is_locked = _look(case, caller, terms, now)
        opened, locked = opened + count, locked + is_locked
        if kinds:
            hits.append(_told(case, caller, kinds, now))
    hits.sort(key=lambda hit: hit.case.pk, reverse=True)
    is_whole = looked == len(cases)
    return Found(tuple(hits), looked, locked, "" if is_whole else cases[looked - 1].reference)


def _look(
    case: Case, caller: Caller, terms: list[str], now: datetime
) -> tuple[tuple[Kind, ...], int, bool]:
    """(kinds of the records that fit, how many were opened, whether some stayed shut)."""
    footing = standing_now(caller, case, now)
    rules = {kind for kind, rule in access.READ_RULE.items() if footing.allows(rule)}
    ring = _ring(case, caller, now)
    found: set[Kind] = set()
    is_locked = False
    rows = list(case.records.filter(kind__in=rules).exclude(kind=Kind.DRAFT)[:RECORDS])
    for row in rows:
        try:
            text = _plain(read(row, ring).text)
        except Unreadable:
            is_locked = True
            continue
        if all(term in text for term in terms):
            found.add(Kind(row.kind))
    return tuple(kind for kind in Kind if kind in found), len(rows), is_locked


def _ring(case: Case, caller: Caller, now: datetime) -> Keyring:
    try:
        return filing.ring_of(case, caller, now)
    except Unreadable:
        # One case whose keys were tampered with does not end the search of the others.
        return Keyring(case, {})


def _told(case: Case, caller: Caller, kinds: tuple[Kind, ...], now: datetime) -> Hit:
    """The hit, once the trail of the case tells of it: in which role, never for which words."""
    role = access.role_of(caller.who, case, "read_in_search") if caller.who is not None else ""
    saw = ",".join(sorted({access.READ_RULE[kind] for kind in kinds}))
    with transaction.atomic():
        Event.append(
            chain=case.reference,
            at=now,
            actor=caller.handle_as(role),
            role=role,
            kind="case.found",
            subject=case.reference,
            data={"saw": saw},
        )
    return Hit(case, role, kinds)


def _plain(text: str) -> str:
    """A text as it is compared: no capitals, one form for letters that look the same."""
    return unicodedata.normalize("NFKC", text).casefold()
