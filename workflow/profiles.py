"""A policy profile: every number of the process as versioned data.

Source: domain.md 0.1 and 4. `parse_profile` is the only reader of a profile's body. Amounts in
`max_hold`, `pause_reasons`, `survey_delays`, reminders and escalation are working days.
`check_in_months` are calendar months.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TypedDict
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workflow.calendar import Unit
from workflow.clocks import (
    ESCALATION_DAYS,
    MOMENT,
    REMINDER_DAYS,
    WINDOW,
    Clock,
    Reminder,
    promise_schedule,
)
from workflow.json_values import JsonMapping

# Rough lengths in calendar days, to compare clocks that count in different units.
_ROUGH_DAYS = {Unit.WD: 1.4, Unit.CD: 1.0, Unit.MONTH: 30.4}
_CLOCK_KEYS = frozenset({"anchor", "amount", "unit", "roll", "statutory", "ladder"})
_REQUIRED = (
    "code",
    "version",
    "effective_from",
    "jurisdiction",
    "division",
    "time_zone",
    "clocks",
)
_OPTIONAL = (
    "reminders",
    "escalation",
    "stages",
    "overall",
    "pause_reasons",
    "max_hold",
    "check_in_months",
    "survey_delays",
    "informal_allowed",
    "appeal_levels",
    "languages",
    "sdc",
    "numbers",
)


class ProfileInvalid(ValueError):
    """A profile that must not be loaded: the field at fault and the reason."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True)
class Profile:
    """One version of one policy, checked.

    `pause_reasons` gives the most working days for which a reason may hold, or None for the general
    `max_hold`. `sdc` and `numbers` are whole numbers by name: `sdc` for disclosure control,
    `numbers` for everything else that the application counts.
    """

    code: str
    version: int
    effective_from: date
    jurisdiction: str
    division: str
    zone: ZoneInfo
    clocks: Mapping[str, Clock]
    reminders: tuple[int, ...]
    escalation: tuple[int, ...]
    pause_reasons: Mapping[str, int | None]
    max_hold: int
    check_in_months: tuple[int, ...]
    survey_delays: Mapping[str, int]
    informal_allowed: bool
    appeal_levels: int
    languages: tuple[str, ...]
    sdc: Mapping[str, int]
    numbers: Mapping[str, int]


class RequiredFields(TypedDict):
    """The fields that every profile has, beside its clocks; see `Profile`."""

    code: str
    version: int
    effective_from: date
    jurisdiction: str
    division: str
    zone: ZoneInfo


class OptionalFields(TypedDict):
    """The fields that a profile may leave out; see `Profile`."""

    pause_reasons: Mapping[str, int | None]
    max_hold: int
    check_in_months: tuple[int, ...]
    survey_delays: Mapping[str, int]
    informal_allowed: bool
    appeal_levels: int
    languages: tuple[str, ...]
    sdc: Mapping[str, int]
    numbers: Mapping[str, int]


def parse_profile(
    body: Mapping[str, object], known_clocks: Collection[str] | None = None, *, is_new: bool = True
) -> Profile:
    """Return the profile in a body.

    `known_clocks` are the names that the application starts: each must be there, and no other. A
    profile that was loaded before is not new. An old one may have stages that are longer together
    than the whole, because that was once accepted and cases run under it. So they are not checked
    again.

    Raises:
        ProfileInvalid: A field is wrong; names the field and the reason.
    """
    _check_keys(body)
    reminders, escalation = _days_of_promises(body)
    clocks = _clocks(body["clocks"], promise_schedule(reminders, escalation), known_clocks)
    if is_new:
        _check_stages(body, clocks)
    return Profile(
        **_required_fields(body),
        clocks=clocks,
        reminders=reminders,
        escalation=escalation,
        **_optional_fields(body),
    )


def _required_fields(body: Mapping[str, object]) -> RequiredFields:
    """Return the fields that every profile has, beside its clocks.

    Raises:
        ProfileInvalid: A field is wrong.
    """
    return {
        "code": _text(body, "code"),
        "version": _whole(body["version"], "version", least=1),
        "effective_from": _day(body, "effective_from"),
        "jurisdiction": _text(body, "jurisdiction"),
        "division": _text(body, "division"),
        "zone": _zone(body),
    }


def _optional_fields(body: Mapping[str, object]) -> OptionalFields:
    """Return the fields that a profile may leave out, each with its default.

    Raises:
        ProfileInvalid: A field is wrong.
    """
    return {
        "pause_reasons": _limits(body.get("pause_reasons", {}), "pause_reasons"),
        "max_hold": _whole(body.get("max_hold", 20), "max_hold", least=1),
        "check_in_months": _wholes(body, "check_in_months", [1, 3, 6]),
        "survey_delays": _numbers(body.get("survey_delays", {}), "survey_delays"),
        "informal_allowed": _flag(body.get("informal_allowed", True), "informal_allowed"),
        "appeal_levels": _whole(body.get("appeal_levels", 1), "appeal_levels"),
        "languages": _texts(body.get("languages", ["en"]), "languages"),
        "sdc": _numbers(body.get("sdc", {}), "sdc"),
        "numbers": _numbers(body.get("numbers", {}), "numbers"),
    }


