"""A person with two accounts is one person: what holds for one account holds for both."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from grievances.cases.access import conflicts, eligibility, rules
from grievances.people.models import LineManagement, Unit, User
from grievances.vocabulary import Role
from tests.access.conflicts import TODAY, codes
from tests.access.naming import raised, rename, require_kept_out
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import SINCE, Staff
from tests.intake.raising import (
    page_of,
    send,
    the_case,
    written,
)
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_accounts(staff: Staff) -> None:
    """One person with two accounts, staff1 and triage1, whose names are not close."""
    rename(staff["staff1"], "Priya Menon")
    rename(staff["triage1"], "Clare Whitfield")
    call_command("link_accounts", "triage1", "staff1", stdout=StringIO())


@pytest.mark.usefixtures("two_accounts")
@pytest.mark.parametrize("field", ["about", "decided", "exclude"])
@pytest.mark.parametrize("signed_in", [True, False], ids=["account", "anonymous"])
def test_a_person_reads_with_no_account_linked_to_theirs(
    staff: Staff, field: str, signed_in: bool
) -> None:
    case = raised(staff, signed_in, field, "Ms Menon, Priya")
    require_kept_out(staff, "triage1", case)


@pytest.mark.usefixtures("two_accounts")
def test_the_managers_of_a_linked_account_are_kept_out(staff: Staff) -> None:
    LineManagement.objects.create(
        person=staff["triage1"], manager=staff["triage2"], from_date=SINCE
    )
    User.objects.filter(pk=staff["independent1"].pk).update(unit=staff["decider1"].unit)
    case = raised(staff, False, "about", "Priya Menon")
    require_kept_out(staff, "triage2", case)


@pytest.mark.usefixtures("two_accounts")
def test_a_manager_is_kept_out_with_their_other_account(staff: Staff) -> None:
    rename(staff["staff2"], "Tom Ford")
    LineManagement.objects.create(person=staff["staff2"], manager=staff["staff1"], from_date=SINCE)
    case = raised(staff, False, "about", "Tom Ford")
    require_kept_out(staff, "triage1", case)


@pytest.mark.usefixtures("two_accounts")
def test_a_linked_account_cannot_be_ruled_out_while_the_other_is_meant(staff: Staff) -> None:
    client, base = written(staff, about={"about": "Priya Menon"})
    client.post(f"{base}/readers/", {"not_meant": staff["triage1"].pk})
    send(client, base)
    require_kept_out(staff, "triage1", the_case())


@pytest.mark.usefixtures("two_accounts")
def test_keeping_people_away_later_and_naming_later_go_by_linked_accounts(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, "complainant1")
    answer = client.post(f"/cases/{case.reference}/exclude/", {"people": "Priya Menon"})
    assert answer.status_code == 302, page_of(answer)
    require_kept_out(staff, "triage1", case)


def test_accounts_that_are_linked_later_are_kept_out_of_cases_that_were_sent(staff: Staff) -> None:
    rename(staff["staff1"], "Priya Menon")
    rename(staff["triage1"], "Clare Whitfield")
    case = raised(staff, False, "exclude", "Priya Menon")
    assert rules.allows(staff["triage1"], "read_account", case)
    said = StringIO()
    call_command("link_accounts", "staff1", "triage1", stdout=said)
    require_kept_out(staff, "triage1", case)
    assert "case with one of them" in said.getvalue()
    call_command("link_accounts", "staff1", "triage1", "--undo", stdout=StringIO())
    require_kept_out(staff, "triage1", case)


def test_one_person_takes_no_two_separate_roles_with_two_accounts(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    panel = eligibility.Panel(case, Role.DECIDER, START.date())
    assert "ROLE_CLASH" not in panel.unfit(staff["decider1"])
    call_command("link_accounts", "handler1", "decider1", stdout=StringIO())
    panel = eligibility.Panel(case, Role.DECIDER, START.date())
    assert "ROLE_CLASH" in panel.unfit(staff["decider1"])


def manages(manager: User, person: User) -> None:
    LineManagement.objects.create(person=person, manager=manager, from_date=SINCE)


def same_unit(one: User, other: User) -> None:
    unit = Unit.objects.create(code="ZZZ", name="Own unit", region="WALES")
    User.objects.filter(pk__in=[one.pk, other.pk]).update(unit=unit)


RESPONDENT, OTHER, THIRD, OFFICER = "respondent1", "staff2", "staff1", "handler2"
Ties = list[tuple[str, str, str]]
TIES: dict[str, Ties] = {
    "the other account of the respondent manages them":
        [("link", RESPONDENT, OTHER), ("manage", OTHER, OFFICER)],
    "the respondent manages their other account":
        [("link", OFFICER, OTHER), ("manage", RESPONDENT, OTHER)],
    "the team of the other account of the respondent":
        [("link", RESPONDENT, OTHER), ("unit", OFFICER, OTHER)],
    "their other account is in the team of the respondent":
        [("link", OFFICER, OTHER), ("unit", RESPONDENT, OTHER)],
    "two levels below": [("manage", RESPONDENT, OTHER), ("manage", OTHER, OFFICER)],
    "three levels below":
        [("manage", RESPONDENT, OTHER), ("manage", OTHER, THIRD), ("manage", THIRD, OFFICER)],
    "below the other account of one who is managed":
        [("manage", RESPONDENT, OTHER), ("link", OTHER, THIRD), ("manage", THIRD, OFFICER)],
    "those who manage each other":
        [("manage", RESPONDENT, OTHER), ("manage", OTHER, RESPONDENT),
         ("manage", OTHER, OFFICER)],
}  # fmt: skip


@pytest.mark.parametrize("ties", TIES.values(), ids=TIES)
def test_no_account_of_a_person_below_the_respondent_or_of_their_team_takes_part(
    staff: Staff, ties: Ties
) -> None:
    case = cases.acknowledged(staff)
    assert "CONFLICT" not in codes(case, staff[OFFICER])
    for tie, one, other in ties:
        if tie == "link":
            call_command("link_accounts", one, other, stdout=StringIO())
        else:
            {"manage": manages, "unit": same_unit}[tie](staff[one], staff[other])
    assert "CONFLICT" in codes(cases.fresh(case), staff[OFFICER])
    assert staff[OFFICER].pk in conflicts.conflicted(case, TODAY)
    assert "CONFLICT" not in codes(cases.fresh(case), staff["decider2"], Role.DECIDER)


def test_of_the_head_of_all_an_independent_officer_who_is_no_own_report_can_read(
    staff: Staff,
) -> None:
    """Everyone is somewhere below them, and someone has to read it."""
    case = cases.acknowledged(staff)
    manages(staff[RESPONDENT], staff[OTHER])
    manages(staff[OTHER], staff["independent1"])
    assert staff["independent1"].pk in conflicts.conflicted(case, TODAY)
    assert staff["independent1"] in eligibility.independent(cases.fresh(case), TODAY)
    manages(staff[RESPONDENT], staff["independent1"])
    assert staff["independent1"] not in eligibility.independent(cases.fresh(case), TODAY)
