"""Many cases from one that the product made itself, by SQL: for lists as long as in real life."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import Max, Model

from grievances.audit.models import ChainHead, Event
from grievances.cases.access.listed_cases import ListedCase
from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.cases.models.parties import Party
from grievances.cases.models.records import Record
from grievances.cases.models.stored_keys.rows import SealedKey
from grievances.people.models import User

NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)"


def copy_case(case: Case, count: int, without: Iterable[User] = ()) -> None:
    """Insert copies of a case with its grants, parties and clocks, but no grants of `without`.

    The complainant of each copy is another one, without an account.
    """
    last = Case.unguarded.aggregate(last=Max("pk"))["last"]
    _copy_rows(case, count, without, last)
    _go_on_after(last + count)


@contextmanager
def without_triggers() -> Iterator[None]:
    """Insert rows as a restored backup does, without triggers (PostgreSQL only).

    The rows of the lists are copied then, and so are events, records and keys.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def copy_whole_case(case: Case, count: int, without: Iterable[User] = ()) -> None:
    """Insert copies of a case with its events, records and keys, within `without_triggers`.

    Nothing in the copies can be decrypted: they fill the tables.
    """
    last, left = Case.unguarded.aggregate(last=Max("pk"))["last"], list(without)
    own, which = {"case_id": f"{last} + n"}, f"case_id = {case.pk}"
    _copy_rows(case, count, left, last)
    people = ", ".join(["0", *(str(person.pk) for person in left)])
    _copy(ListedCase, count, f"{which} AND person_id NOT IN ({people})", **own)
    _copy(SealedKey, count, which, **own)
    _copy(Record, count, which, **own, id="gen_random_uuid()")
    name = f"'RC-' || ({last + 10**5} + n)"
    of_case = f"chain = '{case.reference}'"
    _copy(Event, count, of_case, chain=name, subject=name, key="NULL")
    _copy(ChainHead, count, of_case, chain=name)
    _go_on_after(last + count)


def _copy_rows(case: Case, count: int, without: Iterable[User], last: int) -> None:
    own = {"case_id": f"{last} + n"}
    _copy(
        Case, count, f"id = {case.pk}", id=f"{last} + n", reference=f"'RC-' || ({last + 10**5} + n)"
    )
    _copy(Deadline, count, f"case_id = {case.pk}", **own)
    _copy(Party, count, f"case_id = {case.pk}", **own, handle=f"'copy-' || ({last} + n)")
    left = ", ".join(["0", *(str(person.pk) for person in without)])
    _copy(
        CaseUserObjectPermission,
        count,
        f"content_object_id = {case.pk} AND user_id NOT IN ({left})",
        content_object_id=f"{last} + n",
    )


def analyse() -> None:
    """Have PostgreSQL know the sizes of the tables, as it would on a system in use."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _go_on_after(last: int) -> None:
    """Have PostgreSQL number the next case after the copies; SQLite does so by itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval('grievances_case_id_seq', %s)", [last])


def _copy(model: type[Model], count: int, which: str, **different: str) -> None:
    table = model._meta.db_table
    names = [str(field.column) for field in model._meta.concrete_fields]
    if "id" not in different:
        names.remove("id")
    values = ", ".join(different.get(name, f'source."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) {NUMBERS} "  # noqa: S608
            f"SELECT {values} FROM {table} source CROSS JOIN numbers WHERE {which}",
            [count],
        )
