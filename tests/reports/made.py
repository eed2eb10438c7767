"""Facts made by hand for the tests of the reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from grievances.reports import resolution
from grievances.reports.catalogue import (
    read_period,
)
from grievances.reports.document import Document, Item
from grievances.reports.facts import (
    CaseFact,
    Ending,
    PromiseFact,
    Who,
    calendars,
)
from grievances.vocabulary import Division, Route

MARCH = date(2023, 3, 31)
YEAR = read_period("2022-23")


def figure(document: Document, label: str) -> Any:
    """The protected figure with these words; the first where a label stands twice."""
    return next(i.figure for s in document.sections for i in s.items if i.label == label)


def fact(
    n: int,
    received: date,
    ended: date | None = None,
    ending: Ending = Ending.OPEN,
    person: str = "",
) -> CaseFact:
    """One concern of its own complainant about its own respondent."""
    who = Who(person or f"person {n}", (f"respondent {n}",))
    return CaseFact(who, received, ended, ending, Route.FORMAL, Division.ENG_WLS)


def built(
    cases: list[CaseFact], promises: Sequence[PromiseFact] = (), until: date = MARCH
) -> Document:
    """The report of 2022-23 from these facts."""
    sources = resolution.Sources(cases, promises, calendars(cases), until)
    return resolution.build_year(YEAR, sources)[0][0]


def promise(
    n: int, due: date, done: date | None, paused: date | None = None, original: date | None = None
) -> PromiseFact:
    """One acknowledgement owed to its own complainant."""
    who = Who(f"person {n}", (f"respondent {n}",))
    return PromiseFact(who, "ACK", due, original or due, done, paused)


def named(items: list[Item], label: str) -> Any:
    return next(item.figure for item in items if item.label == label)
