"""The bill of materials: valid CycloneDX, and in step with the locks."""

from __future__ import annotations

import json

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from django.core.management import CommandError, call_command

from grievances.management.describing import sbom
from grievances.management.describing.licences import locked
from tests.processes import ROOT

FILE = ROOT / "docs" / "reference" / "sbom.cdx.json"


def test_the_file_is_valid_and_has_every_locked_part_of_the_product() -> None:
    text = FILE.read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    parts = {each["purl"]: each for each in json.loads(text)["components"]}
    for name, (version, _) in locked("requirements.txt").items():
        assert f"pkg:pypi/{name}@{version}" in parts
    assert any(purl.startswith("pkg:npm/govuk-frontend@") for purl in parts)
    assert not any("pytest" in purl for purl in parts)
    assert len(parts) > 50


def test_a_lock_that_changed_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sbom.write_sbom() == FILE.read_text()
    changed = {**locked("requirements.txt"), "django": ("9.9.9", False)}
    monkeypatch.setattr(sbom, "locked", lambda name: changed)
    with pytest.raises(CommandError, match="sbom.cdx.json is out of date"):
        call_command("describe", "--check")
