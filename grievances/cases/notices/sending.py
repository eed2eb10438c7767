"""Send the notices of an event: inbox lines and letters, through the outbox.

A notice carries a reference, dates and codes, never a word of a record (domain.md 5.9). A person
excluded from a case is never notified of it. No one is notified of what they did themselves.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache, partial

from django.db.models import BigIntegerField, CharField, DateTimeField, Q, QuerySet
from django.db.models.fields.json import KT

from grievances.audit.models import Event, pseudonymiser_of
from grievances.cases.access.facts import Actor, Ties
from grievances.cases.declaration import NoticeKind
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.cases.models.parties import Party, complainant_of, own_inbox, party_inbox
from grievances.cases.notices.recipients import (
    CaseContacts,
    Directory,
    Recipient,
    as_party,
    colleague,
    seal_address,
)
from grievances.cases.notices.table import LEADS_TO, NOTICES
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import handle, open_for_server, person_pseudonym
from grievances.people.models import User
from grievances.vocabulary import Standing
from notifications.channels.base import Mailbox
from notifications.models import Notice
from notifications.outbox import Message, Value, failures, inbox, put, unread_of
from workflow.sql.bulk_sql import remove_rows
from workflow.sql.compiled_sql import Bound, CompiledUpdate, ValueLater, bound_list, listed
from workflow.sql.sent_together import write

OF_A_CLOCK = (
    NoticeKind.REMINDER,
    NoticeKind.DUE_TODAY,
    NoticeKind.MISSED,
    NoticeKind.ESCALATED,
    NoticeKind.OWED_UPDATE,
)
"""Notices about a date. They are done once the date is kept."""


def announce(
    case: Case,
    event: Event,
    *,
    now: datetime,
    today: date,
    link: str = "",
    context: dict[str, Value] | None = None,
    parties: Iterable[Party] | None = None,
    newcomer: User | None = None,
) -> None:
    """Write the notices of an event to the outbox, in the caller's transaction.

    `parties` are those of the case, where the caller read them. `newcomer` is who is let in.
    """
    if event.kind in NOTICES:
        contacts = CaseContacts(case.pk, Directory(today))
        contacts.newcomer = None if newcomer is None else colleague(newcomer)
        if parties is not None:
            contacts.complainants = [
                party for party in parties if party.standing == Standing.COMPLAINANT
            ]
        if case.held_exclusions is not None:
            contacts.barred = frozenset(case.held_exclusions)
        found = messages(contacts, event, case.reference, link=link, context=context)
        put(found, now=now, run=write)


def messages(
    contacts: CaseContacts,
    event: Event,
    reference: str,
    *,
    link: str = "",
    context: dict[str, Value] | None = None,
) -> list[Message]:
    """Return the messages about an event of the case with this reference."""
    said = []
    pseudonymise = (
        event.head.pseudonymise if event.head is not None else pseudonymiser_of(event.chain)
    )
    for audience, kind in NOTICES.get(event.kind, ()):
        for recipient in audience(contacts, event):
            # Only a receipt notifies a person of what they did themselves.
            if pseudonymise(recipient.actor) == event.actor and kind != "receipt":
                continue
            line = _inbox_line(event, kind, reference, recipient)
            line = replace(line, link=link or line.link, context=context or {})
            # The inbox names the step. A letter names nothing, because others may read it.
            said += [
                replace(line, context=_done(event, line)),
                *_letter(recipient, line, pseudonymise),
            ]
    return said


def _inbox_line(event: Event, kind: str, reference: str, recipient: Recipient) -> Message:
    return Message(
        handle=recipient.handle,
        kind=kind,
        reference=reference,
        link=f"/cases/{reference}/{LEADS_TO.get(event.kind, '')}",
        context={},
        key=f"{event.chain}:{event.seq}:{kind}:{recipient.handle}",
        channels=("inbox",),
    )


def _done(event: Event, line: Message) -> Mapping[str, Value]:
    """Return the context of an inbox line.

    It names the step that the line comes from, and the role that acted.
    """
    area, _, step = event.kind.partition(".")
    if area == "case" and line.kind in {NoticeKind.UPDATE, NoticeKind.ALLOCATION}:
        return {**line.context, "step": step, "by": event.role}
    return line.context


def retract(reference: str, *handles: str) -> None:
    """Delete every notice to these recipients about one reference, sent or not."""
    remove_rows(Notice, reference=[reference], handle=handles)


def clear_done(case: Case, actor: Sequence[str], *, now: datetime) -> None:
    """Mark as read what a step has settled.

    These are dates that are kept, and the actor's own notices.

    `actor` are the inboxes of the person who took the step.
    """
    given = listed("inbox", actor, "")
    _settle(len(given)).run(case=case.pk, reference=case.reference, now=now, **given)


def mark_read(case: Case, own: Sequence[str], *, now: datetime) -> None:
    """Mark as read what these inboxes say about a case."""
    given = listed("inbox", own, "")
    _read(len(given)).run(reference=case.reference, now=now, **given)


@cache
def _read(room: int) -> CompiledUpdate:
    own = bound_list("inbox", room, CharField())
    unread = partial(unread_of, Bound("reference", CharField()))
    return CompiledUpdate(
        lambda: unread().filter(handle__in=own), read_at=Bound("now", DateTimeField())
    )


@cache
def _settle(room: int) -> CompiledUpdate:
    return CompiledUpdate(partial(_settled, room), read_at=Bound("now", DateTimeField()))


def _settled(room: int) -> QuerySet[Notice]:
    """Return the query of the notices that a step settles, with so many inboxes."""
    unread = unread_of(Bound("reference", CharField()))
    case: ValueLater = Bound("case", BigIntegerField())
    running = Deadline.objects.filter(case=case, completed_on__isnull=True)
    kept = unread.filter(kind__in=OF_A_CLOCK, context__has_key="clock")
    kept = kept.annotate(named=KT("context__clock")).exclude(named__in=running.values("name"))
    actor = bound_list("inbox", room, CharField())
    return unread.filter(Q(pk__in=kept.values("pk")) | Q(handle__in=actor))


def tell(
    recipient: Recipient,
    *,
    kind: str,
    link: str,
    key: str,
    now: datetime,
    chain: str = "",
    context: dict[str, Value] | None = None,
) -> None:
    """Write one notice that is not tied to a case page (a request for a yes or no).

    `chain` is the reference of the case behind it, if any, so that erasing that case finds it.
    """
    line = Message(
        handle=recipient.handle,
        kind=kind,
        link=link,
        key=key,
        context=context or {},
        channels=("inbox",),
    )
    put([line, *_letter(recipient, line, pseudonymiser_of(chain))], now=now)


def send_text_receipt(number: str, *, now: datetime) -> None:
    """Send a text message that something was received, and where the key is used.

    It is for a caller who asked for it. The number is kept nowhere else, and nothing in the row
    leads to a case. `number` is a mobile number in international form.
    """
    name = secrets.token_hex(20)
    receipt = Message(
        handle=name,
        sealed_recipient=seal_address(name, number, None),
        kind=NoticeKind.RECEIPT,
        link="/return/",
        key=f"text:{name}",
        channels=("text",),
        held=True,
    )
    put([receipt], now=now)


def letter_key(line_key: str, pseudonymise: Callable[[str], str]) -> str:
    """Return the idempotency key of the letter that belongs to an inbox line.

    It can be computed only with the salt of the case.
    """
    return hashlib.sha256(pseudonymise(line_key).encode()).hexdigest()


def _letter(
    recipient: Recipient, line: Message, pseudonymise: Callable[[str], str]
) -> list[Message]:
    """Return the mail that belongs to an inbox line, in a list that may be empty.

    A letter has an address on it, so nothing in it may lead to a case. It has no reference, and no
    link but to the inbox. Every letter to a party reads the same, because some kinds go to
    complainants alone, and leaves with all others of its slot.
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
            key=letter_key(line.key, pseudonymise),
            channels=(recipient.channel,),
            held=recipient.is_party,
        )
    ]


