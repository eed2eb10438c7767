"""Who is told of what: THE notification table (domain.md 5.9). Every message comes from an event.

A notice carries a reference, dates and codes, never a word of a record. Nobody barred from a case
is ever told of it, and nobody is told of what they did themselves.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from grievances.audit.models import Event, veil_of
from grievances.cases.access import rules
from grievances.cases.access.relations import Relation, Who
from grievances.cases.models.case import Case
from grievances.cases.models.parties import party_inbox
from grievances.cases.notices.recipients import Circle, Directory, Recipient
from grievances.encryption.primitives import Unreadable
from grievances.encryption.server_keys import handle, open_for_server, person_handle
from grievances.people.models import User
from grievances.policy import profiles
from grievances.vocabulary import ASKED, Office, Role
from notifications.models import Notice
from notifications.outbox import Message, Value, put

Audience = Callable[[Circle, Event], Iterable[Recipient]]
"""Who among those around a case is told of an event."""


def complainant(circle: Circle, event: Event) -> Iterable[Recipient]:
    """The complainant: in the inbox always, by mail only where they chose it."""
    return circle.told_as_party


def working_as(*relations: Relation) -> Audience:
    """Everyone who works on the case in one of these relations, the barred left out."""
    roles = frozenset[str | None]().union(*(relation.work for relation in relations))

    def audience(circle: Circle, event: Event) -> Iterator[Recipient]:
        people = (person for role, person in circle.workers if role in roles)
        return map(circle.directory.recipient, circle.not_barred(people))

    return audience


def asked(circle: Circle, event: Event) -> Iterator[Recipient]:
    """Whoever is asked for the part that is offered; one asked for another part was told then."""
    part = f"asked_{event.data.get('role')}"
    people = (person for role, person in circle.workers if role == part)
    return map(circle.directory.recipient, circle.not_barred(people))


def holding(office: Office) -> Audience:
    """Everyone appointed to an office, the barred left out; else the independent officers."""

    def audience(circle: Circle, event: Event) -> Iterator[Recipient]:
        directory = circle.directory
        people = circle.not_barred(directory.holding(office))
        if not people:
            people = circle.not_barred(directory.holding(Office.INDEPENDENT))
        return map(directory.recipient, people)

    return audience


def answering(circle: Circle, event: Event) -> Iterator[Recipient]:
    """Whoever answers for the clock that the event is about, the barred left out; else the lead."""
    roles = profiles.ANSWERS_FOR.get(str(event.data.get("clock"))) or tuple(ASKED.values())
    people = circle.not_barred(person for role, person in circle.workers if role in roles)
    if not people:
        people = circle.not_barred(p for role, p in circle.workers if role == Role.LEAD)
    return map(circle.directory.recipient, people)


TRIAGE = working_as(rules.ANY_TRIAGE)
LEAD = working_as(rules.LEAD)
OFFICERS = working_as(rules.OFFICERS)
OPENED = working_as(rules.DPO)
EXECUTIVE = holding(Office.EXECUTIVE)

NOTICES: dict[str, tuple[tuple[Audience, str], ...]] = {
    "case.submit": ((complainant, "receipt"), (TRIAGE, "allocation")),
    "case.acknowledge": ((complainant, "update"),),
    "case.reroute": ((TRIAGE, "allocation"), (complainant, "update")),
    "case.agree_formal": ((complainant, "update"), (LEAD, "update")),
    "case.agree_informal": ((complainant, "update"),),
    "case.begin_mediation": ((complainant, "update"),),
    "case.mediate_instead": ((complainant, "update"),),
    "case.redirect": ((complainant, "update"),),
    "case.merge": ((complainant, "update"),),
    "case.close_insufficient": ((complainant, "update"),),
    "case.confirm_resolved": ((TRIAGE, "update"),),
    "case.switch_to_formal": ((complainant, "update"), (TRIAGE, "update")),
    "case.settle": ((complainant, "update"), (TRIAGE, "update")),
    "case.end_mediation": ((complainant, "update"), (TRIAGE, "update")),
    "case.offer": ((asked, "offer"), (complainant, "update")),
    "case.offer_later": ((asked, "offer"), (complainant, "update")),
    "case.accept": ((TRIAGE, "update"), (OFFICERS, "update")),
    "case.decline": ((TRIAGE, "update"), (LEAD, "update")),
    "case.decline_later": ((TRIAGE, "update"), (LEAD, "update")),
    "case.begin_investigation": ((complainant, "update"), (OFFICERS, "update")),
    "case.record_meeting": ((complainant, "update"),),
    "case.submit_report": ((complainant, "update"), (working_as(rules.DECIDER), "allocation")),
    "case.return_for_enquiries": (
        (complainant, "update"),
        (working_as(rules.HANDLER), "allocation"),
    ),
    "case.decide": ((complainant, "update"), (OFFICERS, "update")),
    "case.appeal": ((TRIAGE, "allocation"), (LEAD, "update"), (complainant, "receipt")),
    "case.accept_outcome": ((complainant, "update"), (OFFICERS, "update")),
    "case.begin_appeal": ((complainant, "update"),),
    "case.decide_appeal": ((complainant, "update"), (OFFICERS, "update")),
    "case.remit": ((complainant, "update"), (TRIAGE, "update"), (LEAD, "update")),
    "case.hold": ((complainant, "update"), (OFFICERS, "update")),
    "case.resume": ((complainant, "update"), (OFFICERS, "update")),
    "case.renew_hold": ((complainant, "update"),),
    "case.ask_to_withdraw": ((TRIAGE, "update"),),
    "case.stay": ((TRIAGE, "update"), (OFFICERS, "update")),
    "case.close_withdrawn": ((complainant, "update"), (OFFICERS, "update")),
    "case.reopen": ((complainant, "update"), (TRIAGE, "allocation")),
    "case.change_handler": ((complainant, "update"), (TRIAGE, "update")),
    "case.extend": ((complainant, "update"), (OFFICERS, "update")),
    "case.explain_delay": ((complainant, "update"), (LEAD, "update")),
    "case.move_policy": ((complainant, "update"), (OFFICERS, "update")),
    "case.message": ((complainant, "update"), (OFFICERS, "update")),
    "case.object_to_person": ((LEAD, "update"), (TRIAGE, "update")),
    "case.answer_objection": ((complainant, "update"), (TRIAGE, "update")),
    "case.say_stalled": ((LEAD, "escalated"),),
    "case.answer_check_in": ((TRIAGE, "update"),),
    "case.ask_to_reopen": ((LEAD, "update"),),
    "case.ask_question": ((complainant, "answer_needed"),),
    "case.ask_approval": ((LEAD, "answer_needed"),),
    "case.answer_approval": ((OFFICERS, "update"),),
    "case.ask_keeping": ((LEAD, "erasure_asked"),),
    "case.answer_keeping": ((working_as(rules.DPO), "erasure_asked"),),
    "case.ask_informal": ((TRIAGE, "update"),),
    "case.share_name": ((OFFICERS, "update"),),
    "case.give_name": ((TRIAGE, "update"),),
    "case.use_name": ((OFFICERS, "update"), (LEAD, "update")),
    "case.exclude": ((TRIAGE, "update"),),
    "case.reader_announced": ((complainant, "new_reader"),),
    "case.reader_admitted": ((TRIAGE, "allocation"),),
    "case.mediator_admitted": ((working_as(rules.MEDIATOR), "allocation"),),
    "case.reader_kept_out": ((complainant, "update"), (TRIAGE, "update"), (LEAD, "update")),
    "case.nobody_reads": ((LEAD, "escalated"), (EXECUTIVE, "escalated")),
    "case.answer_reader": ((TRIAGE, "update"),),
    "case.recuse": ((LEAD, "update"), (TRIAGE, "update"), (complainant, "update")),
    "case.send_update": ((complainant, "update"),),
    "case.add_evidence": ((OFFICERS, "update"), (complainant, "update")),
    "case.ask_break_glass": ((LEAD, "answer_needed"),),
    "case.agree_break_glass": ((complainant, "emergency"), (OPENED, "update")),
    "case.refuse_break_glass": ((OPENED, "update"),),
    "case.end_break_glass": ((complainant, "update"),),
    "case.tenure_ended": ((LEAD, "update"), (TRIAGE, "update")),
    "case.put_to_respondent": ((complainant, "update"),),
    "case.propose_interpreter": ((complainant, "answer_needed"),),
    "case.answer_interpreter": ((OFFICERS, "update"),),
    "respondent.answered": ((working_as(rules.HANDLER), "update"), (complainant, "update")),
    "witness.answered": ((working_as(rules.HANDLER), "update"),),
    "companion.accepted": ((complainant, "update"),),
    "companion.wrote": ((complainant, "update"), (OFFICERS, "update")),
    "respondent.filed": ((working_as(rules.HANDLER), "update"), (complainant, "update")),
    "witness.filed": ((working_as(rules.HANDLER), "update"),),
    "companion.filed": ((complainant, "update"), (OFFICERS, "update")),
    "consent.answered": ((TRIAGE, "update"), (working_as(rules.MEDIATOR), "update")),
    "clock.minus5": ((answering, "reminder"),),
    "clock.minus1": ((answering, "reminder"),),
    "clock.on_day": ((answering, "due_today"),),
    "clock.L1": ((answering, "missed"), (LEAD, "missed")),
    "clock.L2": ((LEAD, "escalated"), (complainant, "owed_update")),
    "clock.L3": ((EXECUTIVE, "escalated"), (LEAD, "escalated")),
    "clock.survey": ((complainant, "survey"),),
    "clock.check_in": ((complainant, "check_in"),),
    "clock.survey_again": ((complainant, "asked_again"),),
    "clock.check_in_again": ((complainant, "asked_again"),),
    "clock.moved": ((complainant, "update"), (OFFICERS, "update")),
    "clock.cooled_off": ((TRIAGE, "reminder"),),
    "clock.draft_warning": ((complainant, "reminder"),),
    "clock.update_owed": (
        (complainant, "owed_update"),
        (answering, "due_today"),
        (LEAD, "due_today"),
    ),
}
"""Event kind -> who is told, with which notice. A kind that is not here tells nobody."""

LEADS_TO = {"case.ask_keeping": "keeping/", "case.answer_keeping": "keeping/"}
"""Event kind -> the page of the case its notice leads to, where that is not the case itself."""


def tells_complainant(kind: str) -> bool:
    """Whether the complainant is among those who are told of such an event."""
    return any(audience is complainant for audience, _ in NOTICES.get(kind, ()))


def announce(
    case: Case,
    event: Event,
    *,
    now: datetime,
    today: date,
    link: str = "",
    context: dict[str, Value] | None = None,
) -> None:
    """Write the notices of an event to the outbox, in the caller's transaction."""
    if event.kind in NOTICES:
        circle = Circle(case.pk, Directory(today))
        put(messages(circle, event, case.reference, link=link, context=context), now=now)


