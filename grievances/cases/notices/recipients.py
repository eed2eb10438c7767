"""Load the contacts of a case on a day: everyone who may receive a notice of it.

These are the complainant, the people who work on the case, and the people excluded from it. They
are read once for all notices of a case, or of many cases.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db.models import BigIntegerField, F, QuerySet

from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.exclusions import Exclusions
from grievances.cases.models.parties import (
    Party,
    address_of,
    own_inbox,
    party_actor,
    party_inbox,
)
from grievances.encryption.server_keys import person_pseudonym, seal_for_server
from grievances.people.models import User, in_office
from grievances.vocabulary import Contact, Office, Standing
from workflow.sql.compiled_sql import AnnotatedRow, Bound, CompiledQuery

CHANNEL_OF = {
    Contact.PERSONAL_EMAIL: "email",
    Contact.WORK_EMAIL: "email",
    Contact.TEXT: "text",
}
"""The channel of each way of contact by which messages leave this site."""


@dataclass(frozen=True)
class Recipient:
    """The address of a notice: the pseudonym of an inbox, and a sealed recipient.

    `notifications.delivery` opens `sealed` to find an address. `mail` tells that a message leaves
    this site as well, by `channel`. `actor` is the name under which the trail records what the
    recipient does (before it is hashed).
    """

    handle: str
    sealed: bytes
    mail: bool
    actor: str
    is_party: bool = False
    channel: str = "email"


class Colleague(NamedTuple):
    """A person at work: their account, and whether mail reaches them."""

    pk: int
    has_mail: bool


class Directory:
    """The people of the offices on a local date, each looked up once."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._offices: dict[Office, list[Colleague]] = {}
        self._recipients: dict[Colleague, Recipient] = {}

    def holding(self, office: Office) -> list[Colleague]:
        """Return everyone appointed to an office."""
        if office not in self._offices:
            self._offices[office] = [colleague(person) for person in in_office(office, self.today)]
        return self._offices[office]

    def recipient(self, person: Colleague) -> Recipient:
        """Return the work inbox and mail of a person."""
        if person not in self._recipients:
            self._recipients[person] = _at_work(person)
        return self._recipients[person]


class CaseContacts:
    """The contacts of one case on a local date.

    Each table is read once for all of the notices.
    """

    def __init__(self, case_id: int, directory: Directory) -> None:
        self.case_id = case_id
        self.directory = directory
        self.newcomer: Colleague | None = None

    @cached_property
    def complainants(self) -> list[Party]:
        """The party who raised the concern, in a list."""
        return list(_complainants([self.case_id]))

    @cached_property
    def told_as_party(self) -> list[Recipient]:
        """Where notices reach the complainant.

        Raises DecryptionFailed for a row that was tampered with.
        """
        return [as_party(party) for party in self.complainants]

    def open_parties(self) -> None:
        """Decrypt the sealed facts of the complainant now.

        Raises DecryptionFailed for a row that was tampered with.
        """
        _ = self.told_as_party

    @cached_property
    def exclusions(self) -> Exclusions | None:
        """The sealed list of the people who may not know of the case."""
        return Exclusions.objects.filter(case=self.case_id).first()

    @cached_property
    def barred(self) -> frozenset[int]:
        """The accounts that may not know of the case.

        Raises DecryptionFailed for a row that was tampered with.
        """
        return frozenset(self.exclusions.people if self.exclusions is not None else ())

    @cached_property
    def workers(self) -> list[tuple[str, Colleague]]:
        """A pair (role, person) for every grant on the case."""
        rows: list[AnnotatedRow] = _WORKERS.rows(case=self.case_id)
        return [(row.role, Colleague(row.user_id, bool(row.email))) for row in rows]

    def not_barred(self, people: Iterable[Colleague]) -> list[Colleague]:
        """Return these people without those who may not know of the case.

        Each person is in the list once, in order of their account.
        """
        return sorted({one for one in people if one.pk not in self.barred})


