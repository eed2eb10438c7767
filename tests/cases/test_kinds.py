"""What a concern is about: a code that staff set after reading it (domain.md 2)."""

from __future__ import annotations

from tests.factories import cases, edge_cases
from tests.factories.people import Staff


def test_the_kind_of_a_concern_is_set_when_its_way_is_agreed(staff: Staff) -> None:
    case = edge_cases.ready_for_route(staff)
    cases.done(staff, case, "triage1", "agree_formal", cases.START, tag="VICTIMISATION")
    assert list(case.allegations.values_list("number", "tag")) == [(1, "VICTIMISATION")]


def test_it_may_be_left_open(staff: Staff) -> None:
    case = edge_cases.ready_for_route(staff)
    cases.done(staff, case, "triage1", "agree_formal", cases.START)
    assert list(case.allegations.values_list("tag", flat=True)) == [""]
