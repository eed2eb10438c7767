"""Files of a concern that is not sent yet, sealed in its draft.

They are checked and cleaned as all files are. Only the writer of the draft holds the key. Those who
read the concern once it is sent can then read them too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.evidence import Evidence, FileFacts
from grievances.cases.models.parties import add_anonymous
from grievances.choices import Copy
from grievances.encryption import file_store
from grievances.encryption.encrypted_files import path_of
from grievances.encryption.key_pairs import anonymous_holder, new_case_key
from grievances.evidence.storing import Bringer, all_or_none, known_of, seal_in
from grievances.evidence.upload import Arrival
from grievances.intake import drafts
from grievances.policy.profiles import COMPLAINANT
from grievances.vocabulary import Compartment, State
from workflow.steps import Refused

MOST_FILES = 5
MOST_ANONYMOUS = 30
"""Drafts with files that may begin in an hour without an account, all together."""

TOO_MANY = (
    "TOO_MANY_FILES",
    gettext_noop(
        "You can add up to {most} files before you send. What you have written is safe. Add the "
        "others after you send, on the page of your concern."
    ),
)
BUSY = (
    "WAIT_A_MOMENT",
    gettext_noop(
        "We cannot take a file at this moment. What you have written is safe. Add the file after "
        "you send, on the page of your concern."
    ),
)


def add_files(
    case: Case, caller: Caller, files: Sequence[Arrival], *, others: str, now: datetime
) -> list[Evidence]:
    """Seal files into a draft, all of them or none.

    `others` is the copy that readers see once it is sent.

    Returns:
        Their rows.

    Raises:
        NotAllowed: The concern was sent.
        DecryptionFailed: Its key is not there.
        Refused: There are too many files, or one is not taken.
    """
    with all_or_none(files):
        role = COMPLAINANT
        bringer = Bringer(role, caller.handle_as(role))
        ring, where = Keyring.of(case, caller.holder), Compartment.CORE
        rows = seal_in(case, ring, files, bringer, now=now, others=others, compartment=where)
        with transaction.atomic():
            held = drafts.locked(case)
            if held.state != State.DRAFT:
                raise NotAllowed
            if held.evidence.count() + len(rows) > MOST_FILES:
                code, sentence = TOO_MANY
                raise Refused(code, gettext(sentence).format(most=MOST_FILES))
            for row in rows:
                row.save(force_insert=True)
    return rows


def files_in(case: Case, caller: Caller) -> list[FileFacts]:
    """Return the files of a draft, the oldest first."""
    ring = Keyring.of(case, caller.holder)
    return [facts for _, facts in known_of(case.evidence.order_by("at", "pk"), ring)]


@transaction.atomic
def remove_file(case: Case, file_id: UUID) -> None:
    """Delete a file from a draft for good.

    Raises:
        NotAllowed: The concern was sent.
    """
    held = drafts.locked(case)
    if held.state != State.DRAFT:
        raise NotAllowed
    if held.evidence.filter(pk=file_id).delete()[0]:
        transaction.on_commit(lambda: unlink(file_id))


def unlink(file_id: UUID) -> None:
    """Delete both sealed copies of a file, wherever they are."""
    file_store.remove(path_of(file_id, copy).name for copy in Copy.values)


def find_held(case_key: str) -> tuple[Case, Caller] | None:
    """Return the draft that a case key opens, and its caller; None without one."""
    holder, look_up = anonymous_holder(case_key)
    caller = drafts.anonymous_caller(holder, look_up)
    case = drafts.anonymous_draft(look_up)
    return (case, caller) if case is not None else None


@transaction.atomic
def hold_anonymous(*, now: datetime) -> str:
    """Begin an empty draft for files without an account.

    A draft that is not sent is deleted after 90 days, unread.

    Returns:
        Its case key, which only the browser's sealed draft keeps until it is sent.

    Raises:
        Refused: when very many were begun in the last hour.
    """
    recent = Case.unguarded.filter(
        state=State.DRAFT, region="", identity="ANONYMOUS", created_at__gt=now - timedelta(hours=1)
    )
    if recent.count() >= MOST_ANONYMOUS:
        raise Refused(*BUSY)
    case_key = new_case_key()
    holder, look_up = anonymous_holder(case_key)
    case = drafts.new_case("", now)
    Case.unguarded.filter(pk=case.pk).update(identity="ANONYMOUS")
    add_anonymous(case, look_up)
    caller = drafts.anonymous_caller(holder, look_up)
    drafts.keep_own_keys(Keyring.new(case, drafts.NEW_CASE_KEYS), caller)
    drafts.start_clocks(case, now)
    return case_key
