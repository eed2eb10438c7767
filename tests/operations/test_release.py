"""Which release runs: an operator can read it wherever the way to the next one needs it."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from config.release import VERSION
from grievances.operations import backups
from grievances.web.shared import clock
from tests.factories.people import Staff
from tests.processes import ROOT
from tests.signing_in import sign_in

TOKEN = "for-the-monitor-0123456789-abcdefghijkl"


def test_every_place_that_names_the_release_names_the_same() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    changes = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.M)
    parts = json.loads((ROOT / "docs" / "reference" / "sbom.cdx.json").read_text())
    newest = next(each for each in changes if each != "Unreleased")
    named = [project["version"], newest, parts["metadata"]["component"]["version"]]
    assert named == [VERSION] * 3


@pytest.mark.django_db
def test_monitor_and_operator_read_the_release(staff: Staff, settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    answer = Client().get("/health/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert f'fairhearing_release_info{{version="{VERSION}"}} 1.0' in answer.text
    page = sign_in(Client(), staff, "dpo1").get("/service/")
    assert f"release {VERSION}" in page.text


@pytest.mark.django_db
def test_no_page_without_an_account_tells_the_release() -> None:
    for address in ("/", "/health/live", "/health/ready", "/accessibility/", "/sign-in/"):
        assert VERSION not in Client().get(address).text


@pytest.mark.django_db(transaction=True)
def test_a_backup_says_which_release_made_it(staff: Staff, tmp_path: Path) -> None:
    folder = backups.make(tmp_path, clock.now())
    assert backups.check(folder)["release"] == VERSION