def messages(
    circle: Circle,
    event: Event,
    reference: str,
    *,
    link: str = "",
    context: dict[str, Value] | None = None,
) -> list[Message]:
    """What is said of an event of the case with this reference, and to whom."""
    said = []
    veil = event.head.veil if event.head is not None else veil_of(event.chain)
    for audience, kind in NOTICES.get(event.kind, ()):
        for recipient in audience(circle, event):
            # A receipt is the one notice of one's own doing.
            if veil(recipient.handle) == event.actor and kind != "receipt":
                continue
            line = Message(
                handle=recipient.handle,
                kind=kind,
                reference=reference,
                link=link or f"/cases/{reference}/{LEADS_TO.get(event.kind, '')}",
                context=context or {},
                key=f"{event.chain}:{event.seq}:{kind}:{recipient.handle}",
                channels=("inbox",),
            )
            # The inbox says what was done; a letter lies open on a desk, and says nothing.
            said += [replace(line, context=_done(event, line)), *_letter(recipient, line, veil)]
    return said


def _done(event: Event, line: Message) -> Mapping[str, Value]:
    """The context of a line: an update also names the step it comes from."""
    area, _, step = event.kind.partition(".")
    return (
        {**line.context, "step": step} if (area, line.kind) == ("case", "update") else line.context
    )


