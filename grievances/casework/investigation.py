"""What the steps of handling, deciding, pausing and closing do (T15-T35 and their acts)."""

from __future__ import annotations

from django.db.models import QuerySet

from grievances.cases.actions import clocks
from grievances.cases.actions.effects import (
    StepExecution,
    effect,
    give_keys,
    remove,
    revoke_offers,
    working_keys,
)
from grievances.cases.actions.exclusions import exclude_person
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
def send_offer(execution: StepExecution) -> None:
    """The candidate gets the grant of being asked and the keys, which open only on acceptance."""
    person, role = execution.answers["candidate"], Role(execution.answers["role"])
    Offer.objects.create(
        case=execution.case,
        role=role,
        candidate=person,
        episode=execution.case.episode,
        sent_on=execution.today,
    )
    grant(execution.case, person, ASKED[role])
    give_keys(execution, person, working_keys(execution.case))
    words = f"{person.name}, {person.unit}: {role.label}"
    write(
        execution.case,
        execution.ring,
        Kind.OFFER_NAME,
        words,
        author=execution.role,
        now=execution.now,
    )
    clocks.start(execution.case, ClockName.OFFER, execution.now, execution.today, detail=role.value)


@effect(StepName.ACCEPT)
def take_part(execution: StepExecution) -> None:
    """Being asked becomes having the part."""
    offer = execution.own_offer
    role = Role(offer.role)
    offer.status, offer.answered_on = Offer.Status.ACCEPTED, execution.today
    offer.declared_on = execution.today
    offer.save(update_fields=["status", "answered_on", "declared_on"])
    withdraw(execution.case, offer.candidate, ASKED[role])
    grant(execution.case, offer.candidate, role)
    remember(execution.case, offer.candidate, role, execution.today)
    clocks.stop(execution.case, [ClockName.OFFER], execution.today, detail=role.value)


@effect(StepName.DECLINE)
@effect(StepName.DECLINE_LATER)
def turn_down(execution: StepExecution) -> None:
    """Grant and keys go at once, whether the person said no or the time ran out."""
    offer = execution.own_offer
    role = Role(offer.role)
    offer.status = Offer.Status.EXPIRED if execution.caller.who is None else Offer.Status.DECLINED
    offer.answered_on = execution.today
    offer.save(update_fields=["status", "answered_on"])
    remove(execution.case, offer.candidate, ASKED[role], execution.ring)
    if execution.answers.get("connection"):
        bar(execution.case, offer.candidate_id, Bar.Why.CONFLICT)
    clocks.stop(execution.case, [ClockName.OFFER], execution.today, detail=role.value)
    said_no = [Offer.Status.DECLINED, Offer.Status.EXPIRED]
    tried = execution.case.offers.filter(
        role=role, episode=execution.case.episode, status__in=said_no
    )
    if tried.count() >= FAILED_OFFERS_BEFORE_LEAD:
        search = execution.case.deadlines.filter(
            name__in=[ClockName.ALLOCATION, ClockName.APPEAL_ALLOC], level__lt=2
        )
        search.filter(completed_on__isnull=True).update(level=2)


@effect(StepName.OBJECT_TO_PERSON)
def object_to(execution: StepExecution) -> None:
    _live_offer(execution).update(objection=Offer.Objection.OPEN)


@effect(StepName.ANSWER_OBJECTION)
def settle_objection(execution: StepExecution) -> None:
    """Agreed: the person steps back at once. Otherwise the reasons go to the complainant."""
    offer = _live_offer(execution).get()
    agreed = execution.answers["answer"] == "yes"
    offer.objection = Offer.Objection.AGREED if agreed else Offer.Objection.OVERRULED
    offer.save(update_fields=["objection"])
    if agreed:
        revoke_offers(execution, [Role(offer.role)])
        bar(execution.case, offer.candidate_id, Bar.Why.OBJECTED)
        clocks.stop(execution.case, [ClockName.OFFER], execution.today, detail=offer.role)


def _live_offer(execution: StepExecution) -> QuerySet[Offer]:
    return execution.case.offers.filter(
        pk=execution.answers["offer"], status__in=["sent", "accepted"]
    )


@effect(StepName.BEGIN_INVESTIGATION)
def sign_today(execution: StepExecution) -> None:
    """The handler's declaration is signed again on the day the work begins."""
    execution.case.offers.filter(role=Role.HANDLER, status="accepted").update(
        declared_on=execution.today
    )


@effect(StepName.DECIDE)
def record_findings(execution: StepExecution) -> None:
    """A finding for every part, and the actions with their dates.

    What an appeal of an earlier episode put in its place is over with the finding it changed.
    """
    for number, finding in execution.answers["findings"].items():
        own = execution.case.allegations.filter(number=number)
        own.update(finding=finding, appeal_finding="")
    statements.open_to_complainant(execution)
    _promise_action(execution)


@effect(StepName.DECIDE_APPEAL)
def record_changes(execution: StepExecution) -> None:
    """What the appeal changed, beside what was found first: reports count both (domain.md 9)."""
    for number, finding in (execution.answers.get("findings") or {}).items():
        execution.case.allegations.filter(number=number).update(appeal_finding=finding)
    _promise_action(execution)


