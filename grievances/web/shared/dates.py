"""Dates as people type them: in three boxes, in numbers or in words."""

from __future__ import annotations

import re
from calendar import month_name
from datetime import date, datetime
from difflib import SequenceMatcher, get_close_matches
from typing import Any, Unpack

from dateutil import parser
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS as MONTHS_IN_WORDS
from django.utils.dates import MONTHS_3, WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from grievances.web.shared.fields import ENTER_A_DATE, LongText, TextOptions

FIRST_YEAR = 1900

MONTH_NAMES = [name.lower() for name in month_name if name]

JULY = gettext_noop("July")
"""Marked here because Django's own Welsh name of July is misspelt."""

WELSH_ENDINGS = "af|il|ydd|fed|ed|eg|ain"
"""What follows the number of a day in Welsh, as in 3ydd o Fai."""
WELSH_MUTATIONS = {"M": "F", "G": "", "T": "D", "Rh": "R"}
"""How the first letters of a Welsh month change after "o": Mai is written Fai."""


class GovDate(forms.MultiWidget):
    """A date widget of three boxes: ``<name>_day``, ``_month`` and ``_year``.

    It asks the browser not to suggest earlier answers, because the machine may be shared.
    """

    template_name = "forms/gov_date.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            "day": forms.TextInput(self._box(_("Day"), 2)),
            "month": forms.TextInput(self._box(_("Month"), 2)),
            "year": forms.TextInput(self._box(_("Year"), 4)),
        }
        super().__init__(boxes, attrs)

    @staticmethod
    def _box(label: object, width: int) -> dict[str, object]:
        return {
            "label": label,
            "class": f"govuk-date-input__input govuk-input--width-{width}",
            "inputmode": "numeric",
            "autocomplete": "off",
        }

    def decompress(self, value: object) -> list[object]:
        """Return a date as [day, month, year], or three empty texts."""
        if isinstance(value, date):
            return [value.day, value.month, value.year]
        return ["", "", ""]


class GovDateField(forms.Field):
    """A calendar date (local) typed as day, month and year.

    Its value is a ``date`` or ``None``. A month may be typed as a number or by its name. Each
    mistake has a sentence of its own.
    """

    widget = GovDate
    default_error_messages = {
        "required": ENTER_A_DATE,
        "incomplete": _("The date must have a day, a month and a year, such as 27 3 2026"),
        "words": _(
            "We could not read “%(typed)s” as a day. The date must have a day, a month and a year, "
            "such as 27 3 2026"
        ),
        "invalid": _("Enter a real date, such as 27 3 2026"),
        "short_year": _("The year must have 4 numbers, as in 27 3 2026"),
    }

    def to_python(self, value: Any) -> date | None:
        """Return the date, or None when all boxes are empty.

        Raises:
            ValidationError: With a sentence of its own for a missing part, a short year, or a date
                that does not exist.
        """
        if value is None or isinstance(value, date):
            return value
        parts = [str(part or "").strip() for part in value]
        if not any(parts):
            return None
        if not all(parts):
            return self._whole(parts)
        day, month, year = parts
        if len(year) != 4 or not year.isdecimal():
            raise self._mistake("short_year")
        try:
            return in_living_memory(date(int(year), read_month(month), read_number(day)))
        except ValueError as error:
            raise self._mistake("invalid") from error

    def _whole(self, parts: list[str]) -> date:
        """Return the whole date that was typed into one of the boxes.

        Raises:
            ValidationError: When it is none.
        """
        typed = [part for part in parts if part]
        try:
            if len(typed) == 1:
                return read_day(typed[0])
        except ValueError:
            pass
        if len(typed) == 1 and not typed[0].isdecimal():
            raise self._mistake("words", typed=shortened(typed[0]))
        raise self._mistake("incomplete")

    def _mistake(self, code: str, **params: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)


def shortened(text: str, most: int = 60) -> str:
    """Return a text for quoting, cut after `most` characters."""
    line = text.strip()
    return line if len(line) <= most else f"{line[:most]}..."


def read_number(text: str) -> int:
    """Return the number of a day, also with an ending: 5, 05, 5th or 5ed.

    Raises:
        ValueError: for other text.
    """
    found = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th|" + WELSH_ENDINGS + ")?", text, re.IGNORECASE)
    if found is None:
        raise ValueError(text)
    return int(found[1])


def in_living_memory(day: date) -> date:
    """Return the day.

    Raises:
        ValueError: for a day before 1900, which is a slip of the keyboard.
    """
    if day.year < FIRST_YEAR:
        raise ValueError(day)
    return day


def read_month(text: str) -> int:
    """Return the month, 1 to 12, from a number or an English name, short or misspelt.

    Raises ValueError for other text.
    """
    typed = with_known_months(text).lower().rstrip(".")
    start = [name for name in MONTH_NAMES if len(typed) >= len("may") and name.startswith(typed)]
    alike = start or nearest_months(typed)
    return MONTH_NAMES.index(alike[0]) + 1 if len(alike) == 1 else int(text)


