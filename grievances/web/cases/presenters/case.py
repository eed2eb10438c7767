"""The page of one case, for the complainant, a worker on the case or a candidate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from grievances.cases.access.rules import page_of
from grievances.cases.actions.perform import stamp
from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind, Words
from grievances.cases.notices.sending import could_not_reach
from grievances.cases.step_names import StepName
from grievances.casework.opening.events import ledger_of
from grievances.casework.opening.thread import EXCHANGED
from grievances.casework.prefetch import fetch
from grievances.casework.reading import OpenCase
from grievances.letters.translating import as_read
from grievances.participants.patterns import PROMPT_FOR, pattern_of
from grievances.policy import profiles
from grievances.policy.profiles import COMPLAINANT
from grievances.vocabulary import (
    CloseReason,
    HoldReason,
    Identity,
    Outcome,
    Role,
    Route,
    State,
    Tag,
)
from grievances.web.cases.presenters.files import file_rows, referral_rows
from grievances.web.cases.presenters.history import history_rows, ledger_rows
from grievances.web.cases.presenters.own_page import (
    outcome_after_appeal,
    own_context,
    shelves_of,
    ways_in,
)
from grievances.web.cases.presenters.people import (
    offer_rows,
    people_rows,
    waits_for,
    waits_for_handler,
)
from grievances.web.cases.presenters.tasks import (
    Around,
    first_promises,
    in_groups,
    next_task,
    stuck_rows,
    tasks_of,
)
from grievances.web.cases.step_forms.evidence import scan_words
from grievances.web.shared.deadlines import (
    NAMES,
    Promise,
    in_a_sentence,
    next_of,
    promise_of,
)
from workflow.calendar import Calendar

READING = list(Kind)
"""The order in which records of one moment are read: what happened comes first."""

TO_THE_COMPLAINANT = {
    Kind.NAME: _("Your name and how to contact you"),
    Kind.EXPLANATION: _("Our explanation to you"),
}
"""Headings about the complainant, as the complainant reads them."""

LETTERS = (Kind.LETTER, Kind.APPEAL_LETTER)
"""Records that can be taken out as a letter."""

HEARINGS = frozenset(
    {Kind.PUT, Kind.STATEMENT, Kind.OUTCOME_NOTE, Kind.CALLED, Kind.NOTES, Kind.EVIDENCE_SHOWN}
)
"""Records of a talk with one person; only the officers who heard them read who."""


@dataclass(frozen=True)
class Setting:
    """The moment at which a page is drawn: an instant (UTC) and its local date."""

    now: datetime
    today: date


def case_context(
    opened: OpenCase, now: datetime, today: date, *, before: str = ""
) -> tuple[str, dict[str, object]]:
    """Return (template, context) of the case page for the person who opened it.

    `before` is the record before which this page of the words ends; empty on the newest page.
    """
    is_own = opened.role == COMPLAINANT
    fetch(opened.case, "deadlines", *(() if is_own else ("offers", "approvals")))
    context = {**_shared(opened, Setting(now, today)), **_other_pages(opened, before)}
    if is_own:
        return "grievances/own_page.html", {
            **context, **_for_complainant(opened, context, today),
            **({"answered": ""} if before else {}),  # not on older pages
        }  # fmt: skip
    if opened.role.startswith("asked_"):
        return "grievances/case_asked.html", {**context, **_for_candidate(opened.case)}
    items = [*context["tasks"], *context["aside"]]
    own = _for_staff(opened, context["open_promises"], items, today)
    if "read_pattern" in opened.allowed and opened.caller.who is not None:
        found = pattern_of(opened.case, today, opened.caller.who, largest_unit=PROMPT_FOR)
        own["named_before"] = len(found.same_person)
        own["unit_before"] = len(found.same_unit - found.same_person)
    return "grievances/case.html", {**context, **own}


def promises_of(case: Case, role: str, today: date, days: Calendar) -> list[Promise]:
    """Return every promise of this episode: the open ones by date, then the kept."""
    fetch(case, "deadlines")
    rows = [row for row in case.deadlines.all() if row.episode == case.episode]
    all_found = waits_for_handler(case)
    found = [
        promise_of(row, [role], today, days, all_found=all_found)
        for row in rows
        if row.name in profiles.SHOWN
    ]
    return sorted(found, key=lambda p: (p.met_on is not None, p.due))


def state_words(case: Case, role: str) -> str:
    """Return the state of the case, in the words for this reader."""
    return gettext(State(case.state).label if role == COMPLAINANT else case.state_for_staff)


def print_context(opened: OpenCase) -> dict[str, object]:
    """Return the context of the page for printing.

    It has the words that this person may read, and no button.
    """
    return {
        **step_context(opened.case, "read", opened.role),
        "is_own": opened.role == COMPLAINANT,
        "words": _timeline(opened.words, opened.role),
    }


def own_copy_context(opened: OpenCase, now: datetime, today: date) -> dict[str, object]:
    """Return the context of one's own copy: the page, and who opened it."""
    _, context = case_context(opened, now, today)
    events = ledger_of(opened.case, opened.role)
    return {
        **context,
        "taken_at": now.astimezone(profiles.zone()),
        "ledger": ledger_rows(events, opened.role),
    }


