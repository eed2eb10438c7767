"""The list of cases: late first, each with its worst date and who must act."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import FilteredRelation, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from grievances.cases.access import rules
from grievances.cases.access.relations import Actor, own_pseudonyms
from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.cases.models.parties import Party
from grievances.people.models import User
from grievances.policy import profiles
from grievances.policy.profiles import COMPLAINANT
from grievances.vocabulary import ASKED, Standing, State
from grievances.web.cases.presenters.list_filters import (
    EVERYTHING,
    ON_OWN_CONCERN,
    OWNER_IN,
    Filters,
    kept_by_roles,
    owner_of,
)
from grievances.web.shared.deadlines import NAMES, Promise, next_of, promise_of, worst_of
from workflow.calendar import Calendar

PAGE = 25
"""Cases on one page."""


@dataclass(frozen=True)
class Row:
    """One case of a list.

    `promise` is the worst date of the case, the earliest open one. It is the same for every reader;
    only complainants find their own date first in their own concern. `yours` is the next date that
    the reader must keep, where it is another one. `owner` is the name of the person who moves the
    case on, and `age` the working days since it was received. Both are empty for the complainant
    and for a candidate, who has not accepted yet.
    """

    case: Case
    roles: tuple[str, ...]
    promise: Promise | None
    yours: Promise | None = None
    owner: str = ""
    age: int | None = None

    @property
    def is_own(self) -> bool:
        """Whether the reader raised this concern."""
        return COMPLAINANT in self.roles

    @property
    def is_late(self) -> bool:
        """Whether the date shown has passed."""
        return self.promise is not None and self.promise.late_by > 0

    @property
    def href(self) -> str:
        """The address of the case, or of its draft."""
        is_draft = self.case.state == State.DRAFT
        return "/raise/" if is_draft else f"/cases/{self.case.reference}/"

    @property
    def state(self) -> str:
        """The state, in the words for this reader."""
        return State(self.case.state).label if self.is_own else self.case.state_for_staff

    @property
    def role(self) -> str:
        """The reader's roles on the case, in words."""
        return ", ".join(dict.fromkeys(NAMES[role] for role in self.roles))

    @property
    def next_words(self) -> str:
        """What the date shown is about, and who must act."""
        if self.case.state == State.DRAFT:
            return "Continue or delete this draft"
        if self.promise is None:
            return "Nothing is waiting"
        if self.is_own and self.promise.is_mine:
            return self.promise.name
        return f"{self.promise.whose}: {_inside(self.promise.name)}"

    @property
    def yours_words(self) -> str:
        """The reader's own next task and its date.

        It is empty where the row already shows it.
        """
        if self.yours is None:
            return ""
        task = f"Yours: {_inside(self.yours.name)}"
        if self.yours.late_by:
            return f"{task}, {self.yours.words}"
        return f"{task} by {self.yours.due:%-d %B %Y}"


def _inside(name: str) -> str:
    """Return the name of a promise as it is written after a colon."""
    return f"{name[0].lower()}{name[1:]}"


@dataclass(frozen=True)
class Listing:
    """A page of cases, counted from 1.

    Nothing is counted beyond the first row of the next page.
    """

    rows: list[Row]
    number: int
    has_more: bool
    filters: Filters = EVERYTHING

    @property
    def previous_href(self) -> str:
        """The link to the page before, with the same filters, or empty."""
        return self._page(self.number - 1) if self.number > 1 else ""

    @property
    def next_href(self) -> str:
        """The link to the page after, with the same filters, or empty."""
        return self._page(self.number + 1) if self.has_more else ""

    def _page(self, number: int) -> str:
        kept = self.filters.query
        return f"?{kept}&page={number}" if kept else f"?page={number}"

    @property
    def own_only(self) -> bool:
        """Whether every case on the page is the reader's own concern."""
        return all(row.is_own for row in self.rows)


def list_cases(who: Actor, today: date, number: int = 1, filters: Filters = EVERYTHING) -> Listing:
    """Return a page of the cases this person may read, as `filters` say."""
    start = (number - 1) * PAGE
    concerns = _own_concerns(who)
    narrowed = filters.narrow(_dated(who, concerns), who, today, concerns)
    found = list(narrowed.order_by(*filters.order(today))[start : start + PAGE + 1])
    cases = found[:PAGE]
    roles, names = _people_on(who, cases, concerns)
    days = {code: profiles.calendar(code) for code in {case.division for case in cases}}
    promises = _open_promises(cases, roles, today, days)
    rows = []
    for case in cases:
        row = _row(case, roles.get(case.pk, ()), promises.get(case.pk, []))
        rows.append(_with_owner(row, names.get(case.pk, {}), today, days[case.division]))
    return Listing(rows, number, len(found) > PAGE, filters)


