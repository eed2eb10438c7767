"""Preview who would be able to open a concern.

The preview is computed before anyone can open the concern, and is shown to its writer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from grievances.cases.access import eligibility
from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import Exclusions, excluded_from, replace_all
from grievances.cases.models.parties import add_parties
from grievances.people.matching import Answers, Told
from grievances.people.models import Unit, User, appointed, line_chain, with_linked_accounts
from grievances.policy import profiles
from grievances.vocabulary import Office, Role, Standing
from workflow.calendar import local_date

OVERSEEING = {Office.LEAD: Role.LEAD, Office.DPO: Role.DPO, Office.AUDITOR: Role.AUDITOR}
"""Offices that oversee every case without its words (domain.md 11.1)."""

LEFT_OUT = ("removed", "apart")
"""The answers that hold accounts to leave out.

The writer sees those in `removed`, and not those in `apart`. A witness who is treated worse is not
shown who handled the concern that they helped with.
"""


@dataclass(frozen=True)
class Readership:
    """Everyone who could open a concern.

    Officers read the words, overseers only the process. `told` is what the typed names mean. Only a
    person with an account is shown it.
    """

    officers: tuple[User, ...]
    overseers: tuple[tuple[Role, User], ...]
    independent: bool
    told: Told

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


def set_bars(
    case: Case, answers: Mapping[str, Any], named: Answers, now: datetime, *, sent: bool = False
) -> None:
    """Compute, before anyone can read the concern, who is excluded from it.

    Excluded are the people it is about, their line and the complainant's own line. So are the
    people left out, and anyone who took a decision that the concern is about.

    Everyone whom a typed name may mean is excluded, and so is the line of everyone whom the concern
    may be about. Only a person who is named exactly is a respondent. The complainant is never
    excluded from their own concern, even when they manage the person it is about or type their own
    name. Without `sent` it is a preview, and nothing is listed by which a respondent is found.
    """
    today = local_date(now, profiles.zone())
    own = {i for p in case.parties.filter(standing=Standing.COMPLAINANT) if (i := p.person_id)}
    case.parties.filter(standing=Standing.RESPONDENT).delete()
    removed = {int(pk) for name in LEFT_OUT for pk in answers.get(name) or ()}
    left_out = with_linked_accounts(removed | inside(named.units))
    out = named.exclude.everyone | left_out
    about = named.about.everyone - own
    add_parties(case, Standing.RESPONDENT, named.about.meant - own, listed=sent)
    barred: defaultdict[int, set[str]] = defaultdict(set)
    for why, people in (
        (Exclusions.Why.RESPONDENT, about),
        (Exclusions.Why.EXCLUDED, out - own),
        (Exclusions.Why.DECISION, named.decided.everyone - own),
        (Exclusions.Why.LINE, line_chain(about | own, today) - own),
    ):
        for person_id in people:
            barred[person_id].add(why.value)
    replace_all(case, barred)


def inside(units: Collection[Unit]) -> set[int]:
    """Return the accounts of everyone in these units."""
    if not units:
        return set()
    return set(User.objects.filter(unit__in=units).values_list("pk", flat=True))


def readership_of(case: Case, named: Answers, today: date) -> Readership:
    """Return who would be able to open this concern.

    Its exclusions must be set before (`set_bars`).
    """
    officers = eligibility.readers(case, today, remembers=False)
    return Readership(
        officers=tuple(officers),
        overseers=tuple(
            (role, person) for role, person in overseers(case, today) if role is not Role.AUDITOR
        ),
        independent=not any(person.holds(Office.TRIAGE, today) for person in officers),
        told=Told.of(named.fields),
    )


def overseers(case: Case, today: date) -> list[tuple[Role, User]]:
    """Return who will oversee the case by office, each with their role.

    No one excluded is among them, and never the complainant. An auditor sees the trail of steps and
    cannot open the case. A casework lead is responsible for the case. So a conflict by relationship
    excludes them as it does an officer, and so does a working role. When no lead remains, an
    independent officer who does not read the case replaces them.
    """
    barred = excluded_from(case)
    own = {p.person_id for p in case.parties.filter(standing=Standing.COMPLAINANT)}
    unfit = eligibility.conflicted(case, today) | eligibility.busy_beside(case, Role.LEAD)
    found = [
        (OVERSEEING[office], person)
        for office, person in appointed(OVERSEEING, today)
        if person.pk not in own
        and person.pk not in barred
        and not (OVERSEEING[office] is Role.LEAD and person.pk in unfit)
    ]
    if any(role is Role.LEAD for role, _ in found):
        return found
    reading = eligibility.readers(case, today, remembers=False)
    last = eligibility.independent(case, today)
    free = [person for person in last if person not in reading and person.pk not in unfit]
    return [*((Role.LEAD, person) for person in free), *found]


def _ids(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part]
