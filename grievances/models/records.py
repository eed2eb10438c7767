"""Words about people, and nothing else: each record sealed under a key of its case.

A record is bound to its case, compartment, kind and row, so that no row passes for another. This
module takes its keys from `keyring`, the only caller of `vault` (architecture.md 5).
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import models

from grievances.models.case import Case
from grievances.models.keyring import Keyring, Unreadable, open_words, seal_words
from grievances.vocabulary import Compartment

CHUNK_BYTES = 256 * 1024
BLOCK_BYTES = 512


class Kind(models.TextChoices):
    """What a record is; the label is its heading on the page."""

    ACCOUNT = "account", "What happened"
    PEOPLE = "people", "People named"
    WHEN = "when", "When it happened"
    IMPACT = "impact", "What would help"
    NAME = "name", "Complainant"
    DRAFT = "draft", "Draft"
    MESSAGE = "message", "Message"
    QUESTION = "question", "Question"
    UPDATE = "update", "Update"
    ALLEGATION = "allegation", "Part of the concern"
    SAFETY = "safety", "Safety check"
    EXCLUSION = "exclusion", "People to keep away"
    RESPONDENT = "respondent", "Person the concern is about"
    MEETING = "meeting", "Meeting notes"
    HEARD = "heard", "Answer of the person the concern is about"
    REPORT = "report", "Report"
    ENQUIRIES = "enquiries", "Further enquiries"
    LETTER = "letter", "Decision and reasons"
    ACTION = "action", "Action agreed"
    GROUNDS = "grounds", "Grounds of appeal"
    APPEAL_LETTER = "appeal_letter", "Appeal decision and reasons"
    TERMS = "terms", "What was agreed"
    MEDIATION_NOTE = "mediation_note", "Mediation note"
    EXPLANATION = "explanation", "Explanation to the complainant"
    REASON = "reason", "Reason"
    HANDOVER = "handover", "Hand-over note"
    CHECK_IN = "check_in", "Check-in"
    APPROVAL = "approval", "Request for approval"
    OFFER_NAME = "offer_name", "Person proposed"
    PERSON = "person", "Person asked"
    PUT = "put", "What was put to them"
    STATEMENT = "statement", "Statement"
    OUTCOME_NOTE = "outcome_note", "What they were told of the decision"
    COMPANION = "companion", "Companion"
    INTERPRETER = "interpreter", "Interpreter"


COMPARTMENT_OF = {
    Kind.NAME: Compartment.IDENTITY,
    Kind.MEDIATION_NOTE: Compartment.MEDIATION,
    Kind.TERMS: Compartment.IDENTITY,  # the mediator writes them and never holds the core key
    Kind.EXPLANATION: Compartment.OFFICE,
    Kind.LETTER: Compartment.OFFICE,  # the casework lead reads letters (domain.md 11.1)
    Kind.APPEAL_LETTER: Compartment.OFFICE,
    Kind.ACTION: Compartment.OFFICE,
    Kind.REASON: Compartment.OFFICE,
    Kind.APPROVAL: Compartment.OFFICE,
    Kind.OFFER_NAME: Compartment.OFFICE,
    Kind.HANDOVER: Compartment.OFFICE,
    Kind.PERSON: Compartment.REPLY,
    Kind.PUT: Compartment.REPLY,
    Kind.STATEMENT: Compartment.REPLY,
    Kind.OUTCOME_NOTE: Compartment.REPLY,
}
"""Which key seals which kind; everything else is CORE. Each person who is heard has a part of the
reply compartment with a key of its own (`models.hearings`)."""


def compartment_of(kind: Kind) -> Compartment:
    return COMPARTMENT_OF.get(kind, Compartment.CORE)


class Record(models.Model):
    """One sealed piece of text of a case. `author` inside the seal is a role, not a name."""

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
        return f"record|{self.case_id}|{self.compartment}|{self.kind}|{self.pk}"


@dataclass(frozen=True)
class Words:
    """An opened record: who wrote it (a role), when (UTC), and the text."""

    kind: Kind
    at: datetime
    author: str
    text: str
    about: str = ""

    @property
    def heading(self) -> str:
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
) -> Record:
    """Seal a text into the case, in the compartment of its kind unless another one is given.

    Raises Unreadable when the ring lacks the key.
    """
    where = compartment or compartment_of(kind)
    record = Record(id=uuid.uuid4(), case=case, compartment=where, kind=kind, at=now, about=about)
    record.sealed = seal_words(ring, record.compartment, packed(author, text), record.place)
    record.save(force_insert=True)
    return record


def packed(author: str, text: str) -> bytes:
    """The record as JSON, filled up to full blocks: a length would narrow down whose name it is."""
    words = json.dumps({"author": author, "text": text}).encode()
    return words.ljust(-(-len(words) // BLOCK_BYTES) * BLOCK_BYTES)


def rewrite(record: Record, ring: Keyring, text: str, *, author: str, now: datetime) -> None:
    """Replace the text of a draft; nothing but a draft is ever rewritten."""
    record.sealed = seal_words(ring, record.compartment, packed(author, text), record.place)
    record.at = now
    record.save(update_fields=["sealed", "at"])


def read(record: Record, ring: Keyring) -> Words:
    """Open one record; raises Unreadable without the key, or when the row was tampered with."""
    body = json.loads(open_words(ring, record.compartment, bytes(record.sealed), record.place))
    return Words(Kind(record.kind), record.at, body["author"], body["text"], record.about)


def read_all(case: Case, ring: Keyring, kinds: Iterable[Kind] | None = None) -> list[Words]:
    """Every record this ring opens, oldest first; those of other compartments are left out."""
    rows = case.records.order_by("at", "id")
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    return [read(row, ring) for row in rows if row.compartment in ring]


class Evidence(models.Model):
    """A file, sealed in numbered chunks outside the database; its name is sealed as well."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="evidence")
    at = models.DateTimeField()
    chunks = models.PositiveIntegerField()
    sealed_facts = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.case_id}: evidence"

    @property
    def path(self) -> Path:
        return Path(settings.MEDIA_ROOT) / f"{self.pk}.sealed"

    @property
    def place(self) -> str:
        return f"evidence|{self.case_id}|{self.pk}|facts"

    def chunk_place(self, number: int, *, last: bool) -> str:
        return f"evidence|{self.case_id}|{self.pk}|{number}|{'last' if last else 'more'}"


