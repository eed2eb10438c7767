"""Words that one person keeps: sealed to their own key, then for the server.

Without the person's private key not even the running service reads them. Without the server key no
one makes such a blob, and a copy of the database does not help to find whose it is.
"""

from __future__ import annotations

from grievances.encryption import hybrid_keys
from grievances.encryption.key_pairs import Holder, open_note, seal_note
from grievances.encryption.server_keys import open_for_server, seal_for_server

BLOCK_BYTES = 8192
"""The words are padded to a multiple of this, so that their length tells little."""


def seal_own(public: bytes, words: str, place: str) -> bytes:
    """Return words sealed to the holder of `public`, bound to their place."""
    length = len(words.encode())
    # Sealed to an older key it is shorter: without this, that would tell who the reader is.
    shorter = 0 if len(public) == hybrid_keys.PUBLIC_BYTES else hybrid_keys.LATTICE_SEALED_BYTES
    padded = words + " " * (BLOCK_BYTES - length % BLOCK_BYTES + shorter)
    return seal_for_server(bytes.fromhex(seal_note(public, padded, place)), place)


def open_own(holder: Holder, blob: bytes, place: str) -> str:
    """Return what `seal_own` sealed.

    Raises DecryptionFailed for another holder or place, or a blob that was changed.
    """
    return open_note(holder, open_for_server(blob, place).hex(), place).rstrip()
