"""Survey comments as rows of a page: quarter and next person, never a word."""

from __future__ import annotations

from collections.abc import Iterable

from grievances.people.models import User
from grievances.surveys.comment_models import Remark
from grievances.surveys.comments import LEAST, Batch

HEADINGS = ("Remark", "Asked in", "Where it is")
NUMBERS = ("Remarks", "Agreed", "To be printed")
BATCH_HEADINGS: tuple[str | dict[str, object], ...] = (
    "Quarter or year",
    *({"text": text, "number": True} for text in NUMBERS),
    "Where it is",
)
MONTHS = ("January to March", "April to June", "July to September", "October to December")


def rows_of(rows: Iterable[Remark], person: User) -> list[list[object]]:
    """Return each comment with its number, its quarter and who acts next."""
    return [
        [
            {"text": f"Remark {number}", "href": f"/remarks/{row.pk}/", "head": True},
            label_of(row.quarter),
            _stand(row, person),
        ]
        for number, row in enumerate(rows, 1)
    ]


def batch_rows(batches: Iterable[Batch]) -> list[list[object]]:
    """Return each quarter or year, and what it still needs."""
    return [
        [
            {"text": label_of(batch.period), "head": True},
            {"text": str(batch.total), "number": True},
            {"text": str(batch.settled), "number": True},
            {"text": str(batch.for_print), "number": True},
            _needs(batch),
        ]
        for batch in batches
    ]


def label_of(period: str) -> str:
    """Return a period in words: "July to September 2022" for "2022-Q3".

    A period without a quarter is what is left of that year.
    """
    if "Q" not in period:
        return f"What is left of the year {period}"
    return f"{MONTHS[int(period[-1]) - 1]} {period[:4]}"


def _stand(row: Remark, person: User) -> dict[str, str]:
    if row.is_settled:
        kept = "Agreed: left out" if row.withheld else "Agreed: to be printed"
        return {"text": kept, "colour": "green"}
    if row.worded_by_id is None:
        return {"text": "No one has prepared it", "colour": "blue"}
    if row.worded_by_id == person.pk:
        return {"text": "Someone else has to agree", "colour": "grey"}
    return {"text": "Waits for you to agree", "colour": "blue"}


def _needs(batch: Batch) -> str:
    if batch.is_ready:
        return "Ready to be printed"
    if not batch.is_whole:
        return "More may come in"
    if batch.settled < batch.total:
        return "Not all are agreed on"
    return f"Fewer than {LEAST}: they wait for the rest of their year"
