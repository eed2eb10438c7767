"""The server's own keys: the running service has them, a database copy has not.

`SERVER_KEYS` lists them as VERSION:64 hex digits, the newest first. The newest encrypts; every
listed key decrypts. Of each, a key is derived for every purpose.

The **pepper** is the very first key, of version 1 (or 0, where it opens nothing). Pseudonyms of
people, look-ups and keys of people without an account, and signatures are computed with it. They
cannot be computed again without those people, so its value outlives its version: `rotate_keys`
puts it into the database, encrypted under the newest key. From then on every listed key can be
taken out, the first one too (architecture.md 4).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from grievances.encryption import primitives
from grievances.encryption.primitives import DecryptionFailed

PEPPER_VERSION, FIRST_VERSION = 0, 1
SECRETS = "grievances_serversecret"
"""The table of `server_secrets.ServerSecret`.

It is read before the models are ready.
"""
PEPPER_PLACE = "server secret|pepper"
DIFFERENT_BYTES = 8
"""Different bytes at least in a key of 32: a random key always has more."""


class Purpose(StrEnum):
    """What a key made from a server key is for.

    The keys of two purposes share nothing: each is HKDF (RFC 5869) of the server key and the name.
    `GENERAL` is the server key itself, as it was before there were purposes.
    """

    GENERAL = ""
    PASSWORDS = "passwords"
    PUBLIC_KEYS = "public keys"


@dataclass(frozen=True)
class ServerKeys:
    """The keys of one setting: those that seal and open by version, and the pepper."""

    newest: int
    keys: dict[int, bytes] = field(repr=False)
    pepper: bytes = field(repr=False)


@lru_cache(maxsize=4)
def _parsed(text: str) -> ServerKeys:
    found = primitives.parse_server_keys(text)
    sealing = {version: key for version, key in found.items() if version != PEPPER_VERSION}
    return ServerKeys(next(iter(sealing)), sealing, found[min(found)])


_complete: dict[str, ServerKeys] = {}
"""The keys of a setting, with the pepper that was read from the database."""


def server_keys() -> ServerKeys:
    """Return the server keys.

    Raises:
        ValueError: The list is malformed; a sentence says how.
        DecryptionFailed: The pepper is in the database under a key that is not listed.
    """
    text = settings.SERVER_KEYS
    if text in _complete:
        return _complete[text]
    keys = _parsed(text)
    if min(primitives.parse_server_keys(text)) > FIRST_VERSION:
        stored = _stored_pepper(keys)
        if stored is None:
            return keys
        keys = replace(keys, pepper=stored)
    _complete[text] = keys
    return keys


def sealed_pepper() -> bytes | None:
    """Return the encrypted pepper of the database.

    None before the first `rotate_keys`.
    """
    if SECRETS not in connection.introspection.table_names():
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sealed FROM {SECRETS} WHERE name = %s", ["pepper"])  # noqa: S608
        row = cursor.fetchone()
    return None if row is None else bytes(row[0])


def take_pepper(sealed: bytes) -> None:
    """Use the encrypted pepper of a backup where none is known here.

    A second machine whose list has not the first key needs it to check who signed the backup,
    before it loads the database.

    Raises:
        DecryptionFailed: No listed key opens it.
    """
    text = settings.SERVER_KEYS
    is_listed = min(primitives.parse_server_keys(text)) <= FIRST_VERSION
    if not is_listed and text not in _complete and sealed_pepper() is None:
        keys = _parsed(text)
        _complete[text] = replace(keys, pepper=_opened(keys, sealed))


def _stored_pepper(keys: ServerKeys) -> bytes | None:
    """Return the pepper in the database; None before the first `rotate_keys`."""
    blob = sealed_pepper()
    return None if blob is None else _opened(keys, blob)


def _opened(keys: ServerKeys, blob: bytes) -> bytes:
    if not blob or blob[0] not in keys.keys:
        raise DecryptionFailed
    return primitives.open_sealed(keys.keys[blob[0]], blob[1:], PEPPER_PLACE)


def listed_versions() -> set[int]:
    """Return the version of every listed key, that of the pepper included."""
    return set(primitives.parse_server_keys(settings.SERVER_KEYS))


def judge_server_keys(text: str) -> None:
    """Refuse server keys that are malformed, or that were not made at random.

    Raises:
        ImproperlyConfigured: The sentence says what is wrong and what to do.
    """
    remedy = "Make one with `openssl rand -hex 32`, write 1: before it, and start again."
    try:
        found = primitives.parse_server_keys(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"{error} {remedy}") from error
    if any(len(set(key)) < DIFFERENT_BYTES for key in found.values()):
        raise ImproperlyConfigured(f"SERVER_KEYS has a key that can be guessed. {remedy}")


@lru_cache(maxsize=64)
def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, None, f"fair hearing|{purpose}".encode()).derive(key)


def _key(version: int, purpose: Purpose) -> bytes:
    key = server_keys().keys[version]
    return _derived(key, purpose) if purpose else key


def handle(kind: str, *parts: object) -> str:
    """Return a pseudonym: a hash of `kind` and `parts` keyed outside the database."""
    return primitives.keyed_hash(server_keys().pepper, kind, *(str(part) for part in parts))


def handle_row(kind: str, part: int, numbers: range) -> tuple[str, ...]:
    """Return the `handle` of kind and part with each of these numbers.

    They are kept in memory: every page asks those of its reader, and they tell no more than the
    pepper, which is there too.
    """
    return _handle_row(server_keys().pepper, kind, part, numbers)


@lru_cache(maxsize=1024)
def _handle_row(pepper: bytes, kind: str, part: int, numbers: range) -> tuple[str, ...]:
    return tuple(primitives.keyed_hash(pepper, kind, str(part), str(each)) for each in numbers)


def person_pseudonym(person_id: int) -> str:
    """Return the pseudonym of a person's notices, the same on every case."""
    return handle("person", person_id)


