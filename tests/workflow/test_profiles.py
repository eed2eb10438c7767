"""A policy profile is data, and checked before it is loaded (domain.md 4)."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from workflow.calendar import Unit
from workflow.clocks import MOMENT, WINDOW
from workflow.profiles import ProfileInvalid, parse_profile

BODY: dict[str, Any] = {
    "code": "uk_default",
    "version": 1,
    "effective_from": "2026-01-01",
    "jurisdiction": "GB",
    "division": "ENG_WLS",
    "time_zone": "Europe/London",
    "clocks": {
        "ACK": {"anchor": "RECEIVED", "amount": 3, "unit": "WD"},
        "INVESTIGATION": {"anchor": "ACCEPTED", "amount": 30, "unit": "WD"},
        "OVERALL": {"anchor": "RECEIVED", "amount": 60, "unit": "WD"},
        "APPEAL_WINDOW": {"anchor": "OUTCOME", "amount": 10, "unit": "WD", "ladder": "window"},
        "CHECKIN": {
            "anchor": "CLOSED",
            "amount": 1,
            "unit": "MONTH",
            "roll": "forward",
            "ladder": "moment",
        },
    },
    "reminders": [-5, -1, 0],
    "escalation": [1, 5, 10],
    "stages": ["ACK", "INVESTIGATION"],
    "overall": "OVERALL",
    "pause_reasons": {"C_REQUEST": None, "RESPONDENT_SICK": 20},
    "survey_delays": {"A": 5},
    "sdc": {"t_internal": 5},
    "numbers": {"cooling_off": 5},
}


def changed(path: str, value: Any) -> dict[str, Any]:
    body = deepcopy(BODY)
    at = body
    *parents, last = path.split(".")
    for key in parents:
        at = at[key]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return body


def test_a_good_profile_is_read_whole() -> None:
    profile = parse_profile(BODY, known_clocks=BODY["clocks"].keys())
    assert (profile.code, profile.version, profile.division) == ("uk_default", 1, "ENG_WLS")
    assert profile.effective_from == date(2026, 1, 1)
    assert str(profile.zone) == "Europe/London"
    assert profile.clocks["APPEAL_WINDOW"].schedule == WINDOW
    check_in = profile.clocks["CHECKIN"]
    assert (check_in.unit, check_in.roll, check_in.schedule) == (Unit.MONTH, True, MOMENT)
    assert profile.pause_reasons == {"C_REQUEST": None, "RESPONDENT_SICK": 20}
    assert profile.numbers["cooling_off"] == 5


def test_the_ladder_of_a_promise_is_the_profile_s_own() -> None:
    profile = parse_profile(changed("escalation", [2, 4]))
    schedule = profile.clocks["ACK"].schedule
    assert [(reminder.name, reminder.offset) for reminder in schedule[-2:]] == [
        ("L1", 2),
        ("L2", 4),
    ]


def test_stages_longer_than_the_whole_are_refused() -> None:
    assert parse_profile(changed("clocks.INVESTIGATION.amount", 57))
    with pytest.raises(ProfileInvalid, match="ACK, INVESTIGATION take longer together than OVERA"):
        parse_profile(changed("clocks.INVESTIGATION.amount", 58))


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("code", ..., "is missing"),
        ("code", " ", "is not text"),
        ("version", 0, "is less than 1"),
        ("version", True, "is not a whole number"),
        ("effective_from", "1 January", "is not a date"),
        ("time_zone", "Europe/Nowhere", "is not a time zone"),
        ("time_zone", "../../etc", "is not a time zone"),
        ("clocks", [], "is not a table"),
        ("clocks.ACK", 3, "is not a table"),
        ("clocks.ACK.amount", -1, "is less than 0"),
        ("clocks.ACK.amount", 1.5, "is not a whole number"),
        ("clocks.ACK.unit", "HOURS", "is not one of WD, CD, MONTH"),
        ("clocks.ACK.unit", ..., "is missing"),
        ("clocks.ACK.roll", "back", "is not one of none, forward"),
        ("clocks.ACK.ladder", "stairs", "is not one of promise, window, moment"),
        ("clocks.ACK.statutory", "yes", "is neither true nor false"),
        ("clocks.ACK.colour", "red", "is not a field of a clock"),
        ("reminders", [1], "before or on the due day"),
        ("escalation", [0], "after the due day"),
        ("pause_reasons", ["C_REQUEST"], "is not a table"),
        ("pause_reasons.C_REQUEST", 0, "is less than 1"),
        ("stages", ["TRIAGE"], "no clock TRIAGE"),
        ("overall", "TRIAGE", "no clock TRIAGE"),
        ("survey_delays.A", -1, "is less than 0"),
        ("typo", 1, "is not a field of a profile"),
    ],
)
def test_a_faulty_profile_is_refused_with_the_field_and_the_reason(
    field: str, value: Any, reason: str
) -> None:
    with pytest.raises(ProfileInvalid, match=reason) as refusal:
        parse_profile(changed(field, value))
    assert refusal.value.field == field


def test_clocks_must_be_those_the_application_starts() -> None:
    with pytest.raises(ProfileInvalid, match="clocks.ACK: is not a known clock"):
        parse_profile(BODY, known_clocks=set(BODY["clocks"]) - {"ACK"})
    with pytest.raises(ProfileInvalid, match="clocks.TRIAGE: is missing"):
        parse_profile(BODY, known_clocks=[*BODY["clocks"], "TRIAGE"])
