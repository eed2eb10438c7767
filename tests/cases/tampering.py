"""The ways in which what would pass can be spoiled: facts, rows, people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from grievances.cases.models.assignments import grant
from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import Exclusions, bar
from grievances.people.models import Leave, LineManagement, Training, User
from grievances.vocabulary import Role
from tests.cases.scenarios import DAY
from tests.factories import cases, edge_cases
from tests.factories.cases import START
from tests.factories.people import SINCE, UNTIL, Staff
from tests.participants import hearing
from workflow.models import PolicyProfile

Spoil = Callable[[Staff, Case], None]


@dataclass(frozen=True)
class Spoiled:
    """A walk that would pass, but for `spoil` (done to the case) and `changed` (the answers)."""

    walk: str
    code: str
    changed: dict[str, Any] = field(default_factory=dict)
    spoil: Spoil = lambda staff, case: None

    def __str__(self) -> str:
        return f"{self.walk}-{self.code}"


def fact(**values: Any) -> Spoil:
    """The case says otherwise."""

    def spoil(staff: Staff, case: Case) -> None:
        Case.unguarded.filter(pk=case.pk).update(**values)

    return spoil


def away(name: str) -> Spoil:
    """A member of staff is on leave for the whole story."""

    def spoil(staff: Staff, case: Case) -> None:
        Leave.objects.create(person=staff[name], from_on=SINCE, until_on=UNTIL)

    return spoil


def left_without_a_note(staff: Staff, case: Case) -> None:
    """The handler before left, and nothing was handed over."""
    case.handovers.create(role=Role.HANDLER, has_left=True, owed_on=SINCE)


def rows(name: str, where: dict[str, Any] | None = None, **values: Any) -> Spoil:
    """Rows that belong to the case say otherwise."""

    def spoil(staff: Staff, case: Case) -> None:
        getattr(case, name).filter(**(where or {})).update(**values)

    return spoil


def uncertified(name: str) -> Spoil:
    """The certificate ran out yesterday."""

    def spoil(staff: Staff, case: Case) -> None:
        Training.objects.filter(person=staff[name]).update(expires_on=DAY - timedelta(days=1))

    return spoil


def once_managed(name: str) -> Spoil:
    """The person managed the respondent until last year."""

    def spoil(staff: Staff, case: Case) -> None:
        LineManagement.objects.create(
            person=staff["respondent1"],
            manager=staff[name],
            from_date=SINCE,
            to_date=DAY - timedelta(days=300),
        )

    return spoil


def has_role(name: str, role: Role) -> Spoil:
    """The person has another part in the case already."""
    return lambda staff, case: grant(case, staff[name], role)


def left_out(name: str) -> Spoil:
    """The complainant asked that the person is not involved."""
    return lambda staff, case: bar(case, staff[name].pk, Exclusions.Why.EXCLUDED)


def full(name: str, role: Role, count: int) -> Spoil:
    """The person holds as many cases as one may."""

    def spoil(staff: Staff, case: Case) -> None:
        for _ in range(count):
            grant(edge_cases.drafted(staff), staff[name], role)

    return spoil


def graded(name: str, grade: int) -> Spoil:
    """The person is of this grade."""
    return lambda staff, case: change(staff[name], grade=grade)


def change(person: User, **values: Any) -> None:
    User.objects.filter(pk=person.pk).update(**values)
    for name, value in values.items():
        setattr(person, name, value)


def decided_by_the_handler(staff: Staff, case: Case) -> None:
    """The person who decides is the one who looked into it."""
    case.offers.filter(role="handler").update(candidate=staff["decider1"])


def an_offer_is_open(staff: Staff, case: Case) -> None:
    """Someone else has been asked already."""
    who = staff["handler2"]
    cases.done(staff, case, "triage1", "offer", START, role="handler", candidate=who)


def an_appeal_offer_is_open(staff: Staff, case: Case) -> None:
    """The appeal manager has been asked already."""
    who = staff["appeal1"]
    cases.done(staff, case, "triage1", "offer_later", START, role="appeal", candidate=who)


def a_hold_is_asked_for(staff: Staff, case: Case) -> None:
    """Someone has asked for a legal hold, and no one has answered."""
    edge_cases.ask_keeping(staff, case, "set_legal_hold", "COURT", START)


def the_policy_is_the_newest(staff: Staff, case: Case) -> None:
    """The case has the newest policy already."""
    newest = PolicyProfile.objects.filter(code="uk_default").latest("version")
    Case.unguarded.filter(pk=case.pk).update(profile=newest)


def was_put(staff: Staff, case: Case) -> None:
    """It was put to the respondent, who still has time to answer."""
    hearing.put(staff, case)


def somebody_invited(staff: Staff, case: Case) -> None:
    """Someone has a link already."""
    hearing.invite(staff, case)


def handled_elsewhere(staff: Staff, case: Case) -> None:
    """Someone who does not read this concern handles the earlier one."""
    grant(Case.unguarded.exclude(pk=case.pk).get(), staff["handler1"], Role.HANDLER)


def unfit(walk: str, name: str, clash: Role) -> list[Spoiled]:
    """What speaks against a person: certificate, conflict, another part, left out."""
    return [
        Spoiled(walk, "NOT_CERTIFIED", spoil=uncertified(name)),
        Spoiled(walk, "CONFLICT", spoil=once_managed(name)),
        Spoiled(walk, "ROLE_CLASH", spoil=has_role(name, clash)),
        Spoiled(walk, "EXCLUDED_BY_COMPLAINANT", spoil=left_out(name)),
    ]
