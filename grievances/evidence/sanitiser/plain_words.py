"""Say in plain words what hidden details say: places, dates and texts."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

MOST_SIGNS = 200
DATE = re.compile(
    r"(?:D:)?(\d{4})[:.-]?(\d\d)[:.-]?(\d\d)"
    r"(?:[T ]*(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?"
    r"\s*(?:(Z)|([+-])(\d\d)[:']?(\d\d)?)?[':]*(?:00'?)*$"
)
"""A date of PDF (ISO 32000-1 7.9.4), EXIF (2.32, DateTime) or ISO 8601."""
PLACE = re.compile(r"([+-]\d{1,3}\.\d+)([+-]\d{1,3}\.\d+)")
"""A place in degrees (ISO 6709), as telephones write it."""

_zone: tzinfo = UTC


def use_zone(name: str) -> None:
    """Tell later times in the zone of this name, such as `Europe/London`."""
    global _zone  # noqa: PLW0603 - the process that cleans opens one file, for one organisation
    _zone = ZoneInfo(name)


def printable(value: object) -> str:
    """Return a value as one line of at most MOST_SIGNS characters."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    words = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(words.split())[:MOST_SIGNS]


def moment(when: datetime) -> str:
    """Return a time in words, local if `when` has a zone, such as "3 May 2026, 14:05"."""
    local = when.astimezone(_zone) if when.tzinfo else when
    return f"{local:%-d %B %Y, %H:%M}"


def date(text: str) -> str:
    """Return a date of a file in words; a text that is no date is returned as it is."""
    match = DATE.match(text.strip())
    if not match:
        return printable(text)
    year, month, day, hour, minute, _, is_utc, sign, hours, minutes = match.groups()
    try:
        when = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0))  # noqa: DTZ001 - a zone only if the file says one
        if is_utc or sign:
            ahead = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
            when = (when + ahead if sign == "-" else when - ahead).replace(tzinfo=UTC)
        return moment(when) if hour else f"{when:%-d %B %Y}"
    except (ValueError, OverflowError):
        return printable(text)


def place(latitude: float, longitude: float) -> str:
    """Return a place in words, from degrees to the north and to the east."""
    north = "north" if latitude >= 0 else "south"
    east = "east" if longitude >= 0 else "west"
    degrees = [f"{abs(latitude):.4f} degrees {north}", f"{abs(longitude):.4f} degrees {east}"]
    return ", ".join(degrees)


def place_of(text: str) -> str:
    """Return the place in a text (ISO 6709, degrees) in words; else empty text."""
    match = PLACE.search(text)
    return place(float(match[1]), float(match[2])) if match else ""
