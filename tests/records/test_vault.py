"""Words are sealed to people and to their place: nobody else opens them, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from grievances import vault
from grievances.actions import Caller, reading
from grievances.models import Case, SealedKey
from grievances.models.keyring import (
    Holder,
    Keyring,
    anonymous_holder,
    holder_handle,
    lock_in_browser,
    make_recovery_code,
    open_for_server,
    reseal,
    seal_for_server,
    unlock,
    unlock_by_code,
    unlock_from_browser,
)
from grievances.models.records import Kind, Record, read, read_all, write
from grievances.vault import Unreadable
from grievances.vocabulary import Compartment
from tests import corners, given
from tests.cast import PASSWORD, Cast
from tests.given import START, at, done

KEY = bytes(range(32))
SECRET = "PLANTED-SECRET-ACCOUNT"


def ring(cast: Cast, case: Case, name: str) -> Keyring:
    return Keyring.of(case, cast.holders[name])


def compartments(cast: Cast, case: Case, name: str) -> set[str]:
    """The compartments of a case whose keys somebody of the cast holds."""
    return {each.value for each in Compartment if each in ring(cast, case, name)}


def account(case: Case) -> Record:
    return case.records.get(kind=Kind.ACCOUNT)


@drawn(words=st.binary(max_size=200), place=st.text(max_size=40))
def test_what_is_sealed_opens_with_its_key_in_its_place(words: bytes, place: str) -> None:
    blob = vault.seal(KEY, words, place)
    assert vault.open_sealed(KEY, blob, place) == words
    assert blob[:1] == vault.VERSION
    for key, where in ((bytes(32), place), (KEY, place + "x")):
        with pytest.raises(Unreadable):
            vault.open_sealed(key, blob, where)


def test_no_byte_of_a_seal_can_be_changed_or_cut() -> None:
    blob = vault.seal(KEY, b"words", "here")
    for n in range(len(blob)):
        changed = blob[:n] + bytes([blob[n] ^ 1]) + blob[n + 1 :]
        with pytest.raises(Unreadable):
            vault.open_sealed(KEY, changed, "here")
        with pytest.raises(Unreadable):
            vault.open_sealed(KEY, blob[:n], "here")


def test_the_same_words_are_never_sealed_alike() -> None:
    assert len({vault.seal(KEY, b"words", "here") for _ in range(50)}) == 50


def test_a_key_sealed_to_a_person_opens_for_nobody_else_and_nowhere_else() -> None:
    (private, public), (other, _) = vault.new_key_pair(), vault.new_key_pair()
    blob = vault.seal_to(public, KEY, "here")
    assert vault.open_from(private, blob, "here") == KEY
    bad = blob[:-1] + bytes([blob[-1] ^ 1])
    for holder, sealed, place in (
        (other, blob, "here"),
        (private, blob, "there"),
        (private, bad, "here"),
        (private, blob[:40], "here"),
        (private, b"\x02" + blob[1:], "here"),
    ):
        with pytest.raises(Unreadable):
            vault.open_from(holder, sealed, place)


def test_a_record_opens_for_those_it_was_shown_to(cast: Cast) -> None:
    case = given.raised(cast)
    for name in ("complainant1", "triage1", "triage2"):
        assert SECRET in read(account(case), ring(cast, case, name)).text
    for name in ("lead1", "dpo1", "auditor1", "respondent1", "handler1", "admin1", "analyst1"):
        with pytest.raises(Unreadable):
            read(account(case), ring(cast, case, name))


def test_a_row_cannot_pass_for_another(cast: Cast) -> None:
    case = given.raised(cast)
    keys = ring(cast, case, "complainant1")
    message = write(case, keys, Kind.MESSAGE, "Hello.", author="complainant", now=START)
    sealed = bytes(account(case).sealed)
    Record.objects.filter(pk=message.pk).update(sealed=sealed)
    with pytest.raises(Unreadable):
        read(Record.objects.get(pk=message.pk), keys)
    Record.objects.filter(pk=account(case).pk).update(kind=Kind.REPORT)
    with pytest.raises(Unreadable):
        read(case.records.get(kind=Kind.REPORT), keys)


def test_a_row_cannot_be_moved_to_another_case(cast: Cast) -> None:
    first, second = given.raised(cast), given.raised(cast)
    moved, there = account(first), account(second)
    Record.objects.filter(pk=moved.pk).update(case=second)
    with pytest.raises(Unreadable):
        read(Record.objects.get(pk=moved.pk), ring(cast, second, "complainant1"))
    with pytest.raises(Unreadable):
        read(there, ring(cast, first, "complainant1"))


def test_a_sealed_key_cannot_be_handed_to_another_person_or_case(cast: Cast) -> None:
    first, second = given.raised(cast), given.raised(cast)
    theirs = SealedKey.objects.get(
        case=first,
        compartment="core",
        holder=holder_handle(first, cast.holders["triage1"].name),
    )
    respondent = holder_handle(first, cast.holders["respondent1"].name)
    SealedKey.objects.filter(pk=theirs.pk).update(holder=respondent)
    with pytest.raises(Unreadable):
        ring(cast, first, "respondent1")
    mine = holder_handle(second, cast.holders["triage1"].name)
    SealedKey.objects.filter(case=second, holder=mine, compartment="core").update(
        sealed=theirs.sealed
    )
    with pytest.raises(Unreadable):
        ring(cast, second, "triage1")


def test_a_record_that_was_tampered_with_is_refused(cast: Cast) -> None:
    case = given.raised(cast)
    row = account(case)
    Record.objects.filter(pk=row.pk).update(sealed=bytes(row.sealed)[:-1] + b"\x00")
    with pytest.raises(Unreadable):
        read(account(case), ring(cast, case, "complainant1"))


def test_a_new_password_keeps_every_case_readable(cast: Cast) -> None:
    case, person = given.raised(cast), cast["complainant1"]
    reseal(person, unlock(person, PASSWORD), "quite-another-password")
    holder = unlock(person, "quite-another-password")
    assert SECRET in read(account(case), Keyring.of(case, holder)).text
    with pytest.raises(Unreadable):
        unlock(person, PASSWORD)


def test_a_recovery_code_opens_what_the_password_opened(cast: Cast) -> None:
    case, person = given.raised(cast), cast["complainant1"]
    with pytest.raises(Unreadable):
        unlock_by_code(person, "0000-0000-0000-0000-0000-0000")
    old = make_recovery_code(person, cast.holders["complainant1"])
    code = make_recovery_code(person, cast.holders["complainant1"])
    holder = unlock_by_code(person, f" {code.upper().replace('-', ' ')} ")
    assert SECRET in read(account(case), Keyring.of(case, holder)).text
    for wrong in (old, "", code[:-1], code[:-1] + ("0" if code[-1] != "0" else "1")):
        with pytest.raises(Unreadable):
            unlock_by_code(person, wrong)
    with pytest.raises(Unreadable):
        unlock_by_code(cast["triage1"], code)


def test_neither_half_of_a_session_opens_anything_alone(cast: Cast) -> None:
    holder = cast.holders["triage1"]
    stored, cookie = lock_in_browser(holder, "a-session")
    assert unlock_from_browser(stored, cookie, "a-session") == holder
    other_stored, other_cookie = lock_in_browser(holder, "another")
    for halves in (
        (stored, other_cookie, "a-session"),
        (other_stored, cookie, "a-session"),
        (stored, cookie, "another"),
        (stored, "", "a-session"),
        (stored, "not hex", "a-session"),
        (stored, "ab", "a-session"),
    ):
        try:
            assert unlock_from_browser(*halves) is None
        except ValueError:
            pytest.fail(f"{halves[2]}: a cookie that does not fit must not be an error")
    for half in (stored, cookie):
        assert holder.private.hex() not in half


def test_an_open_key_does_not_show_itself(cast: Cast) -> None:
    holder = cast.holders["triage1"]
    assert holder.private.hex() not in repr(holder)
    assert repr(holder.private) not in repr(Caller(cast["triage1"], holder))


def test_a_case_key_opens_its_case_however_it_is_typed() -> None:
    code = vault.new_case_key()
    assert len(vault.normal_code(code)) == 16
    holder, look_up = anonymous_holder(code)
    for typed in (code.upper(), code.replace("-", ""), f"  {code}\n", code.replace("-", " ")):
        assert anonymous_holder(typed) == (holder, look_up)
    assert anonymous_holder(vault.new_case_key())[1] != look_up
    assert look_up not in holder.private.hex()


def test_what_is_sealed_for_the_server_stays_in_its_place() -> None:
    blob = seal_for_server(b"7", "party|1")
    assert open_for_server(blob, "party|1") == b"7"
    for bad, place in ((blob, "party|2"), (bytes([99]) + blob[1:], "party|1"), (b"", "party|1")):
        with pytest.raises(Unreadable):
            open_for_server(bad, place)


def test_taking_a_concern_on_leaves_the_other_officers_no_key(cast: Cast) -> None:
    case = given.acknowledged(cast)
    assert compartments(cast, case, "triage1") == {"core", "identity", "office"}
    assert compartments(cast, case, "triage2") == set()
    assert SealedKey.objects.filter(case=case).count() == 3 + 3 + 1


def test_the_casework_lead_holds_the_process_and_never_the_account(cast: Cast) -> None:
    for state in given.STATES:
        case = given.STATES[state](cast) if state in {"INVESTIGATION", "TRIAGE"} else None
        if case is not None:
            assert compartments(cast, case, "lead1") == {"office"}
            opened = reading.open_case(cast.caller("lead1"), case.reference, now=START)
            assert SECRET not in str(opened.words)
    openly = given.raised(cast, identity="OPEN")
    assert compartments(cast, openly, "lead1") == {"office", "identity"}


@pytest.mark.parametrize("share", ["yes", "no"])
def test_the_name_reaches_the_handler_only_with_a_yes(cast: Cast, share: str) -> None:
    case = given.in_investigation(cast, share=share)
    name = {"identity"} if share == "yes" else set()
    for who in ("handler1", "decider1"):
        assert compartments(cast, case, who) == {"core", "office"} | name
    if share == "no":
        done(cast, case, "complainant1", "share_name", START, share="yes")
        assert "identity" in compartments(cast, case, "handler1")


def test_a_yes_reaches_somebody_who_has_not_answered_yet(cast: Cast) -> None:
    case = given.in_allocation(cast, share="no")
    done(cast, case, "triage1", "offer", START, role="handler", candidate=cast["handler1"])
    done(cast, case, "complainant1", "share_name", START, share="yes")
    done(cast, case, "handler1", "accept", START, declare=True)
    assert "identity" in compartments(cast, case, "handler1")


def test_a_candidate_holds_keys_but_may_not_read_before_accepting(cast: Cast) -> None:
    case = corners.offered(cast)
    assert compartments(cast, case, "handler1") >= {"core", "office"}
    opened = reading.open_case(cast.caller("handler1"), case.reference, now=START)
    assert opened.words == ()


def test_declining_takes_the_keys_away(cast: Cast) -> None:
    case = corners.offered(cast)
    done(cast, case, "handler1", "decline", START)
    assert compartments(cast, case, "handler1") == set()


@pytest.mark.parametrize(("who", "step"), [("handler1", "recuse"), ("lead1", "change_handler")])
def test_stepping_back_takes_the_keys_away(cast: Cast, who: str, step: str) -> None:
    case = given.in_investigation(cast)
    done(cast, case, who, step, START, reason="ABSENCE")
    assert compartments(cast, case, "handler1") == set()


def test_whoever_is_shut_out_later_loses_the_keys(cast: Cast) -> None:
    case = given.in_investigation(cast)
    who = cast["handler1"]
    done(cast, case, "complainant1", "exclude", START, people="handler1", matched=[who])
    assert compartments(cast, case, "handler1") == set()


def test_the_mediators_notes_open_for_the_mediator_alone(cast: Cast) -> None:
    case = corners.mediating(cast)
    note = (Kind.MEDIATION_NOTE, "NOTE-SECRET")
    done(cast, case, "mediator1", "write_mediation_note", START, note, text="NOTE-SECRET")
    holders = {name for name in cast.people if "mediation" in compartments(cast, case, name)}
    assert holders == {"mediator1"}
    assert "core" not in compartments(cast, case, "mediator1")
    for name in ("complainant1", "triage1", "mediator1"):
        opened = reading.open_case(cast.caller(name), case.reference, now=at(1))
        assert ("NOTE-SECRET" in str(opened.words)) == (name == "mediator1")


def test_keys_that_are_owed_are_paid_by_the_next_holder_who_opens(cast: Cast) -> None:
    case = given.in_investigation(cast)
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
    case = corners.reopening(cast)
    done(cast, case, "lead1", "reopen", at(40), reason="RETALIATION")
    assert "core" not in compartments(cast, case, "triage1")
    who = cast["triage1"]
    done(cast, case, "complainant1", "exclude", at(41), people="triage1", matched=[who])
    reading.open_case(cast.caller("complainant1"), case.reference, now=at(42))
    assert compartments(cast, case, "triage1") == set()
    assert "core" in compartments(cast, case, "triage2")


def test_the_complainant_keeps_every_key_to_the_end(cast: Cast) -> None:
    case = given.closed(cast)
    assert compartments(cast, case, "complainant1") == {"core", "identity", "office"}
    words = read_all(case, ring(cast, case, "complainant1"))
    assert any(SECRET in each.text for each in words)


def test_erasing_leaves_no_key_and_no_word(cast: Cast) -> None:
    case = corners.erasable(cast)
    done(cast, case, "dpo1", "erase", at(600))
    assert not case.sealed_keys.exists()
    assert not case.records.exists()
    assert all(party.person_id is None for party in case.parties.all())
    assert not any(compartments(cast, case, name) for name in cast.people)


def test_a_draft_opens_for_its_writer_alone(cast: Cast) -> None:
    case = corners.drafted(cast)
    holders = {name for name in cast.people if compartments(cast, case, name)}
    assert holders == {"complainant1"}


def test_an_anonymous_concern_opens_with_its_case_key(cast: Cast) -> None:
    case, caller = corners.anonymous(cast)
    assert isinstance(caller.holder, Holder)
    assert SECRET in read(account(case), Keyring.of(case, caller.holder)).text
    stranger, _ = anonymous_holder(vault.new_case_key())
    with pytest.raises(Unreadable):
        read(account(case), Keyring.of(case, stranger))
