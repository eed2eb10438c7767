"""Remarks of the survey: write some, and let two people settle them."""

from __future__ import annotations

from datetime import date

from grievances.reports import snapshots
from grievances.reports.layout.document import Document
from grievances.surveys import comment_review as acts
from grievances.surveys import comments, responses
from grievances.surveys.comment_models import Remark
from tests.factories.cases import START, at
from tests.factories.people import Staff

AFTER = date(2027, 1, 31)
"""The first day on which nothing of the last quarter of 2026 can be answered any more."""
NEXT_YEAR = date(2027, 5, 1)
QUARTER, YEAR = "2026-Q4", "2026-27"
FIRST, SECOND = "dpo1", "independent1"
FACTS = {"region": "NORTH", "route": "FORMAL", "closure": "finding", "identity": "OPEN"}


def write(count: int, *, quarter: str = QUARTER, may: str = "yes", words: str = "Thought") -> None:
    for number in range(count):
        said = {"q1": "disagree", "q11": f"{words} {number} of Amara in Leeds", "print": may}
        responses.put_aside("A", quarter, FACTS, said)


def prepare(staff: Staff, row: Remark, *, withhold: bool = False) -> Remark:
    """Two people settle one remark."""
    text = comments.words_of(row).replace("Amara", "[name]").replace("Leeds", "[place]")
    row = acts.word(staff.caller(FIRST), row.pk, row.turn, "" if withhold else text, now=START)
    return acts.agree(staff.caller(SECOND), row.pk, row.turn, now=START)


def settle(staff: Staff, withhold: int = 0) -> None:
    for number, row in enumerate(Remark.objects.filter(agreed_by=None)):
        prepare(staff, row, withhold=number < withhold)


WROTE = "My manager Sam Hill laughed.  Nobody stopped him\nin Leeds, and it was not fair."


def publish() -> None:
    edition = snapshots.Edition(snapshots.INTERNAL, 1, at(100))
    snapshots.keep(empty_document(), {}, edition, snapshots.Forms("<p>Figures</p>"))


def empty_document() -> Document:
    return Document("satisfaction", "2026-27-Q3", date(2026, 12, 31), 10, "Nothing.")
