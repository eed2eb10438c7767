"""The six policies that come with the product, held to the table of domain.md 3."""

import json
from datetime import UTC, datetime

import pytest

from grievances.cases.actions.actor import Caller
from grievances.cases.models.case import Case
from grievances.intake import drafts
from grievances.policy import profiles
from grievances.policy.profiles import POLICIES
from grievances.policy_changes.loading import load_profile
from tests.factories.people import Staff
from workflow.models import PolicyProfile
from workflow.profiles import ProfileInvalid, parse_profile

TABLE = """
ACK             3 WD   5 WD   5 WD   7 CD   7 CD     1 WD
TRIAGE          5 WD   10 WD  10 WD  14 CD  14 CD    2 WD
ALLOCATION      5 WD   10 WD  10 WD  14 CD  14 CD    2 WD
OFFER           2 WD   2 WD   3 WD   3 CD   3 CD     1 WD
MEETING         10 WD  5 WD   21 CD  21 CD  28 CD    3 WD
INVESTIGATION   30 WD  30 WD  40 WD  42 CD  60 CD    15 WD
DECISION        10 WD  10 WD  7 WD   14 CD  14 CD    5 WD
OVERALL         60 WD  65 WD  75 WD  90 CD  3 MONTH  30 WD
APPEAL_WINDOW   10 WD  5 WD   10 WD  7 CD   14 CD    10 WD
APPEAL_ALLOC    5 WD   5 WD   5 WD   7 CD   7 CD     3 WD
APPEAL_MEETING  10 WD  10 WD  15 WD  21 CD  21 CD    5 WD
APPEAL          25 WD  30 WD  35 WD  42 CD  42 CD    15 WD
UPDATE          10 WD  20 WD  10 WD  14 CD  28 CD    5 WD
INFORMAL        15 WD  15 WD  15 WD  21 CD  28 CD    -
MEDIATION       20 WD  20 WD  20 WD  28 CD  28 CD    -
"""
CODES = ("uk_default", "acas_min", "nhs_style", "police_style", "eu_2019_1937", "fast_track")


def rows() -> list[tuple[str, str, str]]:
    """(policy, clock, "amount unit") of every cell of the table that offers something."""
    found = []
    for line in TABLE.strip().splitlines():
        name, *cells = line.split()
        pairs = " ".join(cells).replace("-", "- -").split()
        values = [f"{a} {b}" for a, b in zip(pairs[::2], pairs[1::2], strict=True)]
        found += [(code, name, value) for code, value in zip(CODES, values, strict=True)]
    return [row for row in found if row[2] != "- -"]


def body(code: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((POLICIES / f"{code}.json").read_text())
    return found


def test_there_are_six_and_each_is_sound() -> None:
    assert {path.stem for path in POLICIES.glob("*.json")} == set(CODES)
    for code in CODES:
        profile = parse_profile(body(code), set(profiles.CLOCKS))
        assert profile.code == code


@pytest.mark.parametrize(("code", "clock", "length"), rows())
def test_a_clock_is_as_long_as_the_rule_book_says(code: str, clock: str, length: str) -> None:
    found = parse_profile(body(code), set(profiles.CLOCKS)).clocks[clock]
    assert f"{found.amount} {found.unit.value}" == length


@pytest.mark.django_db
def test_an_organisation_chooses_its_policy_by_setting(staff: Staff, settings: object) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    load_profile(body("nhs_style"), now=now)
    settings.POLICY_PROFILE = "nhs_style"  # type: ignore[attr-defined]
    person = staff["complainant1"]
    caller: Caller = staff.caller("complainant1")
    case = drafts.open_draft(person, caller, now=now)
    assert Case.unguarded.get(pk=case.pk).profile == PolicyProfile.objects.get(code="nhs_style")


@pytest.mark.django_db
def test_a_version_that_was_let_in_once_is_still_read(staff: Staff) -> None:
    """A rule that came later refuses new versions; the cases under an old one go on."""
    row = PolicyProfile.objects.get(code="uk_default")
    longer = json.loads(json.dumps(row.body))
    longer["clocks"]["INVESTIGATION"]["amount"] = 500
    with pytest.raises(ProfileInvalid, match="longer together"):
        parse_profile(longer, set(profiles.CLOCKS))
    old = PolicyProfile.objects.create(
        code="uk_default", version=2, effective_from=row.effective_from, jurisdiction="GB",
        body=longer, digest="of the old one", loaded_at=row.loaded_at,
    )  # fmt: skip
    assert profiles.profile_of(old).clocks["INVESTIGATION"].amount == 500
