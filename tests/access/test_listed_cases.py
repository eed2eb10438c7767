"""The stored lists of staff say what roles, clocks and the rule say, after every change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from grievances.cases.access import list_check, list_triggers, listed_once
from grievances.cases.access.listed_cases import NO_DATE, ListedCase
from grievances.cases.models.assignments import CaseUserObjectPermission, grant_all, withdraw
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.cases.models.exclusions import Exclusions, bar
from grievances.vocabulary import Region, Role, State
from grievances.web.cases.presenters.case_list import count_late, list_cases
from tests.factories import cases
from tests.factories.copies import copy_case
from tests.factories.people import Staff
from tests.signing_in import sign_in

TODAY = cases.at(60).date()
STAFF = ("triage1", "handler1", "handler2", "decider1", "lead1", "dpo1", "auditor1")


def listed(case: Case) -> set[int]:
    return set(ListedCase.objects.filter(case=case).values_list("person", flat=True))


CHANGES = st.one_of(
    st.tuples(st.just("grant"), st.sampled_from(STAFF), st.sampled_from(list(Role))),
    st.tuples(st.just("withdraw"), st.sampled_from(STAFF), st.sampled_from(list(Role))),
    st.tuples(st.just("bar"), st.sampled_from(STAFF), st.none()),
    st.tuples(st.just("due"), st.integers(0, 5), st.integers(-400, 400)),
    st.tuples(st.just("pause"), st.integers(0, 5), st.booleans()),
    st.tuples(st.just("complete"), st.integers(0, 5), st.booleans()),
    st.tuples(st.just("state"), st.sampled_from(list(State)), st.none()),
    st.tuples(st.just("region"), st.sampled_from(list(Region)), st.none()),
    st.tuples(st.just("delete"), st.integers(0, 5), st.none()),
    st.tuples(st.just("copy"), st.integers(1, 3), st.none()),
)


@drawn(changes=st.lists(CHANGES, min_size=12, max_size=20))
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_rows_are_what_the_rule_says_after_any_changes(
    staff: Staff, one: Case, changes: list[tuple[str, Any, Any]]
) -> None:
    with transaction.atomic():
        for change in changes:
            make(staff, one, change)
            ids = list(Case.unguarded.values_list("pk", flat=True))
            assert list_check.different(ids) == [], change
        transaction.set_rollback(True)


@pytest.fixture
def one(staff: Staff) -> Case:
    return cases.in_investigation(staff)


def make(staff: Staff, case: Case, change: tuple[str, Any, Any]) -> None:
    """Change what the lists depend on, in every way but by the steps."""
    what, which, value = change
    rows = Deadline.objects.filter(case=case)
    clock = rows.filter(pk__in=rows.order_by("pk").values("pk")[which : which + 1]) if what in (
        "due", "pause", "complete", "delete",
    ) else rows.none()  # fmt: skip
    found = Case.unguarded.filter(pk=case.pk)
    if what == "grant":
        grant_all(case, [staff[which]], value)
    elif what == "withdraw":
        withdraw(case, staff[which], value)
    elif what == "bar":
        bar(case, staff[which].pk, Exclusions.Why.CONFLICT)
    elif what == "due":
        clock.update(current_due=TODAY + timedelta(value))
    elif what == "pause":
        clock.update(paused_on=TODAY if value else None)
    elif what == "complete":
        clock.update(completed_on=TODAY if value else None)
    elif what == "state":
        found.update(state=which)
    elif what == "region":
        found.update(region=which, received_on=None)
    elif what == "delete":
        clock.delete()
    else:
        copy_case(case, which)


def test_a_person_who_is_excluded_leaves_the_list_in_the_same_statement(
    staff: Staff, one: Case
) -> None:
    before = listed(one)
    for name in ("handler1", "lead1", "dpo1"):
        person = staff[name]
        assert person.pk in before
        with transaction.atomic():
            bar(one, person.pk, Exclusions.Why.RESPONDENT)
            assert listed(one) == before - {person.pk}
            assert list_cases(person, TODAY).rows == []
            transaction.set_rollback(True)
        assert listed(one) == before
    cases.done(
        staff, one, "complainant1", "exclude", cases.START,
        people="lead1", matched=[staff["lead1"]],
    )  # fmt: skip
    assert staff["lead1"].pk not in listed(one)
    grant_all(one, [staff["lead1"]], Role.LEAD)
    assert staff["lead1"].pk not in listed(one)


def test_a_stale_row_shows_nothing_and_is_found_by_the_check(staff: Staff, one: Case) -> None:
    bar(one, staff["handler2"].pk, Exclusions.Why.CONFLICT)
    true = listed(one)
    strangers = ("handler2", "respondent1", "staff1")
    copied = ListedCase.objects.filter(case=one).values(*list_triggers.COLUMNS[2:])[0]
    for name in strangers:
        ListedCase.objects.create(person=staff[name], case=one, **copied)
        assert list_cases(staff[name], TODAY).rows == []
        client = sign_in(Client(), staff, name)
        assert one.reference not in client.get("/cases/?view=all").content.decode()
        assert client.get("/api/v1/cases/").json()["cases"] == []
    ListedCase.objects.filter(case=one, person=staff["lead1"]).delete()
    assert list_check.different([one.pk]) == [one.pk]
    assert list_check.check_all() == 1
    assert listed(one) == true
    assert list_check.check_all() == 0


def test_an_excluded_person_whose_role_was_left_has_no_row(staff: Staff, one: Case) -> None:
    CaseUserObjectPermission.objects.filter(content_object=one, user=staff["handler1"]).delete()
    bar(one, staff["handler1"].pk, Exclusions.Why.CONFLICT)
    grants = CaseUserObjectPermission.objects.filter(content_object=one, user=staff["lead1"])
    grants.update(user=staff["handler1"])
    assert staff["handler1"].pk in listed(one)
    assert list_cases(staff["handler1"], TODAY).rows == []
    assert list_check.check_all() == 1
    assert staff["handler1"].pk not in listed(one)
    Exclusions.objects.filter(case=one).update(sealed=b"tampered")
    assert list_cases(staff["dpo1"], TODAY).rows == []
    list_check.check_all()
    assert listed(one) == set()


def test_the_command_writes_every_list_and_lost_triggers_come_back(staff: Staff, one: Case) -> None:
    true = listed(one)
    assert list_triggers.missing(connection) == []
    list_triggers.remove(connection)
    assert len(list_triggers.missing(connection)) >= 9
    ListedCase.objects.all().delete()
    call_command("rebuild_lists")
    assert listed(one) == true
    assert list_triggers.missing(connection) == []
    list_triggers.remove(connection)
    Deadline.objects.filter(case=one).update(completed_on=TODAY)
    assert list_check.check_all() == 1
    assert list_triggers.missing(connection) == []
    assert set(ListedCase.objects.values_list("due", flat=True)) == {NO_DATE}
    assert count_late(staff["lead1"], TODAY) == 0


CALLS = "SELECT calls FROM pg_stat_xact_user_functions WHERE funcname = 'list_cases'"


@pytest.mark.postgres
def test_a_step_writes_its_rows_once_and_what_follows_at_once(staff: Staff) -> None:
    case, other = cases.raised(staff), cases.raised(staff, "complainant2")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL track_functions = 'pl'")
        cursor.execute(CALLS)
        before = sum(row[0] for row in cursor.fetchall())
        cases.done(staff, case, "triage1", "acknowledge", cases.at(1), declare=True)
        cursor.execute(CALLS)
        assert sum(row[0] for row in cursor.fetchall()) == before + 1
        assert list_check.different([case.pk, other.pk]) == []
        # The step is over: what anyone writes now is in the lists at once.
        grant_all(case, [staff["handler2"]], Role.HANDLER)
        assert staff["handler2"].pk in listed(case)


@pytest.mark.postgres
def test_rows_of_other_cases_are_written_at_once_within_a_step(staff: Staff) -> None:
    case, other = cases.raised(staff), cases.raised(staff, "complainant2")
    with transaction.atomic():
        with listed_once.at_the_end(connection, case.pk):
            with listed_once.at_the_end(connection, other.pk):
                grant_all(other, [staff["handler2"]], Role.HANDLER)
                grant_all(case, [staff["handler1"]], Role.HANDLER)
                assert staff["handler2"].pk in listed(other)
                assert staff["handler1"].pk not in listed(case)
            Case.unguarded.filter(pk__in=[case.pk, other.pk]).update(region=Region.LONDON)
            assert list_check.different([case.pk, other.pk]) == [case.pk]
        assert list_check.different([case.pk, other.pk]) == []


@pytest.mark.postgres
def test_a_step_that_fails_leaves_nothing_owed(staff: Staff) -> None:
    case = cases.raised(staff)

    def fail() -> None:
        with transaction.atomic(), listed_once.at_the_end(connection, case.pk):
            grant_all(case, [staff["handler1"]], Role.HANDLER)
            raise ValueError("stop")

    with transaction.atomic():
        with pytest.raises(ValueError, match="stop"):
            fail()
        assert list_check.different([case.pk]) == []
        grant_all(case, [staff["handler1"]], Role.HANDLER)
        assert list_check.different([case.pk]) == []
