"""Add, check again, choose and open the files of a case.

`add_files` is the one function that takes in files, for every person who may bring them. A page
that takes files has an `evidence.FilesField` (`web.cases.step_forms`) and the mixin
`web.cases.file_views.TakesFiles`. The rule of the step in `access.rules.RULES` says who may bring
files, so that a new standing needs a rule and no code here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext_noop

from grievances.audit.models import Event
from grievances.cases.access import rules
from grievances.cases.actions import step_answers as given
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.effects import Execution, effect
from grievances.cases.actions.emergency import ring_for
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.companions import take_up_companions
from grievances.cases.models.evidence import Evidence, FileFacts, file_facts, sealed_file
from grievances.cases.models.statements import take_up_hearings
from grievances.cases.step_names import StepName
from grievances.choices import Copy, Scan
from grievances.encryption.encrypted_files import SealedFile, Sealer, Window
from grievances.encryption.primitives import DecryptionFailed
from grievances.evidence import upload, virus_scan
from grievances.evidence.companion_files import change_facts
from grievances.evidence.file_types import KINDS
from grievances.evidence.storing import (
    FILE_DAMAGED,
    Bringer,
    all_or_none,
    as_seen_by,
    check_number,
    codes_of,
    is_in_quarantine,
    known_of,
    open_file,
    rule_of,
    seal_in,
)
from grievances.evidence.upload import Arrival
from grievances.vocabulary import Compartment
from workflow.steps import Refused

CHECKED_NOW = gettext_noop(
    "Someone else is having this file checked. Look at it again in a minute."
)


def add_files(
    case: Case,
    caller: Caller,
    files: Sequence[Arrival],
    *,
    now: datetime,
    others: str = Copy.CLEANED,
    step: str = StepName.ADD_EVIDENCE,
    step_input: StepInput | None = None,
    compartment: str = Compartment.CORE,
) -> Event:
    """Take uploaded files into a case, all or none, sealed under `compartment`.

    `others` is the copy that other readers see. The effect of `step` must call `keep_rows`.

    Returns:
        The event of the step, with the ids of the files.

    Raises:
        NotAllowed: The caller may not perform the step, or its rule lets them bring no files.
        Refused: A file is not taken; the sentence is for the person.
        DecryptionFailed: The caller has no key of the compartment.
    """
    with all_or_none(files):
        bringer = _bringer(case, caller, step)
        check_number(case, files)
        ring = Keyring.of(case, caller.holder)
        rows = seal_in(case, ring, files, bringer, now=now, others=others, compartment=compartment)
        told = _with_files(step_input or StepInput(), rows, files)
        return perform(step, case_id=case.pk, caller=caller, now=now, step_input=told)


def _bringer(case: Case, caller: Caller, step: str) -> Bringer:
    """Return the caller as the person who brings files by a step.

    Raises:
        NotAllowed: They may not perform it.
    """
    if caller.who is None or not rules.allows(caller.who, step, case):
        raise NotAllowed
    role = rules.role_of(caller.who, case, step)
    return Bringer(role, caller.handle_as(role))


def _with_files(
    step_input: StepInput, rows: Sequence[Evidence], files: Sequence[Arrival]
) -> StepInput:
    """Return the input of a step with the rows of files and their codes."""
    codes = {**step_input.codes, **codes_of(rows, files)}
    return replace(step_input, answers={**step_input.answers, "files": rows}, codes=codes)


@effect(StepName.ADD_EVIDENCE)
def keep_rows(execution: Execution[given.NewFiles]) -> None:
    """Save the rows of the files in the transaction of the step.

    The sealed files are on the disk already.
    """
    rows = execution.answers["files"]
    check_number(execution.case, rows)
    for row in rows:
        row.save(force_insert=True)


def has_quarantine(event: Event) -> bool:
    """Return whether a file that this step took or checked is in quarantine now."""
    return is_in_quarantine(event.data.get("scan", ()))


def ring_of(case: Case, caller: Caller, now: datetime | None = None) -> Keyring:
    """Return the keys of the case's files that the caller holds.

    Keys of hearings and of companions are among them. With `now`, so are those of an emergency
    opening.
    """
    ring = Keyring.of(case, caller.holder) if now is None else ring_for(case, caller, now)
    return take_up(case, ring)


def take_up(case: Case, ring: Keyring) -> Keyring:
    """Add the keys of files from people who may not see the case.

    Returns:
        The ring, which has them now.
    """
    take_up_hearings(case, ring)
    take_up_companions(case, ring)
    return ring


def open_copy(
    case: Case, caller: Caller, evidence: Evidence, wanted: str, now: datetime
) -> tuple[FileFacts, str, SealedFile]:
    """Return (facts, which copy, its sealed bytes) for a reader of the case's files.

    Raises NotAllowed without the key. Raises Refused for a file in quarantine, a withheld original
    or a broken file.
    """
    facts, is_own = known_to(case, caller, evidence, now)
    copy, file = open_file(facts, wanted, uploader=is_own)
    return facts, copy, file


def known_to(
    case: Case, caller: Caller, evidence: Evidence, now: datetime
) -> tuple[FileFacts, bool]:
    """Return (what a reader of the file may know of it, whether they added it).

    Raises:
        NotAllowed: The caller does not hold the key of the file.
    """
    ring = ring_of(case, caller, now)
    if evidence.compartment not in ring or caller.who is None:
        raise NotAllowed
    role = rules.role_of(caller.who, case, rule_of(evidence))
    facts = next(known_of([evidence], ring))[1]
    return as_seen_by(role, facts), is_uploader(case, caller, facts)


def files_of(
    case: Case, ring: Keyring, allowed: Collection[str], role: str
) -> tuple[FileFacts, ...]:
    """Return what a person in this role may know of the files, oldest first.

    `ring` holds their keys. `allowed` names the rules under which they may read files.
    """
    every = sorted(case.evidence.all(), key=lambda row: (row.at, row.pk))
    rows = [row for row in every if rule_of(row) in allowed]
    return tuple(as_seen_by(role, facts) for _, facts in known_of(rows, ring))


def is_uploader(case: Case, caller: Caller, facts: FileFacts) -> bool:
    """Return whether this person added the file, in the same standing as then."""
    return Bringer(facts.author, caller.handle_as(facts.author)).brought(facts)


@effect(StepName.CHOOSE_COPY)
def choose(execution: Execution[given.CopyChoice]) -> None:
    """Store which copy others see; only the person who added the file may choose.

    Raises:
        Refused: Another person added the file.
    """
    row = _locked_row(execution)
    facts = file_facts(row, execution.ring)
    if not is_uploader(execution.case, execution.caller, facts):
        raise Refused(
            "NOT_YOUR_FILE", gettext_noop("Only the person who added a file can choose this.")
        )
    change_facts(row, execution.ring, others=Copy(execution.answers["others"]).value)


def check_again(
    case: Case, caller: Caller, file_id: str, *, now: datetime, once: str = ""
) -> Event:
    """Scan a file again, and remove its hidden details if that is still to be done.

    Raises what `perform` does. Only a person with an open key can ask: no worker ever holds one.

    Returns:
        The event of the step.

    Raises:
        NotAllowed: The rule of the step does not let the caller check a file.
        Refused: The file is not in this case, is damaged, or another person is checking it.
    """
    if caller.who is None or not rules.allows(caller.who, StepName.CHECK_FILE, case):
        raise NotAllowed
    row = Evidence.objects.filter(case=case, pk=file_id).first()
    ring = ring_of(case, caller)
    if row is None or row.compartment not in ring:
        raise Refused("ANSWER_INVALID", gettext_noop("Choose one of the files of this case."))
    changes, copy = _looked_at(row, ring)
    step_input = StepInput(
        answers={"file": file_id, "changes": changes},
        codes={"files": [file_id], "scan": [changes["scan"]]},
        once=once,
    )
    with _kept_or_discarded(copy):
        return perform(
            StepName.CHECK_FILE, case_id=case.pk, caller=caller, now=now, step_input=step_input
        )


def check_all(case: Case, caller: Caller, *, now: datetime, once: str = "") -> Event:
    """Scan again every file that the caller reads and no scan has called clean.

    Each file is a step of its own, so that what is done stays done. A service alone cannot do this,
    because it holds no key of a case. Raises as `check_again` does.

    Returns:
        The event of the last file.

    Raises:
        Refused: Every file is clean, or one of them cannot be checked.
    """
    allowed = rules.actions_allowed(caller.who, case) if caller.who else ()
    role = rules.role_of(caller.who, case, StepName.CHECK_FILE) if caller.who else ""
    owed = [each for each in files_of(case, ring_of(case, caller), allowed, role) if is_owed(each)]
    if not owed:
        raise Refused("ANSWER_INVALID", gettext_noop("Every file of this case has been checked."))
    *others, last = owed
    for each in others:
        check_again(case, caller, str(each.id), now=now)
    return check_again(case, caller, str(last.id), now=now, once=once)


def is_owed(facts: FileFacts) -> bool:
    """Return whether a file can be scanned and no scan has called it clean."""
    return facts.is_known and facts.scan != Scan.CLEAN


@effect(StepName.CHECK_FILE)
def note_check(execution: Execution[given.FileCheck]) -> None:
    """Seal the result of the second check.

    A copy that another person made meanwhile is kept.

    Raises:
        Refused: Another person made a copy meanwhile.
    """
    row = _locked_row(execution)
    changes = execution.answers["changes"]
    if file_facts(row, execution.ring).copy_key and changes.get("copy_key"):
        raise Refused("STALE_STATE", CHECKED_NOW)
    change_facts(row, execution.ring, **changes)


def _looked_at(row: Evidence, ring: Keyring) -> tuple[dict[str, object], Sealer | None]:
    try:
        return _look_again(file_facts(row, ring))
    except DecryptionFailed:
        raise Refused(FILE_DAMAGED.code, FILE_DAMAGED.sentence) from None
    except FileExistsError:
        raise Refused("STALE_STATE", CHECKED_NOW) from None


@contextmanager
def _kept_or_discarded(copy: Sealer | None) -> Iterator[None]:
    """Keep a new copy when the block ends well, and discard it when it raises."""
    try:
        yield
    except BaseException:
        if copy is not None:
            copy.discard()
        raise
    if copy is not None:
        copy.keep()


def _look_again(facts: FileFacts) -> tuple[dict[str, object], Sealer | None]:
    original = sealed_file(facts, Copy.ORIGINAL)
    original.check()
    scan = virus_scan.scan(original.chunks())
    changes: dict[str, object] = {"scan": scan.value}
    kind = KINDS.get(facts.kind)
    is_owed = not facts.copy_key  # or kept as it is, when its kind had no cleaner yet
    if scan not in {Scan.NONE, Scan.CLEAN} or kind is None or not kind.cleaner or not is_owed:
        return changes, None
    look = Window(original)
    try:
        cleaned, found, copy = upload.clean(look, original, kind)
    finally:
        look.close()
    changes |= {"cleaning": cleaned.value, "found": found}
    if copy is not None:
        changes |= {"copy_key": copy.key.hex(), "copy_size": copy.size}
    return changes, copy


def _locked_row(execution: Execution[given.OneFile]) -> Evidence:
    row = Evidence.objects.filter(case=execution.case, pk=execution.answers["file"]).first()
    if row is None or row.compartment not in take_up(execution.case, execution.ring):
        raise Refused("ANSWER_INVALID", gettext_noop("Choose one of the files of this case."))
    return row
