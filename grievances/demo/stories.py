"""The stories that a case can follow, for the scheduler (domain.md 5.2)."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import date

from grievances.cases.models.records import Kind
from grievances.cases.step_names import StepName
from grievances.demo import texts
from grievances.demo.actors import Actors, Plan, WalkedCase
from grievances.vocabulary import Office, Role, State

UPDATE_EVERY = 8
"""Working days between two updates to the complainant.

The clock would ask for one later.
"""

DAYS_TO_ANSWER = 5
"""Working days that a respondent is given to answer."""
NO_HOLD = (-1, 0)
NO_ROOM = (Kind.REASON, texts.BUSY)

Act = Callable[[], None]
Scheduled = list[tuple[int, Act]]
Days = Generator[date, None, None]
ToWalkedCase = Generator[date, None, WalkedCase]


def acknowledged(actors: Actors, plan: Plan) -> ToWalkedCase:
    """Send a concern, acknowledge it, check safety, and ask for exclusions.

    Returns:
        The case, at the end of the generator.
    """
    walked = actors.raise_concern(plan)
    yield actors.day(walked, plan.pace.acknowledged)
    actors.take(walked, Role.TRIAGE, StepName.ACKNOWLEDGE, declare=True)
    yield actors.day(walked, plan.pace.acknowledged)
    actors.take(walked, Role.TRIAGE, StepName.CHECK_SAFETY, flags=list(plan.flags))
    yield actors.day(walked, plan.pace.agreed)
    actors.take(walked, Role.TRIAGE, StepName.ASK_EXCLUSIONS)
    return walked


def formal(
    actors: Actors, plan: Plan, *, then: Callable[[Actors, WalkedCase], Days] | None = None
) -> Days:
    """Run the formal way up to the decision; `then` is what follows it."""
    walked = yield from begun(actors, plan)
    yield from scheduled(actors, walked, inquiry(actors, walked))
    yield actors.day(walked, plan.pace.decided)
    decide(actors, walked)
    if then is not None:
        yield from then(actors, walked)


def begun(actors: Actors, plan: Plan) -> ToWalkedCase:
    """Run a case up to the start of the investigation.

    Returns:
        The case, at the end of the generator.
    """
    walked = yield from acknowledged(actors, plan)
    actors.take(walked, Role.TRIAGE, StepName.AGREE_FORMAL, tag=walked.kind)
    yield from allocated(actors, walked)
    yield actors.day(walked, plan.pace.begun)
    actors.take(walked, Role.HANDLER, StepName.BEGIN_INVESTIGATION, declare=True)
    return walked


def allocated(actors: Actors, walked: WalkedCase) -> Days:
    """Find a handler and a decision maker who accept."""
    plan = walked.plan
    yield actors.day(walked, plan.pace.offered)
    for role, wanted in ((Role.HANDLER, plan.handler), (Role.DECIDER, plan.decider)):
        yield from filled(actors, walked, role, StepName.OFFER, wanted)


def filled(actors: Actors, walked: WalkedCase, role: Role, step: str, wanted: str) -> Days:
    """Offer one part until it is accepted.

    On a day when no one is fit, it is tried again on the next.
    """
    while not actors.offer(walked, role, step, wanted):
        yield actors.scheduler.days.add(actors.scheduler.today, 1)
    yield actors.scheduler.today
    if not wanted and actors.voices.declines():
        no = StepName.DECLINE if step == StepName.OFFER else StepName.DECLINE_LATER
        actors.take(walked, role, no, NO_ROOM)
        walked.declined.add(walked.officers[role])
        yield actors.scheduler.today
        yield from filled(actors, walked, role, step, wanted)
    else:
        actors.take(walked, role, StepName.ACCEPT, declare=True)


def scheduled(actors: Actors, walked: WalkedCase, acts: Scheduled) -> Days:
    """Perform actions in the order of their working days."""
    for offset, act in sorted(acts, key=lambda each: each[0]):
        yield actors.day(walked, offset)
        act()


def inquiry(actors: Actors, walked: WalkedCase) -> Scheduled:
    """Return the actions of an investigation, with their working days.

    They are the meeting, the answer of the other person, updates, a pause and the report.
    """
    pace, (held, lasting) = walked.plan.pace, walked.plan.hold or NO_HOLD
    end = pace.decided if walked.plan.updates else pace.begun
    updates = range(pace.begun + UPDATE_EVERY, end, UPDATE_EVERY)
    acts: Scheduled = [
        (offset, lambda: update(actors, walked))
        for offset in updates
        if not held <= offset <= held + lasting
    ]
    if walked.plan.hold:
        acts.append((held, lambda: pause(actors, walked, lasting)))
        acts.append((held + lasting, lambda: actors.take(walked, Role.HANDLER, StepName.RESUME)))
    acts.append((pace.met, lambda: meet(actors, walked)))
    acts.append((pace.met, lambda: hear(actors, walked)))
    acts.append((pace.reported, lambda: report(actors, walked)))
    return acts


def pause(actors: Actors, walked: WalkedCase, lasting: int) -> None:
    """Pause a case, which stops the clock (domain.md 5.4).

    A pause has at most 10 working days.
    """
    review = actors.scheduler.days.add(actors.scheduler.today, lasting)
    text, reason = texts.HOLD_EXPLANATION, "C_SICK"
    if walked.plan.about and actors.voices.other_is_unwell():
        text, reason = texts.OTHER_IS_UNWELL, "RESPONDENT_SICK"
        have_approved(actors, walked)
    said = (Kind.EXPLANATION, text)
    facts = {"reason": reason, "explanation": text, "review_on": review}
    actors.take(walked, Role.HANDLER, StepName.HOLD, said, **facts)


def have_approved(actors: Actors, walked: WalkedCase) -> None:
    """Have the casework lead approve a pause for the respondent (domain.md 5.4)."""
    text, answer = texts.OTHER_IS_UNWELL, texts.YES_TO_WAITING
    actors.take(
        walked,
        Role.HANDLER,
        StepName.ASK_APPROVAL,
        (Kind.APPROVAL, text),
        step=StepName.HOLD,
        text=text,
    )
    walked.officers[Role.LEAD] = actors.organisation.offices[Office.LEAD][0]
    asked = actors.case(walked).approvals.get(answered_at__isnull=True)
    facts = {"approval": asked.pk, "answer": "yes", "text": answer}
    actors.take(walked, Role.LEAD, StepName.ANSWER_APPROVAL, (Kind.REASON, answer), **facts)


def meet(actors: Actors, walked: WalkedCase) -> None:
    """Record the meeting with the complainant; an anonymous one answers in writing."""
    said = (Kind.MEETING, texts.MEETING_NOTE)
    today, named = actors.scheduler.today, bool(walked.plan.complainant)
    answers = {"held_on": today} if named else {"declined": True}
    actors.take(
        walked, Role.HANDLER, StepName.RECORD_MEETING, said, companion_asked=True, **answers
    )


def hear(actors: Actors, walked: WalkedCase) -> None:
    """Give the respondent the chance to answer: in a meeting where time is short."""
    said, today = (Kind.HEARD, texts.HEARD_NOTE), actors.scheduler.today
    due_on = actors.scheduler.days.add(today, DAYS_TO_ANSWER)
    has_time = due_on < actors.day(walked, walked.plan.pace.reported)
    if walked.plan.about and actors.voices.is_heard_here() and has_time:
        person = actors.organisation[walked.plan.about]
        answers = {"person": person, "text": texts.PUT, "due_on": due_on, "checked": True}
        actors.take(walked, Role.HANDLER, StepName.PUT_TO_RESPONDENT, **answers)
    actors.take(walked, Role.HANDLER, StepName.RECORD_RESPONDENT, said, asked_on=today)


def update(actors: Actors, walked: WalkedCase) -> None:
    """Send the complainant an update (K8)."""
    text = actors.chance.choice(texts.UPDATES)
    actors.take(walked, Role.HANDLER, StepName.SEND_UPDATE, (Kind.UPDATE, text), text=text)


def report(actors: Actors, walked: WalkedCase) -> None:
    """Submit the report, which covers every part."""
    covered = sorted(actors.case(walked).allegation_numbers())
    said = (Kind.REPORT, texts.REPORT)
    facts = {"covered": covered, "evidence_complete": True, "report": texts.REPORT}
    actors.take(walked, Role.HANDLER, StepName.SUBMIT_REPORT, said, **facts)


def decide(actors: Actors, walked: WalkedCase) -> None:
    """Decide every part alike, with an action unless nothing is upheld."""
    finding = walked.plan.finding
    letter = texts.LETTERS[finding]
    action, owner = actors.chance.choice(texts.ACTIONS)
    due = actors.scheduler.days.add(actors.scheduler.today, 30)
    promised = {"action": action, "action_owner": owner, "action_due": due}
    numbers = actors.case(walked).allegation_numbers()
    actors.take(
        walked,
        Role.DECIDER,
        StepName.DECIDE,
        (Kind.LETTER, letter),
        findings=dict.fromkeys(numbers, finding),
        reasons=letter,
        letter=letter,
        appeal_rights=True,
        wish=True,
        **({} if finding == "NOT_UPHELD" else promised),
    )
    after = actors.voices.done_after() if finding != "NOT_UPHELD" else None
    if after is not None:
        done_on = actors.scheduler.days.add(actors.scheduler.today, after)
        actors.scheduler.add(done_on, finishing(actors, walked))


def finishing(actors: Actors, walked: WalkedCase) -> Days:
    """Do the promised action, and have the decision maker record it.

    It waits until an appeal is over.
    """
    while actors.case(walked).state not in (State.OUTCOME, State.CLOSED):
        yield actors.scheduler.days.add(actors.scheduler.today, 5)
    action = actors.case(walked).actions.filter(done_on__isnull=True).first()
    if action is not None:
        actors.take(walked, Role.DECIDER, StepName.FINISH_ACTION, action=str(action.pk))


def accepting(actors: Actors, walked: WalkedCase) -> Days:
    """Have the complainant accept the outcome, which closes the case in a few days."""
    yield actors.scheduler.days.add(actors.scheduler.today, actors.chance.randint(1, 6))
    actors.take(walked, None, StepName.ACCEPT_OUTCOME)


def appealing(outcome: str, lasting: int = 20) -> Callable[[Actors, WalkedCase], Days]:
    """Return the story of an appeal.

    It is decided `lasting` working days after it was made. An empty `outcome` means not yet
    decided.
    """

    def story(actors: Actors, walked: WalkedCase) -> Days:
        days, scheduler = actors.scheduler.days, actors.scheduler
        yield days.add(scheduler.today, actors.chance.randint(2, 7))
        actors.take(
            walked, None, StepName.APPEAL, (Kind.GROUNDS, texts.GROUNDS), grounds=texts.GROUNDS
        )
        made_on = scheduler.today
        yield days.add(made_on, 3)
        yield from filled(actors, walked, Role.APPEAL, StepName.OFFER_LATER, walked.plan.appeal)
        yield days.add(scheduler.today, 1)
        actors.take(walked, Role.APPEAL, StepName.BEGIN_APPEAL, declare=True)
        yield max(days.add(made_on, lasting), scheduler.today)
        if outcome:
            give_appeal_decision(actors, walked, outcome)

    return story


BETTER = {
    ("NOT_UPHELD", "appeal_varied"): "PARTLY",
    ("NOT_UPHELD", "appeal_upheld"): "UPHELD",
    ("PARTLY", "appeal_varied"): "UPHELD",
    ("PARTLY", "appeal_upheld"): "UPHELD",
}
"""The finding after a successful appeal.

