"""Invite complainants, the people concerns were about, and handlers to surveys.

An invitation holds a single-use token, hashed, and the coarse facts its answer may carry. No one is
asked who was not heard: a respondent who never learned of a concern does not learn of it here.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from datetime import date, datetime

from grievances.cases.models.assignments import holders
from grievances.cases.models.case import Case
from grievances.cases.models.parties import Party
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import Recipient, as_party, at_work
from grievances.surveys.models import Form, Invitation
from grievances.surveys.release import closes_on, quarter_of
from grievances.surveys.staff_survey_models import OtherForm
from grievances.vocabulary import Role, Standing


def invite(case: Case, form: Form, today: date) -> str:
    """Return the link of a complainant's single-use invitation.

    The answer never leads back to the case.
    """
    facts = {
        "route": case.route,
        "closure": case.close_reason or "finding",
        "identity": case.identity,
    }
    return _invitation(case, form.value, today, facts)


def invite_others(case: Case, now: datetime, today: date) -> int:
    """Invite the person the concern was about and the handler.

    Returns:
        How many were invited.
    """
    found = list(_others(case))
    for form, name, recipient in found:
        # Few handlers share a route, so their answer carries nothing but the region.
        facts = {"route": case.route} if form is OtherForm.RESPONDENT else {}
        link = _invitation(case, form.value, today, facts)
        key = f"{key_start(case)}{form.value}:{case.episode}:{name}"
        sending.tell(recipient, kind="survey", link=link, key=key, now=now, chain=case.reference)
    return len(found)


def remind_others(case: Case, now: datetime) -> None:
    """Ask respondent and handler once more; no one knows whether they have answered."""
    for form, name, recipient in _others(case):
        key = f"{key_start(case)}{form.value}:{case.episode}:again:{name}"
        sending.tell(
            recipient, kind="asked_again", link="/inbox/", key=key, now=now, chain=case.reference
        )


def key_start(case: Case) -> str:
    """Return the key prefix of these notices, by which erasing the case finds them."""
    return f"survey:{case.pk}:"


def _others(case: Case) -> Iterator[tuple[OtherForm, str, Recipient]]:
    heard = case.hearings.filter(standing=Standing.RESPONDENT).values("handle")
    for party in Party.objects.filter(
        case=case, standing=Standing.RESPONDENT, handle__in=heard
    ).order_by("pk"):
        yield OtherForm.RESPONDENT, str(party.pk), as_party(party)
    for person in holders(case, Role.HANDLER).filter(is_active=True).order_by("pk"):
        yield OtherForm.HANDLER, str(person.pk), at_work(person)


def _invitation(case: Case, form: str, today: date, facts: dict[str, str]) -> str:
    token = secrets.token_urlsafe(24)
    Invitation.objects.create(
        token_hash=hashlib.sha256(token.encode()).hexdigest(),
        form=form,
        quarter=quarter_of(today),
        region=case.region,
        opens_on=today,
        closes_on=closes_on(today),
        **facts,
    )
    return f"/survey/{token}/"
