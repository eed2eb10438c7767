"""The keys of a case: one per compartment, in versions, sealed to each holder.

When a person loses a case, a new version is sealed to the remaining holders. What is written later
is sealed under that version, and what was written before does not change (architecture.md 5).
`key_distribution` grants, splits, rotates and takes keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from grievances.cases.models.stored_keys.held import (
    HeldKey,
    bundles,
    changing,
    held_in,
    held_on,
    rows_on,
)
from grievances.cases.models.stored_keys.rows import Entry, Part, rows_for
from grievances.encryption import primitives
from grievances.encryption.primitives import DecryptionFailed
from grievances.vocabulary import Compartment
from workflow.sql.bulk_sql import insert_rows

if TYPE_CHECKING:
    from grievances.cases.models.case import Case
    from grievances.encryption.key_pairs import Holder

SPLIT = (Compartment.CORE, Compartment.IDENTITY, Compartment.OFFICE, Compartment.REPLY)
"""The keys that two officers can open together.

All but the key of the mediator's notes (domain.md 11.1).
"""

_VERSIONED = b"\x02"
_SEVERAL = b"\x03"


GRANTED = {Part.DPO: Part.LENT_DPO, Part.LEAD: Part.LENT_LEAD}
PAIRS = ((Part.LENT_DPO, Part.LENT_LEAD),)
IN_EMERGENCY = ((Part.DPO, Part.LENT_LEAD),)
"""Pairs of rows of one holder that together make a key.

`PAIRS` are two granted shares (a lost password). `IN_EMERGENCY` is a share of one's own with a
granted one (break-glass).
"""


def is_held(case: Case, compartment: str) -> bool:
    """Return whether any holder has a key of this compartment that opens."""
    return compartment in held_compartments(held_on(case))


def held_compartments(held: Iterable[HeldKey]) -> set[str]:
    """Return the compartments of those keys that are whole and sealed."""
    return {one.compartment for one in held if one.part == Part.WHOLE and one.is_sealed}


def put(case: Case, new: Iterable[HeldKey]) -> None:
    """Store keys.

    A sealed key replaces what was there, and a pending one replaces nothing.
    """
    found = list(new)
    if found:
        with changing(case) as keys:
            keys.put(found)


def put_first(case: Case, new: Iterable[HeldKey]) -> None:
    """Store the keys of holders who had none of this case before."""
    insert_rows(bundles(case, new))


class Keyring:
    """The compartment keys of one case that one holder has.

    Each is decrypted when it is first asked for. Words are sealed under the newest version alone,
    so a holder who does not have it yet cannot write.
    """

    def __init__(self, case: Case, keys: dict[tuple[str, int], bytes]) -> None:
        self.case = case
        self._keys = keys
        self._shut: dict[tuple[str, int], tuple[HeldKey, ...]] = {}
        self._private = b""
        self._owed: set[tuple[str, int]] = set()
        self._is_spoilt = False
        self.is_scattered = False
        """Whether this holder's keys are in several rows (`key_distribution.gather`)."""

    def __contains__(self, compartment: str) -> bool:
        """Return whether every version of this key for this holder has reached them."""
        versions = self._versions(compartment)
        return bool(versions) and all(self.opens(compartment, version) for version in versions)

    def key(self, compartment: str, version: int) -> bytes:
        """Return one version of a key.

        Raises:
            DecryptionFailed: this holder was not given it.
        """
        found = self._keys.get((compartment, version))
        if found is None:
            rows = self._shut.get((compartment, version))
            if not rows:
                raise DecryptionFailed
            opened = [row.open_with(self._private) for row in rows]
            found = opened[0] if len(opened) == 1 else primitives.join_two(*opened)
            self._keys[compartment, version] = found
        return found

    def newest(self, compartment: str) -> tuple[int, bytes]:
        """Return the version to seal under and its key.

        Raises DecryptionFailed while it is pending.
        """
        version = max(self._versions(compartment), default=0)
        return version, self.key(compartment, version)

    @classmethod
    def new(cls, case: Case, compartments: Iterable[str]) -> Keyring:
        """Return a keyring with fresh random keys for a new case."""
        return cls(case, {(str(c), 1): primitives.new_key() for c in compartments})

    @classmethod
    def of(cls, case: Case, holder: Holder | None, *, in_emergency: bool = False) -> Keyring:
        """Return every key of the case that the holder can open.

        The keyring is empty without a holder. `in_emergency` adds what the holder's own share opens
        together with one granted to them.
        """
        ring = cls(case, {})
        if holder is None:
            return ring
        ring._private = holder.private
        rows = rows_on(case, holder.name)
        held = held_in(rows)
        ring._is_spoilt = not all(row.is_readable for row in rows)
        ring._hang_up(held, (*PAIRS, *IN_EMERGENCY) if in_emergency else PAIRS)
        sealed = [one.row.pk for one in held if one.row and one.is_sealed]
        ring.is_scattered = len(set(sealed)) > rows_for(len(sealed))
        return ring

    def wrap(self, inner: str, outer: str, place: str) -> bytes:
        """Return the key of one compartment, sealed under the key of another.

        `place` is the associated data. Raises DecryptionFailed without both keys.
        """
        version, key = self.newest(inner)
        return seal_words(self, outer, version.to_bytes(2, "big") + key, place)

    def wrap_every(self, inner: str, outer: str, place: str) -> list[bytes]:
        """Return the result of `wrap` for each version of the inner key in this keyring."""
        versions = [each for each in sorted(self._versions(inner)) if self.opens(inner, each)]
        words = [each.to_bytes(2, "big") + self.key(inner, each) for each in versions]
        return [seal_words(self, outer, each, place) for each in words]

    def unwrap(self, inner: str, outer: str, blob: bytes, place: str) -> None:
        """Add a key that `wrap` sealed.

        Raises DecryptionFailed without the outer key, or for other associated data.
        """
        words = open_words(self, outer, blob, place)
        self.learn({inner: (int.from_bytes(words[:2], "big"), words[2:])})

    def add_new(self, compartment: str) -> None:
        """Add a fresh key for a compartment that no one holds yet (a mediator's notes)."""
        versions = [one.version for one in held_on(self.case) if one.compartment == compartment]
        self.learn({str(compartment): (max(versions, default=0) + 1, primitives.new_key())})

    def learn(self, keys: Mapping[str, tuple[int, bytes]]) -> None:
        """Add newer versions, given as {compartment: (version, key)}."""
        for compartment, (version, key) in keys.items():
            self._keys[compartment, version] = key

    def give(self, name: str, public: bytes, compartments: Iterable[str]) -> None:
        """Seal keys to another holder.

        A key that this keyring lacks is noted as pending.
        """
        self.give_all({name: public}, compartments)

    def give_all(self, holders: Mapping[str, bytes], compartments: Iterable[str]) -> None:
        """Seal every version of keys to several holders, given as {name: public key}."""
        asked = list(compartments)
        with changing(self.case) as keys:
            wanted = self._wanted(keys.held, asked)
            keys.put(
                self._new(name, public, *each)
                for name, public in holders.items()
                for each in wanted
            )

    def new_keys(self, holders: Mapping[str, bytes], compartments: Iterable[str]) -> list[HeldKey]:
        """Return these keys for several holders, not stored yet.

        It is for a new case, of which this keyring has every key there is.
        """
        return [
            self._new(name, public, *key)
            for name, public in holders.items()
            for key in self.held(compartments)
        ]

    def held(self, compartments: Iterable[str]) -> list[tuple[str, int]]:
        """Return every (compartment, version) of these compartments in this keyring."""
        return [(str(name), at) for name in compartments for at in sorted(self._versions(name))]

    def wanted(self, compartments: Iterable[str]) -> list[tuple[str, int]]:
        """Return every (compartment, version) of these compartments on the case."""
        return self._wanted(held_on(self.case), compartments)

    def _wanted(
        self, held: Iterable[HeldKey], compartments: Iterable[str]
    ) -> list[tuple[str, int]]:
        asked = [str(compartment) for compartment in compartments]
        known = {one.key for one in held if one.compartment in asked and one.part == Part.WHOLE}
        known |= {(name, version) for name in asked for version in self._versions(name)}
        first = {(name, 1) for name in asked if name not in {each for each, _ in known}}
        return sorted(known | first)

    def _new(self, name: str, public: bytes, compartment: str, version: int) -> HeldKey:
        has = public and self.opens(compartment, version)
        secret = self.key(compartment, version) if has else b""
        entry = Entry(compartment, version, Part.WHOLE)
        return HeldKey.new(self.case, name, public, entry, secret)

    def _hang_up(self, held: Iterable[HeldKey], pairs: Iterable[tuple[Part, Part]]) -> None:
        by_key: dict[tuple[str, int], dict[str, HeldKey]] = {}
        for one in held:
            parts = by_key.setdefault(one.key, {})
            if one.is_sealed or one.part not in parts:
                parts[one.part] = one
        for key, parts in by_key.items():
            sealed = {part: one for part, one in parts.items() if one.is_sealed}
            ways = [(Part.WHOLE,), *pairs]
            way = next((way for way in ways if set(way) <= set(sealed)), None)
            if way is not None:
                self._shut[key] = tuple(sealed[part] for part in way)
            elif Part.WHOLE in parts:
                self._owed.add(key)

    def _versions(self, compartment: str) -> set[int]:
        known = {*self._keys, *self._shut, *self._owed}
        return {version for name, version in known if name == compartment}

    def does_not_open(self) -> bool:
        """Return whether a key that was sealed to this holder does not open."""
        return self._is_spoilt or any(not self.opens(*which) for which in self._shut)

    def opens(self, compartment: str, version: int) -> bool:
        """Return whether this keyring opens one version of a key."""
        try:
            self.key(compartment, version)
        except DecryptionFailed:
            return False
        return True


