"""Proof of raising: a signed text without content, for the complainant to show.

It says that this service received a concern of this reference on this local day, and of which kind.
It has no name and no word of the concern (peers.md 3 row 11). A union, a lawyer or a tribunal
checks it offline.
"""

from __future__ import annotations

from datetime import datetime

from grievances.cases.access import rules
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.casework.reading import find, record
from grievances.encryption import signatures
from grievances.policy import profiles
from grievances.vocabulary import State
from workflow.calendar import local_date

PURPOSE = "proof of raising"
KIND = "race discrimination concern"
BEGIN, END = "-----BEGIN PROOF OF RAISING-----", "-----END PROOF OF RAISING-----"
LINE = 64


def proof_of(caller: Caller, reference: str, *, now: datetime) -> str:
    """Return the proof for the complainant's own concern; giving it is an event.

    Raises:
        NotAllowed: this is not the caller's own concern, or it was not sent.
    """
    case = find(caller, reference)
    role = None if caller.who is None else rules.role_for(caller.who, "read_proof", case)
    if role is None or case.state == State.DRAFT or case.received_at is None:
        raise NotAllowed
    public = signatures.public_key()
    facts = {
        "reference": case.reference,
        "received": str(local_date(case.received_at, profiles.zone())),
        "kind": KIND,
        "key": public[:16],
    }
    record(caller, "case.proof", now, role=role, subject=case.reference)
    return _letter(facts, signatures.sign(PURPOSE, facts))


def read_proof(text: str, public: str) -> dict[str, str]:
    """Return the facts of a proof, from the whole file or the signed lines alone.

    Only the signed lines count, because the sentences around them could have been changed. Raises
    NotSigned.
    """
    _, begun, rest = text.partition(BEGIN)
    signed = rest.partition(END)[0] if begun else text
    return signatures.verify(signed, PURPOSE, public)


def _letter(facts: dict[str, str], signed: str) -> str:
    lines = [signed[n : n + LINE] for n in range(0, len(signed), LINE)]
    return "\n".join(
        [
            "PROOF OF RAISING",
            "",
            f"A {facts['kind']} was received under the reference {facts['reference']}",
            f"on {facts['received']} (local date).",
            "It names nobody and says nothing of what was raised.",
            f"Signed with the key {facts['key']} (Ed25519).",
            "",
            BEGIN,
            *lines,
            END,
            "",
        ]
    )
