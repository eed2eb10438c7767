"""Concerns of the last twelve months that name the same person or unit.

A person is found by their place in the staff directory, never by a typed name. The complainant is
never looked up: an anonymous concern counts, and no one is guessed from it. It is worked out when
it is asked for, and nothing of it is stored: in a copy of the database a notice or an event would
tell that two concerns are about one person, and it would tell a lead of one kept from them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from grievances.cases.access import rules
from grievances.cases.access.facts import Actor
from grievances.cases.models.case import Case
from grievances.cases.models.parties import entries_of_all
from grievances.participants.redaction import respondent_ids
from grievances.people.models import in_units_of, with_linked_accounts
from grievances.vocabulary import Standing, State

LOOK_BACK = relativedelta(months=12)
"""How far back an earlier concern counts."""

PROMPT_FOR = 200
"""The largest unit that the page of a case looks through."""

REVIEW_FROM = 3
"""How many concerns make the lead consider a review.

This one is among them.
"""


@dataclass(frozen=True)
class Pattern:
    """The earlier concerns that name the same people, and the same unit, as case ids."""

    same_person: frozenset[int]
    same_unit: frozenset[int]

    @property
    def asks_for_review(self) -> bool:
        """Whether there are so many that a review is considered."""
        return max(len(self.same_person), len(self.same_unit)) + 1 >= REVIEW_FROM


def pattern_of(case: Case, today: date, who: Actor, *, largest_unit: int | None = None) -> Pattern:
    """Return the earlier concerns like this one that `who` may read.

    Others do not count: a number must not tell of a case that is kept from a person. A unit of more
    people than `largest_unit` is not looked through.
    """
    people = respondent_ids(case)
    if not people:
        return Pattern(frozenset(), frozenset())
    accounts = with_linked_accounts(people)
    unit = in_units_of(people, 0 if largest_unit is None else largest_unit + 1)
    if largest_unit is not None and len(unit) > largest_unit:
        unit = set()
    named = _named(accounts | unit)
    same = {pk for account in accounts for pk in named[account]}
    near = {pk for account in (accounts | unit if unit else ()) for pk in named[account]}
    recent = _recent(case, same | near, today, who)
    return Pattern(frozenset(same & recent), frozenset(near & recent))


def _recent(case: Case, ids: Collection[int], today: date, who: Actor) -> set[int]:
    """Return those of these cases that are recent and that `who` may read."""
    if not set(ids) - {case.pk}:
        return set()
    rows = rules.cases_for(who, "read_pattern").filter(pk__in=ids)
    rows = rows.exclude(pk=case.pk).exclude(state=State.DRAFT)
    return set(rows.filter(received_on__gte=today - LOOK_BACK).values_list("pk", flat=True))


def _named(accounts: Iterable[int]) -> dict[int, set[int]]:
    """Return the cases that are about each of these accounts, in one query."""
    return {
        account: {
            entry.case_id
            for entry in entries
            if entry.case_id and entry.standing == Standing.RESPONDENT
        }
        for account, entries in entries_of_all(accounts).items()
    }
