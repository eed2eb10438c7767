"""A person who adds files to their case, and what is stored of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from grievances.cases.models.case import Case
from tests.factories.people import Staff
from tests.signing_in import sign_in

PAGE = "/cases/{}/add_evidence/"


@pytest.fixture
def person(staff: Staff, client: Client) -> Client:
    return sign_in(client, staff, "complainant1")


def post(client: Client, case: Case, *bodies: bytes, name: str = "rota.txt", **more: Any) -> Any:
    """Send files as a browser does."""
    files = [SimpleUploadedFile(name, body) for body in bodies]
    return client.post(PAGE.format(case.reference), {"file": files, "others": "copy", **more})


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("*")) if folder.exists() else []
