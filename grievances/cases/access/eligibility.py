"""Who is fit for a role on a case: trained, free of conflict, apart, not left out, not overfull.

A `Panel` gathers what is known of a case once and then judges any number of people in memory.
Codes are those of the guards (domain.md 5.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Case as Choice
from django.db.models import Q, QuerySet, Sum, When

from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.case import Case, Offer
from grievances.cases.models.parties import Bar, Party, exclusion_pseudonym
from grievances.cases.models.readers import Tenure
from grievances.people.models import User, in_office, is_certified, line_chain
from grievances.vocabulary import CAP, WORK_ROLES, Office, Role, Standing, State

MEMORY = timedelta(days=1096)
"""Having held a part in a case with the same people is a conflict for 36 months (domain.md 5.3)."""

MET_AS = (Role.HANDLER, Role.DECIDER, Role.APPEAL, Role.MEDIATOR)
LEFT_OUT = {Bar.Why.EXCLUDED, Bar.Why.OBJECTED}
"""Bars that come from the complainant's own wish; the others are conflicts of interest."""

LIVE = (Offer.Status.SENT, Offer.Status.ACCEPTED)
"""An offer that is being answered, or was accepted and not taken back."""

OFFICE_FOR = {
    Role.TRIAGE: Office.TRIAGE,
    Role.HANDLER: Office.HANDLER,
    Role.DECIDER: Office.DECIDER,
    Role.APPEAL: Office.APPEAL,
    Role.MEDIATOR: Office.MEDIATOR,
}


@dataclass(frozen=True)
class Candidate:
    """A person and what speaks against them; nothing means fit."""

    person: User
    codes: tuple[str, ...]
    load: int


@dataclass
class Panel:
    """What is known of a case, for judging people for one role on a local date.

    `remembers=False` leaves other cases out of it. Anybody may look at the readers of a concern
    they have not sent; if those changed with the name they type, they would learn that there is a
    case about that person.
    """

    case: Case
    role: Role
    today: date
    remembers: bool = True
    conflicted: set[int] = field(default_factory=set)
    barred: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        parties = list(self.case.parties.all())
        ids = {p.standing: p.person_id for p in parties if p.person_id is not None}
        self.conflicted = _conflicted(parties, ids, self.today)
        if self.remembers:
            self.conflicted |= _met_before(self.case, parties, self.today)
        for bar in self.case.bars.all():
            self.barred.setdefault(bar.handle, set()).add(bar.why)

    def turned_to(self, role: Role) -> Panel:
        """The same case judged for another role: what is known of it is not asked again."""
        other = copy(self)
        other.role = role
        for own in ("clashing", "loads", "taken", "least_grade"):
            other.__dict__.pop(own, None)
        return other

    @cached_property
    def offers(self) -> list[Offer]:
        """Every offer there was of a part in the case, in order."""
        return list(self.case.offers.order_by("pk"))

    @cached_property
    def clashing(self) -> set[int]:
        """People with another part in the case, or in the line of someone who has."""
        return _clashing(self.case, self.role, self.offers, self.today)

    @cached_property
    def loads(self) -> dict[int, int]:
        """How many open cases each person holds in the role."""
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
        """Whether nothing but their other work speaks against this person."""
        return (
            is_certified(person, self.role, self.today)
            and person.pk not in self.conflicted
            and exclusion_pseudonym(person.pk) not in self.barred
        )

    def unfit(self, person: User) -> tuple[str, ...]:
        """The codes that speak against asking this person for the role."""
        found = {
            "AT_CAP": self.loads.get(person.pk, 0) >= CAP[self.role],
            "OFFER_OPEN": self.taken,
        }
        return (*self.unfit_to_serve(person), *(code for code, is_so in found.items() if is_so))

    def unfit_to_serve(self, person: User) -> tuple[str, ...]:
        """The codes that speak against this person in a part they were asked for already."""
        whys = self.barred.get(exclusion_pseudonym(person.pk), set())
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
    """Everyone in the office for a role, the fit first, each with what speaks against them."""
    panel = Panel(case, role, today)
    people = pool(role, today)
    found = [Candidate(p, panel.unfit(p), panel.loads.get(p.pk, 0)) for p in people]
    return sorted(found, key=lambda c: (bool(c.codes), c.load, c.person.pk))


def pool(role: Role, today: date) -> QuerySet[User]:
    """The people appointed to the office that a role is filled from."""
    return in_office(OFFICE_FOR[role], today).prefetch_related("training").select_related("unit")


