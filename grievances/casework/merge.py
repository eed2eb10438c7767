"""Joining a concern to an earlier one of the same person (T08), and who reads it by that.

Whoever works on the earlier case reads what is copied there. Those who do not read this one are
announced to the complainant first, as everybody is who comes later (`widening`).
"""

from __future__ import annotations

from datetime import date

from grievances.cases.access import eligibility, rules
from grievances.cases.actions.effects import Scene, effect
from grievances.cases.models.assignments import holders
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.parties import Bar, add_party, bar_handle
from grievances.cases.models.records import Kind, read_all, write
from grievances.casework.reader_announcements import announce_readers
from grievances.people.models import User
from grievances.vocabulary import Role, Share, Standing
from workflow.steps import Refused

READING = (Role.TRIAGE_POOL, Role.TRIAGE, Role.HANDLER, Role.DECIDER, Role.APPEAL)
"""The roles that read the account, and so what is joined to it (`access`, "read_account")."""


def unfit_to_join(scene: Scene) -> tuple[str, ...]:
    """What speaks against joining this concern to the one that is named."""
    earlier = _duplicate(scene)
    if earlier is None:
        return ("NOT_A_DUPLICATE",)
    told = _may_read_by(scene.case, earlier, scene.today)
    is_told = all(person.pk in told for _, person in _would_read(scene.case, earlier))
    return () if is_told else ("READERS_NOT_ANNOUNCED",)


@effect("announce_joining")
def announce_joining(scene: Scene) -> None:
    """Tell the complainant who would read this; raises Refused when that is nobody new."""
    earlier = Case.unguarded.get(reference=scene.answers["into"])
    new = sum(
        announce_readers(scene, [person], role, into=earlier)
        for role, person in _would_read(scene.case, earlier)
    )
    if not new:
        raise Refused(
            "NOBODY_NEW",
            "Nobody has to be announced: join the two concerns, or wait for the day that the "
            "complainant was given.",
        )


@effect("merge")
def join_to_earlier(scene: Scene) -> None:
    """The account is copied to the earlier case by an officer who holds the keys of both."""
    earlier = Case.unguarded.get(reference=scene.answers["into"])
    ring = Keyring.of(earlier, scene.caller.holder)
    untick_messages(earlier)
    for words in read_all(scene.case, scene.ring, [Kind.ACCOUNT, Kind.WHEN, Kind.PEOPLE]):
        write(earlier, ring, Kind.MESSAGE, words.text, author=words.author, now=scene.now)
    for party in scene.case.parties.filter(standing=Standing.RESPONDENT):
        if party.person_id is not None:
            add_party(earlier, Standing.RESPONDENT, party.person_id)
    Bar.objects.bulk_create(
        [Bar(case=earlier, handle=b.handle, why=b.why) for b in scene.case.bars.all()],
        ignore_conflicts=True,
    )
    scene.case.pending_readers.filter(into__isnull=False).delete()


def untick_messages(case: Case) -> None:
    """What is joined comes as messages: a companion goes on without new ones until ticked again.

    They were let in to the earlier concern, and nobody asked whether they may read the other.
    """
    for row in case.companions.filter(ended_at__isnull=True, hearing__isnull=True):
        row.shares = [share for share in row.shares if share != Share.MESSAGES]
        row.save(update_fields=["shares"])


def _duplicate(scene: Scene) -> Case | None:
    """The other case, if it is the same person's, open, and safe to join for everybody in it.

    Safe: nobody who works on it is barred from this one, or would read it by the joining in spite
    of a conflict, because this one is about somebody of their team or line (domain.md 5.3).
    """
    # One look for a case that is not there, not theirs or barred to them: all three take as long.
    readable = rules.case_by_case(scene.caller.person, "read_account")
    earlier = readable.filter(reference=str(scene.answers.get("into"))).first()
    if earlier is None or earlier.pk == scene.case.pk or not earlier.is_open:
        return None
    barred = set(scene.case.bars.values_list("handle", flat=True))
    workers = User.objects.filter(caseuserobjectpermission__content_object=earlier)
    if any(bar_handle(person.pk) in barred for person in workers):
        return None
    unfit = eligibility.conflicted(scene.case, scene.today)
    if any(person.pk in unfit for _, person in _would_read(scene.case, earlier)):
        return None
    same = set(scene.case.parties.values_list("standing", "handle"))
    own = {handle for standing, handle in same if standing == Standing.COMPLAINANT}
    is_same = earlier.parties.filter(standing=Standing.COMPLAINANT, handle__in=own).exists()
    return earlier if is_same else None


def _would_read(case: Case, earlier: Case) -> list[tuple[Role, User]]:
    """Who works on the earlier case and does not read this one, each once."""
    here = set(holders(case, *READING))
    found = {
        person: role for role in READING for person in holders(earlier, role) if person not in here
    }
    return [(role, person) for person, role in found.items()]


def _may_read_by(case: Case, earlier: Case, today: date) -> set[int]:
    """Whose day has come, of those who were announced for this joining."""
    rows = case.pending_readers.filter(into=earlier, effective_on__lte=today)
    return set(rows.values_list("person_id", flat=True))
