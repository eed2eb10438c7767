"""Search records and file names one may read, decrypted in memory with one's keys.

There is no index of words, and the search words are stored nowhere (architecture.md 6a). A search
examines cases for as long as one request may take, gives each hit as it is found, says how far it
has come, and continues from there when asked.
It never asks for a case that the person may not read, so a case they are excluded from costs no
time.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import BoundedSemaphore
from time import monotonic

from django.db import transaction
from django.db.models import prefetch_related_objects

from grievances.audit.models import Event
from grievances.cases.access import rules
from grievances.cases.access.facts import Actor
from grievances.cases.access.standing import access_with, with_ties
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.records import Kind, Record, read
from grievances.casework.prefetch import forget_what_is_not_there, with_what_there_is
from grievances.casework.reading import standing_now
from grievances.encryption.primitives import DecryptionFailed
from grievances.evidence import case_files
from grievances.evidence.storing import rule_of
from grievances.vocabulary import State

SECONDS, WHILE_OTHERS_SEARCH = 10.0, 2.5
"""How long a search goes on before it begins another case, in seconds."""
PLACES = BoundedSemaphore(2)
"""The long searches of one process: few, so that other pages have the rest."""
CASES = 20_000
"""The most cases that one search examines, however fast it is."""
AT_ONCE = 50
"""The number of cases read from the database at a time."""
RECORDS = 100_000
"""The number of records after which a search begins no other case.

Decrypting them takes about a second.
"""
READ_AT_ONCE = 10_000
"""The most records read by one statement.

Of a case with more, the oldest are examined.
"""
HITS = 100
"""The number of cases shown at a time; each complainant is told of the hit."""


@dataclass(frozen=True)
class Hit:
    """A case in which one record or one file name contains all the words.

    `kinds` are the kinds of those records.
    """

    case: Case
    role: str
    kinds: tuple[Kind, ...]
    in_files: bool = False


@dataclass(frozen=True)
class Look:
    """The result for one case: what matched and how much was decrypted.

    `is_locked` tells that a record could not be decrypted. `saw` are the rules under which the
    matches are read.
    """

    kinds: tuple[Kind, ...]
    in_files: bool
    saw: frozenset[str]
    opened: int
    is_locked: bool


@dataclass(frozen=True)
class Progress:
    """How far a search has come: cases examined, and those with something locked.

    A case is locked where some words could not be decrypted, because a key has not come yet.
    `after` is the reference to continue from, and `is_over` tells that the search has ended here.
    It is empty then when every case has been examined.
    """

    looked: int
    locked: int
    after: str
    is_over: bool = False


@dataclass(frozen=True)
class Found:
    """The result of a search: hits as they were found, and how many cases it examined.

    `locked` counts the cases of which some words could not be decrypted, because a key has not come
    yet. `after` is where to continue; empty when every case has been examined.
    """

    hits: tuple[Hit, ...]
    looked: int
    locked: int
    after: str


def search(caller: Caller, words: str, *, now: datetime, after: str = "") -> Found:
    """Return the cases with a record or a file name that contains all these words.

    Each hit is an event of its case. `after` is the reference that the last search ended with.
    Raises NotAllowed when the caller is unknown.
    """
    found = list(look_through(caller, words, now=now, after=after))
    last = next(each for each in reversed(found) if isinstance(each, Progress))
    hits = tuple(each for each in found if isinstance(each, Hit))
    return Found(_newest_first(hits), last.looked, last.locked, last.after)


def look_through(
    caller: Caller, words: str, *, now: datetime, after: str = ""
) -> Iterator[Hit | Progress]:
    """Return what `search` finds as it is found, how far it came, and that it is over.

    Raises:
        NotAllowed: the caller is unknown.
    """
    if caller.who is None:
        raise NotAllowed
    return _look_through(caller, caller.who, _plain(words).split(), now, after)


def _look_through(
    caller: Caller, who: Actor, terms: list[str], now: datetime, after: str
) -> Iterator[Hit | Progress]:
    looked = locked = opened = hits = 0
    with _until() as until:
        for case, rows in _in_turn(who, after):
            if looked and _is_enough(looked, hits, opened, until):
                yield Progress(looked, locked, after, is_over=True)
                return
            looked, after = looked + 1, case.reference
            access = _standing(caller, case, now)
            look = _look(access, rows, caller, terms, now)
            opened, locked = opened + look.opened, locked + look.is_locked
            if look.saw:
                hits += 1
                yield _told(access, caller, look, now)
            if looked % AT_ONCE == 0:
                yield Progress(looked, locked, after)
    yield Progress(looked, locked, "", is_over=True)


@contextmanager
def _until() -> Iterator[float]:
    """Yield the moment at which a search ends."""
    has_place = PLACES.acquire(blocking=False)
    try:
        yield monotonic() + (SECONDS if has_place else WHILE_OTHERS_SEARCH)
    finally:
        if has_place:
            PLACES.release()


def _in_turn(who: Actor, after: str) -> Iterator[tuple[Case, list[Record]]]:
    """Yield the cases to examine after a reference, each with its records.

    What a look needs of the cases is read for many at once.
    """
    rows = rules.case_by_case(who, "read_in_search").exclude(state=State.DRAFT)
    rows = with_ties(with_what_there_is(rows)).order_by("reference")
    while batch := list(rows.filter(reference__gt=after)[:AT_ONCE]):
        read_in = _records_of(batch)
        for case in batch:
            forget_what_is_not_there(case)
        for name in ("hearings", "companions", "evidence"):
            prefetch_related_objects([c for c in batch if getattr(c, f"has_{name}")], name)
        for case in batch:
            found = read_in.get(case.pk)
            yield case, _records_of([case]).get(case.pk, []) if found is None else found
        if len(batch) < AT_ONCE:
            return
        after = batch[-1].reference


def _records_of(cases: list[Case]) -> dict[int, list[Record]]:
    """Return the records of cases, at most `READ_AT_ONCE`, as {case id: records}.

    The cases of which some would be beyond the most are not in it, unless it is one alone.
    """
    rows = Record.objects.filter(case__in=cases).exclude(kind=Kind.DRAFT)
    found = list(rows.order_by("case__reference", "at", "pk")[:READ_AT_ONCE])
    read_in: dict[int, list[Record]] = {}
    for row in found:
        read_in.setdefault(row.case_id, []).append(row)
    if len(found) < READ_AT_ONCE:
        return {case.pk: read_in.get(case.pk, []) for case in cases}
    if len(cases) > 1:
        del read_in[found[-1].case_id]
    return read_in


def _standing(caller: Caller, case: Case, now: datetime) -> rules.CaseAccess:
    """Return the searcher's access to a case that `_in_turn` has read."""
    found = access_with(caller.who, case, case) if caller.who is not None else None
    return standing_now(caller, case, now, found)


