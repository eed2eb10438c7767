"""People who work on a case, by role and name: readers see whom they deal with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

from grievances.cases.models.case import Case
from grievances.cases.models.companions import Companion
from grievances.cases.models.offers import Offer
from grievances.cases.models.records import Kind, Words
from grievances.cases.step_names import StepName
from grievances.casework.prefetch import fetch
from grievances.casework.reading import OpenCase
from grievances.choices import Share
from grievances.investigation.meetings import planned_meeting
from grievances.investigation.models import Meeting
from grievances.policy import profiles
from grievances.policy.profiles import COMPLAINANT
from grievances.vocabulary import ASKED_TO_HELP, Identity, Role, State
from grievances.web.shared.deadlines import NAMES

ORDER = [role.value for role in Role]

JOINED = gettext_noop(", if this is joined to your earlier concern")
"""The note for a reader who is announced because they work on the earlier concern.

They read this one if the two are merged.
"""

SEES = {
    Role.LEAD.value: gettext_noop("sees dates and explanations, never what happened"),
    Role.DPO.value: gettext_noop("sees who opened this, never what happened"),
    Role.BREAK_GLASS.value: gettext_noop("reads this for 24 hours, as two officers agreed"),
    Role.AUDITOR.value: gettext_noop("sees that steps were taken, never what happened"),
    Role.ASKED_HANDLER.value: gettext_noop("has not answered yet, and reads nothing before"),
    Role.ASKED_DECIDER.value: gettext_noop("has not answered yet, and reads nothing before"),
    Role.ASKED_APPEAL.value: gettext_noop("has not answered yet, and reads nothing before"),
    **dict.fromkeys(
        (each.value for each in ASKED_TO_HELP.values()),
        gettext_noop("has not answered yet, and reads nothing before"),
    ),
    Role.CO_HANDLER.value: gettext_noop("helps to look into it, and reads what the handler reads"),
    Role.NOTE_TAKER.value: gettext_noop(
        "writes down what is said at a meeting, and never reads your account"
    ),
    Role.ADVISER.value: gettext_noop("answers questions of law, and never reads your account"),
    Role.MEDIATOR.value: gettext_noop("keeps notes that no one else can read"),
}
"""What a role does not let a person see, where that reassures (domain.md 11.1)."""


SEE_JOINING = frozenset({COMPLAINANT, Role.TRIAGE.value})


def people_rows(
    workers: Iterable[tuple[str, int, str]], case: Case, role: str
) -> list[dict[str, str]]:
    """Return the people of a case as a summary list: role, then names.

    The order is that of the work. `workers` are (role, id, name), as in `facts.AccessFacts`.
    `role` is the role of the reader of the page.
    """
    by_role: dict[str, list[str]] = {}
    for part, _, name in workers:
        by_role.setdefault(part, []).append(name)
    here = [
        {"key": gettext(NAMES[part]), "value": _line(part, sorted(by_role[part]))}
        for part in ORDER
        if part in by_role
    ]
    # Only the complainant and the officer who merges may learn who works on an earlier concern.
    fetch(case, "pending_readers")
    coming = [r for r in case.pending_readers.all() if role in SEE_JOINING or r.into_id is None]
    return here + [
        {
            "key": gettext(NAMES[row.role]),
            "value": gettext("{name}\n(from {effective_on}{value}; reads nothing before)").format(
                name=row.person.name,
                effective_on=date_format(row.effective_on, "j F Y"),
                value=gettext(JOINED) if row.into_id else "",
            ),
        }
        for row in coming
    ]


def offer_rows(offers: tuple[Offer, ...]) -> list[list[object]]:
    """Return the offers of a case as table rows: role, person, day, answer."""
    return [
        [
            gettext(Role(offer.role).label),
            offer.candidate.name,
            date_format(offer.sent_on, "j F Y"),
            _answer(offer),
        ]
        for offer in offers
    ]


def companion_rows(case: Case, words: tuple[Words, ...]) -> list[dict[str, object]]:
    """Return the complainant's companion as a row of the people of the case."""
    own = [row for row in case.companions.all() if row.hearing_id is None]
    last = max(own, key=lambda row: row.number, default=None)
    if last is None or last.ended_at is not None:
        return []
    names = [each for each in words if each.kind == Kind.COMPANION]
    name = next((each.text for each in names if each.about == str(last.number)), "")
    return [{"key": gettext("Companion"), "value": f"{name}\n{_since(last)}".strip()}]


