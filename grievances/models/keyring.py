"""Whose keys open what: key pairs of accounts, keys of cases sealed to their holders.

The private key of an account lies sealed under its password and, a second time, under a recovery
code. The key of each compartment of a case lies sealed to each holder's public key. Nothing here
opens anything by itself (architecture.md 5).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from grievances import vault
from grievances.vault import Kdf as Kdf
from grievances.vault import Unreadable as Unreadable
from grievances.vault import normal_code as normal_code
from grievances.vocabulary import Compartment

if TYPE_CHECKING:
    from grievances.models.case import Case
    from grievances.models.people import User

SERVER_KEYS = vault.parse_server_keys(settings.SERVER_KEYS)
_NEWEST = next(iter(SERVER_KEYS))
_PEPPER = SERVER_KEYS[min(SERVER_KEYS)]


def handle(kind: str, *parts: object) -> str:
    """A blind reference: a keyed hash of `kind` and `parts` under a key outside the database."""
    return vault.blind(_PEPPER, kind, *(str(part) for part in parts))


def person_handle(person_id: int) -> str:
    """The handle under which a person's notices are kept, the same on every case."""
    return handle("person", person_id)


def seal_for_server(words: bytes, place: str) -> bytes:
    """Words the running server may open (a recipient), and a copy of the database may not."""
    return bytes([_NEWEST]) + vault.seal(SERVER_KEYS[_NEWEST], words, place)


def open_for_server(blob: bytes, place: str) -> bytes:
    """What `seal_for_server` sealed; raises Unreadable when its server key is not configured."""
    key = SERVER_KEYS.get(blob[0]) if blob else None
    if key is None:
        raise Unreadable
    return vault.open_sealed(key, bytes(blob[1:]), place)


class KeyPair(models.Model):
    """An account's X25519 key pair; the private half under the password and a recovery code."""

    person = models.OneToOneField(
        "grievances.User", on_delete=models.CASCADE, related_name="key_pair", primary_key=True
    )
    public_key = models.BinaryField(max_length=32)
    sealed_by_password = models.BinaryField()
    salt = models.BinaryField(max_length=16)
    kdf = models.JSONField()
    sealed_by_code = models.BinaryField(null=True)
    code_salt = models.BinaryField(max_length=16, null=True)
    code_kdf = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"key pair of account {self.person_id}"


@dataclass(frozen=True)
class Holder:
    """Someone whose private key is open, for the length of one request or command."""

    name: str
    private: bytes = field(repr=False)

    @property
    def public(self) -> bytes:
        return vault.public_key_of(self.private)


def holder_name(person_id: int) -> str:
    """How an account is called as a holder of keys, before blinding."""
    return f"person:{person_id}"


def _place(person_id: int, by: str) -> str:
    return f"private key|account {person_id}|{by}"


def make_key_pair(person: User, password: str, *, kdf: dict[str, int] | None = None) -> Holder:
    """A new key pair for an account, its private key sealed under `password`."""
    private, public = vault.new_key_pair()
    costs = kdf or settings.VAULT_KDF
    salt = os.urandom(16)
    key = Kdf(**costs).derive(password, salt)
    KeyPair.objects.create(
        person=person,
        public_key=public,
        salt=salt,
        kdf=costs,
        sealed_by_password=vault.seal(key, private, _place(person.pk, "password")),
    )
    return Holder(holder_name(person.pk), private)


def unlock(person: User, password: str) -> Holder:
    """The account's open private key; raises Unreadable when the password does not open it."""
    pair = KeyPair.objects.get(person=person)
    key = Kdf(**pair.kdf).derive(password, bytes(pair.salt))
    private = vault.open_sealed(key, bytes(pair.sealed_by_password), _place(person.pk, "password"))
    return Holder(holder_name(person.pk), private)


def reseal(person: User, holder: Holder, password: str) -> None:
    """Seal the open private key under a new password (password change keeps every case)."""
    salt = os.urandom(16)
    key = Kdf(**settings.VAULT_KDF).derive(password, salt)
    sealed = vault.seal(key, holder.private, _place(person.pk, "password"))
    KeyPair.objects.filter(person=person).update(
        salt=salt, kdf=settings.VAULT_KDF, sealed_by_password=sealed
    )


