"""`perform()`: perform one step on a case in one transaction (architecture.md 4).

It does so in this order:

1. Lock the row.
2. Check the permission (`access.rules`).
3. Check the state (`cases.steps`) and the guards (`cases.guards`).
4. Apply the step.
5. Write the event.
6. Start and stop clocks.
7. Write the notices.

A refusal has a code and a plain sentence, and leaves no change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from grievances.audit.models import Event, forget_actors
from grievances.cases.access import rules
from grievances.cases.access.listed_once import at_the_end
from grievances.cases.actions.actor import SYSTEM, Caller, NotAllowed
from grievances.cases.actions.clocks import sync
from grievances.cases.actions.companion_copies import pass_on
from grievances.cases.actions.effects import EFFECTS, StepExecution, take_back_offers
from grievances.cases.actions.fitness import PERSON_STEPS, TWO_CASES
from grievances.cases.actions.fitness import unfit as unfit_for
from grievances.cases.actions.locked_case import (
    KnownCase,
    lock_and_read,
    lock_row,
    once_key,
    save_changes,
    what_is_known,
)
from grievances.cases.guards.context import StepContext
from grievances.cases.models.answers import Approval
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.exclusions import hold
from grievances.cases.models.parties import Party
from grievances.cases.models.records import Kind, write_all
from grievances.cases.models.stored_keys.held import forget_rows
from grievances.cases.notices import sending
from grievances.cases.step_names import StepName
from grievances.policy import profiles
from grievances.vocabulary import State
from workflow.calendar import local_date
from workflow.models import AlreadyRecorded
from workflow.sql.sent_together import sent_together
from workflow.steps import Refused, Step, advance, steps


@dataclass(frozen=True)
class StepInput:
    """The input of one step: answers, words to seal, codes for the trail.

    Guards and effects read the answers. `seen` is the version token of the page on which the person
    acted. `once` is the idempotency key of this submission, so that a double submit has one effect.
    """

    answers: Mapping[str, object] = field(default_factory=dict)
    words: tuple[tuple[Kind, str], ...] = ()
    codes: Mapping[str, object] = field(default_factory=dict)
    seen: str = ""
    once: str = ""


def perform(
    step: str, *, case_id: int, caller: Caller, now: datetime, step_input: StepInput | None = None
) -> Event:
    """Perform a step on a case, in a transaction of its own.

    Returns:
        The event of the step.

    Raises:
        NotAllowed: the person may not do this, or there is no such case. Views answer 404.
        Refused: the step cannot be performed now; it has a code and a sentence.
        AlreadyRecorded: this submission has had its effect before.
    """
    step_input = step_input or StepInput()
    other = partial(_beside, step, caller, str(step_input.answers.get("into")))
    key, judges = once_key(case_id, step_input.once), step in PERSON_STEPS
    with transaction.atomic(), sent_together():
        known = lock_and_read(case_id, caller.who, key or "", judges=judges, other=other())
        if known is None:
            raise NotAllowed
        return _perform(step, known, key, caller=caller, now=now, step_input=step_input)


def perform_on(
    case: Case,
    step: str,
    *,
    caller: Caller,
    now: datetime,
    step_input: StepInput,
    ring: Keyring | None = None,
    parties: list[Party] | None = None,
) -> Event:
    """Perform a step on a case that `locked_for_step` has locked in this transaction.

    Raises as `perform` does. `ring` has the caller's keys, `parties` the parties, where known.

    Returns:
        The event of the step.

    Raises:
        AlreadyRecorded: this submission has had its effect before.
    """
    key, judges = once_key(case.pk, step_input.once), step in PERSON_STEPS
    known = what_is_known(case, caller.who, key or "", judges=judges)
    if parties is not None:
        known = replace(known, parties=parties)
    with sent_together():
        return _perform(step, known, key, caller=caller, now=now, step_input=step_input, ring=ring)


def _perform(
    step: str,
    known: KnownCase,
    key: str | None,
    *,
    caller: Caller,
    now: datetime,
    step_input: StepInput,
    ring: Keyring | None = None,
) -> Event:
    # Checked first: a step may take from its own actor the right to perform it again.
    if known.is_done:
        raise AlreadyRecorded(key)
    role = _require(step, known, caller)
    _refuse_stale(known.case, step_input)
    ring = _keys_for(step, known.case, caller, step_input) if ring is None else ring
    execution = _execution(known, caller, role, step_input, now, ring)
    return _take(step, replace(execution, parties=known.parties), step_input, key)


def _take(step: str, execution: StepExecution, step_input: StepInput, key: str | None) -> Event:
    # Take a step that this person may perform, with all its effects.
    context = _check(step, execution)
    with at_the_end(connection, execution.case.pk):
        before = _apply(step, execution, context)
        _do_effects(step, execution, step_input, before)
        event = _record(step, execution, step_input, before, key)
        _follow_up(step, execution, event, before)
    return event


def locked_for_step(case: Case) -> Case:
    """Return the row of a case, locked, with what every step needs of it.

    Raises:
        NotAllowed: the row has gone.
    """
    found = lock_row(case.pk)
    if found is None:
        raise NotAllowed
    return found


def _beside(step: str, caller: Caller, into: str) -> QuerySet[Case] | None:
    """Return the query for the other case of this step, if the person may read it."""
    # So no one ever waits for the lock of a case hidden from them.
    if step not in TWO_CASES or caller.who is None:
        return None
    return rules.case_by_case(caller.who, "read_account").filter(reference=into)


def _refuse_stale(case: Case, step_input: StepInput) -> None:
    """Refuse an action on a page that shows an earlier state of the case.

    Raises:
        Refused: STALE_STATE.
    """
    if step_input.seen and step_input.seen != stamp(case):
        raise Refused(
            "STALE_STATE",
            gettext_noop(
                "Someone else has acted on this case since you opened it. Nothing was changed. "
                "Read it again, then decide."
            ),
        )


def stamp(case: Case) -> str:
    """Return the version token of a case; a later move makes it stale."""
    return f"{case.state}.{case.turn}"


def fact_of(step: str) -> Step:
    """Return the step of this name.

    Raises:
        Refused: there is no step of this name.
    """
    fact = steps(Case).get(step)
    if fact is None:
        sentence = gettext_noop("There is no such step. Go back to the case.")
        raise Refused("TRANSITION_NOT_ALLOWED", sentence)
    return fact


def step_context_of(
    case: Case,
    step: str,
    role: str,
    answers: Mapping[str, object],
    now: datetime,
    today: date,
    unfit: tuple[str, ...] = (),
) -> StepContext:
    """Return the input of the guards for this step."""
    days = case.calendar
    # `perform` loads `has_approvals` with the case: False saves a query. A page does not.
    approved = getattr(case, "has_approvals", True) and _is_approved(case, step)
    return StepContext(now, today, role, days.between, answers, unfit, approved)


def _is_approved(case: Case, step: str) -> bool:
    return case.approvals.filter(step=step, agreed=True, used_at__isnull=True).exists()


def _require(step: str, known: KnownCase, caller: Caller) -> str:
    if caller.who is None:
        if step not in rules.BY_THE_CLOCK:
            raise NotAllowed
        return SYSTEM
    found = known.access_of(caller.who)
    if found is None or not found.allows(step):
        raise NotAllowed
    hold(known.case, found.facts.excluded)
    return found.role(step)


def _keys_for(step: str, case: Case, caller: Caller, step_input: StepInput) -> Keyring:
    """Return the caller's keys of the case."""
    # A step that only records needs none.
    only_records = not step_input.words and step not in EFFECTS and not _has_companions(case)
    return Keyring.of(case, None if only_records else caller.holder)


