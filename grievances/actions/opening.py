"""What the steps from sending to the way forward do: readers, grants, keys (T01-T14)."""

from __future__ import annotations

from grievances import allocation
from grievances.actions import timing
from grievances.actions.consents import put_question
from grievances.actions.effects import (
    TRIAGE_KEYS,
    Scene,
    appoint,
    clear,
    effect,
    remove,
    working_keys,
)
from grievances.actions.readership import overseers
from grievances.models import Allegation, Bar, Case, User
from grievances.models.assignments import grant, grant_all, holders, withdraw_all
from grievances.models.keyring import Keyring, holder_name, take_keys
from grievances.models.parties import add_party, bar, complainant_of
from grievances.models.people import line_chain
from grievances.models.records import Kind, read_all, write
from grievances.vocabulary import (
    ASKED,
    WORK_ROLES,
    Compartment,
    Identity,
    Role,
    Standing,
    State,
)


@effect("submit")
def open_to_readers(scene: Scene) -> None:
    """Seal the keys to exactly the people the page showed, and to nobody else."""
    readers = scene.answers["readers"]
    grant_all(scene.case, readers, Role.TRIAGE_POOL)
    keys = {holder_name(p.pk): bytes(p.key_pair.public_key) for p in readers}
    scene.ring.give_all(keys, TRIAGE_KEYS)
    set_overseers(scene)
    Allegation.objects.create(case=scene.case, number=1)


def set_overseers(scene: Scene) -> None:
    """The casework lead (process only), the data-protection officer and auditors (trail only)."""
    keys = [Compartment.OFFICE]
    if scene.case.identity == Identity.OPEN:
        keys.append(Compartment.IDENTITY)
    for role, person in overseers(scene.case, scene.today):
        grant(scene.case, person, role)
        if role is Role.LEAD and hasattr(person, "key_pair"):
            scene.ring.give(holder_name(person.pk), bytes(person.key_pair.public_key), keys)


@effect("acknowledge")
def take_on(scene: Scene) -> None:
    """The case becomes one officer's; the other officers lose sight of it and their keys."""
    person = scene.caller.who
    others = [other for other in holders(scene.case, Role.TRIAGE_POOL) if other != person]
    withdraw_all(scene.case, [Role.TRIAGE_POOL])
    take_keys(scene.case, *(holder_name(other.pk) for other in others))
    if isinstance(person, User):
        appoint(scene, person, Role.TRIAGE, TRIAGE_KEYS)


@effect("reroute")
def pass_on(scene: Scene) -> None:
    """One officer is taken off; when nobody is left, the independent officer gets the case."""
    person = scene.answers["person"]
    remove(scene.case, person, Role.TRIAGE_POOL)
    if not holders(scene.case, Role.TRIAGE_POOL).exists():
        for officer in allocation.independent(scene.case, scene.today):
            appoint(scene, officer, Role.TRIAGE_POOL, TRIAGE_KEYS)


@effect("begin_mediation")
@effect("mediate_instead")
def appoint_mediator(scene: Scene) -> None:
    """The mediator gets a key of their own, which nobody else is ever given."""
    scene.ring.add_new(Compartment.MEDIATION)
    keys = (Compartment.IDENTITY, Compartment.OFFICE, Compartment.MEDIATION)
    appoint(scene, scene.answers["mediator"], Role.MEDIATOR, keys)


@effect("end_mediation")
def release_mediator(scene: Scene) -> None:
    """The mediator steps back and their keys go: the notes stay sealed for good (T14)."""
    for person in holders(scene.case, Role.MEDIATOR):
        remove(scene.case, person, Role.MEDIATOR)


