"""Production starts with settings that are right, or says in one sentence which one is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import ROOT

KEY = "00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210"
RIGHT = {
    "FAIRHEARING_MODE": "production",
    "ALLOWED_HOSTS": "concerns.example",
    "SITE_URL": "https://concerns.example",
    "EMAIL_URL": "smtp://localhost:25",
    "SECRET_KEY": "made-at-random-0123456789-abcdefghijklmnop",
    "SERVER_KEYS": f"1:{KEY}",
    "TRUSTED_PROXIES": "1",
    "DATABASE_URL": "postgresql://check@localhost/check",
    "REDIS_URL": "redis://localhost:6379/0",
}
SETTINGS = """
import django
from config.start import refusing_plainly
with refusing_plainly():
    django.setup()
"""


def start(folder: Path, *command: str, **changed: str) -> subprocess.CompletedProcess[str]:
    """Run a command in production, with these settings changed from the right ones."""
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder / "data"), **RIGHT, **changed}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_right_settings_start(tmp_path: Path) -> None:
    done = start(tmp_path, "-c", SETTINGS)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "on"),
        ("DEBUG", "perhaps"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "hello"),
        ("DATABASE_URL", "mysql://a@b/c"),
        ("DATABASE_URL", "postgresql://a:s3cret/word#x@localhost"),
        ("REDIS_URL", ""),
        ("REDIS_URL", "localhost:6379"),
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "x"),
        ("SECRET_KEY", "x" * 64),
        ("SECRET_KEY_FILE", "/does/not/exist"),
        ("SECRET_KEY_FILE", "/dev/null"),
        ("SERVER_KEYS", ""),
        ("SERVER_KEYS", "1:abc"),
        ("SERVER_KEYS", "1:" + "0" * 64),
        ("SERVER_KEYS", "1:" + "z" * 64),
        ("SERVER_KEYS", "1:" + "ab" * 32),
        ("TRUSTED_PROXIES", ""),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "one"),
        ("TRUSTED_PROXIES", "1.5"),
        ("TRUSTED_PROXIES", "²"),
        ("ALLOWED_HOSTS", ""),
        ("ALLOWED_HOSTS", "*"),
        ("SITE_URL", ""),
        ("SITE_URL", "concerns.example"),
        ("EMAIL_URL", ""),
        ("EMAIL_URL", "hello"),
        ("POLICY_PROFILE", "../uk"),
        ("VAULT_PLACES", "0"),
        ("VAULT_PLACES", "abc"),
        ("VAULT_WAIT_SECONDS", "-1"),
        ("EVIDENCE_MAX_MB", "-1"),
        ("SWEEP_SECONDS", "0"),
        ("BACKUP_DAYS", "a month"),
        ("BACKUP_RECIPIENTS", "AGE-SECRET-KEY-1s3cret"),
        ("LOG_LEVEL", "loud"),
        ("TIME_ZONE", "Mars/North"),
        ("DATA_DIR", "/dev/null"),
        ("DATA_DIR", "/dev/null/below"),
        ("FAKE_NOW", "2026-11-29T10:00:00+00:00"),
    ],
)
def test_a_wrong_setting_is_refused_in_one_sentence(tmp_path: Path, name: str, value: str) -> None:
    done = start(tmp_path, "-c", SETTINGS, **{name: value})
    assert done.returncode == 4, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith(name.removesuffix("_FILE"))
    assert "start again" in done.stderr or "is missing: set" in done.stderr
    assert "s3cret" not in done.stderr, "a password reached the log"


@pytest.mark.parametrize(
    "command",
    [
        ("manage.py", "check"),
        ("-m", "celery", "-A", "config", "worker"),
        ("-m", "celery", "-A", "config", "beat"),
        ("-m", "gunicorn", "config.wsgi:application", "--bind", "127.0.0.1:0"),
    ],
)
def test_every_process_ends_with_the_sentence(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = start(tmp_path, *command, SECRET_KEY="x")
    assert done.returncode != 0
    assert "SECRET_KEY can be guessed" in done.stderr
    assert "Traceback" not in done.stderr