def _since(companion: Companion) -> str:
    zone = profiles.zone()
    shares = "; ".join(gettext(Share(share).label).lower() for share in companion.shares)
    files = companion.files.count()
    if files:
        shares += "; " + gettext("{number} of the files").format(number=files)
    if companion.accepted_at is not None:
        day = date_format(companion.accepted_at.astimezone(zone), "j F Y")
        return gettext("with you since {day}. Reads: {shares}").format(day=day, shares=shares)
    last = companion.expires_at.astimezone(zone)
    return gettext(
        "invited: the link works once, until {day} at {time}. Will read: {shares}"
    ).format(day=date_format(last, "j F Y"), time=f"{last:%H:%M}", shares=shares)


def _line(role: str, names: list[str]) -> str:
    note = SEES.get(role)
    return ", ".join(names) + (f"\n({gettext(note)})" if note else "")


def _answer(offer: Offer) -> str:
    words = gettext(Offer.Status(offer.status).label)
    if offer.objection != Offer.Objection.NONE:
        words = f"{words}. {gettext(Offer.Objection(offer.objection).label)}"
    return words


TO_FIND = (Role.HANDLER, Role.DECIDER)
"""The roles that a case in allocation needs."""


def waits_for(opened: OpenCase, today: date) -> str:
    """Return what the reader waits for on a local date; empty when it is nothing."""
    case = opened.case
    if case.working_state == State.ALLOCATION:
        return _waits_for_people(opened)
    if opened.role == Role.HANDLER and case.working_state == State.INVESTIGATION:
        return _meeting_ahead(case, today)
    if opened.role == Role.APPEAL and case.working_state == State.APPEAL:
        return _appeal_meeting_ahead(case, today)
    asks = StepName.ASK_TO_SHARE_NAME in opened.allowed
    if not (asks and case.working_state == State.TRIAGE and case.waits_for_sharing()):
        return ""
    asked = f"You are waiting for the complainant. On {case.sharing_asked_on:%-d %B %Y} you asked"
    last = case.sharing_answer_by
    until = f" after {last:%-d %B %Y}" if last is not None else ""
    return (
        f"{asked} whether we may share their name. If they do not answer, their name stays with "
        f"you, and you can agree the formal way forward{until}."
    )


def _meeting_ahead(case: Case, today: date) -> str:
    """Return to the handler what comes before the meeting is recorded."""
    if case.meeting_held_on or case.meeting_declined or case.identity == Identity.ANONYMOUS:
        return ""
    meeting = planned_meeting(case, today)
    if meeting is None:
        return (
            "No meeting with the person who raised it is arranged yet. Open the investigation and "
            "invite them: they may bring a companion. Record the meeting when it was held."
        )
    return _meets(meeting, "the person who raised it", today)


def _appeal_meeting_ahead(case: Case, today: date) -> str:
    """Return to the appeal manager on which day they meet the person who appeals."""
    meeting = planned_meeting(case, today)
    return "" if meeting is None else _meets(meeting, "the person who appeals", today)


def _meets(meeting: Meeting, whom: str, today: date) -> str:
    """Return to the officer on which day they meet someone, or were to meet them."""
    day = date_format(meeting.meets_on, "l j F Y")
    if meeting.meets_on < today:
        return (
            f"You were to meet {whom} on {day}. Record the meeting if it was held. If it was not, "
            "move it to another day."
        )
    return f"You meet {whom} on {day}. Record the meeting when it was held."


def waits_for_handler(case: Case) -> bool:
    """Return whether both have accepted, and the handler is to begin."""
    if case.working_state != State.ALLOCATION:
        return False
    fetch(case, "offers")
    accepted = {each.role for each in case.offers.all() if each.status == Offer.Status.ACCEPTED}
    return accepted.issuperset(TO_FIND)


def _waits_for_people(opened: OpenCase) -> str:
    """Return whose answer or beginning a case in allocation waits for."""
    offers = opened.case.offers.all()
    accepted = {offer.role for offer in offers if offer.status == Offer.Status.ACCEPTED}
    missing = [role.label.lower() for role in TO_FIND if role not in accepted]
    if missing and opened.role in accepted:
        return f"This waits for another person: the part of {missing[0]} is not accepted yet."
    if not missing and opened.role != Role.HANDLER:
        return "Both have accepted. This waits for the handler to begin."
    if any(offer.status == Offer.Status.SENT for offer in offers):
        return f"This waits for an answer: the part of {' and of '.join(missing)} is offered."
    return ""
