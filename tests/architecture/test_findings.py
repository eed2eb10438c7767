"""Findings are scripts that run by themselves: pinned, explained, listed, tied to no machine."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "findings"
SCRIPTS = sorted(FOLDER.glob("*.sh"))
README = FOLDER / "README.md"
PIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.]*")
INSTALL = re.compile(r"-m pip install --quiet (?:\\\n)?(.*?)\|\| exit 3", re.DOTALL)
OF_A_MACHINE = re.compile(
    r"(?<![\w.*$\"}])/(?:home|root|work|tmp|opt|usr|var|etc|mnt|Users)\b|[A-Z]:\\"
)
OF_A_REGISTRY = re.compile(r"https?://|--(?:extra-)?index-url|--find-links|--registry|\s-[if]\s")
OURS = re.compile(r"`((?:grievances|workflow|notifications|config|bench)/[\w/]+\.py)`")


def parts(script: Path) -> tuple[str, str]:
    """Return the comment that a script begins with, without its first line, and the rest."""
    lines = script.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/bin/sh", f"{script.name} must begin with #!/bin/sh"
    end = next(at for at, line in enumerate(lines) if not line.startswith("#"))
    return "\n".join(lines[1:end]), "\n".join(lines[end:])


def rows() -> dict[str, str]:
    """Return the rows of the table in the README by the name of their script."""
    found = re.findall(r"^\| `([\w-]+\.sh)` \|.*$", README.read_text(encoding="utf-8"), re.M)
    lines = README.read_text(encoding="utf-8").splitlines()
    return {name: next(line for line in lines if f"| `{name}` |" in line) for name in found}


def test_there_are_findings() -> None:
    assert SCRIPTS


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_finding_can_be_run(script: Path) -> None:
    assert os.access(script, os.X_OK), f"chmod +x findings/{script.name}"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_finding_begins_with_what_it_installs_and_says_what_was_seen(script: Path) -> None:
    comment, body = parts(script)
    installed = INSTALL.search(body)
    assert installed, "install with: -m pip install --quiet NAME==VERSION ... || exit 3"
    words = installed.group(1).replace("\\\n", " ").split()
    assert words == PIN.findall(comment.splitlines()[0]), "the first line names each exact version"
    for label in ("Input:", "Expected:", "Seen:"):
        assert label in comment


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_finding_names_no_path_of_a_machine_and_no_registry(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert OF_A_MACHINE.findall(text) == []
    assert OF_A_REGISTRY.findall(text) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_finding_uses_nothing_of_ours(script: Path) -> None:
    pattern = r"^\s*(?:from|import) (?:grievances|workflow|notifications|config)\b"
    assert not re.search(pattern, script.read_text(encoding="utf-8"), re.M)


def test_the_table_lists_every_finding_with_the_version_it_was_seen_in() -> None:
    listed = rows()
    assert sorted(listed) == [script.name for script in SCRIPTS]
    for script in SCRIPTS:
        package, version = PIN.findall(parts(script)[0].splitlines()[0])[0].split("==")
        assert f"| {package} {version} |" in listed[script.name]


def test_the_table_says_where_we_allow_for_each_finding() -> None:
    for name, row in rows().items():
        named = OURS.findall(row)
        assert named, f"the row of {name} names no file of ours"
        assert [path for path in named if not (ROOT / path).is_file()] == [], name
