"""Parties of a case, stored by pseudonym, and how the cases of a person are found.

A copy of the tables names no one, and leads from no case to another.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from django.db import connection, models

from grievances.cases.models.case import Case
from grievances.encryption.primitives import normal_code
from grievances.encryption.server_keys import handle, handle_row, open_for_server, seal_for_server
from grievances.people.models import User
from grievances.vocabulary import Contact, Standing
from workflow.sql.bulk_sql import insert_rows
from workflow.sql.compiled_sql import CompiledQuery, Question, bound_list, listed, rows_of_all

_ENTRY = struct.Struct(">QQIB")
LABEL = "party lookup"
FIRST, GROWTH = 16, 4
"""How many labels are looked up first, and how many times more after a full set."""
STANDINGS = tuple(Standing)
"""New standings go to the end: a stored number is a position."""


class Party(models.Model):
    """A complainant, respondent, witness or companion of a case.

    `handle` is the pseudonym: a keyed hash of case, standing and account, so it leads to no other
    case. `sealed_person` is the account, sealed under a server key that is not in the database.
    `PartyLookup` finds the cases of a person. An anonymous complainant has neither account nor
    address. `key_ending` is a keyed hash of the last 4 signs of their case key, where it took the
    place of one that another person had seen.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    standing = models.CharField(max_length=12, choices=Standing)
    handle = models.CharField(max_length=40, db_index=True)
    sealed_person = models.BinaryField(default=b"")
    contact = models.CharField(max_length=16, choices=Contact, default=Contact.PORTAL)
    sealed_address = models.BinaryField(default=b"")
    sealed_away = models.BinaryField(default=b"", db_default=b"")
    key_ending = models.CharField(max_length=40, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "standing", "handle"], name="one_standing_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_standing_display()}"

    @property
    def person_id(self) -> int | None:
        """The account behind the party, opened with the server key.

        None when anonymous. Raises DecryptionFailed for a row that was tampered with.
        """
        if not self.sealed_person:
            return None
        return int(open_for_server(bytes(self.sealed_person), f"party|{self.case_id}"))


class Entry(NamedTuple):
    """One standing of a person on one case. An emptied entry has case 0."""

    case_id: int
    standing: Standing
    number: int


class PartyLookup(models.Model):
    """A label that tells nothing, and a sealed case, standing, person and number.

    The pseudonym of a party is another one on every case, so it cannot be searched for. Instead
    each standing of a person has an entry here. Its label is a keyed hash of the person and of a
    number that counts up from 0, so no two labels are alike, and only who has the server key can
    tell which belong to one person. A number is never used again: the entry of an erased case is
    emptied and stays, so there is no gap, and a reader knows where the numbers end. This is a
    searchable index with forward privacy (docs/explanation/encryption.md).
    """

    label = models.CharField(max_length=40, primary_key=True)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"entry {self.label[:8]}"

    @property
    def place(self) -> str:
        """The associated data to which the entry is bound."""
        return f"lookup|{self.label}"


def party_pseudonym(case_id: int, standing: Standing, person_id: int) -> str:
    """Return the pseudonym of an account in one standing on one case."""
    return handle("standing", case_id, standing.value, person_id)


def party_inbox(case_id: int, person_id: int) -> str:
    """Return the pseudonym of the inbox of an account as a party of one case.

    It cannot be matched with the inbox of the same person at work or on another case.
    """
    return handle("inbox as party", case_id, person_id)


def own_inbox(person_id: int) -> str:
    """Return the pseudonym of the inbox about what an account keeps for itself."""
    return handle("inbox of one's own", person_id)


def party_actor(person_id: int) -> str:
    """Return the name of an account as a party, for the trail and the outbox.

    It is stored nowhere as it is: the trail hashes it with the salt of the case. It cannot be
    matched with the pseudonym of the same person at work. So a handler's own concern does not show
    through the cases they handle.
    """
    return handle("inbox as party", person_id)