def nearest_months(typed: str) -> list[str]:
    """Return the name nearest to a misspelt month, or two that are as near.

    "juny" is as near to June as to July, and no one guesses for the person.
    """
    close = get_close_matches(typed, MONTH_NAMES, n=2, cutoff=0.75)
    ratios = [SequenceMatcher(None, name, typed).ratio() for name in close]
    return close[:1] if len(close) == 2 and ratios[0] > ratios[1] else close


UNLIKE_DAYS = (datetime(2001, 1, 1), datetime(2003, 2, 4))
"""Two days with nothing in common.

A text that gives no whole day is read differently from each.
"""

BETWEEN_DAYS = re.compile(r"\s*(?:;|,|\band\b|&)\s*")


def with_known_months(text: str) -> str:
    """Return a text with the months of the reader's language as a computer knows them.

    Its days of the week are left out, and so are the endings of its numbers.
    """
    if get_language() in (None, settings.LANGUAGE_CODE):
        return text
    for day in WEEKDAYS.values():
        text = re.sub(rf"\b{re.escape(str(day))}\b,?", " ", text, flags=re.IGNORECASE)
    text = re.sub(rf"(?<=\d)(?:{WELSH_ENDINGS})\b(?:\s+o\b)?", " ", text, flags=re.IGNORECASE)
    for number in range(1, 13):
        for name in sorted(_names_of_month(number), key=len, reverse=True):
            pattern = rf"\b{re.escape(name)}\b\.?"
            text = re.sub(pattern, month_name[number], text, flags=re.IGNORECASE)
    return " ".join(text.split())


def _names_of_month(number: int) -> set[str]:
    """Return how a month is written in the reader's language: full, short, changed."""
    names = {str(MONTHS_IN_WORDS[number]), str(MONTHS_3[number])}
    if get_language() == "cy":
        for letters, changed in WELSH_MUTATIONS.items():
            full = str(MONTHS_IN_WORDS[number])
            if full.startswith(letters):
                names.add(f"{changed}{full.removeprefix(letters)}")
    return names


def read_day(text: str) -> date:
    """Return the whole day that a text names, in numbers (day first) or in words.

    Raises:
        ValueError: The text names no day, or a part of one.
    """
    typed = with_known_months(" ".join(text.split()))
    turned = re.fullmatch(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})", typed)
    if turned is not None:
        return in_living_memory(date(int(turned[1]), int(turned[2]), int(turned[3])))
    typed = re.sub(r"\bthe\b", "", typed, flags=re.IGNORECASE)
    numbers = re.findall(r"\d+", typed)
    # Numbers without signs between them, and a year of one figure, are read in more than one way.
    if any(len(each) > 4 for each in numbers) or (
        numbers and len(numbers[-1]) < 2 and not any(len(each) == 4 for each in numbers)
    ):
        raise ValueError(typed)
    if len(typed) > 40 or not re.search(r"\d", typed):
        raise ValueError(typed)
    typed = re.sub(r"(?<=\d)[ ./-]+(?=\d)", "/", typed)
    try:
        found = {parser.parse(typed, dayfirst=True, default=day).date() for day in UNLIKE_DAYS}
    except (OverflowError, TypeError) as error:
        raise ValueError(typed) from error
    if len(found) != 1:
        raise ValueError(typed)
    return in_living_memory(found.pop())


class DaysField(forms.CharField):
    """Several calendar dates (local), one a line, typed in words or numbers.

    Its value is a sorted list of ``date``. Nothing that was typed is lost with a mistake.
    """

    def __init__(self, *, most: int, rows: int = 4, **options: Unpack[TextOptions]) -> None:
        self.most = most
        options.setdefault("max_length", 4_000)
        options["widget"] = LongText({"spellcheck": "false"}, rows=rows)
        super().__init__(**options)

    def prepare_value(self, value: object) -> object:
        """Return the days as lines in words; typed text stays as it is."""
        if isinstance(value, list | tuple):
            return "\n".join(date_format(day, "j F Y") for day in value)
        return value

    def to_python(self, value: object) -> Any:
        """Return the days, each once, in order.

        Raises:
            ValidationError: With one sentence that quotes the first line that is no day.
        """
        text = str(super().to_python(value) or "")
        days = {day for line in text.splitlines() if line.strip() for day in self._days(line)}
        if len(days) > self.most:
            raise ValidationError(
                gettext(
                    "You can give up to {most} days. Put the other days in your own words."
                ).format(most=self.most)
            )
        return sorted(days)

    def run_validators(self, value: object) -> None:
        """Check nothing more: the validators of texts do not fit days."""

    @staticmethod
    def _days(line: str) -> list[date]:
        for texts in ([line], BETWEEN_DAYS.split(line.strip())):
            try:
                return [read_day(text) for text in texts if text]
            except ValueError:
                continue
        raise ValidationError(
            gettext(
                "We could not read “{short}” as a day. Write each day like 5 October 2026. If you "
                "do not know the day, leave it out."
            ).format(short=shortened(line))
        )


def refuse_future(days: list[date], today: date) -> None:
    """Refuse a day after today.

    Raises:
        ValidationError: With a sentence that names the first such day.
    """
    later = [day for day in days if day > today]
    if later:
        raise ValidationError(
            gettext("{later} has not come yet. Give only days on which it has happened.").format(
                later=date_format(later[0], "j F Y")
            )
        )
