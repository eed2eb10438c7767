"""The management lines of many people at once, and who is below them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from functools import cache

from django.db.models import BigIntegerField, DateField, Q, QuerySet
from django.db.models.expressions import RawSQL

from grievances.people.models import (
    LINE_MEMORY,
    LineManagement,
    Links,
    User,
    join_linked,
)
from workflow.sql.compiled_sql import CompiledQuery, Parameter, Question, bound_list, listed

AT_ONCE = 5000
"""Accounts that one query asks about."""

Above = Mapping[int, Collection[int]]

BELOW = """
WITH RECURSIVE below(id) AS (
    SELECT person_id FROM {table} WHERE manager_id IN ({marks}) AND {counts}
    UNION
    SELECT lower.person_id FROM {table} lower JOIN below ON lower.manager_id = below.id
    WHERE {counts}
)
SELECT id FROM below
"""
"""Whom people manage, and so on down.

UNION, not UNION ALL, so that people who manage each other end the recursion.
"""
COUNTS = "(to_date IS NULL OR to_date >= %s)"


def teams_of(person_ids: Iterable[int], today: date, links: Links) -> set[int]:
    """Return everyone in the units of these people, and whom they manage.

    They manage them at any level. A former manager counts for 24 months. Every account of these
    people counts, by `links`, the `account_links`; `join_below` gives those of the others. It takes
    one query.
    """
    question = teams_asked(person_ids, today, links)
    return {row.pk for row in question.query.rows(**question.values)}


def teams_asked(person_ids: Iterable[int], today: date, links: Links) -> Question[User]:
    """Return the question of `teams_of`, to be asked with others."""
    given = listed("person", sorted(join_linked(person_ids, links)), 0)
    return _team_and_below(len(given)).asked(since=today - LINE_MEMORY, **given)


def join_below(team: Iterable[int], today: date, links: Links) -> set[int]:
    """Return these people, their other accounts, and whom those manage.

    The reports of a colleague's other account are among them: doubt keeps them out. It takes a
    query only where there is another account.
    """
    found = set(team)
    while fresh := join_linked(found, links) - found:
        found |= fresh | _managed_by(fresh, today)
    return found


def below_all(person_ids: Iterable[int], today: date, links: Links) -> set[int]:
    """Return whom these people manage, at any level, with every account of each.

    A former manager counts for 24 months.
    """
    return join_below(_managed_by(join_linked(person_ids, links), today), today, links)


def reports_of(person_ids: Iterable[int], today: date, links: Links) -> set[int]:
    """Return whom these people manage themselves, or did in the last 24 months."""
    own = Q(manager_id__in=join_linked(person_ids, links))
    lasts = Q(to_date__isnull=True) | Q(to_date__gte=today - LINE_MEMORY)
    found = LineManagement.objects.filter(own, lasts)
    return set(found.values_list("person_id", flat=True))


def _managed_by(people: Collection[int], today: date) -> set[int]:
    given = listed("person", sorted(people), 0)
    rows = _below(len(given)).rows(since=today - LINE_MEMORY, **given)
    return {row.pk for row in rows}


@cache
def _team_and_below(room: int) -> CompiledQuery[User]:
    people = bound_list("person", room, BigIntegerField())
    units = User.objects.filter(Q(pk__in=people), unit__isnull=False).values("unit")
    team = User.objects.filter(unit__in=units).order_by().only("pk")
    return CompiledQuery(lambda: team.union(_people_below(room)))


@cache
def _below(room: int) -> CompiledQuery[User]:
    return CompiledQuery(lambda: _people_below(room))


def _people_below(room: int) -> QuerySet[User]:
    """Return the query of whom so many people manage, at any level."""
    sql = BELOW.format(
        table=LineManagement._meta.db_table, marks=", ".join(["%s"] * room), counts=COUNTS
    )
    people = [Parameter(f"person{at}", BigIntegerField()) for at in range(room)]
    since = Parameter("since", DateField())
    below = RawSQL(sql, [*people, since, since])  # noqa: S611 - every value is bound
    return User.objects.filter(pk__in=below).order_by().only("pk")


def lines_of(person_ids: Iterable[int], today: date, links: Links) -> dict[int, set[int]]:
    """Return every line manager of each person, as `line_chain` does for one.

    `links` are the `account_links`. It takes one query for each level and `AT_ONCE` accounts.
    """
    remembered = Q(to_date__isnull=True) | Q(to_date__gte=today - LINE_MEMORY)
    counts = Q(from_date__lte=today) & (remembered | Q(person__is_active=False))
    return _lines(person_ids, counts, links)


def lines_ever_of(person_ids: Iterable[int], links: Links) -> dict[int, set[int]]:
    """Return everyone who was or will be above each person at any time, at any level."""
    return _lines(person_ids, Q(), links)


def _lines(person_ids: Iterable[int], counts: Q, links: Links) -> dict[int, set[int]]:
    people = set(person_ids)
    same = _accounts_of_one(links)
    above = _managers_above(people, counts, same)
    return {pk: _reached(pk, above, same) for pk in people}


def _managers_above(
    people: Collection[int], counts: Q, same: Callable[[int], Collection[int]]
) -> dict[int, set[int]]:
    """Return the managers of these accounts, of the managers, and so on up."""
    found: dict[int, set[int]] = defaultdict(set)
    frontier = {each for pk in people for each in same(pk)}
    seen: set[int] = set()
    while frontier:
        seen |= frontier
        managers: set[int] = set()
        asked = sorted(frontier)
        for start in range(0, len(asked), AT_ONCE):
            rows = LineManagement.objects.filter(counts, person__in=asked[start : start + AT_ONCE])
            for person, manager in rows.values_list("person_id", "manager_id"):
                found[person].add(manager)
                managers.add(manager)
        frontier = {each for pk in managers for each in same(pk)} - seen
    return found


def _reached(person: int, above: Above, same: Callable[[int], Collection[int]]) -> set[int]:
    """Return whom a person's line reaches; the person too, where managers are a cycle."""
    found: set[int] = set()
    frontier = set(same(person))
    while frontier:
        managers = {manager for pk in frontier for manager in above.get(pk, ())}
        frontier = {each for pk in managers for each in same(pk)} - found
        found |= frontier
    return found


def _accounts_of_one(links: Links) -> Callable[[int], Collection[int]]:
    """Return the function that gives every account of the person of one account."""
    several = {pk: frozenset(join_linked([pk], links)) for link in links for pk in link}
    return lambda pk: several.get(pk, (pk,))
