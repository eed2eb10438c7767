"""Keys that are pending for a person's new public key, or for the right one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grievances.cases.models.stored_keys.held import HeldKey, changing, holder_pseudonym
from grievances.cases.models.stored_keys.rows import KEPT, Entry, Part

if TYPE_CHECKING:
    from grievances.cases.models.case import Case


def owe_anew(case: Case, name: str, public: bytes) -> int:
    """Make every key of a holder on the case pending for their new key pair.

    Returns:
        How many keys are pending.
    """
    with changing(case, name) as keys:
        own = [one for one in keys.held if one.part in KEPT]
        keys.drop(own)
        keys.put(HeldKey.new(case, name, public, one.entry) for one in own)
    return len(own)


def owe_refused(case: Case, name: str, public: bytes) -> int:
    """Make keys that were refused to a wrong public key pending for the right one.

    Versions that came meanwhile are added.

    Returns:
        How many keys are pending.
    """
    with changing(case) as keys:
        mine = holder_pseudonym(case, name)
        every = [(one.compartment, one.version) for one in keys.held]
        refused = [
            one
            for one in keys.held
            if one.holder == mine and one.kind == Part.REFUSED and one.part in KEPT
        ]
        wanted = {
            Entry(compartment, version, one.part)
            for one in refused
            for compartment, version in every
            if compartment == one.compartment and version >= one.version
        }
        keys.drop(refused)
        keys.put(HeldKey.new(case, name, public, entry) for entry in sorted(wanted, key=str))
    return len(refused)
