"""People of the directory for SCIM: read them, and change them by the rules of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from scim2_models import (
    InvalidValueException,
    Meta,
    NotFoundException,
    Reference,
    UniquenessException,
)

from grievances.audit.models import SERVICE, Event
from grievances.people.models import LineManagement, User
from grievances.policy import profiles
from grievances.staff_directory import keeping
from grievances.staff_directory.consequences import entry_pseudonym
from grievances.staff_directory.models import ScimEntry
from grievances.staff_directory.scim.schemas import (
    Email,
    EnterpriseUser,
    Manager,
    Person,
    Staff,
)
from grievances.staff_directory.staff_file.layout import kept_layout
from grievances.staff_directory.staff_file.reading import read_entry
from grievances.staff_directory.staff_file.rows import LineRefused, StaffRow
from workflow.calendar import local_date
from workflow.hashing import digest_of
from workflow.steps import Refused

LONGEST_ID = 200
"""Characters of the identifier that the HR system gives a person."""


@dataclass(frozen=True)
class Program:
    """The program that keeps the directory, and the person whose token it shows.

    `actor` is its name in the trail, `own` the key of the person, `address` where SCIM is found.
    """

    actor: str
    own: str
    address: str


def staff(today: date) -> QuerySet[User]:
    """Return everyone whom the HR system has not removed, with what a resource needs."""
    current = Q(to_date__isnull=True) | Q(to_date__gte=today)
    lines = LineManagement.objects.filter(current, from_date__lte=today).order_by("pk")
    return (
        User.objects.exclude(scim_entry__removed=True)
        .select_related("unit", "scim_entry")
        .prefetch_related(Prefetch("managed_by", lines.select_related("manager"), "lines_now"))
        .order_by("pk")
    )


def find(pk: str, today: date) -> User:
    """Return one person by the id of the resource.

    Raises:
        NotFoundException: There is none, or the HR system has removed them.
    """
    person = staff(today).filter(pk=number_of(pk)).first()
    if person is None:
        raise NotFoundException(detail="There is no such person.")
    return person


def resource_of(person: Any, address: str) -> Person:
    """Return a person as SCIM shows them; its version changes with any of it."""
    entry = getattr(person, "scim_entry", None)
    unit = person.unit.code if person.unit is not None else None
    manager = person.lines_now[0].manager if person.lines_now else None
    shown = Person(
        id=str(person.pk),
        external_id=(entry.external_id if entry else "") or None,
        user_name=person.username,
        display_name=person.name or person.username,
        active=person.is_active,
        emails=[Email(value=person.email, type="work")] if person.email else None,
    )
    shown[EnterpriseUser] = EnterpriseUser(
        department=unit, manager=_manager(manager, address) if manager else None
    )
    if person.grade > 1:
        shown[Staff] = Staff(grade=str(person.grade))
    shown.meta = Meta(
        resource_type="User",
        created=person.date_joined,
        location=f"{address}/Users/{person.pk}",
        version=f'W/"{digest_of(shown.model_dump())[:24]}"',
    )
    return shown


def _manager(manager: User, address: str) -> Manager:
    where = Reference(f"{address}/Users/{manager.pk}")  # type: ignore[var-annotated]
    return Manager(value=str(manager.pk), ref=where)


@transaction.atomic
def add(wanted: Person, program: Program, now: datetime) -> User:
    """Add a person, or bring back one whom the HR system had removed.

    Returns:
        The account.

    Raises:
        UniquenessException: A person has this user name.
        InvalidValueException: The line would be refused in a file.
    """
    today = local_date(now, profiles.zone())
    username = wanted.user_name or ""
    if staff(today).filter(username__iexact=username).exists():
        raise UniquenessException(detail="Another person has this user name.")
    shown = _texts(wanted)
    values = {meaning: text for meaning, text in shown.items() if text or meaning == "unit"}
    _enter(values, program, now)
    if not wanted.active:
        _enter(values | {"left": "yes"}, program, now)
    person = User.objects.get(username__iexact=username)
    _keep_id(person, wanted.external_id or "", program, now)
    return find(str(person.pk), today)


@transaction.atomic
def change(person: User, wanted: Person, program: Program, now: datetime) -> User:
    """Make a person what the resource says; what it leaves as it was is not touched.

    Returns:
        The account as it is then.

    Raises:
        InvalidValueException: The line would be refused in a file, or it is the line of the person
            whose token this is.
    """
    today = local_date(now, profiles.zone())
    before = resource_of(person, program.address)
    old, new = _texts(before), _texts(wanted)
    values = {meaning: text for meaning, text in new.items() if text != old[meaning]}
    line = {"username": person.username, "name": new["name"]}
    if values or (wanted.active and not before.active):
        _enter(line | values, program, now)
    # A line without a leaving date opens the account, and one with a date changes nothing else.
    if not wanted.active and (values or before.active):
        _enter(line | {"left": "yes"}, program, now)
    if (wanted.external_id or "") != (before.external_id or ""):
        _keep_id(person, wanted.external_id or "", program, now)
    return find(str(person.pk), today)


@transaction.atomic
def remove(person: User, program: Program, now: datetime) -> None:
    """Close an account as that of a leaver, and show it to the HR system no more."""
    if person.is_active:
        values = {"username": person.username, "name": person.name or person.username}
        _enter(values | {"left": "yes"}, program, now)
    ScimEntry.objects.update_or_create(person=person, defaults={"removed": True})
    record_of(entry_pseudonym(person.pk), "removed", program, now)


def _texts(resource: Person) -> dict[str, str]:
    """Return what a resource says, as the cells of a line of a file."""
    own, grade = resource[EnterpriseUser], resource[Staff]
    return {
        "username": resource.user_name or "",
        "name": resource.display_name or "",
        "email": _email(resource.emails or []),
        "unit": (own.department if own else "") or "",
        "manager": _username_of(own.manager) if own and own.manager else "",
        "grade": (grade.grade if grade else "") or "",
    }


def _email(emails: Iterable[Email]) -> str:
    """Return the one address that the directory keeps: that of work, or the first."""
    ordered = sorted(emails, key=lambda each: each.type != "work")
    return next((each.value for each in ordered if each.value), "")


def _username_of(manager: Manager) -> str:
    said = manager.value or (str(manager.ref).rstrip("/").rpartition("/")[2] if manager.ref else "")
    if not said:
        return ""
    found = User.objects.filter(pk=number_of(said)).values_list("username", flat=True).first()
    if found is None:
        raise InvalidValueException(detail="This cannot be entered: an unknown line manager.")
    return found


def number_of(text: str) -> int:
    """Return the number that an id is; 0, which none has, for what is no number."""
    return int(text) if re.fullmatch("[0-9]{1,15}", text) else 0


def _enter(values: dict[str, str], program: Program, now: datetime) -> None:
    own = program.own == values["username"].casefold()
    if own and "manager" in values:
        raise InvalidValueException(detail=keeping.OWN)
    try:
        row = _row(values, local_date(now, profiles.zone()))
        keeping.enter(row, actor=program.actor, now=now)
    except LineRefused as refused:
        raise InvalidValueException(detail=f"This cannot be entered: {refused}.") from refused
    except Refused as refused:
        raise InvalidValueException(detail=refused.sentence) from refused


def _row(values: dict[str, str], today: date) -> StaffRow:
    given = dict(values)
    if given.get("grade") == "":
        given["grade"] = "1"
    return read_entry(given, kept_layout(), today)


def _keep_id(person: User, external_id: str, program: Program, now: datetime) -> None:
    if len(external_id) > LONGEST_ID:
        raise InvalidValueException(detail=f"An externalId has {LONGEST_ID} characters at most.")
    kept = {"external_id": external_id, "removed": False}
    ScimEntry.objects.update_or_create(person=person, defaults=kept)
    record_of(entry_pseudonym(person.pk), "external_id", program, now)


def record_of(subject: str, what: str, program: Program, now: datetime) -> None:
    """Record a change of an entry or a group that no line of a file makes."""
    Event.append(
        chain=SERVICE,
        at=now,
        actor=program.actor,
        role="directory",
        kind="directory.changed",
        subject=subject,
        data={"what": [what]},
    )