def add_party(case: Case, standing: Standing, person_id: int) -> Party:
    """Add an account to a case in a standing. Adding it twice has the effect of once.

    Returns:
        The party.
    """
    party, _ = Party.objects.get_or_create(
        case=case,
        standing=standing,
        handle=party_pseudonym(case.pk, standing, person_id),
        defaults={"sealed_person": seal_person(case.pk, person_id)},
    )
    add_entries(case.pk, standing, [person_id])
    return party


def add_parties(case: Case, standing: Standing, people: Iterable[int]) -> None:
    """Add several accounts in an order that tells nothing about them."""
    shuffled = list(people)
    secrets.SystemRandom().shuffle(shuffled)
    for person_id in shuffled:
        add_party(case, standing, person_id)


def new_party(
    case: Case,
    standing: Standing,
    person_id: int,
    *,
    contact: str = Contact.PORTAL,
    address: str = "",
) -> Party:
    """Return a party that is not stored yet."""
    return Party(
        case=case,
        standing=standing,
        handle=party_pseudonym(case.pk, standing, person_id),
        sealed_person=seal_person(case.pk, person_id),
        contact=contact,
        sealed_address=_address(case, address),
    )


def add_new_parties(rows: Sequence[Party]) -> None:
    """Store new parties of a case, in an order that tells nothing."""
    shuffled = list(rows)
    secrets.SystemRandom().shuffle(shuffled)
    insert_rows(shuffled)


def seal_person(case_id: int, person_id: int) -> bytes:
    """Return an account sealed for the server as a party of this case."""
    return seal_for_server(f"{person_id:020d}".encode(), f"party|{case_id}")


def add_anonymous(case: Case, look_up: str, key_ending: str = "") -> Party:
    """Return the holder of a case key, added without account and address."""
    who = anonymous_pseudonym(look_up)
    return Party.objects.create(
        case=case, standing=Standing.COMPLAINANT, handle=who, key_ending=key_ending
    )


def ending_pseudonym(case_id: int, typed: str) -> str:
    """Return a keyed hash of the end of a case key, another one on every case."""
    return handle("case key ending", case_id, normal_code(typed))


def anonymous_pseudonym(look_up: str) -> str:
    """Return the pseudonym of the holder of a case key."""
    return handle("case key", look_up)


def people_by_case(standing: Standing) -> Iterator[tuple[int, int, int]]:
    """Yield (case id, party id, account id) for every party of a standing.

    Those without an account are left out. Each is opened with the server key. Raises
    DecryptionFailed for a row that was tampered with.
    """
    rows = Party.objects.filter(standing=standing).exclude(sealed_person=b"")
    found = rows.values_list("case_id", "pk", "sealed_person").order_by("pk")
    for case_id, pk, sealed in found.iterator(chunk_size=5_000):
        yield case_id, pk, int(open_for_server(bytes(sealed), f"party|{case_id}"))


def complainant_of(case: Case) -> Party:
    """Return the one complainant of a case."""
    return case.parties.get(standing=Standing.COMPLAINANT)


def address_of(party: Party) -> str:
    """Return the address the complainant chose, or ""."""
    if not party.sealed_address:
        return ""
    words = open_for_server(bytes(party.sealed_address), f"address|{party.case_id}")
    return words.decode().rstrip()


def _address(case: Case, address: str) -> bytes:
    # Padded to one length: the length of an address would narrow down whose it is.
    words = address.ljust(320).encode()
    return seal_for_server(words, f"address|{case.pk}") if address else b""


def entries_of_all(person_ids: Iterable[int]) -> dict[int, list[Entry]]:
    """Return every entry of people by account id, emptied too, in the order of adding.

    One query, when each has fewer than 16. Raises DecryptionFailed for a row tampered with.
    """
    return entries_and(person_ids)[0]