def make_recovery_code(person: User, holder: Holder) -> str:
    """A new recovery code, shown once; the old one stops working."""
    code, salt = vault.new_recovery_code(), os.urandom(16)
    costs = settings.VAULT_KDF
    key = Kdf(**costs).derive(vault.normal_code(code), salt)
    sealed = vault.seal(key, holder.private, _place(person.pk, "recovery code"))
    KeyPair.objects.filter(person=person).update(
        code_salt=salt, code_kdf=costs, sealed_by_code=sealed
    )
    return code


def unlock_by_code(person: User, code: str) -> Holder:
    """The open private key by recovery code; raises Unreadable when none or wrong."""
    pair = KeyPair.objects.filter(person=person).first()
    if pair is None or not (pair.sealed_by_code and pair.code_salt and pair.code_kdf):
        raise Unreadable
    key = Kdf(**pair.code_kdf).derive(vault.normal_code(code), bytes(pair.code_salt))
    private = vault.open_sealed(key, bytes(pair.sealed_by_code), _place(person.pk, "recovery code"))
    return Holder(holder_name(person.pk), private)


def new_case_key() -> str:
    """A fresh anonymous case key, to be shown once."""
    return vault.new_case_key()


def anonymous_holder(case_key: str) -> tuple[Holder, str]:
    """The holder that an anonymous case key opens, and its look-up hash."""
    private, _, look_up = vault.key_pair_from_case_key(case_key, _PEPPER)
    return Holder(f"case key:{look_up}", private), look_up


def new_invitation() -> str:
    """The secret of a one-time link for a companion (120 random bits), to be shown once."""
    return vault.new_recovery_code().replace("-", "")


def companion_holder(code: str) -> tuple[Holder, str]:
    """The holder that a companion's link or key opens, and the handle that finds its row."""
    private, _, look_up = vault.key_pair_from_case_key(code, _PEPPER, b"companion")
    return Holder(f"companion:{look_up}", private), handle("companion", look_up)


def lock_in_browser(holder: Holder, session_id: str) -> tuple[str, str]:
    """(for the session store, for the cookie): neither opens anything alone."""
    key = vault.new_key()
    words = f"{holder.name}\n{holder.private.hex()}".encode()
    return vault.seal(key, words, f"session|{session_id}").hex(), key.hex()


def unlock_from_browser(stored: str, cookie: str, session_id: str) -> Holder | None:
    """The holder of a session from its two halves, or None when they do not fit."""
    try:
        words = vault.open_sealed(
            bytes.fromhex(cookie), bytes.fromhex(stored), f"session|{session_id}"
        )
    except (Unreadable, ValueError):
        return None
    name, private = words.decode().split("\n")
    return Holder(name, bytes.fromhex(private))


def seal_typing(words: str, cookie: str = "") -> tuple[str, str]:
    """Typed words sealed for one browser: (for the session store, for the cookie).

    `cookie` is the key a browser holds already: two tabs then cannot shut each other out.
    """
    key = bytes.fromhex(cookie) if cookie else vault.new_key()
    return vault.seal(key, words.encode(), "typing").hex(), key.hex()


def open_typing(stored: str, cookie: str) -> str | None:
    """What `seal_typing` kept, or None when the two halves do not fit."""
    try:
        return vault.open_sealed(bytes.fromhex(cookie), bytes.fromhex(stored), "typing").decode()
    except (Unreadable, ValueError):
        return None


class SealedKey(models.Model):
    """The key of one compartment of one case, sealed to one holder.

    `holder` is blind, so a copy of the table does not say who holds what. An empty `sealed` is a
    key that is owed: the next holder who opens the case seals it (architecture.md 5).
    """

    case = models.ForeignKey(
        "grievances.Case", on_delete=models.CASCADE, related_name="sealed_keys"
    )
    compartment = models.CharField(max_length=12, choices=Compartment)
    holder = models.CharField(max_length=40, db_index=True)
    owed_to = models.BinaryField(default=b"")
    sealed = models.BinaryField(default=b"")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "compartment", "holder"], name="one_key_per_holder"
            )
        ]

    def __str__(self) -> str:
        return f"a key of case {self.case_id}"


def _bound(case: Case, compartment: str, holder: str) -> str:
    return f"case key|case {case.pk}|{compartment}|{holder}"


def holder_handle(case: Case, name: str) -> str:
    """The blind name of a holder on this case."""
    return handle("holder", case.pk, name)


