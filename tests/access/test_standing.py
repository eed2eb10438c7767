"""The standing of a person on a case is one statement, with and without such a case.

That its answer is the one of the rules is in `test_property`.
"""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext

from grievances.audit.models import ChainHead
from grievances.cases.access.facts import Ties
from grievances.cases.access.standing import StandingQuestion
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.stored_keys.held import rows_on
from grievances.casework import reading
from tests.factories import cases, edge_cases
from tests.factories.people import Staff


@pytest.mark.parametrize("name", ["handler1", "lead1", "complainant1", "respondent1", "staff1"])
def test_it_is_one_statement_that_is_never_built_again(staff: Staff, name: str) -> None:
    case = cases.in_investigation(staff)
    ties = Ties(staff[name])
    assert ties.standings is not None  # looked up once for the whole request
    caller = Caller(staff[name], ties=ties)
    _find(caller, case.reference)
    asked = []
    with patch.object(SQLCompiler, "as_sql", side_effect=AssertionError("built again")):
        for reference in (case.reference, "RC-000000"):
            with CaptureQueriesContext(connection) as caught:
                found = _find(caller, reference)
            asked.append([query["sql"].replace(reference, "") for query in caught])
    assert not found
    assert len(asked[0]) == 1
    assert asked[0] == asked[1]


def _find(caller: Caller, reference: str) -> bool:
    try:
        return reading.find(caller, reference).reference == reference
    except NotAllowed:
        return False


@pytest.mark.parametrize("number", [4, 5])
def test_each_of_several_concerns_of_a_person_is_found(staff: Staff, number: int) -> None:
    own = [cases.raised(staff, "complainant2", about="") for _ in range(number)]
    other = cases.raised(staff, "complainant1", about="")
    caller = staff.caller("complainant2")
    assert all(_find(caller, case.reference) for case in own)
    assert not _find(caller, other.reference)


def test_the_flags_of_what_a_case_has_come_with_it(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    found = reading.find_access(staff.caller("handler1"), case.reference).facts.case
    fresh = cases.fresh(case)
    assert {name: getattr(found, name) for name in vars(fresh) if name[0] != "_"} == {
        name: value for name, value in vars(fresh).items() if name[0] != "_"
    }
    assert found.calendar == fresh.calendar
    head = ChainHead.objects.get(chain=case.reference)
    assert bytes(found.__dict__["head_salt"]) == bytes(head.salt)
    assert found.__dict__["has_emergencies"] is False


def test_the_holder_of_a_case_key_is_asked_by_one_statement(staff: Staff) -> None:
    case, caller = edge_cases.anonymous(staff)
    _find(caller, case.reference)
    with CaptureQueriesContext(connection) as caught:
        assert _find(caller, case.reference)
        assert not _find(caller, cases.raised.__name__)
    assert len(caught) == 2


@pytest.mark.parametrize("number", [1, 5])
def test_the_keys_of_the_own_concern_come_along_once(staff: Staff, number: int) -> None:
    own = [cases.raised(staff, "complainant2", about="") for _ in range(number)]
    caller = staff.caller("complainant2")
    name, ask = (
        caller.holder.name if caller.holder else "",
        StandingQuestion(lambda c: c, with_keys=True),
    )
    for case in own:
        found = reading.find_access(caller, case.reference, question=ask).facts.case
        with CaptureQueriesContext(connection) as caught:
            rows = rows_on(found, name)
        assert len(caught) == 0
        assert {row.pk for row in rows} == {row.pk for row in rows_on(case, name)} != set()
        with CaptureQueriesContext(connection) as caught:
            assert {row.pk for row in rows_on(found, name)} == {row.pk for row in rows}
        assert len(caught) == 1  # they may have changed since
        found = reading.find_access(caller, case.reference, question=ask).facts.case
        with CaptureQueriesContext(connection) as caught:
            assert len(rows_on(found)) > len(rows)  # another asks for every holder
        assert len(caught) == 1
    with pytest.raises(NotAllowed):
        reading.find_access(staff.caller("staff1"), own[0].reference, question=ask)
