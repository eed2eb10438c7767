"""Notes on a figure: what happened in a period, behind a step in a line."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from grievances.reports.layout.headlines import HEADLINES, Headline
from grievances.reports.limit_resets import REASONS
from grievances.reports.periods import Period
from grievances.reports.snapshot_models import FigureNote

NOTES: Mapping[str, str] = {
    **{code: words for code, words in REASONS.items() if code != "lasting"},
    "incomplete": "The figure is known to be incomplete",
    "one-off": "One event made the figure higher or lower than usual",
}
"""What a note can say, by its code. No note names anyone."""
FIGURES: Mapping[str, Headline] = {headline.code: headline for headline in HEADLINES}


class Noted(NamedTuple):
    """One note: its number, the figure, the name of its period, and what it says."""

    pk: int
    figure: str
    period: str
    words: str


def notes_of(periods: Iterable[Period]) -> list[Noted]:
    """Return the notes on figures of these periods, the newest period first."""
    rows = FigureNote.objects.filter(period__in=[period.name for period in periods])
    return [
        Noted(row.pk, FIGURES[row.figure].words, row.period, NOTES[row.reason])
        for row in rows.order_by("-period", "figure", "pk")
        if row.figure in FIGURES and row.reason in NOTES
    ]


def note(figure: str, period: Period, reason: str, now: datetime) -> None:
    """Put a note on a figure; the same note twice is one.

    Raises:
        KeyError: There is no such figure or reason.
    """
    if reason not in NOTES:
        raise KeyError(reason)
    kept = {"figure": FIGURES[figure].code, "period": period.name, "reason": reason}
    FigureNote.objects.get_or_create(**kept, defaults={"made_at": now})


def remove(pk: int) -> bool:
    """Remove a note.

    Returns:
        Whether it was there.
    """
    return bool(FigureNote.objects.filter(pk=pk).delete()[0])
