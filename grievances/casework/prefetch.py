"""Fetch a case together with flags that say which related tables have rows.

A page asks a case about many things that most cases lack: files, people heard, requests for
approval, an emergency. One query says which there are; the others cost no query.
"""

from __future__ import annotations

from functools import cache, partial

from django.db.models import BigIntegerField, Exists, ManyToOneRel, Model, OuterRef, QuerySet

from grievances.audit.read_heads import head_columns
from grievances.cases.models.case import Case
from grievances.cases.models.stored_keys.held import owed_rows
from grievances.policy import profiles
from workflow.sql.compiled_sql import Bound, CompiledQuery, rows_of_all

SELDOM = (
    "actions",
    "approvals",
    "check_ins",
    "companions",
    "consents",
    "emergencies",
    "evidence",
    "handovers",
    "hearings",
    "interpreters",
    "meetings",
    "pending_readers",
    "questions",
    "referrals",
)
"""Relations of a case that are empty more often than not."""


TOGETHER = {"offers": ("candidate__unit",), "pending_readers": ("person",)}
"""What is read of other tables with the rows of a relation."""

UNREAD = {"deadlines": ("clock",)}
"""Columns of a relation that pages do not show, and that cost much to read."""


def with_what_there_is(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return cases with calendar stamp, end of the trail and flags of their relations."""
    return with_flags(cases, *SELDOM).annotate(
        holidays=profiles.stamp_of(OuterRef("division")),
        has_owed=Exists(owed_rows().filter(case=OuterRef("pk"))),
        **head_columns(OuterRef("reference")),
    )


def with_flags(cases: QuerySet[Case], *names: str) -> QuerySet[Case]:
    """Return cases with a flag for each relation that says whether it has rows."""
    return cases.annotate(**{f"has_{name}": Exists(_rows(name)) for name in names})


def forget_what_is_not_there(case: Case) -> None:
    """Mark the empty relations as fetched, so that they cost no query.

    A relation without a flag may have rows. This holds for one page: the object does not see a row
    that is added meanwhile.
    """
    known = case.__dict__.setdefault("_prefetched_objects_cache", {})
    for name in SELDOM:
        if not case.__dict__.get(f"has_{name}", True):
            known[name] = _no_rows(name)


def fetch(case: Case, *names: str) -> None:
    """Fetch the rows of these relations, unless the case has them.

    They are in the order of their ids.

    It does what Django's `prefetch_related_objects` does, by statements that are compiled once.
    """
    known = case.__dict__.setdefault("_prefetched_objects_cache", {})
    wanted = [name for name in dict.fromkeys(names) if name not in known]
    if wanted:
        answers = rows_of_all(*(_query(name).asked(case=case.pk) for name in wanted))
        for name, rows in zip(wanted, answers, strict=True):
            relation = _relation(name)
            # A later question, such as for the accepted ones, is about this case alone.
            own = {relation.field.name: case}
            found = relation.related_model._default_manager.filter(**own)
            found.__dict__.update(_result_cache=rows, _prefetch_done=True)
            for row in rows:
                relation.field.set_cached_value(row, case)
            known[name] = found


def _relation(name: str) -> ManyToOneRel:
    """Return the relation of a case to the rows of another table.

    Raises:
        TypeError: The name is that of another field.
    """
    found = Case._meta.get_field(name)
    if not isinstance(found, ManyToOneRel):
        raise TypeError(name)
    return found


@cache
def _query(name: str) -> CompiledQuery[Model]:
    return CompiledQuery(partial(_of_case, name))


def _of_case(name: str) -> QuerySet[Model]:
    relation = _relation(name)
    own = {relation.field.name: Bound("case", BigIntegerField())}
    rows = relation.related_model._default_manager.filter(**own).order_by("pk")
    rows = rows.select_related(*TOGETHER[name]) if name in TOGETHER else rows
    return rows.defer(*UNREAD[name]) if name in UNREAD else rows


@cache
def _no_rows(name: str) -> QuerySet[Model]:
    """Return an empty query of a relation, built once because that is costly."""
    relation = _relation(name)
    return relation.related_model._default_manager.none()


def _rows(name: str) -> QuerySet[Model]:
    relation = _relation(name)
    return relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
