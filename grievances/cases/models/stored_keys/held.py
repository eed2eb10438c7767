"""The keys that people hold on a case: read once, changed, and written together."""

from __future__ import annotations

import hashlib
import random
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import chain
from typing import TYPE_CHECKING

from django.db import models, transaction

from grievances.cases.models.stored_keys.rows import (
    PLACES,
    Contents,
    Entry,
    Part,
    Recipient,
    SealedKey,
)
from grievances.encryption.key_pairs import KeyPair
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import handle
from workflow.sql.bulk_sql import insert_rows, remove_rows
from workflow.sql.compiled_sql import Bound, CompiledQuery, Question, bound_list, listed

if TYPE_CHECKING:
    from grievances.cases.models.case import Case

NUMBER_BITS = 62
"""Bits of the number of a row: by chance no two are the same."""


@dataclass(eq=False)
class HeldKey:
    """One version of one compartment's key, or a share of it, as one holder has it.

    `row` and `at` say where it is stored. Without a row it is not stored yet: `secret` is the key
    to seal to `public`, and an empty one is pending.
    """

    holder: str
    entry: Entry
    to: Recipient
    row: SealedKey | None = None
    at: int = 0
    public: bytes = field(default=b"", repr=False)
    secret: bytes = field(default=b"", repr=False)

    @classmethod
    def new(
        cls, case: Case, name: str, public: bytes, entry: Entry, secret: bytes = b""
    ) -> HeldKey:
        """Return a key to store for the holder with this name."""
        to = Recipient.of(name, public)
        return cls(holder_pseudonym(case, name), entry, to, public=public, secret=secret)

    @property
    def compartment(self) -> str:
        """The compartment of the key."""
        return self.entry.compartment

    @property
    def version(self) -> int:
        """The version of the key."""
        return self.entry.version

    @property
    def part(self) -> Part:
        """Which part of the key this is."""
        return self.entry.part

    @property
    def key(self) -> tuple[str, int]:
        """Compartment and version."""
        return self.compartment, self.version

    @property
    def kind(self) -> Part:
        """In which kind of row this is stored."""
        if self.row is not None:
            if self.row.part == Part.REFUSED or not self.row.sealed_public:
                return Part.REFUSED
            return Part.BUNDLE if self.row.sealed else Part.OWED
        if not self.public:
            return Part.REFUSED
        return Part.BUNDLE if self.secret else Part.OWED

    @property
    def is_sealed(self) -> bool:
        """Return whether it is sealed to its holder, not pending."""
        return self.kind == Part.BUNDLE

    def is_same_as(self, other: HeldKey) -> bool:
        """Return whether the holder has this very key already.

        A key never changes; a share does.
        """
        return self.is_sealed and self.part == Part.WHOLE and self.to == other.to

    def open_with(self, private: bytes) -> bytes:
        """Return the key, with its holder's private key.

        Raises:
            DecryptionFailed: another holder or other associated data.
        """
        if self.row is None:
            raise DecryptionFailed
        return self.row.open_at(self.at, private)


def holder_pseudonym(case: Case, name: str) -> str:
    """Return the pseudonym of a holder on this case."""
    return _pseudonym(case.pk, name)


def _pseudonym(case_id: int, name: str) -> str:
    return handle("holder", case_id, name)


def cases_with_keys_of(people: Mapping[int, Iterable[str]]) -> set[int]:
    """Return the cases ({id: holder names}) of which one of their people has a key."""
    holders = [_pseudonym(case_id, name) for case_id, names in people.items() for name in names]
    rows = SealedKey.objects.filter(holder__in=holders)
    return set(rows.values_list("case_id", flat=True))


def held_in(rows: Iterable[SealedKey]) -> list[HeldKey]:
    """Return every key in these rows; none of a row that this service did not write."""
    return [
        HeldKey(row.holder, entry, row.contents.to, row, at)
        for row in rows
        if row.is_readable
        for at, entry in row.contents.entries.items()
    ]


