"""Docstrings and comments are in plain English: no listed word, short sentences, a short start."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import mean

import pytest

from tests.architecture.sources import nodes_in, tree_of
from tests.architecture.syntax import ROOT

CLEAN = (
    "grievances/accounts",
    "grievances/aftercare",
    "grievances/audit",
    "grievances/cases",
    "grievances/casework",
    "grievances/central_record",
    "grievances/data_rights",
    "grievances/deadlines",
    "grievances/demo",
    "grievances/encryption",
    "grievances/intake",
    "grievances/investigation",
    "grievances/lessons",
    "grievances/letters",
    "grievances/management",
    "grievances/monitoring",
    "grievances/operations",
    "grievances/participants",
    "grievances/patterns",
    "grievances/people",
    "grievances/policy",
    "grievances/reports",
    "grievances/retention",
    "grievances/surveys",
    "grievances/tokens",
    "grievances/typesetting",
    "grievances/web",
    "grievances/apps.py",
    "grievances/choices.py",
    "grievances/models.py",
    "grievances/registry.py",
    "grievances/tasks.py",
    "grievances/vocabulary.py",
    "grievances/evidence",
    "workflow",
    "notifications",
    "config",
    "assets",
    "bench",
    "manage.py",
)
"""Packages and modules whose prose is rewritten. Add a package when its prose is."""

MEAN_WORDS = 18
FIRST_LINE = 80

INSTEAD: Mapping[str, str] = {
    r"stands?|stood": "is, or is shown",
    r"lies?": "is, or is stored",
    r"somebody|nobody|anybody|everybody|whoever": "a role, no one, or everyone who ...",
    r"doors?": "perform, or the check that is meant",
    r"deeds?": "step input",
    r"scenes?": "step execution",
    r"rungs?": "reminder, or escalation level",
    r"climb(?:s|ed|ing)?": "escalate, or send a reminder",
    r"ladders?": "schedule",
    r"turnstiles?": "derivation limit",
    r"circles?": "contacts of a case; for imports, cycle",
    r"veil(?:s|ed|ing)?|blind": "pseudonymise, pseudonym",
    r"(?:an?|the|this|its|their|own|each|opaque) handles?": "pseudonym",
    r"brakes?": "throttle",
    r"wash(?:es|ed|ing)?": "sanitiser, remove hidden details",
    r"tales?": "story",
    r"(?<!exported )(?<!chain )heads": "exported heads, chain heads, or first bytes",
    r"(?<!of )births?": "the start that is meant",
    r"the world": "the noun that is meant",
    r"hands": "passes, gives, or the people who are meant",
    r"roads?|way in(?! which)": "the function or the write that is meant",
}
"""Patterns of words, each with what to write instead; what is in backticks may have them."""

DIRECTIVE = re.compile(r"#+\s*(?:!|(?:noqa|type|fmt|pragma)\b[^-]*-?)")
"""The start of a comment that speaks to a tool; a reason may follow after a hyphen."""
ENTRY = re.compile(r"\n\s*\n|\n(?= +\w+: )")
"""What ends a paragraph, or an entry of a `Raises:` section."""


@dataclass(frozen=True)
class Prose:
    """A docstring or a comment: the line where it starts, and its text."""

    line: int
    text: str
    is_docstring: bool

    @property
    def plain(self) -> str:
        """The text without its code, which is one word for each piece in backticks."""
        text = re.sub(r"``[^`]*``|`[^`]*`", "code", self.text)
        return re.sub(r"(?m)^\s*Raises:\s*$", "", text)

    @property
    def first_line(self) -> str:
        """The first line as it is written."""
        return self.text.partition("\n")[0]


def prose_of(source: str) -> Iterator[Prose]:
    """Yield the docstrings of a module, also those under constants, and its comments."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield Prose(node.lineno, text, True)
    for line, text in _comments(source):
        yield Prose(line, text, False)


