"""Who is eligible for a role on a case.

A person must be certified, free of conflict, separate from the other roles, not excluded, and below
the cap of cases. A `Panel` reads what is known of a case once, then judges any number of people in
memory. Codes are those of the guards (domain.md 5.3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Case as Choice
from django.db.models import QuerySet, Sum, When

from grievances.cases.access.conflicts import (
    LIVE,
    Past,
    Sides,
    busy_beside,
    past_of,
    people_close_to,
    people_met_before,
    people_related_to,
    people_with_clashing_roles,
    respondents_on,
    sides_of,
)
from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import Exclusions, excluded_from
from grievances.cases.models.offers import Offer
from grievances.cases.models.parties import Entry, entries_and
from grievances.people.lines import teams_asked
from grievances.people.models import (
    Links,
    User,
    account_links,
    in_office,
    is_certified,
)
from grievances.people.officers import Officers, officers_in
from grievances.vocabulary import CAP, Office, Role, State

OVERSEEING = {Office.LEAD: Role.LEAD, Office.DPO: Role.DPO, Office.AUDITOR: Role.AUDITOR}
"""Offices that oversee every case without its words (domain.md 11.1)."""

LEFT_OUT = {Exclusions.Why.EXCLUDED, Exclusions.Why.OBJECTED}
"""Exclusions that come from the complainant's own wish.

