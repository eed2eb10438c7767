"""Addresses of the pages of a case, and what a page says."""

from __future__ import annotations

import re
from typing import Any

from grievances.cases.models.case import Case


def page(case: Case, step: str = "") -> str:
    return f"/cases/{case.reference}/{step}/" if step else f"/cases/{case.reference}/"


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def named(name: str, parts: dict[str, str]) -> dict[str, str]:
    return {f"{name}{part}": value for part, value in parts.items()}


def hidden(response: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', text_of(response))
    assert found is not None
    return found.group(1)
