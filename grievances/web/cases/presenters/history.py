"""Events of a case as plain sentences by role: the history and the access ledger."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_noop as _

from grievances.audit.models import Event
from grievances.cases.access import rules
from grievances.policy.profiles import COMPLAINANT
from grievances.web.shared.deadlines import NAMES

DID = {name: declared.past for name, declared in rules.DECLARED.items()}
"""The past tense of each step, written after the name of a role."""

LOOKED = {
    "case.opened": "opened the case",
    "case.printed": "opened the page for printing",
    "case.found": "found the case by a search",
    "case.downloaded": "downloaded a file",
    "case.viewed": "looked at a picture",
    "case.letter": "took out the decision as a letter",
    "case.exported": "took out a copy of the case",
    "case.refused": "was refused a step",
    "case.erased_again": "erased the case again after a backup was restored",
    "keeping.opened": "looked up how long the case is kept",
    "respondent.opened": "read what was put to them",
    "witness.opened": "read what they were asked",
    "companion.opened": "read what is shared with them",
    "respondent.downloaded": "downloaded a file of their own",
    "witness.downloaded": "downloaded a file of their own",
    "companion.downloaded": "downloaded a file that they had added",
    "companion.fetched": "downloaded a file that was ticked for them",
    "companion.refused": "was refused a file",
    "case.proof": "took a proof of having raised it",
    "trail.opened": "checked the steps and dates",
}
"""The words for events of the trail that change nothing."""

SEEN = {
    "read_account": "the account and the messages",
    "read_name": "the complainant's name",
    "read_names_to_declare": "the names of the people in it",
    "read_meeting": "meeting notes",
    "read_statements": "statements",
    "read_pattern": "how often the same person or unit was named",
    "read_room": "the work of the investigation",
    "read_working_notes": "their own working notes",
    "read_report": "the report",
    "read_letter": "the decision",
    "read_mediation": "their own mediation notes",
    "read_terms": "what was agreed",
    "read_process": "our explanations",
}
"""What a reader could see, by the access rule that allowed it."""

SEEN_OF_YOU = {
    **SEEN,
    "read_account": "what you told us and the messages",
    "read_name": "your name",
}
"""The same, as the complainant reads it."""

WATCHED = {
    "case.taken_down": _("typed this concern and read it back"),
    "case.key_replaced": _("put a new case key in the place of one that another person had seen"),
    "case.reader_announced": "announced a person who will be able to read this",
    "case.reader_admitted": "let the announced person begin",
    "case.mediator_admitted": "let the announced mediator begin",
    "case.reader_kept_out": "did not let the announced person begin, as they may not any more",
    "case.key_refused": (
        "found that the key of a person who was to read this had been changed by other means than "
        "this service, and sealed nothing to it"
    ),
    "case.key_does_not_open": "found that a key sealed to a person who reads this does not open",
    "case.nobody_reads": "found no one who may read this, and told the casework lead",
    "clock.minus5": "reminded the people at work that a date is near",
    "clock.minus1": "reminded the people at work that a date is tomorrow",
    "clock.on_day": "reminded the people at work that a date is today",
    "clock.L1": "reported that a date was missed",
    "clock.L2": "told the casework lead that a date was missed",
    "clock.L3": "told the accountable executive that a date was missed",
    "clock.survey": "sent an invitation to the survey",
    "clock.check_in": "asked how things are",
    "clock.survey_again": "sent the invitation to the survey once more",
    "clock.check_in_again": "asked once more how things are",
    "clock.moved": "moved a date, because a bank holiday was added",
    "clock.cooled_off": "noted that the time to change one's mind is over",
    "clock.update_owed": "noted that an update is owed",
    "consent.answered": "answered a request for agreement",
    "case.tenure_ended": "took a part in the case from a person whose office has ended",
    "case.training_lapsed": "noted that the training for a role in this case has ended",
    "respondent.answered": "answered what was put to them",
    "witness.answered": "answered what they were asked",
    "respondent.answered_notes": "answered about the notes of their meeting",
    "witness.answered_notes": "answered about the notes of their meeting",
    "respondent.moved_meeting": "moved their meeting to another day",
    "witness.moved_meeting": "moved their meeting to another day",
    "companion.accepted": "took up the invitation",
    "companion.wrote": "wrote a message",
    "respondent.filed": "added a file to their answer",
    "witness.filed": "added a file to their answer",
    "companion.filed": "added a file",
    "respondent.chose": "chose which copy of their file others see",
    "witness.chose": "chose which copy of their file others see",
}
"""The words for events that are not steps."""


def history_rows(events: Iterable[Event], role: str) -> list[dict[str, Any]]:
    """Return what was done, newest first, without the views.

    It says "You" where the reader did it.
    """
    return [
        {"title": sentence, "at": event.at}
        for event in events
        if event.kind not in LOOKED and (sentence := sentence_of(event, role))
    ]


def ledger_rows(events: Iterable[Event], role: str) -> list[list[Any]]:
    """Return who did or opened what and when, as rows: role, what, time.

    The time is an instant (UTC); the page shows it as local time.
    """
    return [
        [who_did(event, role), f"{what}{seen_in(event, role)}", event.at]
        for event in events
        if (what := what_was_done(event.kind))
    ]


SHOWING = frozenset({"case.opened", "case.printed", "case.found", "case.exported"})
"""Events that say under which access rules words were shown or found."""


def seen_in(event: Event, role: str) -> str:
    """Return what another person could read in a view, as the end of a sentence."""
    if event.kind not in SHOWING or event.role == COMPLAINANT:
        return ""
    rules = _rules_of(event)
    shown = SEEN_OF_YOU if role == COMPLAINANT else SEEN
    parts = [words for rule, words in shown.items() if rule in rules]
    if event.kind == "case.found":
        return f", in: {', '.join(parts)}" if parts else ""
    return f" and could read: {', '.join(parts)}" if parts else ", without any words of it"


def _rules_of(event: Event) -> set[str]:
    """Return the access rules under which words were shown.

    Meeting notes had no rule of their own before: where statements were shown, they were as well.
    """
    found = set(str(event.data.get("saw", "")).split(","))
    return found | {"read_meeting"} if "read_statements" in found else found


def sentence_of(event: Event, role: str) -> str:
    """Return an event as a sentence; empty for a kind that no page shows."""
    what = what_was_done(event.kind)
    return f"{who_did(event, role)} {what}" if what else ""


def who_did(event: Event, role: str) -> str:
    """Return the role that acted; the complainant reads "You" for themselves."""
    if role == COMPLAINANT and event.role == COMPLAINANT:
        return "You"
    return NAMES.get(event.role, event.role.replace("_", " ").capitalize())


def what_was_done(kind: str) -> str:
    """Return what an event of this kind says was done; empty if no page shows it."""
    area, _, name = kind.partition(".")
    if area == "case" and name in DID:
        return DID[name]
    return LOOKED.get(kind) or WATCHED.get(kind, "")
