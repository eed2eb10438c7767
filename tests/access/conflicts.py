"""Who is unfit for a role in a case, who is excluded, and who would read it."""

from __future__ import annotations

from datetime import date

from grievances.cases.access import eligibility
from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import excluded_from
from grievances.intake import drafts, submission
from grievances.people.models import LineManagement, User
from grievances.vocabulary import Role
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import SINCE, Staff

TODAY = START.date()


def codes(case: Case, person: User, role: Role = Role.HANDLER) -> tuple[str, ...]:
    return eligibility.Panel(case, role, TODAY).unfit(person)


def barred(case: Case, person: User) -> set[str]:
    return set(excluded_from(case).get(person.pk, ()))


def names(staff: Staff, **answers: str) -> set[str]:
    """Who the page would show as readers of a new concern."""
    draft = drafts.open_draft(staff["complainant1"], staff.caller("complainant1"), now=START)
    people = submission.preview(draft, {**cases.ACCOUNT, **answers}, now=START)
    return {staff.name_of(person) for person in people}


def manage(staff: Staff, manager: str, person: str, until: date | None = None) -> None:
    LineManagement.objects.create(
        person=staff[person], manager=staff[manager], from_date=SINCE, to_date=until
    )
