"""How a person can relate to a case: each relation in three forms, side by side.

`cases(who)` narrows a query, and `persons(case)` names the people. `is_so(facts)` answers for one
person and one case from facts fetched once. `access.rules` combines the relations into rules and
derives everything else. A property test checks that the three forms agree (architecture.md 4).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from django.db.models import (
    BigIntegerField,
    BinaryField,
    CharField,
    Exists,
    Model,
    OuterRef,
    Q,
    Value,
)
from django.db.models.functions import Cast

from grievances.cases import roles
from grievances.cases.models.assignments import CaseUserObjectPermission, holders
from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import (
    barred_from,
    excluded_from,
    exclusions_of,
    opened,
    sealed_lists,
)
from grievances.cases.models.parties import (
    Party,
    anonymous_pseudonym,
    party_pseudonym,
    standings_of,
)
from grievances.people.models import User
from grievances.vocabulary import Role, Standing


@dataclass(frozen=True)
class AnonymousReporter:
    """The holder of an anonymous case key, known only by its look-up hash."""

    look_up: str


Actor = User | AnonymousReporter


@dataclass(frozen=True)
class AccessFacts:
    """What ties one person to one case: roles held, standings, exclusion.

    `barred` tells whether the person is excluded. `workers` are (role, person id, name) of everyone
    who works on the case. `excluded` is everyone excluded, with the reasons, where it was read.
    """

    case: Case
    roles: frozenset[str]
    standings: frozenset[str]
    barred: bool
    workers: tuple[tuple[str, int, str], ...] = ()
    excluded: Mapping[int, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Ties:
    """A person, and the cases of which they are a party.

    They are looked up once for all the terms of a rule.
    """

    who: Actor
    _handles: dict[Standing, list[str]] = field(default_factory=dict)

    @cached_property
    def standings(self) -> list[tuple[int, Standing]]:
        """Every (case id, standing) of an account; none for the holder of a case key."""
        return list(standings_of(self.who.pk)) if isinstance(self.who, User) else []

    def handles(self, standing: Standing) -> Sequence[str]:
        """Return the pseudonyms in one standing, on cases that do not exclude them.

        For a person without this standing it asks the database nothing: a respondent must not see
        from the time that there is a case.
        """
        if isinstance(self.who, AnonymousReporter):
            own = anonymous_pseudonym(self.who.look_up)
            return [own] if standing == Standing.COMPLAINANT else []
        pk = self.who.pk
        if standing not in self._handles:
            cases = [case_id for case_id, found in self.standings if found == standing]
            barred = exclusions_of(cases) if cases else {}
            free = [case_id for case_id in cases if pk not in barred.get(case_id, {})]
            self._handles[standing] = [party_pseudonym(each, standing, pk) for each in free]
        return self._handles[standing]


def access_facts_of(who: Actor, case: Case) -> AccessFacts:
    """Return what ties a person to a case.

    It is one small query, whatever is asked afterwards. Raises DecryptionFailed for a list of
    excluded people that was tampered with.
    """
    own = person_id(who)
    parties, grants = _ties(Party, "standing"), _ties(CaseUserObjectPermission, *GRANT)
    rows = parties.filter(case=case, handle__in=pseudonyms_on(case.pk, who)).union(
        grants.filter(content_object=case), sealed_lists(EXCLUDED).filter(case=case), all=True
    )
    standings: set[str] = set()
    workers: list[tuple[str, int, str]] = []
    excluded: dict[int, frozenset[str]] = {}
    for sort, tie, person, name, sealed in rows:
        if sort == "standing":
            standings.add(tie)
        elif sort == EXCLUDED:
            excluded = opened(case.pk, bytes(sealed))
        else:
            workers.append((tie, person, name))
    roles = frozenset(role for role, person, _ in workers if person == own)
    found = (frozenset(standings), own in excluded, tuple(workers), excluded)
    return AccessFacts(case, roles, *found)


def facts_of_page(
    who: Actor, cases: Sequence[Case], own: Collection[int], others: Iterable[str]
) -> list[AccessFacts]:
    """Return what ties a person to each case of a page, by two queries for all.

    `own` are the ids of the cases of which the person is the complainant. Of the workers there are
    only the person and the holders of the roles `others`.
    """
    me, ids = person_id(who), [case.pk for case in cases]
    workers: dict[int, list[tuple[str, int, str]]] = {pk: [] for pk in ids}
    if isinstance(who, User):
        shown = Q(user=who) | Q(permission__codename__in=sorted(others))
        grants = CaseUserObjectPermission.objects.filter(shown, content_object__in=ids)
        for case_id, *worker in grants.values_list("content_object", *GRANT):
            workers[case_id].append((worker[0], worker[1], worker[2]))
    barred = barred_from(ids, me)
    return [
        AccessFacts(
            case,
            frozenset(role for role, person, _ in workers[case.pk] if person == me),
            frozenset({Standing.COMPLAINANT} if case.pk in own else ()),
            case.pk in barred,
            tuple(workers[case.pk]),
        )
        for case in cases
    ]


def person_id(who: Actor) -> int:
    """Return the id of an account.

    For the holder of a case key it is 0, which no account has.
    """
    return who.pk if isinstance(who, User) else 0


GRANT = ("permission__codename", "user_id", "user__name")
COLUMNS = ("sort", "tie", "person", "called", "list")
EXCLUDED = "excluded"


@cache
def _ties(model: type[Model], field: str, person: str = "", name: str = "") -> Any:
    """Return a query of (field name, value, person id, person name) for each row.

    The columns are the same for every table, so that the queries can be combined in one UNION. Each
    query is built once for each table: it runs before every step, and building it costs more than
    running it.
    """
    text, number = CharField(), BigIntegerField()
    return model._default_manager.annotate(
        sort=Value(field, output_field=text),
        tie=Cast(field, text),
        person=Cast(person, number) if person else Value(0, output_field=number),
        called=Cast(name, text) if name else Value("", output_field=text),
        list=Value(b"", output_field=BinaryField()),
    ).values_list(*COLUMNS)


def standing_in(who: Actor, reference: str) -> str:
    """Return the standing of a person as a party to this reference, or "".

    It asks the same, whether there is such a case or not, so that a refusal takes as long either
    way.
    """
    rows = Party.objects.filter(case__reference=reference, handle__in=["", *own_pseudonyms(who)])
    return rows.values_list("standing", flat=True).first() or ""


def own_pseudonyms(who: Actor, *standings: Standing) -> list[str]:
    """Return the pseudonyms of a person on every case, in these standings or any."""
    if not isinstance(who, User):
        return [anonymous_pseudonym(who.look_up)]
    return [
        party_pseudonym(case_id, standing, who.pk)
        for case_id, standing in standings_of(who.pk)
        if not standings or standing in standings
    ]


def pseudonyms_on(case_id: int, who: Actor) -> list[str]:
    """Return the pseudonyms that a person can have on one case."""
    if isinstance(who, User):
        return [party_pseudonym(case_id, standing, who.pk) for standing in Standing]
    return [anonymous_pseudonym(who.look_up)]


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
        """Tell whether the rule holds for one person on one case."""
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
        """Tell whether at least one side holds."""
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
        """Tell whether both sides hold."""
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
        """Tell whether the relation holds for one person on one case."""
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
