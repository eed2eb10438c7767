"""Key pairs of accounts, and key holders; the keys of cases are in `case_keys`.

The private key of an account is encrypted under its password, and a second time under a recovery
code. The key of each compartment of a case is encrypted to each holder's public key. Nothing here
decrypts on its own (architecture.md 5).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from grievances.encryption import hybrid_keys, key_log, primitives
from grievances.encryption.password_hasher import salt_and_cost, sealed_parts
from grievances.encryption.primitives import DecryptionFailed, Kdf
from grievances.encryption.private_keys import (
    is_for_server,
    open_private,
    private_place,
    seal_private,
)
from grievances.encryption.server_keys import (
    Purpose,
    handle,
    server_keys,
    tag_fits,
    tag_of,
)
from workflow.json_values import JsonObject

if TYPE_CHECKING:
    from grievances.people.models import User


HALF_SIGNS = 8


class KeyPair(models.Model):
    """An account's key pair; the private key under password and recovery code.

    `tag` shows that this service wrote the public key for this account. A public key that was
    written into the database by other means has no tag that fits, and nothing is sealed to it.
    """

    person = models.OneToOneField(
        "grievances.User", on_delete=models.CASCADE, related_name="key_pair", primary_key=True
    )
    public_key = models.BinaryField(max_length=1216)
    tag = models.BinaryField(default=b"")
    sealed_by_password = models.BinaryField()
    salt = models.BinaryField(max_length=16)
    kdf = models.JSONField()
    sealed_by_code = models.BinaryField(null=True)
    code_salt = models.BinaryField(max_length=16, null=True)
    code_kdf = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"key pair of account {self.person_id}"

    @property
    def tag_place(self) -> str:
        """What the tag of the public key is bound to."""
        return _tag_place(self.person_id)

    @property
    def genuine_key(self) -> bytes:
        """The public key, or nothing (b"") where this service did not write it."""
        tag, public = bytes(self.tag), bytes(self.public_key)
        return public if tag_fits(tag, public, self.tag_place, Purpose.PUBLIC_KEYS) else b""


@dataclass(frozen=True)
class Holder:
    """A person whose private key is decrypted, for one request or command."""

    name: str
    private: bytes = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "private", hybrid_keys.PrivateKey(self.private))

    @property
    def public(self) -> bytes:
        """The public key of this holder: 1,216 bytes, or 32 of an older one."""
        return primitives.public_key_of(self.private)


def holder_name(person_id: int) -> str:
    """Return the name of an account as a key holder, before it is pseudonymised."""
    return f"person:{person_id}"


def account_of(name: str) -> int:
    """Return the account id in a holder's name; 0 for a holder without an account."""
    kind, _, number = name.partition(":")
    return int(number) if kind == "person" else 0


def _tag_place(person_id: int) -> str:
    return f"public key|account {person_id}"


def tagged(person_id: int, public: bytes) -> dict[str, bytes]:
    """Return the fields of a key pair that hold this public key and its tag."""
    tag = tag_of(public, _tag_place(person_id), Purpose.PUBLIC_KEYS)
    return {"public_key": public, "tag": tag}


def sealing_key(person: User) -> bytes:
    """Return the public key to seal to for a person.

    It is empty for an account without a key pair, or with a key that this service did not write.
    """
    pair: KeyPair | None = getattr(person, "key_pair", None)
    return pair.genuine_key if pair is not None else b""


def make_key_pair(person: User, password: str, *, kdf: dict[str, int] | None = None) -> Holder:
    """Create a key pair for an account.

    The private key is stored sealed under `password`.

    Returns:
        Its holder, with the private key open.
    """
    holder, facts = sealed_pair(person.pk, password, beside=person.password, kdf=kdf)
    KeyPair.objects.create(person=person, **facts, **tagged(person.pk, holder.public))
    key_log.add(person.pk, holder.public)
    return holder


