"""Who is in office today, with unit, keys and certificates, by one statement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache, partial

from django.db.models import CharField, DateField, OuterRef, Q, QuerySet

from grievances.people.models import Appointment, Training, User
from grievances.vocabulary import Office
from workflow.sql.compiled_sql import (
    AnnotatedRow,
    Bound,
    CompiledQuery,
    ValueLater,
    bound_list,
    listed,
)
from workflow.sql.json_rows import JsonArray, JsonRows

CERTIFICATE = ("certificate", "issued_on", "expires_on", "suspended")

Officers = tuple[tuple[Office, User], ...]
"""Who is in which office, in the order of their accounts."""


def officers_in(offices: Iterable[Office], today: date) -> Officers:
    """Return (office, person) for each active appointment on the local date `today`.

    Unit, key pair and certificates of each person are read with them.
    """
    given = listed("office", [office.value for office in offices], "")
    rows: list[AnnotatedRow] = _query(len(given)).rows(today=today, **given)
    found = {(row.office, row.person_id): row for row in rows}
    for row in found.values():
        hold_certificates(row.person, row.certificates or ())
    return tuple((Office(row.office), row.person) for row in found.values())


@cache
def _query(room: int) -> CompiledQuery[Appointment]:
    """Return the query of the people in at most so many offices."""
    return CompiledQuery(partial(_in_office, room))


def _in_office(room: int) -> QuerySet[Appointment]:
    today: ValueLater = Bound("today", DateField())
    rows = Appointment.objects.filter(
        Q(to_date__isnull=True) | Q(to_date__gte=today),
        office__in=bound_list("office", room, CharField()),
        from_date__lte=today,
        person__is_active=True,
    )
    return (
        rows.select_related("person__key_pair", "person__unit")
        .annotate(certificates=certificates_of(OuterRef("person")))
        .order_by("person", "pk")
    )


def certificates_of(person: OuterRef | Bound) -> JsonRows:
    """Return the certificates of a person as a column, for `hold_certificates`."""
    held = Training.objects.filter(person=person).order_by("pk")
    return JsonRows(held.values(tie=JsonArray(*CERTIFICATE)))


def hold_certificates(person: User, held: Iterable[tuple[str, str, str, bool]]) -> None:
    """Keep certificates with their person, as `prefetch_related` does."""
    rows = Training.objects.filter(person=person)
    rows.__dict__["_prefetch_done"] = True
    rows.__dict__["_result_cache"] = [
        Training(
            person=person,
            certificate=certificate,
            issued_on=date.fromisoformat(issued_on),
            expires_on=date.fromisoformat(expires_on),
            suspended=bool(suspended),
        )
        for certificate, issued_on, expires_on, suspended in held
    ]
    # The person of a request is a proxy of the row: what is set on it is set on the row.
    known: dict[str, object] = getattr(person, "_prefetched_objects_cache", {})
    setattr(person, "_prefetched_objects_cache", {**known, "training": rows})  # noqa: B010
