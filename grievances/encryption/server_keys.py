"""The server's own keys: what the running service may open and a copy of the database may not.

`SERVER_KEYS` lists them as VERSION:64 hex digits, the newest first. The newest seals; every one
that is listed opens. The **pepper**, under which people are called by blind references and case
keys are looked up, is the key of the lowest version: nothing that hangs on it can be made anew,
so it never changes. Once `rotate_keys` has run, the first key lives on as version 0, the pepper's
own version, which seals and opens nothing (architecture.md 5).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from django.conf import settings

from grievances.encryption import primitives
from grievances.encryption.primitives import DecryptionFailed

PEPPER_VERSION = 0


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


def server_keys() -> ServerKeys:
    """The keys this process runs with; raises ValueError with a sentence for a malformed list."""
    return _parsed(settings.SERVER_KEYS)


def handle(kind: str, *parts: object) -> str:
    """A blind reference: a keyed hash of `kind` and `parts` under a key outside the database."""
    return primitives.keyed_hash(server_keys().pepper, kind, *(str(part) for part in parts))


def person_pseudonym(person_id: int) -> str:
    """The handle under which a person's notices are kept, the same on every case."""
    return handle("person", person_id)


def seal_for_server(words: bytes, place: str) -> bytes:
    """Words the running server may open (a recipient), and a copy of the database may not."""
    newest = server_keys().newest
    return bytes([newest]) + primitives.seal(server_keys().keys[newest], words, place)


def open_for_server(blob: bytes, place: str) -> bytes:
    """What `seal_for_server` sealed; raises Unreadable when its server key is not configured."""
    key = server_keys().keys.get(blob[0]) if blob else None
    if key is None:
        raise DecryptionFailed
    return primitives.open_sealed(key, bytes(blob[1:]), place)


def is_newest(blob: bytes) -> bool:
    """Whether a blob lies under the newest server key (or nothing was sealed)."""
    return not blob or blob[0] == server_keys().newest
