"""Key pairs of ML-KEM-768 together with X25519.

A person who copies a sealed key now cannot open it later.

A computer that breaks X25519 in twenty years still has ML-KEM to break (FIPS 203), and the other
way round. Both halves are derived from one random seed by HKDF (RFC 5869). A private key is the
version byte 2, the seed, and perhaps the X25519 key that the holder had before: what was sealed to
that one stays readable. A private key of 32 bytes is X25519 alone, as all were before.
"""

from __future__ import annotations

import os
from functools import cached_property

from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

HYBRID = b"\x02"
SEED_BYTES, LATTICE_SEED_BYTES = 32, 64
OLDER_BYTES = 32
"""The length of an X25519 key, private or public."""
LATTICE_PUBLIC_BYTES = 1184
PUBLIC_BYTES = LATTICE_PUBLIC_BYTES + OLDER_BYTES
LATTICE_SEALED_BYTES = 1088
"""How much longer what is sealed is with a hybrid key than with X25519 (FIPS 203)."""
SEALED_MORE_BYTES = LATTICE_SEALED_BYTES + OLDER_BYTES + 16
"""So much longer is what was sealed to a hybrid key than the secret (RFC 9180)."""
SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


class PrivateKey(bytes):
    """A private key that opens several things in one request.

    Both halves are derived once. They live as long as the key itself, and are kept nowhere else.
    """

    @cached_property
    def both(self) -> hpke.MLKEM768X25519PrivateKey:
        """Both halves as one."""
        return hpke.MLKEM768X25519PrivateKey(*halves(self))


def new_private() -> bytes:
    """Return a fresh private key: 33 bytes."""
    return HYBRID + os.urandom(SEED_BYTES)


def private_of(seed: bytes, older: bytes = b"") -> bytes:
    """Return the private key of a seed, with the holder's older X25519 key."""
    return HYBRID + seed + older


def is_hybrid(private: bytes) -> bool:
    """Return whether a private key is one of these, not X25519 alone."""
    return private[:1] == HYBRID and len(private) in {
        1 + SEED_BYTES,
        1 + SEED_BYTES + OLDER_BYTES,
    }


def older_part(private: bytes) -> bytes:
    """Return the X25519 key that opens older blobs; empty when there is none."""
    return private[1 + SEED_BYTES :] if is_hybrid(private) else private


def halves(private: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    """Return the ML-KEM and the X25519 half of a private key."""
    seed = private[1 : 1 + SEED_BYTES]
    lattice = MLKEM768PrivateKey.from_seed_bytes(_branch(seed, b"ml-kem-768", LATTICE_SEED_BYTES))
    curve = X25519PrivateKey.from_private_bytes(_branch(seed, b"x25519", OLDER_BYTES))
    return lattice, curve


def opened(private: bytes) -> hpke.MLKEM768X25519PrivateKey:
    """Return both halves of a private key as one, to open with."""
    return (private if isinstance(private, PrivateKey) else PrivateKey(private)).both


def recipient(public: bytes) -> hpke.MLKEM768X25519PublicKey:
    """Return both halves of a public key, to seal to.

    Raises:
        ValueError: It is none.
    """
    return hpke.MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public[:LATTICE_PUBLIC_BYTES]),
        X25519PublicKey.from_public_bytes(public[LATTICE_PUBLIC_BYTES:]),
    )


def _branch(seed: bytes, name: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, None, b"fair hearing|hybrid key|" + name).derive(seed)
