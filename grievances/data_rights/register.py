"""Keep the register of requests and work out when each is due (domain.md 2)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from grievances.audit.models import SERVICE, Event
from grievances.cases.access import rules
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.data_rights.models import RightsRequest
from grievances.policy import profiles
from grievances.vocabulary import Division, Office
from workflow.calendar import Calendar, add_months, local_date
from workflow.steps import Refused

RULE = "keep_rights_requests"
ACCESS_MONTHS, COMPLEX_MONTHS = 1, 2
"""Months to answer a request for a copy, and months more when it is complex."""

ACKNOWLEDGE_DAYS = 30
"""Days to acknowledge a complaint, counted from the day after it came."""

LISTED_MONTHS = 12
"""Months for which an answered request is listed, and its words are kept."""

OUT_OF_TURN = ("OUT_OF_TURN", "This has changed already. Read the page again.")


def due_on(request: RightsRequest, days: Calendar) -> date:
    """Return the last day to answer; a day off moves it to the next working day.

    The days on which the clock stopped are added before that. Raises CalendarEnds.
    """
    if request.kind == RightsRequest.Kind.COMPLAINT:
        return days.roll(request.received_on + timedelta(days=ACKNOWLEDGE_DAYS))
    months = ACCESS_MONTHS + (COMPLEX_MONTHS if request.is_complex else 0)
    last = add_months(request.received_on, months) + timedelta(days=request.waited)
    return days.roll(last)


def calendar() -> Calendar:
    """Return the working days by which requests are counted."""
    return profiles.calendar(Division.ENG_WLS)


def listed(caller: Caller, today: date) -> list[RightsRequest]:
    """Return the open requests and those of the last 12 months, newest first.

    Raises NotAllowed.
    """
    _require(caller, today)
    rows = RightsRequest.objects.exclude(answered_on__lt=months_before(today))
    return list(rows.order_by("-pk"))


def months_before(today: date) -> date:
    """Return the local date from which answered requests are still listed."""
    return add_months(today, -LISTED_MONTHS)


@transaction.atomic
def receive(caller: Caller, kind: str, received_on: date, *, now: datetime) -> RightsRequest:
    """Add a request to the register. Raises NotAllowed.

    Returns:
        The request.
    """
    _require(caller, _today(now))
    row = RightsRequest.objects.create(kind=kind, received_on=received_on)
    _record(caller, "rights.received", row, now)
    return row


@transaction.atomic
def change(caller: Caller, number: int, what: str, *, now: datetime) -> None:
    """Change one open request: `wait`, `resume`, `complex` or `answer`.

    The clock stops while the person has to say who they are or what they mean.

    Raises:
        NotAllowed: the caller may not keep the register, or there is no such change.
        Refused: the request was answered, or is not in the state for this change.
    """
    today = _today(now)
    _require(caller, today)
    row = RightsRequest.objects.select_for_update().filter(pk=number).first()
    if what not in CHANGES:
        raise NotAllowed
    if row is None or row.answered_on is not None:
        raise Refused(*OUT_OF_TURN)
    if what != "answer" and row.kind != RightsRequest.Kind.ACCESS:
        raise Refused(*OUT_OF_TURN)
    CHANGES[what](row, today)
    row.save()
    _record(caller, f"rights.{RECORDED[what]}", row, now)


def _wait(row: RightsRequest, today: date) -> None:
    if row.waiting_since is not None:
        raise Refused(*OUT_OF_TURN)
    row.waiting_since = today


def _resume(row: RightsRequest, today: date) -> None:
    if row.waiting_since is None:
        raise Refused(*OUT_OF_TURN)
    row.waited += (today - row.waiting_since).days
    row.waiting_since = None


def _make_complex(row: RightsRequest, today: date) -> None:
    if row.is_complex:
        raise Refused(*OUT_OF_TURN)
    row.is_complex = True


def _answer(row: RightsRequest, today: date) -> None:
    if row.waiting_since is not None:
        _resume(row, today)
    row.answered_on = today


CHANGES = {"wait": _wait, "resume": _resume, "complex": _make_complex, "answer": _answer}
RECORDED = {
    "wait": "waiting",
    "resume": "resumed",
    "complex": "extended",
    "answer": "answered",
}
"""The event of each change."""


def _require(caller: Caller, today: date) -> None:
    if caller.who is None or not rules.may(caller.who, RULE, today):
        raise NotAllowed


def _today(now: datetime) -> date:
    return local_date(now, profiles.zone())


def _record(caller: Caller, kind: str, row: RightsRequest, now: datetime) -> None:
    role = Office.DPO.value
    facts = {"number": row.pk, "kind": row.kind}
    actor = caller.handle_as(role)
    Event.append(chain=SERVICE, at=now, actor=actor, role=role, kind=kind, data=facts)
