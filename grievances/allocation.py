"""Who is fit for a role on a case: trained, free of conflict, apart, not left out, not overfull.

A `Panel` gathers what is known of a case once and then judges any number of people in memory.
Codes are those of the guards (domain.md 5.3).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Case as Choice
from django.db.models import Q, QuerySet, Sum, When

from grievances.models import Case, CaseUserObjectPermission, Offer, Party, User
from grievances.models.parties import Bar, bar_handle
from grievances.models.people import in_office, is_certified, line_chain
from grievances.vocabulary import CAP, Office, Role, Standing, State

MEMORY = timedelta(days=1096)
"""Having decided in a case with the same people is a conflict for 36 months (domain.md 5.3)."""

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
    """What is known of a case, for judging people for one role on a local date."""

    case: Case
    role: Role
    today: date
    conflicted: set[int] = field(default_factory=set)
    barred: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        parties = list(self.case.parties.all())
        ids = {p.standing: p.person_id for p in parties if p.person_id is not None}
        self.conflicted = _conflicted(self.case, parties, ids, self.today)
        for bar in self.case.bars.all():
            self.barred.setdefault(bar.handle, set()).add(bar.why)

    @cached_property
    def clashing(self) -> set[int]:
        """People with another part in the case, or in the line of someone who has."""
        return _clashing(self.case, self.role, self.today)

    @cached_property
    def loads(self) -> dict[int, int]:
        """How many open cases each person holds in the role."""
        return loads(self.role)

    @cached_property
    def taken(self) -> bool:
        """Whether the role is offered or accepted already."""
        live = [Offer.Status.SENT, Offer.Status.ACCEPTED]
        return self.case.offers.filter(role=self.role, status__in=live).exists()

    @cached_property
    def least_grade(self) -> int:
        """The grade an appeal manager needs; 0 for every other role."""
        return _least_grade(self.case) if self.role is Role.APPEAL else 0

    def may_read(self, person: User) -> bool:
        """Whether nothing but their other work speaks against this person."""
        return (
            is_certified(person, self.role, self.today)
            and person.pk not in self.conflicted
            and bar_handle(person.pk) not in self.barred
        )

    def unfit(self, person: User) -> tuple[str, ...]:
        """The codes that speak against this person, in the order of the guards."""
        whys = self.barred.get(bar_handle(person.pk), set())
        found = {
            "NOT_CERTIFIED": not is_certified(person, self.role, self.today),
            "CONFLICT": person.pk in self.conflicted or bool(whys - {Bar.Why.EXCLUDED}),
            "ROLE_CLASH": person.pk in self.clashing,
            "EXCLUDED_BY_COMPLAINANT": Bar.Why.EXCLUDED in whys,
            "AT_CAP": self.loads.get(person.pk, 0) >= CAP[self.role],
            "NOT_SENIOR": person.grade < self.least_grade,
            "OFFER_OPEN": self.taken,
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


def readers(case: Case, today: date) -> list[User]:
    """Who would be able to open a new concern: triage officers who are fit and have keys.

    When none is left, the independent officers (peers.md 4 row 34: never without a reader).
    """
    panel = Panel(case, Role.TRIAGE, today)
    able = pool(Role.TRIAGE, today).filter(key_pair__isnull=False).select_related("key_pair")
    fit = [person for person in able if panel.may_read(person)]
    return fit or independent(case, today)


def independent(case: Case, today: date) -> list[User]:
    """The independent officers with keys who are not barred from the case."""
    barred = set(case.bars.values_list("handle", flat=True))
    people = in_office(Office.INDEPENDENT, today).filter(key_pair__isnull=False)
    return [person for person in people if bar_handle(person.pk) not in barred]


def _conflicted(case: Case, parties: list[Party], ids: dict[str, int], today: date) -> set[int]:
    respondents = {p.person_id for p in parties if p.standing == Standing.RESPONDENT}
    respondent_ids = {i for i in respondents if i is not None}
    people = {p.person_id for p in parties} - {None}
    both = respondent_ids | {ids[s] for s in [Standing.COMPLAINANT] if s in ids}
    teams = User.objects.filter(pk__in=respondent_ids).values("unit")
    team = User.objects.filter(unit__in=teams).values_list("pk", flat=True)
    found = {i for i in people if i is not None} | line_chain(both, today) | set(team)
    return found | _met_before(case, parties, today)


def _met_before(case: Case, parties: list[Party], today: date) -> set[int]:
    handles = [
        p.handle for p in parties if p.standing in {Standing.COMPLAINANT, Standing.RESPONDENT}
    ]
    same = Party.objects.filter(handle__in=handles).exclude(case=case).values("case")
    rows = Offer.objects.filter(
        case__in=same, status=Offer.Status.ACCEPTED, answered_on__gte=today - MEMORY
    )
    return set(rows.values_list("candidate_id", flat=True))


def _clashing(case: Case, role: Role, today: date) -> set[int]:
    grants = CaseUserObjectPermission.objects.filter(content_object=case).exclude(
        permission__codename__in=[role.value, f"asked_{role.value}", Role.TRIAGE_POOL.value]
    )
    now = set(grants.values_list("user_id", flat=True))
    current = Q(role=role, episode=case.episode, status__in=["sent", "accepted"])
    was = case.offers.filter(status__in=["accepted", "revoked"]).exclude(current)
    before = set(was.values_list("candidate_id", flat=True))
    other = {Role.HANDLER: Role.DECIDER, Role.DECIDER: Role.HANDLER, Role.APPEAL: Role.DECIDER}
    return now | before | _same_line(case, other.get(role), today)


def _same_line(case: Case, other: Role | None, today: date) -> set[int]:
    if other is None:
        return set()
    live = case.offers.filter(role=other, status__in=["sent", "accepted"])
    people = set(live.values_list("candidate_id", flat=True))
    if not people:
        return set()
    below = User.objects.filter(managed_by__manager__in=people, managed_by__to_date__isnull=True)
    return line_chain(people, today) | set(below.values_list("pk", flat=True))


def _least_grade(case: Case) -> int:
    offer = case.offers.filter(role=Role.DECIDER, status=Offer.Status.ACCEPTED).last()
    return offer.candidate.grade if offer else 0
