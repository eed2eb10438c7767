"""Time limits: policy profiles and calendars as loaded data (domain.md 0, 4).

A case keeps the profile version it started under. A fast-track case takes the lengths of its later
clocks from the `fast_track` profile in force when it began.
"""

from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import CharField, Count, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_noop

from grievances.policy.clock_names import ClockName
from grievances.vocabulary import Role
from workflow.calendar import Calendar, add_months
from workflow.clocks import Clock, promise_schedule
from workflow.models import Holiday, PolicyProfile
from workflow.profiles import Profile, parse_profile

FAST = "fast_track"
POLICIES = Path(__file__).parent / "data" / "profiles"
"""The policy profiles that ship with the product."""

CLOCKS: dict[str, str] = {
    ClockName.ACK: gettext_noop("Acknowledge the concern"),
    ClockName.TRIAGE: gettext_noop("Agree the way forward"),
    ClockName.ALLOCATION: gettext_noop("Find a handler and a decision maker"),
    ClockName.OFFER: gettext_noop("Answer an offer"),
    ClockName.MEETING: gettext_noop("Meet the complainant"),
    ClockName.INVESTIGATION: gettext_noop("Finish the investigation"),
    ClockName.SUPPLEMENTARY: gettext_noop("Answer the further enquiries"),
    ClockName.DECISION: gettext_noop("Give the decision"),
    ClockName.OVERALL: gettext_noop("From receiving the concern to the decision"),
    ClockName.APPEAL_WINDOW: gettext_noop("Time to appeal"),
    ClockName.APPEAL_ALLOC: gettext_noop("Find an appeal manager"),
    ClockName.APPEAL_MEETING: gettext_noop("Hold the appeal meeting"),
    ClockName.APPEAL: gettext_noop("Decide the appeal"),
    ClockName.UPDATE: gettext_noop("Tell the complainant how it is going"),
    ClockName.INFORMAL: gettext_noop("Informal way forward"),
    ClockName.MEDIATION: gettext_noop("Mediation"),
    ClockName.HOLD_REVIEW: gettext_noop("Review the pause"),
    ClockName.WELFARE: gettext_noop("Speak with the complainant about withdrawing"),
    ClockName.COOLING_OFF: gettext_noop("Time to change one's mind about withdrawing"),
    ClockName.SURVEY_A: gettext_noop("Survey after the outcome"),
    ClockName.SURVEY_B: gettext_noop("Survey after six months"),
    ClockName.SURVEY_AGAIN: gettext_noop("Ask once more about the survey"),
    ClockName.CHECKIN_1: gettext_noop("Check-in after 1 month"),
    ClockName.CHECKIN_3: gettext_noop("Check-in after 3 months"),
    ClockName.CHECKIN_6: gettext_noop("Check-in after 6 months"),
    ClockName.CHECKIN_AGAIN: gettext_noop("Ask once more how things are"),
    ClockName.ARCHIVE: gettext_noop("Archive"),
    ClockName.RETENTION: gettext_noop("Keep until"),
    ClockName.DRAFT_WARNING: gettext_noop("Warn that a draft will be deleted"),
    ClockName.DRAFT: gettext_noop("Keep a draft"),
}
"""Clock -> its label, as a person reads it."""

SHOWN = frozenset(CLOCKS) - {
    ClockName.SURVEY_A,
    ClockName.SURVEY_B,
    ClockName.SURVEY_AGAIN,
    ClockName.CHECKIN_AGAIN,
    ClockName.ARCHIVE,
    ClockName.RETENTION,
    ClockName.DRAFT,
    ClockName.DRAFT_WARNING,
}
"""The clocks that a page shows as a date for which a role is responsible."""

OF_THEIR_OWN_LENGTH = frozenset({ClockName.HOLD_REVIEW, ClockName.RETENTION})
"""Clocks whose length was agreed for the one case.

No other policy changes it.
"""

