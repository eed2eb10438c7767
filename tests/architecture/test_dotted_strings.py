"""Every dotted path that is written as text leads to something: nothing else notices a move."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from tests.architecture.sources import nodes_in, tree_of
from tests.architecture.syntax import PACKAGES, ROOT, text_of

DOTTED = re.compile(rf"({'|'.join(PACKAGES)})(\.\w+)+(:\w+)?")
RUN = re.compile(r"-m ((?:bench|tests|" + "|".join(PACKAGES) + r")(?:\.\w+)*)")
FILES = (
    "Makefile",
    "Dockerfile",
    "docker-compose.yml",
    "README.md",
    "CONTRIBUTING.md",
    "pyproject.toml",
)
HOW = "Something moved and this text did not follow: change it to where the thing is now."


def leads_somewhere(name: str) -> bool:
    """Tell whether a dotted name is a module, something in one, or `app_label.Model`."""
    parts = name.replace(":", ".").split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        try:
            for part in parts[length:]:
                found = getattr(found, part)
        except AttributeError:
            break
        return True
    return len(parts) == 2 and parts[1] in {each.__name__ for each in apps.get_models()}


def texts_of(value: Any) -> Iterator[str]:
    """Yield the texts within settings: of lists, sets and mappings, their keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for part in pair for text in texts_of(part))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (text for part in value for text in texts_of(part))


def python_files() -> list[Path]:
    """Return our modules, those of the tests and of the measurements; Django writes migrations."""
    folders = (*PACKAGES, "assets", "bench", "tests")
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts] + [ROOT / "manage.py"]


def test_every_dotted_setting_leads_somewhere() -> None:
    module = importlib.import_module("config.settings")
    values = [value for name, value in vars(module).items() if name.isupper()]
    dotted = {text for value in values for text in texts_of(value) if DOTTED.fullmatch(text)}
    assert len(dotted) > 10
    lost = sorted(name for name in dotted if not leads_somewhere(name))
    assert not lost, f"config/settings.py: {lost}. {HOW}"


@pytest.mark.slow
def test_every_dotted_text_of_code_and_tests_leads_somewhere() -> None:
    lost = []
    for path in python_files():
        for node in nodes_in(tree_of(path)):
            text = text_of(node) or ""
            if DOTTED.fullmatch(text) and not leads_somewhere(text):
                lost.append(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}: {text}")
    assert not lost, f"{lost}. {HOW}"


def test_every_module_that_is_run_is_there() -> None:
    documents = sorted((ROOT / "docs").rglob("*.md"))
    lost = []
    for path in (*python_files(), *documents, *(ROOT / name for name in FILES)):
        content = path.read_text(encoding="utf-8")
        names = [match.group(1) for match in RUN.finditer(content)]
        if path.name in FILES:
            names += [m.group() for m in DOTTED.finditer(content) if "/" + m.group() not in content]
        lost += [f"{path.relative_to(ROOT)}: {name}" for name in names if not leads_somewhere(name)]
    assert not lost, f"{lost}. {HOW}"


@pytest.mark.parametrize(
    ("package", "rest", "found"),
    [
        ("config", ".settings", True),
        ("config", ".wsgi:application", True),
        ("grievances", ".Case", True),
        ("grievances", ".nowhere", False),
        ("config", ".wsgi.nothing", False),
    ],
)
def test_the_search_tells_a_path_that_leads_nowhere(package: str, rest: str, found: bool) -> None:
    assert leads_somewhere(package + rest) is found
