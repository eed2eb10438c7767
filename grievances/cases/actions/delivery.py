"""When words that hurt may reach their reader.

They wait while there is no one to turn to afterwards. It holds for every step that declares the
guard `delivery.SOMEONE_THERE` (domain.md 5.9), unless the reader wants it on that day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from grievances.cases.declaration import To, declaration_of
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import away_of, days_away
from grievances.cases.models.parties import Party
from grievances.cases.step_names import StepName
from grievances.people.models import Leave
from grievances.policy import profiles
from grievances.vocabulary import Standing
from workflow.calendar import Calendar, local_date
from workflow.steps import steps

FRIDAY, NOON = 4, 12

NOT_NOW = "NOT_NOW"
"""The code of the guard that refuses."""

BAD_TIME = "It is a Friday afternoon, or the last working day before a bank holiday."
OFFICER_AWAY = "You are away today, or from the next working day: they could not ask you."
READER_AWAY = "The complainant is away today, or from the next working day."
RESPONDENT_AWAY = "The person it is about is away today, or from the next working day."


def is_bad_time(now: datetime, days: Calendar) -> bool:
    """Return whether a decision given now leaves its reader alone with it.

    That is so on a Friday afternoon (local time), and on the last working day before a bank
    holiday.
    """
    local = now.astimezone(profiles.zone())
    late_on_friday = local.weekday() == FRIDAY and local.hour >= NOON
    return late_on_friday or _holiday_follows(local.date(), days)


def why_not_now(step: str, case: Case, officer_id: int | None, now: datetime) -> list[str]:
    """Return the sentences that speak against delivering at this instant (UTC)."""
    declared = steps(Case).get(step)
    if declared is None or all(guard.code != NOT_NOW for guard in declared.guards):
        return []
    days, today = case.calendar, local_date(now, profiles.zone())
    last = days.add(today, 1)
    told = {to for to, _ in declaration_of(declared).notify}
    complainant = away_of(case) if To.COMPLAINANT in told else None
    found = {
        BAD_TIME: is_bad_time(now, days),
        OFFICER_AWAY: Leave.touching([officer_id], today, last).exists(),
        READER_AWAY: _touches(complainant, today, last),
        RESPONDENT_AWAY: step == StepName.TELL_RESPONDENT
        and _is_respondent_away(case, today, last),
    }
    return [sentence for sentence, is_so in found.items() if is_so]


def refuses(
    step: str, case: Case, officer_id: int | None, answers: Mapping[str, object], now: datetime
) -> tuple[str, ...]:
    """Return the code of the guard if it is a bad time for words that hurt.

    It is not returned if the reader wants them today.
    """
    if answers.get("wish") or not why_not_now(step, case, officer_id, now):
        return ()
    return (NOT_NOW,)


def is_away_on(day: date, officer_id: int | None, party: Party, *, is_named: bool) -> bool:
    """Return whether the officer, or the party they meet, is away on a local date.

    A party says so on their own page; who has an office may have entered it as leave. The leave of
    a person whom the officer may not know is not read: with the directory it would tell who it is.
    """
    people = [officer_id, party.person_id if is_named else None]
    return _touches(days_away(party), day, day) or Leave.touching(people, day, day).exists()


def _is_respondent_away(case: Case, first: date, last: date) -> bool:
    """Return whether a person the case is about is away between two local dates.

    They say so on their own page; who has an office may have entered it as leave.
    """
    asked = list(case.parties.filter(standing=Standing.RESPONDENT))
    if any(_touches(days_away(party), first, last) for party in asked):
        return True
    return Leave.touching([party.person_id for party in asked], first, last).exists()


def _touches(away: tuple[date, date] | None, first: date, last: date) -> bool:
    """Return whether one of these days is between two local dates; None has no day."""
    return away is not None and away[0] <= last and first <= away[1]


def _holiday_follows(today: date, days: Calendar) -> bool:
    """Return whether a bank holiday comes before the next working day."""
    day = today + timedelta(days=1)
    while days.between(day - timedelta(days=1), day) == 0:
        if day.weekday() <= FRIDAY:
            return True
        day += timedelta(days=1)
    return False
