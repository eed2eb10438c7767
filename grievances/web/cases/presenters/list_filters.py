"""The filters and the order of a list of cases, as codes of an address.

Every filter of the list is here, and nowhere else: `Filters.narrow` and `Filters.order` take the
cases of `case_list`, which have the worst date of each case as `due`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextChoices, When
from django.db.models.expressions import Combinable, OrderBy

from grievances.cases.access.relations import Actor
from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.people.models import User
from grievances.policy import profiles
from grievances.policy.clock_names import ClockName
from grievances.policy.profiles import ANSWERS_FOR, COMPLAINANT
from grievances.vocabulary import ASKED, STATE_FOR_STAFF, Region, Role, Route, State

ON_OWN_CONCERN = tuple(name for name, owners in ANSWERS_FOR.items() if COMPLAINANT in owners)
"""The clocks that the complainant must keep."""

OWNER_IN: dict[str, Role] = {
    State.SUBMITTED: Role.TRIAGE,
    State.TRIAGE: Role.TRIAGE,
    State.INFORMAL: Role.TRIAGE,
    State.MEDIATION: Role.MEDIATOR,
    State.ALLOCATION: Role.TRIAGE,
    State.INVESTIGATION: Role.HANDLER,
    State.DECISION: Role.DECIDER,
    State.OUTCOME: Role.DECIDER,
    State.APPEAL_ALLOCATION: Role.TRIAGE,
    State.APPEAL: Role.APPEAL,
}
"""The role that moves a case on in each state."""

NEEDED_IN: dict[Role, tuple[State, ...]] = {
    Role.TRIAGE: (State.SUBMITTED, State.TRIAGE, State.INFORMAL, State.ALLOCATION),
    Role.HANDLER: (State.ALLOCATION, State.INVESTIGATION),
    Role.DECIDER: (State.ALLOCATION, State.INVESTIGATION, State.DECISION),
    Role.MEDIATOR: (State.MEDIATION,),
    Role.APPEAL: (State.APPEAL_ALLOCATION, State.APPEAL),
}
"""The states in which a role must be filled."""

STAGES = [
    (state.value, STATE_FOR_STAFF.get(state, state.label))
    for state in State
    if state not in {State.DRAFT, State.ARCHIVED, State.CLOSED, State.ON_HOLD}
]


class View(TextChoices):
    """A part of the list. What is late is in the first one, whatever its state."""

    OPEN = "open", "Open"
    MINE = "mine", "Your tasks"
    LATE = "late", "Late"
    UNASSIGNED = "unassigned", "Unassigned"
    PAUSED = "paused", "Paused"
    CLOSED = "closed", "Closed"
    ALL = "all", "All"


class Sort(TextChoices):
    """The order of the list.

    Every order ends with the key of the case, so it is total.
    """

    DUE = "due", "Late and due first"
    OLDEST = "oldest", "Oldest first"
    NEWEST = "newest", "Newest first"
    STAGE = "stage", "By stage"


@dataclass(frozen=True)
class Filters:
    """The filters and the order of one list."""

    view: str = View.ALL.value
    stage: str = ""
    region: str = ""
    way: str = ""
    sort: str = Sort.DUE.value

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Filters:
        """Return the filters of an address; a value that is not known counts as not given."""
        wanted = {**BEGIN, **{name: asked.get(name, "") for name in CHOICES if asked.get(name)}}
        known = {n: v if v in dict(CHOICES[n]) else BEGIN.get(n, "") for n, v in wanted.items()}
        return cls(**known)

    @property
    def query(self) -> str:
        """The filters as the query of an address; empty for the list as it opens."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        return urlencode({n: v for n, v in given.items() if v and v != BEGIN.get(n, "")})

    @property
    def words(self) -> str:
        """The filters in words, as the name of a saved view."""
        named = [
            dict(CHOICES[each.name])[value]
            for each in fields(self)
            if (value := getattr(self, each.name)) and value != BEGIN.get(each.name)
        ]
        return ", ".join(named) or View.OPEN.label

    def showing(self, view: str) -> Filters:
        """Return the same filters on another part of the list."""
        return replace(self, view=view)

    def narrow(
        self, cases: QuerySet[Any], who: Actor, today: date, concerns: frozenset[int]
    ) -> QuerySet[Any]:
        """Return those of the cases that the filters let through.

        A person's own concerns stay in the open part when they are closed.
        """
        apart = [State.ON_HOLD, State.CLOSED]
        views = {
            View.OPEN: ~Q(state__in=apart) | Q(due__lt=today) | Q(pk__in=concerns),
            View.LATE: Q(due__lt=today),
            View.MINE: _waiting_for(who, concerns),
            View.UNASSIGNED: _unassigned(),
            View.PAUSED: Q(state=State.ON_HOLD),
            View.CLOSED: Q(state=State.CLOSED),
        }
        found = cases.filter(views[View(self.view)]) if self.view != View.ALL else cases
        exact = {"state": self.stage, "region": self.region, "route": self.way}
        return found.filter(**{name: value for name, value in exact.items() if value})

    def order(self, today: date) -> list[str | OrderBy | Combinable]:
        """Return the order: late ones, then by date, then paused, then closed ones.

        A chosen order comes before that.
        """
        place = models.Case(
            When(due__lt=today, then=0),
            When(state=State.ON_HOLD, then=2),
            When(state=State.CLOSED, then=3),
            default=1,
        )
        due: list[str | OrderBy | Combinable] = [place, F("due").asc(nulls_last=True), "-pk"]
        stages = [When(state=state, then=number) for number, state in enumerate(State)]
        chosen: dict[str, list[str | OrderBy | Combinable]] = {
            Sort.OLDEST: [F("received_on").asc(nulls_last=True), "pk"],
            Sort.NEWEST: [F("received_on").desc(nulls_last=True), "-pk"],
            Sort.STAGE: [models.Case(*stages, default=len(stages)), *due],
        }
        return chosen.get(self.sort, due)


