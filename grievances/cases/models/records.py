"""Words about people: each record is sealed under a key of its case.

A record is bound to its case, compartment, kind and row, so that no row passes for another. This
module takes its keys from `case_keys` and never calls the ciphers of `encryption.primitives` itself
(architecture.md 5).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, models
from django.db.models.functions import Length
from django.utils.translation import gettext_noop

from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring, open_words, seal_words
from grievances.vocabulary import Compartment

BLOCK_BYTES = 512


class Kind(models.TextChoices):
    """The kind of a record. The label is its heading on the page."""

    ACCOUNT = "account", gettext_noop("What happened")
    PEOPLE = "people", gettext_noop("People named")
    WHEN = "when", gettext_noop("When it happened")
    IMPACT = "impact", gettext_noop("What would help")
    NAME = "name", gettext_noop("Complainant")
    DRAFT = "draft", gettext_noop("Draft")
    MESSAGE = "message", gettext_noop("Message")
    QUESTION = "question", gettext_noop("Question")
    UPDATE = "update", gettext_noop("Update")
    ALLEGATION = "allegation", gettext_noop("Part of the concern")
    SAFETY = "safety", gettext_noop("Safety check")
    EXCLUSION = "exclusion", gettext_noop("People to keep away")
    RESPONDENT = "respondent", gettext_noop("Person the concern is about")
    MEETING = "meeting", gettext_noop("Meeting notes")
    HEARD = "heard", gettext_noop("Answer of the person the concern is about")
    REPORT = "report", gettext_noop("Report")
    ENQUIRIES = "enquiries", gettext_noop("Further enquiries")
    LETTER = "letter", gettext_noop("Decision and reasons")
    ACTION = "action", gettext_noop("Action agreed")
    ACTION_DONE = "action_done", gettext_noop("Action done")
    GROUNDS = "grounds", gettext_noop("Grounds of appeal")
    APPEAL_LETTER = "appeal_letter", gettext_noop("Appeal decision and reasons")
    TERMS = "terms", gettext_noop("What was agreed")
    MEDIATION_NOTE = "mediation_note", gettext_noop("Mediation note")
    EXPLANATION = "explanation", gettext_noop("Explanation to the complainant")
    REASON = "reason", gettext_noop("Reason")
    HANDOVER = "handover", gettext_noop("Hand-over note")
    CHECK_IN = "check_in", gettext_noop("Check-in")
    APPROVAL = "approval", gettext_noop("Request for approval")
    OFFER_NAME = "offer_name", gettext_noop("Person proposed")
    PERSON = "person", gettext_noop("Person asked")
    PUT = "put", gettext_noop("What was put to them")
    STATEMENT = "statement", gettext_noop("Statement")
    OUTCOME_NOTE = "outcome_note", gettext_noop("What they were told of the decision")
    COMPANION = "companion", gettext_noop("Companion")
    INTERPRETER = "interpreter", gettext_noop("Interpreter")
    PLAN = "plan", gettext_noop("Plan of the investigation")
    TO_HEAR = "to_hear", gettext_noop("Person to hear")
    INVITATION = "invitation", gettext_noop("Invitation to a meeting")
    CALLED = "called", gettext_noop("You are asked to a meeting")
    NOTES = "notes", gettext_noop("Notes of the meeting with you")
    NOTES_ANSWER = "notes_answer", gettext_noop("Answer about the meeting notes")
    EXHIBIT = "exhibit", gettext_noop("Evidence")
    EVIDENCE_SHOWN = "shown", gettext_noop("Evidence shown to you")
    EVIDENCE_FOR_YOU = "evidence_for_you", gettext_noop("Evidence shown to the complainant")
    EXAMINED = "examined", gettext_noop("Examination of a part")
    REFERRAL_LETTER = "referral_letter", gettext_noop("Letter about the referral")
    REFERRAL_TO_BODY = "referral_to_body", gettext_noop("Letter to the other body")
    REFERRAL_RESULT = "referral_result", gettext_noop("What came of the referral")
    WORKING_NOTE = "working_note", gettext_noop("Working note")
    MINUTES = "minutes", gettext_noop("Notes taken at a meeting")
    ADVICE_ASKED = "advice_asked", gettext_noop("Question to the legal adviser")
    ADVICE = "advice", gettext_noop("Legal advice")


COMPARTMENT_OF = {
    Kind.NAME: Compartment.IDENTITY,
    Kind.MEDIATION_NOTE: Compartment.MEDIATION,
    Kind.TERMS: Compartment.IDENTITY,  # the mediator writes them and never holds the core key
    Kind.EXPLANATION: Compartment.OFFICE,
    Kind.LETTER: Compartment.OFFICE,  # the casework lead reads letters (domain.md 11.1)
    Kind.APPEAL_LETTER: Compartment.OFFICE,
    Kind.ACTION: Compartment.OFFICE,
    Kind.ACTION_DONE: Compartment.OFFICE,
    Kind.REASON: Compartment.OFFICE,
    Kind.APPROVAL: Compartment.OFFICE,
    Kind.OFFER_NAME: Compartment.OFFICE,
    Kind.HANDOVER: Compartment.OFFICE,
    Kind.PERSON: Compartment.REPLY,
    Kind.PUT: Compartment.REPLY,
    Kind.STATEMENT: Compartment.REPLY,
    Kind.OUTCOME_NOTE: Compartment.REPLY,
    Kind.REFERRAL_LETTER: Compartment.OFFICE,
    Kind.REFERRAL_TO_BODY: Compartment.OFFICE,
    Kind.REFERRAL_RESULT: Compartment.OFFICE,
    Kind.PLAN: Compartment.REPLY,
    Kind.TO_HEAR: Compartment.REPLY,
    Kind.EXHIBIT: Compartment.REPLY,
    Kind.EXAMINED: Compartment.REPLY,
    Kind.WORKING_NOTE: Compartment.WORKING,
    Kind.MINUTES: Compartment.REPLY,
    Kind.ADVICE_ASKED: Compartment.OFFICE,
    Kind.ADVICE: Compartment.OFFICE,
}
"""The compartment whose key seals a kind of record.

