"""What the steps from sending to the way forward do: readers, grants, keys (T01-T14)."""

from __future__ import annotations

from grievances.cases.access import eligibility
from grievances.cases.access.readers_preview import overseers
from grievances.cases.actions.effects import (
    TRIAGE_KEYS,
    Scene,
    appoint,
    clear,
    effect,
    lead_keys,
    remove,
    share_keys,
    working_keys,
)
from grievances.cases.actions.exclusions import forget_readers, shut_out, shut_out_all
from grievances.cases.models.assignments import grant_all, holders, withdraw_all
from grievances.cases.models.case import Allegation
from grievances.cases.models.case_keys import Part
from grievances.cases.models.key_distribution import take_keys
from grievances.cases.models.parties import Bar, add_party
from grievances.cases.step_names import StepName
from grievances.casework.reader_announcements import announce_readers
from grievances.casework.reader_grants import admit
from grievances.casework.vacancies import keep_a_reader, require_a_reader
from grievances.encryption.key_pairs import holder_name
from grievances.encryption.server_keys import person_handle
from grievances.participants.consents import put_question
from grievances.people.models import User, line_chain
from grievances.vocabulary import (
    ASKED,
    WORK_ROLES,
    Involved,
    RerouteReason,
    Role,
    Standing,
    Welcome,
)
from notifications.outbox import retract
from workflow.steps import Refused


@effect(StepName.SUBMIT)
def open_to_readers(scene: Scene) -> None:
    """Seal the keys to exactly the people the page showed, and to nobody else."""
    readers = scene.answers["readers"]
    grant_all(scene.case, readers, Role.TRIAGE_POOL)
    keys = {holder_name(p.pk): bytes(p.key_pair.public_key) for p in readers}
    scene.ring.give_all(keys, TRIAGE_KEYS)
    set_overseers(scene)
    Allegation.objects.create(case=scene.case, number=1)


def set_overseers(scene: Scene) -> None:
    """The casework lead (process only), the data-protection officer and auditors (trail only).

    The first two get a share each of every key, which opens something only beside the other's.
    """
    found = overseers(scene.case, scene.today)
    for role in dict.fromkeys(role for role, _ in found):
        grant_all(scene.case, [person for theirs, person in found if theirs is role], role)
    leads = [person for role, person in found if role is Role.LEAD and hasattr(person, "key_pair")]
    public = {holder_name(person.pk): bytes(person.key_pair.public_key) for person in leads}
    scene.ring.give_all(public, lead_keys(scene.case))
    share_keys(scene.case, scene.ring)


@effect(StepName.ACKNOWLEDGE)
def take_on(scene: Scene) -> None:
    """The case becomes one officer's; the other officers lose sight of it, keys and notices."""
    person = scene.caller.who
    others = [other for other in holders(scene.case, Role.TRIAGE_POOL) if other != person]
    withdraw_all(scene.case, [Role.TRIAGE_POOL])
    for row in scene.case.pending_readers.filter(role=Role.TRIAGE_POOL.value, into__isnull=True):
        forget_readers(scene, row.person)
    retract(scene.case.reference, *(person_handle(other.pk) for other in others))
    take_keys(scene.case, *(holder_name(other.pk) for other in others), ring=scene.ring)
    if isinstance(person, User):
        appoint(scene, person, Role.TRIAGE, TRIAGE_KEYS)


@effect(StepName.REROUTE)
def pass_on(scene: Scene) -> None:
    """One officer is taken off; when nobody is left, others are announced.

    Somebody taken off for a conflict, or because they were left out, is never handed it again.
    """
    person = scene.answers["person"]
    why = BARRED_FOR.get(str(scene.answers.get("reason")))
    if why is not None:
        shut_out(scene, person, why)
    else:
        remove(scene.case, person, Role.TRIAGE_POOL, scene.ring)
    keep_a_reader(scene, besides=person)


BARRED_FOR = {
    RerouteReason.CONFLICT.value: Bar.Why.CONFLICT,
    RerouteReason.EXCLUDED.value: Bar.Why.EXCLUDED,
}


@effect(StepName.BEGIN_MEDIATION)
@effect(StepName.MEDIATE_INSTEAD)
def announce_mediator(scene: Scene) -> None:
    """Both people agreed to mediation, and now the complainant is told to whom, before they begin.

    The key of the mediator's notes is made when they do, and nobody else is ever given it.
    """
    announce_readers(scene, [scene.answers["mediator"]], Role.MEDIATOR)


