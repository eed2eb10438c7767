"""The keys of a case as they are stored: a bundle for each holder and moment.

What a holder is given at one moment is sealed once: a fresh key to the holder's public key, and
under it the keys of compartments, each in a place of its own. A place that is empty, or was
emptied, has random bytes, and every bundle has the same length. So a copy of the table tells
neither how many keys a holder has, nor which. What a bundle has is written in `sealed_public`,
sealed for the server: a key is taken from a holder by emptying its place, without their help.

A row with a compartment is from before there were bundles. It opens as it did.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from django.db import models

from grievances.encryption import hybrid_keys, primitives
from grievances.encryption.key_pairs import account_of
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import open_for_server, seal_for_server
from grievances.vocabulary import Compartment

PLACES = 16
"""A bundle has so many places for keys; more are another row (`held`)."""
OWN_KEY_BYTES = 1 + hybrid_keys.SEALED_MORE_BYTES + 32
"""The first part of a bundle: its own key, sealed to the holder."""
PLACE_BYTES = 1 + 12 + 32 + 16
ENTRY_BYTES, NAME_BYTES = 16, 12


class Part(models.TextChoices):
    """What a row has of a key: the key, a share, or a granted share; or several keys."""

    WHOLE = "", "The key"
    DPO = "dpo", "The data-protection officer's share"
    LEAD = "lead", "The casework lead's share"
    LENT_DPO = "lent_dpo", "The data-protection officer's share, lent"
    LENT_LEAD = "lent_lead", "The casework lead's share, lent"
    BUNDLE = "bundle", "Several keys"
    OWED = "owed", "Several keys that are pending"
    REFUSED = "refused", "Several keys that are not sealed, because the public key was refused"


_PARTS = (Part.WHOLE, Part.DPO, Part.LEAD, Part.LENT_DPO, Part.LENT_LEAD)
SHARES = (Part.DPO, Part.LEAD)
KEPT = (Part.WHOLE, *SHARES)
SEVERAL = (Part.BUNDLE, Part.OWED, Part.REFUSED)


@dataclass(frozen=True)
class Recipient:
    """To whom keys are sealed: an account and one of its public keys, or a public key.

    People without an account have a public key alone.
    """

    account: int = 0
    fingerprint: bytes = bytes(32)
    public: bytes = b""

    @classmethod
    def of(cls, name: str, public: bytes) -> Self:
        """Return the recipient of a holder's name and public key."""
        account = account_of(name)
        print_of_key = hashlib.sha256(public).digest() if public else bytes(32)
        return cls(account, print_of_key, b"" if account else public)