EVERYTHING = Filters()
"""No filter at all."""

BEGIN = {"view": View.OPEN.value, "sort": Sort.DUE.value}
"""The list as it opens."""

CHOICES: dict[str, list[tuple[str, str]]] = {
    "view": [(view.value, view.label) for view in View],
    "stage": STAGES,
    "region": [(region.value, region.label) for region in Region],
    "way": [(route.value, route.label) for route in Route],
    "sort": [(sort.value, sort.label) for sort in Sort],
}
"""The values that an address may have, with their words."""


def kept_by_roles() -> Q:
    """Return the condition for deadlines that a role on the case must keep."""
    part = "case__grants__permission__codename"
    mine = Q()
    for role in Role:
        clocks = [name for name, owners in ANSWERS_FOR.items() if role.value in owners]
        if clocks:
            mine |= Q(name__in=clocks, **{part: role.value})
    for role, asked in ASKED.items():
        mine |= Q(name=ClockName.OFFER, detail=role.value, **{part: asked.value})
    return mine


def _waiting_for(who: Actor, concerns: frozenset[int]) -> Q:
    """Return the condition for cases with an open date that this person must keep."""
    rows = Deadline.objects.filter(
        completed_on__isnull=True, paused_on__isnull=True, name__in=profiles.SHOWN
    )
    own = rows.filter(name__in=ON_OWN_CONCERN, case__in=concerns)
    found = Q(pk__in=own.values("case"))
    if isinstance(who, User):
        found |= Q(pk__in=rows.filter(kept_by_roles(), case__grants__user=who).values("case"))
    return found


def _unassigned() -> Q:
    """Return the condition for cases in which someone is missing who must be there."""
    found = Q()
    for role, states in NEEDED_IN.items():
        held = CaseUserObjectPermission.objects.filter(
            content_object=OuterRef("pk"), permission__codename=role.value
        )
        found |= Q(~Exists(held), state__in=states)
    return found


def owner_of(case: Case, holders: Mapping[str, str]) -> str:
    """Return who moves the case on, from the names by role; empty for a closed case."""
    role = OWNER_IN.get(case.working_state)
    return "" if role is None else holders.get(role.value, "No one yet")
