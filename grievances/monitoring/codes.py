"""The lists of answers, as versioned data (domain.md 7).

There is one list of ethnic groups for each division. A list is used for those who are asked from
its day on; an answer keeps the code of its list. Texts are marked for translation where they are
shown, in the form.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from grievances.vocabulary import Division
from workflow.json_values import JsonObject

FOLDER = Path(__file__).parent / "codes"

PREFER_NOT = "PNTS"
"""An answer: the person prefers not to say."""
NOT_ANSWERED = "NOT_ANSWERED"
"""No answer: the question was put, and passed over."""
NOT_ASKED = "NOT_ASKED"
"""No answer: the question was never put."""
SILENT = frozenset({PREFER_NOT, NOT_ANSWERED, NOT_ASKED})
"""The codes that declare nothing."""
SELF_DESCRIBED = "SELF"
"""No list was used: the person described themselves in their own words."""

GROUPS = {
    "ASIAN": "Asian or Asian British",
    "BLACK": "Black, Black British, Caribbean or African",
    "MIXED": "Mixed or multiple ethnic groups",
    "WHITE": "White",
    "OTHER": "Other ethnic group",
}
"""The five groups to which every list is reduced."""
MAJORITY = "White British (in Northern Ireland: White)"
MINORITY = "Ethnic minorities (including White minorities)"
"""The coarsest two groups, always written out."""


@dataclass(frozen=True)
class Choice:
    """One answer of a list.

    `own_words`: it is an "any other", with room to say which.
    """

    code: str
    label: str
    group: str = ""
    own_words: bool = False
    majority: bool = False


@dataclass(frozen=True)
class CodeSet:
    """One list of ethnic groups: (heading, its choices) in the order they are asked."""

    code: str
    division: str
    name: str
    effective_from: date
    version: int
    groups: tuple[tuple[str, tuple[Choice, ...]], ...]

    @property
    def choices(self) -> list[Choice]:
        """The choices of all headings, in order."""
        return [choice for _, choices in self.groups for choice in choices]


@dataclass(frozen=True)
class Question:
    """Another optional question, by name, with its choices."""

    name: str
    label: str
    hint: str
    choices: tuple[Choice, ...]


def ethnic_groups(division: str, today: date) -> CodeSet:
    """Return the list in force for a division on a local date.

    Raises:
        LookupError: no list is in force.
    """
    found = [
        each for each in code_sets() if each.division == division and each.effective_from <= today
    ]
    if not found:
        raise LookupError(f"No list of ethnic groups is in force for {Division(division).label}.")
    return max(found, key=lambda each: (each.effective_from, each.version))


@lru_cache(maxsize=1)
def code_sets() -> tuple[CodeSet, ...]:
    """Return every list of ethnic groups that there is or was."""
    paths = sorted(FOLDER.glob("ethnic_group_*.json"))
    return tuple(_code_set(json.loads(path.read_text(encoding="utf-8"))) for path in paths)


@lru_cache(maxsize=1)
def other_questions() -> tuple[Question, ...]:
    """Return the other optional questions.

    They are religion or belief, sex, age, disability, grade, nationality, first language.
    """
    body = json.loads((FOLDER / "other_questions.json").read_text(encoding="utf-8"))
    return tuple(
        Question(
            name=row["name"],
            label=row["label"],
            hint=row.get("hint", ""),
            choices=tuple(Choice(each["code"], each["label"]) for each in row["choices"]),
        )
        for row in body["questions"]
    )


@lru_cache(maxsize=1)
def known_codes() -> dict[str, Choice]:
    """Return code -> choice, over every list; codes are unique across lists."""
    return {choice.code: choice for each in code_sets() for choice in each.choices}


def group_of(code: str) -> str:
    """Return which of the five `GROUPS` an ethnic group belongs to.

    A code of `SILENT` is returned as it is.
    """
    choice = known_codes().get(code)
    return choice.group if choice is not None else code


def broad_group_of(code: str) -> str:
    """Return `MAJORITY` or `MINORITY`, with "White British" spelt out.

    A code of `SILENT` is returned as it is.
    """
    choice = known_codes().get(code)
    if choice is None:
        return code
    return MAJORITY if choice.majority else MINORITY


def _code_set(body: JsonObject) -> CodeSet:
    groups = tuple(
        (
            str(group["label"]),
            tuple(_choice(row, str(group["code"])) for row in group["choices"]),
        )
        for group in body["groups"]
    )
    return CodeSet(
        code=body["code"],
        division=Division(body["division"]).value,
        name=body["name"],
        effective_from=date.fromisoformat(body["effective_from"]),
        version=int(body["version"]),
        groups=groups,
    )


def _choice(row: JsonObject, group: str) -> Choice:
    return Choice(
        code=row["code"],
        label=row["label"],
        group=group,
        own_words=bool(row.get("own_words")),
        majority=bool(row.get("majority")),
    )
