"""The cases in each staff member's list, stored in the order of the list.

A row is a copy of what grants, clocks and the case say; they stay the truth. Triggers of the
database (`list_triggers`) write it in the transaction of every change. A list reads a page of it by
index, however many cases the person may read.

The table tells a thief no more than the grants do: it has rows for roles on a case only, which the
grants hold too. Complainants, respondents, witnesses and companions find theirs as before
(`parties.PartyLookup`). People excluded from a case hold no role on it, so they have no row.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from grievances.cases.models.case import Case
from grievances.people.models import User
from grievances.people.regions import region_choices
from grievances.vocabulary import Route, State

NO_DATE = date(9999, 12, 31)
"""The stored date of a case on which nothing waits, after every other date."""

STAGE_NUMBERS: dict[str, int] = {state.value: number for number, state in enumerate(State)}
"""The number of each state in the order of the list by stage."""


class Place(models.IntegerChoices):
    """The part of the list in which a case is while it is not late."""

    WORK = 1, "Being worked on"
    PAUSED = 2, "Paused"
    CLOSED = 3, "Closed"


PLACES: dict[str, Place] = {State.ON_HOLD: Place.PAUSED, State.CLOSED: Place.CLOSED}
"""State -> its part of the list; every other state is `WORK`."""


class ListedCase(models.Model):
    """A case that a person may read by a role, with what the list sorts by.

    The list filters by the same columns. `due` is the earliest open date of the case, `own_due` the
    earliest that this person must keep; both are `NO_DATE` when there is none. `vacant` tells that
    a role is not held that the state of the case needs. Dates are local.
    """

    # The grant behind a row has both constraints, and a check of each row would only cost time.
    person = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    place = models.PositiveSmallIntegerField(choices=Place)
    stage = models.PositiveSmallIntegerField()
    due = models.DateField()
    own_due = models.DateField()
    received_on = models.DateField()
    region = models.CharField(max_length=20, choices=region_choices)
    route = models.CharField(max_length=10, choices=Route)
    vacant = models.BooleanField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "person"], name="listed_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person", "place", "due", "-case"], name="listed_by_place"),
            models.Index(fields=["person", "due", "-case"], name="listed_by_due"),
            models.Index(fields=["person", "stage", "due", "-case"], name="listed_by_stage"),
            models.Index(fields=["person", "received_on", "case"], name="listed_by_receipt"),
            models.Index(
                fields=["person", "region", "route", "stage", "due", "-case"],
                name="listed_by_filter",
            ),
            models.Index(
                fields=["person", "own_due"],
                condition=models.Q(own_due__lt=NO_DATE),
                name="listed_own_task",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} in a list"
