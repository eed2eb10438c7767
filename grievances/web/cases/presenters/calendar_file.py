"""A person's own dates as a calendar file (RFC 5545) that reveals no subject.

Other people may read a calendar: over a shoulder, as a deputy, or in the mail system. So an entry
says that a date is due, and no more (domain.md 0 rule 5). The reference is only in entries for
people who work on a case. The entry of a person's own concern does not even name this service.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import gettext_noop

from grievances.cases.models.deadlines import Deadline
from grievances.encryption.server_keys import handle

if TYPE_CHECKING:
    from icalendar import Event

AT_WORK, ONE_S_OWN = gettext_noop("Concern service: a date is due"), gettext_noop("A date is due")


def calendar_file(dates: Iterable[tuple[Deadline, bool]], now: datetime) -> bytes:
    """Return the file, with one all-day event for each date.

    A date that has moved keeps the same event.
    """
    return _file(_of_case(row, is_own, now) for row, is_own in dates)


def own_days_file(days: Iterable[tuple[str, date]], now: datetime) -> bytes:
    """Return a file of a person's own days.

    Each has a name by which a later file means the same day.
    """
    return _file(_event(name, day, ONE_S_OWN, now) for name, day in days)


def _file(events: Iterable[Event]) -> bytes:
    # A process that makes no such file does without the library and its eighty modules.
    file = importlib.import_module("icalendar").Calendar()
    file.add("prodid", "-//Dates//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    for event in events:
        file.add_component(event)
    return bytes(file.to_ical())


def _of_case(row: Deadline, is_own: bool, now: datetime) -> Event:
    event = _event(str(row.pk), row.current_due, ONE_S_OWN if is_own else AT_WORK, now)
    if not is_own:
        event.add("description", row.case.reference)
    return event


def _event(name: str, day: date, summary: str, now: datetime) -> Event:
    event: Event = importlib.import_module("icalendar").Event()
    event.add("uid", handle("calendar", name))
    event.add("dtstamp", now)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", summary)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event


def calendar_answer(file: bytes) -> HttpResponse:
    """Return a calendar file to be downloaded under a name that tells nothing."""
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="dates.ics"'
    return response
