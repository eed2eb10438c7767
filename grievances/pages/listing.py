"""The list of cases in the order in which things are due, each with its next step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from grievances import access, policy
from grievances.models import Case, CaseUserObjectPermission, Deadline, Party, User
from grievances.models.parties import anonymous_handle, standing_handle
from grievances.pages.promises import (
    NAMES,
    Promise,
    next_of,
    promise_of,
)
from grievances.policy import ANSWERS_FOR, COMPLAINANT
from grievances.relations import Who
from grievances.vocabulary import ASKED, Role, Standing, State

PAGE = 25
"""Cases on one page."""


@dataclass(frozen=True)
class Row:
    """One case of a list. `promise` is the date to keep next, one's own if there is one."""

    case: Case
    roles: tuple[str, ...]
    promise: Promise | None

    @property
    def is_own(self) -> bool:
        return COMPLAINANT in self.roles

    @property
    def href(self) -> str:
        is_draft = self.case.state == State.DRAFT
        return "/raise/" if is_draft else f"/cases/{self.case.reference}/"

    @property
    def state(self) -> str:
        return State(self.case.state).label if self.is_own else self.case.state_for_staff

    @property
    def role(self) -> str:
        return ", ".join(dict.fromkeys(NAMES[role] for role in self.roles))

    @property
    def next_words(self) -> str:
        """What comes next, in words."""
        if self.case.state == State.DRAFT:
            return "Continue or delete this draft"
        if self.promise is None:
            return "Nothing is waiting"
        if self.promise.is_mine:
            return self.promise.name
        name = self.promise.name
        return f"{self.promise.whose}: {name[0].lower()}{name[1:]}"


@dataclass(frozen=True)
class Listing:
    """A page of cases, counted from 1. Nothing is counted beyond the first row of the next page."""

    rows: list[Row]
    number: int
    has_more: bool

    @property
    def previous_href(self) -> str:
        return f"?page={self.number - 1}" if self.number > 1 else ""

    @property
    def next_href(self) -> str:
        return f"?page={self.number + 1}" if self.has_more else ""

    @property
    def own_only(self) -> bool:
        """Whether no case on the page is anybody else's concern."""
        return all(row.is_own for row in self.rows)


def list_cases(who: Who, today: date, number: int = 1) -> Listing:
    """The cases this person may read, what is due first at the top: overdue, then by date.

    One's own dates come before those that others answer for; closed cases come last.
    """
    start = (number - 1) * PAGE
    found = list(_in_order(who)[start : start + PAGE + 1])
    cases = found[:PAGE]
    roles = _roles_on(who, cases)
    promises = _next_promises(cases, roles, today)
    rows = [Row(case, roles.get(case.pk, ()), promises.get(case.pk)) for case in cases]
    return Listing(rows, number, len(found) > PAGE)


def _in_order(who: Who) -> QuerySet[Case]:
    waiting = Deadline.objects.filter(
        case=OuterRef("pk"),
        completed_on__isnull=True,
        paused_on__isnull=True,
        name__in=policy.SHOWN,
    )
    soonest = waiting.order_by("current_due").values("current_due")[:1]
    cases = access.cases_for(who, "read").exclude(state=State.ARCHIVED)
    cases = cases.annotate(own_due=Subquery(_own(waiting, who)), any_due=Subquery(soonest))
    return cases.order_by(
        F("own_due").asc(nulls_last=True), F("any_due").asc(nulls_last=True), "-pk"
    )


def _own(waiting: QuerySet[Deadline], who: Who) -> QuerySet[Deadline, Any]:
    """The earliest of the dates that this person answers for by their part in the case."""
    if not isinstance(who, User):
        return waiting.order_by("current_due").values("current_due")[:1]
    own = waiting.filter(_by_part(), case__grants__user=who)
    return own.order_by("current_due").values("current_due")[:1]


def _by_part() -> Q:
    """The clocks that a part in their case answers for."""
    part = "case__grants__permission__codename"
    mine = Q()
    for role in Role:
        clocks = [name for name, owners in ANSWERS_FOR.items() if role.value in owners]
        if clocks:
            mine |= Q(name__in=clocks, **{part: role.value})
    for role, asked in ASKED.items():
        mine |= Q(name="OFFER", detail=role.value, **{part: asked.value})
    return mine


def own_dates(who: Who) -> list[tuple[Deadline, bool]]:
    """The open dates that this person answers for, by date; whether each is of their own concern.

    A paused clock has no date to keep. What somebody is barred from is never among them.
    """
    waiting = Deadline.objects.filter(
        completed_on__isnull=True, paused_on__isnull=True, name__in=policy.SHOWN
    )
    cases = access.cases_for(who, "read").exclude(state=State.ARCHIVED)
    rows = waiting.filter(case__in=cases.values("pk")).select_related("case")
    handle = anonymous_handle(who.look_up) if not isinstance(who, User) else ""
    found: dict[int, tuple[Deadline, bool]] = {}
    if isinstance(who, User):
        handle = standing_handle(Standing.COMPLAINANT, who.pk)
        worked = rows.filter(_by_part(), case__grants__user=who)
        found = {row.pk: (row, False) for row in worked}
    clocks = [name for name, owners in ANSWERS_FOR.items() if COMPLAINANT in owners]
    party = {"case__parties__standing": Standing.COMPLAINANT, "case__parties__handle": handle}
    own = rows.filter(name__in=clocks, **party)
    found |= {row.pk: (row, True) for row in own}
    return sorted(found.values(), key=lambda each: (each[0].current_due, each[0].pk))


def _roles_on(who: Who, cases: list[Case]) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    handle = anonymous_handle(who.look_up) if not isinstance(who, User) else ""
    if isinstance(who, User):
        handle = standing_handle(Standing.COMPLAINANT, who.pk)
        grants = CaseUserObjectPermission.objects.filter(user=who, content_object__in=cases)
        for case_id, role in grants.values_list("content_object", "permission__codename"):
            found.setdefault(case_id, []).append(role)
    own = Party.objects.filter(standing=Standing.COMPLAINANT, handle=handle, case__in=cases)
    for case_id in own.values_list("case", flat=True):
        found[case_id] = [COMPLAINANT]
    return {case_id: tuple(roles) for case_id, roles in found.items()}


def _next_promises(
    cases: list[Case], roles: dict[int, tuple[str, ...]], today: date
) -> dict[int, Promise]:
    by_case = {case.pk: case for case in cases}
    days = {code: policy.calendar(code) for code in {case.division for case in cases}}
    rows = Deadline.objects.filter(case__in=cases, completed_on__isnull=True, name__in=policy.SHOWN)
    found: dict[int, list[Promise]] = {}
    for row in rows:
        calendar = days[by_case[row.case_id].division]
        promise = promise_of(row, roles.get(row.case_id, ()), today, calendar)
        found.setdefault(row.case_id, []).append(promise)
    chosen = {case_id: next_of(promises) for case_id, promises in found.items()}
    return {case_id: promise for case_id, promise in chosen.items() if promise is not None}
