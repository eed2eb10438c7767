"""Pages to check steps and dates: references, roles and days, no words or names."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.casework.trail_inspection import Checked
from grievances.policy import profiles
from grievances.web.cases.presenters.history import seen_in, what_was_done, who_did
from workflow.chain import Verdict

CASES, ENTRIES = 25, 100
"""Cases and entries on one page."""


def list_context(cases: QuerySet[Case], number: int) -> dict[str, object]:
    """Return one page of the cases to check.

    `cases` comes from `casework.trail_inspection`.
    """
    rows, links = _page(cases, number, CASES)
    return {
        "rows": [_case(case) for case in rows],
        "headings": ["Case", "Stage", "Received", {"text": "Entries", "number": True}],
        **links,
    }


def trail_context(checked: Checked, today: date, number: int) -> dict[str, object]:
    """Return one case: its dates, one page of its entries, and the verdict.

    The verdict comes from checking all entries.
    """
    case = checked.case
    events = Event.objects.filter(chain=case.reference).order_by("seq")
    rows, links = _page(events, number, ENTRIES)
    clocks = case.deadlines.filter(name__in=profiles.SHOWN).order_by("started_on", "pk")
    return {
        "case": case,
        "received": _day(case.received_on),
        "verdict": checked.verdict,
        "fault": _fault(checked.verdict),
        "dates": [_clock(row, today) for row in clocks],
        "date_headings": ["What", "Due", "Ended"],
        "rows": [_entry(event, checked.role) for event in rows],
        "headings": ["Entry", "When", "Who", "What"],
        **links,
    }


RowT = TypeVar("RowT", bound=Model)


def _page(rows: QuerySet[RowT], number: int, size: int) -> tuple[list[RowT], dict[str, str]]:
    """Return (one page of rows, its links).

    Nothing is counted beyond the first row of the next page.
    """
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    links = {
        "previous_href": f"?page={number - 1}" if number > 1 else "",
        "next_href": f"?page={number + 1}" if len(found) > size else "",
    }
    return found[:size], links


def _case(case: Any) -> list[object]:
    href = f"/trail/{case.reference}/"
    received, entries = _day(case.received_on), {"text": str(case.entries), "number": True}
    return [{"text": case.reference, "href": href}, case.state_for_staff, received, entries]


def _entry(event: Event, role: str) -> list[object]:
    what = what_was_done(event.kind) or f"made another entry ({event.kind})"
    at = f"{event.at.astimezone(profiles.zone()):%-d %B %Y, %H:%M}"
    number = {"text": str(event.seq), "head": True}
    return [number, at, who_did(event, role), f"{what}{seen_in(event, role)}"]


def _clock(row: Deadline, today: date) -> list[object]:
    name = {"text": profiles.CLOCKS[row.name], "head": True}
    has_moved = row.original_due != row.current_due
    first = f"First due {_day(row.original_due)}" if has_moved else ""
    return [name, {"text": _day(row.current_due), "hint": first}, _ended(row, today)]


def _ended(row: Deadline, today: date) -> str:
    """Return when a clock ended, and whether that was late.

    The due day already includes the time of a pause.
    """
    if row.completed_on is not None:
        return f"{_day(row.completed_on)}{'. Late' if row.completed_on > row.current_due else ''}"
    if row.paused_on is not None:
        return f"Paused since {_day(row.paused_on)}"
    return "Not yet. Late" if row.current_due < today else "Not yet"


def _fault(verdict: Verdict) -> str:
    return "" if verdict.ok else f"Entry {verdict.seq}: {verdict.fault}"


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else ""
