"""Witnesses, and names that must not reach those who are heard."""

from __future__ import annotations

import pytest

from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.exclusions import Exclusions, bar, excluded_from
from grievances.casework import reading
from tests.factories import cases
from tests.factories.cases import START, at, done
from tests.factories.people import Staff
from tests.participants import hearing
from workflow.steps import Refused

OTHERS = ("respondent1", "linemanager1", "director", "triage1", "decider1", "lead1", "staff2")
"""Shut out already, or at work on the case."""


def test_a_witness_has_no_other_part_and_is_shut_out_by_being_asked(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    bar(case, staff["staff2"].pk, Exclusions.Why.EXCLUDED)
    for who in OTHERS:
        with pytest.raises(Refused) as refusal:
            hearing.ask(staff, case, who)
        assert refusal.value.code == "NOT_A_WITNESS", who
    assert not case.hearings.exists()
    hearing.ask(staff, case)
    assert [Exclusions.Why.WITNESS in whys for whys in excluded_from(case).values()].count(
        True
    ) == 1
    with pytest.raises(NotAllowed):
        reading.open_case(staff.caller("staff1"), case.reference, now=START)
    hearing.ask(staff, case, now=at(1))
    assert case.hearings.count() == 1


def test_asking_the_complainant_as_a_witness_tells_no_one_who_they_are(staff: Staff) -> None:
    case = cases.in_investigation(staff, share="no")
    hearing.ask(staff, case, "complainant1")
    reading.open_case(staff.caller("complainant1"), case.reference, now=START)
    done(staff, case, "complainant1", "share_name", START, share="yes")
    with pytest.raises(Refused):
        hearing.ask(staff, case, "complainant1")


def test_a_confidential_name_is_not_sent_even_by_those_who_know_it(staff: Staff) -> None:
    case = cases.in_investigation(staff, share="yes")
    for name in ("Complainant 1", "complainant 1", "COMPLAINANT1", "Complainant"):
        with pytest.raises(Refused) as refusal:
            hearing.put(staff, case, text=f"What did you say to {name}?")
        assert refusal.value.code == "NAME_WITHHELD"
    hearing.put(staff, case, text="Complainants said this, and complainant12 said that.")


def test_those_who_do_not_know_the_name_cannot_find_it_out_by_trying(staff: Staff) -> None:
    case = cases.in_investigation(staff, share="no")
    said = set()
    for person in staff.people.values():
        if person.username != "respondent1":
            with pytest.raises(Refused) as refusal:
                hearing.put(staff, case, text=f"What did you say to {person.name}?")
            said.add((refusal.value.code, refusal.value.sentence))
    assert len(said) == 1
    assert said.pop()[0] == "NAME_WITHHELD"
    hearing.put(staff, case, text="Respondent 1, what do you say?")


def test_a_name_that_is_open_may_be_sent(staff: Staff) -> None:
    case = cases.in_investigation(staff, identity="OPEN")
    hearing.put(staff, case, text="What did you say to Complainant 1?", checked=None)
