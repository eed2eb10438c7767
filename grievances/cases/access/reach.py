"""The cases on which a rule can hold at all, found by index from a person's ties.

Nearly every rule holds only for a person with one of its ties. So the database starts from the ties
of that person, and evaluates the rest of the rule on these cases alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from django.db.models import Model, QuerySet

from grievances.cases.access.facts import Ties
from grievances.cases.access.relations import And, CompiledRule, Or, Predicate
from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.parties import Party
from grievances.people.models import User
from grievances.vocabulary import Standing


@dataclass(frozen=True)
class Reach:
    """The cases on which a person has one of these ties.

    `rest` is what a rule requires of these cases beside the tie; None when the tie is enough.
    """

    roles: frozenset[str] = frozenset()
    standings: frozenset[Standing] = frozenset()
    rest: CompiledRule | None = None

    def ids(self, ties: Ties) -> QuerySet[Model, object]:
        """Return the ids of the cases as a sub-query.

        A case with two ties may be in it twice.
        """
        who = ties.who
        handles = [handle for standing in self.standings for handle in ties.handles(standing)]
        parties = Party.objects.filter(handle__in=handles).values("case_id")
        if not isinstance(who, User) or not self.roles:
            return parties
        grants = CaseUserObjectPermission.objects.filter(
            user=who, permission__codename__in=sorted(self.roles)
        ).values("content_object_id")
        return grants.union(parties, all=True) if handles else grants


@cache
def reach_of(rule: CompiledRule) -> Reach | None:
    """Return the reach of a rule; None where the rule requires no tie."""
    if isinstance(rule, Or):
        return _either(rule)
    if isinstance(rule, And):
        return _both(rule)
    if isinstance(rule, Predicate) and rule.is_work:
        return Reach(roles=frozenset({rule.role}))
    if isinstance(rule, Predicate) and rule.standing is not None:
        return Reach(standings=frozenset({rule.standing}))
    return None


def _either(rule: Or) -> Reach | None:
    """Return the union of both reaches, or None where one side has none.

    Where the tie of one side is enough, only the other side has a rest.
    """
    left, right = reach_of(rule.left), reach_of(rule.right)
    if left is None or right is None:
        return None
    both = Reach(left.roles | right.roles, left.standings | right.standings)
    if left.rest is None:
        return replace(both, rest=right.rest and right.rest | rule.left)
    return replace(both, rest=rule if right.rest is not None else left.rest | rule.right)


def _both(rule: And) -> Reach | None:
    """Return the reach of one side; the other side becomes part of its rest.

    None where neither side has a reach.
    """
    for side, other in ((rule.left, rule.right), (rule.right, rule.left)):
        found = reach_of(side)
        if found is not None:
            return replace(found, rest=other if found.rest is None else found.rest & other)
    return None
