"""Case pages as plain JSON: facts, dates and steps, never words."""

from __future__ import annotations

from datetime import date, datetime

from grievances.cases.access.facts import Actor
from grievances.casework.reading import OpenCase
from grievances.policy import profiles
from grievances.vocabulary import ASKED, ASKED_TO_HELP
from grievances.web.cases.presenters.case import promises_of, state_words
from grievances.web.cases.presenters.case_list import FIRST, Row, count_late, list_cases
from grievances.web.cases.presenters.list_position import Start
from grievances.web.cases.presenters.tasks import Around, tasks_of
from grievances.web.shared.deadlines import Promise


def case_json(opened: OpenCase, now: datetime, today: date) -> dict[str, object]:
    """Return one case: coded facts, its promises as dates, and this person's steps."""
    case, role = opened.case, opened.role
    days = profiles.calendar(case.division)
    around = Around.of(case, opened.workers)
    # Who is asked and has not signed yet learns no more here than on the page.
    is_unsigned = role in {*ASKED.values(), *ASKED_TO_HELP.values()}
    owed = [p for p in promises_of(case, role, today, days) if p.is_mine or not is_unsigned]
    tasks = tasks_of(case, opened.allowed, role, around, now=now, today=today, days=days)
    return {
        "reference": case.reference,
        "state": case.state,
        "state_words": state_words(case, role),
        "role": role,
        "region": case.region,
        "route": case.route,
        "identity": case.identity,
        "fast_track": case.fast_track,
        "received_on": None if is_unsigned else _day(case.received_on),
        "outcome": case.outcome,
        "closed_on": _day(case.closed_on),
        "close_reason": case.close_reason,
        "promises": [_promise(p) for p in owed],
        "steps": [
            {"step": t.step, "label": t.title, "ready": bool(t.href), "why_not": t.hint}
            for t in tasks
        ],
    }


def case_list(
    who: Actor,
    today: date,
    number: int = 1,
    start: Start = FIRST,
    roles: frozenset[str] | None = None,
) -> dict[str, object]:
    """Return a page of the case list, and how many are late on all pages.

    They are counted up to 1,001. `next` is the query of the next page, or None. With `roles`, only
    cases in which the person works in one of them are there, and none are counted.
    """
    listing = list_cases(who, today, number, start=start)
    return {
        "page": listing.number,
        "has_more": listing.has_more,
        "next": listing.next_href or None,
        "late": count_late(who, today) if roles is None else None,
        "cases": [_row(row) for row in listing.rows if roles is None or roles & set(row.roles)],
    }


def _row(row: Row) -> dict[str, object]:
    return {
        "reference": row.case.reference,
        "state": row.case.state,
        "region": row.case.region,
        "roles": list(row.roles),
        "next": row.next_words,
        "due": _promise(row.promise) if row.promise else None,
        "yours": _promise(row.yours) if row.yours else None,
    }


def _promise(promise: Promise) -> dict[str, object]:
    return {
        "clock": promise.clock,
        "name": promise.name,
        "whose": promise.whose,
        "due": _day(promise.due),
        "met_on": _day(promise.met_on),
        "paused": promise.paused,
        "working_days_late": promise.late_by,
        "words": promise.words,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
