"""What a person holds of a case is one bundle; a copy of the table does not tell what is in it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grievances.cases.actions.locked_case import lock_row
from grievances.cases.actions.perform import StepInput, perform_on
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.key_distribution import rotate_case_keys, take_keys
from grievances.cases.models.stored_keys.held import changing, held_on, holder_pseudonym, rows_on
from grievances.cases.models.stored_keys.owed import owe_anew
from grievances.cases.models.stored_keys.rows import PLACES, Entry, Part, SealedKey, rows_for
from grievances.casework import reading
from grievances.encryption import primitives
from grievances.encryption.key_pairs import Holder
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import seal_for_server
from tests.factories import cases, edge_cases
from tests.factories.cases import START, done
from tests.factories.people import Staff

PEOPLE = ("complainant1", "triage1", "triage2", "lead1", "dpo1", "handler1", "decider1")


def as_before(case: Case, staff: Staff) -> int:
    """Store every key as before there were bundles: a row for each; return how many."""
    old = []
    names = {holder_pseudonym(case, one.name): one for one in staff.holders.values()}
    for one in held_on(case):
        holder = names[one.holder]
        row = SealedKey(
            case=case, compartment=one.compartment, version=one.version,
            part=one.part, holder=one.holder,
        )  # fmt: skip
        row.sealed_public = seal_for_server(holder.public, row.public_place)
        key = one.open_with(holder.private)
        row.sealed = primitives.seal_to(holder.public, key, row.place)
        old.append(row)
    SealedKey.objects.filter(case=case).delete()
    SealedKey.objects.bulk_create(old)
    return len(old)


def opens(case: Case, holder: Holder) -> set[tuple[str, int, str]]:
    """Which keys and shares a holder has that open."""
    return {
        (one.compartment, one.version, one.part)
        for one in held_on(case, holder.name)
        if one.open_with(holder.private)
    }


def test_a_new_case_has_one_row_for_each_holder(staff: Staff) -> None:
    case = cases.raised(staff)
    holders = list(SealedKey.objects.filter(case=case).values_list("holder", flat=True))
    assert len(holders) == len(set(holders)) >= 5
    assert len(held_on(case)) > 2 * len(holders)


def test_every_row_is_as_long_as_every_other(staff: Staff) -> None:
    case = cases.in_investigation(staff, share="yes")
    done(staff, case, "handler1", "recuse", START)
    rows = SealedKey.objects.filter(case=case)
    assert len({len(held_on(case, staff.holders[name].name)) for name in PEOPLE}) > 2
    assert len({len(row.sealed) for row in rows if row.sealed}) == 1
    assert len({len(row.sealed_public) for row in rows}) == 1
    assert {row.part for row in rows} <= {Part.BUNDLE, Part.OWED}
    assert not any(entry.compartment in str(row.compartment) for row in rows
                   for entry in row.contents.entries.values())  # fmt: skip


def test_an_older_public_key_makes_no_shorter_row(staff: Staff) -> None:
    case = cases.raised(staff)
    short = Holder("person:999999", primitives.new_key())
    assert len(short.public) == 32
    ring = Keyring.of(case, staff.holders["complainant1"])
    ring.give(short.name, short.public, ["core"])
    assert "core" in Keyring.of(case, short)
    assert len({len(row.sealed) for row in SealedKey.objects.filter(case=case)}) == 1


def test_who_loses_one_key_keeps_the_others_and_the_row_has_it_no_more(staff: Staff) -> None:
    case = cases.raised(staff)
    holder = staff.holders["lead1"]
    (row,) = rows_on(case, holder.name)
    before, kept = bytes(row.sealed), Keyring.of(case, holder)
    assert kept.opens("office", 1)
    own_key = row._own_key(holder.private)
    take_keys(case, holder.name, parts=[Part.WHOLE])
    (row,) = (each for each in rows_on(case, holder.name) if len(each.contents.entries) == 3)
    assert "office" not in Keyring.of(case, holder)
    assert {one.part for one in held_on(case, holder.name)} == {Part.LEAD}
    assert len(row.sealed) == len(before)
    shares = [one for one in held_on(case, holder.name) if one.open_with(holder.private)]
    assert {one.compartment for one in shares} == {"core", "identity", "office"}
    place = f"{row.place}|{Entry('office', 1, Part.WHOLE)}"
    blob = bytes(row.sealed)
    for at in range(1000, len(blob)):
        with pytest.raises(DecryptionFailed):
            primitives.open_sealed(own_key, blob[at : at + 61], place)


def test_rows_of_before_open_and_the_next_opening_makes_one_of_them(staff: Staff) -> None:
    case = cases.in_investigation(staff, share="yes")
    had = {name: opens(case, staff.holders[name]) for name in PEOPLE}
    count = as_before(case, staff)
    for name in PEOPLE:
        assert opens(case, staff.holders[name]) == had[name]
    reading.open_case(staff.caller("triage1"), case.reference, now=START)
    (own,) = rows_on(case, staff.holders["triage1"].name)
    assert own.part == Part.BUNDLE
    assert SealedKey.objects.filter(case=case).count() == count - len(had["triage1"]) + 1
    assert opens(case, staff.holders["triage1"]) == had["triage1"]


def test_rows_of_before_are_rotated_and_taken_like_bundles(staff: Staff) -> None:
    case = cases.in_investigation(staff, share="yes")
    as_before(case, staff)
    done(staff, case, "handler1", "recuse", START)
    assert not rows_on(case, staff.holders["handler1"].name)
    for name in ("complainant1", "triage1", "decider1"):
        ring = Keyring.of(case, staff.holders[name])
        newest = max(version for compartment, version in ring.wanted(["core"]))
        assert all(ring.opens("core", version) for version in range(1, newest + 1))
        assert newest > 1
    shares = [one for one in held_on(case) if one.part in {Part.DPO, Part.LEAD}]
    assert all(one.is_sealed for one in shares)


def test_many_versions_are_one_row_after_opening(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    for _ in range(4):
        rotate_case_keys(case, ["core", "office"])
    holder = staff.holders["triage1"]
    had = opens(case, holder)
    assert len(rows_on(case, holder.name)) > 1
    reading.open_case(staff.caller("triage1"), case.reference, now=START)
    assert len(rows_on(case, holder.name)) == 1
    assert opens(case, holder) == had
    assert len({len(row.sealed) % 488 for row in SealedKey.objects.filter(case=case)}) == 1


def test_more_keys_than_a_row_has_places_for_make_no_longer_row(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    for _ in range(PLACES):
        rotate_case_keys(case, ["core", "office"])
    holder = staff.holders["triage1"]
    had = opens(case, holder)
    assert len(had) > 2 * PLACES
    for _ in range(2):
        reading.open_case(staff.caller("triage1"), case.reference, now=START)
        assert len(rows_on(case, holder.name)) == rows_for(len(had)) == 3
        assert opens(case, holder) == had
        assert len({len(row.sealed) for row in SealedKey.objects.filter(case=case)}) == 1
        assert len({len(row.sealed_public) for row in SealedKey.objects.filter(case=case)}) == 1
    assert not Keyring.of(case, holder).is_scattered


def test_a_key_that_was_taken_does_not_come_back_by_opening(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    ring = Keyring.of(case, staff.holders["complainant1"])
    ring.give("holder:x", primitives.new_key_pair()[1], ["core"])
    with changing(case, "holder:x") as keys:
        keys.drop(keys.held)
    for name in ("complainant1", "triage1"):
        reading.open_case(staff.caller(name), case.reference, now=START)
    assert not rows_on(case, "holder:x")


def test_a_new_version_is_refused_to_a_public_key_that_was_swapped(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    person = staff["triage1"]
    private, public = primitives.new_key_pair()
    type(person.key_pair).objects.filter(person=person).update(public_key=public)
    rotate_case_keys(case, ["core"])
    newest = max(held_on(case, staff.holders["triage1"].name), key=lambda one: one.version)
    assert newest.kind == Part.REFUSED
    thief = Holder(staff.holders["triage1"].name, private)
    assert not any(Keyring.of(case, thief).opens("core", version) for version in range(1, 9))


def test_the_numbers_of_rows_do_not_join_the_cases_of_one_person(staff: Staff) -> None:
    """An insider with two copies of the database looks for rows that were written together."""
    all_cases = [cases.acknowledged(staff) for _ in range(3)]
    before = set(SealedKey.objects.values_list("pk", flat=True))
    name, public = staff.holders["triage1"].name, staff.holders["triage1"].public
    for case in all_cases:
        owe_anew(case, name, public)
    numbers = sorted(SealedKey.objects.values_list("pk", flat=True))
    new = sorted(set(numbers) - before)
    assert len(new) >= 3
    assert all(other - one > 2**32 for one, other in pairwise(numbers))


def test_the_keys_of_a_whole_case_take_little_room(staff: Staff) -> None:
    case = cases.in_investigation(staff, share="yes")
    for name in PEOPLE:
        if name not in {"dpo1", "triage2"}:
            reading.open_case(staff.caller(name), case.reference, now=START)
    rows = SealedKey.objects.filter(case=case)
    size = sum(len(row.sealed) + len(row.sealed_public) for row in rows)
    assert size < 20_000, (size, len(rows))


def test_an_anonymous_case_has_bundles_too(staff: Staff) -> None:
    case, caller = edge_cases.anonymous(staff)
    done(staff, case, "triage1", "acknowledge", START, declare=True)
    assert caller.holder is not None
    assert {"core", "office"} <= {one.compartment for one in held_on(case, caller.holder.name)}
    rotate_case_keys(case, ["core"])
    ring = Keyring.of(case, caller.holder)
    assert "core" in ring
    assert max(version for _, version in ring.wanted(["core"])) == 3


def test_a_step_reads_the_keys_of_a_case_once_and_forgets_them(staff: Staff) -> None:
    case = cases.raised(staff)
    caller = staff.caller("triage1")
    locked = lock_row(case.pk)
    assert locked is not None
    with CaptureQueriesContext(connection) as caught:
        perform_on(
            locked, "acknowledge", caller=caller, now=cases.at(1),
            step_input=StepInput(answers={"declare": True}),
        )  # fmt: skip
    read = [q["sql"] for q in caught if "sealedkey" in q["sql"] and q["sql"].startswith("SELECT")]
    assert len(read) == 1
    assert not rows_on(case, staff.holders["triage2"].name)
    assert opens(case, staff.holders["triage1"])
    assert {one.version for one in held_on(locked)} == {one.version for one in held_on(case)}
    take_keys(case, staff.holders["triage1"].name)
    assert not rows_on(locked, staff.holders["triage1"].name)
