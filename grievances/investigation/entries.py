"""Entries of an investigation: each is one sealed record made of several answers."""

from __future__ import annotations

from collections.abc import Mapping

from grievances.cases.actions.effects import StepExecution, give_keys
from grievances.cases.models.records import Kind, Record, write
from grievances.participants.questions import have_reply_key
from grievances.people.models import User
from grievances.vocabulary import Compartment

LABELS: dict[Kind, dict[str, str]] = {
    Kind.PLAN: {
        "scope": "What I look into",
        "order": "What I will do, in which order",
        "sources": "Where evidence may be",
        "support": "Support, adjustments and safety",
    },
    Kind.TO_HEAR: {
        "name": "Person",
        "why": "What they may know",
        "questions": "Questions",
        "not_heard": "Why they are not heard after all",
    },
    Kind.EXHIBIT: {
        "what": "What it is",
        "provenance": "Where it comes from",
        "shows": "What it shows",
        "happened_on": "The day it is about",
        "seen_by": "Who may see it",
        "file": "File",
    },
    Kind.EXAMINED: {
        "facts": "What happened",
        "evidence": "Evidence relied on",
        "comparators": "How others were or would be treated",
        "pattern": "Whether it is part of a pattern",
        "effect": "The effect it had",
        "context": "The context",
        "intersection": "Other characteristics together with race",
        "explanation": "The explanation that was given",
        "tested": "How that explanation was tested",
        "reasons": "Reasons",
    },
}
"""The answers of each kind of entry, with headings, in the order of the page."""

PLAN_TEMPLATE = {
    "scope": "For each part of the concern: what is said to have happened, when, and who was there."
    "\n\nNot part of it: ",
    "order": "1. Meet the person who raised it.\n2. Secure what may be lost: messages, rotas, "
    "recordings.\n3. Put it to the person it is about, with time to answer.\n4. Ask witnesses, "
    "each on their own, from both sides.\n5. Compare: how were others treated?\n6. Look for a "
    "pattern: earlier concerns, exit interviews, staff surveys.\n7. Test each explanation.\n"
    "8. Examine each part, with reasons.\n9. Report.",
    "sources": "Messages and e-mail:\nRotas and allocation:\nAppraisals and promotion:\nPolicies "
    "and training:\nPeople who saw or heard it:",
    "support": "What does the person who raised it need to be safe at work meanwhile?\n"
    "Adjustments and interpreters:\nSupport for the person it is about:",
}
"""What a plan begins with. It is changed for the case."""


def write_entry(
    execution: StepExecution, kind: Kind, answers: Mapping[str, object], about: str = ""
) -> Record:
    """Seal an entry for the people who look into the case and decide it.

    Returns:
        The record, saved.

    Raises:
        DecryptionFailed: the key of the acting person has not come yet.
    """
    have_reply_key(execution)
    given = {name: str(answers.get(name) or "").strip() for name in LABELS[kind]}
    fields = {name: value for name, value in given.items() if value}
    text = "\n\n".join(f"{LABELS[kind][name]}\n{value}" for name, value in fields.items())
    return write(
        execution.case, execution.ring, kind, text,
        author=execution.role, now=execution.now, about=about, fields=fields,
    )  # fmt: skip


def next_number(execution: StepExecution, kind: Kind) -> str:
    """Return the number of the next entry of a kind. Numbers are never used again."""
    return str(execution.case.records.filter(kind=kind).count() + 1)


def have_working_key(execution: StepExecution) -> None:
    """Create the key of the working notes, which the acting person alone holds.

    It is not shared out: two officers together cannot open it, and a new handler does not get it.
    """
    if Compartment.WORKING in execution.ring:
        return
    execution.ring.add_new(Compartment.WORKING)
    if isinstance(execution.caller.who, User):
        give_keys(execution, execution.caller.who, [Compartment.WORKING])
