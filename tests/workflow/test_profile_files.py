"""A faulty file is refused with the line to mend and the reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workflow.profile_files import FileInvalid, read_profile

GOOD = (
    Path(__file__).parents[2] / "grievances" / "policy" / "data" / "profiles" / "uk_default.json"
).read_text()


def line_of(text: str, sign: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if sign in line)


def test_a_good_file_is_read_whole() -> None:
    found = read_profile(GOOD)
    assert found.profile.code == "uk_default"
    assert found.body == json.loads(GOOD)


@pytest.mark.parametrize(
    ("old", "new", "at", "reason"),
    [
        ('"amount": 3,', '"amount": -3,', '"amount": -3', "clocks.ACK.amount: is less than 0"),
        ('"ACK": {', '"ACKNOWLEDGE": {', '"ACKNOWLEDGE"', "ACKNOWLEDGE: is not a known clock"),
        ('"version": 3,', '"version": 2, "version": 3,', '"version"', "version is there twice"),
        ('"amount": 3,', '"amount": 3', '"unit": "WD"', "this is not JSON"),
        ('"amount": 3,', '"amount": NaN,', "{", "not JSON"),
        ('"max_hold": 20', '"max_hold": "long"', '"max_hold"', "max_hold: is not a whole number"),
        ('"amount": 60', '"amount": 40', '"stages"', "take longer together than OVERALL"),
        ('"Europe/London"', '"Europe/Lndn"', '"time_zone"', "is not a time zone like"),
        ('"unit": "WD"', '"colour": "red"', '"colour"', "ACK.colour: is not a field of a clock"),
    ],
)
def test_a_fault_is_told_with_its_line(old: str, new: str, at: str, reason: str) -> None:
    text = GOOD.replace(old, new, 1)
    known = set(json.loads(GOOD)["clocks"])
    with pytest.raises(FileInvalid, match=reason) as refusal:
        read_profile(text, known)
    assert refusal.value.line == line_of(text, at)


def test_of_two_equal_fields_the_second_is_at_fault() -> None:
    text = GOOD.replace('"TRIAGE": {', '"ACK": {', 1)
    first, second = (n for n, line in enumerate(text.splitlines(), 1) if '"ACK": {' in line)
    with pytest.raises(FileInvalid, match=f"clocks.ACK is there twice, first on line {first}"):
        read_profile(text)
    with pytest.raises(FileInvalid, match=f"^line {second}: "):
        read_profile(text)


@pytest.mark.parametrize("text", ["", "[]", "3", "[" * 100_000, '{"code"', "null", "\x00"])
def test_what_is_no_profile_at_all_is_refused(text: str) -> None:
    with pytest.raises(FileInvalid):
        read_profile(text)


def test_signs_within_text_do_not_shift_the_lines() -> None:
    text = GOOD.replace('"GB"', '"a \\" { [ : , \\\\ b"').replace('"amount": 3,', '"amount": -3,')
    with pytest.raises(FileInvalid) as refusal:
        read_profile(text)
    assert refusal.value.line == line_of(text, "-3")
