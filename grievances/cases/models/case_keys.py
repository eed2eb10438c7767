"""The keys of a case: each compartment's key, in versions, sealed to each of its holders.

Whoever loses a case leaves its next words under a new version, which is sealed to those who stay;
what was written before stays as it is (architecture.md 5). How keys change hands stands in
`key_holders`.
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
"""What two officers can open together: all but the mediator's notes (domain.md 11.1)."""

_VERSIONED = b"\x02"
_SEVERAL = b"\x03"


class Part(models.TextChoices):
    """What of a key a row holds: the key, a share of it, or a share lent to somebody else."""

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
"""Which two rows of one holder make a key: two loans (a lost password), or a loan beside a share
of one's own (break-glass)."""


class SealedKey(models.Model):
    """One version of the key of one compartment of one case, or a share of it, for one holder.

    `holder` is blind, so a copy of the table does not say who holds what; the holder's public key
    stands beside it sealed for the server, so that a new version reaches them by nobody's hand.
    An empty `sealed` is owed: the next holder who opens the case seals it (architecture.md 5).
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
        """Where the key is sealed for: opened anywhere else it is refused."""
        older = self.version == 1 and self.part == Part.WHOLE
        more = "" if older else f"|{self.version}|{self.part}"
        return f"case key|case {self.case_id}|{self.compartment}|{self.holder}{more}"

    @property
    def public_place(self) -> str:
        """Where the holder's public key is sealed for."""
        return f"holder|case {self.case_id}|{self.holder}"

    def seal_to(self, public: bytes, key: bytes) -> None:
        """Seal a key (or a share) to the holder of `public`; an empty one is owed."""
        self.sealed_public = seal_for_server(public, self.public_place)
        self.sealed = primitives.seal_to(public, key, self.place) if key else b""

    def public(self) -> bytes:
        """The holder's public key; raises Unreadable where it was never kept."""
        return open_for_server(bytes(self.sealed_public), self.public_place)

    def open_with(self, private: bytes) -> bytes:
        """The key, for its holder; raises Unreadable for anybody and anywhere else."""
        return primitives.open_from(private, bytes(self.sealed), self.place)


def holder_pseudonym(case: Case, name: str) -> str:
    """The blind name of a holder on this case."""
    return handle("holder", case.pk, name)


def is_held(case: Case, compartment: str) -> bool:
    """Whether anybody has a key of this compartment that opens."""
    rows = SealedKey.objects.filter(case=case, compartment=compartment, part=Part.WHOLE)
    return rows.exclude(sealed=b"").exists()


def put(rows: Iterable[SealedKey]) -> None:
    """Write keys: a sealed one replaces what was there, an owed one replaces nothing."""
    found = list(rows)
    SealedKey.objects.bulk_create(
        [row for row in found if row.sealed],
        update_conflicts=True,
        unique_fields=["case", "compartment", "version", "part", "holder"],
        update_fields=["sealed", "sealed_public"],
    )
    SealedKey.objects.bulk_create([row for row in found if not row.sealed], ignore_conflicts=True)


