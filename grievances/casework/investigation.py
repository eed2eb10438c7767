"""Effects of the steps of handling, deciding, pausing and closing (T15-T35)."""

from __future__ import annotations

from django.db.models import QuerySet

from grievances.cases.actions import clocks
from grievances.cases.actions import step_answers as given
from grievances.cases.actions.effects import (
    Execution,
    StepExecution,
    effect,
    end_limited_parts,
    give_keys,
    remove,
    revoke_offers,
    working_keys,
)
from grievances.cases.actions.exclusions import exclude_person
from grievances.cases.actions.handovers import leave_work
from grievances.cases.guards.investigation import promised_actions
from grievances.cases.models.answers import Approval, Question
from grievances.cases.models.assignments import grant, holders, withdraw
from grievances.cases.models.case import Allegation
from grievances.cases.models.deadlines import Action, CheckIn, HoldPeriod
from grievances.cases.models.exclusions import Exclusions, bar, bar_all
from grievances.cases.models.offers import Offer
from grievances.cases.models.readers import remember
from grievances.cases.models.records import Kind, write
from grievances.cases.step_names import StepName
from grievances.casework.vacancies import keep_a_reader
from grievances.choices import HandlerChange
from grievances.participants import statements
from grievances.people.models import User, accounts_of_one
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import ASKED, Role

FAILED_OFFERS_BEFORE_LEAD = 3
"""After this many failed offers the casework lead must act (domain.md 5.2 T16)."""


@effect(StepName.OFFER)
@effect(StepName.OFFER_LATER)
def send_offer(execution: Execution[given.RoleOffer]) -> None:
    """Grant the candidate the asked role, and keys that open only on acceptance."""
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
    """Turn the candidate's asked role into the role itself."""
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
    """Remove grant and keys at once, after a refusal or when the time ran out."""
    offer = execution.own_offer
    role = Role(offer.role)
    offer.status = Offer.Status.EXPIRED if execution.caller.who is None else Offer.Status.DECLINED
    offer.answered_on = execution.today
    offer.save(update_fields=["status", "answered_on"])
    remove(execution.case, offer.candidate, ASKED[role], execution.ring)
    if execution.answers.get("connection"):
        bar(execution.case, offer.candidate_id, Exclusions.Why.CONFLICT)
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
def object_to(execution: Execution[given.OneOffer]) -> None:
    """Record that the complainant objects to the person of a live offer."""
    _live_offer(execution).update(objection=Offer.Objection.OPEN)


@effect(StepName.ANSWER_OBJECTION)
def settle_objection(execution: Execution[given.ObjectionAnswer]) -> None:
    """Record the answer to an objection.

    If it is agreed, the person steps back at once. Otherwise the reasons go to the complainant.
    """
    offer = _live_offer(execution).get()
    agreed = execution.answers["answer"] == "yes"
    offer.objection = Offer.Objection.AGREED if agreed else Offer.Objection.OVERRULED
    offer.save(update_fields=["objection"])
    if agreed:
        revoke_offers(execution, [Role(offer.role)])
        bar(execution.case, offer.candidate_id, Exclusions.Why.OBJECTED)
        clocks.stop(execution.case, [ClockName.OFFER], execution.today, detail=offer.role)


def _live_offer(execution: Execution[given.OneOffer]) -> QuerySet[Offer]:
    return execution.case.offers.filter(
        pk=execution.answers["offer"], status__in=["sent", "accepted"]
    )


@effect(StepName.BEGIN_INVESTIGATION)
def sign_today(execution: StepExecution) -> None:
    """Date the handler's declaration again on the day the work begins."""
    execution.case.offers.filter(role=Role.HANDLER, status="accepted").update(
        declared_on=execution.today
    )


@effect(StepName.DECIDE)
def record_findings(execution: Execution[given.Decision]) -> None:
    """Record a finding for every part, and the actions with their dates.

    A new finding replaces one that an appeal in an earlier episode had changed.
    """
    for number, finding in execution.answers["findings"].items():
        own = execution.case.allegations.filter(number=number)
        own.update(finding=finding, appeal_finding="")
    statements.open_to_complainant(execution)
    _promise_actions(execution)


@effect(StepName.DECIDE_APPEAL)
def record_changes(execution: Execution[given.AppealDecision]) -> None:
    """Record what the appeal changed, beside what was found first.

    Reports count both (domain.md 9).
    """
    for number, finding in (execution.answers.get("findings") or {}).items():
        execution.case.allegations.filter(number=number).update(appeal_finding=finding)
    _promise_actions(execution)


def _promise_actions(execution: StepExecution) -> None:
    """Record each promised action: a date, and sealed words."""
    for what, who, due in promised_actions(execution.answers):
        promised = Action.objects.create(case=execution.case, due_on=due)
        words = f"{what}\nWho: {who}\nBy: {due:%-d %B %Y}"
        write(
            execution.case,
            execution.ring,
            Kind.ACTION,
            words,
            author=execution.role,
            now=execution.now,
            about=str(promised.pk),
        )


