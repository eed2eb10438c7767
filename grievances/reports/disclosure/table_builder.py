"""One number for a chosen combination, where that is allowed (domain.md 10.4).

It is off unless the organisation switches it on, because a refusal itself says that a difference is
small. The exact set of people never leaves this module. Plain Python and the ORM: a page may use
it.
"""

from collections import defaultdict
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Count

from grievances.people.regions import REGIONS
from grievances.reports import facts
from grievances.reports.disclosure.audience import INTERNAL, Audience
from grievances.reports.disclosure.differencing import BLOCKED_DIFFERENCING, BLOCKED_TEXT, may_ask
from grievances.reports.disclosure.protected import HIDDEN, ProtectedCount, Shown
from grievances.reports.disclosure.registry import (
    Entry,
    Group,
    Registry,
    Standing,
    family_of,
    unpack,
)
from grievances.reports.disclosure.tables import People
from grievances.reports.fact_models import CaseFact, Ending
from grievances.reports.periods import Period
from grievances.reports.snapshot_models import Release
from grievances.vocabulary import Identity, Route

CHOICES: Mapping[str, Mapping[str, str]] = {
    "region": REGIONS,
    "route": dict(Route.choices),
    "identity": dict(Identity.choices),
}
"""The fields that may be combined: one value of each, or all of them."""
MOST_PEOPLE = 5_000
"""The number of people in a period above which no combination is answered.

The reason is that such large sets are not kept.
"""


ASKED = "asked:"
"""The prefix of the table name of a single answer."""


class Blocked(Exception):
    """A refusal to show a number. Its sentence gives nothing away."""

    code = BLOCKED_DIFFERENCING

    def __init__(self) -> None:
        super().__init__(BLOCKED_TEXT)


@transaction.atomic
def ask(
    chosen: Mapping[str, str], period: Period, name: str, audience: Audience = INTERNAL
) -> ProtectedCount:
    """Return how many concerns of one region, route and use of the name there were.

    They were received in the period. `chosen` maps a field to a code. `name` is the name of the
    audience: its one registry holds everything that any of its members was shown. The same question
    again gets the same answer.

    Raises:
        ValueError: A field or a code is not in `CHOICES`.
        Blocked: The answer could identify a person.
    """
    for field, code in chosen.items():
        if code not in CHOICES.get(field, {}):
            raise ValueError(f"{field}={code} is no choice")
    rows = CaseFact.objects.filter(received_on__range=(period.first, period.last), **chosen)
    counted = rows.exclude(ending=Ending.REDIRECTED).values("person").annotate(n=Count("pk"))
    with facts.people_together():
        sizes = dict(counted.values_list("person", "n")[: MOST_PEOPLE + 1])
    people, cases = frozenset(sizes), sum(sizes.values())
    if 0 < len(people) < audience.t or _is_dominated(sizes, audience):
        return ProtectedCount(HIDDEN)
    asked, tables = _shown_before(name)
    if len(people) > MOST_PEOPLE or not may_ask(people, asked, audience.t, tables):
        raise Blocked
    _remember(chosen, period, name, people, audience.round(cases))
    return ProtectedCount(Shown(audience.round(cases)))


def _is_dominated(sizes: Mapping[int, int], audience: Audience) -> bool:
    cases = sum(sizes.values())
    return cases > 0 and 100 * max(sizes.values()) >= audience.dom1 * cases


def _shown_before(name: str) -> tuple[list[People], list[list[People]]]:
    """Return the sets the audience asked for, and those of each table it saw."""
    rows = Release.objects.filter(audience=name, shown=True, persons__gt=0).exclude(people=b"")
    tables: dict[str, list[People]] = defaultdict(list)
    for row in rows.iterator():
        tables[row.table].append(unpack(bytes(row.people), row.place_of_people))
    asked = [cells for table, cells in tables.items() if table.startswith(ASKED)]
    others = [cells for table, cells in tables.items() if not table.startswith(ASKED)]
    return [people for cells in asked for people in cells], others


def _remember(
    chosen: Mapping[str, str], period: Period, name: str, people: People, value: int
) -> None:
    """Store the set. A question asked before is already stored."""
    family = family_of("asked", *(f"{field}={code}" for field, code in sorted(chosen.items())))
    table = f"{ASKED}{family_of(family, period.name)}"[:64]
    if Release.objects.filter(audience=name, table=table).exists():
        return
    registry = Registry(name)
    group = Group(len(people), people)
    where = Standing(family, table, (0, 0), 0)
    registry.add(where, Entry(period, 1, period.last, True, value, group))
    registry.save()
