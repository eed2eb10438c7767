"""The record of when it happened (kind WHEN): its days, written and read."""

from __future__ import annotations

from datetime import date, datetime

from workflow.json_values import JsonMapping

LAST_DAY = "The last day it happened: "
DAYS = "It happened on: "
BETWEEN_DAYS = "; "
DAY_FORMAT = "%d %B %Y"


def when_it_happened(answers: JsonMapping) -> str:
    """Return the text of the record: own words, then days; "" for none."""
    when = [str(answers["when"])] if answers.get("when") else []
    days = [date.fromisoformat(str(day)) for day in answers.get("days") or ()]
    if days:
        when.append(DAYS + BETWEEN_DAYS.join(f"{day:%-d %B %Y}" for day in sorted(set(days))))
    if answers.get("last_day"):
        day = date.fromisoformat(str(answers["last_day"]))
        when.append(f"{LAST_DAY}{day:%-d %B %Y}")
    return "\n".join(when)


def last_day(when: str) -> date | None:
    """Return the last day that a record names, or None.

    It is for the tribunal date (domain.md 6.5).
    """
    _, found, day = when.rpartition(LAST_DAY)
    return _day_of(day) if found else None


def days_in(when: str) -> list[date]:
    """Return every day that a record names, in order.

    Older records name one.
    """
    lines = [line for line in when.splitlines() if line.startswith(DAYS)]
    texts = lines[-1].removeprefix(DAYS).split(BETWEEN_DAYS) if lines else []
    found = {day for text in texts if (day := _day_of(text))}
    last = last_day(when)
    return sorted(found | {last} if last else found)


def _day_of(text: str) -> date | None:
    try:
        return datetime.strptime(text, DAY_FORMAT).date()
    except ValueError:
        return None
