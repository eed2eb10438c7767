"""Render a notice as text.

A kind without templates is an error, never a blank message.
"""

import json
from dataclasses import dataclass
from datetime import date
from urllib.parse import urljoin

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from notifications.models import Notice


@dataclass(frozen=True)
class Words:
    """The subject (one line) and the plain-text body of a message."""

    subject: str
    body: str


def render(notice: Notice, language: str = "") -> Words:
    """Return the text of a notice for a letter, in the language with this code.

    An empty or unknown code is that of the service. Raises TemplateDoesNotExist for an unknown
    kind.
    """
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with override(known):
        return Words(subject=_fill(notice, "subject"), body=_fill(notice, "body") + "\n")


class Rendering:
    """The texts of one drain: letters that say the same are rendered once."""

    def __init__(self) -> None:
        self._known: dict[str, Words] = {}

    def of(self, notice: Notice, language: str = "") -> Words:
        """Return the `render` of a notice; raises what it raises."""
        said = [language, notice.kind, notice.reference, notice.link, notice.context]
        key = json.dumps(said, sort_keys=True)
        if key not in self._known:
            self._known[key] = render(notice, language)
        return self._known[key]


def line(notice: Notice) -> str:
    """Return the one line shown in the inbox, safe in HTML.

    Raises TemplateDoesNotExist for an unknown kind.
    """
    return _fill(notice, "line")


def _fill(notice: Notice, part: str) -> str:
    text = render_to_string(
        f"notices/{notice.kind}/{part}.txt",
        {
            "reference": notice.reference,
            "link": urljoin(settings.SITE_URL, notice.link),
            "context": {name: _value(value) for name, value in notice.context.items()},
        },
    )
    return text.strip() if part == "body" else " ".join(text.split())


def _value(stored: object) -> object:
    """Return a date for an ISO date, so that templates can spell it out.

    JSON has no dates. Other values are returned as they are.
    """
    if not isinstance(stored, str):
        return stored
    try:
        return date.fromisoformat(stored)
    except ValueError:
        return stored
