"""The licence of every dependency, and of the libraries in its wheel.

What is locked comes from `requirements*.txt` and `package-lock.json`; what a package says of itself
comes from the installed package. Another platform or version of Python installs other wheels, so
that only an environment with exactly the locked versions on Linux can write these parts.
"""

from __future__ import annotations

import importlib.metadata as metadata
import json
import re
import sys
from pathlib import Path

from grievances.management.describing.marks import table

ROOT = Path(__file__).resolve().parents[3]
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)( ;)?", re.MULTILINE)
HASH = re.compile(r"(\.so|-[0-9a-f]{8,}).*$")
BUNDLED = re.compile(r"^Name: (.+)\n(?:(?!Name: ).*\n)*?License: (.+)$", re.MULTILINE)
LIBRARY_FILES = ".libs/"
WITHOUT_METADATA = {
    "altair": "BSD-3-Clause",
    "async-timeout": "Apache-2.0",
    "axe-playwright-python": "MIT",
    "colorama": "BSD-3-Clause",
    "pyrage": "MIT",
    "pytest-django": "BSD-3-Clause",
    "pytest-playwright": "Apache-2.0",
    "pywin32": "PSF-2.0",
    "scipy": "BSD-3-Clause",
}
"""Read by hand in the licence file, where the metadata has no short name.

So are those that are installed for some systems or versions of Python alone: the page is the same
on each.
"""


def locked(name: str) -> dict[str, tuple[str, bool]]:
    """Return package -> (first locked version, whether it is for some platforms only)."""
    found: dict[str, tuple[str, bool]] = {}
    for package, version, marker in LOCKED.findall((ROOT / name).read_text(encoding="utf-8")):
        found.setdefault(package, (version, bool(marker)))
    return found


def can_tell() -> bool:
    """Return whether this environment has exactly the locked packages."""
    if sys.platform != "linux":
        return False
    for package, (version, is_partial) in locked("requirements-dev.txt").items():
        try:
            installed = metadata.version(package)
        except metadata.PackageNotFoundError:
            installed = version if is_partial else ""
        if installed != version:
            return False
    return (ROOT / "node_modules").is_dir()


def licence_of(package: str) -> str:
    """Return what a package says of its licence."""
    if package in WITHOUT_METADATA:
        return WITHOUT_METADATA[package]
    said = metadata.metadata(package)
    classes = [
        each.rpartition("::")[2].strip()
        for each in said.get_all("Classifier") or []
        if each.startswith("License ::")
    ]
    return said["License-Expression"] or said["License"] or ", ".join(classes) or "not stated"


def draw_python() -> str | None:
    """Return the licence of every locked Python package, and its use."""
    if not can_tell():
        return None
    runs_with = locked("requirements.txt")
    rows = [
        [package, version, licence_of(package), "product" if package in runs_with else "checks"]
        for package, (version, _) in locked("requirements-dev.txt").items()
    ]
    return table(["Package", "Version", "Licence", "Needed by"], rows)


def draw_node() -> str | None:
    """Return the licence of every locked package of the user interface."""
    if not can_tell():
        return None
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    rows = []
    for path, entry in sorted(lock["packages"].items()):
        if path:
            said = json.loads((ROOT / path / "package.json").read_text(encoding="utf-8"))
            name = path.removeprefix("node_modules/")
            rows.append([name, entry["version"], str(said.get("license", "not stated"))])
    return table(["Package", "Version", "Licence"], rows)


def draw_bundled() -> str | None:
    """Return the libraries within wheels, with the licences the wheel states."""
    if not can_tell():
        return None
    rows = []
    for package in locked("requirements.txt"):
        libraries = libraries_of(package)
        if libraries:
            stated = "; ".join(f"{name}: {licence}" for name, licence in stated_by(package))
            rows.append([package, ", ".join(libraries), stated or "see its licence files"])
    return table(["Wheel", "Libraries in it", "Licences stated in the wheel"], rows)


def files_of(package: str) -> list[metadata.PackagePath]:
    """Return the files of a package; none where it is not installed."""
    try:
        return metadata.files(package) or []
    except metadata.PackageNotFoundError:
        return []


def libraries_of(package: str) -> list[str]:
    """Return the names of the shared libraries of a wheel, without versions."""
    names = [path.name for path in files_of(package) if LIBRARY_FILES in str(path)]
    return sorted({HASH.sub("", name) for name in names})


def stated_by(package: str) -> list[tuple[str, str]]:
    """Return (library, licence) for each that a licence file of the wheel lists."""
    found: dict[str, str] = {}
    for path in files_of(package):
        if ".dist-info/" in str(path) and "LICENSE" in path.name.upper():
            text = Path(str(path.locate())).read_text(encoding="utf-8", errors="replace")
            found.update({name.strip(): said.strip() for name, said in BUNDLED.findall(text)})
    return sorted(found.items())