def sealed_pair(
    person_id: int,
    password: str,
    *,
    beside: str,
    waiting: str = "",
    kdf: dict[str, int] | None = None,
) -> tuple[Holder, JsonObject]:
    """Return a new unused key pair: (open holder, fields that keep it sealed).

    The private key in the fields is sealed under `password`. `beside` is the account's hash of the
    same password (`salt_and_cost`), `waiting` as for `taken_up`.
    """
    private, _ = primitives.new_key_pair()
    salt, costs = salt_and_cost(beside)
    costs = kdf or costs
    key = Kdf(**costs).derive(password, salt)
    sealed = seal_private(key, private, private_place(person_id, "password"), waiting)
    facts = {"salt": salt, "kdf": costs, "sealed_by_password": sealed}
    return Holder(holder_name(person_id), private), facts


def unlock(person: User, password: str) -> Holder:
    """Return the account's decrypted private key.

    Raises DecryptionFailed when the password does not open it.
    """
    pair = KeyPair.objects.get(person=person)
    key = Kdf(**pair.kdf).derive(password, bytes(pair.salt))
    place = private_place(person.pk, "password")
    private = open_private(key, bytes(pair.sealed_by_password), place, pair.genuine_key)
    return Holder(holder_name(person.pk), private)


def is_sealed_anew_at_sign_in(person: User) -> bool:
    """Return whether the private key is sealed in an older way or at another cost.

    Then a sign-in would need a second run of Argon2.
    """
    pair = KeyPair.objects.get(person=person)
    parts = sealed_parts(person.password)
    now = (bytes(pair.salt), pair.kdf)
    is_beside = parts is None or salt_and_cost(person.password) == now
    return not is_beside or not is_for_server(bytes(pair.sealed_by_password))


def reseal(person: User, holder: Holder, password: str) -> None:
    """Seal the open private key under a new password; every case stays readable."""
    KeyPair.objects.filter(person=person).update(**under_password(person, holder, password))


def under_password(person: User, holder: Holder, password: str) -> dict[str, object]:
    """Return the fields of a key pair that keep the open private key under `password`.

    The account's hash of this password is set beforehand (`salt_and_cost`).
    """
    salt, costs = salt_and_cost(person.password)
    key = Kdf(**costs).derive(password, salt)
    sealed = seal_private(key, holder.private, private_place(person.pk, "password"))
    return {"salt": salt, "kdf": costs, "sealed_by_password": sealed}


def make_recovery_code(person: User, holder: Holder) -> str:
    """Create a recovery code, shown once; the old one stops working.

    Returns:
        The code: 24 characters in six groups. It is stored nowhere.
    """
    code, salt = primitives.new_recovery_code(), os.urandom(16)
    costs = settings.VAULT_KDF
    key = Kdf(**costs).derive(primitives.normal_code(code), salt)
    sealed = seal_private(key, holder.private, private_place(person.pk, "recovery code"))
    KeyPair.objects.filter(person=person).update(
        code_salt=salt, code_kdf=costs, sealed_by_code=sealed
    )
    return code


def unlock_by_code(person: User, code: str) -> Holder:
    """Return the private key decrypted by recovery code.

    Raises:
        DecryptionFailed: there is no code, or it is wrong.
    """
    pair = KeyPair.objects.filter(person=person).first()
    if pair is None or not (pair.sealed_by_code and pair.code_salt and pair.code_kdf):
        raise DecryptionFailed
    key = Kdf(**pair.code_kdf).derive(primitives.normal_code(code), bytes(pair.code_salt))
    place = private_place(person.pk, "recovery code")
    private = open_private(key, bytes(pair.sealed_by_code), place, pair.genuine_key)
    return Holder(holder_name(person.pk), private)


def seal_note(public: bytes, words: str, place: str) -> str:
    """Return a note sealed to one person's public key, as hex, bound to its place."""
    return primitives.seal_to(public, words.encode(), place).hex()


