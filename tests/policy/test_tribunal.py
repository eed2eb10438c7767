"""Tribunal dates (domain.md 6.5, 6.6; vectors V26-V41), under each length that may apply."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grievances.policy.tribunal_limits import (
    LENGTHS,
    claims_after,
    earliest_limit,
    limits_of,
    primary_limit,
    with_conciliation,
)
from grievances.vocabulary import Division
from tests.workflow.vectors import name, on, vectors

GREAT_BRITAIN, NORTH = Division.ENG_WLS, Division.NIR


@pytest.mark.parametrize("vector", vectors("tribunal_primary"), ids=name)
def test_the_primary_limit_is_that_of_the_vector(vector: Any) -> None:
    limit = primary_limit(on(vector["input"]["act_date"]), vector["input"]["months"])
    found = {
        field: value.isoformat() if isinstance(value, date) else value
        for field, value in asdict(limit).items()
    }
    assert found == vector["expected"]


@pytest.mark.parametrize("vector", vectors("tribunal_with_ec"), ids=name)
def test_conciliation_moves_the_limit_as_the_vector_says(vector: Any) -> None:
    asked = vector["input"]
    found = with_conciliation(
        on(asked["act_date"]), asked["months"], on(asked["day_a"]), on(asked["day_b"])
    )
    assert found == on(vector["expected"])


@pytest.mark.parametrize(
    ("act", "months", "safe", "is_ambiguous"),
    [
        ("2026-06-30", 3, "2026-09-29", False),
        ("2026-08-29", 3, "2026-11-28", False),
        ("2026-08-30", 3, "2026-11-29", False),
        ("2026-08-31", 3, "2026-11-29", True),
        ("2026-11-28", 3, "2027-02-27", False),
        ("2026-11-29", 3, "2027-02-27", True),
        ("2026-11-30", 3, "2027-02-27", True),
        ("2026-11-30", 6, "2027-05-29", False),
        ("2026-12-01", 6, "2027-05-30", True),
        ("2026-10-01", 3, "2026-12-30", True),
        ("2026-10-01", 6, "2027-03-30", True),
        ("2027-08-29", 6, "2028-02-28", False),
        ("2027-08-31", 6, "2028-02-28", True),
        ("2027-03-01", 3, "2027-05-28", True),
    ],
)
def test_at_the_ends_of_months_the_day_is_that_counted_by_hand(
    act: str, months: int, safe: str, is_ambiguous: bool
) -> None:
    limit = primary_limit(on(act), months)
    assert (limit.safe, limit.month_end_ambiguous) == (on(safe), is_ambiguous)


@pytest.mark.parametrize(
    ("act", "months", "day_a", "day_b", "claim_by"),
    [
        ("2026-06-30", 3, "2026-07-01", "2026-08-12", "2026-11-10"),
        ("2026-06-30", 3, "2026-09-29", "2026-09-29", "2026-10-29"),
        ("2026-06-30", 3, "2026-09-30", "2026-10-30", "2026-09-29"),
        ("2026-08-31", 3, "2026-11-29", "2026-12-31", "2027-01-31"),
        ("2026-11-20", 3, "2026-11-01", "2026-11-30", "2027-03-01"),
        ("2026-11-20", 6, "2026-10-01", "2026-10-10", "2027-05-19"),
        ("2027-11-30", 3, "2028-02-28", "2028-03-31", "2028-04-30"),
        ("2026-12-01", 6, "2026-12-02", "2027-02-23", "2027-08-21"),
        ("2027-11-05", 3, "2028-01-25", "2028-01-31", "2028-02-29"),
    ],
)
def test_conciliation_ends_on_the_day_counted_by_hand(
    act: str, months: int, day_a: str, day_b: str, claim_by: str
) -> None:
    assert with_conciliation(on(act), months, on(day_a), on(day_b)) == on(claim_by)


def test_a_certificate_before_the_contact_is_refused() -> None:
    with pytest.raises(ValueError, match="before"):
        with_conciliation(date(2026, 1, 10), 3, date(2026, 2, 2), date(2026, 2, 1))


def test_of_several_acts_the_one_that_runs_out_first_leads() -> None:
    limit = earliest_limit([date(2026, 3, 2), date(2026, 1, 15)], 3)
    assert limit is not None
    assert limit.safe == date(2026, 4, 14)
    assert earliest_limit([], 3) is None


def test_contact_on_the_last_day_still_moves_the_limit() -> None:
    safe = primary_limit(date(2026, 1, 10), 3).safe
    assert with_conciliation(date(2026, 1, 10), 3, safe, date(2026, 4, 30)) == date(2026, 5, 30)


LIMITS = [
    ("2026-09-29", GREAT_BRITAIN, ["2026-12-28"]),
    ("2026-09-30", GREAT_BRITAIN, ["2026-12-29"]),
    ("2026-10-01", GREAT_BRITAIN, ["2026-12-30", "2027-03-30"]),
    ("2026-10-02", GREAT_BRITAIN, ["2027-01-01", "2027-04-01"]),
    ("2026-10-05", GREAT_BRITAIN, ["2027-01-04", "2027-04-04"]),
    ("2026-10-05", Division.SCT, ["2027-01-04", "2027-04-04"]),
    ("2026-10-31", GREAT_BRITAIN, ["2027-01-30", "2027-04-29"]),
    ("2026-11-30", GREAT_BRITAIN, ["2027-02-27", "2027-05-29"]),
    ("2027-08-31", GREAT_BRITAIN, ["2027-11-29", "2028-02-28"]),
    ("2026-09-30", NORTH, ["2026-12-29"]),
    ("2026-10-05", NORTH, ["2027-01-04"]),
]


@pytest.mark.parametrize(("act", "division", "safe"), LIMITS)
def test_each_length_that_may_apply_has_its_date(act: str, division: str, safe: list[str]) -> None:
    limits = limits_of(on(act), division)
    assert [limit.safe.isoformat() for limit in limits.values()] == safe
    assert list(limits) == [3, 6][: len(safe)]


def test_each_length_says_which_law_gives_it() -> None:
    assert all(rule.source for rules in LENGTHS.values() for rule in rules)
    assert "S.I. 2026/954" in LENGTHS[GREAT_BRITAIN][-1].source


CLAIMS = [
    # One length: an act before 1 October 2026, and one in Northern Ireland.
    ("2026-09-30", GREAT_BRITAIN, "2026-12-29", "2027-01-29", [("2027-02-28", True)]),
    ("2026-09-30", GREAT_BRITAIN, "2026-12-30", "2027-01-29", [("2026-12-29", False)]),
    ("2026-10-05", NORTH, "2027-02-01", "2027-03-15", [("2027-01-04", False)]),
    # Contact too late under three months, in time under six.
    ("2026-10-01", GREAT_BRITAIN, "2026-12-31", "2027-01-31",
     [("2026-12-30", False), ("2027-04-30", True)]),
    ("2026-10-05", GREAT_BRITAIN, "2027-02-01", "2027-03-15",
     [("2027-01-04", False), ("2027-05-16", True)]),
    # In time under both: the clock stops under each, or a month after the certificate counts.
    ("2026-10-01", GREAT_BRITAIN, "2026-12-30", "2027-01-31",
     [("2027-02-28", True), ("2027-05-01", True)]),
    ("2026-10-05", GREAT_BRITAIN, "2026-10-10", "2026-11-21",
     [("2027-02-15", True), ("2027-05-16", True)]),
    ("2026-10-05", GREAT_BRITAIN, "2026-12-28", "2027-03-20",
     [("2027-04-20", True), ("2027-06-25", True)]),
    # Too late under both.
    ("2026-10-05", GREAT_BRITAIN, "2027-04-05", "2027-04-06",
     [("2027-01-04", False), ("2027-04-04", False)]),
]  # fmt: skip


@pytest.mark.parametrize(("act", "division", "day_a", "day_b", "expected"), CLAIMS)
def test_conciliation_is_reckoned_under_each_length_by_itself(
    act: str, division: str, day_a: str, day_b: str, expected: list[tuple[str, bool]]
) -> None:
    claims = claims_after(on(act), division, on(day_a), on(day_b))
    assert [(claim.claim_by.isoformat(), claim.is_extended) for claim in claims] == expected


def same_day(day: date, months: int) -> date:
    """The corresponding day of a later month, or the last day that month has."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 0, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError(day)