@effect("merge")
def join_to_earlier(scene: Scene) -> None:
    """The account is copied to the earlier case by an officer who holds the keys of both."""
    earlier = Case.unguarded.get(reference=scene.answers["into"])
    ring = Keyring.of(earlier, scene.caller.holder)
    for words in read_all(scene.case, scene.ring, [Kind.ACCOUNT, Kind.WHEN, Kind.PEOPLE]):
        write(earlier, ring, Kind.MESSAGE, words.text, author=words.author, now=scene.now)
    for party in scene.case.parties.filter(standing=Standing.RESPONDENT):
        if party.person_id is not None:
            add_party(earlier, Standing.RESPONDENT, party.person_id)
    Bar.objects.bulk_create(
        [Bar(case=earlier, handle=b.handle, why=b.why) for b in scene.case.bars.all()],
        ignore_conflicts=True,
    )


@effect("exclude")
def keep_away(scene: Scene) -> None:
    """Shut people out at once: grants, keys and sight go together."""
    for person in scene.answers.get("matched", ()):
        shut_out(scene, person, Bar.Why.EXCLUDED)
    keep_a_reader(scene)


@effect("name_respondent")
def link_respondent(scene: Scene) -> None:
    """From now on the person, and everyone who manages them, is shut out of the case."""
    person = scene.answers["person"]
    add_party(scene.case, Standing.RESPONDENT, person.pk)
    shut_out(scene, person, Bar.Why.RESPONDENT)
    for manager in User.objects.filter(pk__in=line_chain([person.pk], scene.today)):
        shut_out(scene, manager, Bar.Why.LINE)
    keep_a_reader(scene)


def shut_out(scene: Scene, person: User, why: Bar.Why) -> None:
    """Bar a person and take from them whatever they had of the case.

    The complainant is never shut out of their own case, even as a manager of the respondent.
    """
    if person.pk == complainant_id(scene.case):
        return
    bar(scene.case, person.pk, why)
    for role in (*WORK_ROLES, Role.LEAD, Role.DPO, Role.AUDITOR):
        remove(scene.case, person, role)
    parts = scene.case.offers.filter(candidate=person, status__in=["sent", "accepted"])
    for part in parts:
        timing.stop(scene.case, ["OFFER"], scene.today, detail=part.role)
    parts.update(status="revoked", answered_on=scene.today)


def keep_a_reader(scene: Scene) -> None:
    """A case is never left without a triage officer (peers.md 4 row 34)."""
    waiting = scene.case.state == State.SUBMITTED
    role = Role.TRIAGE_POOL if waiting else Role.TRIAGE
    if not holders(scene.case, role).exists():
        people = allocation.readers(scene.case, scene.today)
        for person in people if waiting else people[:1]:
            appoint(scene, person, role, TRIAGE_KEYS)


@effect("ask_consent")
def ask_each(scene: Scene) -> None:
    """The complainant is asked first: nobody else learns of it until they have said yes."""
    put_question(scene.case, scene.answers["what"], Standing.COMPLAINANT, scene.now)


@effect("share_name")
def share_name(scene: Scene) -> None:
    """A yes seals the name to the handler, the decision maker and the appeal manager."""
    if not scene.case.name_shared:
        return
    for role in (Role.HANDLER, Role.DECIDER, Role.APPEAL, *ASKED.values()):
        for person in holders(scene.case, role):
            appoint(scene, person, role, working_keys(scene.case))


@effect("reopen")
def begin_episode(scene: Scene) -> None:
    """New officers: everybody who worked on the case loses it, and triage begins again."""
    clear(scene.case, WORK_ROLES)
    live = scene.case.offers.filter(status__in=["sent", "accepted"])
    live.update(status="revoked", answered_on=scene.today)
    for person in allocation.readers(scene.case, scene.today):
        appoint(scene, person, Role.TRIAGE, TRIAGE_KEYS)
        break


@effect("archive")
def strip(scene: Scene) -> None:
    """Role access ends; the data-protection officer keeps sight until retention expires.

    The casework lead loses every key and may read nothing: all that is left to them is to agree
    to erasing it, which takes two people (domain.md 5.2 T37).
    """
    clear(scene.case, WORK_ROLES)
    take_keys(scene.case, *(holder_name(p.pk) for p in holders(scene.case, Role.LEAD)))


def complainant_id(case: Case) -> int | None:
    """The complainant's account, or None when anonymous."""
    return complainant_of(case).person_id
