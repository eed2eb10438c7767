"""Malformed addresses, bodies and headers get a plain refusal on every database, never an error.

A fuzzer goes over every address of the product and over the API, as people of every kind.
"""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from config.logs import CarefulFormatter
from grievances.web.cases.step_forms.registry import FORMS
from grievances.web.shared.middleware.well_formed import Utf8Request
from tests.attacks import test_urls
from tests.attacks.test_urls import World
from tests.factories.people import Staff
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db

everything = test_urls.world
OUT = "signed out"
PEOPLE = (OUT, "complainant1", "triage1", "lead1", "dpo1", "analyst1", "companion1", "respondent1")
TOKEN = "AbCdEfGhIjKlMnOpQrStUvWx"  # noqa: S105 - a made-up one
PARTS = (
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%FF%FE",
    "%C0%80",
    "%0D%0A",
    "..%2f..%2f",
    "%E2%80%AE",
    "%F0%9F%99%82",
    "%252e",
    "%2500",
    "-1",
    "0",
    "2147483648",
    "9223372036854775808",
    "9" * 400,
    "a" * 5000,
    "1e9",
    "NaN",
    "%27%20OR%201%3D1",
    "%7B%7B7%7D%7D",
    "%E1%B8%80",
    "x",
    "RC-222222",
    "RC-222222%00",
    "2026-02-30",
    "00000000-0000-0000-0000-000000000000",
    "None",
    "%20",
    "%C2%85",
    "%7F",
    "*",
    "%5C",
)
WORDS = (
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff\ud800",
    "\x1b[0m",
    "\u202e",
    "9" * 5000,
    "-0",
    "1e400",
    "NaN",
    "a" * 70_000,
    "\U0010ffff",
    "\ufffe",
    "",
    " ",
    "[]",
    "2147483648",
    "9223372036854775808",
    "31",
    "2026-02-30",
    "0000",
    "99999",
    "<b>",
    "on",
    "true",
    "RC-222222",
    "\r\n",
    "²",
    "１２",
    "😀" * 400,
)
KINDS = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=undefined",
    "application/x-www-form-urlencoded; charset=base64",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=é",
    "multipart/form-data; boundary=x; charset=idna",
    "multipart/form-data; boundary=" + "x" * 300,
    "application/json",
    "application/json; charset=unicode_escape",
    "text/plain",
    "",
    ";;;",
    "a/b; charset=\x00",
)
BODIES = (
    b"",
    b"\x00",
    b"\xff\xfe\x00",
    b"\xed\xa0\x80=\xed\xa0\x80",
    b"a=" + b"%00" * 3,
    b"&" * 900,
    b"a=1&" * 1200,
    b'--x\r\nContent-Disposition: form-data; name="a\x00"\r\n\r\n\x00\r\n--x--\r\n',
    b"--x\r\nContent-Disposition: form-data; name*=utf-8''%ED%A0%80\r\n\r\n\xff\r\n--x--\r\n",
    b"--x\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: form-data; name=a\r\n\r\n!",
    b'--x\r\nContent-Disposition: form-data; name=f; filename="\x00"\r\n\r\nx\r\n--x--\r\n',
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"once": "\\ud800"}',
    b'{"\\ud800": 1}',
    b'{"once": "\\u0000"}',
    b'{"once": ' + b"9" * 6000 + b"}",
    b'{"a": NaN}',
    b"[]",
    b"null",
    b'"x"',
    b"{",
    b"{}",
    b'{"once": {}}',
    b'{"text": ["a", {"b": "\\udc00"}]}',
    b'{"seen": 1e999}',
    b"\xef\xbb\xbf{}",
    "{}".encode("utf-16"),
)
COOKIES = (
    "fh_session",
    "fh_key",
    "fh_typing",
    "fh_notebook",
    "fh_browser",
    "csrftoken",
    "messages",
)
VALUES = (
    '"\\000"',
    '"a\\000b"',
    "\\ud800",
    "x" * 4000,
    "0" * 64,
    "zz",
    '"\\377\\376"',
    "=;=",
    "é",
    "a:b:c:d",
    ".",
    "::",
    '""',
    "\x7f",
    "None",
)


def patterns(found: Any = None, before: str = "") -> Iterator[str]:
    """Every route of the product, with its parts named."""
    for each in found or get_resolver().url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, route)
        elif isinstance(each, URLPattern):
            yield "/" + route.removeprefix("/")


ROUTES = sorted(set(patterns()))
HOLES = re.compile(r"<[^>]+>")


def real_paths(everything: World) -> list[str]:
    """The addresses that lead somewhere in this everything."""
    return [everything.path(name) for name in everything.arguments]


