"""How a person can stand to a case, each with its faces spelled next to each other.

`cases(who)` narrows a list, `people(case)` names who it is; `access` combines them into rules and
derives everything else, so that a list can never show what a check refuses (architecture.md 4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from grievances.models import Bar, Case, CaseUserObjectPermission, Party, User
from grievances.models.assignments import holders
from grievances.models.parties import anonymous_handle, bar_handle, standing_handle
from grievances.vocabulary import Role, Standing


@dataclass(frozen=True)
class Returner:
    """The holder of an anonymous case key: known by its look-up hash, and by nothing else."""

    look_up: str


Who = User | Returner
Truth = Mapping[str, bool]


class Relation:
    """A yes-or-no question about a person and a case; `|` and `&` make a rule of several."""

    def __or__(self, other: Relation) -> Relation:
        return Either(self, other)

    def __and__(self, other: Relation) -> Relation:
        return Both(self, other)

    def q(self, who: Who) -> Q:
        """The condition on cases for this person."""
        raise NotImplementedError

    def holds(self, truth: Truth) -> bool:
        """The answer, from the answers of the atoms."""
        raise NotImplementedError

    def people(self, case: Case) -> set[User]:
        """The accounts for which the answer is yes on this case."""
        raise NotImplementedError

    def atoms(self) -> list[Atom]:
        raise NotImplementedError


@dataclass(frozen=True)
class Either(Relation):
    left: Relation
    right: Relation

    def q(self, who: Who) -> Q:
        return self.left.q(who) | self.right.q(who)

    def holds(self, truth: Truth) -> bool:
        return self.left.holds(truth) or self.right.holds(truth)

    def people(self, case: Case) -> set[User]:
        return self.left.people(case) | self.right.people(case)

    def atoms(self) -> list[Atom]:
        return self.left.atoms() + self.right.atoms()


@dataclass(frozen=True)
class Both(Relation):
    left: Relation
    right: Relation

    def q(self, who: Who) -> Q:
        return self.left.q(who) & self.right.q(who)

    def holds(self, truth: Truth) -> bool:
        return self.left.holds(truth) and self.right.holds(truth)

    def people(self, case: Case) -> set[User]:
        return self.left.people(case) & self.right.people(case)

    def atoms(self) -> list[Atom]:
        return self.left.atoms() + self.right.atoms()


@dataclass(frozen=True)
class Atom(Relation):
    """One relation, with a name under which its answer is fetched."""

    name: str
    cases: Callable[[Who], Q]
    persons: Callable[[Case], set[User]]

    def q(self, who: Who) -> Q:
        return self.cases(who)

    def holds(self, truth: Truth) -> bool:
        return truth[self.name]

    def people(self, case: Case) -> set[User]:
        return self.persons(case)

    def atoms(self) -> list[Atom]:
        return [self]


NOBODY = Q(pk__in=[])


def stands(standing: Standing) -> Atom:
    """The person is tied to the case in this standing, by blind reference."""

    def cases(who: Who) -> Q:
        if isinstance(who, User):
            handle = standing_handle(standing, who.pk)
        elif standing is Standing.COMPLAINANT:
            handle = anonymous_handle(who.look_up)
        else:
            return NOBODY
        rows = Party.objects.filter(case=OuterRef("pk"), standing=standing, handle=handle)
        return Q(Exists(rows))

    def persons(case: Case) -> set[User]:
        ids = [p.person_id for p in case.parties.filter(standing=standing)]
        return set(User.objects.filter(pk__in=[i for i in ids if i is not None], is_active=True))

    return Atom(f"stands_{standing.value.lower()}", cases, persons)


def works_as(role: Role) -> Atom:
    """The person holds the role on the case: a guardian row says so."""

    def cases(who: Who) -> Q:
        if not isinstance(who, User):
            return NOBODY
        rows = CaseUserObjectPermission.objects.filter(
            content_object=OuterRef("pk"), user=who, permission__codename=role.value
        )
        return Q(Exists(rows))

    def persons(case: Case) -> set[User]:
        return set(holders(case, role).filter(is_active=True))

    return Atom(f"works_{role.value}", cases, persons)


def when(name: str, condition: Q) -> Atom:
    """A condition on the case alone: true for everybody or for nobody."""

    def persons(case: Case) -> set[User]:
        found = Case.unguarded.filter(condition, pk=case.pk).exists()
        return set(User.objects.filter(is_active=True)) if found else set()

    return Atom(f"when_{name}", lambda who: condition, persons)


def _barred_cases(who: Who) -> Q:
    if not isinstance(who, User):
        return NOBODY
    return Q(Exists(Bar.objects.filter(case=OuterRef("pk"), handle=bar_handle(who.pk))))


def _barred_people(case: Case) -> set[User]:
    handles = set(case.bars.values_list("handle", flat=True))
    return {person for person in User.objects.all() if bar_handle(person.pk) in handles}


BARRED = Atom("barred", _barred_cases, _barred_people)
"""Respondent, line managers, those left out: nothing beats it, no office and no superuser."""
