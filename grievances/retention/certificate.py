"""The signed certificate of an erasure: each place checked, and what was found.

The facts are flat text, so that the signature covers exactly what the page shows (peers.md 3.26).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q

from grievances.audit.models import ChainHead
from grievances.cases.access import rules
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.case import Case
from grievances.encryption import signatures
from grievances.policy import profiles
from grievances.retention import residue_search as residue
from grievances.retention.models import Erasure
from workflow.calendar import local_date

PURPOSE = "erasure certificate"
LISTED = 50
"""The certificates that a page shows."""
DATABASE = "database: "
CANNOT_RECALL = (
    "letters that have left cannot be called back; each said only that something waits in the "
    "inbox, and carried no reference, name or word of a case"
)


@dataclass(frozen=True)
class Certificate:
    """A certificate as shown: its facts in order, and the text that anyone can verify."""

    reference: str
    erased_at: datetime
    facts: dict[str, str]
    signed: str

    @property
    def is_clean(self) -> bool:
        """Whether every place that was counted is empty now."""
        return self.facts.get("result") == CLEAN


CLEAN = "Nothing is left in any place that was looked into"
NOT_CLEAN = "Something is left: see the places below"


def certify(
    case: Case,
    people: Mapping[str, str],
    before: Mapping[str, int],
    after: Mapping[str, int],
    files: tuple[int, int],
    now: datetime,
) -> Erasure:
    """Check every place and sign the findings, in the erasure's own transaction.

    Returns:
        The certificate: by table the rows before and after, the sealed files, and what is left.
    """
    salts = ChainHead.objects.filter(chain=case.reference).exclude(salt=b"").count()
    left = [*after.values(), files[1], salts, *_outside_counts(case.reference)]
    facts = {
        "reference": case.reference,
        "erased at": now.isoformat(timespec="seconds"),
        "result": NOT_CLEAN if any(left) else CLEAN,
        **people,
        **{f"{DATABASE}{table}": _rows(before[table], after[table]) for table in sorted(before)},
        "files": f"{files[0]} before, {files[1]} after",
        **_outside(case.reference),
        "keys": "destroyed first: what an older copy still holds sealed opens for no one new",
        "trail": f"{salts} salts are left that lead from a person to its entries; codes stay",
        "backups": _backups(local_date(now, profiles.zone())),
    }
    return Erasure.objects.create(
        reference=case.reference, erased_at=now, signed=signatures.sign(PURPOSE, facts)
    )


def certificate_of(caller: Caller, reference: str, now: datetime) -> Certificate:
    """Return the certificate of an erased case for an officer who may see it.

    Raises:
        NotAllowed: there is none, or this person may not see it.
    """
    _require(caller, now)
    row = Erasure.objects.filter(reference=reference).first()
    if row is None:
        raise NotAllowed
    return read(row)


def certificates(caller: Caller, now: datetime, after: str = "") -> tuple[list[Erasure], str]:
    """Return a page of certificates, newest first, and the reference to go on from.

    `after` is the reference with which the last page ended. Raises NotAllowed.
    """
    _require(caller, now)
    rows = Erasure.objects.order_by("-erased_at", "-pk")
    last = rows.filter(reference=after).first() if after else None
    if last is not None:
        beyond = Q(erased_at__lt=last.erased_at) | Q(erased_at=last.erased_at, pk__lt=last.pk)
        rows = rows.filter(beyond)
    found = list(rows[: LISTED + 1])
    return found[:LISTED], found[LISTED - 1].reference if len(found) > LISTED else ""


def read(row: Erasure) -> Certificate:
    """Return a stored certificate, its signature checked. Raises NotSigned."""
    facts = signatures.verify(row.signed, PURPOSE, signatures.public_key())
    return Certificate(row.reference, row.erased_at, facts, row.signed)


def _require(caller: Caller, now: datetime) -> None:
    today = local_date(now, profiles.zone())
    if caller.who is None or not rules.may(caller.who, "read_certificates", today):
        raise NotAllowed


def _backups(today: date) -> str:
    """Return until when a backup of before the erasure still holds sealed keys."""
    until = today + timedelta(days=settings.BACKUP_DAYS)
    return (
        "a backup made before this moment still holds the sealed keys of the people who held them, "
        f"until it is thrown away: by {until.isoformat()} ({settings.BACKUP_DAYS} days)"
    )


def _rows(before: int, after: int) -> str:
    return f"{before} row{'' if before == 1 else 's'} before, {after} after"


def _outside(reference: str) -> dict[str, str]:
    """Return what is found now in each place beside the tables."""
    held = "hold the reference"
    return {
        "search": f"no words are indexed; {residue.in_reports(reference)} stored reports {held}",
        "cache": f"{residue.in_cache(reference)} entries {held}",
        "queue": f"{residue.in_queue(reference)} waiting tasks {held}",
        "mail": (
            f"{residue.in_outbox(reference)} notices and {residue.in_mail(reference)} letters in "
            f"the mail folder {held}; {CANNOT_RECALL}"
        ),
        "logs": (
            f"{residue.in_logs(reference)} lines of log files in the data folder {held}; logs that "
            f"are kept elsewhere were given codes and places in the code, and no words"
        ),
    }


def _outside_counts(reference: str) -> list[int]:
    looks = (
        residue.in_reports,
        residue.in_cache,
        residue.in_queue,
        residue.in_outbox,
        residue.in_mail,
        residue.in_logs,
    )
    return [look(reference) for look in looks]
