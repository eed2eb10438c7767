"""A concern that an officer types for a person.

It came by phone, face to face, or as a letter.

It is the person's own from the first moment, by a case key that the officer gives them. The officer
is screened like anyone else, and types only what they would read without having typed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from grievances.audit.models import Event, pseudonymiser_of
from grievances.cases.actions.actor import Caller
from grievances.cases.models.case import Case
from grievances.cases.notices.sending import send_text_receipt
from grievances.choices import CameBy, RaisedFor
from grievances.encryption.server_keys import person_pseudonym
from grievances.intake import agreements, submission
from grievances.people.models import User, with_linked_accounts
from workflow.json_values import JsonMapping
from workflow.steps import Refused

ROLE = "triage"
KIND = "case.taken_down"
COLLEAGUE = (
    "TYPED_BY_COLLEAGUE",
    gettext_noop("You would not be able to read this concern. Ask a colleague to type it."),
)


@dataclass(frozen=True)
class TakenDown:
    """A concern that was typed for a person.

    It has its case, the key to hand over, for whom it is, and whether they were asked.

    `is_asked` tells that the person it happened to has been asked in their own account to confirm.
    Then there is no key to hand over.
    """

    case: Case
    case_key: str
    is_for_another: bool
    is_asked: bool


@transaction.atomic
def take_down(
    officer: Caller,
    answers: Mapping[str, object],
    *,
    expected: Iterable[int],
    overseeing: Iterable[int],
    now: datetime,
    once: str,
    text_to: str = "",
) -> TakenDown:
    """Send what an officer typed; `text_to` is the number for a receipt, if any.

    Raises as `submit_anonymous` does, and Refused where the officer is none of the readers.

    Returns:
        What became of it.
    """
    require_reader(officer, answers, now=now)
    is_for_another = answers.get("raised_for") == RaisedFor.ASKED
    filled: Mapping[str, object] = {**answers, "key_handed_over": True}
    filled = agreements.filled_for_another(filled) if is_for_another else filled
    send = submission.submit_anonymous
    sent = send(filled, expected=expected, overseeing=overseeing, now=now, once=once)
    _record(sent.case, officer, filled, now)
    besides = with_linked_accounts({officer.person.pk})
    is_asked = is_for_another and agreements.ask(filled, sent.case_key, besides=besides, now=now)
    if text_to and not is_asked:
        send_text_receipt(text_to, now=now)
    key = "" if is_asked else sent.case_key  # else the caller could answer in their place
    return TakenDown(sent.case, key, is_for_another, is_asked)


def require_reader(officer: Caller, answers: Mapping[str, object], *, now: datetime) -> None:
    """Let an officer type only what they may read.

    Else the case key on their page would open to them what the conflict screen shuts.

    Raises:
        Refused: TYPED_BY_COLLEAGUE.
    """
    able = submission.readership_anonymous(answers, now=now)
    if officer.person.pk not in able.officer_ids:
        raise Refused(*COLLEAGUE)


def has_typed(case: Case, person: User) -> bool:
    """Return whether this person typed this concern for another.

    Any of their accounts counts.
    """
    pseudonymise = pseudonymiser_of(case.reference)
    accounts = with_linked_accounts({person.pk})
    actors = [pseudonymise(person_pseudonym(pk)) for pk in accounts]
    return Event.objects.filter(chain=case.reference, kind=KIND, actor__in=actors).exists()


def _record(case: Case, officer: Caller, answers: JsonMapping, now: datetime) -> None:
    Event.append(
        chain=case.reference,
        at=now,
        actor=officer.handle_as(ROLE),
        role=ROLE,
        kind=KIND,
        subject=case.reference,
        data={"came_by": CameBy(answers["came_by"]).value, "read_back": True},
    )