def _promise_action(execution: StepExecution) -> None:
    if execution.answers.get("action"):
        Action.objects.create(case=execution.case, due_on=execution.answers["action_due"])
        words = f"{execution.answers['action']} ({execution.answers['action_owner']})"
        write(
            execution.case,
            execution.ring,
            Kind.ACTION,
            words,
            author=execution.role,
            now=execution.now,
        )


@effect(StepName.REMIT)
def begin_afresh(execution: StepExecution) -> None:
    """New handler and new decision maker: the old ones lose the case (domain.md 5.2 T26)."""
    revoke_offers(execution, [Role.HANDLER, Role.DECIDER, Role.APPEAL])
    execution.case.allegations.update(finding="", appeal_finding="")


@effect(StepName.CHANGE_HANDLER)
def replace_handler(execution: StepExecution) -> None:
    """A handler who goes for a conflict or an objection is never handed this case again."""
    why = BARRED_FOR.get(execution.answers.get("reason") or "")
    leaving = list(holders(execution.case, Role.HANDLER))
    revoke_offers(execution, [Role.HANDLER])
    if why is not None:
        bar_all(execution.case, [person.pk for person in leaving], why)


BARRED_FOR = {
    HandlerChange.CONFLICT.value: Bar.Why.CONFLICT,
    HandlerChange.OBJECTION_UPHELD.value: Bar.Why.OBJECTED,
}


@effect(StepName.RECUSE)
def step_back(execution: StepExecution) -> None:
    """The case leaves the person's sight at once and for good; the part is vacant, the lead told.

    They are barred, so that nobody hands it to them again, and another triage officer is announced.
    """
    person = execution.caller.who
    if isinstance(person, User):
        exclude_person(execution, person, Bar.Why.RECUSED)
        keep_a_reader(execution)


@effect(StepName.HOLD)
def begin_pause(execution: StepExecution) -> None:
    HoldPeriod.objects.create(
        case=execution.case, reason=execution.answers["reason"], from_on=execution.today
    )


@effect(StepName.RESUME)
def end_pause(execution: StepExecution) -> None:
    execution.case.holds.filter(until_on__isnull=True).update(until_on=execution.today)


@effect(StepName.EXTEND)
def move_date(execution: StepExecution) -> None:
    clocks.extend(
        execution.case,
        execution.answers["clock"],
        execution.answers["days"],
        execution.now,
        execution.today,
    )


@effect(StepName.EXTEND_INFORMAL)
def more_time(execution: StepExecution) -> None:
    clocks.extend(
        execution.case,
        ClockName.INFORMAL,
        execution.answers["days"],
        execution.now,
        execution.today,
    )


@effect(StepName.ASK_QUESTION)
def note_question(execution: StepExecution) -> None:
    Question.objects.create(case=execution.case, asked_on=execution.today)


@effect(StepName.AGREE_FORMAL)
def set_kind(execution: StepExecution) -> None:
    """The kind of the concern as it was raised; a kind set before stays (domain.md 2)."""
    tag = execution.answers.get("tag") or ""
    if tag:
        execution.case.allegations.filter(number=1, tag="").update(tag=tag)


@effect(StepName.ADD_ALLEGATION)
def add_part(execution: StepExecution) -> None:
    number = execution.case.allegations.count() + 1
    Allegation.objects.create(
        case=execution.case, number=number, tag=execution.answers.get("tag") or ""
    )
    write(
        execution.case,
        execution.ring,
        Kind.ALLEGATION,
        execution.answers["text"],
        author=execution.role,
        now=execution.now,
        about=str(number),
    )


@effect(StepName.ASK_APPROVAL)
def request_approval(execution: StepExecution) -> None:
    Approval.objects.create(
        case=execution.case,
        step=execution.answers["step"],
        asked_by=_at_work(execution),
        asked_at=execution.now,
    )


def _at_work(execution: StepExecution) -> User | None:
    # A complainant who asks is not written down: the row would name them in plain text.
    who = execution.caller.who
    return who if isinstance(who, User) and execution.role != "complainant" else None


@effect(StepName.ANSWER_APPROVAL)
def give_approval(execution: StepExecution) -> None:
    """A second person: whoever asked cannot answer."""
    rows = execution.case.approvals.filter(
        pk=execution.answers["approval"], answered_at__isnull=True
    )
    rows.exclude(asked_by=execution.caller.person).update(
        answered_by=execution.caller.person,
        answered_at=execution.now,
        agreed=execution.answers["answer"] == "yes",
    )


@effect(StepName.ANSWER_CHECK_IN)
def note_check_in(execution: StepExecution) -> None:
    """domain.md 5.6: a "yes" reaches triage first and management never."""
    waiting = CheckIn.objects.filter(case=execution.case, answered_on__isnull=True)
    waiting.update(worse=execution.answers["worse"], answered_on=execution.today)


@effect(StepName.FINISH_ACTION)
def finish(execution: StepExecution) -> None:
    execution.case.actions.filter(pk=execution.answers["action"]).update(done_on=execution.today)
