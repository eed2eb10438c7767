"""A complainant's companion, and copies of the records they may read.

What is ticked is copied, record by record, under a key of this companionship alone. The companion
never holds a key of the case. The complainant and the officers reach that key through the case's
core key. So what is written later can be copied too, and the companion can write to them.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring, open_words, seal_words
from grievances.cases.models.records import Kind, Record, Words, packed, read
from grievances.cases.models.statements import Hearing
from grievances.choices import CompanionKind, Share
from grievances.encryption.primitives import DecryptionFailed
from grievances.vocabulary import Compartment

LINK_LASTS = timedelta(days=7)
"""How long an invitation can be accepted."""

KINDS_OF: dict[Share, tuple[Kind, ...]] = {
    Share.ACCOUNT: (Kind.ACCOUNT, Kind.WHEN, Kind.PEOPLE, Kind.IMPACT, Kind.ALLEGATION),
    Share.MESSAGES: (Kind.MESSAGE, Kind.QUESTION, Kind.UPDATE, Kind.EXPLANATION),
    Share.LETTERS: (
        Kind.LETTER,
        Kind.APPEAL_LETTER,
        Kind.ACTION,
        Kind.ACTION_DONE,
        Kind.REPORT,
        Kind.GROUNDS,
    ),
    Share.STATEMENTS: (Kind.MEETING, Kind.HEARD, Kind.PUT, Kind.STATEMENT),
    Share.DATES: (),
}
"""The kinds of records that each tick opens.

Names, mediation and the people kept away are never shared.
"""


class Companion(models.Model):
    """One companionship: invited, accepted, ended.

    It belongs to the complainant, or to a person who is heard. With a `hearing` it belongs to that
    person. Then the companion reads that conversation by its own key, and the complainant and the
    officers neither see nor end it.

    `handle` is the pseudonym by which it is found. At first it is that of the link, later that of
    the companion's own key or account. All three are keyed hashes. `token` is the address of the
    companion's page.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="companions")
    hearing = models.ForeignKey(
        Hearing, on_delete=models.CASCADE, null=True, related_name="companions"
    )
    number = models.PositiveSmallIntegerField()
    token = models.CharField(max_length=40, unique=True)
    handle = models.CharField(max_length=40, db_index=True)
    shares = models.JSONField(default=list)
    kind = models.CharField(max_length=12, choices=CompanionKind, blank=True)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    sealed_for_case = models.BinaryField(default=b"")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="companion_number")]

    def __str__(self) -> str:
        return f"{self.case}: companion {self.number}"

    @property
    def compartment(self) -> str:
        """The compartment of this companionship alone, or of its conversation."""
        return self.hearing.compartment if self.hearing else f"share:{self.number}"

    @property
    def place(self) -> str:
        """The associated data to which its wrapped key is bound."""
        return f"companion|{self.case_id}|{self.number}"

    @property
    def kinds(self) -> list[Kind]:
        """The kinds of records that were ticked."""
        return [kind for share in self.shares for kind in KINDS_OF[Share(share)]]

    def is_party(self, now: datetime) -> bool:
        """Return whether it is accepted, or can be at this instant (UTC).

        It is the test of `live` for one row.
        """
        return self.ended_at is None and (self.accepted_at is not None or self.expires_at > now)


class SharedCopy(models.Model):
    """A copy of a record, sealed for the companion under their own key."""

    companion = models.ForeignKey(Companion, on_delete=models.CASCADE, related_name="copies")
    record_id = models.UUIDField()
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["companion", "record_id"], name="one_copy_of_a_record")
        ]

    def __str__(self) -> str:
        return f"{self.companion_id}: {self.kind}"


def live(now: datetime) -> Q:
    """Return the condition for companionships that count at this instant (UTC).

    They are accepted, or can still be accepted.
    """
    return Q(ended_at__isnull=True) & (Q(accepted_at__isnull=False) | Q(expires_at__gt=now))


def take_up_companions(case: Case, ring: Keyring) -> list[Companion]:
    """Add to the keyring the key of every companionship that its core keys open.

    A keyring whose core keys are all newer than a companionship does not open that one. This
    happens after the keys were rotated, until someone who holds every version acts.

    Returns:
        The complainant's companionships. Those of people who are heard do not belong to the case.
    """
    rows = [row for row in case.companions.all() if row.hearing_id is None]
    if Compartment.CORE in ring:
        for row in rows:
            if row.compartment not in ring:
                with suppress(DecryptionFailed):
                    blob = bytes(row.sealed_for_case)
                    ring.unwrap(row.compartment, Compartment.CORE, blob, row.place)
    return rows


def copy_for(companion: Companion, ring: Keyring, kinds: Iterable[Kind]) -> int:
    """Copy the ticked records of these kinds that this keyring opens.

    Records that were copied before are left out.

    Returns:
        How many records were copied.
    """
    wanted = set(companion.kinds) & set(kinds)
    known = set(companion.copies.values_list("record_id", flat=True))
    rows = Record.objects.filter(case=companion.case_id, kind__in=wanted).exclude(
        compartment=companion.compartment
    )
    copies = [
        _copy(companion, ring, row)
        for row in rows
        if row.pk not in known and row.compartment in ring
    ]
    SharedCopy.objects.bulk_create(copies, ignore_conflicts=True)
    return len(copies)


def _copy(companion: Companion, ring: Keyring, row: Record) -> SharedCopy:
    words = read(row, ring)
    place = _place(companion, row.kind, row.pk)
    sealed = seal_words(ring, companion.compartment, packed(words.author, words.text), place)
    return SharedCopy(
        companion=companion, record_id=row.pk, kind=row.kind, at=row.at, sealed=sealed
    )


def read_copies(companion: Companion, ring: Keyring) -> list[Words]:
    """Return everything this companion may read, oldest first.

    Their own messages are included.
    """
    found = [_read(companion, ring, row) for row in companion.copies.all()]
    own = Record.objects.filter(case=companion.case_id, compartment=companion.compartment)
    return sorted([*found, *(read(row, ring) for row in own)], key=lambda words: words.at)


def _read(companion: Companion, ring: Keyring, row: SharedCopy) -> Words:
    place = _place(companion, row.kind, row.record_id)
    body = json.loads(open_words(ring, companion.compartment, bytes(row.sealed), place))
    return Words(Kind(row.kind), row.at, body["author"], body["text"])


def _place(companion: Companion, kind: str, record_id: uuid.UUID) -> str:
    return f"copy|{companion.place}|{kind}|{record_id}"
