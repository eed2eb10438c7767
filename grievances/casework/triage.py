"""Effects of the steps from sending to the way forward (T01-T14).

They set readers, grants and keys.
"""

from __future__ import annotations

from collections.abc import Sequence

from grievances.cases.access import eligibility
from grievances.cases.access.readers_preview import overseers
from grievances.cases.actions import step_answers as given
from grievances.cases.actions.effects import (
    SHARE_OF,
    TRIAGE_KEYS,
    Execution,
    StepExecution,
    appoint,
    clear,
    effect,
    lead_keys,
    remove,
    working_keys,
)
from grievances.cases.actions.exclusions import exclude_all_close_to, exclude_person, forget_readers
from grievances.cases.actions.key_alarm import keys_to_seal_to
from grievances.cases.models.assignments import grant_each, holders, withdraw_all
from grievances.cases.models.case import Allegation
from grievances.cases.models.case_keys import put_first
from grievances.cases.models.exclusions import Exclusions
from grievances.cases.models.key_distribution import share_rows, take_keys
from grievances.cases.models.parties import add_party
from grievances.cases.models.stored_keys.held import HeldKey
from grievances.cases.models.stored_keys.rows import Part
from grievances.cases.notices.sending import retract
from grievances.cases.step_names import StepName
from grievances.casework.reader_announcements import announce_readers
from grievances.casework.reader_grants import admit
from grievances.casework.vacancies import keep_a_reader, require_a_reader
from grievances.choices import Involved, RerouteReason, Welcome
from grievances.encryption.key_pairs import holder_name
from grievances.encryption.server_keys import person_pseudonym
from grievances.participants.consents import put_question
from grievances.people.models import User, line_chain
from grievances.vocabulary import ASKED, WORK_ROLES, Role, Standing
from workflow.sql.bulk_sql import insert_rows
from workflow.steps import Refused


@effect(StepName.SUBMIT)
def open_to_readers(execution: Execution[given.Submission]) -> None:
    """Seal the keys to exactly the people the page showed, and to no one else."""
    readers, watching = execution.answers["readers"], execution.answers.get("overseers")
    if watching is None:
        watching = overseers(execution.case, execution.today)
    grant_each(execution.case, [*((Role.TRIAGE_POOL, one) for one in readers), *watching])
    own = execution.ring.new_keys(keys_to_seal_to(execution, readers), TRIAGE_KEYS)
    put_first(execution.case, [*own, *_keys_of_overseers(execution, watching)])
    insert_rows([Allegation(case=execution.case, number=1)])


def _keys_of_overseers(
    execution: StepExecution, watching: Sequence[tuple[Role, User]]
) -> list[HeldKey]:
    """Return the keys of the overseers of a new case, not stored yet.

    They are the casework lead (process only), the data-protection officer and auditors (trail
    only). The first two get one share each of every key. A share opens nothing without the other.
    """
    able = {
        role: keys_to_seal_to(execution, [person for theirs, person in watching if theirs is role])
        for role in SHARE_OF
    }
    own = execution.ring.new_keys(able[Role.LEAD], lead_keys(execution.case))
    shares = share_rows(execution.ring, {SHARE_OF[role]: keys for role, keys in able.items()})
    return [*own, *shares]


@effect(StepName.ACKNOWLEDGE)
def take_on(execution: StepExecution) -> None:
    """Give the case to one officer; the others lose access, keys and notices."""
    person = execution.caller.who
    known, own = execution.known, person.pk if isinstance(person, User) else 0
    pool = known.holders(Role.TRIAGE_POOL) if known is not None else []
    others = [pk for pk in pool if pk != own]
    withdraw_all(execution.case, [Role.TRIAGE_POOL])
    pending = execution.case.pending_readers.filter(role=Role.TRIAGE_POOL, into__isnull=True)
    for row in pending if known is not None and known.has_pending_readers else ():
        forget_readers(execution, row.person)
    retract(execution.case.reference, *(person_pseudonym(pk) for pk in others))
    if others:
        take_keys(execution.case, *(holder_name(pk) for pk in others), ring=execution.ring)
    if isinstance(person, User):
        appoint(execution, person, Role.TRIAGE, TRIAGE_KEYS)


@effect(StepName.REROUTE)
def pass_on(execution: Execution[given.Rerouting]) -> None:
    """Remove one officer; when no reader is left, others are announced.

    A person removed for a conflict, or because they were excluded, never gets the case again.
    """
    person = execution.answers["person"]
    why = BARRED_FOR.get(str(execution.answers.get("reason")))
    if why is not None:
        exclude_person(execution, person, why)
    else:
        remove(execution.case, person, Role.TRIAGE_POOL, execution.ring)
    keep_a_reader(execution, besides=person)


BARRED_FOR = {
    RerouteReason.CONFLICT.value: Exclusions.Why.CONFLICT,
    RerouteReason.EXCLUDED.value: Exclusions.Why.EXCLUDED,
}


