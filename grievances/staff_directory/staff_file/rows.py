"""Read each line of a file as one person, or say why it is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from grievances.people.regions import REGIONS_IN_USE
from grievances.staff_directory.staff_file.tables import ROUNDED
from grievances.vocabulary import Certificate, Division, Office

PARTS = re.compile(r"[;,|\n]")
TERM = re.compile(
    r"^(.*?)(?:[\s(]+from\s+(.+?))?(?:[\s(]+(?:to|until)\s+(.+?))?\)?$", re.IGNORECASE
)
LOST_LETTER = re.compile("\ufffd|[^\\W\\d_]\\?|\\?[^\\W\\d_]")
"""What stands for a letter that an encoding does not have."""
LENGTHS = {"username": 150, "name": 120, "unit": 100, "unit_name": 100}


class Refusal(NamedTuple):
    """A line that is not taken, and why; the reason has no word of the file in it."""

    line: int
    reason: str

    @property
    def is_about_anyone(self) -> bool:
        """Return whether it is the user name that is wrong, so that no one knows who is meant."""
        return self.reason.startswith(("no user name", "a user name", "the user name"))


class Held(NamedTuple):
    """An office or a certificate with its first and last day (local dates, both included)."""

    code: str
    begins: date | None
    ends: date | None


class StaffRow(NamedTuple):
    """One person as the file has them. What the file has no column for is None."""

    line: int
    username: str
    name: str
    email: str | None
    unit: str | None
    unit_name: str
    region: str | None
    division: str | None
    grade: int | None
    manager: str | None
    manager_from: date | None
    manager_to: date | None
    offices: tuple[Held, ...] | None
    certificates: tuple[Held, ...] | None
    left: date | None

    @property
    def key(self) -> str:
        """The user name as it is compared."""
        return self.username.casefold()

    def has_left(self, today: date) -> bool:
        """Return whether the person is a leaver on the local date `today`."""
        return self.left is not None and self.left <= today


class LineRefused(Exception):
    """A line that cannot be taken. The argument is the reason."""


def without_mark(text: str) -> str:
    """Return a user name without the apostrophe that makes a spreadsheet take it as text."""
    return text[1:].strip() if text.startswith("'") else text


def as_username(text: str) -> str:
    """Return a user name as a file gives it.

    Raises:
        LineRefused: It is none.
    """
    if text.isidentifier() and text.isascii():
        return text
    if not text:
        raise LineRefused("no user name")
    if ROUNDED.fullmatch(text):
        raise LineRefused("a user name that a spreadsheet has rounded: format the column as text")
    if not USERNAME.search(text):
        raise LineRefused("a user name with a character that user names cannot have")
    return text


def as_name(text: str) -> str:
    """Return the name of a person, which has a letter in it.

    Raises:
        LineRefused: It is none.
    """
    if text.isascii() and text[:1].isalpha() and "?" not in text:
        return text
    if LOST_LETTER.search(text) or _is_misread(text):
        raise LineRefused("a name whose letters were lost: export the file as UTF-8 or as XLSX")
    if not any(map(str.isalpha, text)):
        raise LineRefused("no name")
    if text.startswith("="):
        raise LineRefused("a formula in place of a name: save the values of the list")
    return text


def _is_misread(text: str) -> bool:
    """Return whether this is UTF-8 that was read as Windows-1252: `Zo\u00c3\u00ab` for Zo\u00eb."""
    try:
        return not text.isascii() and bool(text.encode("cp1252").decode("utf-8"))
    except UnicodeError:
        return False


def as_email(text: str | None) -> str | None:
    """Return an email address, or what stands for none.

    Raises:
        LineRefused: It is none.
    """
    if text and not _is_email(text):
        raise LineRefused("not an email address")
    return text


def as_grade(text: str | None) -> int | None:
    """Return the one number in a grade, 1 to 999, or None.

    Raises:
        LineRefused: It is none.
    """
    if not text:
        return None
    numbers = [text] if text.isdecimal() else re.findall(r"\d+", text)
    if len(numbers) != 1 or not 0 < int(numbers[0]) < 1000:
        raise LineRefused("a grade that is not one number: give its number in the layout")
    return int(numbers[0])


def as_one_of(meaning: str, known: dict[str, str]) -> Callable[[str | None], str | None]:
    """Return the reader of a code or its label; it raises LineRefused for another text."""

    def read(text: str | None) -> str | None:
        if not text:
            return None
        if text.casefold() not in known:
            raise LineRefused(unknown(meaning, known))
        return known[text.casefold()]

    return read


USERNAME = re.compile(UnicodeUsernameValidator.regex)
LOCAL_PART = re.compile(validate_email.user_regex.pattern, validate_email.user_regex.flags)


def _is_email(text: str) -> bool:
    """Return whether this is an email address, as Django's validator has it.

    A file has thousands of addresses of few organisations: each organisation is judged once.
    """
    local, _, domain = text.rpartition("@")
    is_short = len(text) <= 320  # RFC 3696, errata 1690
    return is_short and bool(LOCAL_PART.match(local)) and _is_domain(domain)


@lru_cache(maxsize=1000)
def _is_domain(domain: str) -> bool:
    try:
        validate_email(f"a@{domain}")
    except ValidationError:
        return False
    return True


def _by_label(
    choices: type[Division] | type[Office] | type[Certificate],
) -> dict[str, str]:
    values = {value.casefold(): value for value in choices.values}
    return values | {label.casefold(): value for value, label in choices.choices}


REGIONS = {code.casefold(): code for code in REGIONS_IN_USE} | {
    name.casefold(): code for code, name in REGIONS_IN_USE.items()
}
DIVISIONS = _by_label(Division)
OFFICES = _by_label(Office)
CERTIFICATES = _by_label(Certificate)


def parts_of(text: str, known: dict[str, str]) -> Iterator[str]:
    """Yield the parts of a list in one cell; a label with a comma in it is one part."""
    if text.casefold() in known:
        yield text
        return
    yield from filter(None, (part.strip() for part in PARTS.split(text)))


def unknown(meaning: str, known: dict[str, str]) -> str:
    """Return the reason that names what is known, for the layout to translate into."""
    return f"an unknown {word_for(meaning)}: known are {', '.join(dict.fromkeys(known.values()))}"


def word_for(meaning: str) -> str:
    """Return what a column is called in a reason."""
    words = {"username": "user name", "offices": "office", "certificates": "certificate"}
    return words.get(meaning, meaning.replace("_", " "))
