"""Store files: all of them or none, sealed to a case, with their facts.

The callers say who may bring files and which event records them: `case_files` for people who take
steps on a case, `participant_files` for people who may not see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext, gettext_noop

from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.evidence import (
    Evidence,
    FileFacts,
    file_facts,
    seal_facts,
    sealed_file,
)
from grievances.choices import Cleaning, Copy, Scan
from grievances.encryption.encrypted_files import SealedFile
from grievances.encryption.primitives import DecryptionFailed
from grievances.evidence import upload
from grievances.evidence.file_types import KINDS, NAMES_STAY, shown_as
from grievances.evidence.upload import Arrival
from grievances.vocabulary import Compartment, Standing
from workflow.steps import Refused

QUARANTINE = Refused(
    "QUARANTINED",
    gettext_noop(
        "This file is in quarantine: it did not pass the virus scan, so no one can download it. "
        "You can have it checked again from the page of the case."
    ),
)
WITHHELD = Refused(
    "ORIGINAL_WITHHELD",
    gettext_noop(
        "The person who added this file has not given its original to others. The copy without "
        "hidden details can be downloaded where there is one."
    ),
)
FILE_DAMAGED = Refused(
    "FILE_DAMAGED",
    gettext_noop(
        "This file cannot be opened: it was changed or is incomplete. Nothing was downloaded. Tell "
        "the casework lead, so that it can be restored from a backup."
    ),
)
OF_A_WITNESS = "A file from a witness"
"""The name that the complainant reads instead of the name of a witness's file."""


@dataclass(frozen=True)
class Bringer:
    """The person who brings files: the role that the file names, and their pseudonym."""

    role: str
    handle: str

    def brought(self, facts: FileFacts) -> bool:
        """Return whether this person added the file, in the same standing as then."""
        return bool(facts.by) and facts.by == self.handle


@contextmanager
def all_or_none(files: Sequence[Arrival]) -> Iterator[None]:
    """Keep the files when the work inside is done; remove all of them when it raises."""
    try:
        yield
    except BaseException:
        for each in files:
            each.close()
        raise
    for each in files:
        each.keep()


def seal_in(
    case: Case,
    ring: Keyring,
    files: Iterable[Arrival],
    bringer: Bringer,
    *,
    now: datetime,
    others: str,
    compartment: str,
) -> list[Evidence]:
    """Return unsaved rows for files that have arrived, with their facts sealed.

    `others` is the copy that other readers see. `compartment` is the key that seals the files.
    Raises the fault of a file that is not taken, a Refused.

    Raises:
        DecryptionFailed: The ring does not have the key of the compartment.
    """
    rows = []
    for file in files:
        _require_good(file)
        if compartment not in ring:
            raise DecryptionFailed
        file.examine()
        row = Evidence(id=file.sealer.file_id, case=case, compartment=compartment, at=now)
        seal_facts(row, ring, _facts(file, bringer, others))
        rows.append(row)
    return rows


def _require_good(file: Arrival) -> None:
    """Raise what is wrong with a file that has arrived, if anything is."""
    refused = upload.fault_of([file])
    if refused is not None:
        raise refused


def check_number(case: Case, files: Sequence[object], compartment: str = "") -> None:
    """Check that the case, or one person's part of it, has room for these files.

    Each part is counted separately. So no one can use up the limit of another person. And no one
    learns from a refusal how many files others have added.

    Raises:
        Refused: The files would be too many; the sentence says how many fit.
    """
    is_own = bool(compartment) and compartment not in Compartment.values
    most = settings.EVIDENCE_MAX_PER_PERSON if is_own else settings.EVIDENCE_MAX_PER_CASE
    rows = case.evidence.filter(compartment__in=[compartment] if is_own else Compartment.values)
    if rows.count() + len(files) > most:
        where = gettext("You can add") if is_own else gettext("A case holds")
        raise Refused(
            "TOO_MANY_FILES",
            gettext(
                "{where} up to {most} files, and these would be too many. Put several pages into "
                "one PDF, or tell us in a message what else there is."
            ).format(where=where, most=most),
        )


def codes_of(rows: Iterable[Evidence], files: Iterable[Arrival]) -> dict[str, list[str]]:
    """Return what the event records of the files: their ids and results of the scan."""
    return {
        "files": [str(row.pk) for row in rows],
        "scan": [each.scan.value for each in files],
    }


def known_of(rows: Iterable[Evidence], ring: Keyring) -> Iterator[tuple[Evidence, FileFacts]]:
    """Yield what is known of each of these files whose key is in the ring.

    A row that was tampered with is shown as a file that cannot be opened. It is not left out.
    """
    for row in rows:
        if row.compartment not in ring:
            continue
        try:
            yield row, file_facts(row, ring)
        except DecryptionFailed:
            yield row, FileFacts(row.pk, row.at, "", 0, "", "")