def seal_for_server(words: bytes, place: str, purpose: Purpose = Purpose.GENERAL) -> bytes:
    """Return words, such as a recipient, sealed for the running server.

    A copy of the database cannot open them.
    """
    newest = server_keys().newest
    return bytes([newest]) + primitives.seal(_key(newest, purpose), words, place)


def open_for_server(blob: bytes, place: str, purpose: Purpose = Purpose.GENERAL) -> bytes:
    """Return what `seal_for_server` sealed.

    Raises:
        DecryptionFailed: the server key of the blob is not configured.
    """
    if not blob or blob[0] not in server_keys().keys:
        raise DecryptionFailed
    return primitives.open_sealed(_key(blob[0], purpose), bytes(blob[1:]), place)


def is_newest(blob: bytes) -> bool:
    """Return whether a blob is under the newest server key (or nothing was sealed)."""
    return not blob or blob[0] == server_keys().newest


def tag_of(words: bytes, place: str, purpose: Purpose) -> bytes:
    """Return a keyed tag (HMAC-SHA256) that only the running server can make.

    Its first byte is the version of the key. `place` is what the words belong to.
    """
    newest = server_keys().newest
    return bytes([newest]) + _mac(newest, words, place, purpose)


def tag_fits(tag: bytes, words: bytes, place: str, purpose: Purpose) -> bool:
    """Return whether a tag was made by `tag_of` for these words and this place.

    An empty tag, or one of a key that is not configured, does not fit.
    """
    if not tag or tag[0] not in server_keys().keys:
        return False
    return hmac.compare_digest(bytes(tag[1:]), _mac(tag[0], words, place, purpose))


def _mac(version: int, words: bytes, place: str, purpose: Purpose) -> bytes:
    text = place.encode() + b"\0" + words
    return hmac.new(_key(version, purpose), text, hashlib.sha256).digest()
