"""What a page has fetched of a case is still of that case alone when it is asked further."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db.models import F

from grievances.cases.models.case import Case
from grievances.casework.prefetch import (
    SELDOM,
    fetch,
    forget_what_is_not_there,
    with_what_there_is,
)
from grievances.people.models import User
from grievances.people.officers import hold_certificates
from grievances.retention.dual_control import one_page
from tests.factories import cases
from tests.factories.cases import START, fresh
from tests.factories.people import Staff

pytestmark = pytest.mark.django_db

RELATIONS = [*SELDOM, "offers", "deadlines"]


@pytest.mark.parametrize("name", RELATIONS)
def test_a_fetched_relation_is_asked_further_about_its_own_case_only(
    staff: Staff, name: str
) -> None:
    cases.decided(staff)
    case = fresh(cases.in_allocation(staff))
    fetch(case, name)
    rows = getattr(case, name)
    assert {row.case_id for row in rows.filter(pk__isnull=False)} <= {case.pk}, name
    assert rows.filter(pk__isnull=False).count() == len(rows.all()), name


def test_the_certificates_held_with_a_person_are_theirs_when_they_are_asked_further(
    staff: Staff,
) -> None:
    person = User.objects.get(pk=staff["staff1"].pk)
    hold_certificates(person, [])
    assert not person.training.filter(pk__isnull=False).exists()


def test_what_another_case_has_does_not_let_a_step_of_this_one_seem_possible(staff: Staff) -> None:
    cases.accepted(staff)
    case = fresh(cases.in_allocation(staff))
    fetch(case, "offers", "approvals")
    assert not case.has_accepted("decider")
    Case.unguarded.exclude(pk=case.pk).get().offers.update(objection="open")
    assert not case.has_open_objection(START.date()), "the objection is in another case"


BY_HAND = {"grievances/casework/prefetch.py", "grievances/people/officers.py"}
"""Modules that keep rows as if Django had fetched them. The tests above ask each of them."""


def test_no_other_module_keeps_rows_by_hand() -> None:
    root = Path(__file__).resolve().parents[2]
    found = {
        str(path.relative_to(root))
        for package in ("config", "grievances", "notifications", "workflow")
        for path in (root / package).rglob("*.py")
        if re.search("_result_cache|_prefetched_objects_cache|_prefetch_done", path.read_text())
    }
    assert found == BY_HAND


@pytest.mark.parametrize("name", SELDOM)
def test_a_relation_marked_as_empty_stays_empty_when_it_is_asked_further(
    staff: Staff, name: str
) -> None:
    cases.decided(staff)
    case = with_what_there_is(Case.unguarded.filter(pk=cases.raised(staff).pk)).get()
    forget_what_is_not_there(case)
    rows = getattr(case, name)
    assert {row.case_id for row in rows.filter(pk__isnull=False)} <= {case.pk}


def test_what_is_read_together_for_a_list_is_of_each_case_alone(staff: Staff) -> None:
    decided, case = cases.decided(staff), cases.in_allocation(staff)
    found, _ = one_page(Case.unguarded.annotate(place=F("pk")).order_by("pk"), "")
    assert {each.pk for each in found} == {decided.pk, case.pk}
    for each in found:
        kept = [*each.__dict__["kept_until"], *each.__dict__["requests"]]
        assert {row.case_id for row in kept} <= {each.pk}
