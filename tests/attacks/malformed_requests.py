"""Requests that no page of ours sends, drawn at random, and how they are sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import strategies as st

from grievances.web.shared.middleware.well_formed import Utf8Request
from tests.attacks.world import World
from tests.factories.people import Staff
from tests.signing_in import sign_in

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


def real_paths(world: World) -> list[str]:
    """The addresses that lead somewhere in this world."""
    return [world.path(name) for name in world.arguments]


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
