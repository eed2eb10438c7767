"""A person's own yes or no, given in their own account (domain.md 5.3, G_CONSENT).

The person asked never opens the case: they see their question and nothing of it. A yes can be taken
back at any time while the case is open. A no is final, and only a new question changes it.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from grievances.audit.models import Event
from grievances.cases.access.facts import Actor
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.answers import Consent
from grievances.cases.models.case import Case
from grievances.cases.models.parties import anonymous_pseudonym, party_pseudonym
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import as_party
from grievances.people.models import User
from grievances.policy import profiles
from grievances.vocabulary import OPEN, Standing
from workflow.calendar import local_date
from workflow.models import AlreadyRecorded
from workflow.steps import Refused

YES, NO, TAKE_BACK = "yes", "no", "take_back"


def find_question(caller: Caller, token: str) -> Consent:
    """Return the question of a token, if it was put to this person.

    Raises:
        NotAllowed: it is unknown, or was put to another person.
    """
    question = Consent.objects.filter(token=token).select_related("case").first()
    if question is None or caller.who is None or not _is_asked(caller.who, question):
        raise NotAllowed
    return question


@transaction.atomic
def answer_question(caller: Caller, token: str, reply: str, *, now: datetime) -> Event:
    """Record `reply` (yes, no or take_back), and tell the officers.

    Raises NotAllowed for another's question, Refused ANSWER_STANDS or TRANSITION_NOT_ALLOWED.

    Returns:
        The event.

    Raises:
        AlreadyRecorded: this is the current answer already.
    """
    asked = find_question(caller, token)
    case = Case.unguarded.select_for_update(of=("self",)).get(pk=asked.case_id)
    question = Consent.objects.select_for_update().get(pk=asked.pk)
    if standing_answer(question) == reply:
        raise AlreadyRecorded(token)
    _require_in_time(case, question, reply)
    _set_answer(question, reply, now)
    event = _record(case, question, caller, reply, now)
    sending.announce(case, event, now=now, today=local_date(now, profiles.zone()))
    if question.standing == Standing.COMPLAINANT and reply == YES:
        put_question(case, question.what, Standing.RESPONDENT, now)
    return event


def _record(case: Case, question: Consent, caller: Caller, reply: str, now: datetime) -> Event:
    return Event.append(
        chain=case.reference,
        at=now,
        actor=caller.handle_as(question.standing),
        role=question.standing.lower(),
        kind="consent.answered",
        subject=case.reference,
        data={"what": question.what, "answer": reply},
    )


def _set_answer(question: Consent, reply: str, now: datetime) -> None:
    """Write a reply of yes or no, or the moment at which a yes was taken back."""
    if reply == TAKE_BACK:
        question.revoked_at = now
    else:
        question.agreed, question.answered_at = reply == YES, now
    question.save(update_fields=["agreed", "answered_at", "revoked_at"])


def put_question(case: Case, what: str, standing: Standing, now: datetime) -> None:
    """Ask everyone of a standing, each on their own page.

    The page shows nothing of the case.
    """
    for party in case.parties.filter(standing=standing):
        question = Consent.objects.create(
            case=case,
            episode=case.episode,
            token=secrets.token_hex(16),
            what=what,
            standing=party.standing,
            handle=party.handle,
            asked_at=now,
        )
        sending.tell(
            as_party(party),
            kind="request",
            link=f"/consent/{question.token}/",
            key=f"consent:{question.pk}",
            now=now,
            chain=case.reference,
        )


def standing_answer(question: Consent) -> str:
    """Return the current answer: "yes", "no", "take_back" or ""."""
    if question.revoked_at is not None:
        return TAKE_BACK
    if question.agreed is None:
        return ""
    return YES if question.agreed else NO


def _require_in_time(case: Case, question: Consent, reply: str) -> None:
    if case.state not in OPEN:
        raise Refused(
            "TRANSITION_NOT_ALLOWED", gettext("This is closed. Your answer is not needed now.")
        )
    offered = {"": (YES, NO), YES: (TAKE_BACK,)}.get(standing_answer(question), ())
    if reply not in offered:
        raise Refused(
            "ANSWER_STANDS",
            gettext(
                "You have answered this already. If you want to answer differently, ask the person "
                "who wrote to you to put the question again."
            ),
        )


def _is_asked(who: Actor, question: Consent) -> bool:
    if isinstance(who, User):
        return question.handle == party_pseudonym(
            question.case_id, Standing(question.standing), who.pk
        )
    return question.handle == anonymous_pseudonym(who.look_up)
