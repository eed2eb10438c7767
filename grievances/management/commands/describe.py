"""`manage.py describe [--check]`: write the tables in README from the rules."""

import difflib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.cases.access.relations import And, CompiledRule, Or, Predicate, compile_rule
from grievances.cases.access.rules import RULES
from grievances.cases.models.case import Case
from grievances.cases.roles import DECIDED, IN_USE, OPENLY, SENT, SHARED, UNMEDIATED
from grievances.policy.clock_names import ClockName
from grievances.policy.profiles import CLOCKS, POLICIES
from grievances.vocabulary import Role, Standing
from grievances.web.site.threat_model import ATTACKERS
from workflow.calendar import Unit
from workflow.clocks import MOMENT, WINDOW, Clock
from workflow.diagram import lifecycle_mermaid, lifecycle_table
from workflow.profiles import parse_profile
from workflow.steps import steps

READING = {
    "read": "Open the case",
    "read_account": "Read the account, messages and files",
    "read_name": "Read the complainant's name",
    "read_statements": "Read statements, the files with them and meeting notes",
    "read_report": "Read the report",
    "read_letter": "Read the decision letter and actions",
    "read_process": "Read explanations of the process",
    "read_approvals": "Read approvals and their reasons",
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
"""Rules that are no step, as a person reads them."""

CONDITIONS: dict[CompiledRule, str] = {
    compile_rule(IN_USE): "until it is archived",
    compile_rule(SENT): "once it is sent",
    compile_rule(DECIDED): "after the decision",
    compile_rule(SHARED): "where the complainant shares their name",
    compile_rule(UNMEDIATED): "once the mediator has stepped back",
    compile_rule(OPENLY): "where the complainant uses their name openly",
}
"""Conditions on the case, as a person reads them.

No person meets any other condition.
"""

NAMES = {**{role.value: role.label for role in Role}, "complainant": Standing.COMPLAINANT.label}

NEVER = (
    "Nobody who is barred from a case (the person it is about, line managers, those the "
    "complainant left out) may do any of this, whatever else they are."
)

UNITS = {Unit.WD: "working day", Unit.CD: "calendar day", Unit.MONTH: "month"}


class Command(BaseCommand):
    """The command that writes the generated parts of README."""

    help = "Write the generated tables and the diagram into README.md, or check them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument(
            "--check", action="store_true", help="exit 1 when README is out of date"
        )
        parser.add_argument("--file", type=Path, default=settings.BASE_DIR / "README.md")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the generated parts, or check them.

        Raises:
            CommandError: The file is out of date, or a mark is missing.
        """
        path = options["file"]
        before = path.read_text(encoding="utf-8")
        after = before
        for name, draw in PARTS.items():
            after = put_between(after, name, draw())
        if options["check"] and after != before:
            lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
            raise CommandError(
                f"{path.name} is out of date. Run: manage.py describe\n" + "\n".join(lines)
            )
        if not options["check"]:
            path.write_text(after, encoding="utf-8")
        self.stdout.write(f"{path.name} is up to date.")


def put_between(text: str, name: str, body: str) -> str:
    """Return the text with the part between the two marks of this name replaced.

    Raises:
        CommandError: A mark is missing.
    """
    begin, end = f"<!-- begin: {name} -->", f"<!-- end: {name} -->"
    if begin not in text or end not in text:
        raise CommandError(f"README has no marks {begin} and {end}: put them where the table goes.")
    head, rest = text.split(begin, 1)
    _, tail = rest.split(end, 1)
    return f"{head}{begin}\n{body.strip()}\n{end}{tail}"


def draw_lifecycle() -> str:
    """Return the diagram and the table of all steps."""
    return f"```mermaid\n{lifecycle_mermaid(Case)}```\n\n{lifecycle_table(Case)}"


def draw_access() -> str:
    """Return the table of what each role may read and which steps it may perform.

    It comes from the permission table.
    """
    labels = {name: f"{step.code} {step.label}" for name, step in steps(Case).items()}
    rows = [
        f"| {READING.get(name) or labels.get(name, name)} | {describe_rule(rule)} |"
        for name, rule in sorted(RULES.items(), key=_place_of)
    ]
    return "\n".join(["| What | Who may |", "| --- | --- |", *rows, "", NEVER])


def _place_of(item: tuple[str, CompiledRule]) -> tuple[int, str]:
    """Return the place of a rule: reading, then transitions, then other steps by code."""
    step = steps(Case).get(item[0])
    if step is None:
        return 0, ""
    return (1 if step.code.startswith("T") else 2), step.code


def describe_rule(rule: CompiledRule) -> str:
    """Return a rule in words.

    Roles with the same conditions are together, with the conditions in brackets.
    """
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
    return "; ".join(parts) or "Nobody: it happens by date alone"


def ways_of(rule: CompiledRule) -> list[tuple[Predicate, ...]]:
    """Return every way to meet a rule, each as the predicates that must all hold."""
    if isinstance(rule, Or):
        return ways_of(rule.left) + ways_of(rule.right)
    if isinstance(rule, And):
        return [left + right for left in ways_of(rule.left) for right in ways_of(rule.right)]
    return [tuple(rule.predicates())]


def draw_clocks() -> str:
    """Return the table of every clock of the default policy.

    It has the length of each clock, and what happens when it runs out.
    """
    body = json.loads((POLICIES / "uk_default.json").read_text(encoding="utf-8"))
    profile = parse_profile(body, set(CLOCKS))
    rows = [
        f"| `{name}` | {meaning} | {length_of(profile.clocks[name])} | "
        f"{escalation_of(profile.clocks[name])} |"
        for name, meaning in CLOCKS.items()
    ]
    head = [
        f"Policy `{profile.code}` version {profile.version}:",
        "",
        "| Clock | Promise | Length | Kind |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *rows])


KEPT = "by class, from closing (see Keeping and erasing)"
"""The schedule of `grievances/retention.json` says how long, not the profile."""


def length_of(clock: Clock) -> str:
    """Return the length of a clock with its unit."""
    if clock.name == ClockName.RETENTION:
        return KEPT
    return f"{clock.amount} {UNITS[clock.unit]}{'' if clock.amount == 1 else 's'}"


def escalation_of(clock: Clock) -> str:
    """Return what a clock does before, on and after its date."""
    if clock.schedule == WINDOW:
        return "window: lapses by itself"
    if clock.schedule == MOMENT:
        return "moment: acts on the day"
    levels = ", ".join(f"+{reminder.offset}" for reminder in clock.schedule if reminder.level)
    return f"promise: escalates at {levels} working days"


def draw_attackers() -> str:
    """Return the table of what each kind of attacker gets, as on `/who-can-see/`."""
    rows = [f"| {each.who} | {each.gets} | {each.lacks} |" for each in ATTACKERS]
    head = ["| Who | What they get | What they do not get |", "| --- | --- | --- |"]
    return "\n".join([*head, *rows])


PARTS: dict[str, Callable[[], str]] = {
    "attackers": draw_attackers,
    "lifecycle": draw_lifecycle,
    "access": draw_access,
    "clocks": draw_clocks,
}
"""The marks in README and the functions that draw the parts between them."""