class Keyring:
    """The compartment keys of one case that one holder has; unsealed when first asked for."""

    def __init__(self, case: Case, keys: dict[str, bytes]) -> None:
        self._case = case
        self._keys = keys

    def __contains__(self, compartment: str) -> bool:
        return compartment in self._keys

    def key(self, compartment: str) -> bytes:
        """The key of a compartment; raises Unreadable when this holder was not given it."""
        if compartment not in self._keys:
            raise Unreadable
        return self._keys[compartment]

    @classmethod
    def new(cls, case: Case, compartments: Iterable[str]) -> Keyring:
        """Fresh random keys for a new case."""
        return cls(case, {str(c): vault.new_key() for c in compartments})

    @classmethod
    def of(cls, case: Case, holder: Holder | None) -> Keyring:
        """Every key of the case that the holder can open; an empty ring without a holder."""
        if holder is None:
            return cls(case, {})
        name = holder_handle(case, holder.name)
        rows = SealedKey.objects.filter(case=case, holder=name).exclude(sealed=b"")
        return cls(
            case,
            {
                row.compartment: vault.open_from(
                    holder.private, bytes(row.sealed), _bound(case, row.compartment, name)
                )
                for row in rows
            },
        )

    def add_new(self, compartment: str) -> None:
        """A fresh key for a compartment that nobody holds yet (a mediator's notes)."""
        self._keys[str(compartment)] = vault.new_key()

    def wrap(self, inner: str, outer: str, place: str) -> bytes:
        """The key of one compartment under that of another; raises Unreadable without both."""
        return seal_words(self, outer, self.key(inner), place)

    def unwrap(self, inner: str, outer: str, blob: bytes, place: str) -> None:
        """Take up a key that `wrap` sealed; raises Unreadable."""
        self._keys[inner] = open_words(self, outer, blob, place)

    def give(self, name: str, public: bytes, compartments: Iterable[str]) -> None:
        """Seal keys to another holder; what this ring lacks is noted as owed."""
        self.give_all({name: public}, compartments)

    def give_all(self, holders: Mapping[str, bytes], compartments: Iterable[str]) -> None:
        """Seal keys to several holders, given as {name: public key}."""
        wanted = list(compartments)
        rows = [
            self._sealed_to(holder_handle(self._case, name), public, compartment)
            for name, public in holders.items()
            for compartment in wanted
        ]
        SealedKey.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["case", "compartment", "holder"],
            update_fields=["sealed", "owed_to"],
        )

    def _sealed_to(self, blind: str, public: bytes, compartment: str) -> SealedKey:
        sealed = b""
        if compartment in self._keys:
            place = _bound(self._case, compartment, blind)
            sealed = vault.seal_to(public, self._keys[compartment], place)
        owed = b"" if sealed else public
        return SealedKey(
            case=self._case, compartment=compartment, holder=blind, sealed=sealed, owed_to=owed
        )

    def pay_owed(self) -> int:
        """Seal to waiting holders every key this ring has; returns how many were sealed."""
        waiting = SealedKey.objects.filter(
            case=self._case, sealed=b"", compartment__in=list(self._keys)
        )
        for row in waiting:
            place = _bound(self._case, row.compartment, row.holder)
            row.sealed = vault.seal_to(bytes(row.owed_to), self._keys[row.compartment], place)
            row.owed_to = b""
            row.save(update_fields=["sealed", "owed_to"])
        return len(waiting)


def is_held(case: Case, compartment: str) -> bool:
    """Whether anybody has a key of this compartment that opens."""
    rows = SealedKey.objects.filter(case=case, compartment=compartment)
    return rows.exclude(sealed=b"").exists()


def take_keys(case: Case, *names: str) -> None:
    """Delete every key of a case that these holders have (decline, expiry, recusal)."""
    blind = [holder_handle(case, name) for name in names]
    SealedKey.objects.filter(case=case, holder__in=blind).delete()


def seal_words(ring: Keyring, compartment: str, words: bytes, place: str) -> bytes:
    """Words under a compartment's key, bound to their place."""
    return vault.seal(ring.key(compartment), words, place)


def open_words(ring: Keyring, compartment: str, blob: bytes, place: str) -> bytes:
    """The words of a sealed blob; raises Unreadable without the key or out of place."""
    return vault.open_sealed(ring.key(compartment), blob, place)
