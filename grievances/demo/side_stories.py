"""Stories that stop on the way: a question, a pause, mediation, an offer nobody has answered."""

from __future__ import annotations

from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.case import Consent
from grievances.cases.models.readers import PendingReader
from grievances.cases.models.records import Kind
from grievances.cases.notices.sending import inboxes
from grievances.cases.step_names import StepName
from grievances.demo import texts
from grievances.demo.actors import Actors, Plan, WalkedCase
from grievances.demo.stories import Days, ToWalkedCase, acknowledged
from grievances.participants import consents
from grievances.vocabulary import Role, Welcome
from notifications.outbox import inbox
from workflow.steps import Refused

CONSENT = "/consent/"


def sent_only(actors: Actors, plan: Plan) -> Days:
    """Sent, and nobody has taken it on yet."""
    actors.raise_concern(plan)
    yield from ()


def asked(actors: Actors, plan: Plan) -> Days:
    """In triage, with a question to the complainant waiting for its answer."""
    walked = yield from acknowledged(actors, plan)
    ask(actors, walked)


def answered(actors: Actors, plan: Plan) -> Days:
    """In triage, with a question that was answered on the next day."""
    walked = yield from acknowledged(actors, plan)
    ask(actors, walked)
    yield actors.scheduler.days.add(actors.scheduler.today, 1)
    text = actors.chance.choice(texts.ANSWERS)
    actors.take(walked, None, StepName.MESSAGE, (Kind.MESSAGE, text), text=text)


def ask(actors: Actors, walked: WalkedCase) -> None:
    """A written question to the complainant."""
    text = actors.chance.choice(texts.QUESTIONS)
    actors.take(walked, Role.TRIAGE, StepName.ASK_QUESTION, (Kind.QUESTION, text), text=text)


def offered_only(actors: Actors, plan: Plan) -> Days:
    """Agreed as formal; a handler is asked and has not answered."""
    walked = yield from acknowledged(actors, plan)
    actors.take(walked, Role.TRIAGE, StepName.AGREE_FORMAL, tag=walked.kind)
    yield actors.day(walked, plan.pace.offered)
    actors.offer(walked, Role.HANDLER, StepName.OFFER, plan.handler)


def withdrawing(actors: Actors, plan: Plan, *, asked_after: int) -> Days:
    """The complainant has asked to withdraw, and the cooling-off time runs."""
    walked = yield from acknowledged(actors, plan)
    actors.take(walked, Role.TRIAGE, StepName.AGREE_FORMAL, tag=walked.kind)
    yield actors.day(walked, plan.pace.agreed + asked_after)
    actors.take(walked, None, StepName.ASK_TO_WITHDRAW, pressure="talk")


def mediating(actors: Actors, plan: Plan) -> ToWalkedCase:
    """Both people say yes to mediation, and the mediator begins; returns the tale."""
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
    """Mediation that ends in an agreement both confirm."""
    walked = yield from mediating(actors, plan)
    yield actors.day(walked, plan.pace.agreed + lasting)
    note = "First meetings held apart."
    said = (Kind.MEDIATION_NOTE, note)
    actors.take(walked, Role.MEDIATOR, StepName.WRITE_MEDIATION_NOTE, said, text=note)
    yield from both_asked(actors, walked, Role.MEDIATOR, Consent.What.SETTLEMENT)
    terms = (Kind.TERMS, texts.TERMS)
    actors.take(walked, Role.MEDIATOR, StepName.SETTLE, terms, terms=texts.TERMS)


def both_asked(actors: Actors, walked: WalkedCase, asker: Role, what: Consent.What) -> Days:
    """The complainant is asked, then the other person; each answers from their own inbox."""
    actors.take(walked, asker, StepName.ASK_CONSENT, what=what.value)
    for person in _both(actors, walked):
        yield actors.scheduler.days.add(actors.scheduler.today, 1)
        token = _newest_question(person)
        consents.answer_question(person, token, consents.YES, now=actors.scheduler.now)
    yield actors.scheduler.today


def _newest_question(person: Caller) -> str:
    """The token of the last question in a person's inbox."""
    if person.who is None:
        raise NotAllowed
    rows = inbox(*inboxes(person.who)).filter(link__startswith=CONSENT)
    return rows[0].link.removeprefix(CONSENT).rstrip("/")


def _both(actors: Actors, walked: WalkedCase) -> tuple[Caller, Caller]:
    other = Caller(actors.organisation[walked.plan.about])
    return walked.complainant, other
