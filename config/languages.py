"""The languages of the pages: data in `locale/`, no code (docs/how-to/add-a-language.md)."""

import tomllib
from pathlib import Path
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured


class Language(NamedTuple):
    """A language: its code, its name in itself, and whether a translator has read its catalogue."""

    code: str
    name: str
    reviewed: bool


def read(folder: Path) -> tuple[Language, ...]:
    """Return the languages of a folder of catalogues, in the order of the switch.

    Raises:
        ImproperlyConfigured: The list cannot be read, or a language has no catalogue.
    """
    try:
        rows = tomllib.loads(
            (folder / "languages").with_suffix(".toml").read_text(encoding="utf-8")
        )["language"]
        found = tuple(Language(row["code"], row["name"], row["reviewed"]) for row in rows)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ImproperlyConfigured(
            "locale/languages.toml cannot be read: give each language a code, a name and reviewed."
        ) from error
    for language in found[1:]:
        if not (folder / folder_of(language.code) / "LC_MESSAGES" / "django.mo").is_file():
            raise ImproperlyConfigured(
                f"locale/languages.toml lists {language.code}, which has no django.mo: make it "
                "with python -m assets.catalogues, or take the language out."
            )
    return found


def folder_of(code: str) -> str:
    """Return the name of the folder of a language: `cy`, `pt_BR`."""
    language, _, place = code.partition("-")
    return f"{language}_{place.upper()}" if place else language