@st.composite
def addresses(draw: st.DrawFn, real: list[str]) -> str:
    """An address of the product with a hostile part in each hole, or a real one, and a query."""
    if draw(st.booleans()):
        path = draw(st.sampled_from(real))
    else:
        path = HOLES.sub(lambda _: draw(st.sampled_from(PARTS)), draw(st.sampled_from(ROUTES)))
    if draw(st.integers(0, 3)):
        return path
    names = st.sampled_from(
        ["page", "next", "period", "copy", "q", "role", "file", "to", "state", "%00"]
    )
    return f"{path}?{draw(names)}={draw(st.sampled_from(PARTS))}"


@st.composite
def requests(draw: st.DrawFn, real: list[str]) -> dict[str, Any]:
    """One request, malformed in one or several ways."""
    method = draw(
        st.sampled_from(["GET", "POST", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS"])
    )
    asked: dict[str, Any] = {"method": method, "path": draw(addresses(real)), "headers": {}}
    if draw(st.integers(0, 5)) == 0:
        name = draw(
            st.sampled_from(["Accept", "X-Forwarded-For", "Referer", "Range", "User-Agent"])
        )
        asked["headers"][name] = draw(
            st.sampled_from(["\x00", "é", "x" * 5000, "*/*;q=a", "bytes=9-1"])
        )
    if draw(st.integers(0, 4)) == 0:
        asked["cookies"] = {draw(st.sampled_from(COOKIES)): draw(st.sampled_from(VALUES))}
    if method in {"POST", "PUT"} and draw(st.booleans()):
        asked["data"] = draw(st.sampled_from(BODIES))
        asked["kind"] = draw(st.sampled_from(KINDS))
    elif method == "POST":
        asked["fill"] = draw(st.lists(st.sampled_from(WORDS), min_size=3, max_size=3))
    return asked


FIELD = re.compile(r'name="([^"]+)"(?:[^>]*value="([^"]*)")?')


def fill(client: Client, path: str, words: list[str]) -> bytes:
    """The form of a page, filled with these words in turn; some values are kept."""
    page = client.get(path)
    html = b"" if page.streaming else page.content
    fields = dict(FIELD.findall(html.decode("utf-8", "replace")))
    told = {}
    for at, (name, value) in enumerate(sorted(fields.items())):
        told[name] = words[at % 3] if not value or at % 2 else value
    return as_form(told)


def as_form(fields: dict[str, str]) -> bytes:
    pairs = (f"{quote(n)}={quote(v, errors='surrogatepass')}" for n, v in fields.items())
    return "&".join(pairs).encode()


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def person_at(monkeypatch: pytest.MonkeyPatch, staff: Staff, person: str) -> Client:
    """A browser of this person, whose requests are read as in production."""
    monkeypatch.setattr("django.test.client.WSGIRequest", Utf8Request)
    client = Client(raise_request_exception=False)
    return client if person == OUT else sign_in(client, staff, person)


def send(client: Client, asked: dict[str, Any]) -> Any:
    kept = dict(client.cookies)
    for name, value in asked.get("cookies", {}).items():
        client.cookies.pop(name, None)
        asked["headers"]["Cookie"] = f"{name}={value}"
    if "Cookie" in asked["headers"]:
        own = [f"{name}={each.value}" for name, each in client.cookies.items()]
        asked["headers"]["Cookie"] = "; ".join([*own, asked["headers"]["Cookie"]])
        client.cookies.clear()
    try:
        return client.generic(
            asked["method"],
            asked["path"],
            asked.get("data", b""),
            asked.get("kind", KINDS[0]),
            headers=asked["headers"],
        )
    finally:
        client.cookies.clear()
        client.cookies.update(kept)


OURS = {200, 201, 302, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429}


@pytest.mark.slow
@pytest.mark.parametrize("person", PEOPLE)
def test_no_malformed_request_is_an_error(
    staff: Staff,
    everything: World,
    monkeypatch: pytest.MonkeyPatch,
    person: str,
) -> None:
    client = person_at(monkeypatch, staff, person)
    real = [path for path in real_paths(everything) if "logout" not in path]

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
    @drawn(requests(real))
    def is_refused(asked: dict[str, Any]) -> None:
        with taken_back():
            if "fill" in asked:
                asked["data"] = fill(client, asked["path"], asked["fill"])
            answer = send(client, asked)
            assert answer.status_code in OURS, answer.status_code

    is_refused()


SPOILT = ("a\x00b", "\ud800")


def pages(everything: World) -> list[str]:
    """Every page of the world, and every step of its case."""
    steps = (f"/cases/{everything.case.reference}/{step}/" for step in FORMS)
    plain = (route for route in ROUTES if "<" not in route)
    return sorted({*plain, *real_paths(everything), *steps} - LEAVING)


LEAVING = {"/accounts/logout/", "/exit/"}


@pytest.mark.slow
@pytest.mark.parametrize("person", [OUT, "complainant1", "triage1"])
def test_no_field_of_a_page_takes_a_text_that_a_database_refuses(
    staff: Staff,
    everything: World,
    monkeypatch: pytest.MonkeyPatch,
    person: str,
) -> None:
    client = person_at(monkeypatch, staff, person)
    wrong = []
    for path in pages(everything):
        with taken_back():
            answer = client.get(path)
            html = "" if answer.streaming else answer.content.decode()
        fields = dict(FIELD.findall(html.partition("<main")[2])) if answer.status_code < 300 else {}
        for name in fields:
            for word in SPOILT:
                with taken_back():
                    code = client.post(path, as_form({**fields, name: word}), KINDS[0]).status_code
                if code not in OURS:
                    wrong.append((path, name, word[:3], code))
    assert not wrong


@pytest.mark.slow
def test_no_field_of_the_api_takes_a_text_that_a_database_refuses(
    staff: Staff,
    everything: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = person_at(monkeypatch, staff, "triage1")
    wrong = []
    for step, form in FORMS.items():
        path = f"/api/v1/cases/{everything.case.reference}/{step}/"
        for name in form.base_fields:
            for value in (SPOILT[0], [SPOILT[1]]):
                with taken_back():
                    body = json.dumps({name: value})
                    code = client.post(path, body, "application/json").status_code
                if code not in OURS:
                    wrong.append((step, name, code))
    assert not wrong


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/cases/RC%00/",
        "/api/v1/cases/RC-222222/a%00/",
        "/raise/RC%00/",
        "/raise/RC%00/delete/",
        "/raise/RC%00/receipt/",
        "/raise/RC%00/when/",
        "/consent/a%00/",
        "/replies/a%00/",
        "/replies/a%00/companion/",
        "/accompany/with/a%00/",
        "/accompany/a%00/",
        "/survey/a%00/",
        "/mail/a%00/",
        "/static/a%00.css",
        "/health/a%00/",
        "/raise/anonymous/a%00/",
        "/nowhere%00",
        "/survey/a%0Ab/",
        "/consent/a%1Fb/",
        "/consent/a%7F/",
        "/consent/" + "a" * 1001 + "/",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_address_with_a_control_character_is_no_address(
    staff: Staff, path: str, method: str
) -> None:
    answer = getattr(sign_in(Client(), staff, "complainant1"), method)(path)
    assert answer.status_code == 404
    assert "govuk-heading" in answer.content.decode()


@pytest.mark.parametrize("query", ["page=%00", "%00=1", "page=1&page=a%00", "next=/%0d%0aX:1"])
def test_a_query_with_a_control_character_is_refused_on_a_page_of_ours(query: str) -> None:
    answer = Client().get(f"/support/?{query}")
    assert answer.status_code == 400
    assert "govuk-heading" in answer.content.decode()


def test_the_api_answers_every_body_in_json(staff: Staff, everything: World) -> None:
    client = sign_in(Client(), staff, "triage1")
    path = f"/api/v1/cases/{everything.case.reference}/message/"
    for body in BODIES:
        for kind in ("application/json", "multipart/form-data; boundary=x", "text/plain"):
            code = client.post(path, body, kind).status_code
            assert code in {400, 409, 422}, (kind, body[:30], code)
        answer = client.post(path, body, "application/json")
        assert set(answer.json()) == {"code", "sentence"}, body[:30]


def test_a_malformed_cookie_is_no_cookie(staff: Staff) -> None:
    for name in COOKIES:
        answer = Client(headers={"Cookie": f'{name}="a\\000b"'}).get("/accounts/login/")
        assert answer.status_code == 200, name


@pytest.mark.parametrize(
    "charset", ["undefined", "base64", "utf-16", "idna", "unicode_escape", "no"]
)
def test_a_request_is_read_as_utf_8_whatever_it_claims(charset: str) -> None:
    body = b"a=%C3%A9"
    request = Utf8Request(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/",
            "QUERY_STRING": "q=%C3%A9",
            "CONTENT_TYPE": f"{KINDS[0]}; charset={charset}",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
    )
    assert request.GET["q"] == request.POST["a"] == "é"


@pytest.mark.parametrize(
    "path", [f"/accompany/with/{TOKEN}/", f"/accompany/{TOKEN}/", f"/no/{TOKEN}"]
)
def test_no_line_of_the_log_names_an_address(
    staff: Staff, path: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Not when the page fails, and not when it is refused: the address holds a secret."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(TOKEN)

    monkeypatch.setattr("grievances.web.participants.companion_views.guest_in", fail)
    monkeypatch.setattr("grievances.web.shared.error_views.render", fail)
    with caplog.at_level(logging.DEBUG):
        answer = Client(raise_request_exception=False).get(f"{path}?{TOKEN}")
    assert answer.status_code >= 400
    told = [record for record in caplog.records if record.name.startswith("django.request")]
    assert told
    lines = [CarefulFormatter("{message}", style="{").format(record) for record in told]
    assert TOKEN not in "".join(lines)
    assert all("GET" in line for line in lines)
