"""Erase a case: keys first, then words, files and people (T37).

The coded record stays. Every relation of a case is erased unless it is named in `STAYS`, so that a
table added later is erased by default. The trail stays, and its salt is destroyed: see
`grievances.audit.models`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, models, transaction

from grievances.audit.models import forget_actors, record_by_service
from grievances.cases.actions.actor import Caller
from grievances.cases.actions.effects import StepExecution, effect
from grievances.cases.models.answers import Approval
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.cases.models.parties import Party, empty_entries
from grievances.cases.step_names import StepName
from grievances.deadlines import own_days, tribunal_reminders
from grievances.encryption import file_store, signatures
from grievances.patterns.links import forget as forget_links
from grievances.people.models import User
from grievances.policy import profiles
from grievances.policy.clock_names import ClockName
from grievances.retention import residue_search
from grievances.retention.certificate import PURPOSE, certify
from grievances.retention.models import Erasure
from grievances.retention.notice_erasure import erase_notices, letters_of
from grievances.vocabulary import Contact, Keep, Standing, State
from notifications.models import Notice
from workflow.calendar import local_date
from workflow.steps import Refused

STAYS = frozenset({"deadlines", "allegations", "holds", "check_ins", "actions", "parties"})
"""The coded statistical record: dates, codes, parties without a person.

See `reports/facts.py`.
"""

COUNTED = (Standing.COMPLAINANT, Standing.RESPONDENT)
"""Parties that the reports count.

The row stays, and what leads to the person is erased.
"""

LIST = "erased.list"
"""The file of certificates, in the folder of the exported heads."""

KEPT_KEYS = (
    "grievances_sealedkey",
    "grievances_party",
    "grievances_partylookup",
    "grievances_exclusions",
    "grievances_tribunalreminder",
    "grievances_owndays",
    "grievances_aftercare",
    "notifications_notice",
    "grievances_monitoringanswer",
)
"""Tables in which PostgreSQL would keep what a server key opens, in dead rows."""


@effect(StepName.ERASE)
def erase(execution: StepExecution) -> None:
    """Destroy all of the case but codes and dates, check each place, and certify."""
    destroy(execution.case, agreed_by(execution.case), execution.now)
    # What fails here is done again by the nightly task: the case is erased either way.
    transaction.on_commit(vacuum_database, robust=True)
    folder = Path(settings.HEADS_DIR)
    transaction.on_commit(lambda: write_down(folder), robust=True)


def destroy(case: Case, people: Mapping[str, str], now: datetime) -> Erasure:
    """Destroy the keys, then notices, words and files, then the parties' identities.

    Returns:
        The stored certificate of what is left.
    """
    before = counts(case)
    files = [str(pk) for pk in case.evidence.values_list("pk", flat=True)]
    found = len(_files_now(files))
    case.sealed_keys.all().delete()
    erase_notices(case)
    tribunal_reminders.forget(case)
    own_days.forget(case)
    for _, rows in hanging_rows(case):
        rows.delete()
    unname_parties(case)
    file_store.remove(residue_search.files_of(files))
    left, after = len(residue_search.files_of(files)), counts(case)
    # Last, because this salt finds the mails to count: without it they cannot be found.
    forget_actors(case.reference)
    return certify(case, people, before, after, (found, left), now)


def _files_now(files: list[str]) -> list[str]:
    """Return the names of files that are there.

    Raises:
        Refused: Their store does not answer.
    """
    try:
        return residue_search.files_of(files)
    except OSError:
        raise Refused(
            "FILES_AWAY",
            "The store of files does not answer, so nothing was erased. Try again when it does.",
        ) from None


def write_down(folder: Path) -> int:
    """Add missing certificates to the list outside the database.

    A restored backup learns from the list what was erased since. Raises OSError.

    Returns:
        How many were added.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LIST
    known = set(path.read_text(encoding="utf-8").split()) if path.exists() else set()
    rows = Erasure.objects.order_by("pk").values_list("signed", flat=True)
    new = [signed for signed in rows if signed not in known]
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{signed}\n" for signed in new)
    return len(new)


def erased_before(folder: Path) -> dict[str, dict[str, str]]:
    """Return reference -> facts, for every erasure in the list. Raises NotSigned."""
    path = folder / LIST
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    said = [signatures.verify(line, PURPOSE, signatures.public_key()) for line in lines]
    return {facts["reference"]: facts for facts in said}


@transaction.atomic
def erase_again(erased: Mapping[str, Mapping[str, str]], now: datetime) -> int:
    """Erase again the cases that a backup brought back.

    Two people had agreed to each of these erasures.

    Returns:
        How many cases were erased.
    """
    rows = Case.unguarded.select_for_update(of=("self",)).filter(reference__in=list(erased))
    cases = list(rows.filter(erased_on__isnull=True).order_by("pk"))
    for case in cases:
        facts = erased[case.reference]
        people = {name: facts[name] for name in ("asked by", "agreed by") if name in facts}
        case.erased_on = local_date(now, profiles.zone())
        case.save(update_fields=["erased_on"])
        destroy(case, people, now)
        case.deadlines.filter(name=ClockName.RETENTION, completed_on__isnull=True).update(
            completed_on=case.erased_on, next_rung_at=None
        )
        record_by_service(case.reference, now, kind="case.erased_again")
    return len(cases)


