"""A concern that an officer types for a person.

It came by phone, face to face, or as a letter.

It is the person's own from the first moment, by a case key that the officer gives them. The officer
is screened like anyone else, and reads it afterwards only where they would without having typed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from grievances.audit.models import Event
from grievances.cases.actions.actor import Caller
from grievances.cases.models.case import Case
from grievances.choices import CameBy, RaisedFor
from grievances.intake import agreements, submission

ROLE = "triage"


@dataclass(frozen=True)
class TakenDown:
    """A concern that was typed for a person.

    It has its case, its key, and whether they were asked.

    `is_asked` tells that the person it happened to has been asked in their own account to confirm.
    """

    case: Case
    case_key: str
    is_asked: bool


@transaction.atomic
def take_down(
    officer: Caller,
    answers: Mapping[str, Any],
    *,
    expected: Iterable[int],
    overseeing: Iterable[int],
    now: datetime,
    once: str,
) -> TakenDown:
    """Send what an officer typed and read back, and record that they did.

    Raises:
        Refused: A guard does not hold, or the readers have changed.
        AlreadyRecorded: This press of the button has sent it before.
    """
    filled: dict[str, Any] = {**answers, "key_handed_over": True}
    if filled.get("raised_for") == RaisedFor.ASKED:
        filled = agreements.filled_for_another(filled)
    sent = submission.submit_anonymous(
        filled, expected=expected, overseeing=overseeing, now=now, once=once
    )
    reference = sent.case.reference
    Event.append(
        chain=reference,
        at=now,
        actor=officer.handle_as(ROLE),
        role=ROLE,
        kind="case.taken_down",
        subject=reference,
        data={"came_by": CameBy(filled["came_by"]).value, "read_back": True},
    )
    is_for_another = filled.get("raised_for") == RaisedFor.ASKED
    is_asked = is_for_another and agreements.ask(filled, sent.case_key, now=now)
    return TakenDown(sent.case, sent.case_key, is_asked)
