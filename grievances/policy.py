"""How long things may take: profiles and calendars as loaded, never as code (domain.md 0, 4).

A case keeps the profile version it started under. A fast-track case takes the lengths of its
later clocks from the `fast_track` profile in force when it began.
"""

from dataclasses import replace
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import CharField, Count, Max, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat

from workflow.calendar import Calendar
from workflow.clocks import Clock
from workflow.models import Holiday, PolicyProfile
from workflow.profiles import Profile, parse_profile

FAST = "fast_track"

CLOCKS = {
    "ACK": "Acknowledge the concern",
    "TRIAGE": "Agree the way forward",
    "ALLOCATION": "Find a handler and a decision maker",
    "OFFER": "Answer an offer",
    "MEETING": "Meet the complainant",
    "INVESTIGATION": "Finish the investigation",
    "SUPPLEMENTARY": "Answer the further enquiries",
    "DECISION": "Give the decision",
    "OVERALL": "From receiving the concern to the decision",
    "APPEAL_WINDOW": "Time to appeal",
    "APPEAL_ALLOC": "Find an appeal manager",
    "APPEAL_MEETING": "Hold the appeal meeting",
    "APPEAL": "Decide the appeal",
    "UPDATE": "Tell the complainant how it is going",
    "INFORMAL": "Informal way forward",
    "MEDIATION": "Mediation",
    "HOLD_REVIEW": "Review the pause",
    "WELFARE": "Speak with the complainant about withdrawing",
    "COOLING_OFF": "Time to change one's mind about withdrawing",
    "SURVEY_A": "Survey after the outcome",
    "SURVEY_B": "Survey after six months",
    "SURVEY_AGAIN": "Ask once more about the survey",
    "CHECKIN_1": "Check-in after 1 month",
    "CHECKIN_3": "Check-in after 3 months",
    "CHECKIN_6": "Check-in after 6 months",
    "CHECKIN_AGAIN": "Ask once more how things are",
    "ARCHIVE": "Archive",
    "RETENTION": "Keep until",
    "DRAFT_WARNING": "Warn that a draft will be deleted",
    "DRAFT": "Keep a draft",
}
"""Every clock and the promise it stands for, as a person reads it."""

SHOWN = frozenset(CLOCKS) - {
    "SURVEY_A",
    "SURVEY_B",
    "SURVEY_AGAIN",
    "CHECKIN_AGAIN",
    "ARCHIVE",
    "RETENTION",
    "DRAFT",
    "DRAFT_WARNING",
}
"""Clocks that stand on a page as a date somebody answers for."""

PAUSABLE = frozenset(
    {
        "TRIAGE",
        "ALLOCATION",
        "OFFER",
        "MEETING",
        "INVESTIGATION",
        "SUPPLEMENTARY",
        "DECISION",
        "OVERALL",
        "APPEAL_ALLOC",
        "APPEAL_MEETING",
        "APPEAL",
        "UPDATE",
        "INFORMAL",
        "MEDIATION",
    }
)
"""The stage clocks, OVERALL and APPEAL: what a hold pauses (domain.md 5.1, 5.2 T27, T30)."""


class NoPolicy(Exception):
    """No profile or calendar is loaded: the sentence says which command loads it."""


def zone() -> ZoneInfo:
    """The local time zone of the organisation."""
    return ZoneInfo(settings.TIME_ZONE)


def calendar(division: str, stamp: str = "") -> Calendar:
    """The working-day calendar of a bank-holiday division; raises NoPolicy when it is empty.

    `stamp` is what `stamp_of` found along with a case; without it the table is asked, so that a
    holiday loaded a moment ago counts at once.
    """
    if not stamp:
        rows = Holiday.objects.filter(division=division)
        stamp = " ".join(map(str, rows.aggregate(n=Count("pk"), last=Max("day")).values()))
    if stamp.startswith("0 "):
        raise NoPolicy("No bank holidays are loaded. Run: manage.py load_holidays")
    return _calendar(division, stamp)


def stamp_of(division: OuterRef) -> Subquery:
    """How many bank holidays a division has and the last of them, as a column of another query."""
    count, last = Cast(Count("pk"), CharField()), Cast(Max("day"), CharField())
    rows = Holiday.objects.filter(division=division).order_by().values("division")
    return Subquery(rows.annotate(stamp=Concat(count, Value(" "), last)).values("stamp"))


def current_profile(code: str, today: date) -> PolicyProfile:
    """The newest version of a profile in force on a local date; raises NoPolicy."""
    rows = PolicyProfile.objects.filter(code=code, effective_from__lte=today)
    row = rows.order_by("-effective_from", "-version").first()
    if row is None:
        raise NoPolicy("No policy profile is loaded. Run: manage.py load_policy")
    return row


def own_profile(today: date) -> PolicyProfile:
    """The policy this organisation has chosen, as in force on a local date; raises NoPolicy."""
    return current_profile(settings.POLICY_PROFILE, today)


def profile_of(row: PolicyProfile) -> Profile:
    """A stored profile, read and checked once per process."""
    return _profile(row.pk, row.digest)


def clock(row: PolicyProfile, name: str, *, fast_track: bool, started_on: date) -> Clock:
    """The clock of this name for a case under this profile."""
    lengths = profile_of(row)
    if fast_track and row.code != FAST:
        lengths = profile_of(current_profile(FAST, started_on))
    return lengths.clocks[name]


def ending_on(clock: Clock, start: date, end: date, days: Calendar) -> Clock:
    """The same clock, of the length that makes it end on `end` (a review day that was agreed)."""
    return replace(clock, amount=days.between(start, end))


@lru_cache(maxsize=32)
def _calendar(division: str, stamp: str) -> Calendar:
    rows = Holiday.objects.filter(division=division).values_list("day", flat=True)
    return Calendar(division, frozenset(rows), date(int(stamp.split()[1][:4]), 12, 31))


@lru_cache(maxsize=64)
def _profile(pk: int, digest: str) -> Profile:
    return parse_profile(PolicyProfile.objects.get(pk=pk).body, set(CLOCKS))
