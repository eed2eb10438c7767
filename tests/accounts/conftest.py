"""A real provider of single sign-on, and someone who comes by it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import Settings

from config.sign_in import sign_on
from grievances.people.models import User
from tests.factories.people import Staff
from tests.oidc_server import CLIENT, SECRET
from tests.processes import ROOT


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of the provider, a process of its own."""
    command = [sys.executable, "-m", "tests.oidc_server"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.kill()


@pytest.fixture
def provider(server: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> str:
    """The provider, named by the environment as in production."""
    for name, value in {
        "OIDC_ISSUER": server,
        "OIDC_CLIENT_ID": CLIENT,
        "OIDC_CLIENT_SECRET": SECRET,
        "OIDC_NAME": "PLANTED organisation",
    }.items():
        monkeypatch.setenv(name, value)
    settings.SINGLE_SIGN_ON = sign_on.provider(production=False)
    return server


@pytest.fixture
def person(staff: Staff) -> User:
    """Someone of the directory who has no password here."""
    unit = staff["staff1"].unit
    assert unit is not None
    named = ("--name", "Sam Sso", "--unit", unit.code, "--single-sign-on")
    call_command("add_person", "sso1", *named, stdout=StringIO())
    return User.objects.get(username="sso1")