def step_context(case: Case, step: str, role: str) -> dict[str, object]:
    """Return what the page of a step needs beside its form."""
    return {
        "base": "base_private.html" if role == COMPLAINANT else "base.html",
        "case": case,
        "step": step,
        "state": state_words(case, role),
        "back": f"/cases/{case.reference}/{page_of(step)}",
    }


def _shared(opened: OpenCase, setting: Setting) -> dict[str, object]:
    case, role, around = opened.case, opened.role, Around.of(opened.case, opened.workers)
    days = case.calendar
    promises = promises_of(case, role, setting.today, days)
    tasks = tasks_of(
        case, opened.allowed, role, around, now=setting.now, today=setting.today, days=days
    )
    return {
        "case": case,
        "role": NAMES.get(role, role),
        "state": state_words(case, role),
        "locked": opened.locked,
        "next": next_task(tasks, promises),
        **_promise_lists(promises),
        "tasks": [t.as_item for t in tasks if not t.is_aside],
        "aside": [t.as_item for t in tasks if t.is_aside],
        "aside_groups": in_groups(t for t in tasks if t.is_aside),
        "words": _timeline(opened.words, role),
        "describes": any(each.kind != Kind.NAME for each in opened.words),
        "files": file_rows(opened),
        "scan_words": scan_words(),
        "offers": offer_rows(around.offers),
        "history": history_rows(opened.events, role),
        **_pages_beside(opened),
        "is_held": case.state == State.ON_HOLD,
    }


def _pages_beside(opened: OpenCase) -> dict[str, object]:
    """Return which other pages of the case this person may open."""
    case = opened.case
    return {
        "has_export": "read_as_copy" in opened.allowed,
        "has_ledger": "read_ledger" in opened.allowed,
        "has_keeping": "read_keeping" in opened.allowed,
        "has_letter": any(each.kind in LETTERS for each in opened.words),
        "referrals": referral_rows(opened),
        "has_pattern": "read_pattern" in opened.allowed,
        "has_room": "read_room" in opened.allowed and case.triaged_on is not None,
    }


def _other_pages(opened: OpenCase, before: str) -> dict[str, Any]:
    """Return the links to the older and to the newest words."""
    page = f"/cases/{opened.case.reference}/"
    older = [each for each in opened.words if each.kind in EXCHANGED]
    return {
        **({"words": _timeline(older, opened.role)} if before else {}),
        "older_href": f"{page}?before={opened.older}#messages" if opened.older else "",
        "newest_href": f"{page}#messages" if before else "",
    }


def _promise_lists(promises: list[Promise]) -> dict[str, object]:
    """Return the promise that comes next, and the open and kept ones."""
    return {
        "next_promise": next_of(promises),
        "open_promises": [p for p in promises if p.met_on is None],
        "kept_promises": [p for p in promises if p.met_on is not None],
    }


def _for_complainant(opened: OpenCase, context: dict[str, Any], today: date) -> dict[str, Any]:
    shelves = shelves_of(opened.words)
    return {
        **own_context(opened, context["aside"], today),
        **{name: _timeline(words, opened.role) for name, words in shelves.items()},
    }


