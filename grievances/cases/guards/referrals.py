"""Guards of a referral to another body."""

from __future__ import annotations

from grievances.cases.guards.answers import given, one_of
from grievances.cases.guards.context import CaseShape
from grievances.choices import Body, ReferralResult
from workflow.steps import Guard

BODY = Guard(
    "ANSWER_MISSING", "Choose the body.", "UK GDPR Art 5: purpose", one_of("body", Body.values)
)

NAMED = Guard("BODY_NOT_NAMED", "Say which body it is.", "UK GDPR Art 5", given("name"))

VIEW_ASKED = Guard(
    "VIEW_NOT_ASKED",
    "Ask the complainant first what they think of it. Confirm that you did.",
    "Acas guidance: nothing without the person",
    given("asked"),
)

TO_THE_PERSON = Guard(
    "LETTER_MISSING", "Write the letter to the complainant.", "Acas Code", given("letter")
)

TO_THE_BODY = Guard(
    "LETTER_TO_BODY_MISSING", "Write the letter to the other body.", "Acas Code", given("to_body")
)

GUARDS = [BODY, NAMED, VIEW_ASKED, TO_THE_PERSON, TO_THE_BODY]
"""What a referral needs, in the order of its page."""

REFERRED = Guard(
    "NOTHING_REFERRED",
    "Nothing was referred that waits for a result.",
    "Acas Code",
    lambda case, context: has_open(case),
    standing=True,
)

CHOSEN = Guard("ANSWER_MISSING", "Choose the referral.", "Acas Code", given("referral"))

RESULT = Guard(
    "RESULT_MISSING",
    "Choose what came of it.",
    "Acas Code",
    one_of("result", ReferralResult.values),
)


def has_open(case: CaseShape) -> bool:
    """Return whether something was referred and the other body has not finished."""
    return any(each.is_open for each in case.referrals.all())
