"""Who is notified of which event, and with which notice (domain.md 5.9).

Who is notified of a step is part of its declaration (`cases/steps`). This table adds the events
that are not steps: clocks, announced readers, answers in hearings, companions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from grievances.audit.models import Event
from grievances.cases import roles
from grievances.cases.access import rules
from grievances.cases.declaration import NoticeKind, To
from grievances.cases.notices.recipients import CaseContacts, Recipient
from grievances.cases.roles import ASKED_FOR
from grievances.policy import profiles
from grievances.vocabulary import LIMITED, Office, Role, State

Audience = Callable[[CaseContacts, Event], Iterable[Recipient]]
"""A function that selects the recipients of an event from the contacts of a case."""


def complainant(contacts: CaseContacts, event: Event) -> Iterable[Recipient]:
    """Return where the complainant is notified.

    The inbox is always used, and mail only where they chose it.
    """
    return contacts.told_as_party


def working_as(rule: roles.Rule) -> Audience:
    """Return an audience: everyone who works on the case in a role of the rule.

    People excluded from the case are left out.
    """
    working = rule.work

    def audience(contacts: CaseContacts, event: Event) -> Iterator[Recipient]:
        people = (person for role, person in contacts.workers if role in working)
        return map(contacts.directory.recipient, contacts.not_barred(people))

    return audience


def let_in(contacts: CaseContacts, event: Event) -> Iterator[Recipient]:
    """Return the person whom the event lets in to help, and no one else who was asked."""
    if contacts.newcomer is None or event.data.get("role") not in LIMITED:
        return iter(())
    return map(contacts.directory.recipient, contacts.not_barred([contacts.newcomer]))


def asked(contacts: CaseContacts, event: Event) -> Iterator[Recipient]:
    """Return the person who is asked for the role that is offered.

    A person asked for another role was notified then.
    """
    part = f"asked_{event.data.get('role')}"
    people = (person for role, person in contacts.workers if role == part)
    return map(contacts.directory.recipient, contacts.not_barred(people))


def holding(office: Office) -> Audience:
    """Return an audience: everyone appointed to an office.

    People excluded from the case are left out. If no one remains, it is the independent officers.
    """

    def audience(contacts: CaseContacts, event: Event) -> Iterator[Recipient]:
        directory = contacts.directory
        people = contacts.not_barred(directory.holding(office))
        if not people:
            people = contacts.not_barred(directory.holding(Office.INDEPENDENT))
        return map(directory.recipient, people)

    return audience


def answering(contacts: CaseContacts, event: Event) -> Iterator[Recipient]:
    """Return the people responsible for the clock that the event is about.

    People excluded from the case are left out. If no one remains, it is the casework lead.
    """
    owners = profiles.ANSWERS_FOR.get(str(event.data.get("clock"))) or _asked_for(event)
    people = contacts.not_barred(person for role, person in contacts.workers if role in owners)
    if not people:
        people = contacts.not_barred(p for role, p in contacts.workers if role == Role.LEAD)
    return map(contacts.directory.recipient, people)


def _asked_for(event: Event) -> tuple[str, ...]:
    """Return the grants of those asked for the role that an offer's clock names."""
    role = event.data.get("role")
    return tuple(asked for offered, asked in ASKED_FOR.items() if role in {None, offered.value})


def who_meets(contacts: CaseContacts, event: Event) -> Iterable[Recipient]:
    """Return the officer who meets the complainant at the stage of the event."""
    is_appeal = event.data.get("to") == State.APPEAL
    return working_as(roles.APPEAL if is_appeal else roles.HANDLER)(contacts, event)


AUDIENCES: dict[To, Audience] = {
    To.COMPLAINANT: complainant,
    To.TRIAGE: working_as(roles.ANY_TRIAGE),
    To.HANDLER: working_as(roles.HANDLER),
    To.MEETS: who_meets,
    To.DECIDER: working_as(roles.DECIDER),
    To.MEDIATOR: working_as(roles.MEDIATOR),
    To.ADVISER: working_as(roles.ADVISER),
    To.ASKED_HELPER: let_in,
    To.OFFICERS: working_as(roles.OFFICERS),
    To.LEAD: working_as(roles.LEAD),
    To.DPO: working_as(roles.DPO),
    To.ASKED: asked,
    To.ANSWERING: answering,
    To.EXECUTIVE: holding(Office.EXECUTIVE),
}
"""How the people are found for each entry of a declaration."""

