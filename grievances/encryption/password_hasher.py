"""Hash account passwords so that a copy of the database tells nothing of them.

What proves a password is stored sealed under a server key of its own purpose. A copy of the
database alone does not tell a right password from a wrong one (architecture.md 4). The seal is
renewed without the password when server keys are rotated.

The private key of the account is derived with the same salt and cost, so that a sign-in needs one
run of Argon2 (`derivation_limit.derive_once`).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from typing import TYPE_CHECKING, NamedTuple

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, BasePasswordHasher

from grievances.encryption.derivation_limit import limiter
from grievances.encryption.primitives import DecryptionFailed, Kdf
from grievances.encryption.server_keys import Purpose, open_for_server, seal_for_server

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SALT_BYTES = 16
PROOF_BYTES = 16


class Sealed(NamedTuple):
    """The parts of an encoded hash that is sealed for the server.

    `head` is the algorithm and the cost. `salt` is hex, and the seal is bound to it.
    """

    head: str
    salt: str
    blob: bytes

    @property
    def place(self) -> str:
        """What the seal is bound to."""
        return f"account password|{self.salt}"

    def encode(self) -> str:
        """Return the text for the column of the password."""
        text = base64.urlsafe_b64encode(self.blob).decode().rstrip("=")
        return f"{self.head}${self.salt}${text}"


def new_salt() -> str:
    """Return a fresh salt of 16 bytes, as hex."""
    return os.urandom(SALT_BYTES).hex()


def sealed_parts(encoded: str) -> Sealed | None:
    """Return the parts of an encoded hash, or None for one that is not sealed."""
    if not encoded.startswith((OneDerivation.algorithm, SealedArgon2.algorithm)):
        return None
    try:
        head, salt, text = encoded.rsplit("$", 2)
        return Sealed(head, salt, base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        return None


def salt_and_cost(encoded: str) -> tuple[bytes, dict[str, int]]:
    """Return the salt and cost to seal a private key under the same password.

    They are those of the account's hash, so that one run of Argon2 serves both. Without such a hash
    the salt is fresh.
    """
    parts = sealed_parts(encoded)
    if parts is None or not parts.head.startswith(OneDerivation.algorithm):
        return os.urandom(SALT_BYTES), dict(settings.VAULT_KDF)
    return bytes.fromhex(parts.salt), _cost(parts.head)


class OneDerivation(BasePasswordHasher):
    """Argon2id at the cost of the private key; the proof is sealed for the server.

    Encoded as ALGORITHM$MEMORY,PASSES,LANES$SALT$SEALED PROOF.
    """

    algorithm = "argon2id_for_server"

    def salt(self) -> str:
        """Return a fresh salt."""
        return new_salt()

    def encode(self, password: str, salt: str) -> str:
        """Return the encoded proof of a password. Raises TooBusy."""
        cost = settings.VAULT_KDF
        head = f"{self.algorithm}${','.join(str(cost[name]) for name in COST)}"
        parts = Sealed(head, salt, b"")
        proof = _proof(Kdf(**cost).derive(password, bytes.fromhex(salt)))
        return parts._replace(blob=seal_for_server(proof, parts.place, Purpose.PASSWORDS)).encode()

    def verify(self, password: str, encoded: str) -> bool:
        """Return whether a password fits an encoded proof. Raises TooBusy."""
        parts = sealed_parts(encoded)
        if parts is None:
            return False
        proof = _proof(Kdf(**_cost(parts.head)).derive(password, bytes.fromhex(parts.salt)))
        try:
            kept = open_for_server(parts.blob, parts.place, Purpose.PASSWORDS)
        except DecryptionFailed:
            return False
        return hmac.compare_digest(proof, kept)

    def must_update(self, encoded: str) -> bool:
        """Return whether the cost is not the one of the settings."""
        parts = sealed_parts(encoded)
        return parts is None or _cost(parts.head) != settings.VAULT_KDF

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Do nothing: after a change of cost every account differs alike."""

    def decode(self, encoded: str) -> dict[str, object]:
        """Return the parts of an encoded proof by name."""
        parts = sealed_parts(encoded)
        head = parts.head if parts else ""
        return {"algorithm": self.algorithm, "salt": parts.salt if parts else "", "head": head}

    def safe_summary(self, encoded: str) -> dict[str | _StrPromise, str]:
        """Return what may be shown of an encoded proof."""
        return {"algorithm": self.algorithm}


class CountedArgon2(Argon2PasswordHasher):
    """Django's Argon2 hasher, for the accounts of earlier versions.

    It keeps the derivation limit. A hash is replaced at the next sign-in. A wrong password costs as
    much as one of a new hash.
    """

    def encode(self, password: str, salt: str) -> str:
        """Return the encoded hash of a password. Raises TooBusy."""
        with limiter():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Return whether a password fits an encoded hash. Raises TooBusy."""
        with limiter():
            fits = super().verify(password, encoded)
        if not fits:
            Kdf(**{**settings.VAULT_KDF, "iterations": 1}).derive(password, bytes(SALT_BYTES))
        return fits


class SealedArgon2(CountedArgon2):
    """A hash of an earlier version that the upgrade sealed for the server.

    Encoded as ALGORITHM$SALT$SEALED HASH. The salt here only binds the seal.
    """

    algorithm = "argon2_sealed"

    @classmethod
    def seal(cls, encoded: str) -> str:
        """Return the sealed form of an encoded hash of Django's Argon2 hasher."""
        parts = Sealed(cls.algorithm, new_salt(), b"")
        blob = seal_for_server(encoded.encode(), parts.place, Purpose.PASSWORDS)
        return parts._replace(blob=blob).encode()

    @classmethod
    def open(cls, encoded: str) -> str:
        """Return the encoded hash that `seal` sealed.

        Raises:
            DecryptionFailed: the text is not one, or the server key is missing.
        """
        parts = sealed_parts(encoded)
        if parts is None:
            raise DecryptionFailed
        return open_for_server(parts.blob, parts.place, Purpose.PASSWORDS).decode()

    def verify(self, password: str, encoded: str) -> bool:
        """Return whether a password fits a sealed hash. Raises TooBusy."""
        try:
            opened = self.open(encoded)
        except DecryptionFailed:
            Kdf(**settings.VAULT_KDF).derive(password, bytes(SALT_BYTES))
            return False
        plain = CountedArgon2()
        return plain.verify(password, opened)


COST = ("memory_kib", "iterations", "lanes")


def _cost(head: str) -> dict[str, int]:
    return dict(zip(COST, map(int, head.split("$")[1].split(",")), strict=True))


def _proof(root: bytes) -> bytes:
    """Return what proves a password; it does not lead back to `root`."""
    return HKDF(SHA256(), PROOF_BYTES, None, b"fair hearing|sign-in").derive(root)
