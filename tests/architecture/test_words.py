"""No page, mail or message says a word that hurts or blames (domain.md 12, architecture 8)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import nodes_in, tree_of

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ("config", "workflow", "notifications", "grievances")
PAGES = (".html", ".txt", ".md")

# Each pattern is between word boundaries: "improve", "approve" and "victimisation" pass.
FORBIDDEN = (
    r"BAME",
    r"accus(?:ed|e|es|er|ation|ations)",
    r"perpetrators?",
    r"vexatious(?:ly)?",
    r"alleged victims?",
    r"banter",
    r"prov(?:e|es|ed|en|ing)",
    r"your perceptions?",
    r"(?:over-?)?sensitive",
    r"difficult",
    r"tickets?",
    r"why did(?: you not|n't you) report(?: it)?(?: sooner)?",
)
PATTERN = re.compile(rf"\b(?:{'|'.join(FORBIDDEN)})\b", re.IGNORECASE)

TURNS = re.compile(r"\b(?:whoever|somebody|nobody|stands?)\b", re.IGNORECASE)
"""Turns that we do not use: the role, "someone" or "no one" is meant, or "is shown"."""

NOTE = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
"""What a template says to its developers."""


def find_forbidden(text: str) -> list[str]:
    """The words in ``text`` that we do not say, in order, in lower case."""
    return [match.group().lower() for match in PATTERN.finditer(text)]


def python_files() -> list[Path]:
    """Our own modules; migrations repeat words that the models have already said."""
    found = [path for folder in PYTHON for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def page_files() -> list[Path]:
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in PAGES)


def docstrings(tree: ast.AST) -> set[int]:
    """Identities of text that is a statement of its own: written for developers, never shown."""
    return {
        id(node.value)
        for node in nodes_in(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def spoken_text(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of every string in a module that someone could be shown."""
    silent = docstrings(tree)
    for node in nodes_in(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in silent
        ):
            yield node.lineno, node.value


def test_no_page_or_mail_says_a_forbidden_word() -> None:
    pages = page_files()
    assert pages, "no templates were found, so this test would hold nothing"
    found = [
        f"{path.relative_to(ROOT)}:{number}: {word}"
        for path in pages
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        for word in find_forbidden(line)
    ]
    assert found == []


def test_no_text_in_our_modules_says_a_forbidden_word() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {word}"
        for path in python_files()
        for number, text in spoken_text(tree_of(path))
        for word in find_forbidden(text)
    ]
    assert found == []


def odd_turns(text: str) -> list[str]:
    """Return the turns of a text that plain English does not have.

    A bare code is no text, and a list of words without any sentence mark is none either.
    """
    is_code = text.islower() and not re.search(r"\s", text)
    is_list = text.count(" ") > 30 and not re.search(r"[.,;:?]", text)
    return [] if is_code or is_list else [match.group().lower() for match in TURNS.finditer(text)]


def test_no_screen_or_sentence_has_an_odd_turn() -> None:
    pages = [
        f"{path.relative_to(ROOT)}: {turn}"
        for path in page_files()
        for turn in odd_turns(NOTE.sub("", path.read_text(encoding="utf-8")))
    ]
    sentences = [
        f"{path.relative_to(ROOT)}:{number}: {turn}"
        for path in python_files()
        for number, text in spoken_text(tree_of(path))
        for turn in odd_turns(text)
    ]
    assert pages + sentences == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nobody reads it.", ["nobody"]),
        ("Tell whoever runs it; it stands here.", ["whoever", "stands"]),
        ("No one reads it. A standard.", []),
        ("stands", []),
    ],
)
def test_the_lint_sees_an_odd_turn(text: str, found: list[str]) -> None:
    assert odd_turns(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Members of BAME groups",
        "the accused",
        "an accusation",
        "a perpetrator",
        "Vexatious",
        "the alleged victim",
        "it was banter",
        "you must prove it",
        "this was proven",
        "your perception",
        "Oversensitive",
        "a difficult person",
        "your ticket number",
        "Why did you not report sooner?",
    ],
)
def test_the_lint_sees_each_word_that_we_do_not_say(text: str) -> None:
    assert find_forbidden(text)


@pytest.mark.parametrize(
    "text",
    ["We will improve", "approved", "victimisation", "provided", "difficulty", "insensitive"],
)
def test_the_lint_lets_a_harmless_word_pass(text: str) -> None:
    assert find_forbidden(text) == []


def test_the_lint_reads_text_in_a_module_but_not_its_docstrings() -> None:
    source = '"""Tests prove it."""\nLABEL = f"the accused {1}"\n'
    assert [find_forbidden(text) for _, text in spoken_text(ast.parse(source))] == [["accused"]]