def _at_work_on() -> QuerySet[CaseUserObjectPermission]:
    """Return the query of the grants on a case, with each person's role and address."""
    rows = CaseUserObjectPermission.objects.filter(
        content_object=Bound("case", BigIntegerField()), user__is_active=True
    )
    told: QuerySet[CaseUserObjectPermission] = rows.only("user_id").annotate(
        role=F("permission__codename"), email=F("user__email")
    )
    return told


_WORKERS = CompiledQuery(_at_work_on)


def contacts_of(
    case_ids: Iterable[int], today: date, *, telling: Collection[int] = ()
) -> dict[int, CaseContacts]:
    """Return the contacts of many cases, by three queries for all of them.

    The result is {case id: contacts}. `telling` are the cases whose complainant is notified. Of the
    other cases nothing sealed is opened until someone is to be told.
    """
    directory = Directory(today)
    found = {pk: CaseContacts(pk, directory) for pk in case_ids}
    parties, workers = defaultdict(list), defaultdict(list)
    barred = {row.case_id: row for row in Exclusions.objects.filter(case__in=list(found))}
    for party in _complainants(telling) if telling else ():
        parties[party.case_id].append(party)
    for case_id, role, person, email in _workers(found):
        workers[case_id].append((role, Colleague(person, bool(email))))
    for pk, contacts in found.items():
        contacts.exclusions, contacts.workers = barred.get(pk), workers[pk]
        if pk in telling:
            contacts.complainants = parties[pk]
    return found


def colleague(person: User) -> Colleague:
    """Return a person as a person at work."""
    return Colleague(person.pk, bool(person.email))


def at_work(person: User) -> Recipient:
    """Return where a notice reaches a person in their work: inbox and work mail."""
    return _at_work(colleague(person))


def as_party(party: Party) -> Recipient:
    """Return where a notice reaches a person as a party.

    This inbox cannot be matched with their work inbox.
    """
    person_id = party.person_id
    name = party.handle if person_id is None else party_inbox(party.case_id, person_id)
    actor = party.handle if person_id is None else party_actor(person_id)
    address = address_of(party)
    sealed = seal_address(name, address, person_id)
    channel = CHANNEL_OF.get(Contact(party.contact), "")
    is_told = bool(address and channel)
    return Recipient(name, sealed, is_told, actor, is_party=True, channel=channel or "email")


def as_writer(person_id: int, address: str = "") -> Recipient:
    """Return where a notice reaches a person about what they keep for themselves.

    This inbox cannot be matched with their work inbox, nor with one as a party. `address` is the
    one that they chose for letters, if any.
    """
    name = own_inbox(person_id)
    sealed = seal_address(name, address, person_id)
    return Recipient(name, sealed, bool(address), party_actor(person_id), is_party=True)


def seal_address(name: str, address: str, person_id: int | None) -> bytes:
    """Seal an address that a person chose, and whose it is.

    That tells the language of the mail.

    Returns:
        The bytes that the outbox keeps, which only the server opens.
    """
    facts = {"address": address, "reader": person_id or 0}
    return seal_for_server(json.dumps(facts).encode(), f"notice|{name}")


def _at_work(person: Colleague) -> Recipient:
    name = person_pseudonym(person.pk)
    sealed = seal_for_server(json.dumps({"person": person.pk}).encode(), f"notice|{name}")
    return Recipient(name, sealed, person.has_mail, name)


def _complainants(case_ids: Iterable[int]) -> Iterable[Party]:
    return Party.objects.filter(case__in=list(case_ids), standing=Standing.COMPLAINANT)


def _workers(case_ids: Iterable[int]) -> Iterable[tuple[int, str, int, str]]:
    """Return (case, role, person, mail) for the grants of these cases."""
    return CaseUserObjectPermission.objects.filter(
        content_object__in=list(case_ids), user__is_active=True
    ).values_list("content_object_id", "permission__codename", "user_id", "user__email")