class Keyring:
    """The compartment keys of one case that one holder has, each unsealed when first asked for.

    Words are sealed under the newest version alone: whoever has not got it yet cannot write.
    """

    def __init__(self, case: Case, keys: dict[tuple[str, int], bytes]) -> None:
        self.case = case
        self._keys = keys
        self._shut: dict[tuple[str, int], tuple[SealedKey, ...]] = {}
        self._private = b""
        self._owed: set[tuple[str, int]] = set()

    def __contains__(self, compartment: str) -> bool:
        """Whether every version of this key that is for this holder has reached them."""
        versions = self._versions(compartment)
        return bool(versions) and all(self.opens(compartment, version) for version in versions)

    def key(self, compartment: str, version: int) -> bytes:
        """One version of a key; raises Unreadable when this holder was not given it."""
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
        """The version to seal under and its key; raises Unreadable while it is owed."""
        version = max(self._versions(compartment), default=0)
        return version, self.key(compartment, version)

    @classmethod
    def new(cls, case: Case, compartments: Iterable[str]) -> Keyring:
        """Fresh random keys for a new case."""
        return cls(case, {(str(c), 1): primitives.new_key() for c in compartments})

    @classmethod
    def of(cls, case: Case, holder: Holder | None, *, in_emergency: bool = False) -> Keyring:
        """Every key of the case that the holder can open; an empty ring without a holder.

        `in_emergency` adds what the holder's own share opens together with one lent to them.
        """
        ring = cls(case, {})
        if holder is None:
            return ring
        ring._private = holder.private
        rows = SealedKey.objects.filter(case=case, holder=holder_pseudonym(case, holder.name))
        ring._hang_up(rows, (*PAIRS, *IN_EMERGENCY) if in_emergency else PAIRS)
        return ring

    def wrap(self, inner: str, outer: str, place: str) -> bytes:
        """The key of one compartment under that of another; raises Unreadable without both."""
        version, key = self.newest(inner)
        return seal_words(self, outer, version.to_bytes(2, "big") + key, place)

    def wrap_every(self, inner: str, outer: str, place: str) -> list[bytes]:
        """As `wrap`, for each version of the inner key that this ring opens."""
        versions = [each for each in sorted(self._versions(inner)) if self.opens(inner, each)]
        words = [each.to_bytes(2, "big") + self.key(inner, each) for each in versions]
        return [seal_words(self, outer, each, place) for each in words]

    def unwrap(self, inner: str, outer: str, blob: bytes, place: str) -> None:
        """Take up a key that `wrap` sealed; raises Unreadable."""
        words = open_words(self, outer, blob, place)
        self.learn({inner: (int.from_bytes(words[:2], "big"), words[2:])})

    def add_new(self, compartment: str) -> None:
        """A fresh key for a compartment that nobody holds yet (a mediator's notes)."""
        rows = SealedKey.objects.filter(case=self.case, compartment=compartment)
        last = rows.aggregate(last=models.Max("version"))["last"] or 0
        self.learn({str(compartment): (last + 1, primitives.new_key())})

    def learn(self, keys: Mapping[str, tuple[int, bytes]]) -> None:
        """Take up newer versions, given as {compartment: (version, key)}."""
        for compartment, (version, key) in keys.items():
            self._keys[compartment, version] = key

    def give(self, name: str, public: bytes, compartments: Iterable[str]) -> None:
        """Seal keys to another holder; what this ring lacks is noted as owed."""
        self.give_all({name: public}, compartments)

    def give_all(self, holders: Mapping[str, bytes], compartments: Iterable[str]) -> None:
        """Seal every version of keys to several holders, given as {name: public key}."""
        wanted = self.wanted(compartments)
        put(
            self._row(holder_pseudonym(self.case, name), public, *each)
            for name, public in holders.items()
            for each in wanted
        )

    def wanted(self, compartments: Iterable[str]) -> list[tuple[str, int]]:
        """Every (compartment, version) there is of these compartments on the case."""
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

    def opens(self, compartment: str, version: int) -> bool:
        """Whether this ring opens one version of a key."""
        try:
            self.key(compartment, version)
        except DecryptionFailed:
            return False
        return True


def seal_words(ring: Keyring, compartment: str, words: bytes, place: str) -> bytes:
    """Words under the newest version of a compartment's key, bound to their place."""
    version, key = ring.newest(compartment)
    return _VERSIONED + version.to_bytes(2, "big") + primitives.seal(key, words, place)


def open_words(ring: Keyring, compartment: str, blob: bytes, place: str) -> bytes:
    """The words of a sealed blob; raises Unreadable without the key or out of place."""
    if blob[:1] == _VERSIONED:
        version, blob = int.from_bytes(blob[1:3], "big"), blob[3:]
    else:
        version = 1
    return primitives.open_sealed(ring.key(compartment, version), blob, place)


def several(wraps: Iterable[bytes]) -> bytes:
    """Wrapped keys in one field, each after its length; `wraps_in` takes them apart."""
    return _SEVERAL + b"".join(len(each).to_bytes(2, "big") + each for each in wraps)


def wraps_in(field: bytes) -> list[bytes]:
    """Every wrapped key of a field: none, one alone (as older rows have it), or several."""
    if field[:1] != _SEVERAL:
        return [field] if field else []
    found, at = [], 1
    while at < len(field):
        end = at + 2 + int.from_bytes(field[at : at + 2], "big")
        found.append(field[at + 2 : end])
        at = end
    return found
