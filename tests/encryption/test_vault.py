"""Words are sealed to people and to their place: no one else opens them, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from grievances.cases.actions.actor import Caller
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.records import Kind, Record, read, write
from grievances.cases.models.stored_keys.held import holder_pseudonym, rows_on
from grievances.cases.models.stored_keys.rows import SealedKey
from grievances.encryption import primitives
from grievances.encryption.key_pairs import (
    anonymous_holder,
    lock_in_browser,
    make_recovery_code,
    reseal,
    unlock,
    unlock_by_code,
    unlock_from_browser,
)
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import open_for_server, seal_for_server
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import PASSWORD, Staff

KEY = bytes(range(32))
SECRET = "PLANTED-SECRET-ACCOUNT"


def ring(staff: Staff, case: Case, name: str) -> Keyring:
    return Keyring.of(case, staff.holders[name])


def account(case: Case) -> Record:
    return case.records.get(kind=Kind.ACCOUNT)


@drawn(words=st.binary(max_size=200), place=st.text(max_size=40))
def test_what_is_sealed_opens_with_its_key_in_its_place(words: bytes, place: str) -> None:
    blob = primitives.seal(KEY, words, place)
    assert primitives.open_sealed(KEY, blob, place) == words
    assert blob[:1] == primitives.VERSION
    for key, where in ((bytes(32), place), (KEY, place + "x")):
        with pytest.raises(DecryptionFailed):
            primitives.open_sealed(key, blob, where)


def test_no_byte_of_a_seal_can_be_changed_or_cut() -> None:
    blob = primitives.seal(KEY, b"words", "here")
    for n in range(len(blob)):
        changed = blob[:n] + bytes([blob[n] ^ 1]) + blob[n + 1 :]
        with pytest.raises(DecryptionFailed):
            primitives.open_sealed(KEY, changed, "here")
        with pytest.raises(DecryptionFailed):
            primitives.open_sealed(KEY, blob[:n], "here")


def test_the_same_words_are_never_sealed_alike() -> None:
    assert len({primitives.seal(KEY, b"words", "here") for _ in range(50)}) == 50


def test_a_key_sealed_to_a_person_opens_for_no_one_else_and_nowhere_else() -> None:
    (private, public), (other, _) = primitives.new_key_pair(), primitives.new_key_pair()
    blob = primitives.seal_to(public, KEY, "here")
    assert primitives.open_from(private, blob, "here") == KEY
    bad = blob[:-1] + bytes([blob[-1] ^ 1])
    for holder, sealed, place in (
        (other, blob, "here"),
        (private, blob, "there"),
        (private, bad, "here"),
        (private, blob[:40], "here"),
        (private, b"\x01" + blob[1:], "here"),
        (private, b"\x03" + blob[1:], "here"),
    ):
        with pytest.raises(DecryptionFailed):
            primitives.open_from(holder, sealed, place)


def test_a_record_opens_for_those_it_was_shown_to(staff: Staff) -> None:
    case = cases.raised(staff)
    for name in ("complainant1", "triage1", "triage2"):
        assert SECRET in read(account(case), ring(staff, case, name)).text
    for name in ("lead1", "dpo1", "auditor1", "respondent1", "handler1", "admin1", "analyst1"):
        with pytest.raises(DecryptionFailed):
            read(account(case), ring(staff, case, name))


def test_a_row_cannot_pass_for_another(staff: Staff) -> None:
    case = cases.raised(staff)
    keys = ring(staff, case, "complainant1")
    message = write(case, keys, Kind.MESSAGE, "Hello.", author="complainant", now=START)
    sealed = bytes(account(case).sealed)
    Record.objects.filter(pk=message.pk).update(sealed=sealed)
    with pytest.raises(DecryptionFailed):
        read(Record.objects.get(pk=message.pk), keys)
    Record.objects.filter(pk=account(case).pk).update(kind=Kind.REPORT)
    with pytest.raises(DecryptionFailed):
        read(case.records.get(kind=Kind.REPORT), keys)


def test_a_row_cannot_be_moved_to_another_case(staff: Staff) -> None:
    first, second = cases.raised(staff), cases.raised(staff)
    moved, there = account(first), account(second)
    Record.objects.filter(pk=moved.pk).update(case=second)
    with pytest.raises(DecryptionFailed):
        read(Record.objects.get(pk=moved.pk), ring(staff, second, "complainant1"))
    with pytest.raises(DecryptionFailed):
        read(there, ring(staff, first, "complainant1"))


def test_a_sealed_key_cannot_be_handed_to_another_person_or_case(staff: Staff) -> None:
    first, second = cases.raised(staff), cases.raised(staff)
    (theirs,) = rows_on(first, staff.holders["triage1"].name)
    respondent = holder_pseudonym(first, staff.holders["respondent1"].name)
    SealedKey.objects.filter(pk=theirs.pk).update(holder=respondent)
    with pytest.raises(DecryptionFailed):
        ring(staff, first, "respondent1").key("core", 1)
    assert "core" not in ring(staff, first, "respondent1")
    mine = holder_pseudonym(second, staff.holders["triage1"].name)
    SealedKey.objects.filter(case=second, holder=mine).update(sealed=theirs.sealed)
    with pytest.raises(DecryptionFailed):
        ring(staff, second, "triage1").key("core", 1)
    with pytest.raises(DecryptionFailed):
        read(account(second), ring(staff, second, "triage1"))


def test_a_record_that_was_tampered_with_is_refused(staff: Staff) -> None:
    case = cases.raised(staff)
    row = account(case)
    Record.objects.filter(pk=row.pk).update(sealed=bytes(row.sealed)[:-1] + b"\x00")
    with pytest.raises(DecryptionFailed):
        read(account(case), ring(staff, case, "complainant1"))


def test_a_new_password_keeps_every_case_readable(staff: Staff) -> None:
    case, person = cases.raised(staff), staff["complainant1"]
    reseal(person, unlock(person, PASSWORD), "quite-another-password")
    holder = unlock(person, "quite-another-password")
    assert SECRET in read(account(case), Keyring.of(case, holder)).text
    with pytest.raises(DecryptionFailed):
        unlock(person, PASSWORD)


def test_a_recovery_code_opens_what_the_password_opened(staff: Staff) -> None:
    case, person = cases.raised(staff), staff["complainant1"]
    with pytest.raises(DecryptionFailed):
        unlock_by_code(person, "0000-0000-0000-0000-0000-0000")
    old = make_recovery_code(person, staff.holders["complainant1"])
    code = make_recovery_code(person, staff.holders["complainant1"])
    holder = unlock_by_code(person, f" {code.upper().replace('-', ' ')} ")
    assert SECRET in read(account(case), Keyring.of(case, holder)).text
    for wrong in (old, "", code[:-1], code[:-1] + ("0" if code[-1] != "0" else "1")):
        with pytest.raises(DecryptionFailed):
            unlock_by_code(person, wrong)
    with pytest.raises(DecryptionFailed):
        unlock_by_code(staff["triage1"], code)


def test_neither_half_of_a_session_opens_anything_alone(staff: Staff) -> None:
    holder = staff.holders["triage1"]
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


def test_an_open_key_does_not_show_itself(staff: Staff) -> None:
    holder = staff.holders["triage1"]
    assert holder.private.hex() not in repr(holder)
    assert repr(holder.private) not in repr(Caller(staff["triage1"], holder))


def test_a_case_key_opens_its_case_however_it_is_typed() -> None:
    code = primitives.new_case_key()
    assert len(primitives.normal_code(code)) == 16
    holder, look_up = anonymous_holder(code)
    for typed in (code.upper(), code.replace("-", ""), f"  {code}\n", code.replace("-", " ")):
        assert anonymous_holder(typed) == (holder, look_up)
    assert anonymous_holder(primitives.new_case_key())[1] != look_up
    assert look_up not in holder.private.hex()


def test_what_is_sealed_for_the_server_stays_in_its_place() -> None:
    blob = seal_for_server(b"7", "party|1")
    assert open_for_server(blob, "party|1") == b"7"
    for bad, place in ((blob, "party|2"), (bytes([99]) + blob[1:], "party|1"), (b"", "party|1")):
        with pytest.raises(DecryptionFailed):
            open_for_server(bad, place)
