"""The log of keys: every public key of an account, in a chain of digests.

It has the first key and every changed one.
Each entry covers the one before it, so none can be changed, left out or slipped in without every
later digest being another. A proof of raising carries the head of the log at that time and the keys
to which the concern is sealed, signed. Anyone who has the proof and the log checks, without this
service, that those keys were in it (docs/how-to/check-a-proof.md). So a key that is given to one
concern alone is found out.

The log has no names and no dates: a number, a pseudonym of the account, and a fingerprint of the
key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db import IntegrityError, models, transaction

from grievances.encryption.server_keys import handle

START = "0" * 64
TRIES = 5
"""How often an entry is tried, when another takes its number meanwhile."""


class KeyLogEntry(models.Model):
    """One first or changed public key; the database refuses to change an entry."""

    seq = models.PositiveIntegerField(primary_key=True)
    account = models.CharField(max_length=40, db_index=True)
    fingerprint = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.seq} {self.account} {self.fingerprint}"


class Head(NamedTuple):
    """The end of the log: how many entries it has, and the digest of the last."""

    size: int
    digest: str


class Broken(Exception):
    """The log is not what it was: an entry was changed, left out or slipped in."""


def fingerprint(public: bytes) -> str:
    """Return the fingerprint of a public key: its SHA-256, as 64 hex digits."""
    return hashlib.sha256(public).hexdigest()


def digest_of(before: str, line: str) -> str:
    """Return the digest of an entry, from that of the entry before it and its line."""
    return hashlib.sha256(f"{before} {line}".encode()).hexdigest()


def account_of(person_id: int) -> str:
    """Return the pseudonym of an account in the log."""
    return handle("key log", person_id)


def add(person_id: int, public: bytes) -> None:
    """Add the public key of an account, unless it is the account's last one already.

    Raises:
        IntegrityError: Others were quicker at every one of TRIES attempts.
    """
    account, mark = account_of(person_id), fingerprint(public)
    last = KeyLogEntry.objects.filter(account=account).order_by("-seq").first()
    if last is not None and last.fingerprint == mark:
        return
    for attempt in range(TRIES):
        end = head()
        entry = KeyLogEntry(seq=end.size + 1, account=account, fingerprint=mark)
        entry.digest = digest_of(end.digest, str(entry))
        try:
            with transaction.atomic():
                entry.save(force_insert=True)
        except IntegrityError:
            if attempt == TRIES - 1:
                raise
        else:
            return


def has_had_a_key(person_id: int) -> bool:
    """Return whether this account ever had a key pair."""
    return KeyLogEntry.objects.filter(account=account_of(person_id)).exists()


def head() -> Head:
    """Return the end of the log."""
    last = KeyLogEntry.objects.order_by("-seq").first()
    return Head(last.seq, last.digest) if last is not None else Head(0, START)


def lines() -> Iterator[str]:
    """Yield the lines of the log, from the first."""
    for entry in KeyLogEntry.objects.order_by("seq").iterator(chunk_size=500):
        yield str(entry)


def verified_head(size: int | None = None) -> Head:
    """Return the end of the log after `size` entries (or all), computed anew.

    Raises:
        Broken: the log is shorter, or a digest is not what its lines make it.
    """
    found = Head(0, START)
    entries = KeyLogEntry.objects.order_by("seq")
    for entry in entries if size is None else entries.filter(seq__lte=size):
        found = Head(found.size + 1, digest_of(found.digest, str(entry)))
        if entry.seq != found.size or entry.digest != found.digest:
            raise Broken
    if size is not None and found.size != size:
        raise Broken
    return found


def not_in_log(publics: Iterable[bytes]) -> set[bytes]:
    """Return those of these public keys that are no account's last key in the log."""
    last: dict[str, str] = {}
    for account, mark in KeyLogEntry.objects.order_by("seq").values_list("account", "fingerprint"):
        last[account] = mark
    known = set(last.values())
    return {public for public in publics if fingerprint(public) not in known}