def could_not_reach(case: Case) -> bool:
    """Return whether a message about this case did not reach the complainant.

    Only the inbox leads from the case to a message that left, and only with the salt of the case.
    """
    if not failures().exists():
        return False
    handle = as_party(complainant_of(case)).handle
    lines = inbox(handle).filter(reference=case.reference)
    changed = Event.objects.filter(chain=case.reference, kind="case.change_contact")
    last = changed.order_by("-seq").values_list("at", flat=True).first()
    lines = lines.filter(created_at__gt=last) if last else lines
    pseudonymise = pseudonymiser_of(case.reference)
    keys = [letter_key(key, pseudonymise) for key in lines.values_list("key", flat=True)[:50]]
    return failures().filter(key__in=keys).exists()


def inboxes_on(case_id: int, who: Actor | None) -> list[str]:
    """Return the pseudonym of every inbox of this person that one case writes to."""
    if isinstance(who, User):
        return [person_pseudonym(who.pk), own_inbox(who.pk), party_inbox(case_id, who.pk)]
    return [handle("case key", who.look_up)] if who is not None else []


def inboxes(who: Actor, ties: Ties | None = None) -> list[str]:
    """Return the pseudonym of every inbox that belongs to this person.

    `ties` are those of the person, where they were looked up before.
    """
    if isinstance(who, User):
        cases = {case_id for case_id, _ in (ties or Ties(who)).standings}
        own = [person_pseudonym(who.pk), own_inbox(who.pk)]
        return [*own, *(party_inbox(pk, who.pk) for pk in sorted(cases))]
    return [handle("case key", who.look_up)]


def addresses_for(notices: Sequence[Notice]) -> list[str | Exception | None]:
    """Return the mail address of each notice, opened with the server key.

    The list is in the order of `notices`. It has None where there is no address. Where a recipient
    cannot be decrypted, it has the exception instead.
    """
    opened = [_opened(notice) for notice in notices]
    ids = {_reader(facts) for facts in opened if isinstance(facts, dict)}
    people = User.objects.filter(pk__in=ids, is_active=True).only("email", "language")
    known = {person.pk: person for person in people}
    return [
        facts if isinstance(facts, Exception) else _mailbox(facts, known) or None
        for facts in opened
    ]


def _opened(notice: Notice) -> dict[str, str | int] | Exception:
    if not notice.sealed_recipient:
        return {}
    try:
        body = open_for_server(bytes(notice.sealed_recipient), f"notice|{notice.handle}")
        facts: dict[str, str | int] = json.loads(body)
    except (DecryptionFailed, ValueError) as error:
        return error
    return facts


def _reader(facts: dict[str, str | int]) -> int:
    return int(facts.get("person") or facts.get("reader") or 0)


def _mailbox(facts: dict[str, str | int], known: dict[int, User]) -> Mailbox:
    """Return the address in the facts, or at work, with the reader's language."""
    person = known.get(_reader(facts))
    at_work = person.email if person is not None and "person" in facts else ""
    return Mailbox(str(facts.get("address") or at_work), person.language if person else "")