class SealedKey(models.Model):
    """A bundle of keys for one holder; from before, one version of one key.

    `holder` is a pseudonym, so a copy of the table does not tell who holds what. `part` is BUNDLE,
    OWED or REFUSED, and `compartment` a random name; both of an older row are those of its key. An
    empty `sealed` is pending: the next holder who opens the case seals it (architecture.md 5).
    `sealed_public` says what is in a bundle and to whom it is sealed (`Contents`); in an older row,
    it is the holder's public key.
    """

    case = models.ForeignKey(
        "grievances.Case", on_delete=models.CASCADE, related_name="sealed_keys"
    )
    compartment = models.CharField(max_length=12, choices=Compartment)
    version = models.PositiveSmallIntegerField(default=1)
    part = models.CharField(max_length=9, choices=Part, default=Part.WHOLE, blank=True)
    holder = models.CharField(max_length=40, db_index=True)
    sealed_public = models.BinaryField(default=b"")
    sealed = models.BinaryField(default=b"")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "compartment", "version", "part", "holder"],
                name="one_key_per_holder",
            )
        ]
        indexes = [
            models.Index(fields=["case"], condition=models.Q(sealed=b""), name="key_is_owed")
        ]

    def __str__(self) -> str:
        return f"keys of case {self.case_id}"

    @property
    def place(self) -> str:
        """The associated data to which the key is bound.

        With any other it does not open.
        """
        older = self.version == 1 and self.part == Part.WHOLE
        more = "" if older else f"|{self.version}|{self.part}"
        return f"case key|case {self.case_id}|{self.compartment}|{self.holder}{more}"

    @property
    def public_place(self) -> str:
        """The associated data to which `sealed_public` is bound."""
        more = f"|{self.compartment}|{self.part}" if self.part in SEVERAL else ""
        return f"holder|case {self.case_id}|{self.holder}{more}"

    @property
    def is_readable(self) -> bool:
        """Return whether this service wrote what the row has, for this holder and case."""
        try:
            return bool(self.contents)
        except DecryptionFailed:
            return False

    @cached_property
    def contents(self) -> Contents:
        """What is in this row, and for whom.

        Raises:
            DecryptionFailed: the server key of the row is not configured.
        """
        if self.part in SEVERAL:
            return Contents.read(open_for_server(bytes(self.sealed_public), self.public_place))
        blob = bytes(self.sealed_public)
        public = open_for_server(blob, self.public_place) if blob else b""
        name = Entry(self.compartment, self.version, Part(self.part))
        return Contents(Recipient(public=public), {0: name})

    def open_at(self, at: int, private: bytes) -> bytes:
        """Return the key (or share) of one place, with its holder's private key.

        Raises DecryptionFailed for any other holder and any other associated data.
        """
        if self.part != Part.BUNDLE:
            return primitives.open_from(private, bytes(self.sealed), self.place)
        start = OWN_KEY_BYTES + at * PLACE_BYTES
        blob = bytes(self.sealed)[start : start + PLACE_BYTES]
        entry = self.contents.entries[at]
        return primitives.open_sealed(self._own_key(private), blob, f"{self.place}|{entry}")

    def fill(self, public: bytes, keys: Mapping[Entry, bytes], to: Recipient) -> None:
        """Seal several keys (or shares) to the holder of `public`, who is `to`."""
        entries = dict(enumerate(keys))
        self.write(Contents(to, entries))
        own = primitives.new_key()
        head = primitives.seal_to(public, own, self.place)
        blob = bytearray(head + os.urandom(OWN_KEY_BYTES - len(head)))
        for at in range(_places(len(entries))):
            entry = entries.get(at)
            place = f"{self.place}|{entry}"
            blob += primitives.seal(own, keys[entry], place) if entry else _nothing()
        self.sealed = bytes(blob)

    def empty(self, places: Iterable[int]) -> None:
        """Empty these places of a bundle; what was there is gone."""
        gone = set(places)
        blob = bytearray(self.sealed)
        for at in gone if blob else ():
            start = OWN_KEY_BYTES + at * PLACE_BYTES
            blob[start : start + PLACE_BYTES] = _nothing()
        left = {at: name for at, name in self.contents.entries.items() if at not in gone}
        self.write(Contents(self.contents.to, left))
        self.sealed = bytes(blob)

    def write(self, contents: Contents) -> None:
        """Set what this row has, sealed for the server."""
        self.sealed_public = seal_for_server(contents.packed(), self.public_place)
        self.contents = contents

    def _own_key(self, private: bytes) -> bytes:
        known: dict[bytes, bytes] = self.__dict__.setdefault("_own_keys", {})
        if private not in known:
            head = bytes(self.sealed)[:OWN_KEY_BYTES]
            if head[:1] != hybrid_keys.HYBRID:
                head = head[: 1 + 32 + 32 + 16]
            known[private] = primitives.open_from(private, head, self.place)
        return known[private]


@dataclass(frozen=True)
class Entry:
    """Which key, or share of one, is in a place."""

    compartment: str
    version: int
    part: Part

    def __str__(self) -> str:
        return f"{self.compartment}|{self.version}|{self.part}"


@dataclass(frozen=True)
class Contents:
    """What a row has, and for whom: {place: which key}."""

    to: Recipient
    entries: Mapping[int, Entry]

    def packed(self) -> bytes:
        """Return this as bytes: of one length for every account and number of keys.

        One for a holder without an account is longer by the public key, which is stored nowhere
        else.
        """
        last = max(self.entries, default=-1) + 1
        rows = [_packed_entry(self.entries.get(at)) for at in range(_places(last))]
        head = self.to.account.to_bytes(8, "big") + self.to.fingerprint
        return head + bytes([len(rows)]) + b"".join(rows) + self.to.public

    @classmethod
    def read(cls, words: bytes) -> Self:
        """Return what `packed` wrote."""
        rows, start = words[40], 41
        end = start + rows * ENTRY_BYTES
        found = {
            at: _read_entry(words[start + at * ENTRY_BYTES : start + (at + 1) * ENTRY_BYTES])
            for at in range(rows)
        }
        to = Recipient(int.from_bytes(words[:8], "big"), words[8:40], words[end:])
        return cls(to, {at: entry for at, entry in found.items() if entry is not None})


def _packed_entry(entry: Entry | None) -> bytes:
    if entry is None:
        return bytes(ENTRY_BYTES)
    number = entry.version.to_bytes(2, "big") + bytes([_PARTS.index(entry.part)])
    return entry.compartment.encode().ljust(NAME_BYTES, b"\0") + number + b"\1"


def _read_entry(words: bytes) -> Entry | None:
    if not words[-1]:
        return None
    name = words[:NAME_BYTES].rstrip(b"\0").decode()
    return Entry(name, int.from_bytes(words[NAME_BYTES:-2], "big"), _PARTS[words[-2]])


def rows_for(count: int) -> int:
    """Return how many rows so many keys of one holder take."""
    return max(1, -(-count // PLACES))


def _places(count: int) -> int:
    return rows_for(count) * PLACES


def _nothing() -> bytes:
    return primitives.VERSION + os.urandom(PLACE_BYTES - 1)
