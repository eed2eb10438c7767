"""Who may read what and take which step, from the access rules."""

from __future__ import annotations

from grievances.cases.access.relations import And, CompiledRule, Or, Predicate, compile_rule
from grievances.cases.access.rules import RULES
from grievances.cases.models.case import Case
from grievances.cases.roles import (
    DECIDED,
    IN_USE,
    OPENLY,
    REPORTED,
    SENT,
    SHARED,
    UNMEDIATED,
    WITH_A_NAME,
)
from grievances.management.describing.marks import table
from grievances.vocabulary import Role, Standing
from workflow.steps import steps

READING = {
    "read": "Open the case",
    "read_account": "Read the account, messages and files",
    "read_name": "Read the complainant's name",
    "read_names_to_declare": "Read who is named, before accepting",
    "read_meeting": "Read the notes of the meeting with the complainant",
    "read_pattern": "Read how often the same person or unit was named before",
    "read_room": "Read the plan, the evidence list and the examination of each part",
    "read_working_notes": "Read the working notes of the handler",
    "read_statements": "Read statements and the files with them",
    "read_minutes": "Read notes taken at a meeting",
    "read_advice": "Read questions to the legal adviser, and the advice",
    "read_report": "Read the report",
    "read_letter": "Read the decision letter and actions",
    "read_process": "Read explanations of the process",
    "read_approvals": "Read approvals and their reasons",
    "read_witness": "Read who was heard, and what they were told of the decision",
    "read_mediation": "Read the mediator's notes",
    "read_terms": "Read what was settled in mediation",
    "read_in_search": "Find the case by a search",
    "read_as_copy": "Take out a copy of the case",
    "read_ledger": "See who opened the case",
    "read_tribunal": "Read the tribunal dates, and ask to be reminded of them",
    "read_proof": "Take a proof of having raised it",
    "read_trail": "Read the trail",
    "read_keeping": "See how long the case is kept",
    "read_about_you": "Open the questions about the complainant",
}
"""Rules that are not steps, as a person reads them."""

CONDITIONS: dict[CompiledRule, str] = {
    compile_rule(IN_USE): "until it is archived",
    compile_rule(SENT): "once it is sent",
    compile_rule(DECIDED): "after the decision",
    compile_rule(SHARED): "where the complainant shares their name",
    compile_rule(UNMEDIATED): "once the mediator has stepped back",
    compile_rule(REPORTED): "once the report has been sent",
    compile_rule(OPENLY): "where the complainant uses their name openly",
    compile_rule(WITH_A_NAME): "where the complainant has given a name",
}
"""Conditions on the case, in words. A person never meets any other."""

NAMES = {**{role.value: role.label for role in Role}, "complainant": Standing.COMPLAINANT.label}

NEVER = (
    "No one who is barred from a case (the person it is about, line managers, those the "
    "complainant left out) may do any of this, whatever else they are."
)
BY_DATE = "No one: it happens by date alone"


def draw_access() -> str:
    """Return who may read what and take which step."""
    labels = {name: f"{step.code} {step.label}" for name, step in steps(Case).items()}
    rows = [
        [READING.get(name) or labels.get(name, name), describe_rule(rule)]
        for name, rule in sorted(RULES.items(), key=_place_of)
    ]
    return table(["What", "Who may"], rows) + f"\n\n{NEVER}"


def _place_of(item: tuple[str, CompiledRule]) -> tuple[int, str]:
    """Return the place of a rule in the table: reading, transitions, other steps."""
    step = steps(Case).get(item[0])
    if step is None:
        return 0, ""
    return (1 if step.code.startswith("T") else 2), step.code


def describe_rule(rule: CompiledRule) -> str:
    """Return a rule in words, with the conditions in brackets."""
    groups: dict[str, list[str]] = {}
    for way in ways_of(rule):
        who = [NAMES[atom.role] for atom in way if atom.role]
        if who:
            conditions = " and ".join(CONDITIONS[atom] for atom in way if not atom.role)
            groups.setdefault(conditions, []).extend(who)
    parts = [
        ", ".join(dict.fromkeys(people)) + (f" ({conditions})" if conditions else "")
        for conditions, people in groups.items()
    ]
    return "; ".join(parts) or BY_DATE


def ways_of(rule: CompiledRule) -> list[tuple[Predicate, ...]]:
    """Return every way to meet a rule, each as the relations that must all hold."""
    if isinstance(rule, Or):
        return ways_of(rule.left) + ways_of(rule.right)
    if isinstance(rule, And):
        return [left + right for left in ways_of(rule.left) for right in ways_of(rule.right)]
    return [tuple(rule.predicates())]
