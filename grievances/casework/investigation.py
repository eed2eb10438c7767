"""What the steps of handling, deciding, pausing and closing do (T15-T35 and their acts)."""

from __future__ import annotations

from django.db.models import QuerySet

from grievances.cases.actions import clocks
from grievances.cases.actions.effects import (
    Scene,
    effect,
    give_keys,
    remove,
    revoke_offers,
    working_keys,
)
from grievances.cases.actions.exclusions import shut_out
from grievances.cases.models.assignments import grant, holders, withdraw
from grievances.cases.models.case import (
    Action,
    Allegation,
    Approval,
    CheckIn,
    HoldPeriod,
    Offer,
    Question,
)
from grievances.cases.models.parties import Bar, bar, bar_all
from grievances.cases.models.readers import remember
from grievances.cases.models.records import Kind, write
from grievances.cases.step_names import StepName
from grievances.casework.vacancies import keep_a_reader
from grievances.participants import statements
from grievances.people.models import User
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import ASKED, HandlerChange, Role

FAILED_OFFERS_BEFORE_LEAD = 3
"""Three offers without a yes are the casework lead's to solve (domain.md 5.2 T16)."""


@effect(StepName.OFFER)
@effect(StepName.OFFER_LATER)
def send_offer(scene: Scene) -> None:
    """The candidate gets the grant of being asked and the keys, which open only on acceptance."""
    person, role = scene.answers["candidate"], Role(scene.answers["role"])
    Offer.objects.create(
        case=scene.case,
        role=role,
        candidate=person,
        episode=scene.case.episode,
        sent_on=scene.today,
    )
    grant(scene.case, person, ASKED[role])
    give_keys(scene, person, working_keys(scene.case))
    words = f"{person.name}, {person.unit}: {role.label}"
    write(scene.case, scene.ring, Kind.OFFER_NAME, words, author=scene.role, now=scene.now)
    clocks.start(scene.case, ClockName.OFFER, scene.now, scene.today, detail=role.value)


@effect(StepName.ACCEPT)
def take_part(scene: Scene) -> None:
    """Being asked becomes having the part."""
    offer = scene.own_offer
    role = Role(offer.role)
    offer.status, offer.answered_on = Offer.Status.ACCEPTED, scene.today
    offer.declared_on = scene.today
    offer.save(update_fields=["status", "answered_on", "declared_on"])
    withdraw(scene.case, offer.candidate, ASKED[role])
    grant(scene.case, offer.candidate, role)
    remember(scene.case, offer.candidate, role, scene.today)
    clocks.stop(scene.case, [ClockName.OFFER], scene.today, detail=role.value)


@effect(StepName.DECLINE)
@effect(StepName.DECLINE_LATER)
def turn_down(scene: Scene) -> None:
    """Grant and keys go at once, whether the person said no or the time ran out."""
    offer = scene.own_offer
    role = Role(offer.role)
    offer.status = Offer.Status.EXPIRED if scene.caller.who is None else Offer.Status.DECLINED
    offer.answered_on = scene.today
    offer.save(update_fields=["status", "answered_on"])
    remove(scene.case, offer.candidate, ASKED[role], scene.ring)
    if scene.answers.get("connection"):
        bar(scene.case, offer.candidate_id, Bar.Why.CONFLICT)
    clocks.stop(scene.case, [ClockName.OFFER], scene.today, detail=role.value)
    said_no = [Offer.Status.DECLINED, Offer.Status.EXPIRED]
    tried = scene.case.offers.filter(role=role, episode=scene.case.episode, status__in=said_no)
    if tried.count() >= FAILED_OFFERS_BEFORE_LEAD:
        search = scene.case.deadlines.filter(
            name__in=[ClockName.ALLOCATION, ClockName.APPEAL_ALLOC], level__lt=2
        )
        search.filter(completed_on__isnull=True).update(level=2)


@effect(StepName.OBJECT_TO_PERSON)
def object_to(scene: Scene) -> None:
    _live_offer(scene).update(objection=Offer.Objection.OPEN)


@effect(StepName.ANSWER_OBJECTION)
def settle_objection(scene: Scene) -> None:
    """Agreed: the person steps back at once. Otherwise the reasons go to the complainant."""
    offer = _live_offer(scene).get()
    agreed = scene.answers["answer"] == "yes"
    offer.objection = Offer.Objection.AGREED if agreed else Offer.Objection.OVERRULED
    offer.save(update_fields=["objection"])
    if agreed:
        revoke_offers(scene, [Role(offer.role)])
        bar(scene.case, offer.candidate_id, Bar.Why.OBJECTED)
        clocks.stop(scene.case, [ClockName.OFFER], scene.today, detail=offer.role)


def _live_offer(scene: Scene) -> QuerySet[Offer]:
    return scene.case.offers.filter(pk=scene.answers["offer"], status__in=["sent", "accepted"])


@effect(StepName.BEGIN_INVESTIGATION)
def sign_today(scene: Scene) -> None:
    """The handler's declaration is signed again on the day the work begins."""
    scene.case.offers.filter(role=Role.HANDLER, status="accepted").update(declared_on=scene.today)


@effect(StepName.DECIDE)
def record_findings(scene: Scene) -> None:
    """A finding for every part, and the actions with their dates.

    What an appeal of an earlier episode put in its place is over with the finding it changed.
    """
    for number, finding in scene.answers["findings"].items():
        own = scene.case.allegations.filter(number=number)
        own.update(finding=finding, appeal_finding="")
    statements.open_to_complainant(scene)
    _promise_action(scene)


