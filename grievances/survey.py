"""The survey: eleven questions, one answer for each invitation, and no way back (domain.md 8).

An answer is stored with the coarse facts of its invitation and nothing else: no token, person, case
or time, under a random key. What was written freely is sealed under a server key, so that a copy of
the database holds no words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from grievances.models import Invitation, Response
from grievances.models.keyring import open_for_server, seal_for_server
from grievances.models.survey import Form
from workflow.steps import Refused

AGREEMENT = (
    ("strongly_agree", "Strongly agree"),
    ("agree", "Agree"),
    ("neither", "Neither agree nor disagree"),
    ("disagree", "Disagree"),
    ("strongly_disagree", "Strongly disagree"),
    ("not_applicable", "Does not apply to me"),
    ("prefer_not", "Prefer not to say"),
)
YES_NO = (
    ("yes", "Yes"),
    ("no", "No"),
    ("not_sure", "Not sure"),
    ("prefer_not", "Prefer not to say"),
)
FAVOURABLE = frozenset({"agree", "strongly_agree"})
"""What counts as agreeing."""
NOT_COUNTED = frozenset({"not_applicable", "prefer_not", ""})
"""What leaves the denominator, as a blank does."""
WORDS_LIMIT = 5_000
"""Characters of free text."""

BOTH = (Form.AFTER_OUTCOME, Form.SIX_MONTHS)
FIRST = (Form.AFTER_OUTCOME,)


@dataclass(frozen=True)
class Question:
    """One question: its number in domain.md 8, its text, its choices (none: free text)."""

    number: int
    text: str
    choices: tuple[tuple[str, str], ...]
    forms: tuple[Form, ...]

    @property
    def name(self) -> str:
        """The key of its answer in `Response.answers`."""
        return f"q{self.number}"


QUESTIONS = (
    Question(1, "I felt safe raising my concern", AGREEMENT, BOTH),
    Question(2, "My concern was dealt with adequately", AGREEMENT, BOTH),
    Question(3, "I was listened to", AGREEMENT, FIRST),
    Question(4, "I was kept informed about what was happening and when", AGREEMENT, FIRST),
    Question(5, "The people handling it understood race discrimination", AGREEMENT, FIRST),
    Question(
        6,
        "The outcome and the reasons were explained clearly, whatever the outcome",
        AGREEMENT,
        FIRST,
    ),
    Question(7, "I would raise a concern again", AGREEMENT, BOTH),
    Question(8, "I was treated as someone raising a concern, not as the problem", AGREEMENT, BOTH),
    Question(9, "Since raising it I have been treated worse at work", YES_NO, BOTH),
    Question(10, "The time it took was reasonable", AGREEMENT, FIRST),
    Question(11, "Anything else?", (), FIRST),
)
"""The survey, word for word (domain.md 8); form B asks questions 1, 2, 7, 8 and 9."""

CLOSED = (
    "This survey is not open. It may have been answered already, its time may be over, or the "
    "address may not be complete."
)


def questions_of(form: str) -> tuple[Question, ...]:
    """What a form asks, in order."""
    return tuple(question for question in QUESTIONS if Form(form) in question.forms)


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
def answer(token: str, answers: Mapping[str, str], today: date) -> Response:
    """Use up the invitation and store what was answered, each apart from the other.

    `answers` maps a question's name to a choice or to words; a blank is left out, as is what the
    form does not ask. Raises Refused SURVEY_CLOSED; of two submits at once, one is stored.
    """
    invitation = find(token, today)
    if not Invitation.objects.filter(pk=invitation.pk, used=False).update(used=True):
        raise Refused("SURVEY_CLOSED", CLOSED)
    response = Response(
        form=invitation.form,
        quarter=invitation.quarter,
        region=invitation.region,
        route=invitation.route,
        closure=invitation.closure,
        identity=invitation.identity,
    )
    response.answers = _kept(response, answers)
    response.save(force_insert=True)
    return response


def comment_of(response: Response) -> str:
    """What was written freely, opened with the server key; empty when nothing was."""
    sealed = response.answers.get("q11")
    return open_for_server(bytes.fromhex(sealed), place_of(response)).decode() if sealed else ""


def hash_of(token: str) -> str:
    """How an invitation knows its token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _kept(response: Response, answers: Mapping[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for question in questions_of(response.form):
        given = answers.get(question.name, "").strip()
        if question.choices and given in dict(question.choices):
            kept[question.name] = given
        elif not question.choices and given:
            words = given[:WORDS_LIMIT].encode()
            kept[question.name] = seal_for_server(words, place_of(response)).hex()
    return kept


def sealed_answers(response: Response) -> dict[str, str]:
    """The answers that were written freely, as they lie sealed (hex)."""
    free = [question.name for question in questions_of(response.form) if not question.choices]
    return {name: response.answers[name] for name in free if name in response.answers}


def place_of(response: Response) -> str:
    """Where the free answers of a response are sealed for."""
    return f"survey|{response.pk}"
