"""A letter as an accessible PDF: tagged, with language, title and reading order.

What people wrote is handed over as data and never read as markup.
"""

from __future__ import annotations

import re
from datetime import date

from django.conf import settings
from django.utils.translation import get_language

from grievances.typesetting.pdf import write_pdf

LONGEST_HEADING = 80
WITHOUT_A_FONT = re.compile("[\ue000-\uf8ff]")


def letter_pdf(title: str, sender: str, lines: list[str], text: str, made_on: date) -> bytes:
    """Return a letter of a local date as PDF.

    `lines` are shown below the title: the day, the reference. A short line on its own that ends
    without a full stop becomes a heading, and lines that begin with "- " a list. Its language is
    that of the page.
    """
    language = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    letter = {
        "title": title,
        "sender": sender,
        "language": language,
        "lines": lines,
        "blocks": blocks_of(text),
    }
    return write_pdf("letter", letter, made_on)


def blocks_of(text: str) -> list[dict[str, object]]:
    """Return the paragraphs, headings and lists of a plain text, in order."""
    found: list[dict[str, object]] = []
    for piece in re.split(r"\n\s*\n", WITHOUT_A_FONT.sub(" ", text).strip()):
        lines = [line.strip() for line in piece.split("\n") if line.strip()]
        items = [line[2:].strip() for line in lines if line.startswith("- ")]
        if lines and len(items) == len(lines):
            found.append({"kind": "list", "items": items})
        elif len(lines) == 1 and _is_heading(lines[0]):
            found.append({"kind": "heading", "text": lines[0]})
        elif lines:
            found.append({"kind": "text", "text": "\n".join(lines)})
    return found


def _is_heading(line: str) -> bool:
    return len(line) <= LONGEST_HEADING and line[-1].isalnum() and line[0].isupper()