Every kind that is not listed is sealed under CORE. Each person who is heard has a part of the reply
compartment with a key of its own (`models.statements`).
"""


OF_THE_ROOM = (Kind.PLAN, Kind.TO_HEAR, Kind.EXHIBIT, Kind.EXAMINED, Kind.WORKING_NOTE)
"""Records that are read on the page of the investigation and on no other."""


def compartment_of(kind: Kind) -> Compartment:
    """Return the compartment whose key seals this kind of record."""
    return COMPARTMENT_OF.get(kind, Compartment.CORE)


class Record(models.Model):
    """One sealed piece of text of a case.

    `author` inside the seal is a role, not a name.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="records")
    compartment = models.CharField(max_length=12, choices=Compartment)
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField()
    about = models.CharField(max_length=20, blank=True)
    sealed = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="record_case_at")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.kind}"

    @property
    def place(self) -> str:
        """The associated data to which the sealed text is bound."""
        return f"record|{self.case_id}|{self.compartment}|{self.kind}|{self.pk}"


@dataclass(frozen=True)
class Words:
    """A decrypted record: who wrote it (a role), when (UTC), and the text.

    `fields` are the answers of a record that was made of several, by name.
    """

    kind: Kind
    at: datetime
    author: str
    text: str
    about: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def heading(self) -> str:
        """The label of its kind."""
        return self.kind.label


def write(
    case: Case,
    ring: Keyring,
    kind: Kind,
    text: str,
    *,
    author: str,
    now: datetime,
    about: str = "",
    compartment: str = "",
    fields: Mapping[str, str] | None = None,
) -> Record:
    """Seal a text into the case.

    It goes into the compartment of its kind unless another one is given. `now` is a UTC instant.
    `fields` are the answers that the text was made of.
    Raises DecryptionFailed when the keyring lacks the key.

    Returns:
        The record, saved.
    """
    record = sealed_record(
        case, ring, kind, text,
        author=author, now=now, about=about, compartment=compartment, fields=fields,
    )  # fmt: skip
    record.save(force_insert=True)
    return record


