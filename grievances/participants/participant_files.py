"""Files of people who may not see the case: respondent, witness, companion.

Their files are sealed under the key of their own conversation, or of their companionship. The
officers who read their words have that key too, and no one else. They see and may download what
they added, and nothing of the case (domain.md 11.1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from grievances.audit.models import Event
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.companions import Companion
from grievances.cases.models.evidence import Evidence, FileFacts
from grievances.cases.models.statements import Hearing
from grievances.cases.notices import sending
from grievances.choices import Cleaning, Copy
from grievances.evidence.companion_files import change_facts, files_ticked, ticked_file
from grievances.evidence.storing import (
    Bringer,
    all_or_none,
    check_number,
    codes_of,
    known_of,
    open_file,
    refuse_uncleaned,
    seal_in,
)
from grievances.evidence.upload import Arrival
from grievances.participants import companions, statements
from grievances.participants.companions import Guest
from grievances.policy import profiles
from grievances.vocabulary import Identity
from workflow.calendar import local_date
from workflow.steps import Refused

Taken = tuple[FileFacts, str, Iterator[bytes]]
"""A file that a person downloads: its facts, which copy it is, its chunks."""
Listed = tuple[FileFacts, bool]
"""A file, and whether the reader added it."""

CHOSEN = Refused(
    "HEARING_OVER",
    gettext_noop(
        "The report has gone to the decision maker, and it rests on what you gave. What others see "
        "cannot be changed any more. If hidden details in it put you in danger, speak to the "
        "handler."
    ),
)
KEPT_APART = Refused(
    "QUARANTINED",
    gettext_noop(
        "This file is in quarantine: it did not pass the virus scan, so no one can download it. If "
        "you need it, add it again from another device."
    ),
)


def files_heard(caller: Caller, hearing: Hearing) -> list[Listed]:
    """Return the files a person heard has added to their conversation, oldest first."""
    ring = statements.own_ring(hearing.case, caller)
    return _files(hearing.case, hearing.compartment, ring, _heard(hearing, caller))


def files_shared(guest: Guest, companion: Companion) -> list[Listed]:
    """Return the files a companion may read.

    They are the companion's own, or those of the person heard whom they help.
    """
    ring = Keyring.of(companion.case, guest.holder)
    return _files(companion.case, companion.compartment, ring, _along(guest))


def ticked_for(guest: Guest, companion: Companion) -> list[Listed]:
    """Return the files of the case that were ticked for a companion."""
    ring = Keyring.of(companion.case, guest.holder)
    return [(facts, False) for facts in files_ticked(companion, ring)]


def add_heard(
    caller: Caller, token: str, files: Sequence[Arrival], *, others: str, once: str, now: datetime
) -> Event:
    """Add files to one's own conversation, as evidence.

    Raises NotAllowed, AlreadyRecorded, DecryptionFailed, and Refused HEARING_OVER or with what is
    wrong with a file. Whatever is raised, nothing of the files is left.

    Returns:
        The event, with the ids of the files and the results of their scan.
    """
    with all_or_none(files):
        hearing = statements.find_hearing(caller, token)
        ring, bringer = statements.own_ring(hearing.case, caller), _heard(hearing, caller)
        rows = _sealed(hearing.case, ring, files, bringer, others, hearing.compartment, now)
        with transaction.atomic():
            hearing = statements.lock_open(hearing, once)
            _save(hearing.case, rows, hearing.compartment)
            codes, key = codes_of(rows, files), statements.once_key(hearing, once)
            event = statements.note(hearing, "filed", bringer.handle, now, key, codes)
            _tell(hearing.case, event, now)
    return event


def add_shared(
    guest: Guest, token: str, files: Sequence[Arrival], *, others: str, once: str, now: datetime
) -> Event:
    """Add a companion's files to the case.

    The complainant and the officers can read them. In an anonymous case others see the copy without
    hidden details, whatever was asked (domain.md 5.7 b). Raises as `add_heard` does.

    Returns:
        The event.
    """
    with all_or_none(files):
        companion = companions.find_shared(guest, token, own=True)
        case, where = companion.case, companion.compartment
        others = Copy.CLEANED.value if case.identity == Identity.ANONYMOUS else others
        ring, bringer = Keyring.of(case, guest.holder), _along(guest)
        rows = _sealed(case, ring, files, bringer, others, where, now)
        with transaction.atomic():
            companion = companions.lock_open(companion)
            _save(companion.case, rows, where)
            key, codes = companions.once_key(companion, once), codes_of(rows, files)
            event = companions.note(companion, "filed", guest.actor, now, key=key, data=codes)
            _tell(companion.case, event, now)
    return event


def find_choice(caller: Caller, token: str, file_id: UUID) -> FileFacts:
    """Return one's own file that has two copies to choose from.

    Raises:
        NotAllowed: it is not the caller's own file, or it has only one copy.
    """
    hearing = statements.find_hearing(caller, token)
    ring = statements.own_ring(hearing.case, caller)
    facts = _known(hearing.case, hearing.compartment, ring, file_id)
    is_own = facts.is_known and _heard(hearing, caller).brought(facts)
    if not is_own or facts.cleaning == Cleaning.NONE:
        raise NotAllowed
    return facts


@transaction.atomic
def choose_heard(
    caller: Caller, token: str, file_id: UUID, others: str, *, once: str, now: datetime
) -> Event:
    """Choose the copy that others see, until the report goes.

    The person heard who added the file chooses. With the report the handler confirms that the list
    of evidence is complete (domain.md 5.2 T19), and the decision maker begins to read. From then on
    everyone who judges, and the complainant who gets it with the decision, must have the same file,
    because hidden details may be what it shows. When the decision maker sends the case back with
    questions (T20), the choice can be changed again.

    Raises NotAllowed, AlreadyRecorded, and DecryptionFailed without the key.

    Returns:
        The event.

    Raises:
        Refused: HEARING_OVER, when the report has gone.
    """
    hearing = statements.lock(statements.find_hearing(caller, token), once)
    find_choice(caller, token, file_id)
    if not statements.may_answer(hearing):
        raise Refused(CHOSEN.code, CHOSEN.sentence)
    row = Evidence.objects.get(case=hearing.case, pk=file_id)
    copy = Copy(others).value
    change_facts(row, statements.own_ring(hearing.case, caller), others=copy)
    codes = {"file": str(file_id), "others": copy}
    actor, key = _heard(hearing, caller).handle, statements.once_key(hearing, once)
    return statements.note(hearing, "chose", actor, now, key, codes)


def take_out_heard(
    caller: Caller, token: str, file_id: UUID, *, now: datetime, copy: str = ""
) -> Taken:
    """Return a file of one's own conversation, for download.

    The download is an event before the first byte. Raises NotAllowed, and Refused for quarantine
    and a file that was tampered with.
    """
    hearing = statements.find_hearing(caller, token)
    ring, bringer = statements.own_ring(hearing.case, caller), _heard(hearing, caller)
    facts = _known(hearing.case, hearing.compartment, ring, file_id)
    taken, chunks = _opened(facts, copy, bringer)
    codes = {"file": str(facts.id), "copy": taken}
    statements.note(hearing, "downloaded", bringer.handle, now, None, codes)
    return facts, taken, chunks


def take_out_shared(
    guest: Guest, token: str, file_id: UUID, *, now: datetime, copy: str = ""
) -> Taken:
    """Return a file that a companion may read, their own or ticked for them.

    The rest is as in `take_out_heard`.
    """
    companion = companions.find_shared(guest, token)
    case, ring, bringer = companion.case, Keyring.of(companion.case, guest.holder), _along(guest)
    facts = ticked_file(companion, ring, file_id)
    is_ticked = facts is not None
    if facts is None:
        facts = _known(case, companion.compartment, ring, file_id)
    taken, chunks = _opened(facts, copy, bringer)
    codes = {"file": str(facts.id), "copy": taken}
    what = "fetched" if is_ticked else "downloaded"
    companions.note(companion, what, guest.actor, now, data=codes)
    return facts, taken, chunks


def refused_heard(caller: Caller, token: str, what: str, now: datetime) -> None:
    """Record a refusal under the person's pseudonym as a party. Raises NotAllowed."""
    hearing = statements.find_hearing(caller, token)
    handle = caller.handle_as(hearing.standing)
    statements.note(hearing, "refused", handle, now, None, {"asked": what})


