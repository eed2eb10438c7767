"""The tables of the library: the append-only trail, deadlines, policy profiles, holidays.

The first two are abstract. An application names its own tables, ties deadlines to its own rows,
and inherits each `Meta` so that constraints and the sweep's index come along.
"""

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Any, ClassVar, NoReturn, Self

from django.db import models, transaction
from django.db.models import Q

from workflow.digests import GENESIS, canonical, entry_digest


class AppendOnly(Exception):
    """An entry of the trail was to be changed or removed. It cannot be."""


class AlreadyRecorded(Exception):
    """An entry with this key exists, so what it records has been done once already."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Reads the trail and refuses every road into it other than `append`."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse: entries do not change."""
        raise AppendOnly("Entries of the trail do not change.")

    def delete(self) -> NoReturn:
        """Refuse: entries are not removed."""
        raise AppendOnly("Entries of the trail are not removed.")

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: only `append` knows the digest before."""
        raise AppendOnly("Entries are added by append.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: entries do not change."""
        raise AppendOnly("Entries of the trail do not change.")


class AbstractChainHead(models.Model):
    """How far one chain has come. Its row is the lock that puts entries in order."""

    chain = models.CharField(max_length=40, unique=True)
    seq = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.chain} at {self.seq}"

    def veil(self, actor: str) -> str:
        """Return how an actor is called in this chain; an application may hide the handle."""
        return actor


class AbstractEvent(models.Model):
    """One entry of a hash-chained trail: who did what, when, to which reference.

    `actor` and `subject` are opaque handles, never names and never foreign keys; `data` holds
    codes, dates and references, never words about a person. One chain per case keeps writers out
    of each other's way. A concrete class sets `head_model`, and its table carries the triggers of
    `workflow.triggers`, which also stop whoever bypasses the ORM.
    """

    head_model: ClassVar[type[AbstractChainHead]]
    head: AbstractChainHead | None = None
    """Where the chain ended with this entry; known only to who has just added it."""

    chain = models.CharField(max_length=40)
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    role = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)
    key = models.CharField(max_length=120, null=True, blank=True, unique=True)
    prev = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["chain", "seq"], name="%(class)s_chain_seq")
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.seq}: {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: entries are added by `append` and never change."""
        raise AppendOnly("Entries are added by append and never change.")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: entries are not removed."""
        raise AppendOnly("Entries of the trail are not removed.")

    @classmethod
    def append(
        cls,
        *,
        chain: str,
        at: datetime,
        actor: str,
        role: str,
        kind: str,
        subject: str = "",
        data: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> Self:
        """Add one entry to the end of a chain, in the caller's transaction or its own.

        `at` is an aware instant. `key` names what may happen only once: a second append with it
        raises `AlreadyRecorded` and leaves nothing behind. `data` that is not plain JSON raises
        TypeError or ValueError. Two chains that write one key in the same instant are kept apart
        by the table alone: the later transaction fails whole, with IntegrityError.
        """
        if at.utcoffset() is None:
            raise ValueError("An entry needs an aware instant.")
        entry = cls(chain=chain, at=at, actor=actor, role=role, kind=kind, subject=subject)
        entry.data, entry.key = dict(data or {}), key
        canonical(entry.data)
        # No savepoint within the caller's transaction: nothing was written when a key is refused.
        inside = transaction.get_connection().in_atomic_block
        with nullcontext() if inside else transaction.atomic():
            entry._link()
        return entry

    def _link(self) -> None:
        heads = self.head_model._default_manager
        head = heads.select_for_update().filter(chain=self.chain).first()
        # Asked under the lock, so that a repeat is refused before anything is written.
        if self.key is not None and type(self)._default_manager.filter(key=self.key).exists():
            raise AlreadyRecorded(self.key)
        if head is None:
            head, _ = heads.select_for_update().get_or_create(chain=self.chain)
        self.actor = head.veil(self.actor)
        self.head = head
        self.seq, self.prev = head.seq + 1, head.digest
        self.digest = self.reckoned_digest()
        super().save(force_insert=True)
        head.seq, head.digest = self.seq, self.digest
        head.save(update_fields=["seq", "digest"])

    def reckoned_digest(self) -> str:
        """Return the digest this entry should carry, from what it now says."""
        names = ("chain", "seq", "actor", "role", "kind", "subject", "data", "key")
        return entry_digest({name: getattr(self, name) for name in names}, self.at, self.prev)


class AbstractDeadline(models.Model):
    """One clock, as stored (domain.md 6.3). Changed only through `workflow.deadlines`.

    Dates are local. `paused_wd` and `extended_wd` count working days, or calendar days where the
    clock does. `clock` is the clock as it was at the start, so that a case keeps the policy it
    began under. `last_rung` is the last rung fired or passed over. `next_rung_at` (UTC) is empty
    while the clock is paused or completed.
    """

    name = models.CharField(max_length=40)
    detail = models.CharField(max_length=40, blank=True)
    anchor_on = models.DateField()
    started_on = models.DateField()
    original_due = models.DateField()
    current_due = models.DateField()
    paused_on = models.DateField(null=True, blank=True)
    paused_wd = models.PositiveIntegerField(default=0)
    extended_wd = models.PositiveIntegerField(default=0)
    completed_on = models.DateField(null=True, blank=True)
    breached = models.BooleanField(default=False)
    level = models.PositiveSmallIntegerField(default=0)
    last_rung = models.CharField(max_length=20, blank=True)
    next_rung = models.CharField(max_length=20, blank=True)
    next_rung_at = models.DateTimeField(null=True, blank=True)
    clock = models.JSONField()

    class Meta:
        abstract = True
        # Only rows that still owe something are in it, however many clocks have been met.
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_rung_at"],
                condition=Q(next_rung_at__isnull=False),
                name="%(class)s_next_rung",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} due {self.current_due}"


class PolicyProfile(models.Model):
    """One version of one policy, as loaded. A case keeps the version it started under."""

    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    effective_from = models.DateField()
    jurisdiction = models.CharField(max_length=40)
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code", "version"], name="profile_code_version")
        ]

    def __str__(self) -> str:
        return f"{self.code} version {self.version}"


class Holiday(models.Model):
    """One day on which a division does not work, weekends apart (domain.md 6.1)."""

    division = models.CharField(max_length=20)
    day = models.DateField()
    name = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["division", "day"], name="holiday_division_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
