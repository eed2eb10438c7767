"""The staff: one small probation service, the same people in every test (contracts.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from grievances.cases.actions.actor import Caller
from grievances.encryption.key_pairs import Holder, make_key_pair
from grievances.people.models import Appointment, LineManagement, Training, Unit, User
from grievances.vocabulary import Certificate, Office

PASSWORD = "a-long-test-password"
SINCE = date(2012, 1, 2)
UNTIL = date(2036, 12, 31)

CERTIFICATES = {
    Office.TRIAGE: (Certificate.RACE_CORE, Certificate.TRIAGE),
    Office.HANDLER: (Certificate.RACE_CORE, Certificate.INVESTIGATE),
    Office.DECIDER: (Certificate.RACE_CORE, Certificate.DECIDE),
    Office.APPEAL: (Certificate.RACE_CORE, Certificate.DECIDE),
    Office.MEDIATOR: (Certificate.RACE_CORE, Certificate.MEDIATE),
    Office.LEAD: (Certificate.RACE_CORE,),
    Office.DPO: (Certificate.RACE_CORE,),
    Office.INDEPENDENT: (Certificate.RACE_CORE, Certificate.TRIAGE),
}
# user name: (offices, unit, grade, line manager)
PEOPLE: dict[str, tuple[tuple[Office, ...], str, int, str]] = {
    "director": ((), "HQ", 9, ""),
    "linemanager1": ((), "LEEDS", 5, "director"),
    "complainant1": ((), "LEEDS", 3, "linemanager1"),
    "complainant2": ((), "YORK", 3, ""),
    "respondent1": ((), "HULL", 4, "linemanager1"),
    "companion1": ((), "YORK", 3, ""),
    "staff1": ((), "YORK", 2, ""),
    "staff2": ((), "YORK", 2, ""),
    "triage1": ((Office.TRIAGE,), "HQ", 6, ""),
    "triage2": ((Office.TRIAGE,), "BATH", 6, ""),
    "handler1": ((Office.HANDLER,), "BATH", 6, ""),
    "handler2": ((Office.HANDLER,), "BATH", 6, ""),
    "decider1": ((Office.DECIDER,), "KENT", 7, ""),
    "decider2": ((Office.DECIDER,), "KENT", 7, ""),
    "appeal1": ((Office.APPEAL,), "HQ", 8, ""),
    "mediator1": ((Office.MEDIATOR,), "KENT", 6, ""),
    "lead1": ((Office.LEAD,), "HQ", 8, ""),
    "analyst1": ((Office.ANALYST,), "HQ", 5, ""),
    "executive1": ((Office.EXECUTIVE,), "HQ", 9, ""),
    "dpo1": ((Office.DPO,), "HQ", 8, ""),
    "auditor1": ((Office.AUDITOR,), "HQ", 7, ""),
    "independent1": ((Office.INDEPENDENT,), "HQ", 8, ""),
    "admin1": ((), "HQ", 5, ""),
}
REGIONS = {"LEEDS": "NORTH", "YORK": "NORTH", "HULL": "NORTH", "BATH": "SOUTH", "KENT": "SOUTH"}


@dataclass
class Staff:
    """Everyone by user name, each with an open key as if signed in."""

    people: dict[str, User]
    holders: dict[str, Holder]

    def __getitem__(self, name: str) -> User:
        return self.people[name]

    def caller(self, name: str) -> Caller:
        return Caller(self.people[name], self.holders[name])

    def name_of(self, person: User) -> str:
        return next(name for name, other in self.people.items() if other == person)


def assemble() -> Staff:
    """Create the staff in the database."""
    password = make_password(PASSWORD)
    people: dict[str, User] = {}
    holders: dict[str, Holder] = {}
    for name, (offices, unit, grade, manager) in PEOPLE.items():
        place, _ = Unit.objects.get_or_create(
            code=unit, defaults={"name": unit.title(), "region": REGIONS.get(unit, "LONDON")}
        )
        person = User.objects.create(
            username=name,
            name=f"{name[:-1].title()} {name[-1]}",
            email=f"{name}@work.invalid",
            unit=place,
            grade=grade,
            password=password,
            is_superuser=name == "admin1",
            is_staff=name == "admin1",
        )
        people[name] = person
        holders[name] = make_key_pair(person, PASSWORD)
        for office in offices:
            Appointment.objects.create(person=person, office=office, from_date=SINCE)
            for certificate in CERTIFICATES.get(office, ()):
                Training.objects.create(
                    person=person, certificate=certificate, issued_on=SINCE, expires_on=UNTIL
                )
        if manager:
            LineManagement.objects.create(person=person, manager=people[manager], from_date=SINCE)
    return Staff(people, holders)
