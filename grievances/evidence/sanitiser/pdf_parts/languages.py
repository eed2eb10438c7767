"""Keep the language of a text where it is one (ISO 32000-1, 14.9.2; RFC 5646)."""

from __future__ import annotations

import re

import pikepdf

LANGUAGE = re.compile(r"(?:[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?)?", re.IGNORECASE)
"""A language, perhaps with a script and a country; other pieces can be anything."""
ODD = re.compile(
    rb"/Lang\b(?!\s*\((?:[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?)?\))", re.IGNORECASE
)
"""An entry among instructions whose value is no language, or otherwise spelt."""


def strip_language(thing: pikepdf.Object) -> None:
    """Drop an entry `Lang` that has no language."""
    said = thing.get("/Lang")
    is_text = isinstance(said, pikepdf.String)
    is_language = is_text and LANGUAGE.fullmatch(str(said))
    if "/Lang" in thing and not is_language and not isinstance(said, pikepdf.Dictionary):
        del thing["/Lang"]
