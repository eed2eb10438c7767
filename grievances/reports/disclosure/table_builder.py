"""One number for a chosen combination, where that is allowed at all (domain.md 10.4).

Off unless the organisation switches it on, since a refusal itself says that a difference is small.
The exact set of people never leaves this module. Plain Python and the ORM: a page may ask.
"""

from collections import defaultdict
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Count

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
from grievances.vocabulary import Identity, Region, Route

CHOICES: Mapping[str, Mapping[str, str]] = {
    "region": dict(Region.choices),
    "route": dict(Route.choices),
    "identity": dict(Identity.choices),
}
"""What may be combined: one value of each, or all of them."""
MOST_PEOPLE = 5_000
"""Above so many people in a period no combination is answered: the sets would not be kept."""


ASKED = "asked:"
"""How the table of a single answer begins."""


class Blocked(Exception):
    """The number is not shown; the sentence says so and gives nothing away."""

    code = BLOCKED_DIFFERENCING

    def __init__(self) -> None:
        super().__init__(BLOCKED_TEXT)


@transaction.atomic
def ask(
    chosen: Mapping[str, str], period: Period, name: str, audience: Audience = INTERNAL
) -> ProtectedCount:
    """How many concerns were received in a period, of one region, route and use of the name.

    `chosen` maps a field to a code; ValueError for a field or code that is none. `name` is that of
    the audience, whose one registry holds what anybody of it was ever shown. Raises Blocked; the
    same question again gets the same answer.
    """
    for field, code in chosen.items():
        if code not in CHOICES.get(field, {}):
            raise ValueError(f"{field}={code} is no choice")
    rows = CaseFact.objects.filter(received_on__range=(period.first, period.last), **chosen)
    counted = rows.exclude(ending=Ending.REDIRECTED).values("person").annotate(n=Count("pk"))
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
    """Every set that was asked for by the audience, and those of each table it was shown."""
    rows = Release.objects.filter(audience=name, shown=True, persons__gt=0).exclude(people=b"")
    tables: dict[str, list[People]] = defaultdict(list)
    for table, packed in rows.values_list("table", "people").iterator():
        tables[table].append(unpack(bytes(packed)))
    asked = [cells for table, cells in tables.items() if table.startswith(ASKED)]
    others = [cells for table, cells in tables.items() if not table.startswith(ASKED)]
    return [people for cells in asked for people in cells], others


def _remember(
    chosen: Mapping[str, str], period: Period, name: str, people: People, value: int
) -> None:
    """Keep the set; a question asked before is there already."""
    family = family_of("asked", *(f"{field}={code}" for field, code in sorted(chosen.items())))
    table = f"{ASKED}{family_of(family, period.name)}"[:64]
    if Release.objects.filter(audience=name, table=table).exists():
        return
    registry = Registry(name)
    group = Group(len(people), people)
    where = Standing(family, table, (0, 0), 0)
    registry.add(where, Entry(period, 1, period.last, True, value, group))
    registry.save()
