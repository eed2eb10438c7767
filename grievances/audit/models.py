"""The audit trail in the database: events in hash chains that are never changed."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import models

from workflow.models import AbstractChainHead, AbstractEvent, NewEntry

SERVICE = "service"
"""The chain for events that belong to no case: reports opened, refusals, sign-ins."""

SYSTEM = "system"
"""The actor and the role of what the service does by itself."""

NO_ACTOR = frozenset({"", SYSTEM})
FORGOTTEN = "forgotten"
"""The actor in a chain whose salt is destroyed.

All actors of an erased case look the same.
"""


def new_salt() -> bytes:
    """Return a fresh salt for one chain: 16 random bytes."""
    return secrets.token_bytes(16)


class ChainHead(AbstractChainHead):
    """The last entry of a chain, and the salt of its pseudonyms.

    The trail outlives its case and cannot be changed. So an actor is stored as a hash that needs
    this salt. Erasing the case destroys the salt. After that no one can link a person to the
    entries of the case, not even with the server's keys.
    """

    salt = models.BinaryField(default=new_salt)

    def pseudonymise(self, actor: str) -> str:
        """Return the actor's pseudonym in this chain; it differs in every other chain."""
        if self.chain == SERVICE or actor in NO_ACTOR:
            return actor
        if not self.salt:
            return FORGOTTEN
        return hmac.new(bytes(self.salt), actor.encode(), hashlib.sha256).hexdigest()[:40]


def pseudonymiser_of(chain: str, salt: bytes | None = None) -> Callable[[str], str]:
    """Return the function that gives a chain's pseudonyms.

    `salt` is the chain's own, where it was fetched with the case already. A chain that has not
    begun keeps the actor names it is given.
    """
    if salt is not None:
        return ChainHead(chain=chain, salt=salt).pseudonymise
    head = ChainHead.objects.filter(chain=chain).first()
    return head.pseudonymise if head is not None else str


def forget_actors(chain: str) -> None:
    """Destroy the salt of a chain: no one can link a person to its entries any more."""
    ChainHead.objects.filter(chain=chain).update(salt=b"")


class Event(AbstractEvent):
    """One recorded event.

    `subject` is a reference and never a key, so erasing a case leaves it.
    """

    head_model = ChainHead

    class Meta(AbstractEvent.Meta):
        indexes = [models.Index(fields=["subject", "at"], name="event_subject_at")]


def record_by_service(
    reference: str,
    now: datetime,
    *,
    kind: str,
    data: Mapping[str, object] | None = None,
    key: str | None = None,
) -> Event:
    """Record in the chain of a case what the service did.

    Raises AlreadyRecorded for a `key` that was recorded before.

    Returns:
        The event, added to the end of the chain.
    """
    return Event.append(**_by_service(reference, now, kind, data, key))


def draft_by_service(
    reference: str,
    now: datetime,
    *,
    kind: str,
    data: Mapping[str, object] | None = None,
    key: str | None = None,
) -> Event:
    """Return an event as `record_by_service` records it, not in its chain yet."""
    return Event.draft(**_by_service(reference, now, kind, data, key))


def _by_service(
    reference: str, now: datetime, kind: str, data: Mapping[str, object] | None, key: str | None
) -> NewEntry:
    return {
        "chain": reference,
        "at": now,
        "actor": SYSTEM,
        "role": SYSTEM,
        "kind": kind,
        "subject": reference,
        "data": data,
        "key": key,
    }


class TrailEnd(models.Model):
    """A signed record that a chain was let go up to an entry when its time had ended.

    The owner of the database can write such a row, but cannot sign it.
    """

    chain = models.CharField(max_length=40, unique=True)
    seq = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    signed = models.TextField()

    def __str__(self) -> str:
        return f"{self.chain} let go up to {self.seq}"


class Heartbeat(models.Model):
    """The time a sweep last ran, so that a stopped one is seen (architecture.md 6)."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
