"""The people of the demonstration: units, line managers, certificates and keys."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from grievances.cases.actions.actor import Caller
from grievances.demo.accounts import ACCOUNTS, COLLEAGUES, PASSWORD, UNITS, Entry
from grievances.encryption.key_pairs import Holder, make_key_pair
from grievances.people.models import Appointment, LineManagement, Training, Unit, User
from grievances.vocabulary import Certificate, Office

SINCE = date(2015, 1, 5)
"""The date since which all people have their places, before any story."""

CERTIFICATES: dict[Office, tuple[Certificate, ...]] = {
    Office.TRIAGE: (Certificate.RACE_CORE, Certificate.TRIAGE),
    Office.HANDLER: (Certificate.RACE_CORE, Certificate.INVESTIGATE),
    Office.DECIDER: (Certificate.RACE_CORE, Certificate.DECIDE),
    Office.APPEAL: (Certificate.RACE_CORE, Certificate.DECIDE),
    Office.MEDIATOR: (Certificate.RACE_CORE, Certificate.MEDIATE),
    Office.LEAD: (Certificate.RACE_CORE,),
    Office.DPO: (Certificate.RACE_CORE,),
    Office.INDEPENDENT: (Certificate.RACE_CORE, Certificate.TRIAGE),
}
VALID_YEARS = 2
"""Years that a certificate is valid after the demonstration was built."""


@dataclass
class Organisation:
    """All people by user name, each with an open key as if signed in."""

    people: dict[str, User] = field(default_factory=dict)
    holders: dict[str, Holder] = field(default_factory=dict)
    offices: dict[Office, list[str]] = field(default_factory=dict)

    def __getitem__(self, username: str) -> User:
        return self.people[username]

    def appointed(self, office: Office) -> list[User]:
        """Return everyone in an office."""
        return [self.people[name] for name in self.offices.get(office, ())]

    def caller(self, username: str) -> Caller:
        """Return this person, signed in."""
        return Caller(self.people[username], self.holders[username])


@transaction.atomic
def build_organisation(
    now: datetime, extra: Iterable[Entry] = (), *, mail: bool = True
) -> Organisation:
    """Return the units and people; everyone can sign in with the one password.

    Without `mail` no one has a work address, so notices reach inboxes alone.
    """
    made = Organisation()
    units = _build_units()
    password = make_password(PASSWORD)
    for entry in (*COLLEAGUES, *ACCOUNTS, *extra):
        person = _build_person(entry, units[entry.unit], password, mail)
        made.people[entry.username] = person
        costs = settings.VAULT_KDF_DEMONSTRATION
        made.holders[entry.username] = make_key_pair(person, PASSWORD, kdf=costs)
    entries = (*COLLEAGUES, *ACCOUNTS, *extra)
    _build_lines(entries, made)
    _build_offices(entries, made, now)
    return made


def _build_units() -> dict[str, Unit]:
    return {
        code: Unit.objects.create(code=code, name=name, region=region)
        for code, name, region in UNITS
    }


def _build_person(entry: Entry, unit: Unit, password: str, mail: bool) -> User:
    is_admin = entry.username == "admin1"
    return User.objects.create(
        username=entry.username,
        name=entry.name,
        email=f"{entry.username}@work.invalid" if mail else "",
        unit=unit,
        grade=entry.grade,
        password=password,
        is_superuser=is_admin,
        is_staff=is_admin,
    )


def _build_lines(entries: Iterable[Entry], made: Organisation) -> None:
    LineManagement.objects.bulk_create(
        LineManagement(person=made[e.username], manager=made[e.manager], from_date=SINCE)
        for e in entries
        if e.manager
    )


def _build_offices(entries: Iterable[Entry], made: Organisation, now: datetime) -> None:
    expires = date(now.year + VALID_YEARS, 12, 31)
    appointments: list[Appointment] = []
    training: list[Training] = []
    for entry in entries:
        person = made[entry.username]
        for office in entry.offices:
            made.offices.setdefault(office, []).append(entry.username)
            appointments.append(Appointment(person=person, office=office, from_date=SINCE))
            training += [
                Training(person=person, certificate=each, issued_on=SINCE, expires_on=expires)
                for each in CERTIFICATES.get(office, ())
            ]
    Appointment.objects.bulk_create(appointments)
    Training.objects.bulk_create(training)


GIVEN = """
Aisha Amir Ana Andre Bilal Bola Carmen Chloe Dev Ebony Elif Emeka Farid Gemma Hana Harjit
Ifeoma Isaac Jaspreet Joanna Kofi Kemi Lakshmi Liam Mai Malik Nadia Neil Olga Omar Petra
Qasim Ravi Rhiannon Sade Sean Tariq Teresa Usha Viktor Wanjiru Yasmin Yusuf Zara
"""
FAMILY = """
Abdi Ahmed Ali Andrews Begum Bailey Chowdhury Cole Davies Diaz Ekwueme Evans Fernandes Fox
Ghosh Green Hussain Hill Ibrahim Iqbal James Johal Khan Kowalska Lewis Liu Mbeki Morgan
Nguyen Njoroge Odell Osman Park Phillips Quaye Rahman Roberts Shah Singh Thomas Tran Uddin
Varga Walker Wright Xu Young Zaman
"""


def invent_name(chance: random.Random) -> str:
    """Return a made-up name that could be found anywhere in England or Wales."""
    return f"{chance.choice(GIVEN.split())} {chance.choice(FAMILY.split())}"
