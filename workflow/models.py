"""The tables of the library: trail, policy profiles and holidays.

The trail is abstract and append-only. An application names its own tables and inherits each `Meta`,
so that constraints are inherited too.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import ClassVar, NoReturn, Required, Self, TypedDict, Unpack

from django.db import models, transaction

from workflow.hashing import GENESIS, canonical, entry_digest, series_digest
from workflow.sql.bulk_sql import add_if_new, add_rows, add_values, change_rows, insert_rows
from workflow.sql.triggers import AppendOnly, AppendOnlyQuerySet


class AlreadyRecorded(Exception):
    """An entry with this key exists, so what it records has been done once already."""


class NewEntry(TypedDict, total=False):
    """What an entry of the trail is made of; see `AbstractEvent.append`."""

    chain: Required[str]
    at: Required[datetime]
    actor: Required[str]
    role: Required[str]
    kind: Required[str]
    subject: str
    data: Mapping[str, object] | None
    key: str | None


class AbstractChainHead(models.Model):
    """The last entry of one chain. The lock on its row puts new entries in order."""

    chain = models.CharField(max_length=40, unique=True)
    seq = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.chain} at {self.seq}"

    def pseudonymise(self, actor: str) -> str:
        """Return the name of an actor in this chain.

        An application may return a pseudonym instead.
        """
        return actor


class AbstractEvent(models.Model):
    """One entry of a hash-chained trail: who did what, when, to which reference.

    `actor` and `subject` are pseudonyms, never names and never foreign keys. `data` holds codes,
    dates and references, never words about a person. There is one chain per case, so that writers
    of different cases do not wait for each other. A concrete class sets `head_model`. Its table has
    the triggers of `workflow.sql.triggers`, which also stop writers that bypass the ORM.
    """

    head_model: ClassVar[type[AbstractChainHead]]
    head: AbstractChainHead | None = None
    """The chain head after this entry; None but in the process that has just added it."""

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

    def save(self, *args: object, **kwargs: object) -> NoReturn:
        """Refuse, because entries are added by `append` and never change.

        Raises:
            AppendOnly: Always.
        """
        raise AppendOnly("Entries are added by append and never change.")

    def delete(self, *args: object, **kwargs: object) -> NoReturn:
        """Refuse, because entries are not removed.

        Raises:
            AppendOnly: Always.
        """
        raise AppendOnly("Entries of the trail are not removed.")

    @classmethod
    def append(
        cls,
        *,
        is_new: bool = False,
        after: AbstractChainHead | None = None,
        **fields: Unpack[NewEntry],
    ) -> Self:
        """Add one entry to the end of a chain.

        Uses the caller's transaction or its own. `at` is an aware instant. `key` is the idempotency
        key of what may happen only once: a second append with it raises AlreadyRecorded and writes
        nothing. `data` that is not plain JSON raises TypeError or ValueError. When two chains write
        one key in the same instant, only the table's constraint finds it. Then the later
        transaction fails with IntegrityError. `is_new` says that the caller holds a lock under
        which it has just seen that no entry has the key, so it is not looked for again. `after` is
        the head as the caller has read it, or one not stored yet where there was none; after that
        they have seen that no entry has the key. If the head has moved since, it is read again.

        Returns:
            The entry.
        """
        entry = cls.draft(**fields)
        canonical(entry.data)  # checked before anything is written
        entry.add(is_new=is_new, after=after)
        return entry

    def add(self, *, is_new: bool = False, after: AbstractChainHead | None = None) -> None:
        """Add a draft to the end of its chain, as `append` does; raises AlreadyRecorded."""
        # No savepoint within the caller's transaction: nothing was written when a key is refused.
        inside = transaction.get_connection().in_atomic_block
        with nullcontext() if inside else transaction.atomic():
            if after is None or not self._link_after(after):
                self._link(is_new=is_new)

    @classmethod
    def draft(
        cls,
        *,
        chain: str,
        at: datetime,
        actor: str,
        role: str,
        kind: str,
        subject: str = "",
        data: Mapping[str, object] | None = None,
        key: str | None = None,
    ) -> Self:
        """Return an entry that is not in its chain yet.

        Data that cannot be digested fails when the entry is added.

        Raises:
            ValueError: The instant is naive.
        """
        if at.utcoffset() is None:
            raise ValueError("An entry needs an aware instant.")
        entry = cls(chain=chain, at=at, actor=actor, role=role, kind=kind, subject=subject)
        entry.data, entry.key = dict(data or {}), key
        return entry

    @classmethod
    def append_all(cls, drafts: Sequence[Self]) -> None:
        """Add many drafts, each to the end of its own chain, by three statements for all.

        Call it in a transaction. Chains are locked in the order of their names, so that two callers
        never wait for each other. An IntegrityError means that a key is in the trail already, or
        that another transaction has begun a chain meanwhile. Then add the drafts one by one.
        """
        heads = cls.head_model._default_manager
        chains = {draft.chain for draft in drafts}
        rows = heads.select_for_update().filter(chain__in=chains).order_by("chain")
        found = {head.chain: head for head in rows}
        for chain in chains - found.keys():
            found[chain] = cls.head_model(chain=chain)
        for draft in drafts:
            draft._join(found[draft.chain])
        add_rows(drafts)
        begun = [head for head in found.values() if head.pk is None]
        known = [head for head in found.values() if head.pk is not None]
        heads.bulk_create(begun)
        change_rows(known, ["seq", "digest"])

    @classmethod
    def append_to(
        cls,
        chain: str,
        subjects: Iterable[str],
        *,
        at: datetime,
        actor: str,
        role: str,
        kind: str,
        data: Mapping[str, object],
    ) -> None:
        """Add an entry for each subject, alike in all else, to the end of one chain.

        It takes three statements for all of them. Call it in a transaction.
        """
        head = cls._locked_head(chain) or cls._begin(chain)
        fields = {"chain": chain, "actor": head.pseudonymise(actor), "role": role, "kind": kind}
        digest = series_digest({**fields, "data": data, "key": None}, at)
        rows: list[dict[str, object]] = []
        for subject in subjects:
            prev, head.seq = head.digest, head.seq + 1
            head.digest = digest(head.seq, subject, prev)
            own = {"seq": head.seq, "subject": subject, "prev": prev, "digest": head.digest}
            rows.append({**fields, "data": data, "key": None, "at": at, **own})
        add_values(cls, rows)
        head.save(update_fields=["seq", "digest"])

    def _join(self, head: AbstractChainHead) -> None:
        """Take the next place after `head`, and move the head to this entry."""
        self.head, self.actor = head, head.pseudonymise(self.actor)
        self.seq, self.prev = head.seq + 1, head.digest
        self.digest = self.reckoned_digest()
        head.seq, head.digest = self.seq, self.digest

    def _link_after(self, head: AbstractChainHead) -> bool:
        """Add the entry after a head that was read before.

        The head is written first. Two writers after one head wait for each other there, and the
        second writes nothing. The id of the entry is not read back.

        Returns:
            Whether it was added; not when the head has moved.
        """
        actor, at = self.actor, {"seq": head.seq, "digest": head.digest}
        self._join(head)
        if head.pk is None:
            is_next = add_if_new(head)
        else:
            same = self.head_model._default_manager.filter(pk=head.pk, **at)
            is_next = bool(same.update(seq=head.seq, digest=head.digest))
        if is_next:
            insert_rows([self])
        else:
            self.actor = actor
        return is_next

    @classmethod
    def _locked_head(cls, chain: str) -> AbstractChainHead | None:
        heads = cls.head_model._default_manager.select_for_update()
        return heads.filter(chain=chain).first()

    @classmethod
    def _begin(cls, chain: str) -> AbstractChainHead:
        """Begin a chain.

        It needs no savepoint: another transaction that begins this chain is waited for.

        Returns:
            Its head, locked.
        """
        heads = cls.head_model._default_manager.select_for_update()
        heads.bulk_create([cls.head_model(chain=chain)], ignore_conflicts=True)
        return heads.get(chain=chain)

    def _link(self, *, is_new: bool) -> None:
        head = self._locked_head(self.chain)
        # Checked under the lock, so that a repeat is refused before anything is written.
        seen = is_new or self.key is None
        if not seen and type(self)._default_manager.filter(key=self.key).exists():
            raise AlreadyRecorded(self.key)
        head = head or self._begin(self.chain)
        self._join(head)
        super().save(force_insert=True)
        head.save(update_fields=["seq", "digest"])

    def reckoned_digest(self) -> str:
        """Return the digest this entry should have, computed from its present fields."""
        names = ("chain", "seq", "actor", "role", "kind", "subject", "data", "key")
        return entry_digest({name: getattr(self, name) for name in names}, self.at, self.prev)


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
    """One day on which a division does not work, weekends apart (domain.md 6.1).

    `known_from` is the local date on which a day was announced that was not known from the first. A
    clock that was completed before that date is left as it was.
    """

    class Kind(models.TextChoices):
        """The kinds of holidays."""

        BANK = "bank", "Bank holiday"
        CLOSURE = "closure", "Day on which the organisation is closed"

    division = models.CharField(max_length=20)
    day = models.DateField()
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.BANK)
    known_from = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["division", "day"], name="holiday_division_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
