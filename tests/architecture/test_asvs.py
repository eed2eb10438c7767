"""The page on the OWASP ASVS leaves no requirement out and names tests that exist."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.test import Client

from tests.architecture.sources import ROOT

PAGE = ROOT / "docs/explanation/asvs.md"
STATES = {"met", "partly", "not met", "operator", "no such part"}
LEVEL_2 = (
    "1.1.2 1.2.9 1.3.11 1.4.3 1.5.2 2.1.3 2.2.3 2.3.4 2.4.1 3.2.2 3.3.4 3.4.6 3.5.5 3.7.2 "
    "4.1.3 4.2.1 4.3.2 4.4.4 5.1.1 5.2.3 5.3.2 5.4.3 6.1.3 6.2.12 6.3.4 6.4.4 6.5.5 6.6.3 "
    "6.8.4 7.1.3 7.2.4 7.3.2 7.4.5 7.5.2 7.6.2 8.1.2 8.2.3 8.3.1 8.4.1 9.1.3 9.2.4 10.1.2 "
    "10.2.2 10.3.4 10.4.11 10.5.5 10.6.2 10.7.3 11.1.2 11.2.3 11.3.3 11.4.4 11.5.1 11.6.1 "
    "12.1.3 12.2.2 12.3.4 13.1.1 13.2.5 13.3.2 13.4.5 14.1.2 14.2.4 14.3.3 15.1.3 15.2.3 "
    "15.3.7 16.1.1 16.2.5 16.3.4 16.4.3 16.5.3 17.1.1 17.2.4 17.3.2"
)
"""The last requirement of levels 1 and 2 in each section of version 5.0.0.

Those of level 3 come behind them in every section, so the numbers before are all of levels 1 and 2.
"""


def rows() -> list[list[str]]:
    lines = (line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:1] == "|")
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return [row for row in cells if row[0][:1].isdigit()]


def wanted() -> set[str]:
    sections = (last.rpartition(".") for last in LEVEL_2.split())
    return {f"{start}.{n}" for start, _, last in sections for n in range(1, int(last) + 1)}


def test_every_requirement_is_there_once_and_none_is_invented() -> None:
    said = Counter(number for row in rows() for number in row[0].split(", "))
    assert set(said) == wanted()
    assert max(said.values()) == 1


def test_what_is_met_names_a_test_and_every_test_is_there() -> None:
    tests = "\n".join(file.read_text(encoding="utf-8") for file in ROOT.glob("tests/**/test_*.py"))
    there = set(re.findall(r"^ *def (test_\w+)", tests, re.MULTILINE))
    for numbers, state, how, named in rows():
        assert state in STATES, numbers
        assert how, numbers
        names = re.findall(r"`(test_\w+)`", named)
        assert names or state != "met", numbers
        assert not set(names) - there, numbers


@pytest.mark.django_db
def test_every_page_has_the_headers_that_the_standard_asks_for() -> None:
    for address in ("/", "/who-can-see/", "/nothing-here/", "/api/v1/cases/"):
        answer = Client().get(address)
        policy = answer["Content-Security-Policy"]
        for part in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert part in policy, address
        assert "unsafe" not in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in answer
        if answer.content:
            assert re.match(r"(text/html; charset=utf-8|application/json)$", answer["Content-Type"])


def test_in_production_connections_are_encrypted_and_stay_so() -> None:
    text = (ROOT / "config/settings.py").read_text(encoding="utf-8")
    assert re.search(r"^SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION", text, re.MULTILINE)
    for name in ("SECURE_HSTS_INCLUDE_SUBDOMAINS", "SESSION_COOKIE_SECURE"):
        assert re.search(rf"^{name} = PRODUCTION$", text, re.MULTILINE), name
    assert re.search(r"^SECURE_SSL_REDIRECT = PRODUCTION and", text, re.MULTILINE)