def _days_of_promises(body: Mapping[str, object]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the reminder and escalation days, in working days from the due day.

    Raises:
        ProfileInvalid: A reminder comes after the due day, or a level on it or before it.
    """
    reminders = _wholes(body, "reminders", REMINDER_DAYS)
    if any(n > 0 for n in reminders):
        raise ProfileInvalid("reminders", "a reminder comes before or on the due day")
    escalation = _wholes(body, "escalation", ESCALATION_DAYS)
    if any(n < 1 for n in escalation):
        raise ProfileInvalid("escalation", "a level comes after the due day")
    return reminders, escalation


def _check_keys(body: Mapping[str, object]) -> None:
    for key in _REQUIRED:
        if key not in body:
            raise ProfileInvalid(key, "is missing")
    for key in body:
        if key not in _REQUIRED and key not in _OPTIONAL:
            raise ProfileInvalid(key, "is not a field of a profile")


def _clocks(
    entries: object, promise: tuple[Reminder, ...], known: Collection[str] | None
) -> Mapping[str, Clock]:
    if not isinstance(entries, Mapping):
        raise ProfileInvalid("clocks", "is not a table of clocks")
    if known is not None:
        for name in sorted(set(entries) - set(known)):
            raise ProfileInvalid(f"clocks.{name}", "is not a known clock")
        for name in sorted(set(known) - set(entries)):
            raise ProfileInvalid(f"clocks.{name}", "is missing")
    schedules = {"promise": promise, "window": WINDOW, "moment": MOMENT}
    return MappingProxyType(
        {name: _clock(name, entry, schedules) for name, entry in entries.items()}
    )


def _clock(name: str, entry: object, schedules: Mapping[str, tuple[Reminder, ...]]) -> Clock:
    where = f"clocks.{name}"
    if not isinstance(entry, Mapping):
        raise ProfileInvalid(where, "is not a table")
    for key in entry:
        if key not in _CLOCK_KEYS:
            raise ProfileInvalid(f"{where}.{key}", "is not a field of a clock")
    for key in ("anchor", "amount", "unit"):
        if key not in entry:
            raise ProfileInvalid(f"{where}.{key}", "is missing")
    return Clock(
        name=name,
        anchor=_text(entry, "anchor", where),
        amount=_whole(entry["amount"], f"{where}.amount"),
        unit=Unit(_one_of(entry["unit"], f"{where}.unit", [unit.value for unit in Unit])),
        roll=_one_of(entry.get("roll", "none"), f"{where}.roll", ["none", "forward"]) == "forward",
        statutory=_flag(entry.get("statutory", False), f"{where}.statutory"),
        schedule=schedules[
            _one_of(entry.get("ladder", "promise"), f"{where}.ladder", list(schedules))
        ],
    )


def _check_stages(body: JsonMapping, clocks: Mapping[str, Clock]) -> None:
    """Refuse stages that together take longer than the whole (domain.md 4).

    Raises:
        ProfileInvalid: A stage has no clock, or they take longer together.
    """
    stages = _texts(body.get("stages", []), "stages")
    overall = body.get("overall")
    for name in (*stages, *([overall] if overall is not None else [])):
        if name not in clocks:
            raise ProfileInvalid("stages" if name in stages else "overall", f"no clock {name}")
    if not stages or overall is None:
        return
    needed = sum(_rough_days(clocks[name]) for name in stages)
    if needed > _rough_days(clocks[overall]) + 0.001:
        raise ProfileInvalid("stages", f"{', '.join(stages)} take longer together than {overall}")


def _rough_days(clock: Clock) -> float:
    return clock.amount * _ROUGH_DAYS[clock.unit]


def _text(body: Mapping[str, object], key: str, where: str = "") -> str:
    value = body[key]
    if not isinstance(value, str) or not value.strip():
        raise ProfileInvalid(f"{where}.{key}".strip("."), "is not text")
    return value


def _texts(value: object, field: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ProfileInvalid(field, "is not a list of texts")
    return tuple(value)


def _whole(value: object, field: str, least: int | None = 0) -> int:
    # In Python true is a number; in a profile it is a mistake.
    if not isinstance(value, int) or isinstance(value, bool):
        raise ProfileInvalid(field, "is not a whole number")
    if least is not None and value < least:
        raise ProfileInvalid(field, f"is less than {least}")
    return value


def _wholes(body: Mapping[str, object], key: str, default: Sequence[int]) -> tuple[int, ...]:
    value = body.get(key, list(default))
    if not isinstance(value, list):
        raise ProfileInvalid(key, "is not a list of whole numbers")
    return tuple(_whole(each, key, least=None) for each in value)


def _numbers(value: object, field: str) -> Mapping[str, int]:
    if not isinstance(value, Mapping):
        raise ProfileInvalid(field, "is not a table of whole numbers")
    return MappingProxyType({name: _whole(n, f"{field}.{name}") for name, n in value.items()})


def _limits(value: object, field: str) -> Mapping[str, int | None]:
    if not isinstance(value, Mapping):
        raise ProfileInvalid(field, "is not a table of reasons and their limits")
    return MappingProxyType(
        {
            name: None if n is None else _whole(n, f"{field}.{name}", least=1)
            for name, n in value.items()
        }
    )


def _flag(value: object, field: str) -> bool:
    if not isinstance(value, bool):
        raise ProfileInvalid(field, "is neither true nor false")
    return value


def _one_of(value: object, field: str, allowed: list[str]) -> str:
    if value not in allowed:
        raise ProfileInvalid(field, f"is not one of {', '.join(allowed)}")
    return str(value)


def _day(body: Mapping[str, object], key: str) -> date:
    try:
        return date.fromisoformat(_text(body, key))
    except ValueError as error:
        raise ProfileInvalid(key, "is not a date like 2026-10-01") from error


def _zone(body: Mapping[str, object]) -> ZoneInfo:
    try:
        return ZoneInfo(_text(body, "time_zone"))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ProfileInvalid("time_zone", "is not a time zone like Europe/London") from error
