"""Confirmation of rules of law by two people.

They are the casework lead and the data-protection officer. A rule that is not confirmed yet is
shown beside the older ones. Each of the two can take back their confirmation, and both lengths are
shown again (law.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from grievances.audit.models import SERVICE, Event
from grievances.cases.access import rules
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.people.models import accounts_of_one, appointed
from grievances.policy.models import LawConfirmation
from grievances.policy.profiles import zone
from grievances.policy.tribunal_limits import KNOWN, Length
from grievances.policy_changes.approval import BY
from grievances.vocabulary import Office
from workflow.calendar import local_date
from workflow.steps import Refused

CHANGED = (
    "ALREADY_ANSWERED",
    "This was confirmed already, by you or in your office, or it has changed. Read the page again.",
)


def confirmed_lengths() -> frozenset[str]:
    """Return the codes of the lengths that both offices have confirmed."""
    return frozenset(each.code for each, rows in confirmations(KNOWN) if _offices(rows) == set(BY))


def confirmations(lengths: Iterable[Length]) -> list[tuple[Length, list[LawConfirmation]]]:
    """Return each length with its confirmations, in the order they were given."""
    given: dict[tuple[str, str], list[LawConfirmation]] = defaultdict(list)
    for row in LawConfirmation.objects.select_related("person").order_by("pk"):
        given[row.code, row.digest].append(row)
    return [(each, given[each.code, each.digest]) for each in lengths]


def offices_open(caller: Caller, rows: Iterable[LawConfirmation], today: date) -> list[Office]:
    """Return the offices in which this person can still confirm a rule."""
    given = list(rows)
    own = accounts_of_one(caller.person) if given else set()
    if any(row.person_id in own for row in given):
        return []
    held = {office for office, person in appointed(BY, today) if person == caller.person}
    return [office for office in BY if office in held and office not in _offices(given)]


@transaction.atomic
def confirm(caller: Caller, code: str, digest: str, *, now: datetime) -> bool:
    """Confirm a rule as it was read.

    Returns:
        Whether both offices have confirmed it now.

    Raises:
        NotAllowed: the caller may not read policies, or there is no such rule.
        Refused: the person or the office has confirmed before, or other content was read.
    """
    length = _find(caller, code, now)
    today = local_date(now, zone())
    ((_, rows),) = confirmations([length])
    offices = offices_open(caller, rows, today)
    if not offices or length.digest != digest:
        raise Refused(*CHANGED)
    try:
        with transaction.atomic():
            LawConfirmation.objects.create(
                code=code, digest=digest, office=offices[0], person=caller.person, confirmed_at=now
            )
    except IntegrityError as error:
        raise Refused(*CHANGED) from error
    _record("law.confirmed", caller, length, offices[0], now)
    return code in confirmed_lengths()


@transaction.atomic
def take_back(caller: Caller, code: str, *, now: datetime) -> None:
    """Take back one's own confirmation of a rule.

    Raises:
        NotAllowed: the caller may not read policies, or never confirmed this rule.
    """
    length = _find(caller, code, now)
    rows = LawConfirmation.objects.filter(code=code, digest=length.digest, person=caller.person)
    row = rows.select_for_update().first()
    if row is None:
        raise NotAllowed
    office = row.office
    row.delete()
    _record("law.taken_back", caller, length, office, now)


def _find(caller: Caller, code: str, now: datetime) -> Length:
    found = next((each for each in KNOWN if each.code == code and not each.is_settled), None)
    if found is None or not rules.may(caller.who, "read_policies", local_date(now, zone())):
        raise NotAllowed
    return found


def _offices(rows: Iterable[LawConfirmation]) -> set[Office]:
    return {Office(row.office) for row in rows}


def _record(kind: str, caller: Caller, length: Length, office: str, now: datetime) -> None:
    facts = {"code": length.code, "digest": length.digest}
    who = caller.handle_as(office)
    Event.append(chain=SERVICE, at=now, actor=who, role=office, kind=kind, data=facts)
