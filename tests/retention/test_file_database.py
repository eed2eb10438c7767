"""What was erased is gone from the database's files too: free pages and write-ahead log."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_nothing_sealed_stays_in_the_files_of_sqlite(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    given = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    environment = {
        **given,
        "FAIRHEARING_MODE": "test",
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(root),
    }
    command = [sys.executable, str(Path(__file__).with_name("file_database.py"))]
    run = subprocess.run(  # noqa: S603 - our own script
        command, env=environment, cwd=root, capture_output=True, text=True, check=True, timeout=120
    )
    said = json.loads(run.stdout)
    assert said["before"] == said["sealed"] > 10
    assert said["log"] > 0
    assert said["after"] == []