def _is_enough(looked: int, hits: int, opened: int, until: float) -> bool:
    """Return whether a search ends here, to go on when it is asked to."""
    return looked >= CASES or hits >= HITS or opened >= RECORDS or monotonic() > until


def _newest_first(hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    return tuple(sorted(hits, key=lambda hit: hit.case.pk, reverse=True))


def _look(
    access: rules.CaseAccess, records: list[Record], caller: Caller, terms: list[str], now: datetime
) -> Look:
    case = access.facts.case
    asked = {rules.READ_RULE[Kind(row.kind)] for row in records}
    asked |= {rule_of(row) for row in case.evidence.all()}
    allowed = frozenset(rule for rule in asked if access.allows(rule))
    readable = {kind.value for kind, rule in rules.READ_RULE.items() if rule in allowed}
    ring = _ring(case, caller, now)
    rows = [row for row in records if row.kind in readable]
    found, is_locked = _kinds_that_hold(rows, ring, terms)
    files = case_files.files_of(case, ring, allowed, access.role("read"))
    named = [facts.id for facts in files if _holds(facts.name, terms)]
    saw = {rules.READ_RULE[kind] for kind in found}
    saw |= {rule_of(row) for row in case.evidence.all() if row.pk in named}
    kinds = tuple(kind for kind in Kind if kind in found)
    return Look(kinds, bool(named), frozenset(saw), len(rows) + len(files), is_locked)


def _kinds_that_hold(rows: list[Record], ring: Keyring, terms: list[str]) -> tuple[set[Kind], bool]:
    """Return the kinds of records that hold the words, and whether one was locked."""
    found: set[Kind] = set()
    is_locked = False
    for row in rows:
        try:
            text = read(row, ring).text
        except DecryptionFailed:
            is_locked = True
            continue
        if _holds(text, terms):
            found.add(Kind(row.kind))
    return found, is_locked


def _holds(text: str, terms: list[str]) -> bool:
    """Return whether a text contains all the words, ignoring case."""
    plain = _plain(text)
    return all(term in plain for term in terms)


def _ring(case: Case, caller: Caller, now: datetime) -> Keyring:
    try:
        return case_files.ring_of(case, caller, now)
    except DecryptionFailed:
        # One case whose keys were tampered with does not end the search of the others.
        return Keyring(case, {})


def _told(access: rules.CaseAccess, caller: Caller, look: Look, now: datetime) -> Hit:
    """Return the hit, after recording it in the trail of the case.

    The event has the role, and never the words.
    """
    case, role = access.facts.case, access.role("read_in_search")
    with transaction.atomic():
        Event.append(
            chain=case.reference,
            at=now,
            actor=caller.handle_as(role),
            role=role,
            kind="case.found",
            subject=case.reference,
            data={"saw": ",".join(sorted(look.saw))},
        )
    return Hit(case, role, look.kinds, look.in_files)


def _plain(text: str) -> str:
    """Return a text in the form to compare: no capitals, one form for equal letters."""
    return unicodedata.normalize("NFKC", text).casefold()
