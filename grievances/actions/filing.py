"""Files of a case: taken in, checked again, chosen from, handed out.

`add_files` is the one way in for a file, whoever brings it. A page that takes files has a
`forms.filing.FilesField` and the mixin `views.files.TakesFiles`; whether somebody may is the rule
of the step in `access.RULES`, so that a new standing needs a rule and no code of its own here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings

from grievances import access
from grievances.actions.door import Caller, Deed, NotAllowed, perform
from grievances.actions.effects import Scene, effect
from grievances.actions.emergency import ring_for
from grievances.evidence import arrival, scanning
from grievances.evidence.arrival import Arrival
from grievances.evidence.kinds import KINDS
from grievances.models import Case, Event, Evidence
from grievances.models.evidence import FileFacts, file_facts, open_facts, seal_facts, sealed_file
from grievances.models.keyring import Keyring, Unreadable
from grievances.models.sealing import Sealer, Window
from grievances.vocabulary import Cleaning, Compartment, Copy, Scan
from workflow.steps import Refused

QUARANTINE = Refused(
    "QUARANTINED",
    "This file is in quarantine: it did not pass the virus scan, so nobody can download it. You "
    "can have it checked again from the page of the case.",
)
WITHHELD = Refused(
    "ORIGINAL_WITHHELD",
    "The person who added this file has not given its original to others. The copy without hidden "
    "details can be downloaded where there is one.",
)
FILE_DAMAGED = Refused(
    "FILE_DAMAGED",
    "This file cannot be opened: it was changed or is incomplete. Nothing was downloaded. Tell the "
    "casework lead, so that it can be restored from a backup.",
)

CHECKED_NOW = "Somebody else is having this file checked. Look at it again in a minute."


def add_files(
    case: Case,
    caller: Caller,
    files: Sequence[Arrival],
    *,
    now: datetime,
    others: str = Copy.CLEANED,
    step: str = "add_evidence",
    deed: Deed | None = None,
    compartment: Compartment = Compartment.CORE,
) -> Event:
    """Take uploaded files into a case, all of them or none; the step's event names their ids.

    `step` is the step whose rule in `access.RULES` lets this caller bring files and that keeps
    them (its effect calls `keep_rows`); `deed` is what else that step is told. `compartment` is
    the key they are sealed under, which the caller must hold. `others` is the copy that other
    readers see: the cleaned one, or the original where it matters as evidence.

    Raises NotAllowed, Refused (with a sentence for the person), Unreadable without the key, or
    AlreadyRecorded. Whatever is raised, nothing of the files is left.
    """
    deed = deed or Deed()
    try:
        if caller.who is None or not access.allows(caller.who, step, case):
            raise NotAllowed
        role = access.role_of(caller.who, case, step)
        _check_number(case, files)
        ring = Keyring.of(case, caller.holder)
        rows = [_row(case, ring, each, caller, role, others, compartment, now) for each in files]
        codes = {**deed.codes, "files": [str(row.pk) for row in rows], "scan": _scans(files)}
        answers = {**deed.answers, "files": rows}
        told = replace(deed, answers=answers, codes=codes)
        event = perform(step, case_id=case.pk, caller=caller, now=now, deed=told)
    except BaseException:
        for each in files:
            each.close()
        raise
    for each in files:
        each.keep()
    return event


@effect("add_evidence")
def keep_rows(scene: Scene) -> None:
    """The files lie sealed already; their rows join the case in this transaction."""
    rows: list[Evidence] = scene.answers["files"]
    _check_number(scene.case, rows)
    for row in rows:
        row.save(force_insert=True)


def has_quarantine(event: Event) -> bool:
    """Whether a file that this step took or looked at is in quarantine now."""
    return not {Scan.NONE, Scan.CLEAN}.issuperset(event.data.get("scan", ()))


def open_copy(
    case: Case, caller: Caller, evidence: Evidence, wanted: str, now: datetime
) -> tuple[FileFacts, str, Iterator[bytes]]:
    """(facts, which copy, its chunks) for somebody who may read the case's files.

    Every chunk is opened once beforehand: a file that was changed or cut is refused as a whole.
    Raises NotAllowed without the key, Refused for quarantine, a withheld original, a broken file.
    """
    ring = ring_for(case, caller, now)
    if evidence.compartment not in ring or caller.who is None:
        raise NotAllowed
    try:
        facts = file_facts(evidence, ring)
        copies = facts.open_to(uploader=is_uploader(case, caller, facts))
        copy = wanted or next(iter(copies), "")
        if copy not in copies:
            refused = QUARANTINE if facts.is_quarantined else WITHHELD
            raise Refused(refused.code, refused.sentence)
        file = sealed_file(facts, copy)
        file.check()
    except Unreadable:
        raise Refused(FILE_DAMAGED.code, FILE_DAMAGED.sentence) from None
    return facts, copy, file.chunks()


def files_of(case: Case, ring: Keyring) -> tuple[FileFacts, ...]:
    """What is known of every file whose key the ring has, oldest first.

    A row that was tampered with is shown as a file that cannot be opened, and not left out.
    """
    found = []
    for row in case.evidence.order_by("at", "pk"):
        if row.compartment not in ring:
            continue
        try:
            found.append(file_facts(row, ring))
        except Unreadable:
            found.append(FileFacts(row.pk, row.at, "", 0, "", ""))
    return tuple(found)


def is_uploader(case: Case, caller: Caller, facts: FileFacts) -> bool:
    """Whether this person added the file, in the same standing as then."""
    return bool(facts.by) and facts.by == caller.handle_as(facts.author)


@effect("choose_copy")
def choose(scene: Scene) -> None:
    """Which copy others see, said by the person who added the file and by nobody else."""
    row = _locked_row(scene)
    facts = file_facts(row, scene.ring)
    if not is_uploader(scene.case, scene.caller, facts):
        raise Refused("NOT_YOUR_FILE", "Only the person who added a file can choose this.")
    _change(scene, row, others=Copy(scene.answers["others"]).value)


def check_again(
    case: Case, caller: Caller, file_id: str, *, now: datetime, once: str = ""
) -> Event:
    """Scan a file again, and remove its hidden details if that is still owed.

    Only somebody whose open key reaches the file can ask: no worker ever holds a key of a case.
    Raises NotAllowed, Refused or AlreadyRecorded.
    """
    if caller.who is None or not access.allows(caller.who, "check_file", case):
        raise NotAllowed
    row = Evidence.objects.filter(case=case, pk=file_id).first()
    ring = Keyring.of(case, caller.holder)
    if row is None or row.compartment not in ring:
        raise Refused("ANSWER_INVALID", "Choose one of the files of this case.")
    try:
        facts = file_facts(row, ring)
        changes, copy = _look_again(facts)
    except Unreadable:
        raise Refused(FILE_DAMAGED.code, FILE_DAMAGED.sentence) from None
    except FileExistsError:
        raise Refused("STALE_STATE", CHECKED_NOW) from None
    deed = Deed(
        answers={"file": file_id, "changes": changes},
        codes={"files": [file_id], "scan": [changes["scan"]]},
        once=once,
    )
    try:
        event = perform("check_file", case_id=case.pk, caller=caller, now=now, deed=deed)
    except BaseException:
        if copy is not None:
            copy.discard()
        raise
    if copy is not None:
        copy.keep()
    return event


@effect("check_file")
def note_check(scene: Scene) -> None:
    """Seal what the second look said; a copy that somebody else made meanwhile stands."""
    row = _locked_row(scene)
    changes = scene.answers["changes"]
    if file_facts(row, scene.ring).copy_key and changes.get("copy_key"):
        raise Refused("STALE_STATE", CHECKED_NOW)
    _change(scene, row, **changes)


def _look_again(facts: FileFacts) -> tuple[dict[str, Any], Sealer | None]:
    original = sealed_file(facts, Copy.ORIGINAL)
    original.check()
    scan = scanning.scan(original.chunks())
    changes: dict[str, Any] = {"scan": scan.value}
    kind = KINDS.get(facts.kind)
    is_owed = facts.cleaning in {Cleaning.WAITING, Cleaning.FAILED}
    if scan not in {Scan.NONE, Scan.CLEAN} or kind is None or not kind.cleaner or not is_owed:
        return changes, None
    look = Window(original)
    try:
        cleaned, found, copy = arrival.clean(look, original, kind)
    finally:
        look.close()
    changes |= {"cleaning": cleaned.value, "found": found}
    if copy is not None:
        changes |= {"copy_key": copy.key.hex(), "copy_size": copy.size}
    return changes, copy


def _locked_row(scene: Scene) -> Evidence:
    row = Evidence.objects.filter(case=scene.case, pk=scene.answers["file"]).first()
    if row is None or row.compartment not in scene.ring:
        raise Refused("ANSWER_INVALID", "Choose one of the files of this case.")
    return row


def _change(scene: Scene, row: Evidence, **changes: Any) -> None:
    seal_facts(row, scene.ring, {**open_facts(row, scene.ring), **changes})
    row.save(update_fields=["sealed_facts"])


def _check_number(case: Case, files: Sequence[object]) -> None:
    most = settings.EVIDENCE_MAX_PER_CASE
    if case.evidence.count() + len(files) > most:
        raise Refused(
            "TOO_MANY_FILES",
            f"A case holds up to {most} files, and these would be too many. Put several pages into "
            "one PDF, or tell us in a message what else there is.",
        )


def _scans(files: Iterable[Arrival]) -> list[str]:
    return [each.scan.value for each in files]


def _row(
    case: Case,
    ring: Keyring,
    file: Arrival,
    caller: Caller,
    role: str,
    others: str,
    compartment: Compartment,
    now: datetime,
) -> Evidence:
    refused = arrival.fault_of([file])
    if refused is not None:
        raise refused
    row = Evidence(id=file.sealer.file_id, case=case, compartment=compartment, at=now)
    if compartment not in ring:
        raise Unreadable
    file.examine()
    facts = {
        "name": str(file.name),
        "size": file.size,
        "sha256": file.sealer.sha256,
        "author": role,
        "by": caller.handle_as(role),
        "kind": file.kind.code if file.kind else "",
        "scan": file.scan.value,
        "cleaning": file.cleaning.value,
        "others": Copy(others).value,
        "found": file.found,
        "key": file.sealer.key.hex(),
        "copy_key": file.copy.key.hex() if file.copy else "",
        "copy_size": file.copy.size if file.copy else 0,
    }
    seal_facts(row, ring, facts)
    return row