@effect(StepName.END_MEDIATION)
def release_mediator(scene: Scene) -> None:
    """The mediator steps back and their keys go: the notes stay sealed for good (T14).

    One who was announced does not come.
    """
    for row in scene.case.pending_readers.filter(role=Role.MEDIATOR):
        forget_readers(scene, row.person)
    for person in holders(scene.case, Role.MEDIATOR):
        remove(scene.case, person, Role.MEDIATOR, scene.ring)


@effect(StepName.EXCLUDE)
def keep_away(scene: Scene) -> None:
    """Shut people out at once: grants, keys and sight go together."""
    for person in scene.answers.get("matched", ()):
        shut_out(scene, person, Bar.Why.EXCLUDED)
    keep_a_reader(scene)
    require_a_reader(scene)


@effect(StepName.ANSWER_READER)
def welcome_or_not(scene: Scene) -> None:
    """Fine: the person begins at once. Away: they are barred, and somebody else is announced.

    Of somebody who would read it with an earlier concern: the two may be joined now, or never.
    """
    row = scene.case.pending_readers.filter(pk=scene.answers["reader"]).first()
    if row is None:
        raise Refused("STALE_STATE", "This person has begun already, or does not come any more.")
    if scene.answers["answer"] == Welcome.FINE and row.into_id is not None:
        row.effective_on = scene.today
        row.save(update_fields=["effective_on"])
        return
    if scene.answers["answer"] == Welcome.FINE:
        admit(scene, row)
        return
    shut_out(scene, row.person, Bar.Why.EXCLUDED)
    keep_a_reader(scene)
    require_a_reader(scene)


@effect(StepName.NAME_RESPONDENT)
def link_respondent(scene: Scene) -> None:
    """From now on the person, and everyone who manages them, is shut out of the case.

    Whoever took a decision that the concern is about is shut out alone: they are not accused.
    Accounts of a name close to theirs are shut out too, since one person may have two.
    """
    person = scene.answers["person"]
    if scene.answers.get("part") == Involved.DECISION:
        shut_out_all(scene, person, Bar.Why.DECISION)
        keep_a_reader(scene)
        return
    add_party(scene.case, Standing.RESPONDENT, person.pk)
    shut_out_all(scene, person, Bar.Why.RESPONDENT)
    for manager in User.objects.filter(pk__in=line_chain([person.pk], scene.today)):
        shut_out(scene, manager, Bar.Why.LINE)
    keep_a_reader(scene)


@effect(StepName.ASK_CONSENT)
def ask_each(scene: Scene) -> None:
    """The complainant is asked first: nobody else learns of it until they have said yes."""
    put_question(scene.case, scene.answers["what"], Standing.COMPLAINANT, scene.now)


@effect(StepName.SHARE_NAME)
def share_name(scene: Scene) -> None:
    """A yes seals the name to the handler, the decision maker and the appeal manager."""
    if not scene.case.name_shared:
        return
    for role in (Role.HANDLER, Role.DECIDER, Role.APPEAL, *ASKED.values()):
        for person in holders(scene.case, role):
            appoint(scene, person, role, working_keys(scene.case))


@effect(StepName.REOPEN)
def begin_episode(scene: Scene) -> None:
    """New officers: everybody who worked on the case loses it, and triage begins again."""
    clear(scene.case, WORK_ROLES, scene.ring)
    live = scene.case.offers.filter(status__in=["sent", "accepted"])
    live.update(status="revoked", answered_on=scene.today)
    people = eligibility.newcomers(scene.case, scene.today)
    announce_readers(scene, people[:1], Role.TRIAGE)


@effect(StepName.ARCHIVE)
def strip(scene: Scene) -> None:
    """Role access ends; the data-protection officer keeps sight until retention expires.

    The casework lead loses every key and may read nothing: all that is left to them is to agree
    to erasing it or to opening it in an emergency, which takes two people (domain.md 5.2 T37).
    """
    clear(scene.case, WORK_ROLES)
    leads = [holder_name(person.pk) for person in holders(scene.case, Role.LEAD)]
    take_keys(scene.case, *leads, parts=[Part.WHOLE])
