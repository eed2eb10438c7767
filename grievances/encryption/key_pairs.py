"""Whose keys open what: key pairs of accounts; the keys of cases stand in `case_keys`.

The private key of an account lies sealed under its password and, a second time, under a recovery
code. The key of each compartment of a case lies sealed to each holder's public key. Nothing here
opens anything by itself (architecture.md 5).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from grievances.encryption import primitives
from grievances.encryption.primitives import DecryptionFailed, Kdf
from grievances.encryption.server_keys import (
    handle,
    server_keys,
)

if TYPE_CHECKING:
    from grievances.people.models import User


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
        return primitives.public_key_of(self.private)


def holder_name(person_id: int) -> str:
    """How an account is called as a holder of keys, before blinding."""
    return f"person:{person_id}"


def _place(person_id: int, by: str) -> str:
    return f"private key|account {person_id}|{by}"


def make_key_pair(person: User, password: str, *, kdf: dict[str, int] | None = None) -> Holder:
    """A new key pair for an account, its private key sealed under `password`."""
    holder, facts = sealed_pair(person.pk, password, kdf=kdf)
    KeyPair.objects.create(person=person, **facts)
    return holder


def sealed_pair(
    person_id: int, password: str, *, kdf: dict[str, int] | None = None
) -> tuple[Holder, dict[str, Any]]:
    """A new key pair that nothing uses yet: (open, as the fields that keep it under `password`)."""
    private, public = primitives.new_key_pair()
    costs = kdf or settings.VAULT_KDF
    salt = os.urandom(16)
    key = Kdf(**costs).derive(password, salt)
    sealed = primitives.seal(key, private, _place(person_id, "password"))
    facts = {"public_key": public, "salt": salt, "kdf": costs, "sealed_by_password": sealed}
    return Holder(holder_name(person_id), private), facts


def unlock(person: User, password: str) -> Holder:
    """The account's open private key; raises Unreadable when the password does not open it."""
    pair = KeyPair.objects.get(person=person)
    key = Kdf(**pair.kdf).derive(password, bytes(pair.salt))
    private = primitives.open_sealed(
        key, bytes(pair.sealed_by_password), _place(person.pk, "password")
    )
    return Holder(holder_name(person.pk), private)


def reseal(person: User, holder: Holder, password: str) -> None:
    """Seal the open private key under a new password (password change keeps every case)."""
    KeyPair.objects.filter(person=person).update(**under_password(person, holder, password))


def under_password(person: User, holder: Holder, password: str) -> dict[str, Any]:
    """Return the fields of a key pair that keep the open private key under `password`."""
    salt = os.urandom(16)
    key = Kdf(**settings.VAULT_KDF).derive(password, salt)
    sealed = primitives.seal(key, holder.private, _place(person.pk, "password"))
    return {"salt": salt, "kdf": settings.VAULT_KDF, "sealed_by_password": sealed}


def make_recovery_code(person: User, holder: Holder) -> str:
    """A new recovery code, shown once; the old one stops working."""
    code, salt = primitives.new_recovery_code(), os.urandom(16)
    costs = settings.VAULT_KDF
    key = Kdf(**costs).derive(primitives.normal_code(code), salt)
    sealed = primitives.seal(key, holder.private, _place(person.pk, "recovery code"))
    KeyPair.objects.filter(person=person).update(
        code_salt=salt, code_kdf=costs, sealed_by_code=sealed
    )
    return code


def unlock_by_code(person: User, code: str) -> Holder:
    """The open private key by recovery code; raises Unreadable when none or wrong."""
    pair = KeyPair.objects.filter(person=person).first()
    if pair is None or not (pair.sealed_by_code and pair.code_salt and pair.code_kdf):
        raise DecryptionFailed
    key = Kdf(**pair.code_kdf).derive(primitives.normal_code(code), bytes(pair.code_salt))
    private = primitives.open_sealed(
        key, bytes(pair.sealed_by_code), _place(person.pk, "recovery code")
    )
    return Holder(holder_name(person.pk), private)


def seal_note(public: bytes, words: str, place: str) -> str:
    """A note for the eyes of one person, as hex, bound to its place."""
    return primitives.seal_to(public, words.encode(), place).hex()


def open_note(holder: Holder, sealed: str, place: str) -> str:
    """What `seal_note` sealed, for its holder and place; raises Unreadable."""
    return primitives.open_from(holder.private, bytes.fromhex(sealed), place).decode()


def new_case_key() -> str:
    """A fresh anonymous case key, to be shown once."""
    return primitives.new_case_key()


def anonymous_holder(case_key: str) -> tuple[Holder, str]:
    """The holder that an anonymous case key opens, and its look-up hash."""
    private, _, look_up = primitives.key_pair_from_case_key(case_key, server_keys().pepper)
    return Holder(f"case key:{look_up}", private), look_up


def new_invitation() -> str:
    """The secret of a one-time link for a companion (120 random bits), to be shown once."""
    return primitives.new_recovery_code().replace("-", "")


def companion_holder(code: str) -> tuple[Holder, str]:
    """The holder that a companion's link or key opens, and the handle that finds its row."""
    private, _, look_up = primitives.key_pair_from_case_key(
        code, server_keys().pepper, b"companion"
    )
    return Holder(f"companion:{look_up}", private), handle("companion", look_up)


def lock_in_browser(holder: Holder, session_id: str) -> tuple[str, str]:
    """(for the session store, for the cookie): neither opens anything alone."""
    key = primitives.new_key()
    words = f"{holder.name}\n{holder.private.hex()}".encode()
    return primitives.seal(key, words, f"session|{session_id}").hex(), key.hex()


def unlock_from_browser(stored: str, cookie: str, session_id: str) -> Holder | None:
    """The holder of a session from its two halves, or None when they do not fit."""
    try:
        words = primitives.open_sealed(
            bytes.fromhex(cookie), bytes.fromhex(stored), f"session|{session_id}"
        )
    except (DecryptionFailed, ValueError):
        return None
    name, private = words.decode().split("\n")
    return Holder(name, bytes.fromhex(private))


def seal_typing(words: str, cookie: str = "") -> tuple[str, str]:
    """Typed words sealed for one browser: (for the session store, for the cookie).

    `cookie` is the key a browser holds already: two tabs then cannot shut each other out.
    """
    key = bytes.fromhex(cookie) if cookie else primitives.new_key()
    return primitives.seal(key, words.encode(), "typing").hex(), key.hex()


def open_typing(stored: str, cookie: str) -> str | None:
    """What `seal_typing` kept, or None when the two halves do not fit."""
    try:
        return primitives.open_sealed(
            bytes.fromhex(cookie), bytes.fromhex(stored), "typing"
        ).decode()
    except (DecryptionFailed, ValueError):
        return None


def new_file_key() -> bytes:
    """A random key for one file: it seals the chunks, and is itself sealed into the case."""
    return primitives.new_key()


def seal_chunk(key: bytes, words: bytes, place: str) -> bytes:
    """A chunk of a file under the file's own key, bound to its number."""
    return primitives.seal(key, words, place)


def open_chunk(key: bytes, blob: bytes, place: str) -> bytes:
    """What `seal_chunk` sealed; raises Unreadable when changed, moved or under another key."""
    return primitives.open_sealed(key, blob, place)
