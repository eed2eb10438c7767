"""Answering a survey: one answer for each invitation, and no way back (domain.md 8).

An answer is stored with the coarse facts of its invitation and nothing else: no token, person, case
or time. It waits, sealed, until its batch is released (`batches`). What was written freely is
sealed under a server key for good, so that a copy of the database holds no words.
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
"""A waiting answer without words is padded to this; its length would tell what was answered."""
EARLY_DAYS = 14
"""Calendar days in which nobody is reminded: ten working days are never fewer (domain.md 8)."""
MAY_PRINT = "print"
"""The answer that allows what was written to be printed; only a yes is kept."""
COARSE = ("region", "route", "closure", "identity")
"""What an answer carries beside its form and quarter."""

CLOSED = gettext_noop(
    "This survey is not open. It may have been answered already, its time may be over, or the "
    "address may not be complete."
)


def find(token: str, today: date) -> Invitation:
    """The open invitation behind a token; raises Refused SURVEY_CLOSED for any other.

    `today` is the local date; an invitation is open from its first to its last day, both included.
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

    `answers` maps a question's name to a choice or to words; a blank is left out, as is what the
    form does not ask. Raises Refused SURVEY_CLOSED; of two submits at once, one is stored.
    """
    invitation = find(token, today)
    if not Invitation.objects.filter(pk=invitation.pk, used=False).update(used=True):
        raise Refused("SURVEY_CLOSED", CLOSED)
    facts = {name: str(getattr(invitation, name)) for name in COARSE}
    if invitation.form in Form.values:
        facts["pace"] = pace_of(invitation, today)
    put_aside(invitation.form, invitation.quarter, facts, answers)


def pace_of(invitation: Invitation, today: date) -> str:
    """Whether an answer on this local date comes before anybody is reminded, or after."""
    early = (today - invitation.opens_on).days < EARLY_DAYS
    return (Pace.EARLY if early else Pace.LATE).value


def put_aside(
    form: str, quarter: str, facts: Mapping[str, str], answers: Mapping[str, str]
) -> None:
    """Let an answer wait for its batch, sealed whole: nobody counts it before."""
    waiting = Waiting(form=form, quarter=quarter)
    said = {"facts": dict(facts), "answers": _kept(form, answers)}
    words = json.dumps(said, ensure_ascii=False).encode().ljust(WAITING_BYTES)
    waiting.sealed = seal_for_server(words, waiting.place)
    waiting.save(force_insert=True)


def response_of(waiting: Waiting) -> Response:
    """What a waiting answer is released as: under a new key that tells no order.

    Words that may be printed are not in it: they go a way of their own.
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
    """What somebody wrote and allowed to be printed, apart from everything else they answered."""
    said = json.loads(open_for_server(bytes(waiting.sealed), waiting.place))["answers"]
    words = "\n".join(said[name] for name in sorted(_free(waiting.form)) if name in said)
    if MAY_PRINT not in said or not words:
        return None
    remark = Remark(quarter=waiting.quarter)
    remark.sealed = seal_for_server(words.encode(), remark.place)
    return remark


def comment_of(response: Response) -> str:
    """What was written freely, opened with the server key; empty when nothing was."""
    sealed = response.answers.get("q11")
    return open_for_server(bytes.fromhex(sealed), place_of(response)).decode() if sealed else ""


def hash_of(token: str) -> str:
    """How an invitation knows its token."""
    return hashlib.sha256(token.encode()).hexdigest()


def sealed_answers(response: Response) -> dict[str, str]:
    """The answers that were written freely, as they lie sealed (hex)."""
    free = _free(response.form)
    return {name: given for name, given in response.answers.items() if name in free}


def place_of(response: Response) -> str:
    """Where the free answers of a response are sealed for."""
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