OTHER_EVENTS: dict[str, Sequence[tuple[To, NoticeKind]]] = {
    "case.reader_announced": ((To.COMPLAINANT, NoticeKind.NEW_READER),),
    "case.reader_admitted": (
        (To.TRIAGE, NoticeKind.ALLOCATION),
        (To.ASKED_HELPER, NoticeKind.ALLOCATION),
    ),
    "case.mediator_admitted": ((To.MEDIATOR, NoticeKind.ALLOCATION),),
    "case.reader_kept_out": (
        (To.COMPLAINANT, NoticeKind.UPDATE),
        (To.TRIAGE, NoticeKind.UPDATE),
        (To.LEAD, NoticeKind.UPDATE),
    ),
    "case.key_refused": (
        (To.COMPLAINANT, NoticeKind.UPDATE),
        (To.LEAD, NoticeKind.UPDATE),
        (To.DPO, NoticeKind.UPDATE),
    ),
    "case.key_does_not_open": (
        (To.COMPLAINANT, NoticeKind.UPDATE),
        (To.LEAD, NoticeKind.UPDATE),
        (To.DPO, NoticeKind.UPDATE),
    ),
    "case.nobody_reads": (
        (To.LEAD, NoticeKind.ESCALATED),
        (To.EXECUTIVE, NoticeKind.ESCALATED),
    ),
    "case.tenure_ended": (
        (To.COMPLAINANT, NoticeKind.UPDATE),
        (To.LEAD, NoticeKind.UPDATE),
        (To.TRIAGE, NoticeKind.UPDATE),
    ),
    "case.training_lapsed": ((To.LEAD, NoticeKind.TRAINING_ENDED),),
    "case.handover_asked": (
        (To.LEAD, NoticeKind.UPDATE),
        (To.COMPLAINANT, NoticeKind.UPDATE),
    ),
    "respondent.answered": (
        (To.HANDLER, NoticeKind.UPDATE),
        (To.COMPLAINANT, NoticeKind.UPDATE),
    ),
    "witness.answered": ((To.HANDLER, NoticeKind.UPDATE),),
    "respondent.answered_notes": ((To.HANDLER, NoticeKind.UPDATE),),
    "witness.answered_notes": ((To.HANDLER, NoticeKind.UPDATE),),
    "respondent.moved_meeting": ((To.HANDLER, NoticeKind.UPDATE),),
    "witness.moved_meeting": ((To.HANDLER, NoticeKind.UPDATE),),
    "companion.accepted": ((To.COMPLAINANT, NoticeKind.UPDATE),),
    "companion.wrote": (
        (To.COMPLAINANT, NoticeKind.UPDATE),
        (To.OFFICERS, NoticeKind.UPDATE),
    ),
    "respondent.filed": (
        (To.HANDLER, NoticeKind.UPDATE),
        (To.COMPLAINANT, NoticeKind.UPDATE),
    ),
    "witness.filed": ((To.HANDLER, NoticeKind.UPDATE),),
    "companion.filed": (
        (To.COMPLAINANT, NoticeKind.UPDATE),
        (To.OFFICERS, NoticeKind.UPDATE),
    ),
    "consent.answered": (
        (To.TRIAGE, NoticeKind.UPDATE),
        (To.MEDIATOR, NoticeKind.UPDATE),
    ),
    "clock.minus5": ((To.ANSWERING, NoticeKind.REMINDER),),
    "clock.minus1": ((To.ANSWERING, NoticeKind.REMINDER),),
    "clock.on_day": ((To.ANSWERING, NoticeKind.DUE_TODAY),),
    "clock.L1": (
        (To.ANSWERING, NoticeKind.MISSED),
        (To.LEAD, NoticeKind.MISSED),
    ),
    "clock.L2": (
        (To.LEAD, NoticeKind.ESCALATED),
        (To.COMPLAINANT, NoticeKind.OWED_UPDATE),
    ),
    "clock.L3": (
        (To.EXECUTIVE, NoticeKind.ESCALATED),
        (To.LEAD, NoticeKind.ESCALATED),
    ),
    "clock.survey": ((To.COMPLAINANT, NoticeKind.SURVEY),),
    "clock.check_in": ((To.COMPLAINANT, NoticeKind.CHECK_IN),),
    "clock.survey_again": ((To.COMPLAINANT, NoticeKind.ASKED_AGAIN),),
    "clock.check_in_again": ((To.COMPLAINANT, NoticeKind.ASKED_AGAIN),),
    "clock.moved": (
        (To.COMPLAINANT, NoticeKind.UPDATE),
        (To.OFFICERS, NoticeKind.UPDATE),
    ),
    "clock.cooled_off": ((To.TRIAGE, NoticeKind.REMINDER),),
    "clock.draft_warning": ((To.COMPLAINANT, NoticeKind.REMINDER),),
    "clock.update_owed": (
        (To.COMPLAINANT, NoticeKind.OWED_UPDATE),
        (To.ANSWERING, NoticeKind.DUE_TODAY),
        (To.LEAD, NoticeKind.DUE_TODAY),
    ),
}
"""Event kind -> who is notified, for events that are not steps."""

DECLARED: dict[str, Sequence[tuple[To, NoticeKind]]] = {
    **{f"case.{name}": declared.notify for name, declared in rules.DECLARED.items()},
    **OTHER_EVENTS,
}
NOTICES: dict[str, tuple[tuple[Audience, NoticeKind], ...]] = {
    event: tuple((AUDIENCES[to], kind) for to, kind in told)
    for event, told in DECLARED.items()
    if told
}
"""Event kind -> who is notified, with which notice.

For a kind that is not listed no one is notified.
"""

LEADS_TO = {
    "case.ask_keeping": "keeping/",
    "case.answer_keeping": "keeping/",
    "case.ask_to_share_name": "share_name/",
}
"""Event kind -> the page its notice links to, where that is not the case page."""


def tells_complainant(kind: str) -> bool:
    """Return whether the complainant is notified of an event of this kind."""
    return any(to is To.COMPLAINANT for to, _ in DECLARED.get(kind, ()))
