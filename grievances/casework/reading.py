"""Open a case, its records and files; every view and every download is an event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.files import File
from django.db import transaction

from grievances.audit import refusals
from grievances.audit.models import SERVICE, Event, pseudonymiser_of
from grievances.audit.read_heads import head_in
from grievances.cases.access import rules
from grievances.cases.access.facts import standing_in
from grievances.cases.access.standing import StandingQuestion
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.companion_copies import pass_on
from grievances.cases.actions.emergency import end_overdue, ring_for
from grievances.cases.actions.key_alarm import alarm_if_shut
from grievances.cases.actions.perform import StepInput
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.companions import take_up_companions
from grievances.cases.models.evidence import Evidence, FileFacts
from grievances.cases.models.key_distribution import gather, seal_pending_keys
from grievances.cases.models.records import OF_THE_ROOM, Kind, Record, Words, read
from grievances.cases.models.statements import take_up_hearings
from grievances.casework.opening.events import SHOWN_EVENTS, latest_steps, ledger_of
from grievances.casework.opening.looks import opening_key, record_once, record_opening
from grievances.casework.opening.thread import Thread, page_of_thread, whole_thread
from grievances.casework.prefetch import fetch, forget_what_is_not_there, with_what_there_is
from grievances.choices import Copy
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import handle
from grievances.evidence import case_files
from grievances.evidence.file_types import shown_as
from grievances.evidence.storing import open_file, rule_of
from grievances.evidence.upload import Arrival, receive
from grievances.people.models import User
from grievances.vocabulary import Role, Standing, State


@dataclass(frozen=True)
class OpenCase:
    """A case as one person may see it: facts, permitted actions and readable words.

    `locked` is true when the person may read a record but has not got its key yet. `older` is where
    the page of older words begins, empty where `words` has the oldest.
    """

    case: Case
    caller: Caller
    role: str
    allowed: frozenset[str]
    words: tuple[Words, ...]
    files: tuple[FileFacts, ...]
    locked: bool
    workers: tuple[tuple[str, int, str], ...]
    events: tuple[Event, ...]
    older: str = ""


_STANDING = StandingQuestion(with_what_there_is)
_ALONE = StandingQuestion(lambda cases: cases)
"""What a person may do, and nothing else of the case."""


def find(caller: Caller, reference: str, *actions: str) -> Case:
    """Return the case of this reference if this person may read it.

    It is `find_access` for one who asks nothing else, and shows nothing. Raises NotAllowed.
    """
    return find_access(caller, reference, *actions, question=_ALONE).facts.case


def find_access(
    caller: Caller, reference: str, *actions: str, question: StandingQuestion = _STANDING
) -> rules.CaseAccess:
    """Return what this person may do on a case that they may read.

    With `actions`, they must be allowed each of them as well. It is one message. `question` is
    another than the usual one, for who needs more of the case.

    Raises:
        NotAllowed: there is no such case, or this person may not read it or do one of them.
    """
    who, ties, holder = caller.who, caller.ties, caller.holder
    found = question.ask(who, reference, ties, holder) if who is not None else None
    if found is None or not all(found.allows(action) for action in ("read", *actions)):
        raise NotAllowed
    return found


def open_case(
    caller: Caller,
    reference: str,
    *,
    now: datetime,
    kind: str = "case.opened",
    found: rules.CaseAccess | None = None,
    before: str | None = None,
) -> OpenCase:
    """Open a case page: decrypt what may be read, record it, and seal pending keys.

    `kind` is "case.printed" for the page to be printed. `found` is what `find_access` returned.

    Returns:
        The page; with `before` one page of its words: the newest, or those before this record's id.
    """
    found = find_access(caller, reference) if found is None else found
    case = found.facts.case
    case_access = standing_now(caller, case, now, found)
    allowed, role = case_access.allowed, case_access.role("read")
    ring = _every_key(case, caller, now)
    rows = _rows(case, allowed, before)
    words, locked = _read(rows.rows, ring)
    if locked and isinstance(caller.who, User):
        alarm_if_shut(case, ring, caller.who, now)
    told = _recorded(case, caller, role, words, kind, now)
    _share_keys(case, caller, role, ring)
    files = case_files.files_of(case, ring, allowed, role)
    shown = (words, files, locked, case_access.facts.workers, told, rows.older)
    return OpenCase(case, caller, role, allowed, *shown)


def _recorded(
    case: Case, caller: Caller, role: str, words: Sequence[Words], kind: str, now: datetime
) -> tuple[Event, ...]:
    """Record once who opened these words.

    The event names the rules under which the words were decrypted. So the complainant's ledger
    shows what was seen, and by which role.

    Returns:
        The latest steps to show, newest first, without this opening.
    """
    saw = ",".join(sorted({rules.READ_RULE[each.kind] for each in words}))
    key = opening_key(case, caller, role, now, kind, saw)
    events = latest_steps(case, key)
    if case.state != State.DRAFT and all(event.key != key for event in events):
        record_once(case, caller, role, now, kind, saw, head_in(case, case.reference))
    return tuple(event for event in events if event.key != key)[:SHOWN_EVENTS]


def _share_keys(case: Case, caller: Caller, role: str, ring: Keyring) -> None:
    """Seal pending keys, and gather or pass on those that this reader can."""
    if case.state == State.DRAFT:
        return
    if case.__dict__.get("has_owed", True):
        seal_pending_keys(ring)
    gather(ring, caller.holder)
    if role == Standing.COMPLAINANT.lower():
        pass_on(case, ring)


def _every_key(case: Case, caller: Caller, now: datetime) -> Keyring:
    """Return the keys of a case that this person has, those of conversations included."""
    forget_what_is_not_there(case)
    ring = ring_for(case, caller, now)
    fetch(case, "hearings", "companions", "interpreters", "meetings")
    take_up_hearings(case, ring)
    take_up_companions(case, ring)
    return ring


def standing_now(
    caller: Caller, case: Case, now: datetime, found: rules.CaseAccess | None = None
) -> rules.CaseAccess:
    """Return a person's access to a case at this moment.

    An emergency opening ends by the clock time, even if the sweep has not run. `found` is what this
    request has found already.

    Raises:
        NotAllowed: the caller is unknown or has no access.
    """
    case_access = found
    if found is None and caller.who is not None:
        case_access = rules.case_access(caller.who, case)
    in_emergency = case_access is not None and case_access.role("read") == Role.BREAK_GLASS
    if in_emergency and caller.who is not None and end_overdue(now, only=case):
        case_access = rules.case_access(caller.who, case)
    if case_access is None:
        raise NotAllowed
    return case_access


def record(
    caller: Caller, kind: str, now: datetime, *, role: str = "", subject: str = "", **codes: str
) -> None:
    """Record an event of the service chain: a refusal, a report opened, a download.

    With `subject`, the event goes to the chain of that case.
    """
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
    """Record a refusal; a party's own is kept under their pseudonym as a party.

    A refusal of a stranger is only counted, and so is what exceeds `refusals.MOST_A_MINUTE` of one
    account in a minute. So no one can fill the trail, which is permanent.

    The pseudonym is hidden by the salt of the case, so that this entry identifies no one once the
    case is erased. A party's own draft has no chain yet, so its reference is left out.
    """
    if caller.who is None:
        refusals.count(refusals.RefusalCount.By.STRANGER, action, now)
        return
    mark = handle("refusals", caller.handle_as(""), f"{now:%Y%m%d%H%M}")
    if refusals.count_for(mark, now) > refusals.MOST_A_MINUTE:
        refusals.count(refusals.RefusalCount.By.ACCOUNT, action, now)
        return
    role = standing_in(caller.who, reference).lower()
    pseudonymise = pseudonymiser_of(reference)
    actor = pseudonymise(caller.handle_as(role))
    of = "" if role and pseudonymise is str else reference[:12]
    with transaction.atomic():
        Event.append(
            chain=SERVICE,
            at=now,
            actor=actor,
            role=role,
            kind="case.refused",
            data={"asked": action[:40], "of": of},
        )


def download(
    caller: Caller, reference: str, evidence_id: str, *, now: datetime, copy: str = ""
) -> tuple[FileFacts, Iterator[bytes]]:
    """Return a file's facts and the chunks of one copy.

    The download is an event before the first byte. Without `copy`, it is the copy that every other
    reader would get. Raises NotAllowed. Raises Refused for a file in quarantine, an original that
    is not given to others and a file that was tampered with.
    """
    facts, _, chunks = take_out(caller, reference, evidence_id, now=now, copy=copy)
    return facts, chunks


def take_out(
    caller: Caller, reference: str, evidence_id: str, *, now: datetime, copy: str = ""
) -> tuple[FileFacts, str, Iterator[bytes]]:
    """Return what `download` gives, and which copy it is."""
    role, evidence = _readable_file(caller, reference, evidence_id)
    facts, taken, file = case_files.open_copy(evidence.case, caller, evidence, copy, now)
    codes = {"file": str(evidence.pk), "copy": taken}
    record(caller, "case.downloaded", now, role=role, subject=reference, **codes)
    return facts, taken, file.chunks()


def look_at(
    caller: Caller, reference: str, evidence_id: str, *, now: datetime
) -> tuple[FileFacts, Iterator[bytes]]:
    """Return the redrawn copy of a picture, to be displayed.

    The view is an event before the first byte. Raises Refused as `download` does.

    Raises:
        NotAllowed: this person may not read the file, or it is no picture.
    """
    role, evidence = _readable_file(caller, reference, evidence_id)
    facts, is_own = case_files.known_to(evidence.case, caller, evidence, now)
    if not shown_as(facts.kind):
        raise NotAllowed
    _, file = open_file(facts, Copy.CLEANED, uploader=is_own)
    codes = {"file": str(evidence.pk)}
    record(caller, "case.viewed", now, role=role, subject=reference, **codes)
    return facts, file.chunks()


def _readable_file(caller: Caller, reference: str, evidence_id: str) -> tuple[str, Evidence]:
    """Return (role, file) for a person who may read the file.

    Raises:
        NotAllowed: there is no such file, or this person may not read it.
    """
    found = find_access(caller, reference)
    case = found.facts.case
    evidence = Evidence.objects.filter(case=case, pk=evidence_id).first()
    rule = "read_account" if evidence is None else rule_of(evidence)
    if not found.allows(rule) or evidence is None:
        raise NotAllowed
    evidence.case = case
    return found.role(rule), evidence


def add_file(
    case: Case, caller: Caller, file: File[bytes], *, now: datetime, once: str = ""
) -> Event:
    """Add one file that does not come from a browser's form.

    See `case_files.add_files`.

    Returns:
        The event of the step, with the id of the file.
    """
    arrived = file if isinstance(file, Arrival) else receive(str(file.name), file.chunks())
    return case_files.add_files(case, caller, [arrived], now=now, step_input=StepInput(once=once))


def ledger(
    caller: Caller, reference: str, *, now: datetime, own_looks: bool = True
) -> tuple[Case, list[Event]]:
    """Return who opened what, when and in which role, newest first.

    The events hold roles, never names; at most 500 are returned. Without `own_looks`, a complainant
    gets none of their own openings; what they did and took out stays.

    Raises:
        NotAllowed: this person may not read the ledger.
    """
    found = find_access(caller, reference, "read_ledger")
    case, role = found.facts.case, found.role("read_ledger")
    record_opening(case, caller, role, now)
    return case, ledger_of(case, role, own_looks=own_looks)


def _rows(case: Case, allowed: frozenset[str], before: str | None) -> Thread:
    kinds = _readable_kinds(allowed)
    return whole_thread(case, kinds) if before is None else page_of_thread(case, kinds, before)


def _readable_kinds(allowed: frozenset[str]) -> list[Kind]:
    """Return the kinds of records that these actions let a person read on a case page."""
    elsewhere = {Kind.DRAFT, *OF_THE_ROOM}
    return [k for k in Kind if k not in elsewhere and rules.READ_RULE[k] in allowed]


def _read(rows: Iterable[Record], ring: Keyring) -> tuple[tuple[Words, ...], bool]:
    """Return what these keys open of the records, and whether they lack a key."""
    words, locked = list[Words](), False
    for row in rows:
        try:
            words.append(read(row, ring))
        except DecryptionFailed:
            locked = True
    return tuple(words), locked
