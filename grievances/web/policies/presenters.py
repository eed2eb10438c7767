"""A policy in words: each promise, who is reminded when, and what would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from grievances.policy import profiles
from grievances.policy.models import PolicyProposal
from grievances.policy.profiles import ANSWERS_FOR
from grievances.vocabulary import Division
from grievances.web.shared.deadlines import in_a_sentence
from workflow.calendar import Unit
from workflow.clocks import Clock
from workflow.models import PolicyProfile
from workflow.profiles import Profile

UNITS = {Unit.WD: "working day", Unit.CD: "day", Unit.MONTH: "month"}
ANCHORS = {"received": "the day the concern was received", "today": "the day the stage begins"}
TOLD = (
    "the people who work on it and the casework lead",
    "the casework lead, and the complainant with the new date and the reason",
    "the accountable executive and the casework lead",
)
"""Who is notified at the first, second and third level (domain.md 5.5)."""


@dataclass(frozen=True)
class Reading:
    """One profile in words: tables by heading, each of (what, its value)."""

    promises: Mapping[str, str]
    schedule: Mapping[str, str]
    rules: Mapping[str, str]

    @property
    def facts(self) -> dict[str, str]:
        """Everything, to be compared with another profile."""
        return {**self.promises, **self.schedule, **self.rules}


def reading_of(profile: Profile) -> Reading:
    """Return a profile in words."""
    promises = {_name(name): _promise(clock) for name, clock in profile.clocks.items()}
    schedule = {
        _before(n): "The role that must keep the promise" for n in sorted(profile.reminders)
    }
    late = sorted(profile.escalation)
    schedule |= {
        f"{_count(n, Unit.WD)} late": f"Level {level}: {TOLD[min(level, len(TOLD)) - 1]}"
        for level, n in enumerate(late, start=1)
    }
    return Reading(promises, schedule, _rules(profile))


def changes(old: Profile, new: Profile) -> list[list[object]]:
    """Return what differs between two profiles: what, its value now, its value then."""
    before, after = reading_of(old).facts, reading_of(new).facts
    return [
        [{"text": what, "head": True}, before.get(what, "Not there"), after.get(what, "Not there")]
        for what in dict.fromkeys([*before, *after])
        if before.get(what) != after.get(what)
    ]


def in_force(rows: Iterable[PolicyProfile]) -> list[list[object]]:
    """Return the loaded versions: which, from when, since when known."""
    return [
        [
            {"text": f"{row.code}, version {row.version}", "href": address(row.code, row.version)},
            _day(row.effective_from),
            _moment(row.loaded_at),
        ]
        for row in rows
    ]


def history(rows: Iterable[PolicyProposal]) -> list[list[object]]:
    """Return the proposals: which, when, their status, and each answer."""
    return [
        [
            {"text": f"{row.code}, version {row.version}", "href": address(row.code, row.version)},
            _moment(row.proposed_at),
            _stand(row),
            answers(row),
        ]
        for row in rows
    ]


def answers(row: PolicyProposal) -> str:
    """Return who answered what, in which office, and when."""
    said = [
        f"{each.person.name}, {each.get_office_display()}: {'yes' if each.agreed else 'no'}, "
        f"{_moment(each.answered_at)}"
        for each in row.answers.all()
    ]
    return "; ".join(said) or "No one has answered yet"


def address(code: str, version: int) -> str:
    """Return the address of one version."""
    return f"/policies/{code}/{version}/"


def rows_of(facts: Mapping[str, str]) -> list[dict[str, str]]:
    """Return facts as rows of a summary list."""
    return [{"key": key, "value": value} for key, value in facts.items()]


def _stand(row: PolicyProposal) -> str:
    if row.settled_at is None:
        return "Waits for two people"
    return "Agreed, in force" if row.agreed else "Refused"


def _name(clock: str) -> str:
    return profiles.CLOCKS.get(clock, clock)


SDC_WORDS = {
    "t_internal": "Reports inside: the smallest count that is shown",
    "t_published": "Reports to the public: the smallest count that is shown",
    "base": "Reports: counts are rounded to a multiple of",
    "class_min": "Reports: the fewest people of a group whose rates are shown",
}
"""The numbers of disclosure control (domain.md 10), in words."""


def _promise(clock: Clock) -> str:
    words = f"{_count(clock.amount, clock.unit)} from {ANCHORS.get(clock.anchor, clock.anchor)}"
    if clock.roll:
        words += ", then the next working day"
    words += ". "
    if clock.is_promise:
        roles = ANSWERS_FOR.get(clock.name, ())
        words += (
            f"Kept by: {in_a_sentence(roles[0])}." if roles else "Kept by the person who is asked."
        )
    else:
        words += "No one is late: it ends or happens by itself."
    return words + (" Never paused." if clock.statutory else "")


def _rules(profile: Profile) -> dict[str, str]:
    months = ", ".join(map(str, profile.check_in_months))
    rules = {
        "In force from": _day(profile.effective_from),
        "Made for": profile.jurisdiction,
        "Bank holidays of": Division(profile.division).label,
        "Time of": str(profile.zone),
        "Longest pause": _count(profile.max_hold, Unit.WD),
        "Check-ins after closing": f"after {months} months",
        "Informal way": "offered" if profile.informal_allowed else "not offered",
        "Appeals": str(profile.appeal_levels),
        "Languages": ", ".join(profile.languages),
    }
    for name, n in profile.pause_reasons.items():
        rules[f"Pause for {name}"] = _count(n, Unit.WD) if n else "as long as any pause"
    rules |= {f"Survey: {name}": str(n) for name, n in profile.survey_delays.items()}
    rules |= {SDC_WORDS.get(name, f"Reports: {name}"): str(n) for name, n in profile.sdc.items()}
    return rules | {f"Number: {name}": str(n) for name, n in profile.numbers.items()}


def _before(offset: int) -> str:
    return f"{_count(-offset, Unit.WD)} before" if offset else "On the day it is due"


def _count(n: int, unit: Unit) -> str:
    return f"{n} {UNITS[unit]}{'' if n == 1 else 's'}"


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(profiles.zone()):%-d %B %Y, %H:%M}"
