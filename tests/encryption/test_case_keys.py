"""Who holds which key of a case, from the first draft to the last erasure."""

from __future__ import annotations

import pytest

from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.records import Kind, Record, read, read_all
from grievances.cases.models.stored_keys.held import held_on
from grievances.cases.models.stored_keys.rows import Part
from grievances.casework import reading
from grievances.encryption import primitives
from grievances.encryption.key_pairs import Holder, anonymous_holder
from grievances.encryption.primitives import DecryptionFailed
from grievances.vocabulary import Compartment
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done
from tests.factories.people import Staff

SECRET = "PLANTED-SECRET-ACCOUNT"


def ring(staff: Staff, case: Case, name: str) -> Keyring:
    return Keyring.of(case, staff.holders[name])


def compartments(staff: Staff, case: Case, name: str) -> set[str]:
    """The compartments of a case whose keys someone of the staff holds."""
    return {each.value for each in Compartment if each in ring(staff, case, name)}


def account(case: Case) -> Record:
    return case.records.get(kind=Kind.ACCOUNT)


def test_taking_a_concern_on_leaves_the_other_officers_no_key(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    assert compartments(staff, case, "triage1") == {"core", "identity", "office"}
    assert compartments(staff, case, "triage2") == set()
    versions = [one.version for one in held_on(case) if one.part == Part.WHOLE]
    assert versions.count(1) == versions.count(2) == 3 + 3 + 1


def test_the_casework_lead_holds_the_process_and_never_the_account(staff: Staff) -> None:
    for state in cases.STATES:
        case = cases.STATES[state](staff) if state in {"INVESTIGATION", "TRIAGE"} else None
        if case is not None:
            assert compartments(staff, case, "lead1") == {"office"}
            opened = reading.open_case(staff.caller("lead1"), case.reference, now=START)
            assert SECRET not in str(opened.words)
    openly = cases.raised(staff, identity="OPEN")
    assert compartments(staff, openly, "lead1") == {"office", "identity"}


@pytest.mark.parametrize("share", ["yes", "no"])
def test_the_name_reaches_the_handler_only_with_a_yes(staff: Staff, share: str) -> None:
    case = cases.in_investigation(staff, share=share)
    name = {"identity"} if share == "yes" else set()
    for who in ("handler1", "decider1"):
        assert compartments(staff, case, who) == {"core", "office"} | name
    if share == "no":
        done(staff, case, "complainant1", "share_name", START, share="yes")
        assert "identity" in compartments(staff, case, "handler1")


def test_a_yes_reaches_someone_who_has_not_answered_yet(staff: Staff) -> None:
    case = cases.in_allocation(staff, share="no")
    done(staff, case, "triage1", "offer", START, role="handler", candidate=staff["handler1"])
    done(staff, case, "complainant1", "share_name", START, share="yes")
    done(staff, case, "handler1", "accept", START, declare=True)
    assert "identity" in compartments(staff, case, "handler1")


def test_a_candidate_holds_keys_but_may_not_read_before_accepting(staff: Staff) -> None:
    case = edge_cases.offered(staff)
    assert compartments(staff, case, "handler1") >= {"core", "office"}
    opened = reading.open_case(staff.caller("handler1"), case.reference, now=START)
    assert opened.words == ()


def test_declining_takes_the_keys_away(staff: Staff) -> None:
    case = edge_cases.offered(staff)
    done(staff, case, "handler1", "decline", START)
    assert compartments(staff, case, "handler1") == set()


@pytest.mark.parametrize(("who", "step"), [("handler1", "recuse"), ("lead1", "change_handler")])
def test_stepping_back_takes_the_keys_away(staff: Staff, who: str, step: str) -> None:
    case = cases.in_investigation(staff)
    done(staff, case, who, step, START, reason="ABSENCE")
    assert compartments(staff, case, "handler1") == set()


def test_a_person_excluded_later_loses_the_keys(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    who = staff["handler1"]
    done(staff, case, "complainant1", "exclude", START, people="handler1", matched=[who])
    assert compartments(staff, case, "handler1") == set()


def test_the_mediators_notes_open_for_the_mediator_alone(staff: Staff) -> None:
    case = edge_cases.mediating(staff)
    note = (Kind.MEDIATION_NOTE, "NOTE-SECRET")
    done(staff, case, "mediator1", "write_mediation_note", START, note, text="NOTE-SECRET")
    holders = {name for name in staff.people if "mediation" in compartments(staff, case, name)}
    assert holders == {"mediator1"}
    assert "core" not in compartments(staff, case, "mediator1")
    for name in ("complainant1", "triage1", "mediator1"):
        opened = reading.open_case(staff.caller(name), case.reference, now=at(1))
        assert ("NOTE-SECRET" in str(opened.words)) == (name == "mediator1")


def test_keys_that_are_owed_are_paid_by_the_next_holder_who_opens(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    done(staff, case, "handler1", "recuse", START)
    who = staff["handler2"]
    done(staff, case, "lead1", "offer_later", START, role="handler", candidate=who)
    done(staff, case, "handler2", "accept", START, declare=True)
    assert "core" not in compartments(staff, case, "handler2")
    locked = reading.open_case(staff.caller("handler2"), case.reference, now=at(1))
    assert locked.locked
    reading.open_case(staff.caller("triage1"), case.reference, now=at(1))
    assert "core" in compartments(staff, case, "handler2")
    opened = reading.open_case(staff.caller("handler2"), case.reference, now=at(2))
    assert not opened.locked
    assert SECRET in str(opened.words)


def test_a_key_is_not_paid_to_someone_who_was_shut_out_meanwhile(staff: Staff) -> None:
    case = edge_cases.reopening(staff)
    done(staff, case, "lead1", "reopen", at(40), reason="RETALIATION")
    assert "core" not in compartments(staff, case, "triage1")
    who = staff["triage1"]
    done(staff, case, "complainant1", "exclude", at(41), people="triage1", matched=[who])
    reading.open_case(staff.caller("complainant1"), case.reference, now=at(42))
    assert compartments(staff, case, "triage1") == set()
    assert "core" in compartments(staff, case, "triage2")


def test_the_complainant_keeps_every_key_to_the_end(staff: Staff) -> None:
    case = cases.closed(staff)
    assert compartments(staff, case, "complainant1") == {"core", "identity", "office"}
    words = read_all(case, ring(staff, case, "complainant1"))
    assert any(SECRET in each.text for each in words)


def test_erasing_leaves_no_key_and_no_word(staff: Staff) -> None:
    case = edge_cases.erasable(staff)
    done(staff, case, "dpo1", "erase", at(600))
    assert not case.sealed_keys.exists()
    assert not case.records.exists()
    assert all(party.person_id is None for party in case.parties.all())
    assert not any(compartments(staff, case, name) for name in staff.people)


def test_a_draft_opens_for_its_writer_alone(staff: Staff) -> None:
    case = edge_cases.drafted(staff)
    holders = {name for name in staff.people if compartments(staff, case, name)}
    assert holders == {"complainant1"}


def test_an_anonymous_concern_opens_with_its_case_key(staff: Staff) -> None:
    case, caller = edge_cases.anonymous(staff)
    assert isinstance(caller.holder, Holder)
    assert SECRET in read(account(case), Keyring.of(case, caller.holder)).text
    stranger, _ = anonymous_holder(primitives.new_case_key())
    with pytest.raises(DecryptionFailed):
        read(account(case), Keyring.of(case, stranger))
