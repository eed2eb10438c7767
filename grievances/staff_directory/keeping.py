"""Change one entry of the directory by hand, by the same rules as a file does.

Only who is appointed to keep the directory may do this, and only while they hold no other office:
they see no case, and cannot give themselves one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from grievances.cases.access import rules
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.people.matching import may_be
from grievances.people.models import Appointment, User
from grievances.policy import profiles
from grievances.staff_directory.changes import write
from grievances.staff_directory.comparison import Choices, Comparison
from grievances.staff_directory.consequences import Effects, follow, record
from grievances.staff_directory.register import Register, lock_directory
from grievances.staff_directory.staff_file.rows import Held, StaffRow
from grievances.vocabulary import Office
from workflow.calendar import local_date
from workflow.steps import Refused

MOST_FOUND = 50
OWN = "This is your own entry. Another person who keeps the directory has to change it."


@dataclass(frozen=True)
class Entry:
    """A person, and the offices and certificates that are theirs now or later."""

    person: User
    offices: tuple[Held, ...]
    certificates: tuple[Held, ...]

    @property
    def row(self) -> StaffRow:
        """The entry as a line of a file that changes nothing."""
        return StaffRow(
            line=0, username=self.person.username, name=self.person.name, email=None, unit=None,
            unit_name="", region=None, division=None, grade=None, manager=None, manager_from=None,
            manager_to=None, offices=None, certificates=None, left=None,
        )  # fmt: skip


def may_keep(caller: Caller, today: date) -> bool:
    """Return whether a person keeps the directory on a local date, and nothing else."""
    if not rules.may(caller.who, "keep_directory", today):
        return False
    held = Appointment.objects.filter(person=caller.person).exclude(to_date__lt=today)
    return not held.exclude(office=Office.DIRECTORY).exists()


def require_keeper(caller: Caller, today: date) -> None:
    """Refuse everyone who does not keep the directory.

    Raises:
        NotAllowed: The caller does not keep it.
    """
    if not may_keep(caller, today):
        raise NotAllowed


def find(caller: Caller, typed: str, today: date) -> list[User]:
    """Return the people whose name or user name is close to what was typed, at most 50.

    Raises NotAllowed.
    """
    require_keeper(caller, today)
    begins = User.objects.filter(username__istartswith=typed).select_related("unit")
    found = [*begins.order_by("username")[:MOST_FOUND], *may_be(typed)]
    return list({person.pk: person for person in found}.values())[:MOST_FOUND]


def entry(caller: Caller, pk: int, today: date) -> Entry:
    """Return one entry of the directory.

    Raises:
        NotAllowed: The caller does not keep the directory, or there is no such account.
    """
    require_keeper(caller, today)
    person = User.objects.select_related("unit").filter(pk=pk).first()
    if person is None:
        raise NotAllowed
    return entry_of(person, today)


def entry_of(person: User, today: date) -> Entry:
    """Return the entry of a person; who may see it is judged before."""
    offices = person.appointments.exclude(to_date__lt=today).exclude(office=Office.DIRECTORY)
    training = person.training.filter(suspended=False, expires_on__gte=today)
    return Entry(
        person,
        tuple(Held(each.office, each.from_date, each.to_date) for each in offices),
        tuple(Held(each.certificate, each.issued_on, each.expires_on) for each in training),
    )


@transaction.atomic
def change(caller: Caller, row: StaffRow, *, now: datetime) -> Effects:
    """Make one entry what the row says; work out the conflicts of open cases again.

    Returns:
        What followed from it on open cases.

    Raises:
        NotAllowed: The caller does not keep the directory.
        Refused: It is the caller's own entry, or the row would be refused in a file.
    """
    today = local_date(now, profiles.zone())
    require_keeper(caller, today)
    if row.key == caller.person.username.casefold():
        raise Refused("OWN_ENTRY", OWN)
    return enter(row, actor=caller.handle_as(""), now=now)


@transaction.atomic
def enter(row: StaffRow, *, actor: str, now: datetime, own: str = "") -> Effects:
    """Write one row by the rules of a file; who may do this is judged before.

    `own` is the key of the person behind it, who changes neither their own line nor offices.

    Returns:
        What followed from it on open cases.

    Raises:
        Refused: The row would be refused in a file.
    """
    return enter_all([row], actor=actor, now=now, own=own)


@transaction.atomic
def enter_all(rows: Iterable[StaffRow], *, actor: str, now: datetime, own: str = "") -> Effects:
    """Write the rows of several people together, or none of them; as `enter` does.

    Returns:
        What followed from it on open cases.

    Raises:
        Refused: One of the rows would be refused in a file.
    """
    lock_directory()
    today = local_date(now, profiles.zone())
    register = Register.read(today)
    choices = Choices(keep_missing=True, own=own)
    comparison = Comparison(register, {row.key: row for row in rows}, choices, today)
    comparison.run(())
    if comparison.refused:
        reason = comparison.refused[0].reason
        raise Refused("DIRECTORY_REFUSED", f"We did not save this. What is wrong: {reason}.")
    ids = {key: account.pk for key, account in register.people.items()}
    effects = follow(write(comparison.plan, ids), now)
    record(comparison.plan.changes, ids, actor, now)
    return effects


def with_unit(person: User, code: str) -> StaffRow:
    """Return the entry of a person in another unit, by its code."""
    return Entry(person, (), ()).row._replace(unit=code)


def with_office(entry: Entry, office: Held) -> StaffRow:
    """Return the entry with one more office, or with other days for one that is held."""
    others = tuple(each for each in entry.offices if each.code != office.code)
    return entry.row._replace(offices=(*others, office))


def without_office(entry: Entry, code: str) -> StaffRow:
    """Return the entry without one office."""
    return entry.row._replace(offices=tuple(each for each in entry.offices if each.code != code))


def with_certificate(entry: Entry, certificate: Held) -> StaffRow:
    """Return the entry with a certificate added or renewed."""
    others = tuple(each for each in entry.certificates if each.code != certificate.code)
    return entry.row._replace(certificates=(*others, certificate))
