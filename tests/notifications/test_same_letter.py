"""A letter whose headers are folded once is the letter that Django writes."""

from __future__ import annotations

from email.generator import BytesGenerator
from io import BytesIO

import pytest
from django.core.mail import EmailMessage
from pytest_django import Settings

from notifications.channels.base import Letter
from notifications.channels.email import _folded, _message
from notifications.models import Notice
from notifications.rendering import Rendering, render

SUBJECTS = ("A date", "Dyddiad — ŷ", "word " * 40, "x" * 200, "100% of 'it'")
ADDRESSES = ("a@b.example", "Zoë O'Neil <zoe@b.example>", f"{'long' * 15}@b.example")


def written(mail: EmailMessage, linesep: str) -> bytes:
    """The bytes that Django's backends send."""
    out = BytesIO()
    BytesGenerator(out, mangle_from_=False).flatten(mail.message(), linesep=linesep)
    return out.getvalue()


@pytest.mark.parametrize("linesep", ["\n", "\r\n"])
def test_a_letter_is_byte_for_byte_what_django_writes(settings: Settings, linesep: str) -> None:
    settings.DEFAULT_FROM_EMAIL = "Conduct & Concerns <concerns@example.org>"
    for _ in range(2):  # folded, and then kept
        for subject in SUBJECTS:
            for address in ADDRESSES:
                ours = _message(Letter(address, subject, f"{subject}\n.\n", f"key {address}"))
                ours.extra_headers["Date"] = "Tue, 01 Dec 2026 09:00:00 -0000"
                plain = EmailMessage(
                    ours.subject, ours.body, ours.from_email, ours.to, headers=ours.extra_headers
                )
                assert written(ours, linesep) == written(plain, linesep)


def test_no_address_is_kept_in_memory() -> None:
    _folded.cache_clear()
    written(_message(Letter("amara@private.example", "A date", "One line.", "key 1")), "\r\n")
    shared = _folded.cache_info().currsize
    written(_message(Letter("other@private.example", "A date", "One line.", "key 2")), "\r\n")
    assert 0 < shared == _folded.cache_info().currsize


def test_letters_that_say_the_same_are_rendered_once_and_others_are_not() -> None:
    texts = Rendering()
    said = [
        ("en", "reminder", "/inbox/", {"days": 5}),
        ("cy", "reminder", "/inbox/", {"days": 5}),
        ("en", "missed", "/inbox/", {"days": 5}),
        ("en", "reminder", "/other/", {"days": 5}),
        ("en", "reminder", "/inbox/", {"days": 6}),
    ]
    for _ in range(2):
        for language, kind, link, context in said:
            notice = Notice(kind=kind, channel="email", link=link, context=context)
            assert texts.of(notice, language) == render(notice, language)
    assert texts.of(notice, "en") is texts.of(notice, "en")
