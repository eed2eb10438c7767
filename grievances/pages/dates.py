"""One's own dates as a calendar file (RFC 5545), which says nothing of what they are about.

A calendar is read over a shoulder, by a deputy and by the mail system: an entry says that a date is
due, and no more (domain.md 0 rule 5). A reference stands only in the entry of somebody who works on
a case; the entry of somebody's own concern names not even this service.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from grievances.models import Deadline
from grievances.models.keyring import handle

AT_WORK, ONE_S_OWN = "Concern service: a date is due", "A date is due"


def calendar_file(dates: Iterable[tuple[Deadline, bool]], now: datetime) -> bytes:
    """The file: one event a day long for each date, the same event when a date has moved."""
    file = Calendar()
    file.add("prodid", "-//Dates//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    for row, is_own in dates:
        file.add_component(_event(row, is_own, now))
    return bytes(file.to_ical())


def _event(row: Deadline, is_own: bool, now: datetime) -> Event:
    event = Event()
    event.add("uid", handle("calendar", str(row.pk)))
    event.add("dtstamp", now)
    event.add("dtstart", row.current_due)
    event.add("dtend", row.current_due + timedelta(days=1))
    event.add("summary", ONE_S_OWN if is_own else AT_WORK)
    if not is_own:
        event.add("description", row.case.reference)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event
