"""Facts made by hand for the tests of the reports: rows of the tables that reports count in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.cases.models.parties import Party, seal_person
from grievances.reports import facts
from grievances.reports.fact_models import Ending
from grievances.reports.layout.document import Document
from grievances.reports.periods import read_period
from grievances.vocabulary import CloseReason, Standing, State
from tests.factories import cases

MARCH = date(2023, 3, 31)
YEAR = read_period("2022-23")
REASONS = {
    Ending.AGREED: CloseReason.RESOLVED_INFORMALLY,
    Ending.WITHDRAWN: CloseReason.WITHDRAWN,
    Ending.OTHER: CloseReason.ANONYMOUS_INSUFFICIENT,
    Ending.REDIRECTED: CloseReason.REDIRECTED,
}


@dataclass
class Concern:
    """One concern, of its own complainant about its own respondent unless told otherwise.

    `account` is the number of the account of its respondent.
    """

    received: date
    ended: date | None = None
    ending: Ending = Ending.OPEN
    person: str = ""
    about: str = ""
    rest: dict[str, Any] = field(default_factory=dict)
    account: int = 0


def store(concerns: Iterable[Concern]) -> list[Case]:
    """Write concerns as rows, as the product would have left them."""
    listed = list(concerns)
    first = Case.unguarded.count()
    several = Case.unguarded.bulk_create(
        [_case(one, number) for number, one in enumerate(listed, first)]
    )
    parties = [
        _party(case, standing, who or f"{case.pk}", number)
        for case, one in zip(several, listed, strict=True)
        for standing, who, number in (
            (Standing.COMPLAINANT, one.person, 0),
            (Standing.RESPONDENT, one.about, one.account),
        )
    ]
    Party.objects.bulk_create(parties)
    return several


def _party(case: Case, standing: Standing, who: str, account: int) -> Party:
    number = account or int.from_bytes(sha256(who.encode()).digest()[:7], "big")
    sealed = seal_person(case.pk, number)
    return Party(case=case, standing=standing, handle=f"{case.pk} {who}", sealed_person=sealed)


def _case(one: Concern, number: int) -> Case:
    decided = one.ending in (Ending.UPHELD, Ending.PARTLY, Ending.NOT_UPHELD)
    reason = REASONS.get(one.ending, CloseReason.FINDING if decided else "")
    return Case(
        **{
            "reference": f"RC-{number:06}",
            "state": State.CLOSED if one.ended else State.TRIAGE,
            "created_at": cases.START,
            "touched_on": one.received,
            "received_at": cases.START,
            "received_on": one.received,
            "outcome": one.ending.value if decided else "",
            "outcome_on": one.ended if decided else None,
            "closed_on": one.ended,
            "close_reason": reason,
            "route": "FORMAL",
            "region": "NORTH",
            "identity": "OPEN",
            **one.rest,
        }
    )


def owe(case: Case, due: date, done: date | None, **rest: Any) -> Deadline:
    """One acknowledgement owed on a case."""
    return Deadline.objects.create(
        **{
            "case": case,
            "name": "ACK",
            "anchor_on": case.received_on,
            "started_on": case.received_on,
            "original_due": due,
            "current_due": due,
            "completed_on": done,
            "clock": {},
            **rest,
        }
    )


def count_to(day: date) -> None:
    """Make the facts as of the end of a local date."""
    facts.rebuild(day)


def figure(document: Document, label: str, section: str = "") -> Any:
    """The protected figure with these words; the first where a label is there twice."""
    return next(
        i.figure
        for s in document.sections
        for i in s.items
        if i.label == label and section in ("", s.key)
    )
