"""A database of November 2026, with its files and keys, is opened, read and gone on with."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.frozen_names import difference
from tests.architecture.syntax import ROOT

ARCHIVE = ROOT / "tests" / "reference" / "database-2026-11.tar.xz"
pytestmark = pytest.mark.slow
SERVICES = {"DATABASE_URL", "REDIS_URL", "STATISTICS_DATABASE_URL", "CLAMD_URL"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the old database, its files and what is known of it."""
    path = tmp_path_factory.mktemp("old")
    with tarfile.open(ARCHIVE) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.2 has none
        archive.extractall(path)  # noqa: S202 - our own archive
    return path


@pytest.fixture(scope="module")
def found(folder: Path) -> dict[str, Any]:
    """Return what today's code finds in it."""
    environment = {
        **{name: value for name, value in os.environ.items() if name not in SERVICES},
        "FAIRHEARING_MODE": "test",
        "DATA_DIR": str(folder),
        "FAKE_NOW": "2026-11-27T16:00+00:00",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
    }
    run = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(Path(__file__).with_name("old_database.py"))],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr[-4000:]
    said: dict[str, Any] = json.loads(run.stdout)
    return said


@pytest.fixture(scope="module")
def facts(folder: Path) -> dict[str, Any]:
    """Return the words, files and keys that are known of it."""
    known: dict[str, Any] = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    return known


def test_its_trail_is_sound_and_agrees_with_the_signed_head(found: dict[str, Any]) -> None:
    assert "405 entries in 21 chains are sound" in found["before"]
    assert "1 signed heads, the last of 2026-11-27, agree on 21 chains" in found["before"]


def test_everything_sealed_for_the_server_opens(found: dict[str, Any]) -> None:
    assert ", 0 do not open" in found["rotation"]
    assert "Everything opens under version 2 alone" in found["rotation"]


@pytest.mark.parametrize(
    ("reader", "words"),
    [
        ("handler", ["account", "message", "reply"]),
        ("complainant", ["account", "message", "companion"]),
        ("respondent", ["put", "reply"]),
        ("anonymous", ["anonymous", "anonymous message"]),
        ("companion", ["account", "message", "companion"]),
        ("emergency", ["anonymous", "anonymous message"]),
    ],
)
def test_each_reader_reads_what_was_theirs(
    found: dict[str, Any], reader: str, words: list[str]
) -> None:
    assert found[reader] == words


def test_the_files_come_out_as_they_went_in(found: dict[str, Any], facts: dict[str, Any]) -> None:
    assert found["files"] == facts["files"]


def test_the_copy_without_hidden_details_opens(found: dict[str, Any]) -> None:
    picture = bytes.fromhex(found["picture"])
    assert picture.startswith(b"\xff\xd8")
    assert b"third floor" not in picture


def test_it_goes_on_and_its_trail_stays_sound(found: dict[str, Any]) -> None:
    sound = re.match(r"(\d+) entries in 21 chains are sound", found["after"])
    assert sound is not None
    assert int(sound.group(1)) > 405
    assert ", 0 failed;" in found["swept"]


def paths_of(answer: Any, before: str = "") -> Iterator[str]:
    """Yield the keys of an answer as paths, `cases[].due.clock`, and the columns of a header."""
    if isinstance(answer, dict):
        for key, part in answer.items():
            yield before + key
            yield from paths_of(part, f"{before}{key}.")
    elif isinstance(answer, list):
        for part in answer:
            yield from paths_of(part, before.removesuffix(".") + "[].")
    elif answer:
        yield before.removesuffix("[].") + str(answer)


def test_programs_find_their_keys_where_they_were(found: dict[str, Any]) -> None:
    """A new key is added to the snapshot by hand, for only an answer shows it."""
    keys = {f"{name}: {path}" for name, keys in found["answers"].items() for path in paths_of(keys)}
    changed = difference("keys of answers", keys)
    assert not changed, changed
