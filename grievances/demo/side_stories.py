"""Stories that stop part way: a question, a pause, mediation, an open offer."""

from __future__ import annotations

from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.answers import Consent
from grievances.cases.models.readers import PendingReader
from grievances.cases.models.records import Kind
from grievances.cases.notices.sending import inboxes
from grievances.cases.step_names import StepName
from grievances.choices import Welcome
from grievances.demo import texts
from grievances.demo.actors import Actors, Plan, WalkedCase
from grievances.demo.stories import Days, ToWalkedCase, acknowledged
from grievances.participants import consents
from grievances.vocabulary import Role
from notifications.outbox import inbox
from workflow.steps import Refused

CONSENT = "/consent/"


def sent_only(actors: Actors, plan: Plan) -> Days:
    """Send a concern that no officer has taken on yet."""
    actors.raise_concern(plan)
    yield from ()


def asked(actors: Actors, plan: Plan) -> Days:
    """Leave a case in triage with a question to the complainant."""
    walked = yield from acknowledged(actors, plan)
    ask(actors, walked)


def answered(actors: Actors, plan: Plan) -> Days:
    """Leave a case in triage with a question answered on the next day."""
    walked = yield from acknowledged(actors, plan)
    ask(actors, walked)
    yield actors.scheduler.days.add(actors.scheduler.today, 1)
    text = actors.chance.choice(texts.ANSWERS)
    actors.take(walked, None, StepName.MESSAGE, (Kind.MESSAGE, text), text=text)


def ask(actors: Actors, walked: WalkedCase) -> None:
    """Ask the complainant a question in writing."""
    text = actors.chance.choice(texts.QUESTIONS)
    actors.take(walked, Role.TRIAGE, StepName.ASK_QUESTION, (Kind.QUESTION, text), text=text)


def offered_only(actors: Actors, plan: Plan) -> Days:
    """Agree the formal way; the handler asked has not answered yet."""
    walked = yield from acknowledged(actors, plan)
    actors.take(walked, Role.TRIAGE, StepName.AGREE_FORMAL, tag=walked.kind)
    yield actors.day(walked, plan.pace.offered)
    actors.offer(walked, Role.HANDLER, StepName.OFFER, plan.handler)


def withdrawing(actors: Actors, plan: Plan, *, asked_after: int) -> Days:
    """Have the complainant ask to withdraw; the cooling-off time runs."""
    walked = yield from acknowledged(actors, plan)
    actors.take(walked, Role.TRIAGE, StepName.AGREE_FORMAL, tag=walked.kind)
    yield actors.day(walked, plan.pace.agreed + asked_after)
    actors.take(walked, None, StepName.ASK_TO_WITHDRAW, pressure="talk")


def mediating(actors: Actors, plan: Plan) -> ToWalkedCase:
    """Have both people agree to mediation, and the mediator begin.

    Returns:
        The case, at the end of the generator.
    """
    walked = yield from acknowledged(actors, plan)
    yield from both_asked(actors, walked, Role.TRIAGE, Consent.What.MEDIATION)
    for person in actors.asked(Role.MEDIATOR, plan.mediator):
        try:
            actors.take(walked, Role.TRIAGE, StepName.BEGIN_MEDIATION, mediator=person)
        except Refused:
            continue
        walked.officers[Role.MEDIATOR] = person.username
        row = PendingReader.objects.get(case=walked.case_id, role=Role.MEDIATOR)
        actors.take(walked, None, StepName.ANSWER_READER, reader=row.pk, answer=Welcome.FINE)
        break
    return walked


def mediated(actors: Actors, plan: Plan, *, lasting: int) -> Days:
    """Run a mediation that ends in an agreement both confirm."""
    walked = yield from mediating(actors, plan)
    yield actors.day(walked, plan.pace.agreed + lasting)
    note = "First meetings held apart."
    said = (Kind.MEDIATION_NOTE, note)
    actors.take(walked, Role.MEDIATOR, StepName.WRITE_MEDIATION_NOTE, said, text=note)
    yield from both_asked(actors, walked, Role.MEDIATOR, Consent.What.SETTLEMENT)
    terms = (Kind.TERMS, texts.TERMS)
    actors.take(walked, Role.MEDIATOR, StepName.SETTLE, terms, terms=texts.TERMS)


def both_asked(actors: Actors, walked: WalkedCase, asker: Role, what: Consent.What) -> Days:
    """Ask the complainant, then the other person.

    Each answers from their own inbox.
    """
    actors.take(walked, asker, StepName.ASK_CONSENT, what=what.value)
    for person in _both(actors, walked):
        yield actors.scheduler.days.add(actors.scheduler.today, 1)
        token = _newest_question(person)
        consents.answer_question(person, token, consents.YES, now=actors.scheduler.now)
    yield actors.scheduler.today


def _newest_question(person: Caller) -> str:
    """Return the token of the last question in a person's inbox.

    Raises:
        NotAllowed: The person has no account.
    """
    if person.who is None:
        raise NotAllowed
    rows = inbox(*inboxes(person.who)).filter(link__startswith=CONSENT)
    return rows[0].link.removeprefix(CONSENT).rstrip("/")


def _both(actors: Actors, walked: WalkedCase) -> tuple[Caller, Caller]:
    other = Caller(actors.organisation[walked.plan.about])
    return walked.complainant, other
