"""Stories that stop on the way: a question, a pause, mediation, an offer nobody has answered."""

from __future__ import annotations

from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.case import Consent
from grievances.cases.models.readers import PendingReader
from grievances.cases.models.records import Kind
from grievances.cases.notices.sending import inboxes
from grievances.cases.step_names import StepName
from grievances.demo import texts
from grievances.demo.actors import Plan, Teller, WalkedCase
from grievances.demo.stories import Days, ToTale, acknowledged
from grievances.participants import consents
from grievances.vocabulary import Role, Welcome
from notifications.outbox import inbox
from workflow.steps import Refused

CONSENT = "/consent/"


def sent_only(teller: Teller, plan: Plan) -> Days:
    """Sent, and nobody has taken it on yet."""
    teller.raise_concern(plan)
    yield from ()


def asked(teller: Teller, plan: Plan) -> Days:
    """In triage, with a question to the complainant waiting for its answer."""
    walked = yield from acknowledged(teller, plan)
    ask(teller, walked)


def answered(teller: Teller, plan: Plan) -> Days:
    """In triage, with a question that was answered on the next day."""
    walked = yield from acknowledged(teller, plan)
    ask(teller, walked)
    yield teller.chronicle.days.add(teller.chronicle.today, 1)
    text = teller.chance.choice(texts.ANSWERS)
    teller.take(walked, None, StepName.MESSAGE, (Kind.MESSAGE, text), text=text)


def ask(teller: Teller, walked: WalkedCase) -> None:
    """A written question to the complainant."""
    text = teller.chance.choice(texts.QUESTIONS)
    teller.take(walked, Role.TRIAGE, StepName.ASK_QUESTION, (Kind.QUESTION, text), text=text)


def offered_only(teller: Teller, plan: Plan) -> Days:
    """Agreed as formal; a handler is asked and has not answered."""
    walked = yield from acknowledged(teller, plan)
    teller.take(walked, Role.TRIAGE, StepName.AGREE_FORMAL, tag=walked.kind)
    yield teller.day(walked, plan.pace.offered)
    teller.offer(walked, Role.HANDLER, StepName.OFFER, plan.handler)


def withdrawing(teller: Teller, plan: Plan, *, asked_after: int) -> Days:
    """The complainant has asked to withdraw, and the cooling-off time runs."""
    walked = yield from acknowledged(teller, plan)
    teller.take(walked, Role.TRIAGE, StepName.AGREE_FORMAL, tag=walked.kind)
    yield teller.day(walked, plan.pace.agreed + asked_after)
    teller.take(walked, None, StepName.ASK_TO_WITHDRAW, pressure="talk")


def mediating(teller: Teller, plan: Plan) -> ToTale:
    """Both people say yes to mediation, and the mediator begins; returns the tale."""
    walked = yield from acknowledged(teller, plan)
    yield from both_asked(teller, walked, Role.TRIAGE, Consent.What.MEDIATION)
    for person in teller.asked(Role.MEDIATOR, plan.mediator):
        try:
            teller.take(walked, Role.TRIAGE, StepName.BEGIN_MEDIATION, mediator=person)
        except Refused:
            continue
        walked.officers[Role.MEDIATOR] = person.username
        row = PendingReader.objects.get(case=walked.case_id, role=Role.MEDIATOR)
        teller.take(walked, None, StepName.ANSWER_READER, reader=row.pk, answer=Welcome.FINE)
        break
    return walked


def mediated(teller: Teller, plan: Plan, *, lasting: int) -> Days:
    """Mediation that ends in an agreement both confirm."""
    walked = yield from mediating(teller, plan)
    yield teller.day(walked, plan.pace.agreed + lasting)
    note = "First meetings held apart."
    said = (Kind.MEDIATION_NOTE, note)
    teller.take(walked, Role.MEDIATOR, StepName.WRITE_MEDIATION_NOTE, said, text=note)
    yield from both_asked(teller, walked, Role.MEDIATOR, Consent.What.SETTLEMENT)
    terms = (Kind.TERMS, texts.TERMS)
    teller.take(walked, Role.MEDIATOR, StepName.SETTLE, terms, terms=texts.TERMS)


def both_asked(teller: Teller, walked: WalkedCase, asker: Role, what: Consent.What) -> Days:
    """The complainant is asked, then the other person; each answers from their own inbox."""
    teller.take(walked, asker, StepName.ASK_CONSENT, what=what.value)
    for person in _both(teller, walked):
        yield teller.chronicle.days.add(teller.chronicle.today, 1)
        token = _newest_question(person)
        consents.answer_question(person, token, consents.YES, now=teller.chronicle.now)
    yield teller.chronicle.today


def _newest_question(person: Caller) -> str:
    """The token of the last question in a person's inbox."""
    if person.who is None:
        raise NotAllowed
    rows = inbox(*inboxes(person.who)).filter(link__startswith=CONSENT)
    return rows[0].link.removeprefix(CONSENT).rstrip("/")


def _both(teller: Teller, walked: WalkedCase) -> tuple[Caller, Caller]:
    other = Caller(teller.organisation[walked.plan.about])
    return walked.complainant, other
