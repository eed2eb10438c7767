"""The filters and the order of a list of cases, as codes of an address.

Every filter of the list is here, and nowhere else: once for the stored list of a person, and once
for the few concerns of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from urllib.parse import urlencode

from django.db.models import Q, TextChoices

from grievances.cases.access.list_paging import Column, Condition, Key, Part, StoredList
from grievances.cases.access.listed_cases import NO_DATE, STAGE_NUMBERS, Place
from grievances.cases.models.case import Case
from grievances.cases.roles import ASKED_FOR
from grievances.people.regions import REGION_NOT_SAID, REGIONS
from grievances.policy.clock_names import ClockName
from grievances.policy.profiles import ANSWERS_FOR
from grievances.vocabulary import STATE_FOR_STAFF, Role, Route, State
from grievances.web.cases.presenters.own_concerns import OwnConcern

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


UNSAID = "NOT_SAID"
"""The region, in an address, of concerns whose complainant did not say one."""


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

    def stored(self, person_id: int, today: date, besides: frozenset[int]) -> StoredList:
        """Return the stored list of a person as these filters say, without some cases."""
        exact = {"stage": self._stage_number, "region": self.region, "route": self.way}
        filters = [
            Condition(f"{name} = %s", ("" if value == UNSAID else value,))
            for name, value in exact.items()
            if value != ""
        ]
        if self.way and not self.region:
            filters.append(EVERY_REGION)
        view = {
            View.OPEN: Condition("place = %s OR due < %s", (Place.WORK.value, today.isoformat())),
            View.LATE: Condition("due < %s", (today.isoformat(),)),
            View.MINE: Condition("own_due < %s", (NO_DATE.isoformat(),)),
            View.UNASSIGNED: Condition("vacant"),
            View.PAUSED: Condition("place = %s", (Place.PAUSED.value,)),
            View.CLOSED: Condition("place = %s", (Place.CLOSED.value,)),
        }.get(View(self.view))
        if view is not None and not (self.view == View.OPEN and self._is_in_parts):
            filters.append(view)
        return StoredList(person_id, self._parts(today), self._order, tuple(filters), besides)

    def key(self, stored: StoredList, own: OwnConcern, today: date) -> Key:
        """Return the place of a concern of one's own in this list."""
        values: dict[str, int | date] = {
            "stage": own.stage,
            "due": own.due,
            "received_on": own.received_on,
            "case_id": own.case_id,
        }
        part = own.place.value if self._is_in_parts and own.due >= today else 0
        return stored.key(part, (values[column.name] for column in self._order))

    def lets_through(self, own: OwnConcern, today: date) -> bool:
        """Return whether a concern of one's own is in this list.

        It stays in the open part when it is closed. Who is missing on it is not for its complainant
        to find.
        """
        in_view = {
            View.LATE: own.due < today,
            View.MINE: own.own_due < NO_DATE,
            View.UNASSIGNED: False,
            View.PAUSED: own.place is Place.PAUSED,
            View.CLOSED: own.place is Place.CLOSED,
        }.get(View(self.view), True)
        region = own.region or UNSAID
        exact = ((self.stage, own.state), (self.region, region), (self.way, own.route))
        return in_view and all(wanted in ("", value) for wanted, value in exact)

    @property
    def _stage_number(self) -> int | str:
        return STAGE_NUMBERS[self.stage] if self.stage else ""

    @property
    def _is_in_parts(self) -> bool:
        """Whether the list has parts: late, then the work, then paused, then closed.

        Elsewhere the order of the dates alone has the same effect.
        """
        whole = {View.LATE, View.PAUSED, View.CLOSED}
        return self.sort == Sort.DUE and not self.stage and self.view not in whole

    @property
    def _order(self) -> tuple[Column, ...]:
        due = Column("due", is_date=True)
        received = Column("received_on", is_date=True)
        newest = Column("case_id", descends=True)
        orders = {
            Sort.OLDEST: (received, Column("case_id")),
            Sort.NEWEST: (received._replace(descends=True), newest),
            Sort.STAGE: (Column("stage"), due, newest),
        }
        return orders.get(Sort(self.sort), (due, newest))

    def _parts(self, today: date) -> tuple[Part, ...]:
        if not self._is_in_parts:
            return (Part(0, Condition("person_id > 0")),)
        day = today.isoformat()
        only_work = self.view in {View.OPEN, View.UNASSIGNED}
        places = [Place.WORK] if only_work else list(Place)
        rest = (
            Part(place.value, Condition("place = %s AND due >= %s", (place.value, day)))
            for place in places
        )
        return (Part(0, Condition("due < %s", (day,))), *rest)


EVERYTHING = Filters()
"""No filter at all."""

BEGIN = {"view": View.OPEN.value, "sort": Sort.DUE.value}
"""The list as it opens."""

EVERY_REGION = Condition(f"region IN ({', '.join(['%s'] * (len(REGIONS) + 1))})", ("", *REGIONS))
"""A condition that holds for every row.

With it a way forward is found by the index that begins with regions.
"""

CHOICES: dict[str, list[tuple[str, str]]] = {
    "view": [(view.value, view.label) for view in View],
    "stage": STAGES,
    "region": [*REGIONS.items(), (UNSAID, REGION_NOT_SAID)],
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
    for role, asked in ASKED_FOR.items():
        mine |= Q(name=ClockName.OFFER, detail=role.value, **{part: asked.value})
    return mine


def owner_of(case: Case, holders: Mapping[str, str]) -> str:
    """Return who moves the case on, from the names by role; empty for a closed case."""
    role = OWNER_IN.get(case.working_state)
    return "" if role is None else holders.get(role.value, "No one yet")