def loads(role: Role) -> dict[int, int]:
    """Open cases each person holds in a role; those on hold count half, rounded up in total."""
    rows = CaseUserObjectPermission.objects.filter(permission__codename=role.value).exclude(
        content_object__state__in=[State.CLOSED, State.ARCHIVED]
    )
    half = When(content_object__state=State.ON_HOLD, then=1)
    halves = rows.values("user_id").annotate(halves=Sum(Choice(half, default=2)))
    return {row["user_id"]: (row["halves"] + 1) // 2 for row in halves}


def readers(case: Case, today: date, *, remembers: bool = True) -> list[User]:
    """Who would be able to open a new concern: triage officers who are fit and have keys.

    When none is left, the independent officers (peers.md 4 row 34: never without a reader).
    """
    panel = Panel(case, Role.TRIAGE, today, remembers)
    able = pool(Role.TRIAGE, today).filter(key_pair__isnull=False).select_related("key_pair")
    fit = [person for person in able if panel.may_read(person)]
    return fit or _independent(panel)


def new_officers(case: Case, today: date) -> list[User]:
    """Readers for a new episode: those who had no part in the case before, if there are any.

    Nobody among them oversees it: they could not begin on their day.
    """
    had_a_part = set(case.tenures.values_list("person_id", flat=True))
    busy = busy_beside(case, Role.TRIAGE)
    able = [person for person in readers(case, today) if person.pk not in busy]
    last = _independent(Panel(case, Role.TRIAGE, today))
    independents = [person for person in last if person.pk not in busy]
    fresh = [person for person in (*able, *independents) if person.pk not in had_a_part]
    return fresh or able


def independent(case: Case, today: date) -> list[User]:
    """The independent officers with keys whom neither a bar nor a conflict keeps from the case."""
    return _independent(Panel(case, Role.TRIAGE, today))


def without_a_past(case: Case, people: Sequence[User], today: date) -> list[User]:
    """Those of the people shown beforehand who never held a part with the same people.

    All of them when none would be left: nobody is put in their place who was not shown.
    """
    met = _met_before(case, list(case.parties.all()), today)
    return [person for person in people if person.pk not in met] or list(people)


def busy_beside(case: Case, role: Role) -> set[int]:
    """Who holds a part on the case that one person may not hold beside this one.

    The five parts of the work are five people, and a casework lead holds none of them (domain.md
    5.3, G_SEPARATION). Waiting in the pool is no part yet.
    """
    parts = {*WORK_ROLES, Role.LEAD} - {Role.TRIAGE_POOL, role}
    if role is Role.TRIAGE_POOL:
        parts -= {Role.TRIAGE, Role.LEAD}
    grants = CaseUserObjectPermission.objects.filter(content_object=case)
    held = grants.filter(permission__codename__in=[part.value for part in parts])
    return set(held.values_list("user_id", flat=True))


def conflicted(case: Case, today: date) -> set[int]:
    """Everybody with a conflict by relationship: parties, their line, the respondent's team."""
    parties = list(case.parties.all())
    ids = {p.standing: p.person_id for p in parties if p.person_id is not None}
    return _conflicted(parties, ids, today)


def _independent(panel: Panel) -> list[User]:
    people = in_office(Office.INDEPENDENT, panel.today).filter(key_pair__isnull=False)
    return [
        person
        for person in people.select_related("key_pair")
        if exclusion_pseudonym(person.pk) not in panel.barred and person.pk not in panel.conflicted
    ]


def _conflicted(parties: list[Party], ids: dict[str, int], today: date) -> set[int]:
    respondents = {p.person_id for p in parties if p.standing == Standing.RESPONDENT}
    respondent_ids = {i for i in respondents if i is not None}
    people = {p.person_id for p in parties} - {None}
    both = respondent_ids | {ids[s] for s in [Standing.COMPLAINANT] if s in ids}
    teams = User.objects.filter(pk__in=respondent_ids).values("unit")
    team = User.objects.filter(unit__in=teams).values_list("pk", flat=True)
    return {i for i in people if i is not None} | line_chain(both, today) | set(team)


def _met_before(case: Case, parties: list[Party], today: date) -> set[int]:
    handles = [
        p.handle for p in parties if p.standing in {Standing.COMPLAINANT, Standing.RESPONDENT}
    ]
    same = Party.objects.filter(handle__in=handles).exclude(case=case).values("case")
    # A part counts until its case closes: too long rather than too short.
    recent = Q(case__closed_on__isnull=True) | Q(case__closed_on__gte=today - MEMORY)
    rows = Tenure.objects.filter(recent, case__in=same, role__in=MET_AS)
    return set(rows.values_list("person_id", flat=True))


def _clashing(case: Case, role: Role, offers: Sequence[Offer], today: date) -> set[int]:
    grants = CaseUserObjectPermission.objects.filter(content_object=case).exclude(
        permission__codename__in=[role.value, f"asked_{role.value}", Role.TRIAGE_POOL.value]
    )
    now = set(grants.values_list("user_id", flat=True))
    own = (role, case.episode)
    before = {
        offer.candidate_id
        for offer in offers
        if offer.status == Offer.Status.REVOKED
        or (offer.status == Offer.Status.ACCEPTED and (offer.role, offer.episode) != own)
    }
    other_parts = case.tenures.exclude(role=role, episode=case.episode)
    before |= set(other_parts.values_list("person_id", flat=True))
    opposite = {Role.HANDLER: Role.DECIDER, Role.DECIDER: Role.HANDLER, Role.APPEAL: Role.DECIDER}
    other = opposite.get(role)
    asked = {each.candidate_id for each in offers if each.role == other and each.status in LIVE}
    return now | before | _same_line(asked, today)


def _same_line(people: set[int], today: date) -> set[int]:
    """Who manages these people, at any level, and whom they manage now."""
    if not people:
        return set()
    below = User.objects.filter(managed_by__manager__in=people, managed_by__to_date__isnull=True)
    return line_chain(people, today) | set(below.values_list("pk", flat=True))


def _least_grade(case: Case) -> int:
    offer = case.offers.filter(role=Role.DECIDER, status=Offer.Status.ACCEPTED).last()
    return offer.candidate.grade if offer else 0
