"""What has happened to a case, as plain sentences by role: the history and the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from grievances.audit.models import Event
from grievances.policy.profiles import COMPLAINANT
from grievances.web.shared.deadlines import NAMES

DID = {
    "submit": "sent the concern",
    "acknowledge": "took the concern on",
    "reroute": "passed the concern to another triage officer",
    "agree_formal": "agreed the formal way forward",
    "agree_informal": "began the informal way forward",
    "begin_mediation": "began mediation",
    "redirect": "passed the concern to another process",
    "announce_joining": "announced somebody who will be able to read this",
    "merge": "joined the concern to an earlier one",
    "close_insufficient": "closed the concern for want of information",
    "confirm_resolved": "confirmed that it is resolved",
    "switch_to_formal": "switched to the formal way forward",
    "mediate_instead": "began mediation",
    "settle": "recorded the agreement",
    "end_mediation": "ended mediation",
    "offer": "offered a part in the case",
    "decline": "declined the offer",
    "begin_investigation": "began the investigation",
    "record_meeting": "recorded the meeting",
    "submit_report": "sent the report",
    "return_for_enquiries": "asked for further enquiries",
    "decide": "gave the decision",
    "appeal": "appealed",
    "accept_outcome": "closed the case after the decision",
    "begin_appeal": "began the appeal",
    "decide_appeal": "gave the appeal decision",
    "remit": "sent the case back for a fresh investigation",
    "hold": "paused the case",
    "resume": "ended the pause",
    "renew_hold": "renewed the pause",
    "ask_to_withdraw": "asked to withdraw",
    "stay": "decided to go on",
    "close_withdrawn": "closed the case as withdrawn",
    "reopen": "reopened the case",
    "change_handler": "changed the handler",
    "extend": "moved a date",
    "explain_delay": "explained a delay",
    "move_policy": "moved the case to a newer policy",
    "archive": "archived the case",
    "erase": "erased the case",
    "delete_draft": "deleted the draft",
    "message": "wrote a message",
    "ask_informal": "asked for an informal way forward",
    "share_name": "said who may know the name",
    "give_name": "gave their name",
    "use_name": "said that their name may be used openly",
    "exclude": "asked to keep somebody away",
    "object_to_person": "objected to a proposed person",
    "answer_objection": "answered the objection",
    "answer_reader": "answered about a new person",
    "extend_informal": "gave the informal way more time",
    "say_stalled": "said that this has stalled",
    "answer_check_in": "answered a check-in",
    "ask_to_reopen": "asked for the case to be reopened",
    "check_safety": "saved the safety check",
    "ask_exclusions": "asked whom to keep away",
    "ask_question": "asked a question",
    "name_respondent": "recorded who the concern is about",
    "ask_consent": "asked both people for their agreement",
    "ask_approval": "asked the casework lead for approval",
    "answer_approval": "answered the request for approval",
    "check_voluntary": "recorded the talk about withdrawing",
    "accept": "accepted the offer",
    "decline_later": "declined the offer",
    "offer_later": "offered a part in the case",
    "recuse": "stepped back from the case",
    "send_update": "sent an update",
    "record_respondent": "recorded the chance to answer",
    "add_allegation": "added a part to the concern",
    "add_evidence": "added a file",
    "choose_copy": "chose which copy of a file others see",
    "check_file": "had a file checked again",
    "write_mediation_note": "wrote a mediation note",
    "finish_action": "recorded that an action is done",
    "ask_break_glass": "asked to open the case in an emergency",
    "agree_break_glass": "agreed that the data-protection officer reads the case for 24 hours",
    "refuse_break_glass": "refused to open the case in an emergency",
    "end_break_glass": "ended the emergency opening",
    "ask_keeping": "asked for a second yes about keeping or erasing the case",
    "answer_keeping": "answered the request about keeping or erasing the case",
    "set_legal_hold": "set a legal hold",
    "lift_legal_hold": "lifted the legal hold",
    "put_to_respondent": "put it to the person the concern is about",
    "ask_witness": "asked a witness",
    "tell_respondent": "told the person the concern is about what was decided",
    "invite_companion": "invited a companion",
    "share_files": "chose the files that the companion may open",
    "end_companion": "ended the companion's access",
    "propose_interpreter": "proposed an interpreter",
    "answer_interpreter": "answered about the interpreter",
    "confirm_interpreter": "recorded that the interpreter has signed",
}
"""Step -> what was done, after the name of a role."""

LOOKED = {
    "case.opened": "opened the case",
    "case.printed": "opened the page for printing",
    "case.found": "found the case by a search",
    "case.downloaded": "downloaded a file",
    "case.viewed": "looked at a picture",
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
"""Events of the trail that change nothing."""

SEEN = {
    "read_account": "the account and the messages",
    "read_name": "the complainant's name",
    "read_statements": "statements and meeting notes",
    "read_report": "the report",
    "read_letter": "the decision",
    "read_mediation": "their own mediation notes",
    "read_terms": "what was agreed",
    "read_process": "our explanations",
}
"""What a look at a case showed, by the rule it was read under."""

SEEN_OF_YOU = {
    **SEEN,
    "read_account": "what you told us and the messages",
    "read_name": "your name",
}
"""The same, as the complainant is told it."""

WATCHED = {
    "case.reader_announced": "announced somebody who will be able to read this",
    "case.reader_admitted": "let the announced person begin",
    "case.mediator_admitted": "let the announced mediator begin",
    "case.reader_kept_out": "did not let the announced person begin, as they may not any more",
    "case.nobody_reads": "found nobody who may read this, and told the casework lead",
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
    "case.tenure_ended": "took a part in the case from somebody whose office has ended",
    "respondent.answered": "answered what was put to them",
    "witness.answered": "answered what they were asked",
    "companion.accepted": "took up the invitation",
    "companion.wrote": "wrote a message",
    "respondent.filed": "added a file to their answer",
    "witness.filed": "added a file to their answer",
    "companion.filed": "added a file",
    "respondent.chose": "chose which copy of their file others see",
    "witness.chose": "chose which copy of their file others see",
}


def history_rows(events: Iterable[Event], role: str) -> list[dict[str, Any]]:
    """What was done, newest first, without the looks; "You" where the reader did it."""
    return [
        {"title": sentence, "at": event.at}
        for event in events
        if event.kind not in LOOKED and (sentence := sentence_of(event, role))
    ]


def ledger_rows(events: Iterable[Event], role: str) -> list[list[Any]]:
    """Who did or opened what and when, as rows of a table: role, what, local time."""
    return [
        [who_did(event, role), f"{what}{seen_in(event, role)}", event.at]
        for event in events
        if (what := what_was_done(event.kind))
    ]


SHOWING = frozenset({"case.opened", "case.printed", "case.found", "case.exported"})
"""Events that say under which rules words were shown or found."""


def seen_in(event: Event, role: str) -> str:
    """What somebody else could read when they looked, as the end of a sentence."""
    if event.kind not in SHOWING or event.role == COMPLAINANT:
        return ""
    rules = str(event.data.get("saw", "")).split(",")
    shown = SEEN_OF_YOU if role == COMPLAINANT else SEEN
    parts = [words for rule, words in shown.items() if rule in rules]
    if event.kind == "case.found":
        return f", in: {', '.join(parts)}" if parts else ""
    return f" and could read: {', '.join(parts)}" if parts else ", without any words of it"


def sentence_of(event: Event, role: str) -> str:
    """An event as a sentence, or nothing for a kind that no page shows."""
    what = what_was_done(event.kind)
    return f"{who_did(event, role)} {what}" if what else ""


def who_did(event: Event, role: str) -> str:
    """The role that acted; the complainant reads "You" for themselves."""
    if role == COMPLAINANT and event.role == COMPLAINANT:
        return "You"
    return NAMES.get(event.role, event.role.replace("_", " ").capitalize())


def what_was_done(kind: str) -> str:
    area, _, name = kind.partition(".")
    if area == "case" and name in DID:
        return DID[name]
    return LOOKED.get(kind) or WATCHED.get(kind, "")
