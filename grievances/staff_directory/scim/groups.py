"""Groups for SCIM: an office or a unit, and those whom the identity provider puts in it.

Who is put in a group is given its office by the rules of a file, and who is taken out loses it. An
office that was given on a page or by a file is not touched until the group names its holder.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from scim2_models import (
    InvalidValueException,
    Meta,
    NotFoundException,
    Reference,
    UniquenessException,
)

from grievances.encryption.server_keys import handle
from grievances.people.models import Unit, User
from grievances.policy import profiles
from grievances.staff_directory import keeping
from grievances.staff_directory.comparison import KEEPERS
from grievances.staff_directory.models import ScimGroup
from grievances.staff_directory.scim.people import (
    LONGEST_ID,
    Program,
    number_of,
    record_of,
    staff,
)
from grievances.staff_directory.scim.schemas import BY_PEOPLE, Group, Member
from grievances.staff_directory.staff_file.rows import OFFICES, Held, StaffRow
from grievances.vocabulary import Office
from workflow.calendar import local_date
from workflow.hashing import digest_of
from workflow.steps import Refused

UNKNOWN = "A group has the name or code of an office, or the code of a unit. This is neither."
BOTH = "This is the name of an office and the code of a unit. Change the code of the unit."
ASKS_A_PERSON = "This office is given on a page or by a file, where a person confirms it."
NO_UNIT = "A person is in one unit. Add them to the group of the next unit: that moves them."


def connected() -> QuerySet[ScimGroup]:
    """Return every group that is connected."""
    return ScimGroup.objects.select_related("unit").order_by("pk")


def find(pk: str) -> ScimGroup:
    """Return one group by the id of the resource.

    Raises:
        NotFoundException: There is none.
    """
    group = connected().filter(pk=number_of(pk)).first()
    if group is None:
        raise NotFoundException(detail="There is no such group.")
    return group


def resource_of(group: ScimGroup, address: str, today: date) -> Group:
    """Return a group as SCIM shows it; its version changes with any of it."""
    shown = Group(
        id=str(group.pk),
        external_id=group.external_id or None,
        display_name=group.name,
        members=[
            Member(value=str(pk), ref=Reference(f"{address}/Users/{pk}"), type="User")
            for pk in _members(group, today).values_list("pk", flat=True)
        ]
        or None,
    )
    shown.meta = Meta(
        resource_type="Group",
        location=f"{address}/Groups/{group.pk}",
        version=f'W/"{digest_of(shown.model_dump())[:24]}"',
    )
    return shown


@transaction.atomic
def begin(wanted: Group, program: Program, now: datetime) -> Group:
    """Connect a group with the office or unit of its name, and add its members.

    Returns:
        The group as the HR system gets it: with its id and its members.

    Raises:
        InvalidValueException: No office or unit has the name, or a member cannot be added.
        UniquenessException: The office or unit has a group.
    """
    name = (wanted.display_name or "").strip()
    office, unit = _meant_by(name)
    group, is_new = ScimGroup.objects.get_or_create(
        office=office, unit=unit, defaults={"name": name}
    )
    if not is_new:
        raise UniquenessException(detail="There is a group of this office or unit.")
    record_of(_subject(group), "group", program, now)
    return change(group, wanted, program, now)


@transaction.atomic
def change(group: ScimGroup, wanted: Group, program: Program, now: datetime) -> Group:
    """Make the members those of the resource.

    Returns:
        The group as it is then.

    Raises:
        InvalidValueException: A member is unknown, or the rules of a file refuse the change.
    """
    today = local_date(now, profiles.zone())
    external_id = wanted.external_id or ""
    if len(external_id) > LONGEST_ID:
        raise InvalidValueException(detail=f"An externalId has {LONGEST_ID} characters at most.")
    if external_id != group.external_id:
        ScimGroup.objects.filter(pk=group.pk).update(external_id=external_id)
        record_of(_subject(group), "external_id", program, now)
    before = {each.pk: each for each in _members(group, today)}
    after = _people(wanted.members or (), today)
    _take(group, [each for pk, each in before.items() if pk not in after], program, now)
    _give(group, [each for pk, each in after.items() if pk not in before], program, now)
    return resource_of(find(str(group.pk)), program.address, today)


@transaction.atomic
def disconnect(group: ScimGroup, program: Program, now: datetime) -> None:
    """Take the office from every member, and forget the group. A unit keeps its people."""
    if group.office:
        members = list(_members(group, local_date(now, profiles.zone())))
        _take(group, members, program, now)
    record_of(_subject(group), "removed", program, now)
    group.delete()


def _meant_by(name: str) -> tuple[str, Unit | None]:
    """Return the office or the unit that a name means.

    Raises:
        InvalidValueException: It means neither, both, the office of keepers, or one of `BY_PEOPLE`.
    """
    office = OFFICES.get(name.casefold(), "")
    unit = Unit.objects.filter(code__iexact=name).first()
    if office == Office.DIRECTORY:
        raise InvalidValueException(detail=f"This cannot be entered: {KEEPERS}.")
    if office in BY_PEOPLE:
        raise InvalidValueException(detail=ASKS_A_PERSON)
    if office and unit:
        raise InvalidValueException(detail=BOTH)
    if not office and unit is None:
        raise InvalidValueException(detail=UNKNOWN)
    return office, unit


def _members(group: ScimGroup, today: date) -> QuerySet[User]:
    """Return those whom the program put in and who are in it still.

    A closed account stays in it and holds nothing. Who has lost the office otherwise is in it no
    more, so that the program can give it again.
    """
    held = Q(appointments__office=group.office) & (
        Q(appointments__to_date__isnull=True) | Q(appointments__to_date__gte=today)
    )
    still = held if group.office else Q(unit=group.unit)
    put_in = ScimGroup.members.through.objects.filter(scimgroup=group).values("user")
    return staff(today).filter(Q(is_active=False) | still, pk__in=put_in).distinct()


def _people(members: Iterable[Member], today: date) -> dict[int, User]:
    """Return the people whom a resource names.

    Raises:
        InvalidValueException: One of them is not known here.
    """
    wanted = {
        number_of(each.value or str(each.ref or "").rstrip("/").rpartition("/")[2])
        for each in members
    }
    found = {each.pk: each for each in staff(today).filter(pk__in=wanted)}
    if len(found) < len(wanted):
        raise InvalidValueException(detail="A member is no person who is known here.")
    return found


def _give(group: ScimGroup, people: list[User], program: Program, now: datetime) -> None:
    today = local_date(now, profiles.zone())
    here = [each for each in people if each.is_active]
    if group.unit is not None:
        rows = [keeping.with_unit(each, group.unit.code) for each in here]
    else:
        rows = [
            keeping.with_office(each, Held(group.office, None, None))
            for each in (keeping.entry_of(person, today) for person in here)
            if group.office not in {held.code for held in each.offices}
        ]
    _enter(rows, program, now)
    group.members.add(*people)


def _take(group: ScimGroup, people: list[User], program: Program, now: datetime) -> None:
    today = local_date(now, profiles.zone())
    here = [each for each in people if each.is_active]
    if group.unit is not None and here:
        raise InvalidValueException(detail=NO_UNIT)
    entries = [keeping.entry_of(each, today) for each in here]
    rows = [keeping.without_office(each, group.office) for each in entries]
    _enter(rows, program, now)
    group.members.remove(*people)


def _subject(group: ScimGroup) -> str:
    return handle("directory group", group.pk)


def _enter(rows: list[StaffRow], program: Program, now: datetime) -> None:
    if not rows:
        return
    try:
        keeping.enter_all(rows, actor=program.actor, now=now)
    except Refused as refused:
        raise InvalidValueException(detail=refused.sentence) from refused
