"""The concerns that a person raised, as the list of cases shows them.

They are few, and are looked up for each page: no stored list leads from a person to a concern.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import FilteredRelation, Min, Q
from django.db.models.functions import Coalesce

from grievances.cases.access import rules
from grievances.cases.access.facts import Actor, Ties
from grievances.cases.access.listed_cases import NO_DATE, PLACES, STAGE_NUMBERS, Place
from grievances.cases.models.parties import Party
from grievances.policy import profiles
from grievances.policy.profiles import ANSWERS_FOR, COMPLAINANT
from grievances.vocabulary import Standing, State

ON_OWN_CONCERN = tuple(name for name, owners in ANSWERS_FOR.items() if COMPLAINANT in owners)
"""The clocks that the complainant must keep."""


@dataclass(frozen=True)
class OwnConcern:
    """One concern of the reader, with what the list sorts and filters by.

    `due` is the complainant's own next date, or else the worst open one of the case. Dates are
    `NO_DATE` when there is none.
    """

    case_id: int
    state: str
    region: str
    route: str
    received_on: date
    due: date
    own_due: date

    @property
    def place(self) -> Place:
        """The part of the list in which the concern is while it is not late."""
        return PLACES.get(self.state, Place.WORK)

    @property
    def stage(self) -> int:
        """The number of its state in the order by stage."""
        return STAGE_NUMBERS[self.state]


def own_concern_ids(who: Actor, ties: Ties | None = None) -> frozenset[int]:
    """Return the ids of the concerns that this person raised and is not excluded from."""
    handles = (ties or Ties(who)).handles(Standing.COMPLAINANT)
    if not handles:
        return frozenset()
    own = Party.objects.filter(standing=Standing.COMPLAINANT, handle__in=handles)
    return frozenset(own.values_list("case", flat=True))


def own_concerns(who: Actor) -> list[OwnConcern]:
    """Return the concerns of this person that are in the list."""
    ties = Ties(who)
    ids = own_concern_ids(who, ties)
    if not ids:
        return []
    is_open = Q(
        deadlines__completed_on__isnull=True,
        deadlines__paused_on__isnull=True,
        deadlines__name__in=profiles.SHOWN,
    )
    cases = (
        rules.case_by_case(who, "read", ties=ties).filter(pk__in=ids).exclude(state=State.ARCHIVED)
    )
    rows = cases.annotate(
        waiting=FilteredRelation("deadlines", condition=is_open),
        own=Min("waiting__current_due", filter=Q(waiting__name__in=ON_OWN_CONCERN)),
        due=Coalesce("own", Min("waiting__current_due")),
    )
    return [
        OwnConcern(pk, state, region, route, *(day or NO_DATE for day in days))
        for pk, state, region, route, *days in rows.values_list(
            "pk", "state", "region", "route", "received_on", "due", "own"
        )
    ]
