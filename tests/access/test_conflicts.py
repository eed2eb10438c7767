"""Who may have no part in a case, by relationship, before anyone reads it (domain.md 5.3).

And who comes instead is told to the complainant before they can open anything (peers.md 3 row 2).
"""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest

from grievances.cases.access import rules
from grievances.cases.models.assignments import holders
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.casework import appointments
from grievances.casework.appointments import end_lapsed_parts, keep_lines_apart
from grievances.people.models import Appointment, User
from grievances.vocabulary import Office, Role
from tests.access.conflicts import TODAY, barred, codes, manage, names
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done
from tests.factories.people import SINCE, Staff


def test_named_line_team_decision_and_left_out_are_kept_from_the_first_readers(
    staff: Staff,
) -> None:
    assert names(staff) == {"triage1", "triage2"}
    assert names(staff, about="triage1") == {"triage2"}
    assert names(staff, decided="triage1") == {"triage2"}
    assert names(staff, exclude="triage1") == {"triage2"}
    assert names(staff, exclude="Bath") == {"triage1"}
    assert names(staff, about="handler1") == {"triage1"}, "triage2 is in the team of handler1"
    manage(staff, "triage1", "respondent1", TODAY - timedelta(days=700))
    assert names(staff) == {"triage2"}


def test_a_line_that_ended_more_than_two_years_ago_is_no_conflict(staff: Staff) -> None:
    manage(staff, "triage1", "respondent1", TODAY - timedelta(days=760))
    assert "triage1" in names(staff)


@pytest.mark.parametrize("days_ago", [None, 1, 700])
def test_no_one_looks_into_a_concern_about_their_own_manager(
    staff: Staff, days_ago: int | None
) -> None:
    until = None if days_ago is None else TODAY - timedelta(days=days_ago)
    case = cases.in_allocation(staff)
    done(staff, case, "triage1", "name_respondent", START, person=staff["respondent1"])
    manage(staff, "respondent1", "triage1", until)
    manage(staff, "respondent1", "handler1", until)
    assert names(staff, about="") == {"triage1", "triage2"}, "no one is named"
    assert names(staff, about="respondent1") == {"triage2"}
    assert "CONFLICT" in codes(cases.fresh(case), staff["handler1"])
    assert "CONFLICT" not in codes(cases.fresh(case), staff["handler2"])


@pytest.mark.parametrize(
    ("make", "who"),
    [
        (cases.in_investigation, "handler1"),
        (cases.in_appeal, "appeal1"),
        (edge_cases.mediating, "mediator1"),
    ],
)
def test_a_part_in_an_earlier_case_with_the_same_people_is_a_conflict(
    staff: Staff, make: object, who: str
) -> None:
    earlier = make(staff)  # type: ignore[operator]
    case = cases.raised(staff, who="complainant2")
    assert "CONFLICT" in codes(case, staff[who])
    Case.unguarded.filter(pk=earlier.pk).update(closed_on=TODAY - timedelta(days=1000))
    assert "CONFLICT" in codes(case, staff[who])
    Case.unguarded.filter(pk=earlier.pk).update(closed_on=TODAY - timedelta(days=1100))
    assert "CONFLICT" not in codes(case, staff[who])


def test_a_part_given_up_before_the_end_is_remembered_too(staff: Staff) -> None:
    earlier = cases.in_investigation(staff)
    done(staff, earlier, "lead1", "change_handler", START, reason="ABSENCE")
    assert "CONFLICT" in codes(cases.raised(staff, who="complainant2"), staff["handler1"])


def test_a_former_mediator_or_triage_officer_takes_no_other_part(staff: Staff) -> None:
    case = edge_cases.mediating(staff)
    done(staff, case, "complainant1", "end_mediation", START)
    for who in ("mediator1", "triage1"):
        assert "ROLE_CLASH" in codes(cases.fresh(case), staff[who]), who


def test_no_one_of_the_respondents_team_oversees_it_and_another_officer_does(
    staff: Staff,
) -> None:
    User.objects.filter(pk=staff["lead1"].pk).update(unit=staff["respondent1"].unit)
    case = cases.raised(staff)
    assert not rules.actions_allowed(staff["lead1"], case)
    assert list(holders(case, Role.LEAD)) == [staff["independent1"]]
    assert "core" not in Keyring.of(case, staff.holders["independent1"])
    end_lapsed_parts(at(1))
    assert list(holders(case, Role.LEAD)) == [staff["independent1"]]


def test_the_readers_shown_do_not_tell_whether_someone_has_a_case(staff: Staff) -> None:
    """A triage officer who once handled a case about X must not vanish when X is typed."""
    cases.in_investigation(staff)
    for office in (Office.TRIAGE,):
        Appointment.objects.create(person=staff["handler1"], office=office, from_date=SINCE)
    staff["triage1"].training.update(person=staff["handler1"])
    shown = names(staff, about="respondent1")
    assert shown == names(staff, about="staff1") == {"handler1", "triage2"}
    case = cases.raised(staff, who="complainant2")
    assert set(holders(case, Role.TRIAGE_POOL)) == {staff["triage2"]}, "and reads nothing of it"


def test_a_reopened_case_goes_to_someone_who_had_no_part_in_it(staff: Staff) -> None:
    case = edge_cases.reopening(staff)
    done(staff, case, "lead1", "reopen", at(40), reason="RETALIATION")
    assert [row.person for row in case.pending_readers.all()] == [staff["triage2"]]


def test_who_took_a_decision_is_kept_away_and_their_managers_are_not(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    manage(staff, "staff2", "staff1")
    done(staff, case, "triage1", "name_respondent", START, person=staff["staff1"], part="DECISION")
    assert barred(case, staff["staff1"]) == {"DECISION"}
    assert not barred(case, staff["staff2"])
    assert not case.parties.filter(standing="RESPONDENT").count() > 1


def test_a_yes_given_for_a_long_pause_is_kept_for_the_pause_that_needs_it(staff: Staff) -> None:
    case = edge_cases.approve(staff, cases.in_investigation(staff), "handler1", "hold")
    words = {"reason": "C_LEAVE", "explanation": "You are away."}
    done(staff, case, "handler1", "hold", START, review_on=at(5).date(), **words)
    assert case.approvals.filter(used_at__isnull=True).count() == 1
    done(staff, case, "handler1", "resume", START)
    done(staff, case, "handler1", "hold", START, review_on=at(21).date(), **words)
    assert not case.approvals.filter(used_at__isnull=True).exists()


def test_someone_who_becomes_a_line_manager_later_is_shut_out_by_the_nightly_sweep(
    staff: Staff,
) -> None:
    case = cases.in_investigation(staff)
    assert keep_lines_apart(at(1)) == 0
    manage(staff, "handler1", "respondent1")
    manage(staff, "lead1", "complainant1")
    assert keep_lines_apart(at(2)) == 2
    assert not rules.actions_allowed(staff["handler1"], case)
    assert not rules.actions_allowed(staff["lead1"], case)
    assert not cases.fresh(case).has_accepted("handler")
    assert keep_lines_apart(at(3)) == 0


def test_cases_without_a_new_line_manager_are_not_opened_one_by_one(staff: Staff) -> None:
    for _ in range(3):
        cases.acknowledged(staff)
    keep_lines_apart(at(1))
    with patch.object(appointments, "_keep_line_apart") as judged:
        assert keep_lines_apart(at(2)) == 0
        manage(staff, "lead1", "complainant1")
        judged.return_value = 1
        assert keep_lines_apart(at(2)) == 3
    assert judged.call_count == 3