@effect(StepName.DECIDE_APPEAL)
def record_changes(scene: Scene) -> None:
    """What the appeal changed, beside what was found first: reports count both (domain.md 9)."""
    for number, finding in (scene.answers.get("findings") or {}).items():
        scene.case.allegations.filter(number=number).update(appeal_finding=finding)
    _promise_action(scene)


def _promise_action(scene: Scene) -> None:
    if scene.answers.get("action"):
        Action.objects.create(case=scene.case, due_on=scene.answers["action_due"])
        words = f"{scene.answers['action']} ({scene.answers['action_owner']})"
        write(scene.case, scene.ring, Kind.ACTION, words, author=scene.role, now=scene.now)


@effect(StepName.REMIT)
def begin_afresh(scene: Scene) -> None:
    """New handler and new decision maker: the old ones lose the case (domain.md 5.2 T26)."""
    revoke_offers(scene, [Role.HANDLER, Role.DECIDER, Role.APPEAL])
    scene.case.allegations.update(finding="", appeal_finding="")


@effect(StepName.CHANGE_HANDLER)
def replace_handler(scene: Scene) -> None:
    """A handler who goes for a conflict or an objection is never handed this case again."""
    why = BARRED_FOR.get(scene.answers.get("reason") or "")
    leaving = list(holders(scene.case, Role.HANDLER))
    revoke_offers(scene, [Role.HANDLER])
    if why is not None:
        bar_all(scene.case, [person.pk for person in leaving], why)


BARRED_FOR = {
    HandlerChange.CONFLICT.value: Bar.Why.CONFLICT,
    HandlerChange.OBJECTION_UPHELD.value: Bar.Why.OBJECTED,
}


@effect(StepName.RECUSE)
def step_back(scene: Scene) -> None:
    """The case leaves the person's sight at once and for good; the part is vacant, the lead told.

    They are barred, so that nobody hands it to them again, and another triage officer is announced.
    """
    person = scene.caller.who
    if isinstance(person, User):
        shut_out(scene, person, Bar.Why.RECUSED)
        keep_a_reader(scene)


@effect(StepName.HOLD)
def begin_pause(scene: Scene) -> None:
    HoldPeriod.objects.create(case=scene.case, reason=scene.answers["reason"], from_on=scene.today)


@effect(StepName.RESUME)
def end_pause(scene: Scene) -> None:
    scene.case.holds.filter(until_on__isnull=True).update(until_on=scene.today)


@effect(StepName.EXTEND)
def move_date(scene: Scene) -> None:
    clocks.extend(scene.case, scene.answers["clock"], scene.answers["days"], scene.now, scene.today)


@effect(StepName.EXTEND_INFORMAL)
def more_time(scene: Scene) -> None:
    clocks.extend(scene.case, ClockName.INFORMAL, scene.answers["days"], scene.now, scene.today)


@effect(StepName.ASK_QUESTION)
def note_question(scene: Scene) -> None:
    Question.objects.create(case=scene.case, asked_on=scene.today)


@effect(StepName.AGREE_FORMAL)
def set_kind(scene: Scene) -> None:
    """The kind of the concern as it was raised; a kind set before stays (domain.md 2)."""
    tag = scene.answers.get("tag") or ""
    if tag:
        scene.case.allegations.filter(number=1, tag="").update(tag=tag)


@effect(StepName.ADD_ALLEGATION)
def add_part(scene: Scene) -> None:
    number = scene.case.allegations.count() + 1
    Allegation.objects.create(case=scene.case, number=number, tag=scene.answers.get("tag") or "")
    write(
        scene.case,
        scene.ring,
        Kind.ALLEGATION,
        scene.answers["text"],
        author=scene.role,
        now=scene.now,
        about=str(number),
    )


@effect(StepName.ASK_APPROVAL)
def request_approval(scene: Scene) -> None:
    Approval.objects.create(
        case=scene.case,
        step=scene.answers["step"],
        asked_by=_at_work(scene),
        asked_at=scene.now,
    )


def _at_work(scene: Scene) -> User | None:
    # A complainant who asks is not written down: the row would name them in plain text.
    who = scene.caller.who
    return who if isinstance(who, User) and scene.role != "complainant" else None


@effect(StepName.ANSWER_APPROVAL)
def give_approval(scene: Scene) -> None:
    """A second person: whoever asked cannot answer."""
    rows = scene.case.approvals.filter(pk=scene.answers["approval"], answered_at__isnull=True)
    rows.exclude(asked_by=scene.caller.person).update(
        answered_by=scene.caller.person,
        answered_at=scene.now,
        agreed=scene.answers["answer"] == "yes",
    )


@effect(StepName.ANSWER_CHECK_IN)
def note_check_in(scene: Scene) -> None:
    """domain.md 5.6: a "yes" reaches triage first and management never."""
    waiting = CheckIn.objects.filter(case=scene.case, answered_on__isnull=True)
    waiting.update(worse=scene.answers["worse"], answered_on=scene.today)


@effect(StepName.FINISH_ACTION)
def finish(scene: Scene) -> None:
    scene.case.actions.filter(pk=scene.answers["action"]).update(done_on=scene.today)
