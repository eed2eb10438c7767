"""Verify the hash chains of a trail.

It finds an entry that was changed, removed or inserted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.db import connections, router, transaction

from workflow.hashing import GENESIS, digest_of
from workflow.models import AbstractEvent
from workflow.sql import triggers


@dataclass(frozen=True)
class Verdict:
    """The result of a verification.

    When not `ok`, `chain` and `seq` say where the fault is, and `fault` says what it is.
    """

    ok: bool
    entries: int
    chains: int
    chain: str = ""
    seq: int = 0
    fault: str = ""


Ends = Mapping[str, tuple[int, str]]
"""Chain -> (seq, digest) of the last entry removed at the end of its time.

Verification goes on from there.
"""
NO_ENDS: Ends = {}
START = (0, GENESIS)


@dataclass(frozen=True)
class _Fault:
    seq: int
    sentence: str


def verify(event_model: type[AbstractEvent], ends: Ends = NO_ENDS) -> Verdict:
    """Verify every chain of a trail, up to the first fault.

    It finds an entry that was changed, removed or inserted, a chain without its head, and a missing
    end. It finds a whole chain that was removed while its head remains, but not one removed
    together with its head; for that, compare `head_digest` with one kept elsewhere. What `ends`
    names as removed may be missing; the caller knows whether it was removed rightly. Memory grows
    with the number of chains, not of entries.

    Returns:
        The verdict.
    """
    heads = _heads(event_model)
    entries = event_model._default_manager.order_by("chain", "seq").iterator(chunk_size=2000)
    count = 0
    walked: set[str] = set()
    for chain, links in groupby(entries, key=lambda entry: entry.chain):
        walked.add(chain)
        begin = ends.get(chain, START)
        seq, fault = _walk(links, heads.get(chain), begin)
        count += seq - begin[0]
        if fault is not None:
            return Verdict(False, count, len(walked), chain, fault.seq, fault.sentence)
    for chain in sorted(set(heads) - walked):
        if ends.get(chain) != heads[chain]:
            return Verdict(False, count, len(walked), chain, 0, "The whole chain is missing.")
    return Verdict(True, count, len(walked))


def verify_one(
    event_model: type[AbstractEvent], chain: str, begin: tuple[int, str] = START
) -> Verdict:
    """Verify one chain from the entry after `begin` on, up to the first fault.

    Hold a lock on the head meanwhile. This runs two queries, and an entry that is added between
    them would look like an inserted one.

    Returns:
        The verdict, with the entries after `begin`.
    """
    links = event_model._default_manager.filter(chain=chain).order_by("seq")
    head = _heads(event_model, chain).get(chain)
    seq, fault = _walk(links.iterator(chunk_size=2000), head, begin)
    if fault is not None:
        return Verdict(False, seq - begin[0], 1, chain, fault.seq, fault.sentence)
    return Verdict(True, seq - begin[0], 1)


def is_sound(event_model: type[AbstractEvent], chain: str, begin: tuple[int, str]) -> bool:
    """Return whether one chain is whole from the entry after `begin` to its head."""
    return verify_one(event_model, chain, begin).ok


def let_go(event_model: type[AbstractEvent], chain: str, seq: int) -> int:
    """Remove the entries of a chain up to this one.

    This is the only function by which entries leave a trail. It is for an application whose law
    says how long a trail is kept. The application must name them in `ends` from then on; otherwise
    `verify` reports a missing entry.

    Returns:
        How many entries there were.
    """
    table, using = event_model._meta.db_table, router.db_for_write(event_model)
    delete = f'DELETE FROM "{table}" WHERE chain = %s AND seq <= %s'  # noqa: S608 - our own table
    database = connections[using]
    with (
        transaction.atomic(using=using),
        triggers.lifted(database, table),
        database.cursor() as cursor,
    ):
        cursor.execute(delete, [chain, seq])
        return int(cursor.rowcount)


def head_digest(event_model: type[AbstractEvent]) -> str:
    """Return one SHA-256 over all chain heads, to be kept outside the database."""
    heads = _heads(event_model)
    return digest_of([[chain, *heads[chain]] for chain in sorted(heads)])


def _heads(event_model: type[AbstractEvent], *chains: str) -> dict[str, tuple[int, str]]:
    """Return (seq, digest) of the named chain heads, or of all of them."""
    heads = event_model.head_model._default_manager.all()
    rows = heads.filter(chain__in=chains) if chains else heads
    ends = rows.values_list("chain", "seq", "digest")
    return {chain: (seq, digest) for chain, seq, digest in ends}


def _walk(
    links: Iterator[AbstractEvent], head: tuple[int, str] | None, begin: tuple[int, str]
) -> tuple[int, _Fault | None]:
    """Return the last sound entry of one chain, and the first fault or None."""
    seq, prev = begin
    for link in links:
        if link.seq != seq + 1:
            return seq, _Fault(seq + 1, "An entry is missing.")
        if link.prev != prev:
            return seq, _Fault(link.seq, "The entry does not follow the one before it.")
        if link.digest != link.reckoned_digest():
            return seq, _Fault(link.seq, "The entry was changed.")
        seq, prev = link.seq, link.digest
    if head is None:
        return seq, _Fault(seq, "The chain has lost its head.")
    if head != (seq, prev):
        return seq, _Fault(seq + 1, "The end of the chain was cut off.")
    return seq, None
