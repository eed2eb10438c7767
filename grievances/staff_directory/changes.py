"""Write a plan to the directory with a few statements for all people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar

from django.contrib.auth.hashers import make_password
from django.db.models import Model

from grievances.people.models import Appointment, LineManagement, Training, Unit, User
from grievances.staff_directory.plan import Change, Days, NewPeriod, Plan, Touched
from workflow.sql.bulk_sql import add_values, change_values, lock_rows

BATCH = 2000
"""People written by one statement."""

Thing = TypeVar("Thing")


def write(plan: Plan, ids: dict[str, int]) -> Touched:
    """Write the changes of a plan.

    Of a person who has left the whole former line counts. `ids` gives the id of every account by
    its key; those of new accounts are added to it. Call it in a transaction.

    Returns:
        Whose conflicts and parts in cases the changes can touch.
    """
    Unit.objects.bulk_create(plan.units.values())
    for unit in plan.changed_units:
        unit.save(update_fields=["region", "division"])
    units = _unit_ids()
    _add_people(plan, ids, units)
    _change_people(plan)
    _change_days(LineManagement, ("from_date", "to_date"), plan.line_days)
    _change_days(Appointment, ("from_date", "to_date"), plan.office_days)
    _change_days(Training, ("issued_on", "expires_on"), plan.certificate_days)
    for batch in _batches(plan.suspended):
        Training.objects.filter(pk__in=batch).update(suspended=True)
    _begin(plan, ids)
    return Touched(
        _changed_by(plan, ids, {Change.LINE, Change.LEFT}),
        _changed_by(plan, ids, {Change.OFFICE, Change.LEFT}),
    )


def _changed_by(plan: Plan, ids: Mapping[str, int], kinds: set[Change]) -> set[int]:
    return {ids[key] for key, changes in plan.changes.items() if changes & kinds}


def _unit_ids() -> dict[str, int]:
    units = Unit.objects.order_by("-pk").values_list("pk", "code", "name")
    names = {name.casefold(): pk for pk, _, name in units}
    return names | {code.casefold(): pk for pk, code, _ in units}


def _add_people(plan: Plan, ids: dict[str, int], units: dict[str, int]) -> None:
    for rows in _batches(plan.new):
        people = [
            User(
                username=row.username,
                name=row.name,
                email=row.email or "",
                unit_id=units[(row.unit or "").casefold()],
                grade=row.grade or 1,
                password=make_password(None),
            )
            for row in rows
        ]
        for person in User.objects.bulk_create(people):
            ids[person.username.casefold()] = person.pk


def _change_people(plan: Plan) -> None:
    """Write what is new of each account, and nothing else of it."""
    kinds: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for pk, values in plan.accounts.items():
        kinds[tuple(values)].append(pk)
    lock_rows(User, [*plan.accounts, *plan.closed])
    for ids in kinds.values():
        for batch in _batches(ids):
            change_values(User, [_row(pk, plan.accounts[pk]) for pk in batch])
    for batch in _batches(plan.closed):
        change_values(User, [{"id": pk, "is_active": False} for pk in batch])


def _row(pk: int, values: Mapping[str, object]) -> dict[str, object]:
    """Return the values of an account by column; a unit that is new has its id by now."""
    row = {"id": pk, **values}
    if isinstance(unit := row.pop("unit", None), Unit):
        row["unit_id"] = unit.pk
    return row


def _change_days(table: type[Model], names: tuple[str, str], days: dict[int, Days]) -> None:
    for batch in _batches(list(days.items())):
        change_values(
            table, [{"id": pk, **dict(zip(names, own, strict=True))} for pk, own in batch]
        )


def _begin(plan: Plan, ids: dict[str, int]) -> None:
    for lines in _batches(plan.lines):
        add_values(
            LineManagement,
            [{"manager_id": ids[each.of], **_days(each, ids, "from_date", "to_date")}
             for each in lines],
        )  # fmt: skip
    for offices in _batches(plan.offices):
        Appointment.objects.bulk_create(
            [Appointment(office=each.of, **_days(each, ids, "from_date", "to_date"))
             for each in offices],
            update_conflicts=True,
            unique_fields=["person", "office", "from_date"],
            update_fields=["to_date"],
        )  # fmt: skip
    for certificates in _batches(plan.certificates):
        Training.objects.bulk_create(
            Training(certificate=each.of, **_days(each, ids, "issued_on", "expires_on"))
            for each in certificates
        )


def _days(
    each: NewPeriod, ids: dict[str, int], begins: str, ends: str
) -> dict[str, int | date | None]:
    values: dict[str, int | date | None] = {"person_id": ids[each.person]}
    return values | {begins: each.begins, ends: each.ends}


def _batches(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    for start in range(0, len(things), BATCH):
        yield things[start : start + BATCH]
