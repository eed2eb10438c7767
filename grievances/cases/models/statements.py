"""Hearings of people who may not see the case: the respondent and witnesses.

Each of them has a conversation of their own, under a key of its own. That key can be opened with
any of three keys (domain.md 11.1):

- the person's own key pair;
- the reply key that handler, decision maker and appeal manager hold;
- from the decision on, the case's core key, so that the complainant reads the statements then.

No one who is heard holds a key to another conversation or to the case.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime

from django.db import models

from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring, open_words, several, wraps_in
from grievances.cases.models.parties import party_pseudonym
from grievances.cases.models.records import Kind, Words, read_all
from grievances.encryption.primitives import DecryptionFailed
from grievances.people.models import User
from grievances.vocabulary import Compartment, Standing

SHOWN = (
    Kind.PUT,
    Kind.CALLED,
    Kind.NOTES,
    Kind.EVIDENCE_SHOWN,
    Kind.STATEMENT,
    Kind.OUTCOME_NOTE,
)
"""What the person who is heard reads of their conversation.

It is all of it but their own name.
"""


class Hearing(models.Model):
    """What is put to one person on one case, and what they answer.

    The words are records. `handle` is the person's pseudonym in their standing, and `token` the
    address of their page. `due_on` is the local date by which an answer is asked for. A key that is
    not sealed for a reader yet is empty.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="hearings")
    episode = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveSmallIntegerField()
    token = models.CharField(max_length=40, unique=True)
    standing = models.CharField(max_length=12, choices=Standing)
    handle = models.CharField(max_length=40, db_index=True)
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    answered_at = models.DateTimeField(null=True)
    sealed_for_officers = models.BinaryField(default=b"")
    sealed_for_complainant = models.BinaryField(default=b"")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="hearing_number"),
        ]

    def __str__(self) -> str:
        return f"{self.case}: hearing {self.number}"

    @property
    def compartment(self) -> str:
        """The compartment of this conversation alone.

        It is not a member of `Compartment`, but a part of one.
        """
        return f"{Compartment.REPLY}:{self.number}"

    @property
    def place(self) -> str:
        """The associated data common to its wrapped keys."""
        return f"hearing|{self.case_id}|{self.number}"

    def place_for(self, whose: str) -> str:
        """Return the associated data of the keys wrapped for these readers."""
        return f"{self.place}|{whose}"


def hearing_of(
    case: Case, ring: Keyring, standing: Standing, person: User, *, now: datetime, due_on: date
) -> Hearing:
    """Return the conversation with this person, with a new date to answer by.

    It is begun, or taken up again. Its key is on the keyring afterwards, wrapped for the officers.
    A conversation whose key left with earlier officers (a case reopened) remains the person's own,
    and a new one begins.
    """
    known = party_pseudonym(case.pk, standing, person.pk)
    rows = case.hearings.filter(standing=standing, handle=known).order_by("-number")
    hearing = next((row for row in rows if row.compartment in ring), None)
    if hearing is None:
        hearing = Hearing(
            case=case, number=case.hearings.count() + 1, standing=standing, handle=known
        )
        hearing.token = secrets.token_hex(16)
        ring.add_new(hearing.compartment)
    hearing.episode, hearing.asked_at, hearing.due_on = case.episode, now, due_on
    hearing.answered_at = None
    wrap_for_officers(hearing, ring)
    hearing.save()
    return hearing


def wrap_for_officers(hearing: Hearing, ring: Keyring) -> None:
    """Wrap the conversation's keys under the present reply key.

    The row is not saved.
    """
    before = bytes(hearing.sealed_for_officers)
    hearing.sealed_for_officers = _wrap(hearing, ring, Compartment.REPLY, before, "officers")


def wrap_for_complainant(hearing: Hearing, ring: Keyring) -> None:
    """Wrap the conversation's keys under the core key.

    The row is not saved.
    """
    before = bytes(hearing.sealed_for_complainant)
    hearing.sealed_for_complainant = _wrap(hearing, ring, Compartment.CORE, before, "complainant")


def take_up_hearings(case: Case, ring: Keyring) -> list[Hearing]:
    """Add to the keyring the keys of every conversation that it can open.

    Returns:
        All conversations of the case, opened or not, by number.
    """
    rows = sorted(case.hearings.all(), key=lambda row: row.number)
    for row in rows:
        ways = (
            (Compartment.REPLY, bytes(row.sealed_for_officers), "officers"),
            (Compartment.CORE, bytes(row.sealed_for_complainant), "complainant"),
        )
        for outer, field, whose in ways:
            for blob in wraps_in(field) if outer in ring else ():
                _try(ring, row, outer, blob, whose)
    return rows


def _wrap(hearing: Hearing, ring: Keyring, outer: str, before: bytes, whose: str) -> bytes:
    """Return every version that the keyring opens, wrapped under `outer`.

    Versions wrapped under a key that the keyring lacks are kept as they are.
    """
    place = hearing.place_for(whose)
    others = [blob for blob in wraps_in(before) if not _opens(ring, outer, blob, place)]
    return several([*others, *ring.wrap_every(hearing.compartment, outer, place)])


def _opens(ring: Keyring, outer: str, blob: bytes, place: str) -> bool:
    try:
        open_words(ring, outer, blob, place)
    except DecryptionFailed:
        return False
    return True


def _try(ring: Keyring, row: Hearing, outer: str, blob: bytes, whose: str) -> None:
    try:
        ring.unwrap(row.compartment, outer, blob, row.place_for(whose))
    except DecryptionFailed:
        # Wrapped under a reply key that only earlier officers hold. Another key may open it.
        return


def read_hearing(hearing: Hearing, ring: Keyring) -> list[Words]:
    """Return the conversation, oldest first.

    What was put comes before its answer. The list is empty without the key.
    """
    found = read_all(hearing.case, ring, SHOWN) if hearing.compartment in ring else []
    return sorted(found, key=lambda each: (each.at, SHOWN.index(each.kind)))
