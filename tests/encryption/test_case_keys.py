"""Who holds which key of a case, from the first draft to the last erasure."""

from __future__ import annotations

import pytest

from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring, SealedKey
from grievances.cases.models.records import Kind, Record, read, read_all
from grievances.casework import reading
from grievances.encryption import primitives
from grievances.encryption.key_pairs import Holder, anonymous_holder
from grievances.encryption.primitives import DecryptionFailed
from grievances.vocabulary import Compartment
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done
from tests.factories.people import Cast

SECRET = "PLANTED-SECRET-ACCOUNT"


def ring(cast: Cast, case: Case, name: str) -> Keyring:
    return Keyring.of(case, cast.holders[name])


def compartments(cast: Cast, case: Case, name: str) -> set[str]:
    """The compartments of a case whose keys somebody of the cast holds."""
    return {each.value for each in Compartment if each in ring(cast, case, name)}


def account(case: Case) -> Record:
    return case.records.get(kind=Kind.ACCOUNT)


def test_taking_a_concern_on_leaves_the_other_officers_no_key(cast: Cast) -> None:
    case = cases.acknowledged(cast)
    assert compartments(cast, case, "triage1") == {"core", "identity", "office"}
    assert compartments(cast, case, "triage2") == set()
    whole = SealedKey.objects.filter(case=case, part="")
    assert whole.filter(version=1).count() == whole.filter(version=2).count() == 3 + 3 + 1


def test_the_casework_lead_holds_the_process_and_never_the_account(cast: Cast) -> None:
    for state in cases.STATES:
        case = cases.STATES[state](cast) if state in {"INVESTIGATION", "TRIAGE"} else None
        if case is not None:
            assert compartments(cast, case, "lead1") == {"office"}
            opened = reading.open_case(cast.caller("lead1"), case.reference, now=START)
            assert SECRET not in str(opened.words)
    openly = cases.raised(cast, identity="OPEN")
    assert compartments(cast, openly, "lead1") == {"office", "identity"}


@pytest.mark.parametrize("share", ["yes", "no"])
def test_the_name_reaches_the_handler_only_with_a_yes(cast: Cast, share: str) -> None:
    case = cases.in_investigation(cast, share=share)
    name = {"identity"} if share == "yes" else set()
    for who in ("handler1", "decider1"):
        assert compartments(cast, case, who) == {"core", "office"} | name
    if share == "no":
        done(cast, case, "complainant1", "share_name", START, share="yes")
        assert "identity" in compartments(cast, case, "handler1")


def test_a_yes_reaches_somebody_who_has_not_answered_yet(cast: Cast) -> None:
    case = cases.in_allocation(cast, share="no")
    done(cast, case, "triage1", "offer", START, role="handler", candidate=cast["handler1"])
    done(cast, case, "complainant1", "share_name", START, share="yes")
    done(cast, case, "handler1", "accept", START, declare=True)
    assert "identity" in compartments(cast, case, "handler1")


def test_a_candidate_holds_keys_but_may_not_read_before_accepting(cast: Cast) -> None:
    case = edge_cases.offered(cast)
    assert compartments(cast, case, "handler1") >= {"core", "office"}
    opened = reading.open_case(cast.caller("handler1"), case.reference, now=START)
    assert opened.words == ()


def test_declining_takes_the_keys_away(cast: Cast) -> None:
    case = edge_cases.offered(cast)
    done(cast, case, "handler1", "decline", START)
    assert compartments(cast, case, "handler1") == set()


@pytest.mark.parametrize(("who", "step"), [("handler1", "recuse"), ("lead1", "change_handler")])
def test_stepping_back_takes_the_keys_away(cast: Cast, who: str, step: str) -> None:
    case = cases.in_investigation(cast)
    done(cast, case, who, step, START, reason="ABSENCE")
    assert compartments(cast, case, "handler1") == set()


def test_whoever_is_shut_out_later_loses_the_keys(cast: Cast) -> None:
    case = cases.in_investigation(cast)
    who = cast["handler1"]
    done(cast, case, "complainant1", "exclude", START, people="handler1", matched=[who])
    assert compartments(cast, case, "handler1") == set()


def test_the_mediators_notes_open_for_the_mediator_alone(cast: Cast) -> None:
    case = edge_cases.mediating(cast)
    note = (Kind.MEDIATION_NOTE, "NOTE-SECRET")
    done(cast, case, "mediator1", "write_mediation_note", START, note, text="NOTE-SECRET")
    holders = {name for name in cast.people if "mediation" in compartments(cast, case, name)}
    assert holders == {"mediator1"}
    assert "core" not in compartments(cast, case, "mediator1")
    for name in ("complainant1", "triage1", "mediator1"):
        opened = reading.open_case(cast.caller(name), case.reference, now=at(1))
        assert ("NOTE-SECRET" in str(opened.words)) == (name == "mediator1")


def test_keys_that_are_owed_are_paid_by_the_next_holder_who_opens(cast: Cast) -> None:
    case = cases.in_investigation(cast)
    done(cast, case, "handler1", "recuse", START)
    who = cast["handler2"]
    done(cast, case, "lead1", "offer_later", START, role="handler", candidate=who)
    done(cast, case, "handler2", "accept", START, declare=True)
    assert "core" not in compartments(cast, case, "handler2")
    locked = reading.open_case(cast.caller("handler2"), case.reference, now=at(1))
    assert locked.locked
    reading.open_case(cast.caller("triage1"), case.reference, now=at(1))
    assert "core" in compartments(cast, case, "handler2")
    opened = reading.open_case(cast.caller("handler2"), case.reference, now=at(2))
    assert not opened.locked
    assert SECRET in str(opened.words)


def test_a_key_is_not_paid_to_somebody_who_was_shut_out_meanwhile(cast: Cast) -> None:
    case = edge_cases.reopening(cast)
    done(cast, case, "lead1", "reopen", at(40), reason="RETALIATION")
    assert "core" not in compartments(cast, case, "triage1")
    who = cast["triage1"]
    done(cast, case, "complainant1", "exclude", at(41), people="triage1", matched=[who])
    reading.open_case(cast.caller("complainant1"), case.reference, now=at(42))
    assert compartments(cast, case, "triage1") == set()
    assert "core" in compartments(cast, case, "triage2")


def test_the_complainant_keeps_every_key_to_the_end(cast: Cast) -> None:
    case = cases.closed(cast)
    assert compartments(cast, case, "complainant1") == {"core", "identity", "office"}
    words = read_all(case, ring(cast, case, "complainant1"))
    assert any(SECRET in each.text for each in words)


def test_erasing_leaves_no_key_and_no_word(cast: Cast) -> None:
    case = edge_cases.erasable(cast)
    done(cast, case, "dpo1", "erase", at(600))
    assert not case.sealed_keys.exists()
    assert not case.records.exists()
    assert all(party.person_id is None for party in case.parties.all())
    assert not any(compartments(cast, case, name) for name in cast.people)


def test_a_draft_opens_for_its_writer_alone(cast: Cast) -> None:
    case = edge_cases.drafted(cast)
    holders = {name for name in cast.people if compartments(cast, case, name)}
    assert holders == {"complainant1"}


def test_an_anonymous_concern_opens_with_its_case_key(cast: Cast) -> None:
    case, caller = edge_cases.anonymous(cast)
    assert isinstance(caller.holder, Holder)
    assert SECRET in read(account(case), Keyring.of(case, caller.holder)).text
    stranger, _ = anonymous_holder(primitives.new_case_key())
    with pytest.raises(DecryptionFailed):
        read(account(case), Keyring.of(case, stranger))
