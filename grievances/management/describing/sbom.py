"""The bill of materials of the product in CycloneDX 1.6, from the locks alone.

It has what the product runs with: the locked Python packages and the packages of the user interface
whose files are built into it. What checks and tests need is not in it. It names no moment, so that
the same locks give the same file.
"""

from __future__ import annotations

import json
import uuid

from config.release import VERSION
from grievances.management.describing.licences import ROOT, locked
from workflow.json_values import JsonObject

NAME = "fair-hearing"
SPACE = uuid.UUID("5a0f6c1e-3c44-4c39-9d2e-6f0f8f0f4a10")
"""The name space of the serial numbers, made once at random."""


def write_sbom() -> str:
    """Return the document as the file in `docs/reference` has it."""
    parts = sorted([*_python(), *_interface()], key=lambda part: part["bom-ref"])
    serial = uuid.uuid5(SPACE, json.dumps(parts, sort_keys=True))
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": NAME,
                "name": NAME,
                "version": VERSION,
            }
        },
        "components": parts,
        "dependencies": [{"ref": NAME, "dependsOn": [part["bom-ref"] for part in parts]}],
    }
    return json.dumps(document, indent=1) + "\n"


def _python() -> list[dict[str, object]]:
    return [
        _component("pypi", name.lower().replace("_", "-"), version)
        for name, (version, _) in locked("requirements.txt").items()
    ]


def _interface() -> list[JsonObject]:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    return [
        _component("npm", path.removeprefix("node_modules/").replace("@", "%40"), entry["version"])
        for path, entry in lock["packages"].items()
        if path and not entry.get("dev")
    ]


def _component(kind: str, name: str, version: str) -> JsonObject:
    purl = f"pkg:{kind}/{name}@{version}"
    shown = name.replace("%40", "@")
    return {
        "type": "library", "bom-ref": purl, "name": shown, "version": version, "purl": purl,
    }  # fmt: skip