@effect(StepName.DELETE_DRAFT)
def delete(execution: StepExecution) -> None:
    """Delete a draft for good, with the warning notice that it would be (T38).

    The rows are gone, not hidden.
    """
    if execution.case.state == State.DRAFT:
        files = [str(pk) for pk in execution.case.evidence.values_list("pk", flat=True)]
        transaction.on_commit(lambda: _unlink(files), robust=True)
        erase_notices(execution.case)
        forget_parties(execution.case)
        Case.unguarded.filter(pk=execution.case.pk).delete()
        transaction.on_commit(empty_log, robust=True)


def _unlink(files: list[str]) -> None:
    file_store.remove(residue_search.files_of(files))


def hanging_rows(case: Case) -> Iterator[tuple[str, models.QuerySet[models.Model]]]:
    """Yield (table, its rows of this case) for all that is erased, the keys first."""
    for relation in Case._meta.related_objects:
        if relation.get_accessor_name() not in STAYS:
            model = relation.related_model
            rows = model._base_manager.filter(**{relation.field.name: case})
            yield model._meta.db_table, rows


def counts(case: Case) -> dict[str, int]:
    """Return the rows of this case in each table, and its named parties."""
    found = {table: rows.count() for table, rows in hanging_rows(case)}
    named = case.parties.exclude(sealed_person=b"", sealed_address=b"")
    found["grievances_party, names and addresses"] = named.count()
    found["notifications_notice"] = Notice.objects.filter(reference=case.reference).count()
    found["notifications_notice, letters"] = len(letters_of(case))
    return found


def agreed_by(case: Case) -> dict[str, str]:
    """Return who asked and who agreed, with dates: roles, never names."""
    row = case.approvals.filter(step=Keep.ERASE, agreed=True).order_by("-pk").first()
    if row is None or row.answered_at is None:
        return {}
    zone = profiles.zone()
    return {
        "asked by": f"Data-protection officer, {local_date(row.asked_at, zone)}",
        "agreed by": f"Casework lead, {local_date(row.answered_at, zone)}",
    }


def unname_parties(case: Case) -> None:
    """Replace the pseudonyms of counted parties by random ones; delete all others.

    No one finds the case by its people any more.
    """
    forget_links(case)
    forget_parties(case)
    case.parties.exclude(standing__in=COUNTED).delete()
    for party in case.parties.all():
        Party.objects.filter(pk=party.pk).update(
            handle=secrets.token_hex(20),
            sealed_person=b"",
            sealed_address=b"",
            sealed_away=b"",
            key_ending="",
            contact=Contact.PORTAL,
        )


def forget_parties(case: Case) -> None:
    """Empty the entries by which the people of the case find it."""
    for person_id in {party.person_id for party in case.parties.all()}:
        if person_id is not None:
            empty_entries(case.pk, person_id)


def due(today: date) -> list[tuple[Case, date]]:
    """Return (case, date) for each unerased case whose time has ended by `today`."""
    rows = Deadline.objects.filter(
        name=ClockName.RETENTION, completed_on__isnull=True, current_due__lt=today
    ).filter(case__erased_on__isnull=True)
    return [(row.case, row.current_due) for row in rows.select_related("case").order_by("pk")]


def agreed_erasures() -> list[Approval]:
    """Return erasure requests that a second person approved and that are not done yet."""
    rows = Approval.objects.filter(step=Keep.ERASE, agreed=True, used_at__isnull=True)
    return list(rows.select_related("case", "asked_by").order_by("pk"))


def asker_of(approval: Approval) -> Caller:
    """Return the officer who asked, as the actor of the approved erasure.

    No key is needed.
    """
    return Caller(approval.asked_by if isinstance(approval.asked_by, User) else None)


def vacuum_database() -> None:
    """Have the database discard deleted rows.

    SQLite overwrites what is deleted (`secure_delete`); its write-ahead log is emptied here.
    PostgreSQL keeps dead rows until the table is rewritten.
    """
    if connection.vendor == "sqlite":
        empty_log()
        return
    with connection.cursor() as cursor:
        # A timeout half-way would leave the keys of an erased case in the files.
        cursor.execute("SET statement_timeout = 0")
        try:
            for table in KEPT_KEYS:
                cursor.execute(f'VACUUM FULL "{table}"')
        finally:
            cursor.execute("RESET statement_timeout")


def empty_log() -> bool:
    """Empty SQLite's write-ahead log.

    A nightly task tries again.

    Returns:
        Whether it was emptied. False when a reader still uses it, and for PostgreSQL.
    """
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return not cursor.fetchone()[0]
