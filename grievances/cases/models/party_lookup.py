"""Find the cases of a person without a mark of the person on the case.

The pseudonym of a party is another one on every case, so it cannot be searched for. Instead each
standing of a person has an entry here. Its label is a keyed hash of the person and of a number that
counts up from 0, so no two labels are alike, and only who has the server key can tell which belong
to one person. What the entry says is sealed under a server key. A number is never used again: the
entry of an erased case is emptied and stays, so the numbers have no gap and a reader knows where
they end. This is a searchable index with forward privacy (docs/explanation/encryption.md).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from django.db import IntegrityError, models, transaction

from grievances.encryption.server_keys import handle, open_for_server, seal_for_server
from grievances.vocabulary import Standing

_ENTRY = struct.Struct(">QQIB")
FIRST, GROWTH = 16, 4
"""How many labels are looked up at first, and how many times more after a full set."""
STANDINGS = tuple(Standing)
"""New standings go to the end: a stored number is a position."""


class Entry(NamedTuple):
    """One standing of a person on one case. An emptied entry has case 0."""

    case_id: int
    standing: Standing
    number: int


class PartyLookup(models.Model):
    """One entry: a label that tells nothing, and a sealed case, standing, person and number."""

    label = models.CharField(max_length=40, primary_key=True)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"entry {self.label[:8]}"

    @property
    def place(self) -> str:
        """The associated data to which the entry is bound."""
        return f"lookup|{self.label}"


def entries_of(person_id: int) -> list[Entry]:
    """Return every entry of a person, emptied ones too, in the order in which they were added.

    One query, for a person with fewer than 16. Raises DecryptionFailed for a row that was tampered
    with.
    """
    found: list[Entry] = []
    start, size = 0, FIRST
    while True:
        labels = [label_of(person_id, number) for number in range(start, start + size)]
        rows = {row.label: row for row in PartyLookup.objects.filter(label__in=labels)}
        found += [_opened(rows[label]) for label in labels if label in rows]
        if labels[-1] not in rows:
            return found
        start, size = start + size, size * GROWTH


def standings_of(person_id: int) -> Iterator[tuple[int, Standing]]:
    """Yield (case id, standing) for every case of which a person is or was a party."""
    return ((e.case_id, e.standing) for e in entries_of(person_id) if e.case_id)


def add_entry(case_id: int, standing: Standing, person_id: int) -> None:
    """List a case for a person. Adding it twice has the effect of once."""
    known = entries_of(person_id)
    if any((each.case_id, each.standing) == (case_id, standing) for each in known):
        return
    number = len(known)
    while not _insert(case_id, standing, person_id, number):
        number += 1


def empty_entries(case_id: int, person_id: int) -> None:
    """Forget that a person was a party of a case.

    The rows are written anew, so that their place in the table does not tell when they were added.
    """
    for each in entries_of(person_id):
        if each.case_id == case_id:
            empty = new_entry(0, STANDINGS[0], person_id, each.number)
            PartyLookup.objects.filter(label=empty.label).delete()
            empty.save(force_insert=True)


def label_of(person_id: int, number: int) -> str:
    """Return the label of the entry of a person with this number."""
    return handle("party lookup", person_id, number)


def new_entry(case_id: int, standing: Standing, person_id: int, number: int) -> PartyLookup:
    """Return an entry that is not stored yet."""
    row = PartyLookup(label=label_of(person_id, number))
    body = _ENTRY.pack(case_id, person_id, number, STANDINGS.index(standing))
    row.sealed = seal_for_server(body, row.place)
    return row


def _insert(case_id: int, standing: Standing, person_id: int, number: int) -> bool:
    """Store an entry; False when another transaction has taken the number meanwhile."""
    try:
        with transaction.atomic():
            new_entry(case_id, standing, person_id, number).save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _opened(row: PartyLookup) -> Entry:
    body = open_for_server(bytes(row.sealed), row.place)
    case_id, _, number, standing = _ENTRY.unpack(body)
    return Entry(case_id, STANDINGS[standing], number)
