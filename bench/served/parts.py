"""Run the product with its own parts alone, as the image has them.

Where the parts of the tests are installed too, some libraries find one of them and load it: that of
the logs loads `rich`, and Django's forms load `jinja2`.
"""

from __future__ import annotations

import os
import re
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

WITHOUT = "BENCH_WITHOUT"
"""The variable that names what is not to be loaded."""
LISTED = Path(__file__).resolve().parents[2] / "requirements.txt"
NAME = re.compile(r"^([A-Za-z0-9._-]+)==", re.M)
BEGIN = (
    "import os, runpy, sys;"
    f"sys.modules.update(dict.fromkeys(os.environ['{WITHOUT}'].split()));"
    "sys.argv = sys.argv[1:]; sys.path.insert(0, '');"
)
RUN_MODULE = BEGIN + "runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)"
RUN_FILE = BEGIN + "runpy.run_path(sys.argv[0], run_name='__main__')"


def run_file(*words: str) -> list[str]:
    """Return the command that runs a Python file with these words."""
    return [sys.executable, "-c", RUN_FILE, *words]


def run_module(*words: str) -> list[str]:
    """Return the command that runs a Python module with these words."""
    return [sys.executable, "-c", RUN_MODULE, *words]


def environment() -> dict[str, str]:
    """Return this environment for a process of the product.

    Python keeps what it compiled, because the image holds it compiled.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, WITHOUT: " ".join(_of_the_tests())}


@cache
def _of_the_tests() -> list[str]:
    """Return the modules that no part of the product brings.

    Some libraries bring a module of the name of one of our own folders, which is not left out.
    """
    parts = {_plain(name) for name in NAME.findall(LISTED.read_text())} | {"pip", "setuptools"}
    return sorted(
        module
        for module, brought_by in packages_distributions().items()
        if module.isidentifier()
        and not (LISTED.parent / module).exists()
        and not {_plain(name) for name in brought_by} & parts
    )


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
