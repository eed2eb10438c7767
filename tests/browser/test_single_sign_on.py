"""Single sign-on in Chromium, against a real provider (npm package oidc-provider)."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from config.sign_in import sign_on
from grievances.accounts.session_models import AccountSession
from grievances.accounts.sign_on_models import SignOnBinding
from grievances.people.models import User
from tests.browser.visitor import Visitor
from tests.factories.people import Staff
from tests.processes import ROOT
from tests.second_factors import App

FOLDER = ROOT / "tests" / "provider"
TOOLS = os.pathsep.join([os.environ["PATH"], str(Path(sys.executable).parent)])
CLIENT, SECRET = "fair-hearing", "PLANTED-CLIENT-SECRET"
NAME = "PLANTED organisation"
PASSPHRASE = "three-quiet-red-bicycles"


def find(tool: str) -> str:
    """Return the path of node or npm, of the machine or of the virtual environment."""
    found = shutil.which(tool, path=TOOLS)
    assert found, f"{tool} is missing: pip install -r requirements-node.txt"
    return found


@pytest.fixture(scope="module")
def packages() -> None:
    """The provider's packages, exactly as locked; fetched once."""
    if not (FOLDER / "node_modules" / "oidc-provider").is_dir():
        npm = find("npm")
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(command, cwd=FOLDER, check=True, env={**os.environ, "PATH": TOOLS})


@pytest.fixture
def provider(
    packages: None, live_server: LiveServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The provider, a process of its own, named by the environment as in production."""
    told = json.dumps({"site": live_server.url, "client": CLIENT, "secret": SECRET})
    with subprocess.Popen(
        [find("node"), "provider.mjs"],
        cwd=FOLDER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{told}\n")
        process.stdin.flush()
        issuer = process.stdout.readline().strip()
        for name, value in {
            "OIDC_ISSUER": issuer,
            "OIDC_CLIENT_ID": CLIENT,
            "OIDC_CLIENT_SECRET": SECRET,
            "OIDC_NAME": NAME,
        }.items():
            monkeypatch.setenv(name, value)
        settings.SINGLE_SIGN_ON = sign_on.provider(production=False)
        cache.clear()
        yield issuer
        process.kill()


@pytest.fixture
def colleague(staff: Staff) -> str:
    """A person of the directory who has no password here."""
    unit = staff["staff1"].unit
    assert unit is not None
    named = ("--name", "Sam Sso", "--unit", unit.code, "--single-sign-on")
    call_command("add_person", "sso1", *named, stdout=StringIO())
    return "sso1"


def begin(person: Visitor) -> None:
    # The provider's pages ask another site for a font; here is none.
    person.page.route(re.compile("^https://"), lambda route: route.fulfill(body=""))
    person.open("/accounts/login/")
    person.page.get_by_role("button", name=f"Sign in with {NAME}").click()
    person.page.wait_for_load_state()


def answer_provider(page: Page, name: str) -> None:
    """Sign in on the provider's own pages, and agree that we learn the name."""
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill("any password")
    page.locator("button[type=submit]").click()
    page.wait_for_load_state()
    page.locator("button[type=submit]").click()
    page.wait_for_load_state()


def choose_passphrase(person: Visitor) -> None:
    person.reads("Choose a passphrase for your records")
    for label in ("Passphrase for your records", "The same passphrase again"):
        person.main.get_by_label(label, exact=True).fill(PASSPHRASE)
    person.press("Continue", by_script=True)


def test_a_person_comes_by_a_real_provider_and_signs_out_here_and_there(
    provider: str, visit: Callable[..., Visitor], colleague: str
) -> None:
    person = visit()
    begin(person)
    assert person.page.url.startswith(provider)
    answer_provider(person.page, colleague)
    choose_passphrase(person)
    person.open("/account/")
    person.reads("Sam Sso")
    assert SignOnBinding.objects.count() == 1
    assert AccountSession.objects.count() == 1

    person.open("/accounts/logout/")
    person.press("Sign out")
    person.reads("You are signed out here", NAME)
    assert AccountSession.objects.count() == 0
    person.open("/account/")
    person.reads("Sign in")

    begin(person)
    person.reads("Open your records")
    person.open("/cases/")
    person.reads("Open your records")
    person.open("/accounts/logout/")
    person.press("Sign out")
    person.main.get_by_role("button", name="Sign out there too").click()
    person.page.wait_for_load_state()
    assert person.page.url.startswith(provider)
    person.page.get_by_role("button", name="Yes, sign me out").click()
    person.page.wait_for_url(f"{person.base}/")
    begin(person)
    assert person.page.url.startswith(provider), "the provider asks for the password again"
    assert person.page.locator("input[name=password]").is_visible()


def test_a_person_without_an_account_here_is_turned_back(
    provider: str, visit: Callable[..., Visitor], colleague: str
) -> None:
    person = visit()
    begin(person)
    answer_provider(person.page, "nobody-we-know")
    person.reads("no account here belongs to it")
    person.open("/account/")
    person.reads("Sign in")


def test_an_officer_who_comes_by_the_provider_needs_a_second_step_too(
    provider: str, visit: Callable[..., Visitor], colleague: str, settings: Settings, staff: Staff
) -> None:
    settings.MFA_OFFICES = ("all",)
    staff["triage1"].appointments.update(person=User.objects.get(username=colleague))
    person = visit()
    begin(person)
    answer_provider(person.page, colleague)
    choose_passphrase(person)
    person.open("/cases/")
    person.reads("you need a second step before you see anything else")
    person.press("Set up an app")
    app = App(person.main.locator("code").inner_text())
    person.fill("Code from the app", app.code(-1))
    person.press("Continue")
    person.open("/accounts/logout/")
    person.press("Sign out")
    begin(person)
    person.reads("The second step")
    person.open("/cases/")
    person.reads("The second step")
    person.fill("Code", app.code())
    person.press("Continue")
    person.reads("Open your records")