def held_on(case: Case, *names: str) -> list[HeldKey]:
    """Return every key of a case; of these holders, if any is named."""
    return held_in(rows_on(case, *names))


def rows_on(case: Case, *names: str) -> list[SealedKey]:
    """Return every row of keys of a case; of these holders, if any is named."""
    holders = [holder_pseudonym(case, name) for name in names]
    known: list[SealedKey] | None = case.__dict__.get(UNDER_LOCK)
    read_for, read = case.__dict__.pop(READ_BESIDE, ("", None))
    known = read if known is None and holders == [read_for] else known
    if known is None:
        own = (_OWN.rows(case=case.pk, holder=holder) for holder in holders)
        rows = list(chain.from_iterable(own)) if names else _ALL.rows(case=case.pk)
    else:
        rows = [row for row in known if row.holder in holders] if names else list(known)
    for row in rows:
        row.case = case
    return rows


def every_row_of(case_id: int) -> Question[SealedKey]:
    """Return the question for every row of keys of a case."""
    return _ALL.asked(case=case_id)


def own_rows_of(cases: Sequence[int], reference: str, name: str) -> Question[SealedKey]:
    """Return the question for a holder's rows on the one of these cases that is meant."""
    named = listed("holder", [_pseudonym(pk, name) for pk in cases], "")
    return _own_of(len(named)).asked(reference=reference, **named)


def keep_own_rows(case: Case, name: str, rows: list[SealedKey]) -> None:
    """Keep rows that were read beside the case, for the next who asks for them."""
    case.__dict__[READ_BESIDE] = holder_pseudonym(case, name), rows


def know_all_rows(case: Case, rows: list[SealedKey]) -> None:
    """Keep every row of keys of a locked case, for the step that holds the lock.

    While the row of a case is locked, no other transaction changes its keys (`changing`).
    """
    for row in rows:
        row.case = case
    case.__dict__[UNDER_LOCK] = rows


def forget_rows(case: Case) -> None:
    """Forget what was known of the keys of a case: the lock of its row ends."""
    case.__dict__.pop(UNDER_LOCK, None)


def _all() -> models.QuerySet[SealedKey]:
    return SealedKey.objects.filter(case=Bound("case", models.BigIntegerField()))


def _own() -> models.QuerySet[SealedKey]:
    return _all().filter(holder=Bound("holder", models.CharField()))


@cache
def _own_of(room: int) -> CompiledQuery[SealedKey]:
    case, text = Bound("reference", models.CharField()), models.CharField()
    holders = bound_list("holder", room, text)
    build = partial(SealedKey.objects.filter, case__reference=case, holder__in=holders)
    return CompiledQuery(build)


READ_BESIDE = "sealed_keys_read_beside"
UNDER_LOCK = "sealed_keys_under_lock"
_ALL, _OWN = CompiledQuery(_all), CompiledQuery(_own)


def owed_rows() -> models.QuerySet[SealedKey]:
    """Return the rows of keys that the next holder who opens a case can seal."""
    rows = SealedKey.objects.filter(sealed=b"").exclude(sealed_public=b"")
    return rows.exclude(part=Part.REFUSED)


def public_keys(held: Iterable[HeldKey]) -> dict[Recipient, bytes]:
    """Return the public key of each recipient.

    There is none where the account has another key now than the one that was sealed to, and where
    that was refused.
    """
    wanted = {one.to for one in held}
    accounts = {to.account for to in wanted if to.account}
    known = {b"": bytes(32)}
    if accounts:
        rows = KeyPair.objects.filter(person__in=accounts)
        # A request to recover an account has its next public key.
        for pair in rows.values_list("public_key", "person__recoveries__public_key"):
            publics = [bytes(public) for public in pair if public]
            known |= {public: hashlib.sha256(public).digest() for public in publics}
    by_print = {print_of_key: public for public, print_of_key in known.items()}
    return {to: to.public or by_print.get(to.fingerprint, b"") for to in wanted}


