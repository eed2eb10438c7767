"""Every clock of the shipped policies: its length and what it does."""

from __future__ import annotations

import json

from grievances.management.describing.marks import table
from grievances.policy.clock_names import ClockName
from grievances.policy.profiles import CLOCKS, POLICIES
from workflow.calendar import Unit
from workflow.clocks import MOMENT, WINDOW, Clock
from workflow.profiles import Profile, parse_profile

DEFAULT = "uk_default"
UNITS = {Unit.WD: "working day", Unit.CD: "calendar day", Unit.MONTH: "month"}
SHORT = {Unit.WD: "wd", Unit.CD: "cd", Unit.MONTH: "m"}
KEPT = "by class, from closing"
"""The retention schedule says how long, not the profile."""


def profile_of(name: str) -> Profile:
    """Return a policy that comes with the product."""
    body = json.loads((POLICIES / f"{name}.json").read_text(encoding="utf-8"))
    return parse_profile(body, set(CLOCKS))


def draw_clocks() -> str:
    """Return every clock of the default policy, its length and its end."""
    profile = profile_of(DEFAULT)
    rows = [
        [f"`{name}`", meaning, length_of(profile.clocks[name]), end_of(profile.clocks[name])]
        for name, meaning in CLOCKS.items()
    ]
    head = f"Policy `{profile.code}` version {profile.version}:\n\n"
    return head + table(["Clock", "Promise", "Length", "Kind"], rows)


def draw_policies() -> str:
    """Return the lengths of every clock under every policy, side by side."""
    names = sorted(path.stem for path in POLICIES.glob("*.json"))
    profiles = {name: profile_of(name) for name in names}
    rows = [
        [f"`{clock}`", *(_short(each.clocks.get(clock)) for each in profiles.values())]
        for clock in CLOCKS
    ]
    return table(["Clock", *(f"`{name}`" for name in names)], rows)


def _short(clock: Clock | None) -> str:
    if clock is None:
        return "-"
    return KEPT if clock.name == ClockName.RETENTION else f"{clock.amount} {SHORT[clock.unit]}"


def length_of(clock: Clock) -> str:
    """Return the length of a clock with its unit."""
    if clock.name == ClockName.RETENTION:
        return KEPT
    return f"{clock.amount} {UNITS[clock.unit]}{'' if clock.amount == 1 else 's'}"


def end_of(clock: Clock) -> str:
    """Return what a clock does as its date comes and goes."""
    if clock.schedule == WINDOW:
        return "window: lapses by itself"
    if clock.schedule == MOMENT:
        return "moment: acts on the day"
    levels = ", ".join(f"+{each.offset}" for each in clock.schedule if each.level)
    return f"promise: escalates at {levels} working days"