The others are conflicts of interest.
"""


OFFICE_FOR = {
    Role.TRIAGE: Office.TRIAGE,
    Role.HANDLER: Office.HANDLER,
    Role.DECIDER: Office.DECIDER,
    Role.APPEAL: Office.APPEAL,
    Role.MEDIATOR: Office.MEDIATOR,
}


@dataclass(frozen=True)
class Candidate:
    """A person and the codes that speak against them. No codes means eligible."""

    person: User
    codes: tuple[str, ...]
    load: int


@dataclass
class Panel:
    """What is known of a case, for judging people for one role on a local date.

    `sides` are the parties, `links` the accounts of one person, and `past` the earlier work on the
    case, where they are known before.
    `remembers=False` leaves other cases out of it. Anyone may look at the readers of a concern they
    have not sent. If those changed with the name they type, they would learn that there is a case
    about that person.
    """

    case: Case
    role: Role
    today: date
    remembers: bool = True
    sides: Sides | None = None
    links: Links | None = None
    past: Past | None = None
    conflicted: set[int] = field(default_factory=set)
    barred: dict[int, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sides = sides_of(self.case) if self.sides is None else self.sides
        self.links = account_links() if self.links is None else self.links
        if self.remembers:
            self.conflicted = self._related_or_met(self.sides, self.links)
        else:
            self.conflicted = people_related_to(self.sides, self.today, self.links)
        self.barred = excluded_from(self.case)

    def _related_or_met(self, sides: Sides, links: Links) -> set[int]:
        respondents = respondents_on(sides)
        questions = [teams_asked(respondents, self.today, links)] if respondents else []
        entries, answers = entries_and((pk for pk, _ in sides), *questions)
        team = {person.pk for people in answers for person in people}
        related = people_related_to(sides, self.today, links, team)
        return related | people_met_before(self.case, sides, self.today, entries)

    def turned_to(self, role: Role) -> Panel:
        """Return a panel for another role on the same case.

        What is known of the case is not read again.
        """
        other = copy(self)
        other.role = role
        for own in ("clashing", "loads", "taken", "least_grade"):
            other.__dict__.pop(own, None)
        return other

    @cached_property
    def officers(self) -> Officers:
        """Who may have to do with a new concern by their office."""
        return officers_in((Office.TRIAGE, *OVERSEEING), self.today)

    def in_office(self, office: Office) -> list[User]:
        """Return the people in one of the offices of `officers`, in order."""
        return [person for held, person in self.officers if held is office]

    @cached_property
    def offers(self) -> list[Offer]:
        """Every offer ever made of a role on the case, in order."""
        is_read = self.past is None or self.past.has_offers
        return list(self.case.offers.order_by("pk")) if is_read else []

    @cached_property
    def clashing(self) -> set[int]:
        """People with another role on the case, and people in the line of such a person."""
        past = self.past or past_of(self.case)
        return people_with_clashing_roles(
            self.case, self.role, self.offers, self.today, self.links or (), past
        )

    @cached_property
    def loads(self) -> dict[int, int]:
        """How many open cases each person holds in the role: {person id: cases}."""
        return loads(self.role)

    @cached_property
    def taken(self) -> bool:
        """Whether the role is offered or accepted already."""
        return any(offer.role == self.role and offer.status in LIVE for offer in self.offers)

    @cached_property
    def least_grade(self) -> int:
        """The grade an appeal manager needs; 0 for every other role."""
        return _least_grade(self.case) if self.role is Role.APPEAL else 0

    def may_read(self, person: User) -> bool:
        """Return whether a person is certified, without conflict and not excluded.

        Their other work is not considered.
        """
        return (
            is_certified(person, self.role, self.today)
            and person.pk not in self.conflicted
            and person.pk not in self.barred
        )

    def unfit(self, person: User) -> tuple[str, ...]:
        """Return the codes that speak against asking this person for the role."""
        found = {
            "AT_CAP": self.loads.get(person.pk, 0) >= CAP[self.role],
            "OFFER_OPEN": self.taken,
        }
        return (*self.unfit_to_serve(person), *(code for code, is_so in found.items() if is_so))

    def unfit_to_serve(self, person: User) -> tuple[str, ...]:
        """Return the codes that speak against a person in a role.

        It is for a person who was asked for the role already: the cap and open offers do not count.
        """
        whys = self.barred.get(person.pk, frozenset())
        found = {
            "NOT_CERTIFIED": not person.is_active
            or not is_certified(person, self.role, self.today),
            "CONFLICT": person.pk in self.conflicted or bool(whys - LEFT_OUT),
            "ROLE_CLASH": person.pk in self.clashing,
            "EXCLUDED_BY_COMPLAINANT": not whys.isdisjoint(LEFT_OUT),
            "NOT_SENIOR": person.grade < self.least_grade,
        }
        return tuple(code for code, is_so in found.items() if is_so)


def candidates(case: Case, role: Role, today: date) -> list[Candidate]:
    """Return everyone in the office for a role, with the codes against each.

    Eligible people come first, then those with fewer open cases.
    """
    panel = Panel(case, role, today)
    people = pool(role, today)
    found = [Candidate(p, panel.unfit(p), panel.loads.get(p.pk, 0)) for p in people]
    return sorted(found, key=lambda c: (bool(c.codes), c.load, c.person.pk))


def pool(role: Role, today: date) -> QuerySet[User]:
    """Return the people appointed to the office from which a role is filled."""
    return in_office(OFFICE_FOR[role], today).prefetch_related("training").select_related("unit")


def loads(role: Role) -> dict[int, int]:
    """Return the open cases that each person holds in a role: {person id: cases}.

    Cases on hold count half, and the total is rounded up.
    """
    rows = CaseUserObjectPermission.objects.filter(permission__codename=role.value).exclude(
        content_object__state__in=[State.CLOSED, State.ARCHIVED]
    )
    half = When(content_object__state=State.ON_HOLD, then=1)
    halves = rows.values("user_id").annotate(halves=Sum(Choice(half, default=2)))
    return {row["user_id"]: (row["halves"] + 1) // 2 for row in halves}


def readers(case: Case, today: date, *, remembers: bool = True) -> list[User]:
    """Return who would be able to open a new concern.

    These are the eligible triage officers who have keys. When none remains, it is the independent
    officers (peers.md 4 row 34: never without a reader).
    """
    panel = Panel(case, Role.TRIAGE, today, remembers)
    return able_readers(panel) or able_independents(panel)


def able_readers(panel: Panel) -> list[User]:
    """Return the eligible triage officers who have keys."""
    able = (person for person in panel.in_office(Office.TRIAGE) if hasattr(person, "key_pair"))
    return [person for person in able if panel.may_read(person)]


def new_officers(case: Case, today: date) -> list[User]:
    """Return the readers of a new episode.

    People who had no role on the case before are chosen, if there are any. None of them oversees
    the case, because they could not begin on their day.
    """
    had_a_part = set(case.tenures.values_list("person_id", flat=True))
    busy = busy_beside(case, Role.TRIAGE)
    able = [person for person in readers(case, today) if person.pk not in busy]
    last = able_independents(Panel(case, Role.TRIAGE, today))
    independents = [person for person in last if person.pk not in busy]
    fresh = [person for person in (*able, *independents) if person.pk not in had_a_part]
    return fresh or able


def independent(case: Case, today: date) -> list[User]:
    """Return the independent officers with keys who may read the case.

    Neither an exclusion nor a conflict keeps them from it.
    """
    return able_independents(Panel(case, Role.TRIAGE, today))


def without_a_past(
    case: Case,
    people: Sequence[User],
    today: date,
    sides: Sides,
    entries: Mapping[int, Sequence[Entry]],
) -> list[User]:
    """Return those of these people who never held a role with the same parties.

    `people` were shown beforehand. All of them are returned when none would remain: no one who was
    not shown replaces them. `entries` are the `entries_of_all` of the parties (`sides`).
    """
    met = people_met_before(case, sides, today, entries)
    return [person for person in people if person.pk not in met] or list(people)


def able_independents(panel: Panel) -> list[User]:
    """Return the independent officers with keys whom nothing keeps from reading.

    Everyone is somewhere below the head of the organisation. Where a concern is about them, and no
    one else is left, only an own report or colleague of theirs is kept out.
    """
    people = in_office(Office.INDEPENDENT, panel.today).filter(key_pair__isnull=False)
    unbarred = [one for one in people.select_related("key_pair") if one.pk not in panel.barred]
    able = [one for one in unbarred if one.pk not in panel.conflicted]
    if able or not unbarred:
        return able
    near = people_close_to(panel.sides or (), panel.today, panel.links or ())
    return [one for one in unbarred if one.pk not in near]


def _least_grade(case: Case) -> int:
    offer = case.offers.filter(role=Role.DECIDER, status=Offer.Status.ACCEPTED).last()
    return offer.candidate.grade if offer else 0
