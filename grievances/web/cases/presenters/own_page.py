"""The complainant's page: what matters now, then the rest under headings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext

from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind, Words
from grievances.cases.notices.sending import could_not_reach
from grievances.cases.step_names import StepName
from grievances.casework.reading import OpenCase
from grievances.choices import CameBy, RaisedFor
from grievances.investigation.meetings import planned_meeting
from grievances.policy import profiles
from grievances.policy.clock_names import ClockName
from grievances.policy.profiles import COMPLAINANT
from grievances.vocabulary import (
    AppealOutcome,
    CloseReason,
    HoldReason,
    Identity,
    Outcome,
    Pressure,
    Role,
    State,
)
from grievances.web.cases.presenters.people import companion_rows, people_rows
from grievances.web.shared.tribunal_dates import conciliation_body, own_tribunal_dates
from workflow.calendar import local_date

DECISION = frozenset({Kind.LETTER, Kind.APPEAL_LETTER, Kind.ACTION, Kind.ACTION_DONE, Kind.TERMS})
"""Records that say what was decided or agreed."""

CORRESPONDENCE = frozenset(
    {
        Kind.MESSAGE,
        Kind.QUESTION,
        Kind.UPDATE,
        Kind.EXPLANATION,
        Kind.CHECK_IN,
        Kind.INVITATION,
    }
)
"""Records by which the complainant and the officers write to each other."""

ANSWERS = frozenset({Kind.MESSAGE, Kind.QUESTION, Kind.UPDATE})
"""Records of an officer that answer a message."""

OFFICERS = frozenset(Role)
"""Authors whose words are an answer of ours: a companion's are not."""

LIMIT_RUNS_ON = frozenset({State.ON_HOLD, State.OUTCOME, State.WITHDRAWAL_PENDING, State.CLOSED})
"""States in which a person may think that the tribunal limit has paused."""


def own_context(opened: OpenCase, aside: list[dict[str, str]], today: date) -> dict[str, object]:
    """Return what the complainant's page has beside the facts that every reader gets.

    `aside` are the steps listed as "Other things you can do"; writing to us is shown by itself.
    """
    case = opened.case
    people = people_rows(opened.workers, case, opened.role)
    return {
        "people": [*people, *companion_rows(case, opened.words)],
        "tribunal": own_tribunal_dates(case, opened.words, opened.caller, today),
        "body": conciliation_body(case.division),
        "limit_runs_on": case.state in LIMIT_RUNS_ON,
        **_ways_to_write(case, aside),
        "answered": answered_words(opened.words),
        "unreached": could_not_reach(case),
        "turn": turn_of(case),
        **_meeting(case, today),
        "is_new_decision": case.working_state == State.OUTCOME,
        **_outcome(case),
        "share_href": f"/cases/{case.reference}/{StepName.SHARE_NAME}/",
        "asked_to_share": case.waits_for_sharing() and StepName.SHARE_NAME in opened.allowed,
        **_pause(case),
        "is_anonymous": case.identity == Identity.ANONYMOUS,
    }


def _meeting(case: Case, today: date) -> dict[str, object]:
    meeting = planned_meeting(case, today)
    return {"meeting": meeting, "has_passed": meeting is not None and meeting.meets_on < today}


def _pause(case: Case) -> dict[str, object]:
    reason = HoldReason(case.hold_reason) if case.hold_reason else None
    return {
        "asked_for_pause": reason == HoldReason.C_REQUEST,
        "pause_reason": gettext(reason.label) if reason else "",
    }


def _ways_to_write(case: Case, aside: list[dict[str, str]]) -> dict[str, object]:
    """Return the addresses of writing to us, "" where not offered, and other steps."""
    write, stalled = (
        f"/cases/{case.reference}/{step}/" for step in (StepName.MESSAGE, StepName.SAY_STALLED)
    )
    offered = {item["href"] for item in aside}
    return {
        "write_href": write if write in offered else "",
        "stalled_href": stalled if stalled in offered else "",
        "aside": [item for item in aside if item["href"] != write],
    }


def turn_of(case: Case) -> str:
    """Return the code of a turn that the stage alone does not tell, or nothing.

    It is for the complainant.
    """
    if case.state == State.WITHDRAWAL_PENDING:
        return "pressed" if case.pressure in {Pressure.YES, Pressure.TALK} else ""
    if case.state != State.ALLOCATION:
        return ""
    if case.remits:
        return "sent_back"
    ended = case.deadlines.filter(name=ClockName.MEDIATION, completed_on__isnull=False)
    return "mediation_ended" if ended.exists() else ""


def shelves_of(words: Iterable[Words]) -> dict[str, tuple[Words, ...]]:
    """Return the records by part of the page: decision, letters, told."""
    found = tuple(words)
    return {
        "decision": tuple(each for each in found if each.kind in DECISION),
        "letters": tuple(each for each in found if each.kind in CORRESPONDENCE),
        "told": tuple(each for each in found if each.kind not in DECISION | CORRESPONDENCE),
    }


def outcome_after_appeal(case: Case) -> str:
    """Return the outcome after an appeal, in words.

    It is empty where there was no appeal, or where the outcome is not known. Before the form asked
    for it, an appeal that changed something did not say what.
    """
    if case.close_reason not in AppealOutcome:
        return ""
    changed = case.allegations.exclude(appeal_finding="").exists()
    is_known = changed or case.close_reason == AppealOutcome.DISMISSED
    return gettext(Outcome(case.outcome_that_stands()).label) if is_known else ""


def answered_words(words: Iterable[Words]) -> str:
    """Return in words whether the complainant's last message was answered.

    It is empty when they have written none. The days are local dates.
    """
    found = tuple(words)
    wrote = [e.at for e in found if e.kind == Kind.MESSAGE and e.author == COMPLAINANT]
    if not wrote:
        return ""
    last = max(wrote)
    by_us = [e.at for e in found if e.kind in ANSWERS and e.author in OFFICERS and e.at > last]
    asked = gettext("You wrote to us on {value}.").format(
        value=date_format(local_date(last, profiles.zone()), "j F Y")
    )
    if not by_us:
        return gettext("{asked} We have not written back yet.").format(asked=asked)
    return gettext("{asked} We wrote back on {value}.").format(
        asked=asked, value=date_format(local_date(min(by_us), profiles.zone()), "j F Y")
    )


def _outcome(case: Case) -> dict[str, object]:
    return {
        "not_upheld": case.outcome == Outcome.NOT_UPHELD,
        "outcome": gettext(Outcome(case.outcome).label) if case.outcome else "",
        "after_appeal": outcome_after_appeal(case),
        "closed_as": gettext(CloseReason(case.close_reason).label) if case.close_reason else "",
    }


def ways_in(case: Case) -> dict[str, str]:
    """Return how a concern came and to whom it happened.

    It is empty for the usual way.
    """
    facts = {}
    if case.came_by != CameBy.WEB:
        facts[gettext("How it came")] = gettext(CameBy(case.came_by).label)
    if case.raised_for == RaisedFor.WITNESSED:
        facts[gettext("It happened to")] = gettext("Another person. The complainant saw it.")
    if case.raised_for == RaisedFor.ASKED:
        facts[gettext("Told for another person")] = (
            gettext("That person has not confirmed it yet.")
            if case.waits_for_agreement()
            else gettext("That person has confirmed it.")
        )
    return facts
