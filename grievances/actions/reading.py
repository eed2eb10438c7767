"""Opening a case, its records and files: every view and every download is an event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.files import File
from django.db import transaction

from grievances import access
from grievances.actions.door import Caller, Deed, NotAllowed, perform
from grievances.models import Case, Event, Evidence
from grievances.models.keyring import Keyring, Unreadable
from grievances.models.records import (
    FileFacts,
    Kind,
    Words,
    file_facts,
    keep_file,
    open_file,
    read,
)
from grievances.models.trail import SERVICE
from grievances.relations import standing_in
from grievances.vocabulary import State
from workflow.models import AlreadyRecorded


@dataclass(frozen=True)
class OpenCase:
    """A case as one person may see it: the facts, what they may do, and the words they may read.

    `locked` is true when a record is theirs to read but its key has not reached them yet.
    """

    case: Case
    caller: Caller
    role: str
    allowed: frozenset[str]
    words: tuple[Words, ...]
    files: tuple[FileFacts, ...]
    locked: bool


def find(caller: Caller, reference: str) -> Case:
    """The case of this reference, if this person may read it; else NotAllowed."""
    if caller.who is None:
        raise NotAllowed
    case = access.cases_for(caller.who, "read").filter(reference=reference).first()
    if case is None:
        raise NotAllowed
    return case


def open_case(
    caller: Caller, reference: str, *, now: datetime, kind: str = "case.opened"
) -> OpenCase:
    """Open a case page: what may be read is opened, the opening is recorded, owed keys are paid.

    `kind` is "case.printed" for the page to be printed. The event says under which rules words were
    opened, so that the complainant's ledger tells what was seen, and by which role.
    """
    case = find(caller, reference)
    who = caller.who
    if who is None:
        raise NotAllowed
    footing = access.footing(who, case)
    if footing is None:
        raise NotAllowed
    allowed, role = footing.allowed, footing.role("read")
    ring = Keyring.of(case, caller.holder)
    words, locked = _read_what_may_be_read(case, ring, allowed)
    if case.state != State.DRAFT:
        saw = sorted({access.READ_RULE[each.kind] for each in words})
        record_opening(case, caller, role, now, kind=kind, saw=",".join(saw))
        ring.pay_owed()
    files = _files(case, ring) if "read_account" in allowed else ()
    return OpenCase(case, caller, role, allowed, words, files, locked)


def record_opening(
    case: Case,
    caller: Caller,
    role: str,
    now: datetime,
    *,
    kind: str = "case.opened",
    saw: str = "",
) -> None:
    """One event for each person, case, minute and what was seen: a reload is the same look."""
    minute = now.replace(second=0, microsecond=0).isoformat()
    key = f"{kind}:{case.pk}:{caller.handle_as(role)}:{minute}:{saw}"
    if Event.objects.filter(key=key).exists():
        return
    try:
        with transaction.atomic():
            Event.append(
                chain=case.reference,
                at=now,
                actor=caller.handle_as(role),
                role=role,
                kind=kind,
                subject=case.reference,
                data={"saw": saw} if saw else {},
                key=key,
            )
    except AlreadyRecorded:
        return


def record(
    caller: Caller, kind: str, now: datetime, *, role: str = "", subject: str = "", **codes: str
) -> None:
    """An event of the service chain: a refusal, a report opened, a download."""
    with transaction.atomic():
        Event.append(
            chain=subject or SERVICE,
            at=now,
            actor=caller.handle_as(role),
            role=role,
            kind=kind,
            subject=subject,
            data=codes,
        )


def record_refusal(caller: Caller, reference: str, action: str, now: datetime) -> None:
    """A refusal is an event too; a party's own is kept under their handle as a party."""
    role = "" if caller.who is None else standing_in(caller.who, reference).lower()
    record(caller, "case.refused", now, role=role, asked=action[:40], of=reference[:12])


def download(
    caller: Caller, reference: str, evidence_id: str, *, now: datetime
) -> tuple[FileFacts, Iterator[bytes]]:
    """A file's facts and its chunks; the download is an event before the first byte."""
    case = find(caller, reference)
    if caller.who is None or not access.allows(caller.who, "read_account", case):
        raise NotAllowed
    evidence = Evidence.objects.filter(case=case, pk=evidence_id).first()
    ring = Keyring.of(case, caller.holder)
    if evidence is None or "core" not in ring:
        raise NotAllowed
    role = access.role_of(caller.who, case, "read_account")
    record(caller, "case.downloaded", now, role=role, subject=reference, file=str(evidence.pk))
    return file_facts(evidence, ring), open_file(evidence, ring)


def add_file(
    case: Case, caller: Caller, file: File[bytes], *, now: datetime, once: str = ""
) -> Event:
    """Seal an uploaded file into the case; a refused step leaves no file behind."""
    if caller.who is None or not access.allows(caller.who, "add_evidence", case):
        raise NotAllowed
    ring = Keyring.of(case, caller.holder)
    role = access.role_of(caller.who, case, "add_evidence")
    evidence = keep_file(case, ring, file, str(file.name), author=role, now=now)
    deed = Deed(answers={"file": evidence}, codes={"file": str(evidence.pk)}, once=once)
    try:
        return perform("add_evidence", case_id=case.pk, caller=caller, now=now, deed=deed)
    except Exception:
        evidence.path.unlink(missing_ok=True)
        raise


def ledger(caller: Caller, reference: str, *, now: datetime) -> tuple[Case, list[Event]]:
    """Who opened what, when and in which role, newest first (roles, never names)."""
    case = find(caller, reference)
    if caller.who is None or not access.allows(caller.who, "read_ledger", case):
        raise NotAllowed
    record_opening(case, caller, access.role_of(caller.who, case, "read_ledger"), now)
    return case, list(Event.objects.filter(subject=reference).order_by("-at", "-seq")[:500])


def _read_what_may_be_read(
    case: Case, ring: Keyring, allowed: frozenset[str]
) -> tuple[tuple[Words, ...], bool]:
    words: list[Words] = []
    locked = False
    for row in case.records.exclude(kind=Kind.DRAFT).order_by("at", "id"):
        kind = Kind(row.kind)
        if access.READ_RULE[kind] not in allowed:
            continue
        try:
            words.append(read(row, ring))
        except Unreadable:
            locked = True
    return tuple(words), locked


def _files(case: Case, ring: Keyring) -> tuple[FileFacts, ...]:
    if "core" not in ring:
        return ()
    return tuple(file_facts(row, ring) for row in case.evidence.order_by("at"))
