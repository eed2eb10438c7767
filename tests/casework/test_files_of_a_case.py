"""Files of a case: added, saved and refused on its pages."""

from __future__ import annotations

import re

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from grievances.evidence.file_types import safe_name
from tests.casework.case_page import page, text_of
from tests.factories import cases
from tests.factories.people import Staff
from tests.signing_in import sign_in

pytestmark = pytest.mark.usefixtures("two_days_after_the_start")


def test_a_file_goes_in_and_comes_out_as_a_file_to_save(staff: Staff, client: Client) -> None:
    case = cases.raised(staff)
    sign_in(client, staff, "complainant1")
    name = 'rota "final".html'
    upload = SimpleUploadedFile(name, b"On Monday.\n<script>alert(1)</script>")
    assert (
        client.post(page(case, "add_evidence"), {"file": upload, "others": "copy"}).status_code
        == 302
    )
    shown = text_of(client.get(page(case)))
    assert "Files are not scanned for viruses here" in shown
    href = re.search(r'href="(/cases/[^"]*/evidence/[^"]*)"', shown)
    assert href is not None
    response = client.get(href.group(1))
    assert b"".join(response.streaming_content) == b"On Monday.\n<script>alert(1)</script>"  # type: ignore[attr-defined]
    assert response.headers["content-type"] == "application/octet-stream"
    disposition = response.headers["content-disposition"]
    assert disposition == 'attachment; filename="rota final.html.txt"'
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in response.headers["content-security-policy"]
    assert sign_in(client, staff, "lead1").get(href.group(1)).status_code == 404


def test_an_empty_file_and_one_that_is_too_large_are_refused_in_a_sentence(
    staff: Staff, client: Client, settings: LazySettings
) -> None:
    settings.EVIDENCE_MAX_BYTES = 1024
    case = cases.raised(staff)
    sign_in(client, staff, "complainant1")
    empty = client.post(page(case, "add_evidence"), {"file": SimpleUploadedFile("a.txt", b"")})
    large = client.post(
        page(case, "add_evidence"), {"file": SimpleUploadedFile("a.txt", b"x" * 2000)}
    )
    assert "This file is empty" in text_of(empty)
    assert "This file is too large" in text_of(large)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\rota.pdf", "rota.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ('quo"te.pdf', "quote.pdf"),
        ("...", "file"),
        ("", "file"),
        ("x" * 300 + ".docx", "x" * 115 + ".docx"),
        ("r\u00e9sum\u00e9.pdf", "r\u00e9sum\u00e9.pdf"),
    ],
)
def test_a_hostile_file_name_is_made_harmless(name: str, safe: str) -> None:
    assert safe_name(name) == safe