def rule_of(evidence: Evidence) -> str:
    """Return the rule under which a file is read.

    A file that was brought to a hearing is read under the rule of statements.
    """
    of_hearing = evidence.compartment.partition(":")[0] == Compartment.REPLY
    return "read_statements" if of_hearing else "read_account"


def as_seen_by(role: str, facts: FileFacts) -> FileFacts:
    """Return the facts of a file that a person in this role may know.

    The complainant never learns who a witness is. So of a witness's file they have neither its name
    nor its hidden details. They have only the copy without them, or plain text. An email, or a copy
    in whose words a name is left, is not theirs to open.
    """
    is_of_witness = facts.author.upper() == Standing.WITNESS
    if not is_of_witness or role.upper() != Standing.COMPLAINANT:
        return facts
    kind = KINDS.get(facts.kind)
    ending = kind.endings[0] if kind else ""
    names_them = facts.kind in NAMES_STAY or facts.cleaning == Cleaning.WORDS
    return replace(
        facts,
        name=f"{OF_A_WITNESS}{ending}",
        found=(),
        others=Copy.CLEANED.value,
        cleaning=Cleaning.FAILED.value if names_them else facts.cleaning,
    )


def as_shared(facts: FileFacts) -> FileFacts:
    """Return the facts of a file that the complainant's companion may know.

    Companions have the copies that others have, and the keys of these alone. The person who added a
    file chose which copies those are.
    """
    seen = as_seen_by(Standing.COMPLAINANT, facts)
    copies = seen.open_to(uploader=False)
    return replace(
        seen,
        by="",
        sha256="",
        found=(),
        key=seen.key if Copy.ORIGINAL in copies else "",
        copy_key=seen.copy_key if Copy.CLEANED in copies else "",
    )


def open_file(facts: FileFacts, wanted: str, *, uploader: bool) -> tuple[str, SealedFile]:
    """Return (which copy, the sealed file) for a person who may read this file.

    Every chunk is opened once beforehand, so a file that was changed or cut is refused as a whole.

    Raises:
        Refused: The file is in quarantine, its original is withheld, or it is broken.
    """
    copies = facts.open_to(uploader=uploader) if facts.is_known else ()
    copy = wanted or next(iter(copies), "")
    if facts.is_known and copy not in copies:
        refused = QUARANTINE if facts.is_quarantined else WITHHELD
        # Make a new one: an exception that is kept would hold on to every request.
        raise Refused(refused.code, refused.sentence)
    try:
        file = sealed_file(facts, copy)
        file.check()
    except DecryptionFailed:
        raise Refused(FILE_DAMAGED.code, FILE_DAMAGED.sentence) from None
    return copy, file


def media_of(facts: FileFacts) -> str:
    """Return the media type of a picture whose redrawn copy may be viewed.

    It is empty for other files.
    """
    is_there = facts.is_known and Copy.CLEANED in facts.open_to(uploader=False)
    return shown_as(facts.kind) if is_there else ""


def is_in_quarantine(codes: Iterable[str]) -> bool:
    """Return whether one of these results of the scan keeps its file in quarantine."""
    return not {Scan.NONE, Scan.CLEAN}.issuperset(codes)


def _facts(file: Arrival, bringer: Bringer, others: str) -> dict[str, object]:
    return {
        "name": str(file.name),
        "size": file.size,
        "sha256": file.sealer.sha256,
        "author": bringer.role,
        "by": bringer.handle,
        "kind": file.kind.code if file.kind else "",
        "scan": file.scan.value,
        "cleaning": file.cleaning.value,
        "others": Copy(others).value,
        "found": file.found,
        "key": file.sealer.key.hex(),
        "copy_key": file.copy.key.hex() if file.copy else "",
        "copy_size": file.copy.size if file.copy else 0,
    }


def refuse_uncleaned(files: Iterable[Arrival], others: str) -> None:
    """Check that other people could open each file.

    A file whose hidden details stay in it could be opened by no one. This is for people who may not
    see the case: they are told while they still have the file.

    Raises:
        Refused: The hidden details of a file could not be removed.
    """
    for file in files:
        if file.cleaning == Cleaning.FAILED and others == Copy.CLEANED:
            raise Refused(
                "NOT_CLEANED",
                gettext(
                    "Hidden details could not be taken out of this file, so no one could open it. "
                    "Add it again with its hidden details, or as a picture or a PDF; a very large "
                    "picture, saved smaller."
                ),
            )