@effect(StepName.REMIT)
def begin_afresh(execution: StepExecution) -> None:
    """Remove handler, decision maker, appeal manager and helpers from the case.

    New people are found for the first two roles (domain.md 5.2 T26).
    """
    revoke_offers(execution, [Role.HANDLER, Role.DECIDER, Role.APPEAL])
    end_limited_parts(execution)
    execution.case.allegations.update(finding="", appeal_finding="")


@effect(StepName.CHANGE_HANDLER)
def replace_handler(execution: Execution[given.Change]) -> None:
    """Remove the handler; exclude them from this case after a conflict or objection."""
    why = BARRED_FOR.get(execution.answers.get("reason") or "")
    leaving = list(holders(execution.case, Role.HANDLER))
    leave_work(execution, Role.HANDLER, has_begun=True)
    revoke_offers(execution, [Role.HANDLER])
    if why is not None:
        bar_all(execution.case, {person.pk: [why] for person in leaving})


BARRED_FOR = {
    HandlerChange.CONFLICT.value: Exclusions.Why.CONFLICT,
    HandlerChange.OBJECTION_UPHELD.value: Exclusions.Why.OBJECTED,
}


@effect(StepName.RECUSE)
def step_back(execution: StepExecution) -> None:
    """Remove the person from the case at once and for good.

    The role becomes vacant and the lead is told. The person is excluded, so that the case is not
    offered to them again. Another triage officer is announced.
    """
    person = execution.caller.who
    leave_work(execution, execution.role)
    if isinstance(person, User):
        exclude_person(execution, person, Exclusions.Why.RECUSED)
        keep_a_reader(execution)


@effect(StepName.HOLD)
def begin_pause(execution: Execution[given.Pause]) -> None:
    """Record that a pause began today (local date)."""
    HoldPeriod.objects.create(
        case=execution.case, reason=execution.answers["reason"], from_on=execution.today
    )


@effect(StepName.RESUME)
def end_pause(execution: StepExecution) -> None:
    """Record that the pause ended today (local date)."""
    execution.case.holds.filter(until_on__isnull=True).update(until_on=execution.today)


@effect(StepName.EXTEND)
def move_date(execution: Execution[given.Extension]) -> None:
    """Extend the chosen clock by the agreed days."""
    clocks.extend(
        execution.case,
        execution.answers["clock"],
        execution.answers["days"],
        execution.now,
        execution.today,
    )


@effect(StepName.EXTEND_INFORMAL)
def more_time(execution: Execution[given.MoreTime]) -> None:
    """Extend the clock of the informal way forward by the agreed days."""
    clocks.extend(
        execution.case,
        ClockName.INFORMAL,
        execution.answers["days"],
        execution.now,
        execution.today,
    )


@effect(StepName.ASK_QUESTION)
def note_question(execution: StepExecution) -> None:
    """Record that a question was asked today (local date)."""
    Question.objects.create(case=execution.case, asked_on=execution.today)


@effect(StepName.AGREE_FORMAL)
def set_kind(execution: Execution[given.KindOfConcern]) -> None:
    """Set the kind of the concern as it was raised.

    A kind set before stays (domain.md 2).
    """
    tag = execution.answers.get("tag") or ""
    if tag:
        execution.case.allegations.filter(number=1, tag="").update(tag=tag)


@effect(StepName.ADD_ALLEGATION)
def add_part(execution: Execution[given.NewPart]) -> None:
    """Add a part to the concern, with its words."""
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
def request_approval(execution: Execution[given.ApprovalRequest]) -> None:
    """Record a request for approval of a step."""
    Approval.objects.create(
        case=execution.case,
        step=execution.answers["step"],
        asked_by=_at_work(execution),
        asked_at=execution.now,
    )


def _at_work(execution: StepExecution) -> User | None:
    # A complainant who asks is not recorded: the row would name them in plain text.
    who = execution.caller.who
    return who if isinstance(who, User) and execution.role != "complainant" else None


@effect(StepName.ANSWER_APPROVAL)
def give_approval(execution: Execution[given.ApprovalAnswer]) -> None:
    """Record the second person's answer; the person who asked cannot answer."""
    rows = execution.case.approvals.filter(
        pk=execution.answers["approval"], answered_at__isnull=True
    )
    rows.exclude(asked_by__in=accounts_of_one(execution.caller.person)).update(
        answered_by=execution.caller.person,
        answered_at=execution.now,
        agreed=execution.answers["answer"] == "yes",
    )


@effect(StepName.ANSWER_CHECK_IN)
def note_check_in(execution: Execution[given.CheckInAnswer]) -> None:
    """Record a check-in answer.

    domain.md 5.6: a "yes" reaches triage first and management never.
    """
    waiting = CheckIn.objects.filter(case=execution.case, answered_on__isnull=True)
    waiting.update(worse=execution.answers["worse"], answered_on=execution.today)


@effect(StepName.FINISH_ACTION)
def finish(execution: Execution[given.FinishedAction]) -> None:
    """Record the local day on which an action was done; today where no day is given."""
    day = execution.answers.get("done_on") or execution.today
    execution.case.actions.filter(pk=execution.answers["action"]).update(done_on=day)
