"""Move from anonymous to confidential to open (domain.md 5.7).

Only the complainant can do this, and it is never undone. To bring an anonymous concern into an
account, a person must be signed in and hold its case key, because nothing else shows that both are
one person. After that the case key opens nothing.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_noop

from grievances.cases.actions import step_answers as given
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.effects import (
    Execution,
    StepExecution,
    appoint,
    effect,
    give_keys,
    working_keys,
)
from grievances.cases.actions.exclusions import exclude_person
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.assignments import holders
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import keep_away_days
from grievances.cases.models.exclusions import Exclusions, is_excluded, lift
from grievances.cases.models.key_distribution import take_keys
from grievances.cases.models.parties import (
    add_new_parties,
    add_party,
    complainant_of,
    ending_pseudonym,
    new_party,
)
from grievances.cases.models.records import Kind, write
from grievances.cases.notices.sending import retract
from grievances.cases.step_names import StepName
from grievances.casework.vacancies import keep_a_reader
from grievances.intake import agreements, taking_down
from grievances.intake.drafts import NEW_CASE_KEYS
from grievances.intake.submission import find_by_case_key
from grievances.people.models import User, line_chain
from grievances.vocabulary import ASKED, Compartment, Contact, Role, Standing
from workflow.steps import Refused

TYPED_BY_YOU = (
    "TYPED_BY_YOU",
    "You typed this concern and have seen its case key. A colleague has to speak with the "
    "person and record it.",
)
KEY_NOT_REPLACED = (
    "KEY_NOT_REPLACED",
    "Another person still has the case key of this concern. Ask the person it happened to to come "
    "back with it, and to put a new one in its place. Then they tell you the end of the new one. "
    "If they were asked in their own account, they answer there.",
)
ANEW = "Ask for a new case key for them: the casework lead speaks with the person as well."
KEY_NOT_KNOWN = (
    "KEY_NOT_KNOWN",
    f"We cannot check who has the case key of this concern. {ANEW}",
)
NOT_THE_KEY_IN_USE = (
    "NOT_THE_KEY_IN_USE",
    "These are not the last 4 characters of the case key in use. Ask the person to look again. If "
    f"they have no other, another person has put in a key of their own. {ANEW}",
)


@transaction.atomic
def bring_in(case_key: str, caller: Caller, *, now: datetime) -> Case:
    """Bring the concern of this case key into the caller's account.

    It becomes a confidential concern.

    Raises Refused when the step cannot be taken.

    Returns:
        The case, now the account's own.

    Raises:
        NotAllowed: the case key is unknown, another person has seen it, the concern has a name
            already, or the account is excluded from it or typed it. The answer is the same for
            each of them.
    """
    case, anonymous_reporter = find_by_case_key(case_key)
    if case.key_handed_over:
        raise NotAllowed  # its holder comes back first, and replaces it
    return _tie(case, anonymous_reporter, caller.person, now)


def _tie(case: Case, anonymous_reporter: Caller, person: User, now: datetime) -> Case:
    barred = is_excluded(case, person.pk) or taking_down.has_typed(case, person)
    if barred or not hasattr(person, "key_pair"):
        raise NotAllowed
    step_input = StepInput(answers={"person": person})
    perform(
        StepName.GIVE_NAME,
        case_id=case.pk,
        caller=anonymous_reporter,
        now=now,
        step_input=step_input,
    )
    return case


@transaction.atomic
def confirm_own(caller: Caller, number: int, *, now: datetime) -> Case:
    """Confirm a concern that another person raised for this one.

    It comes into the account.

    Raises NotAllowed when none waits under this number, and Refused when a step cannot be taken.

    Returns:
        The case, now the account's own.
    """
    asked = agreements.find(caller, number)
    # They were kept out as an officer because it happened to them. It is their own from now on.
    lift(asked.case, caller.person.pk, agreements.OWN)
    _answer(asked, StepName.CONFIRM_CONCERN, caller.person, now)
    case = _tie(*find_by_case_key(asked.case_key), caller.person, now)
    agreements.forget(caller.person, number)
    return case


@transaction.atomic
def refuse_own(caller: Caller, number: int, *, now: datetime) -> None:
    """Close a concern that another person raised for this one, who does not want it.

    Raises NotAllowed when none waits under this number, and Refused when the step cannot be taken.
    """
    asked = agreements.find(caller, number)
    _answer(asked, StepName.REFUSE_CONCERN, caller.person, now)
    agreements.forget(caller.person, number)


def _answer(asked: agreements.Asked, step: StepName, person: User, now: datetime) -> None:
    confirmed = StepInput(answers={"confirm": True, "asked": person})
    perform(step, case_id=asked.case.pk, caller=asked.caller, now=now, step_input=confirmed)


@effect(StepName.CONFIRM_CONCERN)
@effect(StepName.REFUSE_CONCERN)
def answer_as_oneself(execution: StepExecution) -> None:
    """Let no one answer with a key that another person has seen.

    The person who was asked in their own account answers there, and needs no key.

    Raises:
        NotAllowed: The key was handed over, and this is not the person who was asked.
    """
    if execution.case.key_handed_over and "asked" not in execution.answers:
        raise NotAllowed


@effect(StepName.HEAR_PERSON)
def hear_person(execution: StepExecution) -> None:
    """Let an officer who did not type it record that they spoke with the person.

    The person tells the officer the end of the case key they have, so that no talk counts for a key
    that another person has put in its place.

    Raises:
        Refused: TYPED_BY_YOU, KEY_NOT_REPLACED, KEY_NOT_KNOWN or NOT_THE_KEY_IN_USE.
    """
    case = execution.case
    if taking_down.has_typed(case, execution.caller.person):
        raise Refused(*TYPED_BY_YOU)
    if case.key_handed_over:
        raise Refused(*KEY_NOT_REPLACED)
    kept = complainant_of(case).key_ending
    if not kept:
        raise Refused(*KEY_NOT_KNOWN)
    typed = ending_pseudonym(case.pk, str(execution.answers["ending"]))
    if not constant_time_compare(kept, typed):
        raise Refused(*NOT_THE_KEY_IN_USE)


@effect(StepName.GIVE_NAME)
def tie_to_account(execution: Execution[given.NamedPerson]) -> None:
    """Replace the case key by the account, and exclude the account's managers."""
    person, case = execution.answers["person"], execution.case
    old = complainant_of(case)
    for role in Role:
        if holders(case, role).filter(pk=person.pk).exists():
            exclude_person(execution, person, Exclusions.Why.CONFLICT)
            lift(case, person.pk)
    retract(case.reference, old.handle)
    case.parties.filter(pk=old.pk).delete()
    add_party(case, Standing.COMPLAINANT, person.pk)
    if execution.caller.holder is not None:
        take_keys(case, execution.caller.holder.name, ring=execution.ring)
    give_keys(execution, person, NEW_CASE_KEYS)
    reach = f"{person.name}\n{Contact.PORTAL.label}"
    write(case, execution.ring, Kind.NAME, reach, author=execution.role, now=execution.now)
    for manager in User.objects.filter(pk__in=line_chain([person.pk], execution.today)):
        exclude_person(execution, manager, Exclusions.Why.LINE)
    keep_a_reader(execution)