def tell(
    recipient: Recipient, *, kind: str, link: str, key: str, now: datetime, chain: str = ""
) -> None:
    """Write one notice that is not tied to a case page (a request for a yes or no).

    `chain` is the reference of the case behind it, if any, so that erasing that case finds it.
    """
    line = Message(handle=recipient.handle, kind=kind, link=link, key=key, channels=("inbox",))
    put([line, *_letter(recipient, line, veil_of(chain))], now=now)


def letter_key(line_key: str, veil: Callable[[str], str]) -> str:
    """The key of the letter beside a line: only the salt of the case leads to it."""
    return hashlib.sha256(veil(line_key).encode()).hexdigest()


def _letter(recipient: Recipient, line: Message, veil: Callable[[str], str]) -> list[Message]:
    """The mail that goes along with an inbox line: no reference, no link but to the inbox.

    A letter has an address on it, so nothing in it may lead to a case; and to a party every letter
    reads the same, because some kinds go to complainants alone.
    """
    if not recipient.mail:
        return []
    return [
        Message(
            handle=recipient.handle,
            sealed_recipient=recipient.sealed,
            kind="update" if recipient.is_party else line.kind,
            link="/inbox/",
            context={} if recipient.is_party else line.context,
            key=letter_key(line.key, veil),
            channels=("email",),
        )
    ]


def inboxes(who: Who) -> list[str]:
    """Every inbox that belongs to this person."""
    if isinstance(who, User):
        return [person_handle(who.pk), party_inbox(who.pk)]
    return [handle("case key", who.look_up)]


def addresses_for(notices: Sequence[Notice]) -> list[str | Exception | None]:
    """The mail address behind each notice, opened with the server key.

    None where there is none; where a recipient cannot be opened, the exception in its place.
    """
    opened = [_opened(notice) for notice in notices]
    ids = {facts["person"] for facts in opened if isinstance(facts, dict) and "person" in facts}
    people = User.objects.filter(pk__in=ids, is_active=True)
    mail = dict(people.values_list("pk", "email"))
    return [
        facts if isinstance(facts, Exception) else _address(facts, mail) or None for facts in opened
    ]


def _opened(notice: Notice) -> dict[str, str | int] | Exception:
    if not notice.sealed_recipient:
        return {}
    try:
        body = open_for_server(bytes(notice.sealed_recipient), f"notice|{notice.handle}")
        facts: dict[str, str | int] = json.loads(body)
    except (Unreadable, ValueError) as error:
        return error
    return facts


def _address(facts: dict[str, str | int], mail: dict[int, str]) -> str:
    return str(facts.get("address") or mail.get(int(facts.get("person", 0)), ""))
