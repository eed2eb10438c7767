#!/bin/sh
# icalendar==7.3.0 vobject==0.9.9
#
# A time with a fixed offset loses that offset on its way through a calendar file.
#
# Input: one event at 2026-06-01T09:00:00+01:00, as datetime.fromisoformat() reads it. Expected:
# 08:00 in UTC, or a zone that the file explains. Seen: DTSTART;TZID="UTC+01:00":20260601T090000
# without the VTIMEZONE that RFC 5545 (3.2.19) asks for, and add_missing_timezones() adds none. Read
# back by icalendar itself and by vobject, it is 09:00 of no zone. An offset of +00:00 is written
# in UTC, so a winter test passes.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet icalendar==7.3.0 vobject==0.9.9 || exit 3
"$work/venv/bin/python" - <<'PY'
import logging
from datetime import UTC, datetime

import vobject
from icalendar import Calendar, Event

logging.disable()  # icalendar notes the zone it does not know, and goes on


def file_with(start: str) -> Calendar:
    event = Event()
    event.add("uid", "1")
    event.add("dtstamp", datetime(2026, 1, 1, tzinfo=UTC))
    event.add("dtstart", datetime.fromisoformat(start))
    calendar = Calendar()
    calendar.add("prodid", "-//Example//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar


def start_line(calendar: Calendar) -> str:
    lines = calendar.to_ical().decode().split("\r\n")
    return next(line for line in lines if line.startswith("DTSTART"))


summer, winter = file_with("2026-06-01T09:00:00+01:00"), file_with("2026-12-01T09:00:00+00:00")
print(start_line(summer))
print(start_line(winter))
again = Calendar.from_ical(summer.to_ical()).events[0].start
others = vobject.readOne(summer.to_ical().decode()).vevent.dtstart.value
print("zones explained:", summer.timezones, "read back:", again.isoformat(), others.isoformat())
assert start_line(summer) == 'DTSTART;TZID="UTC+01:00":20260601T090000'
assert start_line(winter) == "DTSTART:20261201T090000Z"
assert summer.timezones == []
assert again == others == datetime(2026, 6, 1, 9) and again.tzinfo is None
PY
