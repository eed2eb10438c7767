"""The blocks of a letter: the text of each, and how a new version is approved.

A placeholder is a word in braces. Only the listed ones exist: an unknown one is refused when a
block is proposed and when a letter is sent, so no letter goes out with a brace in it.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from grievances.audit.models import SERVICE, Event
from grievances.cases.access import rules
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.choices import LetterBlockKey
from grievances.letters.models import LetterBlock
from grievances.people.models import User, accounts_of_one
from grievances.policy import profiles
from grievances.vocabulary import Office
from workflow.calendar import local_date
from workflow.steps import Refused

RULE = "keep_letters"
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

PLACEHOLDERS: dict[str, str] = {
    "findings": "each part, what we found and why",
    "actions": "what will be done, by whom and by when",
    "appeal_by": "the last day to appeal",
    "reference": "the reference of the case",
    "decision_date": "the day of the letter",
    "part": "the number of a part",
    "concern": "the words of a part",
    "reasons": "the reasons for a part",
}
"""Every placeholder there is, and what it becomes."""

OF_A_PART = frozenset({"part", "concern", "reasons"})
OF_A_LETTER = frozenset(PLACEHOLDERS) - OF_A_PART

KEYS_OF_A_PART = (
    LetterBlockKey.UPHELD,
    LetterBlockKey.PARTLY,
    LetterBlockKey.NOT_UPHELD,
)

SHIPPED: dict[LetterBlockKey, str] = {
    LetterBlockKey(key): text
    for key, text in json.loads(
        (Path(__file__).parent / "blocks.json").read_text(encoding="utf-8")
    ).items()
}
"""The wording as it is shipped. It is in force until two people approve another."""


def unknown_placeholders(text: str, allowed: frozenset[str]) -> list[str]:
    """Return the words in braces that are no placeholder here; a lone brace counts."""
    found = [name for name in PLACEHOLDER.findall(text) if name not in allowed]
    rest = PLACEHOLDER.sub("", text)
    return [f"{{{name}}}" for name in found] + [sign for sign in "{}" if sign in rest]


def refuse_unknown(text: str, allowed: frozenset[str]) -> None:
    """Refuse a text with a placeholder that does not exist.

    Raises:
        Refused: PLACEHOLDER_UNKNOWN, with the placeholders that exist.
    """
    unknown = unknown_placeholders(text, allowed)
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS if name in allowed) or "none"
        raise Refused(
            "PLACEHOLDER_UNKNOWN",
            f"{unknown[0]} is no placeholder here. These are: {known}. Correct it, or write the "
            "words themselves.",
        )


def allowed_in(key: str) -> frozenset[str]:
    """Return the placeholders that a block may have."""
    if key in KEYS_OF_A_PART:
        return OF_A_PART
    return frozenset() if key == LetterBlockKey.RESPONDENT else OF_A_LETTER


def in_force() -> dict[LetterBlockKey, tuple[int, str]]:
    """Return (version, text) of every block in force. Version 0 is the shipped one."""
    found = {key: (0, text) for key, text in SHIPPED.items()}
    for row in LetterBlock.objects.filter(agreed=True).order_by("version"):
        found[LetterBlockKey(row.key)] = (row.version, row.text)
    return found


def waiting() -> list[LetterBlock]:
    """Return the versions that wait for a second person."""
    return list(LetterBlock.objects.filter(agreed=None).select_related("proposed_by"))


def require_keeper(caller: Caller, today: date) -> User:
    """Return the person if they keep the letters: a lead or data-protection officer.

    Raises:
        NotAllowed: for everyone else.
    """
    if not isinstance(caller.who, User) or not rules.may(caller.who, RULE, today):
        raise NotAllowed
    return caller.who


@transaction.atomic
def propose(caller: Caller, key: str, text: str, *, now: datetime) -> LetterBlock:
    """Propose a new version of a block. A second person must approve it.

    Returns:
        The version, which waits for its answer.

    Raises:
        NotAllowed: The caller keeps no letters.
        Refused: An unknown placeholder, no change, or another version that still waits.
    """
    person = require_keeper(caller, local_date(now, profiles.zone()))
    if key not in LetterBlockKey.values:
        raise NotAllowed
    refuse_unknown(text, allowed_in(key))
    rows = LetterBlock.objects.select_for_update().filter(key=key)
    if rows.filter(agreed=None).exists():
        raise Refused("BLOCK_WAITS", "A version of this block still waits for its answer.")
    if in_force()[LetterBlockKey(key)][1] == text:
        raise Refused("NOTHING_CHANGED", "The text is the one that is in force. Change it first.")
    row = LetterBlock.objects.create(
        key=key, version=rows.count() + 1, text=text, proposed_by=person, proposed_at=now
    )
    _record(caller, "letter.proposed", row, now)
    return row


@transaction.atomic
def answer(caller: Caller, number: int, *, agrees: bool, now: datetime) -> None:
    """Approve a version, or refuse it. It is never the person who proposed it.

    Raises:
        NotAllowed: The caller keeps no letters.
        Refused: The version has its answer, or the same person proposed it.
    """
    person = require_keeper(caller, local_date(now, profiles.zone()))
    row = LetterBlock.objects.select_for_update().filter(pk=number, agreed=None).first()
    if row is None:
        raise Refused("OUT_OF_TURN", "This version has its answer already. Read the page again.")
    if row.proposed_by_id in accounts_of_one(person):
        raise Refused(
            "SAME_PERSON", "You proposed this version. A second person has to approve it."
        )
    row.agreed, row.answered_by, row.answered_at = agrees, person, now
    row.save(update_fields=["agreed", "answered_by", "answered_at"])
    _record(caller, "letter.approved" if agrees else "letter.refused", row, now)


def _record(caller: Caller, kind: str, row: LetterBlock, now: datetime) -> None:
    person = require_keeper(caller, local_date(now, profiles.zone()))
    rows = rules.appointed_to(RULE, local_date(now, profiles.zone())).filter(person=person)
    role = Office(rows.order_by("office").values_list("office", flat=True)[0]).value
    Event.append(
        chain=SERVICE, at=now, actor=caller.handle_as(role), role=role, kind=kind,
        data={"block": row.key, "version": row.version},
    )  # fmt: skip