@effect(StepName.CHANGE_CONTACT)
def reach_anew(execution: Execution[given.NewContact]) -> None:
    """Keep the new way and address, for the notices and for those who know the name."""
    case, old = execution.case, complainant_of(execution.case)
    person_id = old.person_id
    if person_id is None:
        return
    contact = Contact(execution.answers["contact"])
    address = str(execution.answers.get("address") or "") if contact != Contact.PORTAL else ""
    case.parties.filter(pk=old.pk).delete()
    party = new_party(case, Standing.COMPLAINANT, person_id, contact=contact, address=address)
    party.sealed_away = old.sealed_away
    add_new_parties([party])
    name = User.objects.get(pk=person_id).name
    reach = f"{name}\n{contact.label} {address}".strip()
    write(case, execution.ring, Kind.NAME, reach, author=execution.role, now=execution.now)


@effect(StepName.SAY_AWAY)
def keep_days_away(execution: Execution[given.DaysAway]) -> None:
    """Seal the days on which the complainant is away; without days they are forgotten.

    Raises:
        Refused: DAYS_IN_ORDER.
    """
    first, last = execution.answers.get("from_on"), execution.answers.get("until_on")
    if first is None and last is None:
        return keep_away_days(complainant_of(execution.case), None)
    if first is None or last is None or not first <= last or last < execution.today:
        raise Refused(
            "DAYS_IN_ORDER",
            gettext_noop("Give the first and the last day: the last one is today or later."),
        )
    return keep_away_days(complainant_of(execution.case), (first, last))


@effect(StepName.USE_NAME)
def open_the_name(execution: StepExecution) -> None:
    """Give the name to everyone who works on the case, the casework lead included."""
    for role in (Role.HANDLER, Role.DECIDER, Role.APPEAL, Role.CO_HANDLER, *ASKED.values()):
        for person in holders(execution.case, role):
            appoint(execution, person, role, working_keys(execution.case))
    for person in holders(execution.case, Role.LEAD).filter(key_pair__isnull=False):
        appoint(execution, person, Role.LEAD, (Compartment.OFFICE, Compartment.IDENTITY))
