"""Export a case as one package: what this person may read, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from grievances.cases.access import rules
from grievances.cases.actions.actor import Caller
from grievances.cases.models.case import Case
from grievances.cases.models.evidence import FileFacts
from grievances.casework import reading
from grievances.casework.reading import OpenCase
from grievances.choices import Copy
from grievances.evidence import case_files
from grievances.evidence.file_types import name_to_save
from grievances.evidence.storing import open_file
from grievances.evidence.zip_stream import Part
from workflow.steps import Refused

FOLDERS = {Copy.CLEANED.value: "files", Copy.ORIGINAL.value: "originals"}


def find_exportable(caller: Caller, reference: str) -> tuple[Case, str]:
    """Return (case, role) for a person who may export the case.

    Raises:
        NotAllowed: no such case for this person, or no role that may export it.
    """
    found = reading.find_access(caller, reference, "read_as_copy")
    return found.facts.case, found.role("read_as_copy")


def take_copy(caller: Caller, reference: str, *, now: datetime) -> OpenCase:
    """Return the case as this person may read it, after recording the export.

    Every export is an event; two in one minute are two events. Raises NotAllowed.
    """
    _, role = find_exportable(caller, reference)
    opened = reading.open_case(caller, reference, now=now)
    saw = ",".join(sorted({rules.READ_RULE[each.kind] for each in opened.words}))
    reading.record(caller, "case.exported", now, role=role, subject=reference, saw=saw)
    return opened


def file_parts(opened: OpenCase) -> Iterator[Part]:
    """Yield every copy of every file this person may have; each is checked in turn.

    A file in quarantine, withheld or damaged is replaced by a sentence.
    """
    for number, facts in enumerate(opened.files, start=1):
        is_own = case_files.is_uploader(opened.case, opened.caller, facts)
        copies = facts.open_to(uploader=is_own) if facts.is_known else ()
        for copy in copies or ("",):
            yield _part(number, facts, copy, is_own)


def _part(number: int, facts: FileFacts, copy: str, is_own: bool) -> Part:
    try:
        taken, file = open_file(facts, copy, uploader=is_own)
    except Refused as refused:
        return f"files/{number:03d} is not here.txt", [f"{refused.sentence}\n".encode()]
    name = name_to_save(facts.name, facts.kind, is_copy=taken == Copy.CLEANED)
    return f"{FOLDERS[taken]}/{number:03d} {name}", file.chunks()
