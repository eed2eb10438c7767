"""What each kind of attacker gets: the page, the threat model and the tests say one thing."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from grievances.management.describing.threats import draw_attackers
from grievances.web.site.threat_model import ATTACKERS
from tests.architecture.sources import ROOT
from tests.factories import cases
from tests.factories.people import Staff
from tests.intake.raising import page_of
from tests.signing_in import sign_in

WANTED = (
    "with an account",
    "part in other cases",
    "your managers",
    "IT administrator with the database",
    "thief of a backup",
    "running server",
    "employer's network",
    "at your desk",
    "server's secret keys",
)
"""The attackers that the issue names, and the ones who hold more than they should."""


@pytest.mark.django_db
def test_the_page_and_the_threat_model_say_the_same_of_the_same_attackers() -> None:
    page = html.unescape(page_of(Client().get("/who-can-see/")))
    document = (ROOT / "docs/explanation/threat-model.md").read_text(encoding="utf-8")
    for each in ATTACKERS:
        for words in (each.who, each.gets, each.lacks):
            assert words in page, words
            assert words in document, words
    assert draw_attackers() in document
    assert all(any(wanted in each.who for each in ATTACKERS) for wanted in WANTED)


@pytest.mark.parametrize("each", ATTACKERS, ids=lambda each: each.who[:30])
def test_every_line_is_held_by_a_test_that_exists(each: object) -> None:
    for shown in each.shown_by:  # type: ignore[attr-defined]
        path, _, name = shown.partition("::")
        text = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"^def {name}\(" if name else r"^ *def test_", text, re.MULTILINE), shown


def test_no_page_of_a_case_is_kept_by_a_browser(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, "complainant1")
    for page in ("", "ledger/", "message/", "print/", "proof/"):
        answer = client.get(f"/cases/{case.reference}/{page}")
        assert answer["Cache-Control"] == "no-store", page
        title = re.search(r"<title>([^<]*)</title>", page_of(answer))
        assert title is not None
        assert case.reference not in title.group(1), "a tab or a history names nothing"
    client.get("/exit/")
    assert client.get(f"/cases/{case.reference}/").status_code == 302