def entries_and(
    person_ids: Iterable[int], *questions: Question[User]
) -> tuple[dict[int, list[Entry]], list[list[User]]]:
    """Return the `entries_of_all` of people, and what was asked with it."""
    found: dict[int, list[Entry]] = {person_id: [] for person_id in person_ids}
    answers: list[list[User]] = []
    start, size, more = 0, FIRST, list(found)
    while more:
        labels = {pk: handle_row(LABEL, pk, range(start, start + size)) for pk in more}
        asked = [label for own in labels.values() for label in own]
        given = listed("label", asked, "")
        beside = questions if start == 0 else ()
        entries, *others = rows_of_all(_labelled(len(given)).asked(**given), *beside)
        answers += others
        rows = {row.label: row for row in entries}
        for pk, own in labels.items():
            found[pk] += [_opened(rows[label]) for label in own if label in rows]
        more = [pk for pk, own in labels.items() if own[-1] in rows]
        start, size = start + size, size * GROWTH
    return found, answers


@cache
def _labelled(room: int) -> CompiledQuery[PartyLookup]:
    """Return the query of the entries with these labels.

    Every page asks it of its reader.
    """
    labels = bound_list("label", room, models.CharField())
    return CompiledQuery(lambda: PartyLookup.objects.filter(label__in=labels))


def standings_of(person_id: int) -> Iterator[tuple[int, Standing]]:
    """Return (case id, standing) for every case of which a person is or was a party."""
    entries = entries_of_all([person_id])[person_id]
    return ((each.case_id, each.standing) for each in entries if each.case_id)


def add_entries(
    case_id: int,
    standing: Standing,
    people: Iterable[int],
    known: Mapping[int, Sequence[Entry]] | None = None,
) -> None:
    """List a case for each of these people. Adding it twice has the effect of once.

    `known` are the `entries_of_all` of these people, where they were read before.
    """
    found = {pk: known[pk] for pk in people} if known is not None else entries_of_all(people)
    numbers = {
        pk: len(entries)
        for pk, entries in found.items()
        if all((each.case_id, each.standing) != (case_id, standing) for each in entries)
    }
    while numbers:
        rows = {pk: new_entry(case_id, standing, pk, number) for pk, number in numbers.items()}
        taken = _insert(list(rows.values()))
        numbers = {pk: at + 1 for pk, at in numbers.items() if rows[pk].label not in taken}


def empty_entries(case_id: int, person_id: int) -> None:
    """Forget that a person was a party of a case.

    The rows are written anew, so that their place in the table does not tell when they were added.
    """
    for each in entries_of_all([person_id])[person_id]:
        if each.case_id == case_id:
            empty = new_entry(0, STANDINGS[0], person_id, each.number)
            PartyLookup.objects.filter(label=empty.label).delete()
            empty.save(force_insert=True)


def label_of(person_id: int, number: int) -> str:
    """Return the label of the entry of a person with this number."""
    return handle(LABEL, person_id, number)


def new_entry(case_id: int, standing: Standing, person_id: int, number: int) -> PartyLookup:
    """Return an entry that is not stored yet."""
    row = PartyLookup(label=label_of(person_id, number))
    body = _ENTRY.pack(case_id, person_id, number, STANDINGS.index(standing))
    row.sealed = seal_for_server(body, row.place)
    return row


def _insert(rows: Sequence[PartyLookup]) -> set[str]:
    """Store entries by one statement without a savepoint.

    Returns:
        The labels of those stored. Another transaction may have taken a number meanwhile.
    """
    marks = ", ".join(["(%s, %s)"] * len(rows))
    values = [value for row in rows for value in (row.label, bytes(row.sealed))]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {PartyLookup._meta.db_table} (label, sealed) VALUES {marks}"  # noqa: S608
            " ON CONFLICT DO NOTHING RETURNING label",
            values,
        )
        return {label for (label,) in cursor.fetchall()}


def _opened(row: PartyLookup) -> Entry:
    body = open_for_server(bytes(row.sealed), row.place)
    case_id, _, number, standing = _ENTRY.unpack(body)
    return Entry(case_id, STANDINGS[standing], number)
