"""Hybrid keys beside older ones: what is sealed opens for its holder, and for no one else."""

from __future__ import annotations

import random

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.key_distribution import rotate_case_keys, take_keys
from grievances.cases.models.stored_keys.held import rows_on
from grievances.encryption import hybrid_keys, own_words, primitives
from grievances.encryption.key_pairs import (
    Holder,
    KeyPair,
    anonymous_holder,
    companion_holder,
    make_recovery_code,
    unlock,
    unlock_by_code,
)
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import server_keys
from grievances.vocabulary import Compartment
from tests.factories import cases
from tests.factories.people import PASSWORD, Staff

PLACE = "here"
KEY = b"k" * 32
CORE = Compartment.CORE.value


def older() -> bytes:
    """A private key as all were before: X25519 alone."""
    return X25519PrivateKey.generate().private_bytes_raw()


def test_a_new_key_is_wrapped_by_both_and_says_so() -> None:
    private, public = primitives.new_key_pair()
    blob = primitives.seal_to(public, KEY, PLACE)
    assert (len(private), len(public), blob[:1]) == (33, 1216, b"\x02")
    assert primitives.open_from(private, blob, PLACE) == KEY
    lattice, curve = hybrid_keys.halves(private)
    assert primitives.public_key_of(curve.private_bytes_raw()) == public[1184:]
    # A person who breaks X25519 alone has half of it, and opens nothing.
    with pytest.raises(DecryptionFailed):
        primitives.open_from(curve.private_bytes_raw(), blob, PLACE)
    with pytest.raises(DecryptionFailed):
        primitives.open_from(curve.private_bytes_raw(), b"\x01" + blob[1:], PLACE)


def test_what_was_sealed_to_an_older_key_opens_and_nothing_newer_does() -> None:
    private = older()
    blob = primitives.seal_to(primitives.public_key_of(private), KEY, PLACE)
    assert blob[:1] == b"\x01"
    both = hybrid_keys.private_of(b"s" * 32, private)
    for holder in (private, both):
        assert primitives.open_from(holder, blob, PLACE) == KEY
    newer = primitives.seal_to(primitives.public_key_of(both), KEY, PLACE)
    assert primitives.open_from(both, newer, PLACE) == KEY
    for wrong in (private, primitives.new_key_pair()[0], b"", b"\x02", b"x" * 33):
        with pytest.raises(DecryptionFailed):
            primitives.open_from(wrong, newer, PLACE)


@pytest.mark.parametrize("public", [b"", b"x" * 31, b"x" * 1215, b"\xff" * 1216, bytes(1217)])
def test_nothing_is_sealed_to_what_is_no_public_key(public: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the library words it
        primitives.seal_to(public, KEY, PLACE)


@pytest.mark.parametrize("purpose", ["anonymous", "companion"])
def test_the_code_of_an_older_concern_still_opens_it(db: None, purpose: str) -> None:
    code = primitives.new_case_key()
    make = anonymous_holder if purpose == "anonymous" else companion_holder
    holder, _ = make(code)
    pepper = server_keys().pepper
    private, _, _ = primitives.key_pair_from_case_key(code, pepper, purpose.encode())
    before = primitives.public_key_of(hybrid_keys.older_part(private))
    for public in (before, holder.public):
        blob = primitives.seal_to(public, KEY, PLACE)
        assert primitives.open_from(holder.private, blob, PLACE) == KEY
    assert len(holder.public) == 1216


def test_an_account_gets_a_hybrid_key_that_password_and_code_open(staff: Staff) -> None:
    person = staff["triage1"]
    holder = unlock(person, PASSWORD)
    code = make_recovery_code(person, holder)
    assert hybrid_keys.is_hybrid(holder.private)
    assert unlock_by_code(person, code).public == holder.public
    assert KeyPair.objects.get(person=person).genuine_key == holder.public


@pytest.mark.parametrize("seed", range(4))
def test_holders_of_both_kinds_read_what_they_were_given_and_no_more(
    staff: Staff, seed: int
) -> None:
    """Give, rotate and take in any order: who holds a key opens each version they were given."""
    chance = random.Random(seed)
    case = cases.raised(staff)
    people = {
        f"holder:{n}": Holder(f"holder:{n}", primitives.new_key_pair()[0] if n % 2 else older())
        for n in range(6)
    }
    ring = Keyring.of(case, staff.holders["complainant1"])
    holding: set[str] = set()
    may: dict[str, set[int]] = {name: set() for name in people}
    for _ in range(25):
        name, act = chance.choice(sorted(people)), chance.choice(["give", "rotate", "take"])
        if act == "give":
            ring.give(name, people[name].public, [CORE])
            holding.add(name)
            may[name] = versions(ring)
        elif act == "rotate":
            ring.learn(rotate_case_keys(case, [CORE]))
            for each in holding:
                may[each].add(max(versions(ring)))
        elif name in holding:
            holding.remove(name)
            may[name] = set()
            take_keys(case, name, ring=ring)
            for each in holding:
                may[each].add(max(versions(ring)))
        for each, holder in people.items():
            own = Keyring.of(case, holder)
            assert {v for v in versions(ring) if own.opens(CORE, v)} == may[each]
            assert all(own.key(CORE, v) == ring.key(CORE, v) for v in may[each])
    for each, holder in people.items():
        rows = rows_on(case, each)
        version = b"\x02" if hybrid_keys.is_hybrid(holder.private) else b"\x01"
        assert {bytes(row.sealed)[:1] for row in rows} <= {version}


def versions(ring: Keyring) -> set[int]:
    """The versions of the key of the account on this case."""
    return {version for _, version in ring.wanted([CORE])}


def test_words_sealed_to_an_older_key_are_as_long(staff: Staff) -> None:
    keys = [Holder("person:1", primitives.new_key_pair()[0]), Holder("person:1", older())]
    sealed = [own_words.seal_own(each.public, "Hello.", "here") for each in keys]
    assert len(keys[1].public) == 32
    assert len(sealed[0]) == len(sealed[1])
    assert [own_words.open_own(*pair, "here") for pair in zip(keys, sealed, strict=True)] == [
        "Hello.", "Hello.",
    ]  # fmt: skip
