"""An officer settles that a person with a close name is not meant by an anonymous concern."""

from __future__ import annotations

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.access import rules
from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import reasons_against
from grievances.people.models import LineManagement, User
from tests.factories import cases, edge_cases
from tests.factories.cases import START
from tests.factories.people import SINCE, Staff
from tests.intake.raising import page_of
from tests.signing_in import come_back, sign_in
from workflow.steps import Refused

pytestmark = pytest.mark.django_db

WHY = "The concern is about a contractor, Priya Mennon."


def settle(staff: Staff, case: Case, who: str, officer: str = "triage1") -> None:
    cases.done(staff, case, officer, "lift_close_name", START, person=staff[who], reason=WHY)


def step_page(case: Case) -> str:
    return f"/cases/{case.reference}/lift_close_name/"


def test_an_officer_lets_in_who_is_not_meant_and_their_managers(staff: Staff) -> None:
    case = edge_cases.with_a_close_name(staff)
    assert reasons_against(case, staff["staff1"].pk)
    assert reasons_against(case, staff["triage2"].pk) == {"LINE"}
    client = sign_in(Client(), staff, "triage1")
    html = page_of(client.get(step_page(case)))
    assert "Priya Menon, York" in html
    typed = {"person": staff["staff1"].pk, "reason": WHY}
    answer = client.post(step_page(case), typed)
    assert answer.status_code == 302, page_of(answer)
    assert not reasons_against(case, staff["staff1"].pk)
    assert not reasons_against(case, staff["triage2"].pk)


def test_the_complainant_sees_it_and_reads_no_name(staff: Staff) -> None:
    sent = edge_cases.sent_with_a_close_name(staff)
    case = sent.case
    settle(staff, case, "staff1")
    event = Event.objects.get(kind="case.lift_close_name")
    assert "Menon" not in str(event.data)
    client = come_back(Client(), sent.case_key)
    html = page_of(client.get(f"/cases/{case.reference}/"))
    assert "settled that a person with a close name is not meant" in html
    assert "Priya Menon" not in html.replace("Priya Mennon", "")


def test_a_manager_who_manages_the_person_meant_as_well_stays_out(staff: Staff) -> None:
    case = edge_cases.with_a_close_name(staff)
    both = {"manager": staff["triage2"], "from_date": SINCE}
    LineManagement.objects.create(person=staff["staff2"], **both)
    cases.done(staff, case, "triage1", "name_respondent", START, person=staff["staff2"])
    settle(staff, case, "staff1")
    assert reasons_against(case, staff["triage2"].pk)
    assert not rules.allows(staff["triage2"], "read", case)


@pytest.mark.parametrize("who", ["staff2", "triage2", "respondent1", "triage1"])
def test_no_one_else_can_be_let_in(staff: Staff, who: str) -> None:
    """Not a manager, not someone no name is close to, and not the officer."""
    case = edge_cases.with_a_close_name(staff)
    with pytest.raises(Refused, match="NOT_IN_DOUBT"):
        settle(staff, case, who)


def test_who_is_named_exactly_cannot_be_let_in(staff: Staff) -> None:
    case = edge_cases.with_a_close_name(staff, "Priya Menon")
    html = page_of(sign_in(Client(), staff, "triage1").get(step_page(case)))
    assert "Priya Menon, York" not in html
    with pytest.raises(Refused, match="NOT_IN_DOUBT"):
        settle(staff, case, "staff1")


def test_who_is_kept_out_for_another_reason_too_stays_out(staff: Staff) -> None:
    case = edge_cases.with_a_close_name(staff)
    LineManagement.objects.create(person=staff["staff2"], manager=staff["staff1"], from_date=SINCE)
    cases.done(staff, case, "triage1", "name_respondent", START, person=staff["staff2"])
    with pytest.raises(Refused, match="NOT_IN_DOUBT"):
        settle(staff, case, "staff1")


def test_an_officer_of_the_unit_of_someone_in_doubt_cannot_settle_it(staff: Staff) -> None:
    case = edge_cases.with_a_close_name(staff)
    User.objects.filter(pk=staff["triage1"].pk).update(unit=staff["staff1"].unit)
    staff["triage1"].refresh_from_db()
    with pytest.raises(Refused, match="NOT_OUTSIDE"):
        settle(staff, case, "staff1")


def test_with_an_account_the_writer_settles_it_and_no_officer(staff: Staff) -> None:
    User.objects.filter(pk=staff["staff1"].pk).update(name="Priya Menon")
    case = cases.acknowledged(staff, about="Priya Mennon")
    html = page_of(sign_in(Client(), staff, "triage1").get(f"/cases/{case.reference}/"))
    assert "lift_close_name" not in html
    with pytest.raises(Refused):
        settle(staff, case, "staff1")
