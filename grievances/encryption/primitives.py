"""Encryption primitives: keys sealed to people, records sealed under a case key.

Built on the `cryptography` package: HPKE (RFC 9180, with ML-KEM-768 + X25519, HKDF-SHA256 and
AES-256-GCM; X25519 alone for older keys) and AES-256-GCM. Built also on `argon2-cffi`: Argon2id
(architecture.md 5). Every blob starts with a
version byte. Every blob is bound by associated data to the place where it is stored. Opening it for
any other place raises `DecryptionFailed`. This module knows bytes only; only the key modules call
it.
"""

import hmac
import os
import re
import secrets
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from grievances.encryption import hybrid_keys
from grievances.encryption.derivation_limit import derived_before, limiter

VERSION = b"\x01"
NONCE_BYTES = 12
SEAL_BYTES = 1 + NONCE_BYTES + 16
"""The bytes that encryption adds: version, nonce and AES-GCM tag."""
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)

CODE_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's 32 signs, without look-alikes.

16 of them carry 80 bits (architecture.md 5).
"""


class DecryptionFailed(Exception):
    """A blob cannot be opened: wrong key, wrong place, changed or cut.

    It does not say which of these.
    """


@dataclass(frozen=True)
class Kdf:
    """The cost of deriving a key from a password; stored beside each key it made."""

    memory_kib: int
    iterations: int
    lanes: int

    def derive(self, secret: str, salt: bytes) -> bytes:
        """Return 32 bytes derived from `secret` by Argon2id (RFC 9106).

        Raises TooBusy when too many derivations are waiting. This uses argon2-cffi, the reference
        code, because OpenSSL's own Argon2 with several lanes never returns when two threads call it
        at once.
        """
        before, which = derived_before(), (secret, salt, self)
        if which not in before:
            with limiter():
                before[which] = hash_secret_raw(
                    secret.encode(),
                    salt,
                    time_cost=self.iterations,
                    memory_cost=self.memory_kib,
                    parallelism=self.lanes,
                    hash_len=32,
                    type=Type.ID,
                )
        return before[which]


def new_key() -> bytes:
    """Return a fresh random 256-bit key."""
    return AESGCM.generate_key(bit_length=256)


def new_key_pair() -> tuple[bytes, bytes]:
    """Return (private, public) of a hybrid key pair: 33 and 1,216 bytes."""
    private = hybrid_keys.new_private()
    return private, public_key_of(private)


def public_key_of(private: bytes) -> bytes:
    """Return the public half of a private key, hybrid or X25519 alone."""
    if hybrid_keys.is_hybrid(private):
        lattice, curve = (each.public_key() for each in hybrid_keys.halves(private))
        return lattice.public_bytes_raw() + curve.public_bytes_raw()
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal(key: bytes, words: bytes, place: str) -> bytes:
    """Return `words` encrypted under `key`, bound to `place`.

    AES-256-GCM, with a random 96-bit nonce.
    """
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, words, place.encode())


def open_sealed(key: bytes, blob: bytes, place: str) -> bytes:
    """Return the words of a blob made by `seal` with the same key and place.

    Raises:
        DecryptionFailed: wrong key or place, or the blob was changed or cut.
    """
    if blob[:1] != VERSION or len(blob) < 1 + NONCE_BYTES + 16:
        raise DecryptionFailed
    nonce, body = blob[1 : 1 + NONCE_BYTES], blob[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, place.encode())
    except InvalidTag:
        raise DecryptionFailed from None


def seal_to(public: bytes, secret: bytes, place: str) -> bytes:
    """Return `secret` encrypted to the holder of the private half of `public` (HPKE).

    The blob is bound to `place`. Its version byte is 2 for a hybrid key, and 1 for an older one.

    Raises:
        ValueError: `public` is no public key.
    """
    info = place.encode()
    if len(public) == hybrid_keys.PUBLIC_BYTES:
        sealed = hybrid_keys.SUITE.encrypt(secret, hybrid_keys.recipient(public), info=info)
        return hybrid_keys.HYBRID + sealed
    return VERSION + _SUITE.encrypt(secret, X25519PublicKey.from_public_bytes(public), info=info)


def open_from(private: bytes, blob: bytes, place: str) -> bytes:
    """Return what `seal_to` sealed, for its holder and place.

    Raises:
        DecryptionFailed: another holder or place, or the blob was changed or cut.
    """
    body, info = blob[1:], place.encode()
    try:
        if blob[:1] == hybrid_keys.HYBRID and hybrid_keys.is_hybrid(private):
            return hybrid_keys.SUITE.decrypt(body, hybrid_keys.opened(private), info=info)
        older = hybrid_keys.older_part(private)
        if blob[:1] == VERSION and older:
            return _SUITE.decrypt(body, X25519PrivateKey.from_private_bytes(older), info=info)
    except (InvalidTag, ValueError):
        raise DecryptionFailed from None
    raise DecryptionFailed


def new_case_key() -> str:
    """Return a case key for an anonymous person: 16 characters in four groups.

    It carries 80 random bits.
    """
    signs = "".join(secrets.choice(CODE_SIGNS) for _ in range(16))
    return "-".join(signs[i : i + 4] for i in range(0, 16, 4))


def normal_code(typed: str) -> str:
    """Return a typed code as it was given out.

    Spaces and dashes are removed, and slips of o, i and l are undone.
    """
    lowered = typed.lower().replace("o", "0").replace("i", "1").replace("l", "1")
    return "".join(sign for sign in lowered if sign in CODE_SIGNS)


def key_pair_from_case_key(
    case_key: str, pepper: bytes, purpose: bytes = b"anonymous"
) -> tuple[bytes, bytes, str]:
    """Return (private, public, look-up hash) of a case key.

    The same holds for a code that was given out for another `purpose`. The server stores the
    look-up hash alone. The hash is keyed by a server secret, and the private key is derived along a
    separate branch. So the hash does not help to find the key (RFC 5869).
    """
    root = normal_code(case_key).encode()

    def branch(name: bytes) -> bytes:
        return HKDF(SHA256(), 32, salt=pepper, info=purpose + b"|" + name).derive(root)

    # What was sealed before keys were hybrid opens with the older key of the same code.
    private = hybrid_keys.private_of(branch(b"hybrid key"), branch(b"private key"))
    return private, public_key_of(private), branch(b"look-up").hex()


def keyed_hash(key: bytes, *parts: str) -> str:
    """Return a keyed hash that replaces a person where no name or account may be kept."""
    text = "|".join(parts).encode()
    return hmac.digest(key, text, "sha256").hex()[:40]


def new_recovery_code() -> str:
    """Return a recovery code of 24 characters in six groups (120 random bits).

    It is shown once.
    """
    signs = "".join(secrets.choice(CODE_SIGNS) for _ in range(24))
    return "-".join(signs[i : i + 4] for i in range(0, 24, 4))


def split_in_two(key: bytes) -> tuple[bytes, bytes]:
    """Return two shares of a key: each alone says nothing, both together are the key.

    The shares are a random pad, and the key under that pad. This is a one-time pad: 2-of-2 secret
    sharing with perfect secrecy. Shamir 1979 gives the general case; for two of two the sum is
    enough.
    """
    pad = os.urandom(len(key))
    return pad, join_two(pad, key)


def join_two(one: bytes, other: bytes) -> bytes:
    """Return the key of two shares made by `split_in_two`.

    Raises:
        DecryptionFailed: the shares differ in length.
    """
    if len(one) != len(other):
        raise DecryptionFailed
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def parse_server_keys(text: str) -> dict[int, bytes]:
    """Return {version: 32 bytes} from "2:hex,1:hex", newest first.

    Versions are 0 to 255, each once. Version 0 is the pepper alone (`server_keys`).

    Raises:
        ValueError: the text is malformed; its sentence says how.
    """
    keys: dict[int, bytes] = {}
    for part in text.split(","):
        version, _, digits = part.strip().partition(":")
        if (
            not version.isdigit()
            or int(version) > 255
            or not re.fullmatch("[0-9a-fA-F]{64}", digits)
        ):
            raise ValueError("SERVER_KEYS must read VERSION:64 hex digits, comma-separated.")
        if int(version) in keys:
            raise ValueError("SERVER_KEYS names one version twice. Give each key its own version.")
        keys[int(version)] = bytes.fromhex(digits)
    if set(keys) == {0}:
        raise ValueError("SERVER_KEYS holds the pepper (version 0) alone. Add a key that seals.")
    return keys