PAUSABLE = frozenset(
    {
        ClockName.TRIAGE,
        ClockName.ALLOCATION,
        ClockName.OFFER,
        ClockName.MEETING,
        ClockName.INVESTIGATION,
        ClockName.SUPPLEMENTARY,
        ClockName.DECISION,
        ClockName.OVERALL,
        ClockName.APPEAL_ALLOC,
        ClockName.APPEAL_MEETING,
        ClockName.APPEAL,
        ClockName.UPDATE,
        ClockName.INFORMAL,
        ClockName.MEDIATION,
    }
)
"""The clocks that a hold pauses: the stage clocks, OVERALL and APPEAL.

domain.md 5.1, 5.2 T27, T30.
"""


LAST_BANK_HOLIDAY = Max("day", filter=Q(kind=Holiday.Kind.BANK))
"""The last bank holiday of a calendar; it is known to the end of that year.

A day on which the organisation is closed does not count: it says nothing of the holidays of its
year.
"""


COMPLAINANT = "complainant"
PROMISES = SHOWN - {
    ClockName.APPEAL_WINDOW,
    ClockName.COOLING_OFF,
    ClockName.HOLD_REVIEW,
    ClockName.CHECKIN_1,
    ClockName.CHECKIN_3,
    ClockName.CHECKIN_6,
}
"""The dates that the organisation can miss.

`SHOWN` without windows and fixed moments.
"""

_TRIAGE = (Role.TRIAGE_POOL.value, Role.TRIAGE.value)
_FINDING = (Role.TRIAGE.value, Role.LEAD.value)

ANSWERS_FOR: dict[str, tuple[str, ...]] = {
    ClockName.ACK: _TRIAGE,
    ClockName.TRIAGE: _TRIAGE,
    ClockName.ALLOCATION: _FINDING,
    ClockName.OFFER: (),
    ClockName.MEETING: (Role.HANDLER,),
    ClockName.INVESTIGATION: (Role.HANDLER,),
    ClockName.SUPPLEMENTARY: (Role.HANDLER,),
    ClockName.UPDATE: (Role.HANDLER,),
    ClockName.DECISION: (Role.DECIDER,),
    ClockName.OVERALL: (Role.LEAD,),
    ClockName.APPEAL_WINDOW: (COMPLAINANT,),
    ClockName.APPEAL_ALLOC: _FINDING,
    ClockName.APPEAL_MEETING: (Role.APPEAL,),
    ClockName.APPEAL: (Role.APPEAL,),
    ClockName.INFORMAL: (Role.TRIAGE,),
    ClockName.MEDIATION: (Role.MEDIATOR,),
    ClockName.HOLD_REVIEW: (Role.LEAD, Role.TRIAGE, Role.HANDLER, Role.DECIDER, Role.APPEAL),
    ClockName.WELFARE: (Role.TRIAGE,),
    ClockName.COOLING_OFF: (COMPLAINANT,),
    ClockName.CHECKIN_1: (Role.TRIAGE,),
    ClockName.CHECKIN_3: (Role.TRIAGE,),
    ClockName.CHECKIN_6: (Role.TRIAGE,),
}
"""Clock -> the responsible roles; a page names the first.

They are reminded of the deadline, and told when it is missed. An offer is answered by the candidate
for the role in its detail.
"""


class NoPolicy(Exception):
    """No profile or calendar is loaded. The sentence names the command that loads it."""


def zone() -> ZoneInfo:
    """Return the local time zone of the organisation."""
    return ZoneInfo(settings.TIME_ZONE)


def calendar(division: str, stamp: str = "") -> Calendar:
    """Return the working-day calendar of a bank-holiday division.

    `stamp` is what `stamp_of` found along with a case. Without it the table is asked, so that a
    holiday loaded a moment ago counts at once.

    Raises:
        NoPolicy: the division has no bank holidays.
    """
    if not stamp:
        rows = Holiday.objects.filter(division=division)
        found = rows.aggregate(n=Count("pk"), last=LAST_BANK_HOLIDAY).values()
        stamp = " ".join(str(each or "") for each in found)
    if len(stamp.split()) < 2:
        raise NoPolicy("No bank holidays are loaded. Run: manage.py load_holidays")
    return _calendar(division, stamp)


