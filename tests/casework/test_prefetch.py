"""What a page has fetched of a case is still of that case alone when it is asked further."""

from __future__ import annotations

import pytest

from grievances.cases.models.case import Case
from grievances.casework.prefetch import SELDOM, fetch
from grievances.people.models import User
from grievances.people.officers import hold_certificates
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