def _comments(source: str) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of each comment; one that goes on in the next line is one comment."""
    block: list[str] = []
    start = after = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        line = token.start[0]
        if block and (line != after or token.line[: token.start[1]].strip()):
            yield start, "\n".join(block)
            block = []
        if not block:
            start = line
        block.append(DIRECTIVE.sub("", token.string).strip("# -"))
        after = line + 1
    if block:
        yield start, "\n".join(block)


def words_in(prose: Prose) -> Iterator[str]:
    """Yield a sentence for each listed word of a text."""
    for pattern, instead in INSTEAD.items():
        for match in re.finditer(rf"\b(?:{pattern})\b", prose.plain, re.IGNORECASE):
            yield f"{match[0]!r} is not plain: write {instead}"


def sentence_lengths(prose: Prose) -> Iterator[int]:
    """Yield the number of words of each sentence."""
    for part in ENTRY.split(prose.plain):
        for sentence in re.split(r"(?<=[.!?])\s+", " ".join(part.split())):
            if words := re.findall(r"[^\W_][\w'.,/-]*", sentence):
                yield len(words)


def first_line_faults(prose: Prose) -> Iterator[str]:
    """Yield a sentence for each fault of a docstring's first line."""
    if not prose.is_docstring:
        return
    if not prose.first_line.endswith("."):
        yield f"end the first line with a full stop: {prose.first_line!r}"
    if len(prose.first_line) > FIRST_LINE:
        yield f"shorten the first line to {FIRST_LINE} characters: {prose.first_line!r}"


@cache
def prose_of_file(path: Path) -> tuple[Prose, ...]:
    """The docstrings and comments of a file, read once."""
    return tuple(prose_of(path.read_text(encoding="utf-8")))


def prose_in(prefix: str) -> Iterator[tuple[str, Prose]]:
    """Yield (path, prose) of a package or module; migrations are left out."""
    start = ROOT / prefix
    for path in [start] if start.is_file() else sorted(start.rglob("*.py")):
        if "migrations" not in path.parts:
            for each in prose_of_file(path):
                yield str(path.relative_to(ROOT)), each


@pytest.mark.parametrize("prefix", CLEAN)
def test_no_docstring_or_comment_has_a_listed_word(prefix: str) -> None:
    found = [
        f"{path}:{each.line}: {fault}"
        for path, each in prose_in(prefix)
        for fault in words_in(each)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("prefix", CLEAN)
def test_sentences_are_short(prefix: str) -> None:
    lengths = [n for _, each in prose_in(prefix) for n in sentence_lengths(each)]
    assert lengths, f"{prefix} has no prose: take it out of CLEAN, or correct its name there"
    average = mean(lengths)
    assert average <= MEAN_WORDS, (
        f"{prefix}: a sentence has {average:.1f} words on average. Say one idea in a sentence."
    )


@pytest.mark.parametrize("prefix", CLEAN)
def test_first_lines_are_short_sentences(prefix: str) -> None:
    found = [
        f"{path}:{each.line}: {fault}"
        for path, each in prose_in(prefix)
        for fault in first_line_faults(each)
    ]
    assert not found, "\n".join(found)


def _titles_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, words) of the title of each test."""
    for node in nodes_in(tree_of(path)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.lineno, node.name.replace("_", " ")


def test_tests_say_someone_or_a_role() -> None:
    vague = re.compile(r"\b(?:some|no|any|every)body\b|\bwhoever\b", re.IGNORECASE)
    found = []
    for path in sorted((ROOT / "tests").rglob("*.py")):
        prose = ((each.line, each.text) for each in prose_of_file(path))
        for line, text in [*prose, *_titles_of(path)]:
            if path != Path(__file__) and (word := vague.search(text)):
                found.append(f"{path.relative_to(ROOT)}:{line}: {word[0]!r}: name the role")
    assert not found, "\n".join(found)


SAMPLE = f'''"""A module that washes files"""

LIMIT = 3
"""It stands under a constant."""


def step() -> None:
    """Raise the `ladder` of a step, {"very " * 20}long."""
    # Somebody climbs
    # the ladder, in a way in which no one
    # can see. Two sentences here.
    call()  # noqa: S603 - by the door
    shut = 1  # type: ignore[assignment]
'''


def test_the_search_sees_docstrings_and_comments_but_not_code() -> None:
    found = list(prose_of(SAMPLE))
    words = [(each.line, fault.split("'")[1]) for each in found for fault in words_in(each)]
    assert sorted(words) == [
        (1, "washes"),
        (4, "stands"),
        (9, "Somebody"),
        (9, "climbs"),
        (9, "ladder"),
        (12, "door"),
    ]
    faults = [(each.line, fault.split()[0]) for each in found for fault in first_line_faults(each)]
    assert sorted(faults) == [(1, "end"), (8, "shorten")]
    lengths = {each.line: list(sentence_lengths(each)) for each in found}
    assert lengths == {1: [5], 4: [5], 8: [27], 9: [13, 3], 12: [3], 13: []}


def test_words_that_are_meant_literally_pass() -> None:
    text = "Compare chain heads with exported heads, in a way in which the date of birth is right."
    assert not list(words_in(Prose(1, text, False)))
    assert list(words_in(Prose(1, "An opaque handle, and the only way in.", False)))