@effect(StepName.BEGIN_MEDIATION)
@effect(StepName.MEDIATE_INSTEAD)
def announce_mediator(execution: Execution[given.Mediation]) -> None:
    """Announce the mediator to the complainant before they begin.

    Both people have agreed to mediation. The key of the mediator's notes is made when the mediator
    begins, and no one else is ever given it.
    """
    announce_readers(execution, [execution.answers["mediator"]], Role.MEDIATOR)


@effect(StepName.END_MEDIATION)
def release_mediator(execution: StepExecution) -> None:
    """Remove the mediator and their keys: the notes stay sealed for good (T14).

    A mediator who was announced does not come.
    """
    for row in execution.case.pending_readers.filter(role=Role.MEDIATOR):
        forget_readers(execution, row.person)
    for person in holders(execution.case, Role.MEDIATOR):
        remove(execution.case, person, Role.MEDIATOR, execution.ring)


@effect(StepName.EXCLUDE)
def keep_away(execution: Execution[given.PeopleKeptOut]) -> None:
    """Exclude people at once: grants, keys and access end together."""
    for person in execution.answers.get("matched", ()):
        exclude_person(execution, person, Exclusions.Why.EXCLUDED)
    keep_a_reader(execution)
    require_a_reader(execution)


@effect(StepName.ANSWER_READER)
def welcome_or_not(execution: Execution[given.ReaderAnswer]) -> None:
    """Admit an announced reader at once, or exclude them and announce another.

    With `into`, the reader would read it with an earlier concern. Then a yes means that the two may
    be joined now, and a no that they never are.

    Raises:
        Refused: the person has begun already, or does not come any more.
    """
    row = execution.case.pending_readers.filter(pk=execution.answers["reader"]).first()
    if row is None:
        raise Refused("STALE_STATE", "This person has begun already, or does not come any more.")
    if execution.answers["answer"] == Welcome.FINE and row.into_id is not None:
        row.effective_on = execution.today
        row.save(update_fields=["effective_on"])
        return
    if execution.answers["answer"] == Welcome.FINE:
        admit(execution, row)
        return
    exclude_person(execution, row.person, Exclusions.Why.EXCLUDED)
    keep_a_reader(execution)
    require_a_reader(execution)


@effect(StepName.NAME_RESPONDENT)
def link_respondent(execution: Execution[given.NamedRespondent]) -> None:
    """Exclude the respondent, and everyone who manages them, from the case.

    A person who took a decision that the concern is about is excluded alone, because they are not
    accused. Accounts of a name close to theirs are excluded too, since one person may have two.
    """
    person = execution.answers["person"]
    if execution.answers.get("part") == Involved.DECISION:
        exclude_all_close_to(execution, person, Exclusions.Why.DECISION)
        keep_a_reader(execution)
        return
    add_party(execution.case, Standing.RESPONDENT, person.pk)
    exclude_all_close_to(execution, person, Exclusions.Why.RESPONDENT)
    for manager in User.objects.filter(pk__in=line_chain([person.pk], execution.today)):
        exclude_person(execution, manager, Exclusions.Why.LINE)
    keep_a_reader(execution)


@effect(StepName.ASK_CONSENT)
def ask_each(execution: Execution[given.ConsentQuestion]) -> None:
    """Ask the complainant first; no one else learns of it until they have said yes."""
    put_question(execution.case, execution.answers["what"], Standing.COMPLAINANT, execution.now)


@effect(StepName.SHARE_NAME)
def share_name(execution: StepExecution) -> None:
    """Seal the name, after a yes, to handler, decision maker and appeal manager."""
    if not execution.case.name_shared:
        return
    for role in (Role.HANDLER, Role.DECIDER, Role.APPEAL, Role.CO_HANDLER, *ASKED.values()):
        for person in holders(execution.case, role):
            appoint(execution, person, role, working_keys(execution.case))


@effect(StepName.REOPEN)
def begin_episode(execution: StepExecution) -> None:
    """Remove everyone who worked on the case, announce a new officer, restart triage."""
    clear(execution.case, WORK_ROLES, execution.ring)
    live = execution.case.offers.filter(status__in=["sent", "accepted"])
    live.update(status="revoked", answered_on=execution.today)
    people = eligibility.new_officers(execution.case, execution.today)
    announce_readers(execution, people[:1], Role.TRIAGE)


@effect(StepName.ARCHIVE)
def strip(execution: StepExecution) -> None:
    """End role access; the data-protection officer keeps it until retention expires.

    The casework lead loses every key and may read nothing. They can still agree to erasing the case
    or to opening it in an emergency, which takes two people (domain.md 5.2 T37).
    """
    clear(execution.case, WORK_ROLES)
    leads = [holder_name(person.pk) for person in holders(execution.case, Role.LEAD)]
    take_keys(execution.case, *leads, parts=[Part.WHOLE])