def calendar_known_on(division: str, day: date) -> Calendar:
    """Return the calendar as known on a local date, without what was announced later."""
    now = calendar(division)
    later = Holiday.objects.filter(division=division, known_from__gt=day)
    return replace(now, holidays=now.holidays - set(later.values_list("day", flat=True)))


def calendars_ending(today: date) -> list[tuple[str, date]]:
    """Return (division, last known day) of calendars that end within 12 months (6.1)."""
    rows = Holiday.objects.values("division").annotate(last=LAST_BANK_HOLIDAY)
    ends = [(row["division"], _year_end(row["last"])) for row in rows if row["last"]]
    return sorted((code, end) for code, end in ends if end < add_months(today, 12))


def stamp_of(division: OuterRef | str) -> Subquery:
    """Return the count and last day of a division's bank holidays, as a query column."""
    count, last = Cast(Count("pk"), CharField()), Cast(LAST_BANK_HOLIDAY, CharField())
    rows = Holiday.objects.filter(division=division).order_by().values("division")
    return Subquery(rows.annotate(stamp=Concat(count, Value(" "), last)).values("stamp"))


def current_profile(code: str, today: date) -> PolicyProfile:
    """Return the newest version of a profile in force on a local date.

    Raises:
        NoPolicy: no version is in force on that day.
    """
    rows = PolicyProfile.objects.filter(code=code, effective_from__lte=today)
    row = rows.order_by("-effective_from", "-version").first()
    if row is None:
        raise NoPolicy("No policy profile is loaded. Run: manage.py load_policy")
    return row


def own_profile(today: date) -> PolicyProfile:
    """Return this organisation's chosen policy in force on a local date.

    Raises NoPolicy.
    """
    return current_profile(settings.POLICY_PROFILE, today)


def newer_than(profile_id: int | None, today: date) -> QuerySet[PolicyProfile]:
    """Return newer versions in force of the same policy, oldest first."""
    own = PolicyProfile.objects.filter(pk=profile_id or 0)
    rows = PolicyProfile.objects.filter(
        code=Subquery(own.values("code")),
        version__gt=Subquery(own.values("version")),
        effective_from__lte=today,
    )
    return rows.order_by("version")


def profile_of(row: PolicyProfile) -> Profile:
    """Return a stored profile, read and checked once per process."""
    return _profile(row.pk, row.digest)


ASKED_AGAIN = promise_schedule(reminders=(-1,), escalation=())
"""The reminder of an offer. In every published profile its window only lapses."""


def clock(row: PolicyProfile, name: str, *, fast_track: bool, started_on: date) -> Clock:
    """Return the clock of this name for a case under this profile.

    Who is asked hears a working day before the window of an offer ends.
    """
    lengths = profile_of(row)
    if fast_track and row.code != FAST:
        lengths = profile_of(current_profile(FAST, started_on))
    found = lengths.clocks[name]
    reminded = (*ASKED_AGAIN, *found.schedule)
    return replace(found, schedule=reminded) if name == ClockName.OFFER else found


def ending_on(clock: Clock, start: date, end: date, days: Calendar) -> Clock:
    """Return the clock with the length that makes it end on `end`.

    The use is a review day that was agreed.
    """
    return replace(clock, amount=days.between(start, end))


@lru_cache(maxsize=32)
def _calendar(division: str, stamp: str) -> Calendar:
    rows = Holiday.objects.filter(division=division).values_list("day", flat=True)
    return Calendar(division, frozenset(rows), _year_end(date.fromisoformat(stamp.split()[1])))


def _year_end(day: date) -> date:
    return day.replace(month=12, day=31)


@lru_cache(maxsize=64)
def _profile(pk: int, digest: str) -> Profile:
    return parse_profile(PolicyProfile.objects.get(pk=pk).body, set(CLOCKS), is_new=False)
