"""Approval of policies by two: the casework lead and the data-protection officer.

The operator can only propose a file to the two. Until there is a first concern a file is in force
at once, so that an organisation can set itself up before anyone relies on a promise.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import Prefetch, QuerySet

from grievances.audit.models import SERVICE, Event
from grievances.cases.access import rules
from grievances.cases.actions.actor import SYSTEM, Caller, NotAllowed
from grievances.cases.models.case import Case
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import at_work
from grievances.people.models import accounts_of_one, appointed
from grievances.policy import profiles
from grievances.policy.models import PolicyAnswer, PolicyProposal
from grievances.policy_changes.loading import digest_of, load_profile
from grievances.vocabulary import Office
from workflow.calendar import local_date
from workflow.models import PolicyProfile
from workflow.steps import Refused

BY = (Office.LEAD, Office.DPO)
"""The two offices that must agree, each in a person of its own."""
ANSWERED = (
    "ALREADY_ANSWERED",
    "This was answered, by you or in your office, or has changed. Read the page again.",
)
"""The refusal of a second answer, or of an answer to other content."""


class Proposed(StrEnum):
    """The result of proposing a file."""

    IN_FORCE = "is in force"
    WAITS = "waits for the casework lead and the data-protection officer to agree, at /policies/"
    KNOWN = "was loaded before"
    WAITED = "was proposed before and still waits, at /policies/"


@transaction.atomic
def propose(body: Mapping[str, object], *, code: str, version: int, now: datetime) -> Proposed:
    """Propose a checked profile; before the first concern it is in force at once.

    Returns:
        What has become of it. Where it waits, two people must agree.

    Raises:
        ValueError: the version is known with other content, is older than one in force, or must
            wait because another is open. The sentence says which.
    """
    known = PolicyProfile.objects.filter(code=code).order_by("-version")
    if known.filter(version=version).exists() or not Case.unguarded.exists():
        _, is_new = load_profile(body, now=now)
        return Proposed.IN_FORCE if is_new else Proposed.KNOWN
    newest = known.first()
    if newest is not None and newest.version > version:
        raise ValueError(
            f"{code} version {newest.version} is in force, and {version} is older. "
            "Give the profile a higher version."
        )
    open_one = PolicyProposal.objects.filter(code=code, settled_at__isnull=True).first()
    if open_one is not None:
        if open_one.digest == digest_of(body):
            return Proposed.WAITED
        raise ValueError(
            f"{code} version {open_one.version} waits already. Have it answered at /policies/ first"
        )
    _lay_before_two(body, code, version, now)
    return Proposed.WAITS


def _lay_before_two(body: Mapping[str, object], code: str, version: int, now: datetime) -> None:
    digest = digest_of(body)
    row = PolicyProposal.objects.create(
        code=code, version=version, body=dict(body), digest=digest, proposed_at=now
    )
    _record(row, "policy.proposed", now, SYSTEM, SYSTEM)
    for _, person in appointed(BY, local_date(now, profiles.zone())):
        recipient = at_work(person)
        key = f"policy:{row.pk}:{recipient.handle}"
        sending.tell(recipient, kind="request", link="/policies/", key=key, now=now)


def proposals(caller: Caller, today: date) -> QuerySet[PolicyProposal]:
    """Return every proposal with its answers, the latest first.

    Raises:
        NotAllowed: the caller may not read policies.
    """
    if not rules.may(caller.who, "read_policies", today):
        raise NotAllowed
    answers = Prefetch("answers", PolicyAnswer.objects.select_related("person").order_by("pk"))
    return PolicyProposal.objects.prefetch_related(answers).order_by("-pk")


def offices_open(caller: Caller, row: PolicyProposal, today: date) -> list[Office]:
    """Return the offices in which this person can still answer a proposal."""
    given = list(row.answers.all())
    own = accounts_of_one(caller.person) if given else set()
    if row.settled_at is not None or any(each.person_id in own for each in given):
        return []
    taken = {each.office for each in given}
    held = {office for office, person in appointed(BY, today) if person == caller.person}
    return [office for office in BY if office in held and office not in taken]


@transaction.atomic
def answer(caller: Caller, proposal_id: int, agreed: bool, digest: str, *, now: datetime) -> bool:
    """Approve or refuse a proposal, as it was read.

    Returns:
        Whether the profile is in force now.

    Raises:
        NotAllowed: the caller holds neither office, or there is no such proposal.
        Refused: the person or the office has answered before, or other content was read.
    """
    today = local_date(now, profiles.zone())
    if not rules.may(caller.who, "read_policies", today):
        raise NotAllowed
    row = PolicyProposal.objects.select_for_update().filter(pk=proposal_id).first()
    if row is None:
        raise NotAllowed
    offices = offices_open(caller, row, today)
    if not offices or row.digest != digest:
        raise Refused(*ANSWERED)
    try:
        with transaction.atomic():
            row.answers.create(
                person=caller.person, office=offices[0], agreed=agreed, answered_at=now
            )
    except IntegrityError as error:
        raise Refused(ANSWERED[0], "Someone in your office has just answered.") from error
    kind = "policy.agreed" if agreed else "policy.refused"
    _record(row, kind, now, caller.handle_as(offices[0]), offices[0])
    return _settle(row, now)


def _settle(row: PolicyProposal, now: datetime) -> bool:
    """Settle a proposal, if it can be settled.

    One refusal ends it; two approvals put it in force.

    Returns:
        Whether it is in force now.
    """
    said = [each.agreed for each in row.answers.all()]
    if all(said) and len(said) < len(BY):
        return False
    row.agreed, row.settled_at = all(said), now
    row.save(update_fields=["agreed", "settled_at"])
    if row.agreed:
        load_profile(row.body, now=now)
    return row.agreed


def _record(row: PolicyProposal, kind: str, now: datetime, actor: str, role: str) -> None:
    facts = {"code": row.code, "version": row.version, "digest": row.digest}
    Event.append(chain=SERVICE, at=now, actor=actor, role=role, kind=kind, data=facts)
