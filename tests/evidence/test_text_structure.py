"""Texts and emails are known by what is in them."""

from __future__ import annotations

import pytest

from grievances.evidence import file_types
from tests.evidence import samples
from tests.evidence.judged import kind, refusal

TEXTS: dict[str, bytes] = {
    "diary, quotation first": b"> From: B\n> To: me\n> Subject: tone\n\nI felt sick.\n",
    "diary with a colon": b"Monday: bad\nTuesday: worse\n\nSubject: me\n",
    "note with a date": b"Date: 4 May 2026\nSubject: the meeting\n\nHe said it again.\n",
    "soft break": b"one\x0btwo\n",
    "page break": b"one\x0ctwo\n",
    "Word's hyphens": b"non\x1ebreaking op\x1ftional\n",
    "end of file": b"old notes\n\x1a",
    "terminal": b"\x1b[31mred\x1b[0m\n",
    "chat": b"<Colin> hi\n<me> stop\n",
    "chat of one letter": b"<b> hi\n<a> stop\n",
    "chat with a space": b"  <Priya M> hi\n",
    "arrows": b"<- he came in\n-> I left\n",
    "less than": b"<3 was what he wrote\n",
    "WhatsApp": "\u200e[01/03/2024, 09:00:00] Alma: \u200ehi 😀\n".encode(),
    "UTF-16": "\ufeffname\tday\r\nЗоя\t1\r\n".encode("utf-16-le"),
    "UTF-16, big end": "\ufeffname\tday\r\n".encode("utf-16-be"),
    "UTF-16 without a mark": "name\tday\r\nAlma\t1\r\n".encode("utf-16-le"),
    "UTF-32": "\ufeffname\tday\r\n".encode("utf-32-le"),
    "Windows-1252": b"Zo\xeb \x93said\x94 \xa31\r\n",
    "speaks of markup": b"He sent me a <script> tag and an <html> page.\n",
    "begins like a bitmap": b"BM said: hello\n",
    "begins like a riff": b"RIFF was the word he used\n",
    "free at four": b"I'm free on Monday\n",
    "moov at four": b"The moov\n",
    "Ogg in words": b"OggS"[:3] + b" is a format\n",
    "MZ in words": b"MZ is what she wrote\n",
    "PK in words": b"PK came in at nine\n",
    "one letter": b"x",
    "empty lines": b"\r\n\r\nhello\r\n",
}


@pytest.mark.parametrize("what", TEXTS)
def test_an_ordinary_text_is_a_text(what: str) -> None:
    body = TEXTS[what]
    assert kind(body) == "text"
    file_types.check_whole(file_types.KINDS["text"], lambda: [body])


@pytest.mark.parametrize(
    "start",
    [
        "<!doctype html>",
        "<HTML>",
        "  <svg x>",
        "<?xml version='1'?>",
        "<script>",
        "<p>hi</p>",
        "<div class=x></div>",
        "{\\rtf1",
        "<?php",
        "<!-- x -->",
    ],
)
def test_a_page_is_no_text(start: str) -> None:
    assert refusal(start.encode() + b"\nwords") == "KIND_NOT_ACCEPTED"


MAIL = samples.message(b"MZ\x90\0", "rota.exe")
HEADERS = {
    "long": b"".join(b"X-MS-Exchange-Header-%d: %s\n" % (n, b"v" * 90) for n in range(900)),
    "folded": b"DKIM-Signature: v=1;\n" + b"\tb=abcdefgh\n" * 3000,
    "received": b"".join(b"Received: from a by b; Mon, 4 May 2026\n" for _ in range(300)),
    "small letters": b"x-thing: y\n" * 100,
    "mailbox": b"From a@example.invalid Mon May  4 10:00:00 2026\n",
    "none": b"",
}


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
@pytest.mark.parametrize("what", HEADERS)
def test_an_email_is_an_email_however_long_its_headers_are(what: str, newline: bytes) -> None:
    assert kind((HEADERS[what] + MAIL).replace(b"\n", newline)) == "email"


def test_an_email_without_an_end_of_its_headers_is_an_email() -> None:
    assert kind(b"".join(b"X-A-%d: %s\n" % (n, b"v" * 900) for n in range(2000)) + MAIL) == "email"


def test_the_fewest_headers_make_an_email() -> None:
    assert kind(b"From: a@example.invalid\nTo: b@example.invalid\nSubject: Rota\n\nx\n") == "email"
    assert kind(b"Date: Mon, 4 May 2026 10:00:00 +0100\nFrom: a@example.invalid\n\nx\n") == "email"
