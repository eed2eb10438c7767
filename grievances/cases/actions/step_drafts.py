"""Drafts of long step forms: sealed, one for each step of a case.

A draft is a record of kind DRAFT under the core key, like the report that it may become. No page
but the form of its step shows it, and only a person who may take that step gets there.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction

from grievances.cases.actions.locked_case import lock
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.records import Kind, Record, read, rewrite, write
from grievances.vocabulary import Compartment
from workflow.steps import Refused

Answers = Mapping[str, Sequence[str]]

CHANGED = (
    "DRAFT_CHANGED",
    "This draft was saved from somewhere else after you opened it. Nothing you typed is lost: it "
    "is below. Open this page a second time to read the other draft. Save again to replace it.",
)


@dataclass(frozen=True)
class StepDraft:
    """What was typed, by field name, when it was saved (UTC), and by which role.

    `version` changes with each saving.
    """

    answers: Answers
    saved_at: datetime
    role: str
    version: str


def find_draft(case: Case, ring: Keyring, step: str) -> StepDraft | None:
    """Return the draft of a step, or None.

    Without the key of the case it is None as well.
    """
    row = _rows(case, step).first()
    return _opened(row, ring) if row is not None and Compartment.CORE in ring else None


def save_draft(
    case: Case, ring: Keyring, step: str, answers: Answers, *, role: str, seen: str, now: datetime
) -> StepDraft:
    """Save what was typed as the draft of a step.

    `seen` is the version that the page showed, empty where there was none. Raises DecryptionFailed
    without the key of the case.

    Returns:
        The draft, with a new version.

    Raises:
        Refused: the draft was saved from somewhere else since.
    """
    text = json.dumps({"answers": answers, "version": secrets.token_hex(8)})
    with transaction.atomic():
        lock(case)
        row = _rows(case, step).first()
        if row is None:
            row = write(case, ring, Kind.DRAFT, text, author=role, now=now, about=step[:20])
        elif _opened(row, ring).version != seen:
            raise Refused(*CHANGED)
        else:
            rewrite(row, ring, text, author=role, now=now)
    return _opened(row, ring)


def delete_draft(case: Case, step: str) -> None:
    """Delete the draft of a step that was taken."""
    _rows(case, step).delete()


def _rows(case: Case, step: str) -> models.QuerySet[Record]:
    return case.records.filter(kind=Kind.DRAFT, about=step[:20])


def _opened(row: Record, ring: Keyring) -> StepDraft:
    words = read(row, ring)
    body = json.loads(words.text)
    return StepDraft(body["answers"], words.at, words.author, body["version"])
