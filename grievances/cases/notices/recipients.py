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

from django.db.models import BigIntegerField, CharField, F, Value

from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.parties import Bar, Party, address_of, exclusion_pseudonym, party_inbox
from grievances.encryption.server_keys import person_pseudonym, seal_for_server
from grievances.people.models import User, in_office
from grievances.vocabulary import Contact, Office, Standing

BY_MAIL = (Contact.PERSONAL_EMAIL, Contact.WORK_EMAIL)


@dataclass(frozen=True)
class Recipient:
    """The address of a notice: the pseudonym of an inbox, and a sealed recipient.

    `notifications.delivery` opens `sealed` to find a mail address.
    """

    handle: str
    sealed: bytes
    mail: bool
    is_party: bool = False


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
        self._bars: dict[int, str] = {}

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

    def bar_of(self, person: Colleague) -> str:
        """Return the pseudonym under which a person would be excluded from a case."""
        if person.pk not in self._bars:
            self._bars[person.pk] = exclusion_pseudonym(person.pk)
        return self._bars[person.pk]


class CaseContacts:
    """The contacts of one case on a local date.

    Each table is read once for all of the notices.
    """

    def __init__(self, case_id: int, directory: Directory) -> None:
        self.case_id = case_id
        self.directory = directory

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
    def barred(self) -> set[str]:
        """The pseudonyms of the people who may not know of the case."""
        return set(Bar.objects.filter(case=self.case_id).values_list("handle", flat=True))

    @cached_property
    def workers(self) -> list[tuple[str, Colleague]]:
        """A pair (role, person) for every grant on the case."""
        rows = CaseUserObjectPermission.objects.filter(
            content_object=self.case_id, user__is_active=True
        ).values_list("permission__codename", "user_id", "user__email")
        return [(role, Colleague(pk, bool(email))) for role, pk, email in rows]

    def not_barred(self, people: Iterable[Colleague]) -> list[Colleague]:
        """Return these people without those who may not know of the case.

        Each person is in the list once, in order of their account.
        """
        return sorted({one for one in people if self.directory.bar_of(one) not in self.barred})


def contacts_of(
    case_ids: Iterable[int], today: date, *, telling: Collection[int] = ()
) -> dict[int, CaseContacts]:
    """Return the contacts of many cases, by two queries for all of them.

    The result is {case id: contacts}. `telling` are the cases whose complainant is notified. Of the
    other cases nothing sealed is read.
    """
    directory = Directory(today)
    found = {pk: CaseContacts(pk, directory) for pk in case_ids}
    parties, barred, workers = defaultdict(list), defaultdict(set), defaultdict(list)
    for party in _complainants(telling) if telling else ():
        parties[party.case_id].append(party)
    for case_id, role, person, email, handle in _workers_and_bars(found):
        if handle:
            barred[case_id].add(handle)
        else:
            workers[case_id].append((role, Colleague(person, bool(email))))
    for pk, contacts in found.items():
        contacts.barred, contacts.workers = barred[pk], workers[pk]
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
    name = party.handle if person_id is None else party_inbox(person_id)
    address = address_of(party)
    sealed = seal_for_server(json.dumps({"address": address}).encode(), f"notice|{name}")
    return Recipient(name, sealed, bool(address) and party.contact in BY_MAIL, is_party=True)


def _at_work(person: Colleague) -> Recipient:
    name = person_pseudonym(person.pk)
    sealed = seal_for_server(json.dumps({"person": person.pk}).encode(), f"notice|{name}")
    return Recipient(name, sealed, person.has_mail)


def _complainants(case_ids: Iterable[int]) -> Iterable[Party]:
    return Party.objects.filter(case__in=list(case_ids), standing=Standing.COMPLAINANT)


def _workers_and_bars(case_ids: Iterable[int]) -> Iterable[tuple[int, str, int, str, str]]:
    """Return the grants and the exclusions of these cases in one query.

    A grant is (case, role, person, mail, ""). An exclusion is (case, "", 0, "", pseudonym).
    """
    cases, text, number = list(case_ids), CharField(), BigIntegerField()
    nothing, no_one = Value("", output_field=text), Value(0, output_field=number)
    grants = CaseUserObjectPermission.objects.filter(
        content_object__in=cases, user__is_active=True
    ).values_list(
        F("content_object_id"), F("permission__codename"), F("user_id"), F("user__email"), nothing
    )
    bars = Bar.objects.filter(case__in=cases).values_list(
        F("case_id"), nothing, no_one, nothing, F("handle")
    )
    return grants.union(bars, all=True)
