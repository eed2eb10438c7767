"""`docs/how-to/add-a-step.md` is followed, to the letter, in a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.architecture.documents import FENCE
from tests.architecture.syntax import PACKAGES, ROOT

PAGE = "docs/how-to/add-a-step.md"
COPIED = (
    *PACKAGES,
    "locale",
    "templates",
    "tests",
    "docs",
    "build/static",
    "manage.py",
    "pyproject.toml",
    "README.md",
)
FILES_OF_THE_PRODUCT = 3
"""Name, declaration, form."""

pytestmark = pytest.mark.slow


class Change(NamedTuple):
    """One change that the page asks for: the file, how, and the block."""

    path: str
    how: str
    text: str


def changes() -> list[Change]:
    """Return the changes of the page in order: the first path of a section, and its blocks."""
    found = []
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    for section in re.split(r"^## ", page, flags=re.MULTILINE):
        words, *_ = section.split("```", 1)
        paths = re.findall(r"`((?:grievances|tests)/[\w/]+\.py)`", words)
        for block in FENCE.finditer(section):
            how = "new" if "Save this as" in words else block.group(2)
            found.append(Change(paths[0], how, block.group(3)))
    return found


def make(change: Change, root: Path) -> None:
    """Make a change in a copy: a new file, lines at the end, or lines between others."""
    path = root / change.path
    if change.how == "new":
        path.write_text(change.text, encoding="utf-8")
        return
    before = path.read_text(encoding="utf-8")
    if change.how == "python":
        between = "\n\n" if change.text.startswith(" ") else "\n\n\n"
        path.write_text(f"{before.rstrip()}{between}{change.text}", encoding="utf-8")
        return
    lines = change.text.splitlines()
    old = "\n".join(line[1:] for line in lines if not line.startswith("+"))
    new = "\n".join(line[1:] for line in lines)
    assert before.count(old) == 1, f"{PAGE}: {change.path} has not exactly one {old!r}."
    path.write_text(before.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, without its data."""
    root = tmp_path_factory.mktemp("copy")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, symlinks=True)  # compiled modules too
        elif source.exists():
            shutil.copy(source, root / name)
    return root


def run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the copy, on SQLite and with data of its own."""
    left_out = ("DATABASE_URL", "REDIS_URL", "PYTEST_", "TEST_SERVICES")
    own = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    own |= {"DATA_DIR": str(root / "data"), "FAIRHEARING_MODE": "test", "TEST_SERVICES": "none"}
    return subprocess.run(
        [sys.executable, *command], cwd=root, env=own, capture_output=True, text=True, timeout=600
    )


def test_who_follows_the_page_has_a_step_and_touches_no_more_files(copy: Path) -> None:
    test, *product = changes()
    make(test, copy)
    own_test = ("-m", "pytest", "-q", "-p", "no:xdist", "--no-migrations", test.path)
    before = run(copy, *own_test)
    assert before.returncode == 1, before.stdout[-2000:] + before.stderr[-2000:]
    assert "1 failed" in before.stdout, "The test of the page must fail before the step is there."
    for change in product:
        make(change, copy)
    assert len({change.path for change in product}) <= FILES_OF_THE_PRODUCT
    after = run(copy, *own_test, "tests/architecture/test_forms_complete.py")
    assert after.returncode == 0, after.stdout[-3000:] + after.stderr[-2000:]
    frozen = run(copy, "-m", "tests.architecture.frozen_names")
    assert frozen.returncode == 0, frozen.stderr[-2000:]
    same = run(copy, "manage.py", "makemigrations", "--check", "--dry-run")
    assert same.returncode == 0, same.stdout + same.stderr
    described = run(copy, "manage.py", "describe", "--file", "docs/reference/access.md")
    assert described.returncode == 0, described.stderr
    page = (copy / "docs/reference/access.md").read_text(encoding="utf-8")
    assert "| N99 Thank the complainant | Handler |" in page