class KeysOnCase:
    """The stored keys of a case, read once, changed, and written together.

    The row of the case is locked meanwhile (`changing`).
    """

    def __init__(self, case: Case, held: Iterable[HeldKey]) -> None:
        self.case = case
        self.held = list(held)
        self._gone: list[HeldKey] = []

    def drop(self, gone: Iterable[HeldKey]) -> None:
        """Take keys from their holders."""
        left = {id(one) for one in gone}
        self._gone += [one for one in self.held if id(one) in left and one.row is not None]
        self.held = [one for one in self.held if id(one) not in left]

    def put(self, new: Iterable[HeldKey]) -> None:
        """Add keys.

        A share replaces what was there, and a sealed key one that is pending. A pending one
        replaces nothing.
        """
        there = {(one.holder, one.entry): one for one in self.held}
        for one in new:
            before = there.get((one.holder, one.entry))
            if before is not None and (not one.is_sealed or before.is_same_as(one)):
                continue
            if before is not None:
                self.drop([before])
            self.held.append(one)
            there[one.holder, one.entry] = one

    def store(self) -> None:
        """Write what was changed."""
        shut = self._write_gone()
        new = bundles(self.case, [one for one in self.held if one.row is None])
        insert_rows(new)
        known: list[SealedKey] | None = self.case.__dict__.get(UNDER_LOCK)
        if known is not None:
            known[:] = [*(row for row in known if row.pk not in shut), *new]

    def _write_gone(self) -> set[int]:
        """Take what was dropped out of its rows.

        Returns:
            The ids of the rows that are deleted: all their entries were dropped.
        """
        places: dict[int, set[int]] = defaultdict(set)
        rows = {one.row.pk: one.row for one in self._gone if one.row is not None}
        for one in self._gone:
            if one.row is not None:
                places[one.row.pk].add(one.at)
        shut = {pk for pk, row in rows.items() if places[pk] >= set(row.contents.entries)}
        changed = [row for pk, row in rows.items() if pk not in shut]
        for row in changed:
            row.empty(places[row.pk])
        if shut:
            remove_rows(SealedKey, id=sorted(shut))
        if changed:
            SealedKey.objects.bulk_update(changed, ["sealed", "sealed_public"])
        return shut


def bundles(case: Case, new: Iterable[HeldKey]) -> list[SealedKey]:
    """Return sealed rows of new keys, not stored yet, in an order that tells nothing.

    More keys than a row has places for make another row, as those of another moment do, so that no
    row is longer than the others.
    """
    groups: dict[tuple[str, Part, Recipient], list[HeldKey]] = defaultdict(list)
    for one in new:
        groups[one.holder, one.kind, one.to].append(one)
    rows = [
        _bundle(case, *which, own[at : at + PLACES])
        for which, own in groups.items()
        for at in range(0, len(own), PLACES)
    ]
    random.SystemRandom().shuffle(rows)
    return rows


def _bundle(case: Case, holder: str, kind: Part, to: Recipient, own: list[HeldKey]) -> SealedKey:
    # Numbers in a row would join the cases of a person whose keys are written at one moment.
    number = secrets.randbits(NUMBER_BITS)
    row = SealedKey(
        pk=number, case=case, part=kind, holder=holder, compartment=secrets.token_hex(6)
    )
    if kind == Part.BUNDLE:
        row.fill(own[0].public, {one.entry: one.secret for one in own}, to)
    else:
        row.write(Contents(to, {at: one.entry for at, one in enumerate(own)}))
    return row


@contextmanager
def changing(case: Case, *names: str) -> Iterator[KeysOnCase]:
    """Yield the keys of a case (of holders, if named), and write what was changed.

    The row of the case is locked meanwhile, so that no key comes back that was taken away. In a
    step it is locked already.
    """
    with transaction.atomic(savepoint=False):
        if not case.__dict__.get("is_locked"):
            rows = type(case).unguarded.select_for_update(of=("self",))
            list(rows.filter(pk=case.pk).values("pk"))
        keys = KeysOnCase(case, held_on(case, *names))
        yield keys
        keys.store()
