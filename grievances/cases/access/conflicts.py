"""Conflicts of interest: who may not take a role on a case.

Another person in the case speaks against it, or another role of the same person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial

from django.db.models import BigIntegerField, DateField, Q, QuerySet

from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.case import Case
from grievances.cases.models.offers import Offer
from grievances.cases.models.parties import Entry, Party
from grievances.cases.models.readers import Tenure
from grievances.people.lines import below_all, join_below, reports_of, teams_of
from grievances.people.models import (
    Links,
    User,
    account_links,
    in_units_of,
    join_linked,
    line_chain,
)
from grievances.vocabulary import LIMITED, WORK_ROLES, Role, Standing
from workflow.sql.compiled_sql import Bound, CompiledQuery, ValueLater, bound_list, listed

MEMORY = timedelta(days=1096)
"""How long an earlier role in a case with the same people is a conflict.

36 months, in days (domain.md 5.3).
"""

MET_AS = (Role.HANDLER, Role.DECIDER, Role.APPEAL, Role.MEDIATOR, *LIMITED)

LIVE = (Offer.Status.SENT, Offer.Status.ACCEPTED)
"""An offer that waits for an answer, or was accepted and not taken back."""

Sides = tuple[tuple[int, str], ...]
"""The accounts of the parties of a case: (account id, standing)."""


@dataclass(frozen=True)
class Past:
    """What was read of a case under its lock, when a step on it began.

    `grants` are (role, account id) of those who work on it. A table without rows is not read.
    """

    grants: tuple[tuple[str, int], ...]
    has_offers: bool = True
    had_roles: bool = True


def busy_beside(case: Case, role: Role) -> set[int]:
    """Return who holds a role on the case that excludes holding this one.

    The five working roles go to five people, and a casework lead holds none of them (domain.md 5.3,
    G_SEPARATION). Waiting in the triage pool is not a role in this sense.
    """
    parts = {*WORK_ROLES, Role.LEAD} - {Role.TRIAGE_POOL, role}
    if role is Role.TRIAGE_POOL:
        parts -= {Role.TRIAGE, Role.LEAD}
    grants = CaseUserObjectPermission.objects.filter(content_object=case)
    held = grants.filter(permission__codename__in=[part.value for part in parts])
    return set(held.values_list("user_id", flat=True))


def conflicted(case: Case, today: date) -> set[int]:
    """Return everyone with a conflict by relationship.

    These are the parties, their line managers, and the respondent's team and those they manage.
    """
    return people_related_to(sides_of(case), today, account_links())


def past_of(case: Case) -> Past:
    """Return the past of a case for which no step has begun."""
    grants = CaseUserObjectPermission.objects.filter(content_object=case)
    return Past(tuple(grants.values_list("permission__codename", "user_id")))


def sides_of(case: Case, parties: Iterable[Party] | None = None) -> Sides:
    """Return the parties of a case that have an account.

    `parties` are those of the case, where they were read before.
    """
    rows = case.parties.all() if parties is None else parties
    found = ((party.person_id, party.standing) for party in rows)
    return tuple((pk, standing) for pk, standing in found if pk is not None)


def respondents_on(sides: Sides) -> set[int]:
    """Return the accounts of those whom a case is about."""
    return {pk for pk, standing in sides if standing == Standing.RESPONDENT}


def people_related_to(
    sides: Sides, today: date, links: Links, team: set[int] | None = None
) -> set[int]:
    """Return the ids of these parties and their managers.

    Of the respondents also the teams, and whom they manage at any level: no one looks into their
    own manager. Every account of each of them is among the ids. `team` are those of the
    respondents, where they were read before.
    """
    respondents = respondents_on(sides)
    both = respondents | {pk for pk, standing in sides if standing == Standing.COMPLAINANT}
    if team is None:
        team = teams_of(respondents, today, links) if respondents else set()
    parties_own = join_linked((pk for pk, _ in sides), links)
    return parties_own | line_chain(both, today, links) | join_below(team, today, links)


def people_close_to(sides: Sides, today: date, links: Links) -> set[int]:
    """Return the parties, their managers, and the respondents' units and reports."""
    team = in_units_of(join_linked(respondents_on(sides), links))
    reports = reports_of(respondents_on(sides), today, links)
    return people_related_to(sides, today, links, team | reports)


def people_met_before(
    case: Case, sides: Sides, today: date, entries: Mapping[int, Sequence[Entry]]
) -> set[int]:
    """Return who worked, within `MEMORY`, on another case with the same people.

    `entries` are the other cases of each party, by account id.
    """
    asked = {Standing.COMPLAINANT.value, Standing.RESPONDENT.value}
    people = [(pk, standing) for pk, standing in sides if standing in asked]
    same = {
        entry.case_id
        for pk, standing in people
        for entry in entries[pk]
        if entry.standing == standing and entry.case_id not in {0, case.pk}
    }
    if not same:
        return set()
    given = listed("case", sorted(same), 0)
    rows = _worked_on(len(given)).rows(since=today - MEMORY, **given)
    return {row.pk for row in rows}


@cache
def _worked_on(room: int) -> CompiledQuery[User]:
    return CompiledQuery(partial(_worked, room))


def _worked(room: int) -> QuerySet[User]:
    """Return the query of who worked on one of so many cases, each person once."""
    since: ValueLater = Bound("since", DateField())
    # A role counts until its case closes: too long rather than too short.
    recent = Q(case__closed_on__isnull=True) | Q(case__closed_on__gte=since)
    same = Q(case__pk__in=bound_list("case", room, BigIntegerField()))
    parts = Tenure.objects.filter(recent, same, role__in=MET_AS).order_by()
    return User.objects.filter(pk__in=parts.values("person")).order_by().only("pk")


def people_with_clashing_roles(
    case: Case, role: Role, offers: Sequence[Offer], today: date, links: Links, past: Past
) -> set[int]:
    """Return who has or had another role on the case.

    Who manages the person in the opposite role, or is managed by them, is among them.
    """
    of_the_role = {role.value, f"asked_{role.value}", Role.TRIAGE_POOL.value}
    now = {person for part, person in past.grants if part not in of_the_role}
    own = (role, case.episode)
    before = {
        offer.candidate_id
        for offer in offers
        if offer.status == Offer.Status.REVOKED
        or (offer.status == Offer.Status.ACCEPTED and (offer.role, offer.episode) != own)
    }
    if past.had_roles:
        other_parts = case.tenures.exclude(role=role, episode=case.episode)
        before |= set(other_parts.values_list("person_id", flat=True))
    opposite = {Role.HANDLER: Role.DECIDER, Role.DECIDER: Role.HANDLER, Role.APPEAL: Role.DECIDER}
    other = opposite.get(role)
    asked = {each.candidate_id for each in offers if each.role == other and each.status in LIVE}
    # A second account of a person is that person; an offer by itself does not clash.
    linked = join_linked(now | before | asked, links) - asked
    return now | before | linked | _same_line(asked, today, links)


def _same_line(people: set[int], today: date, links: Links) -> set[int]:
    """Return who manages these people, and whom they manage, at any level."""
    if not people:
        return set()
    return line_chain(people, today, links) | below_all(people, today, links)
