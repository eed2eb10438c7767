"""One page of the records of a case: the newest, or those before a record.

A page of a case costs the same for a hundred messages as for ten thousand. What the concern itself
says comes with every page, because the rest of the page is made of it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache, partial
from uuid import UUID

from django.db.models import BigIntegerField, Q, QuerySet

from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind, Record, in_order
from workflow.sql.compiled_sql import Bound, CompiledQuery

PAGE = 50
"""How many records one page shows."""

EXCHANGED = frozenset(
    {
        Kind.MESSAGE,
        Kind.QUESTION,
        Kind.UPDATE,
        Kind.EXPLANATION,
        Kind.CHECK_IN,
        Kind.SAFETY,
        Kind.MEETING,
        Kind.NOTES_ANSWER,
        Kind.INVITATION,
        Kind.EVIDENCE_FOR_YOU,
        Kind.HEARD,
        Kind.PUT,
        Kind.STATEMENT,
        Kind.CALLED,
        Kind.NOTES,
        Kind.EVIDENCE_SHOWN,
        Kind.OUTCOME_NOTE,
        Kind.MEDIATION_NOTE,
        Kind.ENQUIRIES,
        Kind.REASON,
        Kind.APPROVAL,
        Kind.HANDOVER,
    }
)
"""Records that people write again and again.

The others say what the concern is, whom it names and what was decided.
"""


@dataclass(frozen=True)
class Thread:
    """The records of one page, oldest first.

    `older` is the id after which the next page begins; empty when these are the last.
    """

    rows: tuple[Record, ...]
    older: str = ""


def whole_thread(case: Case, kinds: Collection[Kind]) -> Thread:
    """Return every record of these kinds."""
    return Thread(tuple(in_order(case).filter(kind__in=kinds)))


def page_of_thread(case: Case, kinds: Collection[Kind], before: str = "") -> Thread:
    """Return the newest records of these kinds, or those before a record.

    `before` is its id. Records of the concern itself are all among them. An id that is none of
    this case gives the newest page.
    """
    start = _start(case, before)
    if start is None:
        found = _newest_page(case, frozenset(kinds))
    else:
        wanted = _newest_first(case).filter(kind__in=EXCHANGED & set(kinds))
        found = list(wanted.filter(start)[: PAGE + 1])
    older, found = (str(found[PAGE - 1].pk) if len(found) > PAGE else ""), found[:PAGE]
    if older or start is not None:
        rest = _newest_first(case).filter(kind__in=set(kinds) - EXCHANGED)
        found += rest if start is not None else rest.filter(_before(found[-1]))
    return Thread(tuple(sorted(found, key=_place_in_order)), older)


def _newest_page(case: Case, kinds: frozenset[Kind]) -> list[Record]:
    rows = _newest_of(kinds).rows(case=case.pk) if kinds else []
    for row in rows:
        row.case = case
    return rows


@lru_cache(maxsize=64)
def _newest_of(kinds: frozenset[Kind]) -> CompiledQuery[Record]:
    """Return the query of the newest records.

    A set of kinds belongs to a set of rights.
    """
    return CompiledQuery(partial(_newest, kinds))


def _newest(kinds: frozenset[Kind]) -> QuerySet[Record]:
    rows = Record.objects.filter(case=Bound("case", BigIntegerField()), kind__in=sorted(kinds))
    return rows.order_by("-at", "-pk")[: PAGE + 1]


def _newest_first(case: Case) -> QuerySet[Record]:
    return case.records.order_by("-at", "-pk")


def _start(case: Case, before: str) -> Q | None:
    """Return the condition of the records before this one, or None without it."""
    try:
        last = case.records.filter(pk=UUID(before)).first() if before else None
    except ValueError:
        return None
    return None if last is None else _before(last)


def _before(last: Record) -> Q:
    return Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk)


def _place_in_order(row: Record) -> tuple[object, ...]:
    """Return the key of the order in which `in_order` reads the records of a case."""
    return row.at, len(row.about), row.about, row.pk
