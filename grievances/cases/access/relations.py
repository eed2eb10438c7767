"""How a person can relate to a case: each relation in three forms, side by side.

`cases(who)` narrows a query, and `persons(case)` names the people. `is_so(facts)` answers for one
person and one case from facts fetched once. `access.rules` combines the relations into rules and
derives everything else. A property test checks that the three forms agree (architecture.md 4).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.db.models import Exists, OuterRef, Q

from grievances.cases import roles
from grievances.cases.access.facts import AccessFacts, Actor, Ties
from grievances.cases.models.assignments import CaseUserObjectPermission, holders
from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import excluded_from
from grievances.cases.models.parties import Party
from grievances.people.models import User
from grievances.vocabulary import Role, Standing


class CompiledRule:
    """A yes-or-no question about a person and a case.

    `|` and `&` make one rule of several.
    """

    def __or__(self, other: CompiledRule) -> CompiledRule:
        return Or(self, other)

    def __and__(self, other: CompiledRule) -> CompiledRule:
        return And(self, other)

    def q(self, ties: Ties) -> Q:
        """Return the condition on cases for this person."""
        raise NotImplementedError

    def holds(self, facts: AccessFacts) -> bool:
        """Return whether the rule holds for one person on one case."""
        raise NotImplementedError

    def people(self, case: Case) -> set[User]:
        """Return the accounts for which the rule holds on this case."""
        raise NotImplementedError

    def predicates(self) -> list[Predicate]:
        """Return every predicate of the rule, from left to right."""
        raise NotImplementedError

    @property
    def work(self) -> frozenset[str | None]:
        """The working roles to which this rule is equivalent.

        Contains None where the rule also depends on something else.
        """
        return frozenset({None})


@dataclass(frozen=True)
class Or(CompiledRule):
    """A rule that holds where at least one of two rules holds."""

    left: CompiledRule
    right: CompiledRule

    def q(self, ties: Ties) -> Q:
        """Return the condition of either side."""
        if self.work and None not in self.work:
            return _holds_one_of(ties.who, *sorted(filter(None, self.work)))
        return self.left.q(ties) | self.right.q(ties)

    def holds(self, facts: AccessFacts) -> bool:
        """Return whether at least one side holds."""
        return self.left.holds(facts) or self.right.holds(facts)

    def people(self, case: Case) -> set[User]:
        """Return the accounts of both sides together.

        A rule of working roles alone takes one query.
        """
        if self.work and None not in self.work:
            return set(holders(case, *filter(None, self.work)).filter(is_active=True))
        return self.left.people(case) | self.right.people(case)

    @property
    def work(self) -> frozenset[str | None]:
        """The roles of both sides, so that one query names all their holders."""
        return self.left.work | self.right.work

    def predicates(self) -> list[Predicate]:
        """Return the predicates of both sides, from left to right."""
        return self.left.predicates() + self.right.predicates()


@dataclass(frozen=True)
class And(CompiledRule):
    """A rule that holds where both of two rules hold."""

    left: CompiledRule
    right: CompiledRule

    def q(self, ties: Ties) -> Q:
        """Return the condition of both sides."""
        return self.left.q(ties) & self.right.q(ties)

    def holds(self, facts: AccessFacts) -> bool:
        """Return whether both sides hold."""
        return self.left.holds(facts) and self.right.holds(facts)

    def people(self, case: Case) -> set[User]:
        """Return the accounts that are on both sides."""
        return self.left.people(case) & self.right.people(case)

    def predicates(self) -> list[Predicate]:
        """Return the predicates of both sides, from left to right."""
        return self.left.predicates() + self.right.predicates()


@dataclass(frozen=True)
class Predicate(CompiledRule):
    """One relation in its three forms: query, people and test.

    `role` is the name that the trail gives to a person who has it. `is_work` tells that it is a
    role held on the case. `standing` is the standing as a party, or None.
    """

    role: str
    cases: Callable[[Ties], Q]
    persons: Callable[[Case], set[User]]
    is_so: Callable[[AccessFacts], bool]
    is_work: bool = False
    standing: Standing | None = None

    @property
    def work(self) -> frozenset[str | None]:
        """This role; None where it is not a role on the case."""
        return frozenset({self.role if self.is_work else None})

    def q(self, ties: Ties) -> Q:
        """Return the condition on cases for this person."""
        return self.cases(ties)

    def holds(self, facts: AccessFacts) -> bool:
        """Return whether the relation holds for one person on one case."""
        return self.is_so(facts)

    def people(self, case: Case) -> set[User]:
        """Return the accounts that have the relation to this case."""
        return self.persons(case)

    def predicates(self) -> list[Predicate]:
        """Return this one predicate in a list."""
        return [self]


NO_CASE = Q(pk__in=[])


def is_party(standing: Standing) -> Predicate:
    """Return a predicate: the person is a party of the case in this standing.

    The case stores only the party's pseudonym.
    """

    def cases(ties: Ties) -> Q:
        handles = ties.handles(standing)
        if not handles:
            return NO_CASE
        rows = Party.objects.filter(case=OuterRef("pk"), standing=standing, handle__in=handles)
        return Q(Exists(rows))

    def persons(case: Case) -> set[User]:
        ids = [p.person_id for p in case.parties.filter(standing=standing)]
        return set(User.objects.filter(pk__in=[i for i in ids if i is not None], is_active=True))

    def is_so(facts: AccessFacts) -> bool:
        return standing in facts.standings

    return Predicate(standing.value.lower(), cases, persons, is_so, standing=standing)


def holds_role(role: Role) -> Predicate:
    """Return a predicate: the person holds the role on the case.

    A django-guardian row says so.
    """

    def cases(ties: Ties) -> Q:
        return _holds_one_of(ties.who, role.value)

    def persons(case: Case) -> set[User]:
        return set(holders(case, role).filter(is_active=True))

    return Predicate(
        role.value, cases, persons, lambda facts: role.value in facts.roles, is_work=True
    )


def _holds_one_of(who: Actor, *roles: str) -> Q:
    if not isinstance(who, User):
        return NO_CASE
    rows = CaseUserObjectPermission.objects.filter(
        content_object=OuterRef("pk"), user=who, permission__codename__in=roles
    )
    return Q(Exists(rows))


def case_condition(condition: Q, is_so: Callable[[Case], bool]) -> Predicate:
    """Return a predicate on the case alone, as a query and as a test.

    It holds for everyone or for no one.
    """

    def persons(case: Case) -> set[User]:
        found = Case.unguarded.filter(condition, pk=case.pk).exists()
        return set(User.objects.filter(is_active=True)) if found else set()

    return Predicate("", lambda ties: condition, persons, lambda facts: is_so(facts.case))


def role_is_vacant(role: Role) -> Predicate:
    """Return a predicate on the case: no one holds this role."""
    grants = CaseUserObjectPermission.objects.filter(
        content_object=OuterRef("pk"), permission__codename=role.value
    )

    def persons(case: Case) -> set[User]:
        return set() if holders(case, role).exists() else set(User.objects.filter(is_active=True))

    def is_so(facts: AccessFacts) -> bool:
        return all(held != role.value for held, _, _ in facts.workers)

    return Predicate("", lambda ties: ~Q(Exists(grants)), persons, is_so)


def barred_people(case: Case) -> set[User]:
    """Return the accounts that are excluded from a case.

    Nothing overrides it, no office and no superuser.
    """
    return set(User.objects.filter(pk__in=list(excluded_from(case))))


@cache
def compile_rule(rule: roles.Rule) -> CompiledRule:
    """Return the query, the test and the list of people of a rule, compiled once.

    Raises:
        TypeError: a term has no meaning here.
    """
    if isinstance(rule, roles.AnyOf):
        return compile_rule(rule.left) | compile_rule(rule.right)
    if isinstance(rule, roles.AllOf):
        return compile_rule(rule.left) & compile_rule(rule.right)
    if isinstance(rule, roles.IsParty):
        return is_party(rule.standing)
    if isinstance(rule, roles.WorksAs):
        return holds_role(rule.works)
    if isinstance(rule, roles.Vacant):
        return role_is_vacant(rule.works)
    if isinstance(rule, roles.CaseIs):
        return case_condition(rule.condition, rule.is_met)
    raise TypeError(f"{rule!r} is no rule that access can compile.")