def seal_words(ring: Keyring, compartment: str, words: bytes, place: str) -> bytes:
    """Return words sealed under the newest version of a compartment's key.

    `place` is the associated data to which they are bound. Raises DecryptionFailed while the key is
    pending.
    """
    version, key = ring.newest(compartment)
    return _VERSIONED + version.to_bytes(2, "big") + primitives.seal(key, words, place)


def open_words(ring: Keyring, compartment: str, blob: bytes, place: str) -> bytes:
    """Return the words of a sealed blob.

    Raises DecryptionFailed without the key, or for other associated data.
    """
    if blob[:1] == _VERSIONED:
        version, blob = int.from_bytes(blob[1:3], "big"), blob[3:]
    else:
        version = 1
    return primitives.open_sealed(ring.key(compartment, version), blob, place)


def several(wraps: Iterable[bytes]) -> bytes:
    """Return wrapped keys in one field, each after its length (two bytes).

    `wraps_in` separates them.
    """
    return _SEVERAL + b"".join(len(each).to_bytes(2, "big") + each for each in wraps)


def wraps_in(field: bytes) -> list[bytes]:
    """Return every wrapped key of a field.

    There is none, one alone (as older rows have it), or several.
    """
    if field[:1] != _SEVERAL:
        return [field] if field else []
    found, at = [], 1
    while at < len(field):
        end = at + 2 + int.from_bytes(field[at : at + 2], "big")
        found.append(field[at + 2 : end])
        at = end
    return found
