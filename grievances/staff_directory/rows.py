"""Read each line of a file as one person, or say why it is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from grievances.staff_directory.dates import DateRefused, order_of, read_date
from grievances.staff_directory.layout import Layout, Sheet
from grievances.staff_directory.tables import Row
from grievances.vocabulary import Certificate, Division, Office, Region

PARTS = re.compile(r"[;,|\n]")
TERM = re.compile(
    r"^(.*?)(?:[\s(]+from\s+(.+?))?(?:[\s(]+(?:to|until)\s+(.+?))?\)?$", re.IGNORECASE
)
LENGTHS = {"username": 150, "name": 120, "unit": 100, "unit_name": 100}
DATES = (
    "manager_from", "manager_to", "office_from", "office_to",
    "certificate_from", "certificate_to", "left",
)  # fmt: skip
STILL_HERE = frozenset({"", "no", "n", "false", "-", "current"})
HAS_LEFT = frozenset({"yes", "y", "true", "leaver", "left"})


class Refusal(NamedTuple):
    """A line that is not taken, and why; the reason has no word of the file in it."""

    line: int
    reason: str


class Held(NamedTuple):
    """An office or a certificate with its first and last day (local dates, both included)."""

    code: str
    begins: date | None
    ends: date | None


@dataclass(frozen=True, slots=True)
class StaffRow:
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
        """Tell whether the person is a leaver on the local date `today`."""
        return self.left is not None and self.left <= today


class LineRefused(Exception):
    """A line that cannot be taken. The argument is the reason."""


def read_rows(sheet: Sheet, today: date) -> tuple[list[StaffRow], list[Refusal]]:
    """Return the people of a file, and the lines that are refused by themselves.

    Of two lines about one person both are refused: neither is known to be the right one.
    """
    order = {
        name: sheet.layout.day_first
        if sheet.layout.day_first is not None or name not in sheet.places
        else order_of(cell for row in sheet.rows for cell in sheet.cells(row, name))
        for name in (*DATES, "offices", "certificates")
    }
    reader = _Reader(sheet, order, today)
    people: dict[str, StaffRow] = {}
    twice: dict[str, list[int]] = {}
    refused: list[Refusal] = []
    for row in sheet.rows:
        try:
            person = reader.person(row)
        except LineRefused as error:
            refused.append(Refusal(row.number, str(error)))
            continue
        if person.key in people:
            twice.setdefault(person.key, [people[person.key].line]).append(person.line)
        else:
            people[person.key] = person
    for key, lines in twice.items():
        del people[key]
        refused += [Refusal(line, "a duplicate: another line has this user name") for line in lines]
    return list(people.values()), sorted(refused)


def read_entry(values: Mapping[str, str], layout: Layout, today: date) -> StaffRow:
    """Return one person from texts by their meaning, read as a line of a file is.

    Raises:
        LineRefused: The line would be refused in a file.
    """
    places = {meaning: (at,) for at, meaning in enumerate(values)}
    sheet = Sheet(places, [Row(0, list(values.values()))], Layout(values=layout.values))
    rows, refused = read_rows(sheet, today)
    if refused:
        raise LineRefused(refused[0].reason)
    return rows[0]


@dataclass(frozen=True)
class _Reader:
    sheet: Sheet
    order: dict[str, bool | None]
    today: date

    def person(self, row: Row) -> StaffRow:
        """Return the person of a line. Raises LineRefused."""
        manager = self._text(row, "manager")
        return StaffRow(
            line=row.number,
            username=self._username(row),
            name=self._name(row),
            email=self._email(row),
            unit=self._text(row, "unit"),
            unit_name=self._text(row, "unit_name") or "",
            region=self._choice(row, "region", REGIONS),
            division=self._choice(row, "division", DIVISIONS),
            grade=self._grade(row),
            manager=manager,
            manager_from=self._date(row, "manager_from"),
            manager_to=self._date(row, "manager_to"),
            offices=self._held(row, "offices", "office", OFFICES),
            certificates=self._certificates(row),
            left=self._left(row),
        )

    def _text(self, row: Row, meaning: str) -> str | None:
        if meaning not in self.sheet.places:
            return None
        text = self.sheet.text(row, meaning)
        if len(text) > LENGTHS.get(meaning, 150):
            raise LineRefused(f"the {_word(meaning)} is too long")
        return text

    def _username(self, row: Row) -> str:
        text = self._text(row, "username") or ""
        if not text:
            raise LineRefused("no user name")
        if not USERNAME.search(text):
            raise LineRefused("a user name with a character that user names cannot have")
        return text

    def _name(self, row: Row) -> str:
        text = self._text(row, "name") or ""
        if not any(map(str.isalpha, text)):
            raise LineRefused("no name")
        return text

    def _email(self, row: Row) -> str | None:
        text = self._text(row, "email")
        if text and not _is_email(text):
            raise LineRefused("not an email address")
        return text

    def _choice(self, row: Row, meaning: str, known: dict[str, str]) -> str | None:
        text = self._text(row, meaning)
        if not text:
            return None
        if text.casefold() not in known:
            raise LineRefused(_unknown(meaning, known))
        return known[text.casefold()]

    def _grade(self, row: Row) -> int | None:
        text = self._text(row, "grade")
        if not text:
            return None
        numbers = [text] if text.isdecimal() else re.findall(r"\d+", text)
        if len(numbers) != 1 or not 0 < int(numbers[0]) < 1000:
            raise LineRefused("a grade that is not one number: give its number in the layout")
        return int(numbers[0])

    def _date(self, row: Row, meaning: str) -> date | None:
        cells = self.sheet.cells(row, meaning)
        if not cells:
            return None
        try:
            return read_date(cells[0], day_first=self.order[meaning])
        except DateRefused as error:
            raise LineRefused(f"{_word(meaning)}: {error}") from error

    def _left(self, row: Row) -> date | None:
        said = self.sheet.text(row, "left").casefold()
        if said in STILL_HERE:
            return None
        return self.today if said in HAS_LEFT else self._date(row, "left")

    def _held(
        self, row: Row, meaning: str, dates: str, known: dict[str, str]
    ) -> tuple[Held, ...] | None:
        text = self._text(row, meaning)
        if text is None:
            return None
        begins, ends = self._date(row, f"{dates}_from"), self._date(row, f"{dates}_to")
        found = [self._one_held(part, meaning, known) for part in _parts(text, known)]
        full = [Held(each.code, each.begins or begins, each.ends or ends) for each in found]
        if len({each.code for each in full}) < len(full):
            raise LineRefused(f"the same {_word(meaning)} twice")
        if any(each.begins and each.ends and each.ends < each.begins for each in full):
            raise LineRefused(f"{_word(meaning)}: the last day is before the first")
        return tuple(sorted(full, key=lambda each: each.code))

    def _one_held(self, part: str, meaning: str, known: dict[str, str]) -> Held:
        found = TERM.match(part)
        label, begins, ends = found.groups() if found else (part, None, None)
        if label.strip().casefold() not in known:
            raise LineRefused(_unknown(meaning, known))
        order = self.order[meaning]
        try:
            days = [read_date(day or "", day_first=order) for day in (begins, ends)]
        except DateRefused as error:
            raise LineRefused(f"{_word(meaning)}: {error}") from error
        return Held(known[label.strip().casefold()], *days)

    def _certificates(self, row: Row) -> tuple[Held, ...] | None:
        held = self._held(row, "certificates", "certificate", CERTIFICATES)
        if any(each.ends is None for each in held or ()):
            raise LineRefused("a certificate without an end")
        return held


USERNAME = re.compile(UnicodeUsernameValidator.regex)


def _is_email(text: str) -> bool:
    """Tell whether this is an email address, as Django's validator has it.

    A file has thousands of addresses of few organisations: each organisation is judged once.
    """
    local, _, domain = text.rpartition("@")
    is_short = len(text) <= 320  # RFC 3696, errata 1690
    return is_short and bool(validate_email.user_regex.match(local)) and _is_domain(domain)


@lru_cache(maxsize=1000)
def _is_domain(domain: str) -> bool:
    try:
        validate_email(f"a@{domain}")
    except ValidationError:
        return False
    return True


def _by_label(
    choices: type[Region] | type[Division] | type[Office] | type[Certificate],
) -> dict[str, str]:
    values = {value.casefold(): value for value in choices.values}
    return values | {label.casefold(): value for value, label in choices.choices}


REGIONS, DIVISIONS = _by_label(Region), _by_label(Division)
OFFICES = _by_label(Office)
CERTIFICATES = _by_label(Certificate)


def _parts(text: str, known: dict[str, str]) -> Iterator[str]:
    if text.casefold() in known:
        yield text
        return
    yield from filter(None, (part.strip() for part in PARTS.split(text)))


def _unknown(meaning: str, known: dict[str, str]) -> str:
    """Return the reason that names what is known, for the layout to translate into."""
    return f"an unknown {_word(meaning)}: known are {', '.join(dict.fromkeys(known.values()))}"


def _word(meaning: str) -> str:
    words = {"username": "user name", "offices": "office", "certificates": "certificate"}
    return words.get(meaning, meaning.replace("_", " "))
