"""Show a letter in its reader's language; what is sealed stays as written.

The paragraphs that we ship, and the lines that we fill in, are translated where they are found
whole. What an officer wrote is shown as they wrote it. No officer learns in which language a
person reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, gettext_noop

from grievances.cases.models.records import Kind
from grievances.letters.blocks import PLACEHOLDER, SHIPPED

BETWEEN = "\n\n"
WRITTEN = "%d %B %Y"
"""How a letter says a local date: 27 March 2027."""

LINES = (
    gettext_noop("- {what}. Who: {who}. By: {due}"),
    gettext_noop("Who: {who}"),
    gettext_noop("By: {due}"),
    gettext_noop("Nothing further was decided."),
    gettext_noop("The last day it happened: {day}"),
    gettext_noop("It happened on: {days}"),
)
"""The lines that the service writes into a letter, or beside a person's own words."""

DATES = frozenset({"day", "due", "appeal_by", "decision_date"})
DAY = r"\d{1,2} [A-Z][a-z]+ \d{4}"
VALUES = {"part": r"\d+", "days": f"{DAY}(?:; {DAY})*", **dict.fromkeys(DATES, DAY)}
"""What a placeholder can have become; every other one is any text."""

LETTERS = frozenset({Kind.LETTER, Kind.APPEAL_LETTER, Kind.ACTION, Kind.OUTCOME_NOTE, Kind.WHEN})
"""The kinds of records that may have words of ours."""


def as_read(kind: str, text: str) -> str:
    """Return the text of a record, with our own words in the language of the page."""
    if kind not in LETTERS or get_language() in (None, settings.LANGUAGE_CODE):
        return text
    return BETWEEN.join(_paragraph(each) for each in text.split(BETWEEN))


def paragraphs() -> Iterator[str]:
    """Yield every paragraph that we ship, as the catalogue has it."""
    for each in BETWEEN.join(SHIPPED.values()).split(BETWEEN):
        if not PLACEHOLDER.fullmatch(each):
            # A paragraph that ends with a colon is finished by an officer.
            yield f"{each}{{words}}" if each.endswith(": ") else each


@cache
def _patterns(texts: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((each, _pattern(each)) for each in texts)


def _pattern(text: str) -> re.Pattern[str]:
    parts = PLACEHOLDER.split(text)
    made = [
        f"(?P<{part}>{VALUES.get(part, '.+')})" if number % 2 else re.escape(part)
        for number, part in enumerate(parts)
    ]
    return re.compile("".join(made), re.DOTALL)


def _paragraph(text: str) -> str:
    whole = _translated(text, tuple(paragraphs()))
    return whole or "\n".join(_translated(line, LINES) or line for line in text.split("\n"))


def _translated(text: str, known: tuple[str, ...]) -> str:
    """Return a known text in the language of the page; empty for another text."""
    for of, pattern in _patterns(known):
        found = pattern.fullmatch(text)
        if found is not None:
            values = {name: _value(name, said) for name, said in found.groupdict().items()}
            return gettext(of).format(**values)
    return ""


def _value(name: str, said: str) -> str:
    if name == "days":
        return "; ".join(_value("day", each) for each in said.split("; "))
    if name not in DATES:
        return said
    try:
        return date_format(datetime.strptime(said, WRITTEN).date(), "j F Y")  # noqa: DTZ007
    except ValueError:
        return said
