"""Who a person can be to a case, as terms of a rule: `COMPLAINANT | TRIAGE & UNMEDIATED`.

A rule is data. It asks no database: `access.relations` turns it into a query, a test for one person
and a list of people, and a property test holds the three equal (architecture.md 3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from grievances.cases.guards.context import CaseShape
from grievances.vocabulary import Identity, Role, Standing, State


class Rule:
    """A yes-or-no question about a person and a case; `|` and `&` make one rule of several."""

    def __or__(self, other: Rule) -> Rule:
        return AnyOf(self, other)

    def __and__(self, other: Rule) -> Rule:
        return AllOf(self, other)

    def terms(self) -> Iterator[Term]:
        """Yield every term of the rule, from left to right."""
        raise NotImplementedError

    @property
    def work(self) -> frozenset[str | None]:
        """Return the working roles that the rule comes down to; None is in it where it is more."""
        return frozenset({None})


@dataclass(frozen=True)
class AnyOf(Rule):
    """One of two rules is met."""

    left: Rule
    right: Rule

    def terms(self) -> Iterator[Term]:
        yield from self.left.terms()
        yield from self.right.terms()

    @property
    def work(self) -> frozenset[str | None]:
        """Return the roles of both sides, so that one query names everyone who has one."""
        return self.left.work | self.right.work


@dataclass(frozen=True)
class AllOf(Rule):
    """Two rules are met at once."""

    left: Rule
    right: Rule

    def terms(self) -> Iterator[Term]:
        yield from self.left.terms()
        yield from self.right.terms()


class Term(Rule):
    """A rule that is not made of others. `role` is what the audit trail calls who meets it."""

    @property
    def role(self) -> str:
        return ""

    def terms(self) -> Iterator[Term]:
        yield self


@dataclass(frozen=True)
class IsParty(Term):
    """The person is a party of the case in this standing."""

    standing: Standing

    @property
    def role(self) -> str:
        return self.standing.value.lower()


@dataclass(frozen=True)
class WorksAs(Term):
    """The person holds this role on the case: a django-guardian row says so."""

    works: Role

    @property
    def role(self) -> str:
        return self.works.value

    @property
    def work(self) -> frozenset[str | None]:
        return frozenset({self.role})


@dataclass(frozen=True, eq=False)
class CaseIs(Term):
    """A condition on the case alone, as a query and as a test. Each one is equal to itself only."""

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
LEAD = WorksAs(Role.LEAD)
DPO = WorksAs(Role.DPO)
AUDITOR = WorksAs(Role.AUDITOR)
BREAK_GLASS = WorksAs(Role.BREAK_GLASS)
CANDIDATE = WorksAs(Role.ASKED_HANDLER) | WorksAs(Role.ASKED_DECIDER) | WorksAs(Role.ASKED_APPEAL)

IN_USE = CaseIs(~Q(state=State.ARCHIVED), lambda case: case.state != State.ARCHIVED)
SENT = CaseIs(~Q(state=State.DRAFT), lambda case: case.state != State.DRAFT)
DECIDED = CaseIs(Q(outcome_on__isnull=False), lambda case: case.outcome_on is not None)
SHARED = CaseIs(
    Q(identity=Identity.OPEN) | Q(name_shared=True),
    lambda case: case.identity == Identity.OPEN or bool(case.name_shared),
)
OPENLY = CaseIs(Q(identity=Identity.OPEN), lambda case: case.identity == Identity.OPEN)
UNMEDIATED = Vacant(Role.MEDIATOR)
NO_ONE = CaseIs(Q(pk__in=[]), lambda case: False)
"""The rule of what only the system does."""

ANY_TRIAGE = TRIAGE_POOL | TRIAGE
OFFICERS = ANY_TRIAGE | HANDLER | DECIDER | APPEAL
WORKERS = OFFICERS | MEDIATOR | LEAD
