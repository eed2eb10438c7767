"""The management lines of many people at once, by a few queries for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

from django.db.models import Q

from grievances.people.models import LINE_MEMORY, LineManagement, Links, join_linked

AT_ONCE = 5000
"""Accounts that one query asks about."""

Above = Mapping[int, Collection[int]]


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