def _execution(
    known: KnownCase,
    caller: Caller,
    role: str,
    step_input: StepInput,
    now: datetime,
    ring: Keyring,
) -> StepExecution:
    """Return the execution of a step: case, caller, keys, answers and time."""
    today, answers = local_date(now, profiles.zone()), step_input.answers
    return StepExecution(known.case, caller, ring, answers, role, now, today, known=known)


def _has_companions(case: Case) -> bool:
    return bool(case.__dict__.get("has_companions", True))


def _check(step: str, execution: StepExecution) -> StepContext:
    """Return what the guards are told, with what speaks against the people chosen."""
    unfit = unfit_for(step, execution) if execution.caller.who is not None else ()
    at = execution
    return step_context_of(at.case, step, at.role, at.answers, at.now, at.today, unfit)


def _apply(step: str, execution: StepExecution, context: StepContext) -> str:
    """Return the state before a step, which is applied once its guards hold.

    The case is changed and saved. Raises Refused for a step out of turn or the first guard that
    does not hold.
    """
    case, fact = execution.case, fact_of(step)
    served = context.approved and _needs_approval(case, fact, context)
    before, after = advance(case, step, context)
    if fact.resumes:
        case.return_states = case.return_states[:-1]
    case.turn += 1 if fact.moves or before != after else 0
    save_changes(case)
    if served:
        used = Approval.objects.filter(case=case, step=step, agreed=True)
        used.update(used_at=execution.now)
    return before


def _do_effects(step: str, execution: StepExecution, step_input: StepInput, before: str) -> None:
    """Write the words, run the effect of the step, and update copies and offers."""
    case, ring, role = execution.case, execution.ring, execution.role
    words = step_input.words
    write_all(case, ring, words, author=role, now=execution.now, about=execution.about)
    effect = EFFECTS.get(step)
    if effect is not None:
        effect(execution)
    pass_on(case, ring)
    if case.state == State.CLOSED and before != State.CLOSED:
        take_back_offers(execution)


def _record(
    step: str, execution: StepExecution, step_input: StepInput, before: str, key: str | None
) -> Event:
    # Append the event of the step: codes, states, and the answers it keeps.
    case, fact = execution.case, fact_of(step)
    kept = {name: step_input.answers[name] for name in fact.keeps}
    data = {"code": fact.code, "from": before, "to": str(case.state), **kept, **step_input.codes}
    return Event.append(
        chain=case.reference,
        at=execution.now,
        actor=execution.caller.handle_as(execution.role),
        role=execution.role,
        kind=f"case.{step}",
        subject=case.reference,
        data=data,
        key=key,
        is_new=True,
        after=execution.known.head if execution.known is not None else None,
    )


def _follow_up(step: str, execution: StepExecution, event: Event, before: str) -> None:
    """Start and stop clocks, write notices, and forget whose a deleted draft was."""
    case, now, today = execution.case, execution.now, execution.today
    forget_rows(case)
    if case.pk is not None and case.state != State.DRAFT:
        review = execution.answers.get("review_on")
        review_on = review if isinstance(review, date) else None
        sync(case, fact_of(step), before, review_on, now, today)
        if execution.known is None or execution.known.has_unread:
            sending.clear_done(case, sending.inboxes_on(case.pk, execution.caller.who), now=now)
        sending.announce(case, event, now=now, today=today, parties=execution.parties)
    if step == StepName.DELETE_DRAFT:
        forget_actors(case.reference)  # after its last event: nothing says whose draft it was


def _needs_approval(case: Case, fact: Step, step_context: StepContext) -> bool:
    """Return whether this very step would be refused without the lead's approval.

    Only then is the approval used up.
    """
    alone = replace(step_context, approved=False)
    return not all(guard.holds(case, alone) for guard in fact.guards)
