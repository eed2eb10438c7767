"""Keys that get other holders: new versions after someone has left, shares of two, what is owed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from grievances.cases.actions.actor import Caller
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.records import Kind, Record, read, write
from grievances.cases.models.stored_keys.held import held_in, held_on, public_keys
from grievances.cases.models.stored_keys.rows import SHARES, Part, SealedKey
from grievances.casework import reading
from grievances.casework.reader_grants import admit_readers
from grievances.encryption.key_pairs import Holder
from grievances.encryption.primitives import DecryptionFailed, join_two, split_in_two
from grievances.people.models import Appointment
from grievances.vocabulary import Compartment
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done
from tests.factories.people import Staff
from tests.signing_in import sign_in

LATER = "WRITTEN-AFTERWARDS"
Leave = Callable[[Staff], tuple[Case, Keyring]]


def stolen(staff: Staff, case: Case, name: str) -> Keyring:
    """A copy of every key someone has of a case at this moment, opened."""
    ring = Keyring.of(case, staff.holders[name])
    own = [one for one in held_on(case, staff.holders[name].name) if one.part == Part.WHOLE]
    return Keyring(case, {one.key: ring.key(*one.key) for one in own})


def said_afterwards(staff: Staff, case: Case, who: str = "complainant1") -> Record:
    """A message written at this moment."""
    words = (Kind.MESSAGE, LATER)
    done(staff, case, who, "message", at(3), words, text=LATER)
    return case.records.filter(kind=Kind.MESSAGE).latest("at")


def decline(staff: Staff) -> tuple[Case, Keyring]:
    case = edge_cases.offered(staff)
    keys = stolen(staff, case, "handler1")
    done(staff, case, "handler1", "decline", START)
    return case, keys


def recuse(staff: Staff) -> tuple[Case, Keyring]:
    case = cases.in_investigation(staff)
    keys = stolen(staff, case, "handler1")
    done(staff, case, "handler1", "recuse", START)
    return case, keys


def replaced(staff: Staff) -> tuple[Case, Keyring]:
    case = cases.in_investigation(staff)
    keys = stolen(staff, case, "handler1")
    done(staff, case, "lead1", "change_handler", START, reason="ABSENCE")
    return case, keys


def left_out(staff: Staff) -> tuple[Case, Keyring]:
    case = cases.in_investigation(staff)
    keys = stolen(staff, case, "handler1")
    who = [staff["handler1"]]
    done(staff, case, "complainant1", "exclude", START, people="handler1", matched=who)
    return case, keys


def not_taken_on(staff: Staff) -> tuple[Case, Keyring]:
    case = cases.raised(staff)
    keys = stolen(staff, case, "triage2")
    done(staff, case, "triage1", "acknowledge", START, declare=True)
    return case, keys


@pytest.mark.parametrize("leave", [decline, recuse, replaced, left_out, not_taken_on])
def test_who_was_removed_opens_nothing_that_is_written_afterwards(
    staff: Staff, leave: Leave
) -> None:
    case, keys = leave(staff)
    record = said_afterwards(staff, case)
    account = case.records.get(kind=Kind.ACCOUNT)
    assert "accent" in read(account, keys).text, "the copy was good when it was made"
    with pytest.raises(DecryptionFailed):
        read(record, keys)
    for name in ("complainant1", "triage1"):
        ring = Keyring.of(case, staff.holders[name])
        assert read(record, ring).text == LATER
        assert "accent" in read(account, ring).text, "old records stay under the old version"


def test_a_letter_of_the_office_is_new_to_who_left_as_well(staff: Staff) -> None:
    case, keys = recuse(staff)
    done(staff, case, "lead1", "extend", START, clock="INVESTIGATION", days=2, explanation="Why.")
    ring = Keyring.of(case, staff.holders["lead1"])
    record = write(case, ring, Kind.REASON, LATER, author="lead", now=START)
    with pytest.raises(DecryptionFailed):
        read(record, keys)
    assert read(record, Keyring.of(case, staff.holders["triage1"])).text == LATER


def test_who_comes_after_gets_the_old_version_and_the_new_one(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    done(staff, case, "triage1", "recuse", START)
    record = said_afterwards(staff, case)
    assert admit_readers(at(2)) == 1
    opened = reading.open_case(staff.caller("triage2"), case.reference, now=at(3))
    assert not opened.locked
    assert {"accent" in words.text for words in opened.words} == {True, False}
    assert read(record, Keyring.of(case, staff.holders["triage2"])).text == LATER


def test_an_anonymous_complainant_follows_every_new_version(staff: Staff) -> None:
    case, caller = edge_cases.anonymous(staff)
    done(staff, case, "triage1", "acknowledge", START, declare=True)
    words = (Kind.MESSAGE, LATER)
    done(staff, case, "triage1", "message", START, words, text=LATER)
    opened = reading.open_case(caller, case.reference, now=START)
    assert any(each.text == LATER for each in opened.words)
    assert not opened.locked


def test_no_one_writes_under_a_key_that_someone_gone_still_has(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    row = _own(case, staff.caller("complainant1"), 2)
    assert SealedKey.objects.filter(pk=row.pk).update(sealed=b"") == 1
    ring = Keyring.of(case, staff.holders["complainant1"])
    assert ring.opens("core", 1)
    with pytest.raises(DecryptionFailed):
        write(case, ring, Kind.MESSAGE, "Hello.", author="complainant", now=START)


def test_a_key_of_another_case_or_version_is_refused(staff: Staff) -> None:
    first, second = cases.acknowledged(staff), cases.acknowledged(staff)
    caller = staff.caller("complainant1")
    rows = {(case.pk, v): _own(case, caller, v) for case in (first, second) for v in (1, 2)}
    for taken in (rows[first.pk, 1].sealed, rows[second.pk, 1].sealed):
        SealedKey.objects.filter(pk=rows[second.pk, 2].pk).update(sealed=taken)
        with pytest.raises(DecryptionFailed):
            Keyring.of(second, caller.holder).key("core", 2)
    opened = reading.open_case(caller, second.reference, now=START)
    assert opened.locked is False, "the first version still opens what was written under it"


def test_a_page_with_a_key_of_another_case_says_so_and_goes_on(staff: Staff) -> None:
    first, second = cases.acknowledged(staff), cases.acknowledged(staff)
    file = ContentFile(b"what it says", name="note.txt")
    reading.add_file(second, staff.caller("complainant1"), file, now=START)
    caller = staff.caller("triage1")
    for version in (1, 2):
        taken = _own(first, caller, version).sealed
        SealedKey.objects.filter(pk=_own(second, caller, version).pk).update(sealed=taken)
    page = sign_in(Client(), staff, "triage1").get(f"/cases/{second.reference}/")
    assert page.status_code == 200
    assert "key has not reached you yet" in page.content.decode()
    assert "accent" not in page.content.decode()


def _own(case: Case, caller: Caller, version: int) -> SealedKey:
    assert caller.holder is not None
    held = held_on(case, caller.holder.name)
    (row,) = (one.row for one in held if one.key == ("core", version) and one.part == Part.WHOLE)
    assert row is not None
    return row


def test_two_shares_are_the_key_and_one_says_nothing() -> None:
    key = bytes(range(32))
    one, other = split_in_two(key)
    assert join_two(one, other) == key
    assert key not in (one, other)
    assert split_in_two(key) != (one, other)
    with pytest.raises(DecryptionFailed):
        join_two(one, other[1:])


def shares(case: Case, holder: Holder) -> dict[tuple[str, int], bytes]:
    held = [one for one in held_on(case, holder.name) if one.part in SHARES]
    return {one.key: one.open_with(holder.private) for one in held}


def test_each_of_two_officers_holds_half_of_every_key_but_the_mediators(staff: Staff) -> None:
    case = edge_cases.mediating(staff)
    dpo, lead = shares(case, staff.holders["dpo1"]), shares(case, staff.holders["lead1"])
    assert set(dpo) == set(lead)
    assert {compartment for compartment, _ in dpo} == {"core", "identity", "office"}
    ring = Keyring.of(case, staff.holders["complainant1"])
    for (compartment, version), share in dpo.items():
        assert join_two(share, lead[compartment, version]) == ring.key(compartment, version)
    for name in ("dpo1", "lead1"):
        own = Keyring.of(case, staff.holders[name], in_emergency=True)
        assert "core" not in own
        for key, share in shares(case, staff.holders[name]).items():
            with pytest.raises(DecryptionFailed):
                read(case.records.get(kind=Kind.ACCOUNT), Keyring(case, {key: share}))


def test_who_holds_both_offices_gets_one_share(staff: Staff) -> None:
    Appointment.objects.create(person=staff["lead1"], office="dpo", from_date=START.date())
    case = cases.raised(staff)
    held = held_on(case, staff.holders["lead1"].name)
    assert len({one.part for one in held if one.part in SHARES}) == 1


def test_a_draft_has_no_shares(staff: Staff) -> None:
    case = edge_cases.drafted(staff)
    assert not any(one.part in SHARES for one in held_on(case))


def test_the_table_does_not_say_who_is_owed_a_key(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    done(staff, case, "handler1", "recuse", START)
    who = staff["handler2"]
    done(staff, case, "lead1", "offer_later", START, role="handler", candidate=who)
    owed = SealedKey.objects.filter(case=case, sealed=b"")
    assert owed.exists()
    public = bytes(who.key_pair.public_key)
    assert not any(public in bytes(row.sealed_public) for row in owed)
    assert set(public_keys(held_in(owed)).values()) == {public}


def test_an_open_ring_is_not_shared_between_people(staff: Staff) -> None:
    case = cases.raised(staff)
    stranger = replace(staff.holders["triage1"], name=staff.holders["staff1"].name)
    assert "core" not in Keyring.of(case, stranger)
    assert Compartment.CORE not in Keyring.of(case, None)