@dataclass(frozen=True)
class FileFacts:
    """What is known of a file: its name as given, size in bytes, SHA-256 of the original."""

    id: uuid.UUID
    at: datetime
    name: str
    size: int
    sha256: str
    author: str


def keep_file(
    case: Case, ring: Keyring, file: IO[bytes], name: str, *, author: str, now: datetime
) -> Evidence:
    """Seal a file chunk by chunk (bounded memory); the row it returns is not yet saved.

    An upload that breaks off leaves nothing: the file appears under its name only when whole.
    """
    evidence = Evidence(id=uuid.uuid4(), case=case, at=now)
    evidence.path.parent.mkdir(parents=True, exist_ok=True)
    digest, size, number = hashlib.sha256(), 0, 0
    half = evidence.path.with_suffix(".part")
    try:
        with half.open("wb") as out:
            chunk = file.read(CHUNK_BYTES)
            while True:
                ahead = file.read(CHUNK_BYTES)
                digest.update(chunk)
                size += len(chunk)
                place = evidence.chunk_place(number, last=not ahead)
                sealed = seal_words(ring, Compartment.CORE, chunk, place)
                out.write(len(sealed).to_bytes(4, "big") + sealed)
                number += 1
                if not ahead:
                    break
                chunk = ahead
        os.replace(half, evidence.path)
    finally:
        half.unlink(missing_ok=True)
    evidence.chunks = number
    facts = {"name": name, "size": size, "sha256": digest.hexdigest(), "author": author}
    evidence.sealed_facts = seal_words(
        ring, Compartment.CORE, json.dumps(facts).encode(), evidence.place
    )
    return evidence


def file_facts(evidence: Evidence, ring: Keyring) -> FileFacts:
    """Name, size and digest of a file; raises Unreadable."""
    blob = bytes(evidence.sealed_facts)
    facts: dict[str, Any] = json.loads(open_words(ring, Compartment.CORE, blob, evidence.place))
    return FileFacts(evidence.pk, evidence.at, **facts)


def open_file(evidence: Evidence, ring: Keyring) -> Iterator[bytes]:
    """The file's chunks in order; a missing, moved or cut chunk raises Unreadable."""
    with evidence.path.open("rb") as sealed:
        for number in range(evidence.chunks):
            length = int.from_bytes(sealed.read(4), "big")
            blob = sealed.read(length)
            place = evidence.chunk_place(number, last=number == evidence.chunks - 1)
            yield open_words(ring, Compartment.CORE, blob, place)
        if sealed.read(1):
            raise Unreadable
