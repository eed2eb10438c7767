"""File a request for one's own data, or a complaint, and see its due date.

A copy is due in one month (UK GDPR, article 12(3)). A complaint is acknowledged within 30 days
(Data (Use and Access) Act 2025, section 103).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from grievances.audit.models import SERVICE, Event
from grievances.cases.actions.actor import SYSTEM, Caller, NotAllowed
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import Directory, as_writer
from grievances.data_rights import register
from grievances.data_rights.filed_models import FiledRequest, RequestWords, filed_by, reader_of
from grievances.data_rights.models import RightsRequest
from grievances.encryption.key_pairs import sealing_key
from grievances.encryption.primitives import DecryptionFailed
from grievances.people.models import User, in_office
from grievances.policy import profiles
from grievances.vocabulary import Office
from workflow.calendar import Calendar, CalendarEnds, local_date
from workflow.steps import Refused

MOST_OPEN = 3
OFFICER_PAGE, OWN_PAGE = "/data-rights/", "/my-data/"

TOO_MANY = (
    "TOO_MANY_OPEN",
    gettext_noop(
        "You have {most} open requests. We answer them first. Add what is missing by asking the "
        "data-protection officer, who knows your number."
    ),
)


@dataclass(frozen=True)
class OwnRequest:
    """A request as its author sees it. `due` is None where it cannot be known."""

    request: RightsRequest
    words: str
    due: date | None


@transaction.atomic
def file(caller: Caller, kind: str, text: str, *, now: datetime) -> RightsRequest:
    """Add a request to the register, and tell the data-protection officers.

    The trail records its number and kind, and no person.

    Returns:
        The request as the register has it, without its words.

    Raises:
        Refused: for too many open requests.
        NotAllowed: without an account and its open key.
    """
    person, holder = caller.person, caller.holder
    today = local_date(now, profiles.zone())
    if holder is None or kind not in RightsRequest.Kind.values:
        raise NotAllowed
    User.objects.select_for_update().get(pk=person.pk)
    if filed_by(person.pk).filter(answered_on__isnull=True).count() >= MOST_OPEN:
        raise Refused(TOO_MANY[0], gettext(TOO_MANY[1]).format(most=MOST_OPEN))
    row = _stored(person, kind, today)
    said = f"{person.name}\n{text}".strip()
    _seal(row, person.pk, holder.public, said)
    _seal_for_officers(row, person.pk, said, today)
    facts = {"number": row.pk, "kind": row.kind}
    Event.append(chain=SERVICE, at=now, actor=SYSTEM, role=SYSTEM, kind="rights.filed", data=facts)
    _tell_officers(row, today, now)
    return row


def _stored(person: User, kind: str, today: date) -> RightsRequest:
    """Return a new request of a person, whose it is only under a server key."""
    row = RightsRequest.objects.create(kind=kind, received_on=today)
    filed = FiledRequest(request=row)
    filed.seal(person.pk)
    filed.save(force_insert=True)
    return row


def _seal_for_officers(row: RightsRequest, writer: int, said: str, today: date) -> None:
    for each in list(in_office(Office.DPO, today).select_related("key_pair")):
        public = sealing_key(each) if hasattr(each, "key_pair") else b""
        if public and each.pk != writer:
            _seal(row, each.pk, public, said)


def _tell_officers(row: RightsRequest, today: date, now: datetime) -> None:
    directory = Directory(today)
    for colleague in directory.holding(Office.DPO):
        sending.tell(
            directory.recipient(colleague),
            kind="update",
            link=OFFICER_PAGE,
            key=f"rights:{row.pk}:{colleague.pk}",
            now=now,
        )


def own(caller: Caller, days: Calendar) -> list[OwnRequest]:
    """Return the requests of this person, the newest first. Raises NotAllowed."""
    rows = filed_by(caller.person.pk)
    return [OwnRequest(row, words_for(caller, row), _due(row, days)) for row in rows]


def words_for(caller: Caller, row: RightsRequest) -> str:
    """Return the author and words of a request; "" where this reader has no key."""
    found = RequestWords.objects.filter(reader=reader_of(row.pk, caller.person.pk)).first()
    if found is None or caller.holder is None:
        return ""
    try:
        return found.open(caller.holder)
    except DecryptionFailed:
        return ""


def tell_the_person(row: RightsRequest, what: str, now: datetime) -> None:
    """Tell the person who filed a request that its date or state has changed."""
    filed = FiledRequest.objects.filter(request=row).first()
    if filed is None:
        return
    key = f"rights own:{row.pk}:{what}:{now.isoformat()}"
    sending.tell(as_writer(filed.person_id), kind="update", link=OWN_PAGE, key=key, now=now)


def forget_old(today: date) -> int:
    """Delete who filed requests that were answered 12 months ago, and their words.

    The register keeps the number and the days.

    Returns:
        How many requests lost their person.
    """
    old = RightsRequest.objects.filter(answered_on__lt=register.months_before(today))
    RequestWords.objects.filter(request__in=old).delete()
    found = FiledRequest.objects.filter(request__in=old)
    count = found.count()
    found.delete()
    return count


def _due(row: RightsRequest, days: Calendar) -> date | None:
    try:
        return register.due_on(row, days)
    except CalendarEnds:
        return None


def _seal(row: RightsRequest, person_id: int, public: bytes, words: str) -> None:
    found = RequestWords(request=row, reader=reader_of(row.pk, person_id))
    found.seal(public, words)
    found.save(force_insert=True)
