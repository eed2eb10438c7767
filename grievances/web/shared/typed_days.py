"""A day as a person types it, in English or Welsh: read in one way, or not at all."""

from __future__ import annotations

import re
from calendar import month_name
from datetime import date, datetime
from difflib import SequenceMatcher, get_close_matches

from dateutil import parser
from django.conf import settings
from django.utils.dates import MONTHS as MONTHS_IN_WORDS
from django.utils.dates import MONTHS_3, WEEKDAYS
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext_noop, override

FIRST_YEAR = 1900

MONTH_NAMES = [name.lower() for name in month_name if name]

JULY = gettext_noop("July")
"""Marked here because Django's own Welsh name of July is misspelt."""

WELSH_ENDINGS = "af|il|ydd|fed|ed|eg|ain"
"""What follows the number of a day in Welsh, as in 3ydd o Fai."""
WELSH_ENDINGS_OF_NUMBERS = re.compile(
    r"(?<=\d)(?:" + WELSH_ENDINGS + r")\b(?:\s+o\b)?|(?<=\d)\s+o\b|^o\b|\b[fm]is\b|\byr? (?=\d)",
    re.IGNORECASE,
)
WELSH_DAYS = re.compile(
    r"\b(?:(?:dydd|nos|bore|prynhawn) (?:ll?un|mawrth|fawrth|mercher|fercher|iau|gwener|wener"
    r"|sadwrn|sul)|llun|mercher|iau|gwener|sadwrn|sul)\b,?",
    re.IGNORECASE,
)
"""A day of the week as people write it. "Mawrth" alone is also March."""
DAYS_OF_THE_WEEK = (
    r"mon(?:day)?|(?:dydd )?ll?un",
    r"tue(?:s(?:day)?)?|dydd [mf]awrth",
    r"wed(?:nesday)?|(?:dydd )?[mf]ercher",
    r"thu(?:rs?(?:day)?)?|(?:dydd )?iau",
    r"fri(?:day)?|(?:dydd )?g?wener",
    r"sat(?:urday)?|(?:dydd )?sadwrn",
    r"sun(?:day)?|(?:dydd )?sul",
)
"""How people write each day of the week, Monday first, in every language."""
WELSH_MUTATIONS = {"M": "F", "G": "", "T": "D", "Rh": "R"}
"""How the first letters of a Welsh month change after "o": Mai is written Fai."""


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
    """Return the month, 1 to 12, from a number or a name, short or misspelt.

    Raises:
        ValueError: For other text.
    """
    typed = with_known_months(text).lower().rstrip(".")
    start = [name for name in MONTH_NAMES if len(typed) >= len("may") and name.startswith(typed)]
    alike = start or nearest_months(typed)
    if len(alike) == 1:
        return MONTH_NAMES.index(alike[0]) + 1
    if not re.fullmatch(r"\d{1,2}", text.strip()):
        raise ValueError(text)  # also a number that no computer holds
    return int(text)


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

BESIDE_A_DAY = re.compile(
    r"(?:\bat )?\b\d{1,2}(?:[:.]\d{2})? ?[ap]m\b|(?:\bat )?\b\d{1,2}:\d{2}\b|\bthe\b|[()*•]",
    re.IGNORECASE,
)
"""What people write beside a day: an hour, an article, a bullet."""

ENGLISH_MONTH = re.compile(r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.IGNORECASE)


def with_known_months(text: str) -> str:
    """Return a text with its months, in any language of the pages, in English.

    A person may write in either language, whatever the page is in. Welsh days of the week and the
    endings of numbers are left out.
    """
    for code, _language in settings.LANGUAGES:
        if code != settings.LANGUAGE_CODE:
            with override(code):
                text = _with_months_of(code, text)
    return " ".join(text.split())


def _with_months_of(code: str, text: str) -> str:
    for day in WEEKDAYS.values():
        text = re.sub(rf"\b{re.escape(str(day))}\b,?", " ", text, flags=re.IGNORECASE)
    if code == "cy":
        text = WELSH_DAYS.sub(" ", WELSH_ENDINGS_OF_NUMBERS.sub(" ", text))
    known = {name: number for number in range(1, 13) for name in _names_of_month(code, number)}

    def in_english(found: re.Match[str]) -> str:
        typed = found[0].lower().rstrip(".")
        starts = {number for name, number in known.items() if name.startswith(typed)}
        number = known.get(typed) or (min(starts) if len(typed) > 3 and len(starts) == 1 else 0)
        return month_name[number] or found[0]

    return re.sub(r"[^\W\d_]+\.?", in_english, text)


def _names_of_month(code: str, number: int) -> set[str]:
    """Return how a language writes a month, in small letters: full, short, changed."""
    full = str(MONTHS_IN_WORDS[number])
    names = {full, str(MONTHS_3[number])}
    if code == "cy":
        for letters, changed in WELSH_MUTATIONS.items():
            if full.startswith(letters):
                names.add(f"{changed}{full.removeprefix(letters)}")
    return {name.lower() for name in names}


def read_day(text: str) -> date:
    """Return the whole day that a text names, in numbers (day first) or in words.

    A moment as computers write it, with its distance from UTC, is a local day.

    Raises:
        ValueError: The text names no day, a part of one, more than one, or another day of the week.
    """
    found = in_living_memory(_date_in(text))
    if named_weekdays(text) - {found.weekday()}:
        raise ValueError(text)
    return found


def named_weekdays(text: str) -> set[int]:
    """Return the days of the week that a text names, 0 for Monday to 6."""
    return {
        number
        for number, names in enumerate(DAYS_OF_THE_WEEK)
        if re.search(rf"\b(?:{names})\b", text, re.IGNORECASE)
    }


def _date_in(text: str) -> date:
    typed = with_known_months(" ".join(text.split()))
    turned = re.fullmatch(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(T\d.*)?", typed)
    if turned is not None and turned[4]:
        moment = datetime.fromisoformat(typed)
        return (localtime(moment) if is_aware(moment) else moment).date()
    if turned is not None:
        return date(int(turned[1]), int(turned[2]), int(turned[3]))
    typed = BESIDE_A_DAY.sub(" ", typed).strip()
    if len(typed) > 40 or not _names_one_day(typed):
        raise ValueError(typed)
    typed = re.sub(r"(?<=\d)[ ./-]+(?=\d)", "/", typed)
    try:
        found = {parser.parse(typed, dayfirst=True, default=day).date() for day in UNLIKE_DAYS}
    except (OverflowError, TypeError) as error:
        raise ValueError(typed) from error
    if len(found) != 1:
        raise ValueError(typed)
    return found.pop()


def _names_one_day(typed: str) -> bool:
    """Return whether a text has the numbers of one day, read in one way alone.

    Numbers without signs between them, and a year of one figure, are read in more than one way. A
    number too many is another day: "5 and 6 October 2026". One too few is no month: "2 Sat 2026".
    """
    numbers = re.findall(r"\d+", typed)
    wanted = 2 if ENGLISH_MONTH.search(typed) else 3
    has_year = any(len(each) == 4 for each in numbers)
    return len(numbers) == wanted and (
        max(len(each) for each in numbers) <= 4 and (has_year or len(numbers[-1]) > 1)
    )
