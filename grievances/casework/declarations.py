"""The people about whom a candidate signs a declaration (domain.md 5.3)."""

from __future__ import annotations

from datetime import date

from grievances.cases.access import rules
from grievances.cases.access.eligibility import Panel
from grievances.cases.actions.actor import Caller
from grievances.cases.actions.fitness import unfit_to_help
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.parties import complainant_of
from grievances.cases.models.records import Kind, in_order, read_all
from grievances.cases.roles import SHARED
from grievances.participants.redaction import respondent_ids
from grievances.people.models import User
from grievances.vocabulary import ASKED, ASKED_TO_HELP, Identity, Role

NAMELESS = {Role.ASKED_NOTE_TAKER.value, Role.ASKED_ADVISER.value}
"""Who is asked for a part that never reads the name (domain.md 11.1)."""

RULE = "read_names_to_declare"
"""The access rule of the names; a view of them is recorded under it."""

NOT_IN_YOUR_PART = (
    "Your part does not show their name. We have checked the staff directory for a connection."
)
UNSHARED = "Their name is confidential. We have checked the staff directory for a connection."
UNNAMED = "No one is named yet. You sign again when you have read the account."
OWN_WORDS = "Named by the complainant, in their own words"
NOT_SHOWN = "Your part does not show whom. We have checked the staff directory for a connection."
NO_KEY_YET = (
    "A key that opens these names has not reached you yet. It comes when someone who works on the "
    "case opens it."
)


def names_to_declare(case: Case, caller: Caller, today: date) -> list[tuple[str, str]]:
    """Return who is named in a case, as (part, name), for a candidate.

    The directory is asked first. A candidate against whom it speaks on this local date, and every
    person who is no candidate, is shown nothing. A name that is not shared is never in the list.
    """
    person = caller.who
    if not isinstance(person, User) or not rules.allows(person, RULE, case):
        return []
    if not _is_fit(case, person, today):
        return []
    ring = Keyring.of(case, caller.holder)
    typed = read_all(case, ring, [Kind.PEOPLE])
    about = User.objects.filter(pk__in=respondent_ids(case)).order_by("name", "pk")
    found = [
        *(("The person it is about", each.name) for each in about),
        *((OWN_WORDS, each.text) for each in typed),
    ]
    is_nameless = _asked(case, person) <= NAMELESS
    if not opens_names(case, ring):
        found.append((OWN_WORDS, NOT_SHOWN if is_nameless else NO_KEY_YET))
    own = NOT_IN_YOUR_PART if is_nameless else _complainant(case)
    return [("Complainant", own), *(found or [("Others", UNNAMED)])]


def opens_names(case: Case, ring: Keyring) -> bool:
    """Return whether the keyring opens all that the complainant wrote of who is named."""
    kept = in_order(case).filter(kind=Kind.PEOPLE)
    return all(row.compartment in ring for row in kept)


def _asked(case: Case, person: User) -> set[str]:
    """Return the roles of a person on a case; a candidate has those they are asked."""
    return set(case.grants.filter(user=person).values_list("permission__codename", flat=True))


def _is_fit(case: Case, person: User, today: date) -> bool:
    """Return whether nothing speaks against the person in a part they are asked."""
    asked = _asked(case, person)
    roles = [role for role, asked_role in ASKED.items() if asked_role.value in asked]
    parts = [part for part, asked_role in ASKED_TO_HELP.items() if asked_role.value in asked]
    return bool(roles or parts) and not any(
        (
            *(Panel(case, Role(role), today).unfit_to_serve(person) for role in roles),
            *(unfit_to_help(case, part, person, today) for part in parts),
        )
    )


def _complainant(case: Case) -> str:
    if case.identity == Identity.ANONYMOUS:
        return "Anonymous. No one may try to find out who it is."
    person = complainant_of(case).person_id if SHARED.is_met(case) else None
    return User.objects.get(pk=person).name if person is not None else UNSHARED
