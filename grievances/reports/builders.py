"""Build every report that is due and keep it. Runs in a short-lived process of its own.

The web process reads snapshots only: nothing it loads may import this module.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from grievances.reports import resolution, satisfaction
from grievances.reports.catalogue import RESOLUTION, Period, read_period, years_of
from grievances.reports.disclosure import INTERNAL, carries_old_value
from grievances.reports.document import Document
from grievances.reports.facts import (
    CaseFact,
    calendars,
    read_answers,
    read_cases,
    read_invitations,
    read_promises,
)
from grievances.reports.snapshots import keep, latest

Made = list[tuple[Document, dict[str, str]]]
AUDIENCE = "internal"


@transaction.atomic
def build_all(now: datetime, today: date, only: str = "") -> list[tuple[str, str]]:
    """Build both reports and return (report, period) of each new snapshot.

    `now` is an aware instant, `today` its local date; whole days are counted, so yesterday is the
    last. `only` names one period (ValueError when there is no such period).
    """
    cases = read_cases()
    made = [*_resolution(cases, today - timedelta(days=1), only), *_satisfaction(today, only)]
    new: list[tuple[str, str]] = []
    for document, charts in made:
        if only not in ("", document.period) or _waits(document, cases, today):
            continue
        if keep(document, charts, AUDIENCE, now):
            new.append((document.report, document.period))
    return new


def _resolution(cases: list[CaseFact], until: date, only: str) -> Made:
    days = (day for fact in cases for day in (fact.received_on, fact.ended_on) if day)
    years = _wanted([year for year in years_of(days) if year.first <= until], only)
    if not years:
        return []
    sources = resolution.Sources(cases, read_promises(), calendars(cases), until)
    return [built for year in years for built in resolution.build_year(year, sources)]


def _satisfaction(today: date, only: str) -> Made:
    sources = satisfaction.Sources(read_answers(), read_invitations(), today)
    days = (read_period(fact.quarter).first for fact in sources.invitations)
    years = _wanted(years_of(days), only)
    return [built for year in years for built in satisfaction.build_year(year, sources)]


def _wanted(years: list[Period], only: str) -> list[Period]:
    if not only:
        return years
    first = read_period(only).first
    return [year for year in years if year.holds(first)]


def _waits(document: Document, cases: Iterable[CaseFact], today: date) -> bool:
    """Whether the earlier snapshot stays, since the new one differs by too few people.

    Two reports with a night between them must not tell who came in between (domain.md 10.4).
    """
    if document.report != RESOLUTION.name:
        return False
    before = latest(document.report, document.period)
    if before is None or before.document.until >= document.until:
        return False
    period, shown_on = read_period(document.period), before.document.until
    changed = frozenset(
        fact.who.person
        for fact in cases
        for day in (fact.received_on, fact.ended_on)
        if day is not None and period.holds(day) and shown_on < day <= document.until
    )
    return carries_old_value(frozenset(), changed, INTERNAL.t, shown_on, today)
