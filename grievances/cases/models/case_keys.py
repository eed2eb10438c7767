"""The keys of a case: one per compartment, in versions, sealed to each holder.

When a person loses a case, a new version is sealed to the remaining holders. What is written later
is sealed under that version, and what was written before does not change (architecture.md 5).
`key_distribution` grants, splits, rotates and takes keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.db import models

from grievances.encryption import primitives
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import handle, open_for_server, seal_for_server
from grievances.vocabulary import Compartment

if TYPE_CHECKING:
    from grievances.cases.models.case import Case
    from grievances.encryption.key_pairs import Holder

SPLIT = (Compartment.CORE, Compartment.IDENTITY, Compartment.OFFICE, Compartment.REPLY)
"""The keys that two officers can open together.

All but the key of the mediator's notes (domain.md 11.1).
"""

_VERSIONED = b"\x02"
_SEVERAL = b"\x03"


class Part(models.TextChoices):
    """What a row has of a key: the key itself, a share, or a granted share."""

    WHOLE = "", "The key"
    DPO = "dpo", "The data-protection officer's share"
    LEAD = "lead", "The casework lead's share"
    LENT_DPO = "lent_dpo", "The data-protection officer's share, lent"
    LENT_LEAD = "lent_lead", "The casework lead's share, lent"


SHARES = (Part.DPO, Part.LEAD)
GRANTED = {Part.DPO: Part.LENT_DPO, Part.LEAD: Part.LENT_LEAD}
KEPT = (Part.WHOLE, *SHARES)
PAIRS = ((Part.LENT_DPO, Part.LENT_LEAD),)
IN_EMERGENCY = ((Part.DPO, Part.LENT_LEAD),)
"""Pairs of rows of one holder that together make a key.

`PAIRS` are two granted shares (a lost password). `IN_EMERGENCY` is a share of one's own with a
granted one (break-glass).
"""


class SealedKey(models.Model):
    """One version of one compartment's key, or a share of it, for one holder.

    `holder` is a pseudonym, so a copy of the table does not tell who holds what. `sealed_public` is
    the holder's public key, sealed for the server. So a new version can be sealed to them without
    anyone's help. An empty `sealed` is pending: the next holder who opens the case seals it
    (architecture.md 5).
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
        return f"a key of case {self.case_id}"

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
        """The associated data to which the holder's public key is bound."""
        return f"holder|case {self.case_id}|{self.holder}"

    def seal_to(self, public: bytes, key: bytes) -> None:
        """Seal a key (or a share) to the holder of `public`.

        An empty key makes the row pending. An empty `public` does as well: there is no key to seal
        to, because the holder's own was refused (`actions.key_alarm`).
        """
        if not public:
            self.sealed_public = self.sealed = b""
            return
        self.sealed_public = seal_for_server(public, self.public_place)
        self.sealed = primitives.seal_to(public, key, self.place) if key else b""

    def public(self) -> bytes:
        """Return the holder's public key.

        Raises DecryptionFailed where it was never kept.
        """
        return open_for_server(bytes(self.sealed_public), self.public_place)

    def open_with(self, private: bytes) -> bytes:
        """Return the key, decrypted with its holder's private key.

        Raises DecryptionFailed for any other holder and any other associated data.
        """
        return primitives.open_from(private, bytes(self.sealed), self.place)


def holder_pseudonym(case: Case, name: str) -> str:
    """Return the pseudonym of a holder on this case."""
    return handle("holder", case.pk, name)


def is_held(case: Case, compartment: str) -> bool:
    """Tell whether any holder has a key of this compartment that opens."""
    rows = SealedKey.objects.filter(case=case, compartment=compartment, part=Part.WHOLE)
    return rows.exclude(sealed=b"").exists()


def put(rows: Iterable[SealedKey]) -> None:
    """Write rows of keys.

    A sealed row replaces what was there, and a pending row replaces nothing.
    """
    found = list(rows)
    SealedKey.objects.bulk_create(
        [row for row in found if row.sealed],
        update_conflicts=True,
        unique_fields=["case", "compartment", "version", "part", "holder"],
        update_fields=["sealed", "sealed_public"],
    )
    SealedKey.objects.bulk_create([row for row in found if not row.sealed], ignore_conflicts=True)


class Keyring:
    """The compartment keys of one case that one holder has.

    Each is decrypted when it is first asked for. Words are sealed under the newest version alone,
    so a holder who does not have it yet cannot write.
    """

    def __init__(self, case: Case, keys: dict[tuple[str, int], bytes]) -> None:
        self.case = case
        self._keys = keys
        self._shut: dict[tuple[str, int], tuple[SealedKey, ...]] = {}
        self._private = b""
        self._owed: set[tuple[str, int]] = set()

    def __contains__(self, compartment: str) -> bool:
        """Tell whether every version of this key for this holder has reached them."""
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
        rows = SealedKey.objects.filter(case=case, holder=holder_pseudonym(case, holder.name))
        ring._hang_up(rows, (*PAIRS, *IN_EMERGENCY) if in_emergency else PAIRS)
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
        rows = SealedKey.objects.filter(case=self.case, compartment=compartment)
        last = rows.aggregate(last=models.Max("version"))["last"] or 0
        self.learn({str(compartment): (last + 1, primitives.new_key())})

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
        wanted = self.wanted(compartments)
        put(
            self._row(holder_pseudonym(self.case, name), public, *each)
            for name, public in holders.items()
            for each in wanted
        )

    def sealed_rows(
        self, holders: Mapping[str, bytes], compartments: Iterable[str]
    ) -> list[SealedKey]:
        """Return the rows of these keys for several holders, not stored yet.

        It is for a new case, of which this keyring has every key there is.
        """
        return [
            self._row(holder_pseudonym(self.case, name), public, *key)
            for name, public in holders.items()
            for key in self.held(compartments)
        ]

    def held(self, compartments: Iterable[str]) -> list[tuple[str, int]]:
        """Return every (compartment, version) of these compartments in this keyring."""
        return [(str(name), at) for name in compartments for at in sorted(self._versions(name))]

    def wanted(self, compartments: Iterable[str]) -> list[tuple[str, int]]:
        """Return every (compartment, version) of these compartments on the case."""
        asked = [str(compartment) for compartment in compartments]
        rows = SealedKey.objects.filter(case=self.case, compartment__in=asked, part=Part.WHOLE)
        known = set(rows.values_list("compartment", "version").distinct())
        known |= {(name, version) for name in asked for version in self._versions(name)}
        first = {(name, 1) for name in asked if name not in {each for each, _ in known}}
        return sorted(known | first)

    def _row(self, keyed_hash: str, public: bytes, compartment: str, version: int) -> SealedKey:
        row = SealedKey(case=self.case, compartment=compartment, version=version, holder=keyed_hash)
        has = self.opens(compartment, version)
        row.seal_to(public, self.key(compartment, version) if has else b"")
        return row

    def _hang_up(self, rows: Iterable[SealedKey], pairs: Iterable[tuple[Part, Part]]) -> None:
        by_key: dict[tuple[str, int], dict[str, SealedKey]] = {}
        for row in rows:
            by_key.setdefault((row.compartment, row.version), {})[row.part] = row
        for key, parts in by_key.items():
            sealed = {part: row for part, row in parts.items() if row.sealed}
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
        """Tell whether a key that was sealed to this holder does not open."""
        return any(not self.opens(*which) for which in self._shut)

    def opens(self, compartment: str, version: int) -> bool:
        """Tell whether this keyring opens one version of a key."""
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
