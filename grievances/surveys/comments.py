"""Survey comments, prepared by two people and printed together (domain.md 8).

The source says: "Free text released only when n >= 10, after redaction by two people, shuffled, no
date". A quarter is printed when two people agree on each of its comments and at least ten may be
printed. If they are too few, they wait for the rest of their year. After print, what was written
and who prepared it is deleted.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from grievances.encryption.server_keys import open_for_server, seal_for_server
from grievances.surveys.comment_models import PrintedRemarks, Remark
from grievances.surveys.staff_survey_models import Waiting
from workflow.steps import Refused

LEAST = 10
"""The smallest number of comments printed together (domain.md 8)."""
ANSWERED_FOR = timedelta(days=30)
"""How long after its end a quarter can still be answered: 30 calendar days."""
MARKS = ("[name]", "[place]", "[time]", "[left out]")
"""Marks that may replace words that would show who a person is."""
PARTED = re.compile("|".join(map(re.escape, MARKS)))

NOT_THEIR_WORDS = Refused(
    "NOT_THEIR_WORDS",
    "Every word has to stay as it was written, or a mark has to be in its place: "
    f"{', '.join(MARKS)}.",
)
NOTHING_LEFT = Refused(
    "NOTHING_LEFT", "Nothing but marks would be left. Choose to leave the whole of it out."
)


@dataclass(frozen=True)
class Batch:
    """The unprinted comments of a quarter or year: all, agreed on, and for print."""

    period: str
    total: int
    settled: int
    for_print: int
    is_whole: bool

    @property
    def is_ready(self) -> bool:
        """Whether it can be printed: no more can come, all are agreed, and it is enough."""
        return self.is_whole and self.settled == self.total and self.for_print >= LEAST


def words_of(remark: Remark) -> str:
    """Return what was written."""
    return open_for_server(bytes(remark.sealed), remark.place).decode()


def wording_of(remark: Remark) -> str:
    """Return how it would be printed; empty if not proposed or to be left out."""
    sealed = bytes(remark.wording)
    return open_for_server(sealed, remark.wording_place).decode() if sealed else ""


def seal_wording(remark: Remark, wording: str) -> None:
    """Seal how it would be printed; an empty wording leaves the comment out."""
    sealed = seal_for_server(wording.encode(), remark.wording_place) if wording else b""
    remark.wording, remark.withheld = sealed, not wording


def check_wording(written: str, wording: str) -> None:
    """Check that a wording is the original words, with marks for what is left out.

    The text between two marks must occur in the original, in the same order. So no reviewer can add
    words, and everything left out has a mark.

    Raises:
        Refused: the wording has other words, or nothing but marks.
    """
    whole, parts = _plain(written), [_plain(part) for part in PARTED.split(wording)]
    if not any(sign.isalnum() for part in parts for sign in part):
        raise Refused(NOTHING_LEFT.code, NOTHING_LEFT.sentence)
    first, *between, last = parts if len(parts) > 1 else (*parts, "")
    place = len(first)
    for part in between:
        place = whole.find(part, place) + len(part) if part in whole[place:] else len(whole) + 1
    fits = whole.startswith(first) and whole.endswith(last) and place <= len(whole) - len(last)
    if not fits or (len(parts) == 1 and first != whole):
        raise Refused(NOT_THEIR_WORDS.code, NOT_THEIR_WORDS.sentence)


def batches(today: date) -> list[Batch]:
    """Return the unprinted batches: each quarter, and each year of too small quarters."""
    rows = list(Remark.objects.order_by("quarter"))
    quarters = [_batch(q, (q,), rows, today) for q in dict.fromkeys(row.quarter for row in rows)]
    too_few = [batch for batch in quarters if not batch.is_ready]
    years = dict.fromkeys(year_of(batch.period) for batch in too_few)
    printed = set(PrintedRemarks.objects.values_list("period", flat=True))
    of_years = [_batch(year, quarters_of(year), rows, today) for year in years]
    found = [*quarters, *(batch for batch in of_years if batch.is_whole)]
    return [batch for batch in found if batch.period not in printed]


@transaction.atomic
def print_batch(period: str, today: date) -> int:
    """Print a ready quarter or year.

    They are shuffled. Their rows are deleted with what was written, what was left out and who
    prepared it.

    Returns:
        How many comments were printed.

    Raises:
        Refused: the batch is not ready.
    """
    # Locked before the check, so that what was agreed on is what is printed.
    held = {row.pk: row for row in Remark.objects.select_for_update()}
    if not any(each.period == period and each.is_ready for each in batches(today)):
        raise Refused("NOT_READY", f"Not every remark is agreed on, or fewer than {LEAST} are.")
    names = quarters_of(period) if _is_year(period) else (period,)
    rows = [row for row in held.values() if row.quarter in names]
    texts = [wording_of(row) for row in rows if not row.withheld]
    secrets.SystemRandom().shuffle(texts)
    printed = PrintedRemarks(period=period, last_quarter=names[-1])
    printed.sealed = seal_for_server(json.dumps(texts).encode(), printed.place)
    printed.save(force_insert=True)
    Remark.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(texts)


def printed_in(periods: Iterable[str]) -> tuple[str, ...]:
    """Return the comments printed for these periods, in an order that tells nothing.

    Several batches are mixed by a digest of each text, so that none can be told apart.
    """
    rows = PrintedRemarks.objects.filter(period__in=list(periods))
    texts = [t for row in rows for t in json.loads(open_for_server(bytes(row.sealed), row.place))]
    return tuple(sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest()))


def year_of(quarter: str) -> str:
    """Return the financial year, April to March, of a calendar quarter.

    "2023-Q1" is in "2022-23".
    """
    year, number = int(quarter[:4]), int(quarter[-1])
    start = year - (number == 1)
    return f"{start}-{(start + 1) % 100:02}"


def quarters_of(year: str) -> tuple[str, ...]:
    """Return the calendar quarters of a financial year, in order."""
    start = int(year[:4])
    return (*(f"{start}-Q{number}" for number in (2, 3, 4)), f"{start + 1}-Q1")


def _is_year(period: str) -> bool:
    return "Q" not in period


def _batch(period: str, quarters: tuple[str, ...], rows: list[Remark], today: date) -> Batch:
    within = [row for row in rows if row.quarter in quarters]
    settled = [row for row in within if row.is_settled]
    still = Waiting.objects.filter(form="A", quarter__in=quarters).exists()
    closed = _quarter_of(today - ANSWERED_FOR) > quarters[-1]
    for_print = sum(not row.withheld for row in settled)
    return Batch(period, len(within), len(settled), for_print, closed and not still)


def _quarter_of(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _plain(text: str) -> str:
    return " ".join(text.split())
