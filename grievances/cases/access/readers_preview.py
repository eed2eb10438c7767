"""Preview who would be able to open a concern.

The preview is computed before anyone can open the concern, and is shown to its writer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime

from grievances.cases.access import conflicts, eligibility
from grievances.cases.access.eligibility import OVERSEEING
from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import Exclusions, hold
from grievances.people.matching import Answers, Told
from grievances.people.models import (
    Links,
    Unit,
    User,
    account_links,
    join_linked,
    line_chain,
)
from grievances.policy import profiles
from grievances.vocabulary import Office, Role, Standing, State
from workflow.calendar import local_date
from workflow.json_values import JsonMapping

LEFT_OUT = ("removed", "apart")
"""The answers that hold accounts to leave out.

The writer sees those in `removed`, and not those in `apart`. A witness who is treated worse is not
shown who handled the concern that they helped with.
"""


@dataclass(frozen=True)
class Readership:
    """Everyone who could open a concern.

    Officers read the words, overseers only the process. `watching` are all overseers. `told` is
    what the typed names mean. Only a person with an account is shown it.
    """

    officers: tuple[User, ...]
    watching: tuple[tuple[Role, User], ...]
    independent: bool
    told: Told
    stands_in: bool = False
    """Whether a person who is not in the office of a lead is the lead."""

    @property
    def overseers(self) -> tuple[tuple[Role, User], ...]:
        """Those of `watching` whom a page names. Auditors see the trail of steps alone."""
        return tuple(each for each in self.watching if each[0] is not Role.AUDITOR)

    @property
    def officer_ids(self) -> list[int]:
        """The account ids of the officers."""
        return [person.pk for person in self.officers]

    @property
    def overseer_ids(self) -> list[int]:
        """The account ids of the overseers."""
        return [person.pk for _, person in self.overseers]

    @property
    def stamp(self) -> str:
        """The version token of the readers that a page showed.

        The page posts it back with the concern, and `read_stamp` reads it.
        """
        parts = (self.officer_ids, self.overseer_ids)
        return "/".join(",".join(map(str, sorted(ids))) for ids in parts)


def read_stamp(stamp: str) -> tuple[list[int], list[int]]:
    """Return the ids (officers, overseers) of a posted version token.

    Both lists are empty when the text is not one.
    """
    officers, _, overseers = stamp.partition("/")
    try:
        return _ids(officers), _ids(overseers)
    except ValueError:
        return [], []


@dataclass(frozen=True)
class Bars:
    """Who may not learn of a concern, and whom it is about, before anyone can read it.

    `sides` are the complainant and the respondents; `barred` is {account id: reasons}. `links` are
    the accounts that belong to one person.
    """

    sides: conflicts.Sides
    barred: Mapping[int, frozenset[str]]
    links: Links

    @property
    def own(self) -> set[int]:
        """The account of the complainant, in a set that may be empty."""
        return {pk for pk, standing in self.sides if standing == Standing.COMPLAINANT}

    @property
    def respondents(self) -> list[int]:
        """The accounts that the concern is about, each named exactly."""
        return [pk for pk, standing in self.sides if standing == Standing.RESPONDENT]


def bars_of(answers: JsonMapping, named: Answers, own: set[int], now: datetime) -> Bars:
    """Return who is excluded from a concern with these answers; store nothing.

    Excluded are the people it is about, their line and the complainant's own line. So are the
    people left out, and anyone who took a decision that the concern is about.

    Everyone whom a typed name may mean is excluded, and so is the line of everyone whom the concern
    may be about. Only a person who is named exactly is a respondent. The complainant (`own`) is
    never excluded from their own concern, even when they manage the person it is about or type
    their own name. Where it happened to another person, they are a side of it like the complainant,
    and neither they nor their line read it as officers.
    """
    today = local_date(now, profiles.zone())
    removed = {int(pk) for name in LEFT_OUT for pk in answers.get(name) or ()}
    links = account_links() if named.links is None else named.links
    out = named.exclude.everyone | join_linked(removed | inside(named.units), links)
    about = named.about.everyone - own
    raised_by = {int(pk) for pk in (answers.get("raised_by"),) if pk}
    affected = (named.affected.everyone | raised_by) - own
    barred = _by_person(
        {
            Exclusions.Why.RESPONDENT: about,
            Exclusions.Why.EXCLUDED: out - own,
            Exclusions.Why.DECISION: named.decided.everyone - own,
            Exclusions.Why.CONFLICT: affected,
            Exclusions.Why.LINE: line_chain(about | own | affected, today, links) - own,
        }
    )
    sides = _sides(own | raised_by | named.affected.meant, named.about.meant - own)
    return Bars(sides, barred, links)


def _by_person(
    people_by_why: Mapping[Exclusions.Why, Collection[int]],
) -> dict[int, frozenset[str]]:
    """Return the reasons for excluding each person, by the id of the person."""
    barred: defaultdict[int, set[str]] = defaultdict(set)
    for why, people in people_by_why.items():
        for person_id in people:
            barred[person_id].add(why.value)
    return {pk: frozenset(whys) for pk, whys in barred.items()}


def _sides(complainants: Collection[int], respondents: Collection[int]) -> conflicts.Sides:
    raised = [(pk, Standing.COMPLAINANT.value) for pk in sorted(complainants)]
    return (*raised, *((pk, Standing.RESPONDENT.value) for pk in sorted(respondents)))


def inside(units: Collection[Unit]) -> set[int]:
    """Return the accounts of everyone in these units."""
    if not units:
        return set()
    return set(User.objects.filter(unit__in=units).values_list("pk", flat=True))


def readership_of(case: Case, bars: Bars, today: date, told: Told) -> Readership:
    """Return who would be able to open this concern; store nothing.

    `told` is what a page tells the writer about the names that they typed.
    """
    draft = copy(case)
    hold(draft, bars.barred)
    panel = eligibility.Panel(draft, Role.TRIAGE, today, False, bars.sides, bars.links)
    able = eligibility.able_readers(panel)
    last = [] if able else eligibility.able_independents(panel)
    watching, leads = tuple(overseers(draft, today, panel)), panel.in_office(Office.LEAD)
    return Readership(
        officers=tuple(able or last),
        watching=watching,
        independent=not able and not any(one.holds(Office.TRIAGE, today) for one in last),
        told=told,
        stands_in=any(role is Role.LEAD and one not in leads for role, one in watching),
    )


def overseers(
    case: Case, today: date, panel: eligibility.Panel | None = None
) -> list[tuple[Role, User]]:
    """Return who will oversee the case by office, each with their role.

    No one excluded is among them, and never the complainant. An auditor sees the trail of steps and
    cannot open the case. A casework lead is responsible for the case. So a conflict by relationship
    excludes them as it does an officer, and so does a working role. When no lead remains, an
    independent officer who does not read the case replaces them. `panel` is what is known of the
    case already, other cases left out.
    """
    if panel is None:
        panel = eligibility.Panel(case, Role.TRIAGE, today, remembers=False)
    barred, sides = panel.barred, panel.sides or ()
    own = {pk for pk, standing in sides if standing == Standing.COMPLAINANT}
    # A draft has no one at work on it.
    busy = conflicts.busy_beside(case, Role.LEAD) if case.state != State.DRAFT else set()
    unfit = panel.conflicted | busy
    found = [
        (OVERSEEING[office], person)
        for office, person in panel.officers
        if office in OVERSEEING
        and person.pk not in own
        and person.pk not in barred
        and not (OVERSEEING[office] is Role.LEAD and person.pk in unfit)
    ]
    if any(role is Role.LEAD for role, _ in found):
        return found
    free = [each for each in _independents_beside(panel) if each.pk not in unfit]
    return [*((Role.LEAD, person) for person in free), *found]


def _independents_beside(panel: eligibility.Panel) -> list[User]:
    """Return the independent officers who could lead the case and will not read it."""
    reading = eligibility.able_readers(panel) or eligibility.able_independents(panel)
    remembering = eligibility.Panel(
        panel.case, Role.TRIAGE, panel.today, True, panel.sides or (), panel.links
    )
    last = eligibility.able_independents(remembering)
    return [person for person in last if person not in reading]


def _ids(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part]
