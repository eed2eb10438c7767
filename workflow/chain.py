"""Walking a trail to see whether anything was changed, removed or put in."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from workflow.digests import GENESIS, digest_of
from workflow.models import AbstractEvent


@dataclass(frozen=True)
class Verdict:
    """What a walk found. When not `ok`, `chain` and `seq` say where and `fault` says what."""

    ok: bool
    entries: int
    chains: int
    chain: str = ""
    seq: int = 0
    fault: str = ""


@dataclass(frozen=True)
class _Fault:
    seq: int
    sentence: str


def verify(event_model: type[AbstractEvent]) -> Verdict:
    """Walk every chain of a trail and stop at the first fault.

    Found: an entry that was changed, removed or put in, a chain without its head, a tail cut off,
    and a whole chain removed while its head remains. Removing a chain together with its head is
    found by comparing `head_digest` with one kept elsewhere. Memory grows with the number of
    chains, not of entries.
    """
    heads = _heads(event_model)
    entries = event_model._default_manager.order_by("chain", "seq").iterator(chunk_size=2000)
    count = 0
    walked: set[str] = set()
    for chain, links in groupby(entries, key=lambda entry: entry.chain):
        walked.add(chain)
        seq, fault = _walk(links, heads.get(chain))
        count += seq
        if fault is not None:
            return Verdict(False, count, len(walked), chain, fault.seq, fault.sentence)
    for chain in sorted(set(heads) - walked):
        return Verdict(False, count, len(walked), chain, 0, "The whole chain is missing.")
    return Verdict(True, count, len(walked))


def head_digest(event_model: type[AbstractEvent]) -> str:
    """Return one SHA-256 over all chain heads, to be kept where the database is not."""
    heads = _heads(event_model)
    return digest_of([[chain, *heads[chain]] for chain in sorted(heads)])


def _heads(event_model: type[AbstractEvent]) -> dict[str, tuple[int, str]]:
    rows = event_model.head_model._default_manager.values_list("chain", "seq", "digest")
    return {chain: (seq, digest) for chain, seq, digest in rows}


def _walk(
    links: Iterator[AbstractEvent], head: tuple[int, str] | None
) -> tuple[int, _Fault | None]:
    """Follow one chain; return how many entries are sound, and the first fault."""
    seq, prev = 0, GENESIS
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
