"""Distribute case keys: seal pending keys, split, grant, take and rotate.

Each key but the mediator's is split in two shares, one for the data-protection officers and one for
the casework leads. Neither opens anything alone (architecture.md 5). When a person loses a case,
what is written later is sealed under a new version of its keys.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import TYPE_CHECKING

from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import (
    GRANTED,
    SPLIT,
    Keyring,
    is_held,
    put,
    several,
    wraps_in,
)
from grievances.cases.models.stored_keys.held import (
    HeldKey,
    KeysOnCase,
    changing,
    held_on,
    holder_pseudonym,
    owed_rows,
    public_keys,
)
from grievances.cases.models.stored_keys.rows import SHARES, Entry, Part, Recipient
from grievances.encryption import primitives
from grievances.encryption.primitives import DecryptionFailed
from grievances.vocabulary import Compartment, State

if TYPE_CHECKING:
    from grievances.encryption.key_pairs import Holder

Key = tuple[str, int]
"""A compartment and a version of its key."""


def seal_pending_keys(ring: Keyring) -> int:
    """Seal to waiting holders every key that this keyring has.

    Returns:
        How many keys were sealed.
    """
    if not owed_rows().filter(case=ring.case).exists():
        return 0
    with changing(ring.case) as keys:
        mine = [one for one in keys.held if one.kind == Part.OWED and ring.opens(*one.key)]
        public = public_keys(mine)
        whole = [one for one in mine if one.part == Part.WHOLE and public[one.to]]
        keys.put(replace_key(one, public[one.to], ring.key(*one.key)) for one in whole)
        served = {one.holder for one in whole}
        keys.drop(one for one in keys.held if one.part in GRANTED.values() and one.holder in served)
        _split_anew(keys, ring, {one.key for one in mine if one.part in SHARES})
    return len(mine)


def gather(ring: Keyring, holder: Holder | None) -> None:
    """Put what this holder has of a case into one bundle.

    It was sealed at several moments, or before there were bundles.
    """
    if holder is None or not ring.is_scattered:
        return
    with changing(ring.case, holder.name) as keys:
        for one in [each for each in keys.held if each.is_sealed]:
            try:
                secret = one.open_with(holder.private)
            except DecryptionFailed:
                continue
            keys.drop([one])
            keys.put([HeldKey.new(ring.case, holder.name, holder.public, one.entry, secret)])
    ring.is_scattered = False


def replace_key(one: HeldKey, public: bytes, secret: bytes) -> HeldKey:
    """Return a key of a holder with what is to be stored in its place."""
    return HeldKey(one.holder, one.entry, one.to, public=public, secret=secret)


def share_out(ring: Keyring, officers: Mapping[Part, Mapping[str, bytes]]) -> None:
    """Give shares of every key to two offices, given as {part: {name: public key}}.

    No one gets both shares: a person who holds both offices keeps the first alone. Where the
    keyring lacks the keys, the shares of new officers are pending, and those of the others remain
    valid.
    """
    with changing(ring.case) as keys:
        rows = _shares(ring, officers, ring.wanted(_split_on(ring)))
        both = {one.holder for one in rows if one.part == Part.DPO}
        keys.drop(one for one in keys.held if one.part == Part.LEAD and one.holder in both)
        keys.put(rows)
        torn = {one.key for one in keys.held if one.part in SHARES and not one.is_sealed}
        _split_anew(keys, ring, {key for key in torn if ring.opens(*key)})


def share_rows(ring: Keyring, officers: Mapping[Part, Mapping[str, bytes]]) -> list[HeldKey]:
    """Return the shares of a new case, split, not stored yet.

    `officers` are those of `share_out`. This keyring has every key there is of the case.
    """
    keys = ring.held(SPLIT)
    rows = _shares(ring, officers, keys)
    split = {key: _split(ring.key(*key)) for key in keys}
    for row in rows:
        row.secret = split[row.key][row.part] if row.public else b""
    return rows


def _shares(
    ring: Keyring, officers: Mapping[Part, Mapping[str, bytes]], keys: Iterable[Key]
) -> list[HeldKey]:
    """Return a pending share for each officer and key."""
    taken: set[str] = set()
    rows: list[HeldKey] = []
    for part in SHARES:
        people = {n: public for n, public in officers.get(part, {}).items() if n not in taken}
        taken |= set(people)
        rows += [
            HeldKey.new(ring.case, name, public, Entry(*key, part))
            for name, public in people.items()
            for key in keys
        ]
    return rows


def _split_on(ring: Keyring) -> list[str]:
    """Return which of the split keys exist on this case.

    There is no reply key before the first person is heard.
    """
    has_heard = Compartment.REPLY in ring or is_held(ring.case, Compartment.REPLY)
    return [each for each in SPLIT if has_heard or each != Compartment.REPLY]


def _split_anew(keys: KeysOnCase, ring: Keyring, which: Iterable[Key]) -> None:
    """Split these keys again among all who hold shares.

    An old share fits no new one.
    """
    split = {key: _split(ring.key(*key)) for key in which}
    shares = [one for one in keys.held if one.key in split and one.part != Part.WHOLE]
    public = public_keys(one for one in shares if not one.public)
    keys.put(
        replace_key(one, to, split[one.key][one.part])
        for one in shares
        if (to := one.public or public.get(one.to, b"")) and one.kind != Part.REFUSED
    )


def grant_share(
    case: Case,
    part: Part,
    holder: Holder,
    name: str,
    public: bytes,
    *,
    only: Container[Key] | None = None,
) -> int:
    """Seal the holder's own shares of a case to another person.

    `only` names the keys that the other person may have: all of them in an emergency.

    Returns:
        How many shares were granted.
    """
    own = [one for one in held_on(case, holder.name) if one.part == part and one.is_sealed]
    loans = [
        HeldKey.new(
            case, name, public, Entry(*one.key, GRANTED[part]), one.open_with(holder.private)
        )
        for one in own
        if only is None or one.key in only
    ]
    put(case, loans)
    return len(loans)


def take_loans(case: Case, name: str) -> None:
    """Delete the shares that were granted to this holder."""
    with changing(case, name) as keys:
        keys.drop([one for one in keys.held if one.part in GRANTED.values()])


def keys_of(case: Case, name: str) -> set[Key]:
    """Return which keys of a case a holder has, or has pending."""
    return {one.key for one in held_on(case, name) if one.part == Part.WHOLE}


def public_keys_on(case: Case, besides: str) -> set[bytes]:
    """Return the public keys to which the keys of the case itself are sealed now.

    Not among them are the keys of conversations and companions, and those of `besides`, who asks.
    """
    mine, own = holder_pseudonym(case, besides), {each.value for each in Compartment}
    held = [one for one in held_on(case) if one.compartment in own and one.is_sealed]
    return {key for key in public_keys(one for one in held if one.holder != mine).values() if key}


def take_keys(
    case: Case,
    *names: str,
    ring: Keyring | None = None,
    parts: Iterable[Part] = tuple(Part),
) -> None:
    """Delete the keys and shares of these holders, and rotate what they could open.

    What is written from now on is sealed under a new version that they never had. That is so after
    a decline, an expiry, a recusal, a replacement, or a companion sent away. `ring` learns the new
    version, so that a person appointed in the same step is given it as well.
    """
    if not names:
        return
    asked, holders = list(parts), {holder_pseudonym(case, name) for name in names}
    with changing(case) as keys:
        gone = [one for one in keys.held if one.holder in holders and one.part in asked]
        keys.drop(gone)
        lost = {one.compartment for one in gone if one.is_sealed and case.state != State.DRAFT}
        fresh = _turn(keys, lost)
    fresh |= _turn_conversations(case, fresh)
    if ring is not None:
        ring.learn(fresh)


def take_core_from_keys(case: Case, ring: Keyring) -> None:
    """Take the keys of the case from each holder without an account; rotate them.

    That is the holder of a lost case key, whose name no one knows. Companions keep theirs: they
    have the key of their own compartment alone. `ring` learns the new versions.
    """
    own = {each.value for each in Compartment}
    with changing(case) as keys:
        gone = [one for one in keys.held if not one.to.account and one.compartment in own]
        keys.drop(gone)
        lost = {one.compartment for one in gone if one.is_sealed}
        fresh = _turn(keys, lost)
    fresh |= _turn_conversations(case, fresh)
    ring.learn(fresh)


def take_compartment(case: Case, compartment: str, *, besides: str = "") -> None:
    """Delete the keys of one compartment; only the holder `besides` keeps theirs."""
    kept = holder_pseudonym(case, besides)
    with changing(case) as keys:
        keys.drop(
            [one for one in keys.held if one.compartment == compartment and one.holder != kept]
        )


def rotate_case_keys(case: Case, compartments: Iterable[str]) -> dict[str, tuple[int, bytes]]:
    """Return a new version of these keys, sealed to everyone who still holds them.

    The result is {compartment: (version, key)}. No one's old key is needed, because a fresh key is
    sealed to public keys. A compartment that no one holds any more remains closed. With the reply
    key every conversation gets a new key: a person who has left reads nothing that is answered
    afterwards.
    """
    with changing(case) as keys:
        fresh = _turn(keys, compartments)
    return fresh | _turn_conversations(case, fresh)


def _turn(keys: KeysOnCase, compartments: Iterable[str]) -> dict[str, tuple[int, bytes]]:
    asked = set(compartments)
    fresh: dict[str, tuple[int, bytes]] = {}
    held: dict[str, list[HeldKey]] = {}
    for one in keys.held:
        if one.compartment in asked and one.kind != Part.REFUSED:
            held.setdefault(one.compartment, []).append(one)
    public = public_keys(one for own in held.values() for one in own)
    for compartment, own in held.items():
        if any(one.part == Part.WHOLE for one in own):
            version, key = max(one.version for one in own) + 1, primitives.new_key()
            fresh[compartment] = (version, key)
            keys.put(_next_version(own, public, version, key))
    return fresh


def _turn_conversations(
    case: Case, fresh: Mapping[str, tuple[int, bytes]]
) -> dict[str, tuple[int, bytes]]:
    """Return a new key for each conversation of this episode, if the reply key is new.

    Each is wrapped under the new reply key. Where the complainant may read the conversation
    already, it is wrapped under the new core key as well. So they can still read it when no one
    holds the reply key any more.
    """
    if Compartment.REPLY not in fresh:
        return {}
    rows = {row.compartment: row for row in case.hearings.filter(episode=case.episode)}
    with changing(case) as keys:
        turned = _turn(keys, rows)
    ring = Keyring(case, {})
    ring.learn({**fresh, **turned})
    for compartment in turned:
        row = rows[compartment]
        wrap = ring.wrap(compartment, Compartment.REPLY, row.place_for("officers"))
        row.sealed_for_officers = several([*wraps_in(bytes(row.sealed_for_officers)), wrap])
        told = wraps_in(bytes(row.sealed_for_complainant))
        if told and Compartment.CORE in fresh:
            wrap = ring.wrap(compartment, Compartment.CORE, row.place_for("complainant"))
            row.sealed_for_complainant = several([*told, wrap])
        row.save(update_fields=["sealed_for_officers", "sealed_for_complainant"])
    return turned


def _next_version(
    held: list[HeldKey], public: Mapping[Recipient, bytes], version: int, key: bytes
) -> list[HeldKey]:
    """Return the keys of a new version: one for each holder and part before.

    A key for a holder whose public key is refused is noted as refused.
    """
    secrets = {Part.WHOLE: key, **_split(key)}
    able_last = sorted(held, key=lambda one: bool(public[one.to]))
    latest = {(one.part, one.holder): one for one in able_last}
    return [
        HeldKey(
            one.holder,
            Entry(one.compartment, version, one.part),
            one.to,
            public=public[one.to],
            secret=secrets[one.part] if public[one.to] else b"",
        )
        for one in latest.values()
    ]


def _split(key: bytes) -> dict[Part, bytes]:
    """Return two fresh shares of a key, as they are held and as they are granted."""
    shares = dict(zip(SHARES, primitives.split_in_two(key), strict=True))
    return shares | {GRANTED[part]: share for part, share in shares.items()}
