"""A colleague whom a person has chosen to ask them how they are.

The colleague learns that this person wants to be asked, and nothing about any concern.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_noop

from grievances.aftercare.models import Aftercare, Facts, Listener
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.people.matching import match_one
from grievances.people.models import User, line_chain, with_linked_accounts
from grievances.vocabulary import Standing
from workflow.steps import Refused

NOT_THIS_PERSON = (
    "NOT_THIS_PERSON",
    gettext_noop(
        "We cannot ask this person. Choose one person who has an account here, does not manage you "
        "and does not work on concerns. Type their full name or user name."
    ),
)
"""One sentence for every reason: it must not tell who has which part in a case."""


def find_ally(caller: Caller, typed: str, facts: Facts, today: date) -> User:
    """Return the colleague that a typed name means.

    Raises:
        Refused: for no one, several people, oneself, a line manager or an officer.
    """
    person = caller.person
    found = match_one(typed)
    if found is None or found.pk in with_linked_accounts({person.pk}):
        raise Refused(*NOT_THIS_PERSON)
    if found.pk in line_chain({person.pk}, today) or _works_on_concerns(found, today):
        raise Refused(*NOT_THIS_PERSON)
    return found


def is_about(row: Aftercare, facts: Facts, person: User) -> bool:
    """Return whether the complainant has named this person as a respondent."""
    if facts.standing != Standing.COMPLAINANT:
        return False
    rows = row.case.parties.filter(standing=Standing.RESPONDENT)
    return person.pk in with_linked_accounts({pk for p in rows if (pk := p.person_id)})


def asked_by(caller: Caller, label: str) -> User:
    """Return the person who wants to be asked by this colleague.

    Raises:
        NotAllowed: when this colleague was not chosen, or is not any more.
    """
    facts = _chosen(caller, label).facts
    person = User.objects.filter(pk=facts.person_id, is_active=True).first()
    if person is None:
        raise NotAllowed
    return person


@transaction.atomic
def step_back(caller: Caller, label: str) -> Aftercare:
    """Take this colleague out; the person answers a form of their own from now on.

    Returns:
        The row, sealed anew without the colleague.
    """
    _chosen(caller, label)
    row = Aftercare.objects.select_for_update(of=("self",)).select_related("case").get(label=label)
    row.seal(replace(row.facts, listener=Listener.SELF, ally_id=0))
    row.save(update_fields=["sealed"])
    return row


def _chosen(caller: Caller, label: str) -> Aftercare:
    row = Aftercare.objects.filter(label=label).select_related("case").first()
    if row is None or not row.facts.ally_id or row.facts.ally_id != caller.person.pk:
        raise NotAllowed
    return row


def _works_on_concerns(person: User, today: date) -> bool:
    return any(each.is_current(today) for each in person.appointments.all())
