"""A folder for sealed files, and a virus scanner that answers as the test says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.evidence.scanner import Scanner


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "evidence"
    return tmp_path / "evidence"


@pytest.fixture
def scanner(settings: Settings) -> Iterator[Scanner]:
    """A scanner on a TCP port; the settings name it, and wait a second for it."""
    with Scanner() as found:
        settings.CLAMD_URL, settings.CLAMD_SECONDS = found.url, 1
        yield found
