"""What happened, for good: events in hash chains, and the clocks they start and stop."""

import hashlib
import hmac
import secrets
from collections.abc import Callable

from django.db import models

from workflow.models import AbstractChainHead, AbstractEvent

SERVICE = "service"
"""The chain of what belongs to no case: reports opened, refusals, sign-ins."""

NO_ACTOR = frozenset({"", "system"})
FORGOTTEN = "forgotten"
"""Who acted in a chain whose salt is destroyed: an erased case tells nobody from another."""


def new_salt() -> bytes:
    """A fresh salt for one chain."""
    return secrets.token_bytes(16)


class ChainHead(AbstractChainHead):
    """Where each chain ends, and the salt that hides who acted in it.

    The trail outlives the case it tells of and cannot be changed. So an actor stands in it under a
    hash that needs this salt, and erasing the case destroys the salt: from then on not even the
    server's keys lead from a person to the entries of the case.
    """

    salt = models.BinaryField(default=new_salt)

    def pseudonymise(self, actor: str) -> str:
        """How an actor is called in this chain, and no other."""
        if self.chain == SERVICE or actor in NO_ACTOR:
            return actor
        if not self.salt:
            return FORGOTTEN
        return hmac.new(bytes(self.salt), actor.encode(), hashlib.sha256).hexdigest()[:40]


def pseudonymiser_of(chain: str, salt: bytes | None = None) -> Callable[[str], str]:
    """How this chain calls people; a chain that has not begun calls them by their handles.

    `salt` is the chain's own, where it was fetched with the case already.
    """
    if salt is not None:
        return ChainHead(chain=chain, salt=salt).pseudonymise
    head = ChainHead.objects.filter(chain=chain).first()
    return head.pseudonymise if head is not None else str


def forget_actors(chain: str) -> None:
    """Destroy the salt of a chain: nothing leads from a person to its entries any more."""
    ChainHead.objects.filter(chain=chain).update(salt=b"")


class Event(AbstractEvent):
    """One thing that happened. `subject` is a reference, never a key: erasing a case leaves it."""

    head_model = ChainHead

    class Meta(AbstractEvent.Meta):
        indexes = [models.Index(fields=["subject", "at"], name="event_subject_at")]


class TrailEnd(models.Model):
    """Up to which entry a chain was let go when its time had ended, signed by the service.

    Whoever owns the database can write such a row, and cannot sign it.
    """

    chain = models.CharField(max_length=40, unique=True)
    seq = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    signed = models.TextField()

    def __str__(self) -> str:
        return f"{self.chain} let go up to {self.seq}"


class Heartbeat(models.Model):
    """When a sweep last ran, so that a stopped one is seen (architecture.md 6)."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
