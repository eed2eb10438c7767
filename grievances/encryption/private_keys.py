"""Seal private keys under a password or code, and once more for the server.

The outer seal is under a server key of its own purpose. So a copy of the database alone gives
nothing to try passwords against, and a person who can write to the database cannot make such a blob
(architecture.md 4).
"""

from __future__ import annotations

from grievances.encryption import primitives
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import Purpose, open_for_server, seal_for_server

_FOR_SERVER = b"\x02"
"""The first byte of a blob with the outer seal; earlier versions had none."""


def private_place(person_id: int, by: str) -> str:
    """Return the associated data of an account's private key."""
    return f"private key|account {person_id}|{by}"


def is_for_server(blob: bytes) -> bool:
    """Return whether a blob has the outer seal."""
    return blob[:1] == _FOR_SERVER


def seal_private(key: bytes, private: bytes, place: str, waiting: str = "") -> bytes:
    """Return a private key sealed under a key from a password, and for the server.

    `waiting` names the request for which it waits. With it, the blob does not open as the key of an
    account.
    """
    return wrap(primitives.seal(key, private, place), place + waiting)


def open_private(key: bytes, blob: bytes, place: str, genuine: bytes) -> bytes:
    """Return a private key.

    A blob without the outer seal is from an earlier version. It is taken only where it fits the
    public key that this service wrote, `genuine`.

    Raises:
        DecryptionFailed: another key or place, or this service did not write it.
    """
    if is_for_server(blob):
        return primitives.open_sealed(key, unwrap(blob, place), place)
    private = primitives.open_sealed(key, blob, place)
    if primitives.public_key_of(private) != genuine:
        raise DecryptionFailed
    return private


def taken_up(blob: bytes, person_id: int, waiting: str) -> bytes:
    """Return a private key that waited for a request, sealed as that of the account.

    Raises DecryptionFailed for another request.
    """
    place = private_place(person_id, "password")
    return wrap(unwrap(blob, place + waiting), place)


def wrap(inner: bytes, place: str) -> bytes:
    """Return a sealed private key with the outer seal."""
    return _FOR_SERVER + seal_for_server(inner, place, Purpose.PASSWORDS)


def unwrap(blob: bytes, place: str) -> bytes:
    """Return a sealed private key without its outer seal. Raises DecryptionFailed."""
    return open_for_server(blob[1:], place, Purpose.PASSWORDS)