def stages_and_dates(who: Actor, today: date) -> list[tuple[str, str, date | None]]:
    """Return (state, division, worst open date) of every open case."""
    cases = _dated(who, frozenset()).exclude(state__in=[State.DRAFT, State.CLOSED])
    return list(cases.values_list("state", "division", "due"))


def count_late(who: Actor, today: date) -> int:
    """Return how many rows of the whole list are late."""
    return _dated(who, _own_concerns(who)).filter(due__lt=today).count()


def _row(case: Case, roles: tuple[str, ...], promises: list[Promise]) -> Row:
    if COMPLAINANT in roles:
        return Row(case, roles, next_of(promises))
    worst, yours = worst_of(promises), worst_of(p for p in promises if p.is_mine)
    return Row(case, roles, worst, yours if yours is not worst else None)


def _with_owner(row: Row, names: dict[str, str], today: date, days: Calendar) -> Row:
    """Return the row with owner and age, where the reader may know them."""
    case = row.case
    if all(role == COMPLAINANT or role in ASKED.values() for role in row.roles):
        return row
    age = days.between(case.received_on, today) if case.received_on is not None else None
    return replace(row, owner=owner_of(case, names), age=age)


def _dated(who: Actor, concerns: frozenset[int]) -> QuerySet[Any]:
    """Return the cases of the list, each with the date of its row as `due`."""
    is_open = Q(
        deadlines__completed_on__isnull=True,
        deadlines__paused_on__isnull=True,
        deadlines__name__in=profiles.SHOWN,
    )
    worst: Min | Coalesce = Min("waiting__current_due")
    if concerns:
        own = Q(pk__in=concerns, waiting__name__in=ON_OWN_CONCERN)
        worst = Coalesce(Min("waiting__current_due", filter=own), worst)
    cases = rules.cases_for(who, "read").exclude(state=State.ARCHIVED)
    cases = cases.annotate(waiting=FilteredRelation("deadlines", condition=is_open))
    return cases.annotate(due=worst)


def own_dates(who: Actor) -> list[tuple[Deadline, bool]]:
    """Return the open dates that this person must keep, by date.

    Each comes with whether it is of their own concern. A paused clock has no date to keep. A case
    from which the person is excluded is never among them.
    """
    waiting = Deadline.objects.filter(
        completed_on__isnull=True, paused_on__isnull=True, name__in=profiles.SHOWN
    )
    cases = rules.cases_for(who, "read").exclude(state=State.ARCHIVED)
    rows = waiting.filter(case__in=cases.values("pk")).select_related("case")
    found: dict[int, tuple[Deadline, bool]] = {}
    if isinstance(who, User):
        worked = rows.filter(kept_by_roles(), case__grants__user=who)
        found = {row.pk: (row, False) for row in worked}
    own = rows.filter(name__in=ON_OWN_CONCERN, case__in=_own_concerns(who))
    found |= {row.pk: (row, True) for row in own}
    return sorted(found.values(), key=lambda each: (each[0].current_due, each[0].pk))


def _own_concerns(who: Actor) -> frozenset[int]:
    """Return the ids of the concerns that this person raised."""
    handles = own_pseudonyms(who, Standing.COMPLAINANT)
    own = Party.objects.filter(standing=Standing.COMPLAINANT, handle__in=handles)
    return frozenset(own.values_list("case", flat=True))


def _people_on(
    who: Actor, cases: list[Case], concerns: frozenset[int]
) -> tuple[dict[int, tuple[str, ...]], dict[int, dict[str, str]]]:
    """Return the reader's roles on each case, and the name of each owner by role."""
    found: dict[int, list[str]] = {}
    names: dict[int, dict[str, str]] = {}
    if isinstance(who, User):
        owners = {role.value for role in OWNER_IN.values()}
        shown = Q(user=who) | Q(permission__codename__in=owners)
        grants = CaseUserObjectPermission.objects.filter(shown, content_object__in=cases)
        for case_id, role, person, name in grants.values_list(
            "content_object", "permission__codename", "user_id", "user__name"
        ):
            if person == who.pk:
                found.setdefault(case_id, []).append(role)
            if role in owners:
                names.setdefault(case_id, {})[role] = "You" if person == who.pk else name
    found |= {case.pk: [COMPLAINANT] for case in cases if case.pk in concerns}
    return {case_id: tuple(roles) for case_id, roles in found.items()}, names


def _open_promises(
    cases: list[Case],
    roles: dict[int, tuple[str, ...]],
    today: date,
    days: dict[str, Calendar],
) -> dict[int, list[Promise]]:
    by_case = {case.pk: case for case in cases}
    rows = Deadline.objects.filter(
        case__in=cases, completed_on__isnull=True, name__in=profiles.SHOWN
    )
    found: dict[int, list[Promise]] = {}
    for row in rows.order_by("pk"):
        calendar = days[by_case[row.case_id].division]
        promise = promise_of(row, roles.get(row.case_id, ()), today, calendar)
        found.setdefault(row.case_id, []).append(promise)
    return found