def refused_shared(guest: Guest, token: str, what: str, now: datetime) -> None:
    """Record a refusal for a companion, as `refused_heard` does."""
    companion = companions.find_shared(guest, token)
    companions.note(companion, "refused", guest.actor, now, data={"asked": what})


def _heard(hearing: Hearing, caller: Caller) -> Bringer:
    return Bringer(hearing.standing.lower(), caller.handle_as(hearing.standing))


def _along(guest: Guest) -> Bringer:
    return Bringer(companions.ROLE, guest.actor)


def _files(case: Case, compartment: str, ring: Keyring, reader: Bringer) -> list[Listed]:
    rows = case.evidence.filter(compartment=compartment).order_by("at", "pk")
    return [(facts, reader.brought(facts)) for _, facts in known_of(rows, ring)]


def _sealed(
    case: Case,
    ring: Keyring,
    files: Sequence[Arrival],
    bringer: Bringer,
    others: str,
    compartment: str,
    now: datetime,
) -> list[Evidence]:
    check_number(case, files, compartment)
    rows = seal_in(case, ring, files, bringer, now=now, others=others, compartment=compartment)
    refuse_uncleaned(files, others)
    return rows


def _save(case: Case, rows: Sequence[Evidence], compartment: str) -> None:
    check_number(case, rows, compartment)
    for row in rows:
        row.save(force_insert=True)


def _known(case: Case, compartment: str, ring: Keyring, file_id: UUID) -> FileFacts:
    row = Evidence.objects.filter(case=case, compartment=compartment, pk=file_id).first()
    if row is None or compartment not in ring:
        raise NotAllowed
    return next(known_of([row], ring))[1]


def _opened(facts: FileFacts, copy: str, bringer: Bringer) -> tuple[str, Iterator[bytes]]:
    if facts.is_quarantined:
        raise Refused(KEPT_APART.code, KEPT_APART.sentence)
    taken, file = open_file(facts, copy, uploader=bringer.brought(facts))
    return taken, file.chunks()


def _tell(case: Case, event: Event, now: datetime) -> None:
    sending.announce(case, event, now=now, today=local_date(now, profiles.zone()))