An upheld finding stays, and one more action is added.
"""


def give_appeal_decision(actors: Actors, walked: WalkedCase, outcome: str) -> None:
    """End an appeal: dismissed, or a better finding and one more action."""
    finding, said = walked.plan.finding, (Kind.APPEAL_LETTER, texts.APPEAL_LETTER)
    changes: dict[str, object] = {}
    if outcome != "appeal_dismissed":
        outcome = "appeal_varied" if finding == "UPHELD" else outcome
        better = {
            n: BETTER.get((finding, outcome)) for n in actors.case(walked).allegation_numbers()
        }
        action, owner = texts.ACTIONS[0]
        due = actors.scheduler.days.add(actors.scheduler.today, 30)
        changes = {"action": action, "action_owner": owner, "action_due": due}
        changes["findings"] = {number: code for number, code in better.items() if code}
    held = {"held_on": actors.scheduler.today, "companion_asked": True}
    actors.take(walked, Role.APPEAL, StepName.RECORD_APPEAL_MEETING, **held)
    letter = {"reasons": texts.APPEAL_LETTER, "wish": True}
    actors.take(
        walked, Role.APPEAL, StepName.DECIDE_APPEAL, said, outcome=outcome, **letter, **changes
    )


def informal(actors: Actors, plan: Plan, *, resolved_after: int) -> Days:
    """Run the informal way, which the complainant asks for and confirms as resolved."""
    walked = yield from acknowledged(actors, plan)
    actors.take(walked, Role.TRIAGE, StepName.AGREE_INFORMAL)
    yield actors.day(walked, plan.pace.agreed + resolved_after)
    said = (Kind.MESSAGE, texts.RESOLVED)
    actors.take(walked, None, StepName.CONFIRM_RESOLVED, said, confirm=True)


def withdrawn(actors: Actors, plan: Plan, *, asked_after: int) -> Days:
    """Withdraw a concern after a talk and a cooling-off time of five working days."""
    walked = yield from acknowledged(actors, plan)
    actors.take(walked, Role.TRIAGE, StepName.AGREE_FORMAL, tag=walked.kind)
    yield actors.day(walked, plan.pace.agreed + asked_after)
    actors.take(walked, None, StepName.ASK_TO_WITHDRAW, pressure="no")
    asked_on = actors.scheduler.today
    yield actors.scheduler.days.add(asked_on, 2)
    actors.take(walked, Role.TRIAGE, StepName.CHECK_VOLUNTARY, reached="yes", pressure="no")
    yield actors.scheduler.days.add(asked_on, 6)
    actors.take(walked, Role.TRIAGE, StepName.CLOSE_WITHDRAWN)
