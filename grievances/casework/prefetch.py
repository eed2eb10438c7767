"""Fetch a case together with flags that say which related tables have rows.

A page asks a case about many things that most cases lack: files, people heard, requests for
approval, an emergency. One query says which there are; the others cost no query.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from grievances.audit.read_heads import head_columns
from grievances.cases.models.case import Case
from grievances.cases.models.stored_keys.held import owed_rows
from grievances.policy import profiles

SELDOM = (
    "actions",
    "approvals",
    "check_ins",
    "companions",
    "consents",
    "emergencies",
    "evidence",
    "hearings",
    "interpreters",
    "meetings",
    "pending_readers",
    "questions",
    "referrals",
)
"""Relations of a case that are empty more often than not."""


def with_what_there_is(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return cases with calendar stamp, end of the trail and flags of their relations."""
    there = {f"has_{name}": Exists(_rows(name)) for name in SELDOM}
    there["has_owed"] = Exists(owed_rows().filter(case=OuterRef("pk")))
    return cases.annotate(
        holidays=profiles.stamp_of(OuterRef("division")),
        **head_columns(OuterRef("reference")),
        **there,
    )


def forget_what_is_not_there(case: Case) -> None:
    """Mark the empty relations as fetched, so that they cost no query.

    This holds for one page: the object does not see a row that is added meanwhile.
    """
    known = case.__dict__.setdefault("_prefetched_objects_cache", {})
    for name in SELDOM:
        if not getattr(case, f"has_{name}"):
            known[name] = _no_rows(name)


@cache
def _no_rows(name: str) -> Any:
    """Return an empty query of a relation.

    There is one for all cases, because building it is costly.
    """
    relation: Any = Case._meta.get_field(name)
    return relation.related_model._default_manager.none()


def _rows(name: str) -> Any:
    relation: Any = Case._meta.get_field(name)
    return relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
