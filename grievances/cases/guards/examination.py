"""Guards of the plan, the evidence and the examination of each part of a concern."""

from __future__ import annotations

import json
import re
from pathlib import Path

from grievances.cases.guards.answers import given, one_of
from grievances.cases.guards.context import CaseShape, StepContext
from grievances.choices import SeenBy
from workflow.steps import Guard

SHORTEST_TEST = 40
"""Characters that the test of an excuse has at least. One word is no test."""

EXCUSES = {
    code: re.compile(pattern, re.IGNORECASE)
    for code, pattern in json.loads(
        (Path(__file__).parent / "excuses.json").read_text(encoding="utf-8")
    ).items()
}
"""Turns by which conduct is explained away.

Harassment is judged by purpose or effect (Equality Act 2010 s26), so none of them ends the matter.
"""

NAMES_OF_EXCUSES = {
    "joke": "it was a joke",
    "not meant": "it was not meant that way",
    "taken too hard": "the person takes it too hard, or misunderstood it",
    "not a racist": "the person is not a racist, or treats everyone the same",
}
"""What each code of `EXCUSES` means, in words."""


def excuses_in(*texts: str | None) -> list[str]:
    """Return the codes of the excuses that texts contain, in a fixed order."""
    said = " ".join((text or "").replace("\u2019", "'") for text in texts)
    return [code for code, pattern in EXCUSES.items() if pattern.search(said)]


SCOPE = Guard("ANSWER_MISSING", "Say what you look into.", "Acas guidance", given("scope"))

PLAN_STEPS = Guard(
    "ANSWER_MISSING",
    "Write down what you will do, in which order.",
    "Acas guidance on investigations",
    given("order"),
)

NAMED = Guard("ANSWER_MISSING", "Say who this is.", "Acas guidance", given("name"))

QUESTIONS = Guard(
    "ANSWER_MISSING", "Write the questions for this person.", "Acas guidance", given("questions")
)

WHAT = Guard("ANSWER_MISSING", "Say what the evidence is.", "Acas guidance", given("what"))

PROVENANCE = Guard(
    "PROVENANCE_MISSING",
    "Say where it comes from: who gave it, when, and how you know that it is what it seems.",
    "Acas guidance on investigations",
    given("provenance"),
)

SEEN_BY = Guard(
    "ANSWER_MISSING",
    "Choose who may see it.",
    "Acas guidance on investigations",
    one_of("seen_by", SeenBy.values),
)

PART = Guard(
    "ANSWER_MISSING",
    "Choose the part of the concern.",
    "Acas guidance",
    lambda case, context: context.text("part") in case.allegation_numbers(),
)

QUESTIONS_OF_A_PART = ("facts", "comparators", "pattern", "effect", "context", "intersection")
"""What is asked of every part before reasons can be given."""

ASKED_OF_ALL = Guard(
    "QUESTION_OPEN",
    "Answer every question about this part. Where one does not apply, say why.",
    "Equality Act 2010 s13, s23, s26, s136",
    lambda case, context: all(context.has(name) for name in QUESTIONS_OF_A_PART),
)

REASONS = Guard(
    "REASONS_MISSING", "Give your reasons for this part.", "Acas Code", given("reasons")
)

EXCUSE_EXAMINED = Guard(
    "EXCUSE_UNEXAMINED",
    "What was said explains the conduct away. Say how you tested that: what the person on the "
    "receiving end felt, what a reasonable person would feel, and what the evidence shows. That it "
    "was a joke or was not meant does not decide it.",
    "Equality Act 2010 s26: purpose or effect",
    lambda case, context: _is_examined(case, context),
)

NOTE = Guard("ANSWER_MISSING", "Write the note first.", "Acas guidance", given("text"))

TO_SHOW = Guard("ANSWER_MISSING", "Choose the evidence.", "Acas guidance", given("evidence"))

SHOWN_TO = Guard("ANSWER_MISSING", "Choose who is shown it.", "Acas guidance", given("person"))

SHOWN_WORDS = Guard("ANSWER_MISSING", "Write what they are shown.", "Acas guidance", given("text"))


def _is_examined(case: CaseShape, context: StepContext) -> bool:
    said = excuses_in(*(context.text(name) for name in ("facts", "explanation", "reasons")))
    if not said and not context.has("explanation") and not context.has("excuses_said"):
        return True
    return len(context.text("tested").strip()) >= SHORTEST_TEST
