"""Answer a survey: one answer for each invitation, no link back (domain.md 8).

An answer is stored with the coarse facts of its invitation and nothing else: no token, person, case
or time. It waits, sealed, until its batch is released (`release`). Free text is sealed under a
server key for good, so that a copy of the database holds no words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_noop

from grievances.encryption.server_keys import open_for_server, seal_for_server
from grievances.surveys.comment_models import Remark
from grievances.surveys.models import Form, Invitation, Pace, Response
from grievances.surveys.questions import (
    questions_of,
)
from grievances.surveys.staff_survey_models import Waiting
from workflow.steps import Refused

WORDS_LIMIT = 5_000
"""Characters of free text."""
WAITING_BYTES = 1_024
"""The size in bytes to which a waiting answer without words is padded.

Its length would tell what was answered.
"""
EARLY_DAYS = 14
"""Calendar days in which no one is reminded.

Ten working days are never fewer (domain.md 8).
"""
MAY_PRINT = "print"
"""The answer that allows a comment to be printed; only a yes is kept."""
COARSE = ("region", "route", "closure", "identity")
"""The facts that an answer carries beside its form and quarter."""

CLOSED = gettext_noop(
    "This survey is not open. It may have been answered already, its time may be over, or the "
    "address may not be complete."
)


def find(token: str, today: date) -> Invitation:
    """Return the open invitation of a token.

    `today` is the local date; an invitation is open from its first to its last day, both included.

    Raises:
        Refused: SURVEY_CLOSED, for any other token.
    """
    invitation = Invitation.objects.filter(
        token_hash=hash_of(token), used=False, opens_on__lte=today, closes_on__gte=today
    ).first()
    if invitation is None:
        raise Refused("SURVEY_CLOSED", CLOSED)
    return invitation


@transaction.atomic
def answer(token: str, answers: Mapping[str, str], today: date) -> None:
    """Use up the invitation and store what was answered, each apart from the other.

    `answers` maps a question's name to a choice or to words. A blank is left out, as is what the
    form does not ask. Of two submits at once, one is stored.

    Raises:
        Refused: SURVEY_CLOSED.
    """
    invitation = find(token, today)
    if not Invitation.objects.filter(pk=invitation.pk, used=False).update(used=True):
        raise Refused("SURVEY_CLOSED", CLOSED)
    facts = {name: str(getattr(invitation, name)) for name in COARSE}
    if invitation.form in Form.values:
        facts["pace"] = pace_of(invitation, today)
    put_aside(invitation.form, invitation.quarter, facts, answers)


def pace_of(invitation: Invitation, today: date) -> str:
    """Return whether an answer on this local date comes before any reminder, or after."""
    early = (today - invitation.opens_on).days < EARLY_DAYS
    return (Pace.EARLY if early else Pace.LATE).value


def put_aside(
    form: str, quarter: str, facts: Mapping[str, str], answers: Mapping[str, str]
) -> None:
    """Store an answer sealed whole until its batch; no statistics count it before."""
    waiting = Waiting(form=form, quarter=quarter)
    said = {"facts": dict(facts), "answers": _kept(form, answers)}
    words = json.dumps(said, ensure_ascii=False).encode().ljust(WAITING_BYTES)
    waiting.sealed = seal_for_server(words, waiting.place)
    waiting.save(force_insert=True)


def response_of(waiting: Waiting) -> Response:
    """Return the response of a waiting answer, under a new key that tells no order.

    Words that may be printed are not in it: `remark_of` returns them.
    """
    said = json.loads(open_for_server(bytes(waiting.sealed), waiting.place))
    response = Response(form=waiting.form, quarter=waiting.quarter, **said["facts"])
    free = _free(response.form)
    response.answers = {
        name: _sealed_words(response, given) if name in free else given
        for name, given in said["answers"].items()
        if name not in free or MAY_PRINT not in said["answers"]
    }
    return response


def remark_of(waiting: Waiting) -> Remark | None:
    """Return a comment allowed to be printed, apart from all other answers, or None."""
    said = json.loads(open_for_server(bytes(waiting.sealed), waiting.place))["answers"]
    words = "\n".join(said[name] for name in sorted(_free(waiting.form)) if name in said)
    if MAY_PRINT not in said or not words:
        return None
    remark = Remark(quarter=waiting.quarter)
    remark.sealed = seal_for_server(words.encode(), remark.place)
    return remark


def comment_of(response: Response) -> str:
    """Return the free text, opened with the server key; empty when there is none."""
    sealed = response.answers.get("q11")
    return open_for_server(bytes.fromhex(sealed), place_of(response)).decode() if sealed else ""


def hash_of(token: str) -> str:
    """Return the hash under which an invitation stores its token."""
    return hashlib.sha256(token.encode()).hexdigest()


def sealed_answers(response: Response) -> dict[str, str]:
    """Return the free-text answers as they are stored, sealed (hex)."""
    free = _free(response.form)
    return {name: given for name, given in response.answers.items() if name in free}


def place_of(response: Response) -> str:
    """Return the associated data of the free answers of a response."""
    return f"survey|{response.pk}"


def _kept(form: str, answers: Mapping[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for question in questions_of(form):
        given = answers.get(question.name, "").strip()
        if question.choices and given in dict(question.choices):
            kept[question.name] = given
        elif not question.choices and given:
            kept[question.name] = given[:WORDS_LIMIT]
    if _free(form) & set(kept) and answers.get(MAY_PRINT) == "yes":
        kept[MAY_PRINT] = "yes"
    return kept


def _free(form: str) -> set[str]:
    return {question.name for question in questions_of(form) if not question.choices}


def _sealed_words(response: Response, words: str) -> str:
    return seal_for_server(words.encode(), place_of(response)).hex()