def open_note(holder: Holder, sealed: str, place: str) -> str:
    """Return what `seal_note` sealed, for its holder and place.

    Raises DecryptionFailed.
    """
    return primitives.open_from(holder.private, bytes.fromhex(sealed), place).decode()


def new_case_key() -> str:
    """Return a fresh anonymous case key, to be shown once."""
    return primitives.new_case_key()


def new_half() -> str:
    """Return a fresh half of a case key: 8 characters (40 bits) in two groups."""
    return new_case_key()[: HALF_SIGNS + 1]


def half_of_key(typed: str) -> str:
    """Return half a case key without its dash; nothing for anything else."""
    half = primitives.normal_code(typed)
    fits = len(half) == HALF_SIGNS and set(half) <= set(primitives.CODE_SIGNS)
    return half if fits else ""


def ending_of(case_key: str) -> str:
    """Return the last 4 signs of a case key, by which people tell that they have it."""
    return primitives.normal_code(case_key)[-4:]


def anonymous_holder(case_key: str) -> tuple[Holder, str]:
    """Return the holder that an anonymous case key opens, and its look-up hash."""
    private, _, look_up = primitives.key_pair_from_case_key(case_key, server_keys().pepper)
    return Holder(f"case key:{look_up}", private), look_up


def new_invitation() -> str:
    """Return a one-time secret for a companion's link (120 random bits), shown once."""
    return primitives.new_recovery_code().replace("-", "")


def companion_holder(code: str) -> tuple[Holder, str]:
    """Return the holder of a companion's link or key, and the pseudonym of its row."""
    private, _, look_up = primitives.key_pair_from_case_key(
        code, server_keys().pepper, b"companion"
    )
    return Holder(f"companion:{look_up}", private), handle("companion", look_up)


def lock_in_browser(holder: Holder, session_id: str) -> tuple[str, str]:
    """Return a holder sealed in two halves: (for the session store, for the cookie).

    Neither half opens anything alone.
    """
    key = primitives.new_key()
    words = f"{holder.name}\n{holder.private.hex()}".encode()
    return primitives.seal(key, words, f"session|{session_id}").hex(), key.hex()


def unlock_from_browser(stored: str, cookie: str, session_id: str) -> Holder | None:
    """Return the holder of a session from its two halves, or None if they do not fit."""
    try:
        words = primitives.open_sealed(
            bytes.fromhex(cookie), bytes.fromhex(stored), f"session|{session_id}"
        )
    except (DecryptionFailed, ValueError):
        return None
    name, private = words.decode().split("\n")
    return Holder(name, bytes.fromhex(private))


def seal_typing(words: str, cookie: str = "") -> tuple[str, str]:
    """Return typed words sealed in halves: (for the session store, for the cookie).

    `cookie` is the key a browser holds already. It is used again, so that two tabs of one browser
    can both open the words.
    """
    key = bytes.fromhex(cookie) if cookie else primitives.new_key()
    return primitives.seal(key, words.encode(), "typing").hex(), key.hex()


def open_typing(stored: str, cookie: str) -> str | None:
    """Return what `seal_typing` kept, or None when the two halves do not fit."""
    try:
        return primitives.open_sealed(
            bytes.fromhex(cookie), bytes.fromhex(stored), "typing"
        ).decode()
    except (DecryptionFailed, ValueError):
        return None


def new_file_key() -> bytes:
    """Return a random key for one file.

    It seals the chunks, and is itself sealed into the case.
    """
    return primitives.new_key()


def seal_chunk(key: bytes, words: bytes, place: str) -> bytes:
    """Return a chunk sealed under the file's own key, bound to its number."""
    return primitives.seal(key, words, place)


def open_chunk(key: bytes, blob: bytes, place: str) -> bytes:
    """Return what `seal_chunk` sealed.

    Raises DecryptionFailed when it was changed, moved or sealed under another key.
    """
    return primitives.open_sealed(key, blob, place)
