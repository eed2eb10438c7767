"""Distribute case keys: seal pending keys, split, grant, take and rotate.

Each key but the mediator's is split in two shares, one for the data-protection officers and one for
the casework leads. Neither opens anything alone (architecture.md 5). When a person loses a case,
what is written later is sealed under a new version of its keys.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import TYPE_CHECKING

from django.db import transaction

from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import (
    GRANTED,
    KEPT,
    SHARES,
    SPLIT,
    Keyring,
    Part,
    SealedKey,
    holder_pseudonym,
    is_held,
    put,
    several,
    wraps_in,
)
from grievances.encryption import primitives
from grievances.vocabulary import Compartment, State

if TYPE_CHECKING:
    from grievances.encryption.key_pairs import Holder

Key = tuple[str, int]
"""A compartment and a version of its key."""


def seal_pending_keys(ring: Keyring) -> int:
    """Seal to waiting holders every key that this keyring has.

    Returns:
        How many rows were sealed.
    """
    rows = SealedKey.objects.filter(case=ring.case, sealed=b"").exclude(sealed_public=b"")
    mine = [row for row in rows if ring.opens(row.compartment, row.version)]
    if not mine:
        return 0
    whole = [row for row in mine if row.part == Part.WHOLE]
    for row in whole:
        row.seal_to(row.public(), ring.key(row.compartment, row.version))
        # By primary key: a row that was deleted meanwhile is not written back.
        SealedKey.objects.filter(pk=row.pk).update(sealed=row.sealed)
    served = {row.holder for row in whole}
    SealedKey.objects.filter(case=ring.case, part__in=GRANTED.values(), holder__in=served).delete()
    split_anew(ring, {(row.compartment, row.version) for row in mine if row.part in SHARES})
    return len(mine)


def share_out(ring: Keyring, officers: Mapping[Part, Mapping[str, bytes]]) -> None:
    """Give shares of every key to two offices, given as {part: {name: public key}}.

    No one gets both shares: a person who holds both offices keeps the first alone. Where the
    keyring lacks the keys, the shares of new officers are pending, and those of the others remain
    valid.
    """
    rows = _share_rows(ring, officers, ring.wanted(_split_on(ring)))
    both = {row.holder for row in rows if row.part == Part.DPO}
    SealedKey.objects.filter(case=ring.case, part=Part.LEAD, holder__in=both).delete()
    put(rows)
    torn = SealedKey.objects.filter(case=ring.case, part__in=SHARES, sealed=b"")
    pairs = torn.values_list("compartment", "version").distinct()
    split_anew(ring, {key for key in pairs if ring.opens(*key)})


def share_rows(ring: Keyring, officers: Mapping[Part, Mapping[str, bytes]]) -> list[SealedKey]:
    """Return the shares of a new case, split and sealed, not stored yet.

    `officers` are those of `share_out`. This keyring has every key there is of the case.
    """
    keys = ring.held(SPLIT)
    rows = _share_rows(ring, officers, keys)
    for key in keys:
        _split_among([row for row in rows if (row.compartment, row.version) == key], ring.key(*key))
    return rows


def _share_rows(
    ring: Keyring, officers: Mapping[Part, Mapping[str, bytes]], keys: Iterable[Key]
) -> list[SealedKey]:
    """Return a row without a share for each officer and key."""
    taken: set[str] = set()
    rows: list[SealedKey] = []
    for part in SHARES:
        people = {n: public for n, public in officers.get(part, {}).items() if n not in taken}
        taken |= set(people)
        rows += [
            _owed(ring.case, part, holder_pseudonym(ring.case, name), public, key)
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


def split_anew(ring: Keyring, which: Iterable[Key]) -> None:
    """Split these keys again among all who hold shares.

    An old share fits no new one.
    """
    wanted = set(which)
    if not wanted:
        return
    with transaction.atomic():
        # Lock the case row, so that two concurrent splits cannot produce incompatible shares.
        list(Case.unguarded.select_for_update(of=("self",)).filter(pk=ring.case.pk))
        rows = SealedKey.objects.filter(case=ring.case).exclude(part=Part.WHOLE)
        found = [row for row in rows if (row.compartment, row.version) in wanted]
        for key in wanted:
            own = [row for row in found if (row.compartment, row.version) == key]
            _split_among(own, ring.key(*key))
        put(found)


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
    rows = SealedKey.objects.filter(
        case=case, part=part, holder=holder_pseudonym(case, holder.name)
    ).exclude(sealed=b"")
    loans = []
    for row in rows:
        key = (row.compartment, row.version)
        if only is not None and key not in only:
            continue
        loan = _owed(case, GRANTED[part], holder_pseudonym(case, name), public, key)
        loan.seal_to(public, row.open_with(holder.private))
        loans.append(loan)
    put(loans)
    return len(loans)


def take_loans(case: Case, name: str) -> None:
    """Delete the shares that were granted to this holder."""
    rows = SealedKey.objects.filter(case=case, holder=holder_pseudonym(case, name))
    rows.filter(part__in=GRANTED.values()).delete()


def keys_of(case: Case, name: str) -> set[Key]:
    """Return which keys of a case a holder has, or has pending."""
    rows = SealedKey.objects.filter(case=case, holder=holder_pseudonym(case, name), part=Part.WHOLE)
    return set(rows.values_list("compartment", "version"))


def owe_anew(case: Case, name: str, public: bytes) -> int:
    """Make every key of a holder on the case pending for their new key pair.

    Returns:
        How many rows are pending.
    """
    rows = list(
        SealedKey.objects.filter(case=case, holder=holder_pseudonym(case, name), part__in=KEPT)
    )
    for row in rows:
        row.seal_to(public, b"")
    SealedKey.objects.bulk_update(rows, ["sealed", "sealed_public"])
    return len(rows)


def public_keys_on(case: Case, besides: str) -> set[bytes]:
    """Return the public keys to which the keys of the case itself are sealed now.

    Not among them are the keys of conversations and companions, and those of `besides`, who asks.
    """
    rows = SealedKey.objects.filter(case=case, compartment__in=[each.value for each in Compartment])
    rows = rows.exclude(holder=holder_pseudonym(case, besides)).exclude(sealed=b"")
    return {row.public() for row in rows.exclude(sealed_public=b"")}


def owe_refused(case: Case, name: str, public: bytes) -> int:
    """Make keys that were refused to a wrong public key pending for the right one.

    Versions that came meanwhile are added.

    Returns:
        How many rows are pending.
    """
    keyed_hash = holder_pseudonym(case, name)
    rows = SealedKey.objects.filter(case=case)
    refused = list(rows.filter(holder=keyed_hash, sealed_public=b"", sealed=b"", part__in=KEPT))
    wanted = {
        (row.part, compartment, version)
        for row in refused
        for compartment, version in rows.filter(
            compartment=row.compartment, version__gte=row.version
        ).values_list("compartment", "version")
    }
    for row in refused:
        row.seal_to(public, b"")
    SealedKey.objects.bulk_update(refused, ["sealed", "sealed_public"])
    put(_owed(case, Part(part), keyed_hash, public, (c, v)) for part, c, v in sorted(wanted))
    return len(refused)


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
    keyed_hash = [holder_pseudonym(case, name) for name in names]
    rows = SealedKey.objects.filter(case=case, holder__in=keyed_hash, part__in=list(parts))
    lost = set(rows.exclude(sealed=b"").values_list("compartment", flat=True))
    rows.delete()
    if lost and case.state != State.DRAFT:
        fresh = rotate_case_keys(case, lost)
        if ring is not None:
            ring.learn(fresh)


def rotate_case_keys(case: Case, compartments: Iterable[str]) -> dict[str, tuple[int, bytes]]:
    """Return a new version of these keys, sealed to everyone who still holds them.

    The result is {compartment: (version, key)}. No one's old key is needed, because a fresh key is
    sealed to public keys. A compartment that no one holds any more remains closed. With the reply
    key every conversation gets a new key: a person who has left reads nothing that is answered
    afterwards.
    """
    fresh = _turn(case, compartments)
    return {**fresh, **_turn_conversations(case, fresh)} if Compartment.REPLY in fresh else fresh


def _turn(case: Case, compartments: Iterable[str]) -> dict[str, tuple[int, bytes]]:
    rows = SealedKey.objects.filter(case=case, compartment__in=list(compartments))
    held: dict[str, list[SealedKey]] = {}
    for row in rows.exclude(sealed_public=b""):
        held.setdefault(row.compartment, []).append(row)
    fresh: dict[str, tuple[int, bytes]] = {}
    made: list[SealedKey] = []
    for compartment, own in held.items():
        if any(row.part == Part.WHOLE for row in own):
            version, key = max(row.version for row in own) + 1, primitives.new_key()
            fresh[compartment] = (version, key)
            made += _next_version(case, own, version, key)
    put(made)
    return fresh


def _turn_conversations(
    case: Case, fresh: Mapping[str, tuple[int, bytes]]
) -> dict[str, tuple[int, bytes]]:
    """Return a new key for each conversation of this episode.

    Each is wrapped under the new reply key. Where the complainant may read the conversation
    already, it is wrapped under the new core key as well. So they can still read it when no one
    holds the reply key any more.
    """
    rows = {row.compartment: row for row in case.hearings.filter(episode=case.episode)}
    turned = _turn(case, rows)
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


def _next_version(case: Case, held: list[SealedKey], version: int, key: bytes) -> list[SealedKey]:
    """Return the rows of a new version: one for each holder and part before."""
    made: dict[tuple[str, str], SealedKey] = {}
    for row in held:
        new = _owed(case, Part(row.part), row.holder, row.public(), (row.compartment, version))
        if row.part == Part.WHOLE:
            new.seal_to(row.public(), key)
        made[row.part, row.holder] = new
    _split_among([row for row in made.values() if row.part != Part.WHOLE], key)
    return list(made.values())


def _owed(case: Case, part: Part, keyed_hash: str, public: bytes, key: Key) -> SealedKey:
    row = SealedKey(case=case, part=part, holder=keyed_hash, compartment=key[0], version=key[1])
    row.seal_to(public, b"")
    return row


def _split_among(rows: Iterable[SealedKey], key: bytes) -> None:
    """Seal two fresh shares of a key, each to all who hold that share.

    Holders to whom the share was granted are included.
    """
    shares = dict(zip(SHARES, primitives.split_in_two(key), strict=True))
    shares |= {GRANTED[part]: share for part, share in shares.items()}
    for row in rows:
        if row.sealed_public:
            row.seal_to(row.public(), shares[Part(row.part)])
