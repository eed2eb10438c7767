"""Proof of raising: a signed text without content, for the complainant to show.

It says that this service received a concern of this reference on this local day, and of which kind.
It has no name and no word of the concern (peers.md 3 row 11). A union, a lawyer or a tribunal
checks it offline.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice

from django.utils.translation import gettext

from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.key_alarm import REFUSED, raise_alarm, tell_operator
from grievances.cases.models.case import Case
from grievances.cases.models.key_distribution import public_keys_on
from grievances.casework.reading import find_access, record
from grievances.encryption import key_log, signatures
from grievances.policy import profiles
from grievances.vocabulary import State
from workflow.calendar import local_date

PURPOSE = "proof of raising"
LOG = "log of keys"
KIND = "race discrimination concern"
BEGIN, END = "-----BEGIN PROOF OF RAISING-----", "-----END PROOF OF RAISING-----"
LINE = 64


def proof_of(caller: Caller, reference: str, *, now: datetime) -> str:
    """Return the proof for the complainant's own concern; giving it is an event.

    Raises:
        NotAllowed: this is not the caller's own concern, or it was not sent.
    """
    found = find_access(caller, reference, "read_proof")
    case, role = found.facts.case, found.role("read_proof")
    if case.state == State.DRAFT or case.received_at is None:
        raise NotAllowed
    public = signatures.public_key()
    facts = {
        "reference": case.reference,
        "received": str(local_date(case.received_at, profiles.zone())),
        "kind": KIND,
        "key": public[:16],
        **_log_facts(caller, case, now),
    }
    record(caller, "case.proof", now, role=role, subject=case.reference)
    return _letter(facts, signatures.sign(PURPOSE, facts))


def _log_facts(caller: Caller, case: Case, now: datetime) -> dict[str, str]:
    """Return the head of the log of keys, and the keys to which it is sealed now.

    A key that is not in the log is named as well, so that the proof shows it. It raises the alarm.
    """
    sealed_to = public_keys_on(case, caller.holder.name if caller.holder else "")
    end = key_log.head()
    if key_log.not_in_log(sealed_to):
        raise_alarm(case, REFUSED, now)
        tell_operator(None, now)
    return {
        "log": end.digest,
        "log_size": str(end.size),
        "sealed_to": ",".join(sorted(map(key_log.fingerprint, sealed_to))),
    }


def faults_in_log(facts: Mapping[str, str], lines: Iterable[str]) -> list[str]:
    """Return what does not agree between a proof and the lines of the log of keys.

    The lines are the whole log, or its first part. A proof from before there was a log has nothing
    to compare, and one sentence says so.
    """
    if "log" not in facts:
        return ["This proof is from before there was a log of keys."]
    first = list(islice(lines, int(facts["log_size"])))
    digest, last = key_log.START, {}
    for line in first:
        digest = key_log.digest_of(digest, line)
        _, account, mark = line.split()
        last[account] = mark
    if digest != facts["log"]:
        return ["The log is not the one of this proof: an entry was changed or left out."]
    missing = set(filter(None, facts["sealed_to"].split(","))) - set(last.values())
    return [f"Sealed to a key that was not in the log: {mark}" for mark in sorted(missing)]


def log_of_keys() -> str:
    """Return the log of keys as text: its signed head, then a line an entry."""
    end = key_log.head()
    signed = signatures.sign(LOG, {"log": end.digest, "log_size": str(end.size)})
    return "\n".join([signed, *islice(key_log.lines(), end.size)]) + "\n"


def read_log(text: str, public: str) -> list[str]:
    """Return the lines of a log of keys.

    Raises:
        NotSigned: this key did not sign its head, or the lines do not lead to it.
    """
    signed, *lines = text.rstrip("\n").split("\n")
    facts = signatures.verify(signed, LOG, public)
    if faults_in_log({**facts, "sealed_to": ""}, lines) or len(lines) != int(facts["log_size"]):
        raise signatures.NotSigned
    return lines


def read_proof(text: str, public: str) -> dict[str, str]:
    """Return the facts of a proof, from the whole file or the signed lines alone.

    Only the signed lines count, because the sentences around them could have been changed. Raises
    NotSigned.
    """
    _, begun, rest = text.partition(BEGIN)
    signed = rest.partition(END)[0] if begun else text
    return signatures.verify(signed, PURPOSE, public)


def _letter(facts: dict[str, str], signed: str) -> str:
    """Return the signed lines with sentences around them, in the language of the page."""
    lines = [signed[n : n + LINE] for n in range(0, len(signed), LINE)]
    return "\n".join(
        [
            gettext("PROOF OF RAISING"),
            "",
            gettext(
                "A race discrimination concern was received under the reference {reference}\n"
                "on {received} (local date).\n"
                "It has no names and says nothing of what was raised. The signed part also says\n"
                "to which keys the concern is sealed, and how far the log of keys had come.\n"
                "Signed with the key {key} (Ed25519)."
            ).format(**facts),
            "",
            BEGIN,
            *lines,
            END,
            "",
        ]
    )
