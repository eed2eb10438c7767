"""Rules about a person and a case: `COMPLAINANT | TRIAGE & UNMEDIATED`.

A rule is data and does not query the database. `access.relations` turns it into a query, a test for
one person and a list of people. A property test checks that the three agree (architecture.md 3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from grievances.cases.guards.context import CaseShape
from grievances.vocabulary import ASKED, ASKED_TO_HELP, Identity, Role, Standing, State

ASKED_FOR = {**ASKED, **ASKED_TO_HELP}
"""Role -> the grant of a person who was asked to take it and has not answered."""


class Rule:
    """A yes-or-no question about a person and a case.

    `|` and `&` make one rule of several.
    """

    def __or__(self, other: Rule) -> Rule:
        return AnyOf(self, other)

    def __and__(self, other: Rule) -> Rule:
        return AllOf(self, other)

    def terms(self) -> Iterator[Term]:
        """Yield every term of the rule, from left to right."""
        raise NotImplementedError

    @property
    def work(self) -> frozenset[str | None]:
        """The working roles to which the rule is equivalent.

        Contains None where the rule also depends on something else.
        """
        return frozenset({None})


@dataclass(frozen=True)
class AnyOf(Rule):
    """A rule that holds where at least one of two rules holds."""

    left: Rule
    right: Rule

    def terms(self) -> Iterator[Term]:
        """Yield the terms of both sides, from left to right."""
        yield from self.left.terms()
        yield from self.right.terms()

    @property
    def work(self) -> frozenset[str | None]:
        """The roles of both sides, so that one query names all their holders."""
        return self.left.work | self.right.work


@dataclass(frozen=True)
class AllOf(Rule):
    """A rule that holds where both of two rules hold."""

    left: Rule
    right: Rule

    def terms(self) -> Iterator[Term]:
        """Yield the terms of both sides, from left to right."""
        yield from self.left.terms()
        yield from self.right.terms()


class Term(Rule):
    """A rule that is not made of other rules.

    `role` is the name that the audit trail gives to a person who meets it.
    """

    @property
    def role(self) -> str:
        """The name for the audit trail; empty for a condition on the case alone."""
        return ""

    def terms(self) -> Iterator[Term]:
        """Yield the term itself."""
        yield self


@dataclass(frozen=True)
class IsParty(Term):
    """The person is a party of the case in this standing."""

    standing: Standing

    @property
    def role(self) -> str:
        """The standing in lower case, as the audit trail names it."""
        return self.standing.value.lower()


@dataclass(frozen=True)
class WorksAs(Term):
    """The person holds this role on the case, by a django-guardian row."""

    works: Role

    @property
    def role(self) -> str:
        """The role as the audit trail names it."""
        return self.works.value

    @property
    def work(self) -> frozenset[str | None]:
        """This one role."""
        return frozenset({self.role})


@dataclass(frozen=True, eq=False)
class CaseIs(Term):
    """A condition on the case alone, as a query and as a test.

    A condition is equal only to itself.
    """

    condition: Q
    is_met: Callable[[CaseShape], bool]


@dataclass(frozen=True)
class Vacant(Term):
    """No one holds this role on the case."""

    works: Role


COMPLAINANT = IsParty(Standing.COMPLAINANT)
TRIAGE_POOL = WorksAs(Role.TRIAGE_POOL)
TRIAGE = WorksAs(Role.TRIAGE)
HANDLER = WorksAs(Role.HANDLER)
DECIDER = WorksAs(Role.DECIDER)
APPEAL = WorksAs(Role.APPEAL)
MEDIATOR = WorksAs(Role.MEDIATOR)
CO_HANDLER = WorksAs(Role.CO_HANDLER)
NOTE_TAKER = WorksAs(Role.NOTE_TAKER)
ADVISER = WorksAs(Role.ADVISER)
LEAD = WorksAs(Role.LEAD)
DPO = WorksAs(Role.DPO)
AUDITOR = WorksAs(Role.AUDITOR)
BREAK_GLASS = WorksAs(Role.BREAK_GLASS)
CANDIDATE = WorksAs(Role.ASKED_HANDLER) | WorksAs(Role.ASKED_DECIDER) | WorksAs(Role.ASKED_APPEAL)
ASKED_HELPER = (
    WorksAs(Role.ASKED_CO_HANDLER) | WorksAs(Role.ASKED_NOTE_TAKER) | WorksAs(Role.ASKED_ADVISER)
)

IN_USE = CaseIs(~Q(state=State.ARCHIVED), lambda case: case.state != State.ARCHIVED)
SENT = CaseIs(~Q(state=State.DRAFT), lambda case: case.state != State.DRAFT)
DECIDED = CaseIs(Q(outcome_on__isnull=False), lambda case: case.outcome_on is not None)
SHARED = CaseIs(
    Q(identity=Identity.OPEN) | Q(name_shared=True),
    lambda case: case.identity == Identity.OPEN or bool(case.name_shared),
)
REPORTED = CaseIs(Q(reported_on__isnull=False), lambda case: case.reported_on is not None)
WITH_A_NAME = CaseIs(
    ~Q(identity=Identity.ANONYMOUS), lambda case: case.identity != Identity.ANONYMOUS
)
OPENLY = CaseIs(Q(identity=Identity.OPEN), lambda case: case.identity == Identity.OPEN)
UNMEDIATED = Vacant(Role.MEDIATOR)
NO_ONE = CaseIs(Q(pk__in=[]), lambda case: False)
"""The rule of a step that only the system performs."""

ANY_TRIAGE = TRIAGE_POOL | TRIAGE
LIMITED = CO_HANDLER | NOTE_TAKER | ADVISER
OFFICERS = ANY_TRIAGE | HANDLER | DECIDER | APPEAL
WORKERS = OFFICERS | MEDIATOR | LEAD
