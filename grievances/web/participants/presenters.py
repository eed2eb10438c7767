"""Pages of people who may not see the case: participants and companions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

from django.utils.translation import gettext, gettext_noop

from grievances.cases.models.records import Kind, Words
from grievances.choices import Share
from grievances.investigation.heard import meetings_of
from grievances.investigation.meetings import next_of
from grievances.letters.translating import as_read
from grievances.participants.companions import Shared
from grievances.participants.statements import OpenHearing
from grievances.policy import profiles
from grievances.policy.profiles import COMPLAINANT
from grievances.vocabulary import Standing
from grievances.web.cases.presenters.case import promises_of, state_words
from grievances.web.cases.step_forms.investigating.meetings import AnotherDay, NotesAnswer
from grievances.web.shared.deadlines import in_a_sentence


def hearing_context(opened: OpenHearing, now: datetime) -> dict[str, object]:
    """Return what was put to a participant and what they answered, newest first."""
    hearing = opened.hearing
    role = hearing.standing.lower()
    return {
        "is_witness": hearing.standing == Standing.WITNESS,
        "due_on": hearing.due_on,
        "answered": hearing.answered_at is not None,
        "is_open": opened.is_open,
        "locked": opened.locked,
        "told": any(words.kind == Kind.OUTCOME_NOTE for words in opened.words),
        "companion": next((c for c in hearing.companions.all() if c.is_party(now)), None),
        "words": [_item(words, role) for words in reversed(opened.words)],
    }


def meeting_context(
    opened: OpenHearing, today: date, *, ask: NotesAnswer | AnotherDay | None = None
) -> dict[str, object]:
    """Return the meetings of a participant, and the forms about them that apply today."""
    rows = list(meetings_of(opened.hearing))
    waits = any(each.notes_at is not None and each.agreed is None for each in rows)
    planned = next_of((each for each in rows if each.held_on is None), today)
    has_passed = planned is not None and planned.meets_on < today
    may = opened.is_open and not opened.locked
    once = {"once": uuid4().hex}
    notes = ask if isinstance(ask, NotesAnswer) else NotesAnswer(initial=once)
    day = ask if isinstance(ask, AnotherDay) else AnotherDay(initial=once)
    return {
        "planned": planned,
        "has_passed": has_passed,
        "notes_form": notes if may and waits else None,
        "day_form": day if may and planned is not None and not has_passed else None,
    }


def shared_context(shared: Shared, today: date) -> dict[str, object]:
    """Return what a companion reads, newest first.

    Stage and dates are there when they are ticked.
    """
    companion = shared.companion
    case = companion.case
    if companion.hearing is not None:
        role = companion.hearing.standing.lower()
        return {"words": [_of_theirs(words, role) for words in reversed(shared.words)]}
    context: dict[str, object] = {
        "reference": case.reference,
        "shares": [SHARED_WITH_YOU[Share(share)] for share in companion.shares],
        "words": [_item(words, "companion") for words in reversed(shared.words)],
        "may_write": shared.may_write,
    }
    if shared.sees_dates:
        days = profiles.calendar(case.division)
        promises = promises_of(case, "companion", today, days)
        context["state"] = state_words(case, COMPLAINANT)
        context["promises"] = [each for each in promises if each.met_on is None]
    return context


def _of_theirs(words: Words, role: str) -> dict[str, object]:
    own = words.author == role
    title = gettext("What they wrote") if own else gettext("What was put to them")
    by = "" if own else in_a_sentence(words.author)
    return {"title": title, "by": by, "at": words.at, "body": as_read(words.kind, words.text)}


def _item(words: Words, role: str) -> dict[str, object]:
    own, by = words.author == role, in_a_sentence(words.author)
    if role == "companion" and words.author == COMPLAINANT:
        by = gettext("the person you accompany")
    return {
        "title": gettext("What you wrote") if own else HEADINGS.get(words.kind, words.heading),
        "by": "you" if own else by,
        "at": words.at,
        "body": as_read(words.kind, words.text),
    }


HEADINGS = {
    Kind.PUT: gettext_noop("Written to you"),
    Kind.OUTCOME_NOTE: gettext_noop("What was decided about you"),
}
"""Headings for the person they are about."""

SHARED_WITH_YOU = {
    Share.ACCOUNT: gettext_noop("What they told us"),
    Share.MESSAGES: Share.MESSAGES.label,
    Share.LETTERS: Share.LETTERS.label,
    Share.STATEMENTS: gettext_noop("Statements, once they may read them"),
    Share.DATES: Share.DATES.label,
}
"""What a complainant lets their companion read, as the companion reads it."""