def write_all(
    case: Case,
    ring: Keyring,
    words: Iterable[tuple[Kind, str]],
    *,
    author: str,
    now: datetime,
    about: str = "",
) -> None:
    """Seal several texts into the case as `write` does, in one statement."""
    rows = [
        sealed_record(case, ring, kind, text, author=author, now=now, about=about)
        for kind, text in words
    ]
    if rows:
        Record.objects.bulk_create(rows)


def sealed_record(
    case: Case,
    ring: Keyring,
    kind: Kind,
    text: str,
    *,
    author: str,
    now: datetime,
    about: str = "",
    compartment: str = "",
    fields: Mapping[str, str] | None = None,
) -> Record:
    """Return a record that `write` would store, not stored yet."""
    where = compartment or compartment_of(kind)
    row = Record(id=uuid.uuid4(), case=case, compartment=where, kind=kind, at=now, about=about)
    row.sealed = seal_words(ring, row.compartment, packed(author, text, fields), row.place)
    return row


def packed(author: str, text: str, fields: Mapping[str, str] | None = None) -> bytes:
    """Return the record as JSON, padded to full blocks of `BLOCK_BYTES`.

    Otherwise the length would narrow down whose name it is.
    """
    body: dict[str, object] = {"author": author, "text": text}
    words = json.dumps({**body, "fields": dict(fields)} if fields else body).encode()
    return words.ljust(-(-len(words) // BLOCK_BYTES) * BLOCK_BYTES)


def rewrite(record: Record, ring: Keyring, text: str, *, author: str, now: datetime) -> None:
    """Replace the text of a draft.

    No record but a draft is ever rewritten. Raises DecryptionFailed when the keyring lacks the key.
    """
    seal_again(record, ring, text, author=author, now=now)
    record.save(update_fields=["sealed", "at"])


def seal_again(record: Record, ring: Keyring, text: str, *, author: str, now: datetime) -> None:
    """Seal another text of a draft into its record, without storing it."""
    record.sealed = seal_words(ring, record.compartment, packed(author, text), record.place)
    record.at = now


def replace_if_same(record: Record, before: bytes, state: str) -> bool:
    """Store what was sealed again, if the row and its case's state are as before.

    `before` is what was sealed in it. The case is locked first, as a step locks it: a statement
    that waits for a step sees the state that the step has left.

    Returns:
        Whether it was stored.
    """
    named = ("sealed", "at", "id")
    fields = {field.name: field for field in Record._meta.concrete_fields}
    new = [fields[name].get_db_prep_save(getattr(record, name), connection) for name in named]
    was = fields["sealed"].get_db_prep_save(before, connection)
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE grievances_record SET sealed = %s, at = %s WHERE id = %s AND sealed = %s"  # noqa: S608
            f" AND case_id IN (SELECT id FROM grievances_case WHERE id = %s AND state = %s{lock})",
            [*new, was, record.case_id, state],
        )
        return bool(cursor.rowcount == 1)


def read(record: Record, ring: Keyring) -> Words:
    """Return one record, decrypted.

    Raises DecryptionFailed without the key, or when the row was tampered with.
    """
    body = json.loads(open_words(ring, record.compartment, bytes(record.sealed), record.place))
    fields = body.get("fields") or {}
    kind = Kind(record.kind)
    return Words(kind, record.at, body["author"], body["text"], record.about, fields)


def in_order(case: Case) -> models.QuerySet[Record]:
    """Return the records of a case, oldest first.

    Those of one moment come in the order of what they are about: their ids are random.
    """
    return case.records.order_by("at", Length("about"), "about", "id")


def read_all(case: Case, ring: Keyring, kinds: Iterable[Kind] | None = None) -> list[Words]:
    """Return every record that this keyring opens, in order.

    Records of other compartments are left out.
    """
    rows = in_order(case)
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    return [read(row, ring) for row in rows if row.compartment in ring]
