"""The events of one case as its pages show them."""

from __future__ import annotations

from django.db.models import CharField, Q, QuerySet

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.vocabulary import Standing
from workflow.sql.compiled_sql import Bound, CompiledQuery

SHOWN_EVENTS = 60
"""The number of latest events that a case page lists; the ledger has them all."""

LOOKS = ("case.opened", "case.printed", "case.found", "case.viewed", "trail.opened")
"""Events of a person who only looked."""


def latest_steps(case: Case, key: str) -> list[Event]:
    """Return the latest steps of a case and, if there is one, the view with this key."""
    return _LATEST.rows(reference=case.reference, key=key)


def _latest() -> QuerySet[Event]:
    text = CharField()
    steps = Q(subject=Bound("reference", text)) & ~Q(kind__in=LOOKS)
    rows = Event.objects.filter(steps | Q(key=Bound("key", text))).order_by("-at", "-seq")
    return rows[: SHOWN_EVENTS + 1]


_LATEST = CompiledQuery(_latest)


def ledger_of(case: Case, role: str, *, own_looks: bool = True) -> list[Event]:
    """Return the events of `reading.ledger` for a reader who may read them."""
    events = Event.objects.filter(subject=case.reference).order_by("-at", "-seq")
    if role == Standing.COMPLAINANT.lower() and not own_looks:
        events = events.exclude(role=role, kind__in=LOOKS)
    return list(events[:500])
