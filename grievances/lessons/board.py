"""Publish lessons and promises, and say when one is kept."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.db import transaction

from grievances.audit.models import SERVICE, Event
from grievances.cases.access import rules
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.lessons.models import Lesson, ShownYear
from grievances.participants.redaction import has_full_name
from grievances.people.models import User
from grievances.policy import profiles
from grievances.vocabulary import Office
from workflow.calendar import local_date
from workflow.steps import Refused

RULE = "publish_lessons"
REFERENCE = re.compile(r"RC-?[0-9A-Z]{6}", re.IGNORECASE)

NAMES_A_PERSON = (
    "NAMES_A_PERSON",
    "Your text has the name of a person or the reference of a case. Everyone can read this page. "
    "Take it out.",
)
KEPT_ALREADY = ("OUT_OF_TURN", "This has changed already. Read the page again.")


def lessons() -> list[Lesson]:
    """Return the published lessons: open promises by date, then the kept."""
    rows = list(Lesson.objects.order_by("due", "pk"))
    kept = [row for row in rows if row.kept_on is not None]
    return [row for row in rows if row.kept_on is None] + kept[::-1]


def require_publisher(caller: Caller, today: date) -> None:
    """Let only those pass who may publish.

    Raises:
        NotAllowed: for everyone but an HR analyst.
    """
    if caller.who is None or not rules.may(caller.who, RULE, today):
        raise NotAllowed


@transaction.atomic
def publish(
    caller: Caller, heard: str, promise: str, owner: str, due: date, *, now: datetime
) -> Lesson:
    """Publish a lesson at once.

    Raises NotAllowed.

    Returns:
        The lesson, stored.

    Raises:
        Refused: a text names a person of the staff directory or has the reference of a case.
    """
    today = local_date(now, profiles.zone())
    require_publisher(caller, today)
    text = f"{heard}\n{promise}"
    names = User.objects.values_list("name", flat=True)
    if REFERENCE.search(text) or has_full_name(text, names):
        raise Refused(*NAMES_A_PERSON)
    row = Lesson.objects.create(
        heard=heard, promise=promise, owner=owner, due=due, published_on=today
    )
    _record(caller, "lesson.published", row, now)
    return row


@transaction.atomic
def change(caller: Caller, number: int, what: str, *, now: datetime) -> None:
    """Mark a promise as kept (`keep`), or take a lesson off the page (`remove`).

    Raises:
        NotAllowed: the caller may not publish, or there is no such change.
        Refused: the lesson is gone, or its promise is kept already.
    """
    today = local_date(now, profiles.zone())
    require_publisher(caller, today)
    if what not in RECORDED:
        raise NotAllowed
    row = Lesson.objects.select_for_update().filter(pk=number).first()
    if row is None or (what == "keep" and row.kept_on is not None):
        raise Refused(*KEPT_ALREADY)
    _record(caller, RECORDED[what], row, now)
    if what == "remove":
        row.delete()
        return
    row.kept_on = today
    row.save(update_fields=["kept_on"])


def shown_year() -> str:
    """Return the name of the year whose figures are shown; "" for none."""
    row = ShownYear.objects.order_by("-shown_on", "-period").first()
    return row.period if row is not None else ""


@transaction.atomic
def show_year(caller: Caller, period: str, *, now: datetime) -> None:
    """Show the released figures of one year to everyone, or of none with "".

    Raises NotAllowed.
    """
    today = local_date(now, profiles.zone())
    require_publisher(caller, today)
    ShownYear.objects.all().delete()
    if period:
        ShownYear.objects.create(period=period, shown_on=today)
    role = Office.ANALYST.value
    kind = "lesson.figures_shown" if period else "lesson.figures_removed"
    actor = caller.handle_as(role)
    Event.append(chain=SERVICE, at=now, actor=actor, role=role, kind=kind, data={"period": period})


RECORDED = {"keep": "lesson.kept", "remove": "lesson.removed"}
"""The event of each change. A removed lesson stays in the trail, without words."""


def _record(caller: Caller, kind: str, row: Lesson, now: datetime) -> None:
    role = Office.ANALYST.value
    facts = {"number": row.pk, "owner": row.owner, "due": row.due.isoformat()}
    actor = caller.handle_as(role)
    Event.append(chain=SERVICE, at=now, actor=actor, role=role, kind=kind, data=facts)
