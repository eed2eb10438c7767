"""What ties a person to a case: roles held, standings as a party, exclusion."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from django.db.models import BigIntegerField, BinaryField, CharField, Model, Q, QuerySet, Value
from django.db.models.functions import Cast

from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import barred_from, exclusions_of, opened, sealed_lists
from grievances.cases.models.parties import (
    Party,
    anonymous_pseudonym,
    party_pseudonym,
    standings_of,
)
from grievances.people.models import User
from grievances.vocabulary import Standing
from workflow.sql.compiled_sql import Bound, CompiledQuery, Question


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


Tie = tuple[str, str, int, str, bytes]
"""One row of `COLUMNS`."""


@cache
def _ties(model: type[Model], field: str, person: str = "", name: str = "") -> QuerySet[Model, Tie]:
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


def parties_on(case: Case) -> list[Party]:
    """Return every party of a case, by a statement that is compiled once."""
    rows = _ON_CASE.rows(case=case.pk)
    for row in rows:
        row.case = case
    return rows


def every_party_of(case_id: int) -> Question[Party]:
    """Return the question for every party of a case."""
    return _ON_CASE.asked(case=case_id)


_ON_CASE = CompiledQuery(lambda: Party.objects.filter(case=Bound("case", BigIntegerField())))
