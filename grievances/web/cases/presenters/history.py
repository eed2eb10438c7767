"""Events of a case as plain sentences by role: the history and the access ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext, gettext_noop

from grievances.audit.models import Event
from grievances.cases.access import rules
from grievances.policy.profiles import COMPLAINANT
from grievances.web.shared.deadlines import NAMES

DID = {name: declared.past for name, declared in rules.DECLARED.items()}
"""The past tense of each step, written after the name of a role."""

LOOKED = {
    "case.opened": gettext_noop("opened the case"),
    "case.printed": gettext_noop("opened the page for printing"),
    "case.found": gettext_noop("found the case by a search"),
    "case.downloaded": gettext_noop("downloaded a file"),
    "case.viewed": gettext_noop("looked at a picture"),
    "case.letter": gettext_noop("took out the decision as a letter"),
    "case.exported": gettext_noop("took out a copy of the case"),
    "case.refused": gettext_noop("was refused a step"),
    "case.erased_again": gettext_noop("erased the case again after a backup was restored"),
    "keeping.opened": gettext_noop("looked up how long the case is kept"),
    "respondent.opened": gettext_noop("read what was put to them"),
    "witness.opened": gettext_noop("read what they were asked"),
    "companion.opened": gettext_noop("read what is shared with them"),
    "respondent.downloaded": gettext_noop("downloaded a file of their own"),
    "witness.downloaded": gettext_noop("downloaded a file of their own"),
    "companion.downloaded": gettext_noop("downloaded a file that they had added"),
    "companion.fetched": gettext_noop("downloaded a file that was ticked for them"),
    "companion.refused": gettext_noop("was refused a file"),
    "case.proof": gettext_noop("took a proof of having raised it"),
    "trail.opened": gettext_noop("checked the steps and dates"),
}
"""The words for events of the trail that change nothing."""

SEEN = {
    "read_account": gettext_noop("the account and the messages"),
    "read_name": gettext_noop("the complainant's name"),
    "read_names_to_declare": gettext_noop("the names of the people in it"),
    "read_meeting": gettext_noop("meeting notes"),
    "read_statements": gettext_noop("statements"),
    "read_pattern": gettext_noop("how often the same person or unit was named"),
    "read_room": gettext_noop("the work of the investigation"),
    "read_working_notes": gettext_noop("their own working notes"),
    "read_report": gettext_noop("the report"),
    "read_letter": gettext_noop("the decision"),
    "read_mediation": gettext_noop("their own mediation notes"),
    "read_terms": gettext_noop("what was agreed"),
    "read_process": gettext_noop("our explanations"),
}
"""What a reader could see, by the access rule that allowed it."""

SEEN_OF_YOU = {
    **SEEN,
    "read_account": gettext_noop("what you told us and the messages"),
    "read_name": gettext_noop("your name"),
}
"""The same, as the complainant reads it."""

WATCHED = {
    "case.taken_down": gettext_noop("typed this concern and read it back"),
    "case.key_replaced": gettext_noop(
        "put a new case key in the place of one that another person had seen"
    ),
    "case.reader_announced": gettext_noop("announced a person who will be able to read this"),
    "case.reader_admitted": gettext_noop("let the announced person begin"),
    "case.mediator_admitted": gettext_noop("let the announced mediator begin"),
    "case.reader_kept_out": gettext_noop(
        "did not let the announced person begin, as they may not any more"
    ),
    "case.key_refused": gettext_noop(
        "found that the key of a person who was to read this had been changed by other means than "
        "this service, and sealed nothing to it"
    ),
    "case.key_does_not_open": gettext_noop(
        "found that a key sealed to a person who reads this does not open"
    ),
    "case.nobody_reads": gettext_noop("found no one who may read this, and told the casework lead"),
    "clock.minus5": gettext_noop("reminded the people at work that a date is near"),
    "clock.minus1": gettext_noop("reminded the people at work that a date is tomorrow"),
    "clock.on_day": gettext_noop("reminded the people at work that a date is today"),
    "clock.L1": gettext_noop("reported that a date was missed"),
    "clock.L2": gettext_noop("told the casework lead that a date was missed"),
    "clock.L3": gettext_noop("told the accountable executive that a date was missed"),
    "clock.survey": gettext_noop("sent an invitation to the survey"),
    "clock.check_in": gettext_noop("asked how things are"),
    "clock.survey_again": gettext_noop("sent the invitation to the survey once more"),
    "clock.check_in_again": gettext_noop("asked once more how things are"),
    "clock.moved": gettext_noop("moved a date, because a bank holiday was added"),
    "clock.cooled_off": gettext_noop("noted that the time to change one's mind is over"),
    "clock.update_owed": gettext_noop("noted that an update is owed"),
    "consent.answered": gettext_noop("answered a request for agreement"),
    "case.tenure_ended": gettext_noop(
        "took a part in the case from a person whose office has ended"
    ),
    "case.handover_asked": gettext_noop("asked for a hand-over note"),
    "case.training_lapsed": gettext_noop(
        "noted that the training for a role in this case has ended"
    ),
    "respondent.answered": gettext_noop("answered what was put to them"),
    "witness.answered": gettext_noop("answered what they were asked"),
    "respondent.answered_notes": gettext_noop("answered about the notes of their meeting"),
    "witness.answered_notes": gettext_noop("answered about the notes of their meeting"),
    "respondent.moved_meeting": gettext_noop("moved their meeting to another day"),
    "witness.moved_meeting": gettext_noop("moved their meeting to another day"),
    "respondent.said_away": gettext_noop("said when they are away"),
    "companion.accepted": gettext_noop("took up the invitation"),
    "companion.wrote": gettext_noop("wrote a message"),
    "respondent.filed": gettext_noop("added a file to their answer"),
    "witness.filed": gettext_noop("added a file to their answer"),
    "companion.filed": gettext_noop("added a file"),
    "respondent.chose": gettext_noop("chose which copy of their file others see"),
    "witness.chose": gettext_noop("chose which copy of their file others see"),
}
"""The words for events that are not steps."""


def history_rows(events: Iterable[Event], role: str) -> list[dict[str, object]]:
    """Return what was done, newest first, without the views.

    It says "You" where the reader did it.
    """
    return [
        {"title": sentence, "at": event.at}
        for event in events
        if event.kind not in LOOKED and (sentence := sentence_of(event, role))
    ]


def ledger_rows(events: Iterable[Event], role: str) -> list[tuple[str, str, datetime]]:
    """Return who did or opened what and when, as rows: role, what, time.

    The time is an instant (UTC); the page shows it as local time.
    """
    return [
        (gettext(who_did(event, role)), f"{gettext(what)}{seen_in(event, role)}", event.at)
        for event in events
        if (what := what_was_done(event.kind))
    ]


SHOWING = frozenset({"case.opened", "case.printed", "case.found", "case.exported"})
"""Events that say under which access rules words were shown or found."""


def who_did_what(who: str, what: str) -> str:
    """Return one sentence, without its full stop, from a role and a past tense."""
    return gettext("{who} {what}").format(who=gettext(who), what=gettext(what))


def seen_in(event: Event, role: str) -> str:
    """Return what another person could read in a view, as the end of a sentence."""
    if event.kind not in SHOWING or event.role == COMPLAINANT:
        return ""
    rules = _rules_of(event)
    shown = SEEN_OF_YOU if role == COMPLAINANT else SEEN
    parts = ", ".join(gettext(words) for rule, words in shown.items() if rule in rules)
    if event.kind == "case.found":
        return gettext(", in: {parts}").format(parts=parts) if parts else ""
    if not parts:
        return gettext(", without any words of it")
    return gettext(" and could read: {parts}").format(parts=parts)


def _rules_of(event: Event) -> set[str]:
    """Return the access rules under which words were shown.

    Meeting notes had no rule of their own before: where statements were shown, they were as well.
    """
    found = set(str(event.data.get("saw", "")).split(","))
    return found | {"read_meeting"} if "read_statements" in found else found


def sentence_of(event: Event, role: str) -> str:
    """Return an event as a sentence; empty for a kind that no page shows."""
    what = what_was_done(event.kind)
    return who_did_what(who_did(event, role), what) if what else ""


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
