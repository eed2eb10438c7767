"""The one door through which a case changes (architecture.md 4).

In one transaction and in this order: lock the row; may they (`access`); may it happen now
(`lifecycle` and guards); do it; write the event; start and stop clocks; write the notices.
A refusal names its code and a plain sentence, and leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from grievances.audit.models import Event, forget_actors, veil_of
from grievances.cases.access import rules
from grievances.cases.access.relations import Returner
from grievances.cases.actions.actor import CLOCKWORK, SYSTEM, Caller, NotAllowed
from grievances.cases.actions.clocks import sync
from grievances.cases.actions.companion_copies import pass_on
from grievances.cases.actions.effects import EFFECTS, Scene, take_back_offers
from grievances.cases.actions.fitness import TWO_CASES
from grievances.cases.actions.fitness import unfit as unfit_for
from grievances.cases.guards.context import Brief
from grievances.cases.models.case import Approval, Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.companions import Companion
from grievances.cases.models.records import Kind, write
from grievances.cases.notices import sending
from grievances.cases.step_names import StepName
from grievances.encryption.server_keys import handle, person_handle
from grievances.people.models import User
from grievances.policy import profiles
from grievances.vocabulary import State
from workflow.calendar import local_date
from workflow.models import AlreadyRecorded
from workflow.steps import Refused, Step, advance, steps

STALE = Refused(
    "STALE_STATE",
    "Someone else has acted on this case since you opened it. Nothing was changed. Read it again, "
    "then decide.",
)


@dataclass(frozen=True)
class Deed:
    """What is asked for: answers for guards and effects, words to seal, codes for the trail.

    `seen` is the turn of the page the person acted on; `once` names this very press of the button,
    so that a double submit has one effect.
    """

    answers: Mapping[str, Any] = field(default_factory=dict)
    words: tuple[tuple[Kind, str], ...] = ()
    codes: Mapping[str, Any] = field(default_factory=dict)
    seen: str = ""
    once: str = ""


def perform(
    step: str, *, case_id: int, caller: Caller, now: datetime, deed: Deed | None = None
) -> Event:
    """Take a step on a case and return its event.

    Raises NotAllowed (views answer 404), Refused with a code and a sentence, or AlreadyRecorded
    when this press of the button has had its effect before.
    """
    deed = deed or Deed()
    with transaction.atomic():
        case = _locked(case_id, _beside(step, caller, deed))
        today = local_date(now, profiles.zone())
        if case is None:
            raise NotAllowed
        key = _once_key(case, deed.once)
        # Asked first: a step may take from its own actor the right to take it again.
        if key and Event.objects.filter(key=key).exists():
            raise AlreadyRecorded(key)
        role = _require(step, case, caller)
        if deed.seen and deed.seen != stamp(case):
            # A fresh one: an exception that is kept would hold on to the words of every request.
            raise Refused(STALE.code, STALE.sentence)
        return _take(step, case, caller, role, deed, now, today, key)


def _locked(case_id: int, beside: QuerySet[Case] | None = None) -> Case | None:
    """The case, locked until the step is done, together with the one it is to be joined to.

    Both in the order of their keys: of two people who join two concerns to each other at the same
    moment one waits for the other, and neither for ever.
    """
    rows = _lockable()
    if beside is None:
        return rows.filter(pk=case_id).first()
    both = rows.filter(Q(pk=case_id) | Q(pk__in=beside.values("pk")))
    return next((case for case in both if case.pk == case_id), None)


def _beside(step: str, caller: Caller, deed: Deed) -> QuerySet[Case] | None:
    """The other case of this step, if the person may read it: nobody waits for a hidden one."""
    if step not in TWO_CASES or caller.who is None:
        return None
    readable = rules.case_by_case(caller.who, "read_account")
    return readable.filter(reference=str(deed.answers.get("into")))


@cache
def _lockable() -> QuerySet[Case]:
    """Cases to be locked with what every step needs of them; put together once, as it is costly."""
    rows = Case.unguarded.select_for_update(of=("self",)).select_related("profile").order_by("pk")
    stamp = profiles.stamp_of(OuterRef("division"))
    invited = Exists(Companion.objects.filter(case=OuterRef("pk")))
    agreed = Exists(Approval.objects.filter(case=OuterRef("pk"), agreed=True))
    return rows.annotate(holidays=stamp, has_companions=invited, has_approvals=agreed)


def was_done(case: Case, once: str) -> bool:
    """Whether this press of the button has had its effect already."""
    key = _once_key(case, once)
    return key is not None and Event.objects.filter(key=key).exists()


def was_done_by(caller: Caller, reference: str, step: str, once: str) -> bool:
    """Whether this person's press had its effect and took the case out of their sight with it.

    Stepping back and declining end the very right to ask again. One query, case or no case.
    """
    if not once or not isinstance(caller.who, User):
        return False
    mark = f":{handle('press', once)}"
    done = Event.objects.filter(chain=reference, kind=f"case.{step}", key__endswith=mark).first()
    return done is not None and done.actor == veil_of(reference)(person_handle(caller.who.pk))


def _once_key(case: Case, once: str) -> str | None:
    # Blind, because a browser sends it: nothing that was typed gets into the trail.
    return f"once:{case.pk}:{handle('press', once)}" if once else None


def stamp(case: Case) -> str:
    """What a page saw of a case: a later move makes it stale."""
    return f"{case.state}.{case.turn}"


def fact_of(step: str) -> Step:
    """The step of this name; raises Refused for a name that does not exist."""
    fact = steps(Case).get(step)
    if fact is None:
        raise Refused("TRANSITION_NOT_ALLOWED", "There is no such step. Go back to the case.")
    return fact


def brief_of(
    case: Case,
    step: str,
    role: str,
    answers: Mapping[str, Any],
    now: datetime,
    today: date,
    unfit: tuple[str, ...] = (),
) -> Brief:
    """What the guards are told of this step."""
    days = case.calendar
    # The door has asked along with the case whether anything was ever approved; a page has not.
    approved = getattr(case, "has_approvals", True) and _is_approved(case, step)
    return Brief(now, today, role, days.between, answers, unfit, approved)


def _is_approved(case: Case, step: str) -> bool:
    return case.approvals.filter(step=step, agreed=True, used_at__isnull=True).exists()


def _require(step: str, case: Case, caller: Caller) -> str:
    if caller.who is None:
        if step not in rules.BY_THE_CLOCK:
            raise NotAllowed
        return SYSTEM
    role = rules.role_for(caller.who, step, case)
    if role is None:
        raise NotAllowed
    return role


def _take(
    step: str,
    case: Case,
    caller: Caller,
    role: str,
    deed: Deed,
    now: datetime,
    today: date,
    key: str | None,
) -> Event:
    fact = fact_of(step)
    scene = Scene(case, caller, Keyring.of(case, caller.holder), deed.answers, role, now, today)
    unfit = unfit_for(step, scene) if caller.who is not None else ()
    brief = brief_of(case, step, role, deed.answers, now, today, unfit)
    served = brief.approved and _needs_approval(case, fact, brief)
    before, after = advance(case, step, brief)
    if fact.resumes:
        case.return_states = case.return_states[:-1]
    case.turn += 1 if fact.moves or before != after else 0
    case.save()
    if served:
        Approval.objects.filter(case=case, step=step, agreed=True).update(used_at=now)
    for kind, text in deed.words:
        write(case, scene.ring, kind, text, author=role, now=now, about=scene.about)
    EFFECTS.get(step, _nothing)(scene)
    pass_on(case, scene.ring)
    if case.state == State.CLOSED and before != State.CLOSED:
        take_back_offers(scene)
    event = Event.append(
        chain=case.reference,
        at=now,
        actor=caller.handle_as(role),
        role=role,
        kind=f"case.{step}",
        subject=case.reference,
        data={
            "code": fact.code,
            "from": before,
            "to": after,
            **{name: deed.answers[name] for name in fact.keeps},
            **deed.codes,
        },
        key=key,
    )
    if case.pk is not None and case.state != State.DRAFT:
        sync(case, fact, before, deed.answers, now, today)
        sending.announce(case, event, now=now, today=today)
    if step == StepName.DELETE_DRAFT:
        forget_actors(case.reference)  # after its last event: nothing says whose draft it was
    return event


def _needs_approval(case: Case, fact: Step, brief: Brief) -> bool:
    """Whether this very step would be refused without the lead's yes: only then is it used up."""
    alone = replace(brief, approved=False)
    return not all(guard.holds(case, alone) for guard in fact.guards)


def _nothing(scene: Scene) -> None:
    """Most steps need nothing beyond their own fields."""


__all__ = [
    "CLOCKWORK",
    "Caller",
    "Deed",
    "NotAllowed",
    "Returner",
    "brief_of",
    "fact_of",
    "perform",
    "stamp",
]
