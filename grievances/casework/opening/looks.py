"""Record that a person opened a case: once a minute for what they saw."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from grievances.audit.models import ChainHead, Event, pseudonymiser_of
from grievances.cases.actions.actor import Caller
from grievances.cases.models.case import Case
from workflow.models import AlreadyRecorded


def opening_key(case: Case, caller: Caller, role: str, now: datetime, kind: str, saw: str) -> str:
    """Return the key of a view: one for each person, case, minute and what was seen."""
    minute = f"{now:%Y%m%d%H%M}"
    who = pseudonymiser_of(case.reference, getattr(case, "head_salt", None))(caller.handle_as(role))
    seen = hashlib.sha256(saw.encode()).hexdigest()[:12]
    return f"{kind}:{case.pk}:{who}:{minute}:{seen}"


def record_opening(
    case: Case,
    caller: Caller,
    role: str,
    now: datetime,
    *,
    kind: str = "case.opened",
    saw: str = "",
) -> None:
    """Record one event for each person, case, minute and what was seen.

    A reload within the minute is the same view.
    """
    key = opening_key(case, caller, role, now, kind, saw)
    if not Event.objects.filter(key=key).exists():
        record_once(case, caller, role, now, kind, saw)


def record_once(
    case: Case,
    caller: Caller,
    role: str,
    now: datetime,
    kind: str,
    saw: str,
    after: ChainHead | None = None,
) -> None:
    """Record a view; nothing where another request has just recorded it.

    `after` is the end of the trail, where it was read before it was looked whether the view is in
    it.
    """
    key = opening_key(case, caller, role, now, kind, saw)
    try:
        with transaction.atomic():
            Event.append(
                chain=case.reference,
                at=now,
                actor=caller.handle_as(role),
                role=role,
                kind=kind,
                subject=case.reference,
                data={"saw": saw} if saw else {},
                key=key,
                after=after,
            )
    except AlreadyRecorded:
        return