def walked(act: date, months: int, day_a: date, day_b: date) -> date:
    """The last day to claim, found by walking the days one by one (Equality Act 2010 s140B).

    The days after A up to B are not counted. A limit that ends from A to a month after B ends then.
    """
    day = timedelta(days=1)
    first = min(same_day(act, months) - day, same_day(act - day, months))
    if day_a > first:
        return first
    left, last = (first - act).days, act
    while left:
        last += day
        if not day_a < last <= day_b:
            left -= 1
    month_after = same_day(day_b, 1)
    return month_after if day_a <= last <= month_after else last


@given(
    act=st.dates(date(2026, 4, 1), date(2028, 3, 31)),
    division=st.sampled_from(Division.values),
    before_contact=st.integers(0, 260),
    talks=st.integers(0, 120),
)
def test_every_claim_agrees_with_a_walk_through_the_days(
    act: date, division: str, before_contact: int, talks: int
) -> None:
    day_a = act + timedelta(days=before_contact)
    day_b = day_a + timedelta(days=talks)
    claims = claims_after(act, division, day_a, day_b)
    is_longer = act >= date(2026, 10, 1) and division != NORTH
    lengths = [3, 6] if is_longer else [3]
    assert [claim.months for claim in claims] == lengths
    assert [c.claim_by for c in claims] == [walked(act, n, day_a, day_b) for n in lengths]
    assert [c.is_extended for c in claims] == [day_a <= c.limit.safe for c in claims]
    assert [c.claim_by for c in claims] == sorted(c.claim_by for c in claims)


@settings(max_examples=300, deadline=None)
@given(
    act=st.dates(date(2026, 4, 1), date(2028, 3, 31)),
    division=st.sampled_from(Division.values),
    before_act=st.integers(-260, 120),
    talks=st.integers(0, 120),
    is_confirmed=st.booleans(),
)
def test_300_new_vectors_agree_with_the_walk_also_for_contact_before_the_act(
    act: date, division: str, before_act: int, talks: int, is_confirmed: bool
) -> None:
    day_a = act - timedelta(days=before_act)
    day_b = day_a + timedelta(days=talks)
    confirmed = {"gb_six_months"} if is_confirmed else set()
    claims = claims_after(act, division, day_a, day_b, confirmed)
    is_newer = act >= date(2026, 10, 1) and division != NORTH
    expected = ([6] if is_confirmed else [3, 6]) if is_newer else [3]
    assert [claim.months for claim in claims] == expected
    for claim in claims:
        assert claim.claim_by == walked(act, claim.months, day_a, day_b)


def test_conciliation_that_ended_before_the_act_moves_nothing() -> None:
    ended = with_conciliation(date(2026, 11, 2), 3, date(2026, 6, 1), date(2026, 8, 20))
    assert ended == primary_limit(date(2026, 11, 2), 3).safe
