"""What the steps from sending to the way forward do: readers, grants, keys (T01-T14)."""

from __future__ import annotations

import secrets

from grievances import allocation, notices
from grievances.actions.effects import Scene, appoint, clear, effect, remove, working_keys
from grievances.models import Allegation, Bar, Case, Consent, User
from grievances.models.assignments import grant, holders
from grievances.models.keyring import Keyring, holder_name
from grievances.models.parties import add_party, bar, bar_handle, complainant_of
from grievances.models.people import in_office, line_chain
from grievances.models.records import Kind, read_all, write
from grievances.vocabulary import (
    WORK_ROLES,
    Compartment,
    Identity,
    Office,
    Role,
    Standing,
    State,
)

TRIAGE_KEYS = (Compartment.CORE, Compartment.IDENTITY, Compartment.OFFICE)


@effect("submit")
def open_to_readers(scene: Scene) -> None:
    """Seal the keys to exactly the people the page showed, and to nobody else."""
    for person in scene.answers["readers"]:
        appoint(scene, person, Role.TRIAGE_POOL, TRIAGE_KEYS)
    set_overseers(scene)
    Allegation.objects.create(case=scene.case, number=1)


def set_overseers(scene: Scene) -> None:
    """The casework lead (process only), the data-protection officer and auditors (trail only)."""
    barred = set(scene.case.bars.values_list("handle", flat=True))
    keys = [Compartment.OFFICE]
    if scene.case.identity == Identity.OPEN:
        keys.append(Compartment.IDENTITY)
    offices = ((Office.LEAD, Role.LEAD), (Office.DPO, Role.DPO), (Office.AUDITOR, Role.AUDITOR))
    for office, role in offices:
        for person in in_office(office, scene.today).select_related("key_pair"):
            if bar_handle(person.pk) in barred:
                continue
            grant(scene.case, person, role)
            if role is Role.LEAD and hasattr(person, "key_pair"):
                scene.ring.give(holder_name(person.pk), bytes(person.key_pair.public_key), keys)


@effect("acknowledge")
def take_on(scene: Scene) -> None:
    """The case becomes one officer's; the other officers lose sight of it and their keys."""
    person = scene.caller.who
    for other in holders(scene.case, Role.TRIAGE_POOL):
        if other != person:
            remove(scene.case, other, Role.TRIAGE_POOL)
    if isinstance(person, User):
        appoint(scene, person, Role.TRIAGE, TRIAGE_KEYS)
        holders_before = scene.case.grants.filter(
            user=person, permission__codename=Role.TRIAGE_POOL.value
        )
        holders_before.delete()


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
    """The mediator steps back; their notes stay sealed (domain.md 5.2 T14)."""
    for person in holders(scene.case, Role.MEDIATOR):
        scene.case.grants.filter(user=person, permission__codename=Role.MEDIATOR.value).delete()


@effect("merge")
def join_to_earlier(scene: Scene) -> None:
    """The account is copied to the earlier case by an officer who holds the keys of both."""
    earlier = Case.unguarded.get(reference=scene.answers["into"])
    ring = Keyring.of(earlier, scene.caller.holder)
    if Compartment.CORE not in ring:
        return
    for words in read_all(scene.case, scene.ring, [Kind.ACCOUNT]):
        write(earlier, ring, Kind.MESSAGE, words.text, author=words.author, now=scene.now)


@effect("exclude")
def keep_away(scene: Scene) -> None:
    """Shut people out at once: grants, keys and sight go together."""
    for person in scene.answers.get("matched", ()):
        shut_out(scene, person, Bar.Why.EXCLUDED)


@effect("name_respondent")
def link_respondent(scene: Scene) -> None:
    """From now on the person, and everyone who manages them, is shut out of the case."""
    person = scene.answers["person"]
    add_party(scene.case, Standing.RESPONDENT, person.pk)
    shut_out(scene, person, Bar.Why.RESPONDENT)
    for manager in User.objects.filter(pk__in=line_chain([person.pk], scene.today)):
        shut_out(scene, manager, Bar.Why.LINE)


def shut_out(scene: Scene, person: User, why: Bar.Why) -> None:
    """Bar a person and take from them whatever they had of the case."""
    bar(scene.case, person.pk, why)
    for role in (*WORK_ROLES, Role.LEAD, Role.DPO, Role.AUDITOR):
        remove(scene.case, person, role)


@effect("ask_consent")
def ask_each(scene: Scene) -> None:
    """Each person is asked on a page of their own; the respondent never sees the case."""
    what = scene.answers["what"]
    parties = scene.case.parties.filter(standing__in=[Standing.COMPLAINANT, Standing.RESPONDENT])
    for party in parties:
        consent = Consent.objects.create(
            case=scene.case,
            token=secrets.token_hex(16),
            what=what,
            standing=party.standing,
            handle=party.handle,
            asked_at=scene.now,
        )
        notices.tell(
            notices.party_recipient(party),
            kind="request",
            link=f"/consent/{consent.token}/",
            key=f"consent:{consent.pk}",
            now=scene.now,
        )


@effect("share_name")
def share_name(scene: Scene) -> None:
    """A yes seals the name to the handler, the decision maker and the appeal manager."""
    if not scene.case.name_shared:
        return
    for role in (Role.HANDLER, Role.DECIDER, Role.APPEAL):
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
    """Role access ends; the data-protection officer keeps sight until retention expires."""
    clear(scene.case, [*WORK_ROLES, Role.LEAD])


@effect("erase")
def erase_words(scene: Scene) -> None:
    """Keys first, then words, files and people; the coded record stays for the statistics."""
    case = scene.case
    case.sealed_keys.all().delete()
    for evidence in case.evidence.all():
        evidence.path.unlink(missing_ok=True)
    for rows in (case.evidence, case.records, case.consents, case.bars, case.grants):
        rows.all().delete()
    case.parties.update(sealed_person=b"", sealed_address=b"")


@effect("delete_draft")
def delete(scene: Scene) -> None:
    """Hard delete: the rows are gone, not hidden."""
    if scene.case.state == State.DRAFT:
        Case.unguarded.filter(pk=scene.case.pk).delete()


def complainant_id(case: Case) -> int | None:
    """The complainant's account, or None when anonymous."""
    return complainant_of(case).person_id