def _for_staff(
    opened: OpenCase, promises: list[Promise], tasks: list[dict[str, str]], today: date
) -> dict[str, object]:
    can_leave = StepName.RECUSE in opened.allowed
    stuck = stuck_rows(promises, tasks) if opened.role == Role.LEAD else []
    press = {"once": uuid4().hex, "seen": stamp(opened.case)} if can_leave else {}
    return {
        "people": people_rows(opened.workers, opened.case, opened.role),
        "facts": _facts(opened.case),
        "stuck": stuck,
        "top_promises": first_promises(promises, stuck),
        "step_back": press,
        "waits_for": waits_for(opened, today),
        "unreached": opened.role == Role.TRIAGE and could_not_reach(opened.case),
    }


def _for_candidate(case: Case) -> dict[str, object]:
    """Return the anonymised essentials and nothing more (domain.md 5.3 G_ACCEPTED)."""
    tags = case.allegations.exclude(tag="").values_list("tag", flat=True).distinct()
    kinds = ", ".join(Tag(tag).label for tag in tags)
    return {
        "essentials": [
            {"key": "Region", "value": case.get_region_display()},
            {"key": "Way forward", "value": Route(case.route).label},
            {"key": "Parts of the concern", "value": str(case.allegations.count())},
            {"key": gettext("Kinds"), "value": kinds or gettext("Not yet set")},
            {"key": gettext("Name of the complainant"), "value": _identity(case)},
        ]
    }


def _facts(case: Case) -> list[dict[str, str]]:
    facts = {
        "Region": case.get_region_display(),
        "Way forward": Route(case.route).label,
        "Received": date_format(case.received_on, "j F Y") if case.received_on else "",
        **ways_in(case),
        "Name": _identity(case),
        "Fast track": gettext("Yes: the dates are shorter") if case.fast_track else "",
        "Outcome": Outcome(case.outcome).label if case.outcome else "",
        "After the appeal": outcome_after_appeal(case),
        "Paused because": HoldReason(case.hold_reason).label if case.hold_reason else "",
        "Closed because": CloseReason(case.close_reason).label if case.close_reason else "",
    }
    return [{"key": key, "value": value} for key, value in facts.items() if value]


SHARED = {
    True: _("shared with those who look into it and decide"),
    False: _("known to triage only, as they wish"),
    None: _("known to triage only: they have not said yet whether it may be shared"),
}
"""What a complainant has decided about sharing their name (domain.md 5.7)."""


def _identity(case: Case) -> str:
    if case.identity == Identity.CONFIDENTIAL:
        return gettext("Confidential ({name_shared})").format(name_shared=SHARED[case.name_shared])
    return gettext("Anonymous") if case.identity == Identity.ANONYMOUS else gettext("Open")


def _timeline(words: Iterable[Words], role: str) -> list[dict[str, object]]:
    # Newest first. Records of one moment follow the order in which the form asks for them. Names of
    # candidates and companions are shown elsewhere; names of people heard are in headings.
    aside = {Kind.OFFER_NAME, Kind.PERSON, Kind.COMPANION}
    shown = [each for each in words if each.kind not in aside]
    names = {each.about: each.text for each in words if each.kind == Kind.PERSON}
    together = sorted(shown, key=lambda each: READING.index(each.kind))
    return [
        {
            "title": _heading(each, role, names),
            "at": each.at,
            "by": _author(each, role),
            "body": _body(each),
        }
        for each in sorted(together, key=lambda each: each.at, reverse=True)
    ]


def _body(words: Words) -> str:
    """Return the words of a record.

    The service wrote how a person is reached, and the blocks of letters, so those are translated.
    """
    if words.kind != Kind.NAME:
        return as_read(words.kind, words.text)
    return "\n".join(gettext(line) for line in words.text.splitlines())


def _heading(words: Words, role: str, names: dict[str, str]) -> str:
    own = TO_THE_COMPLAINANT.get(words.kind) if role == COMPLAINANT else None
    if words.kind in HEARINGS and words.about in names:
        return f"{gettext(words.heading)} ({names[words.about]})"
    return own or words.heading


def _author(words: Words, role: str) -> str:
    if role == COMPLAINANT and words.author == COMPLAINANT:
        return "you"
    return in_a_sentence(words.author)
