"""The line of a notice in the inbox: the case, the role, the step or the date.

Only the signed-in site shows these lines. Letters never name a step or a role.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from grievances.cases.actions.actor import Caller
from grievances.cases.declaration import NoticeKind
from grievances.cases.models.case import Case
from grievances.cases.notices import sending
from grievances.policy import profiles
from grievances.policy.profiles import ANSWERS_FOR
from grievances.vocabulary import ASKED, ASKED_TO_HELP
from grievances.web.cases.presenters.history import DID, who_did_what
from grievances.web.shared.deadlines import NAMES
from notifications.models import Notice
from notifications.rendering import line

WITH_A_STEP = (NoticeKind.UPDATE, NoticeKind.ALLOCATION)
ABOUT_A_DATE = (
    NoticeKind.REMINDER,
    NoticeKind.DUE_TODAY,
    NoticeKind.MISSED,
    NoticeKind.ESCALATED,
)
WAS_ASKED_AS = {asked.value: role.value for role, asked in {**ASKED, **ASKED_TO_HELP}.items()}
"""The part that was offered, by the role of a person who was asked."""


def inbox_line(notice: Notice) -> str:
    """Return the line of a notice for the inbox.

    A notice that says neither a step nor a clock has the words of its template.
    """
    told = ""
    if notice.reference and notice.kind in WITH_A_STEP:
        told = _step(notice)
    elif notice.reference and notice.kind in ABOUT_A_DATE:
        told = _clock(notice)
    elif notice.reference and notice.kind == NoticeKind.TRAINING_ENDED:
        told = _training(notice)
    return f"{notice.reference}: {told}" if told else line(notice)


def _step(notice: Notice) -> str:
    by = str(notice.context.get("by"))
    past, role = DID.get(str(notice.context.get("step"))), NAMES.get(WAS_ASKED_AS.get(by, by))
    if not past or not role:
        return ""
    said = f"{who_did_what(role, past)}."
    return (
        gettext("{said} There is work for you.").format(said=said)
        if notice.kind == NoticeKind.ALLOCATION
        else said
    )


def _training(notice: Notice) -> str:
    """Return whose training has ended, and what to do."""
    role = NAMES.get(str(notice.context.get("role")), "")
    return (
        gettext("{role}: training has ended. Hand the role over, or book a refresher.").format(
            role=gettext(role)
        )
        if role
        else ""
    )


def _clock(notice: Notice) -> str:
    """Return what is due, whose it is, and when."""
    name = str(notice.context.get("clock"))
    if name not in profiles.CLOCKS:
        return ""
    owner = next((NAMES[role] for role in ANSWERS_FOR.get(name, ()) if role in NAMES), "")
    what = gettext(profiles.CLOCKS[name])
    task = f"{gettext(owner)}: {what[0].lower()}{what[1:]}" if owner else what
    return f"{task}, {_when(notice)}."


def _when(notice: Notice) -> str:
    days, late = notice.context.get("days"), notice.context.get("days_late")
    if notice.kind == NoticeKind.DUE_TODAY:
        return gettext("due today")
    if isinstance(late, int) and late:
        return ngettext("{number} working day late", "{number} working days late", late).format(
            number=late
        )
    if notice.kind in {NoticeKind.MISSED, NoticeKind.ESCALATED}:
        return gettext("late")
    due = notice.context.get("due")
    day = date_format(date.fromisoformat(due), "j F Y") if isinstance(due, str) else ""
    soon = gettext("due")
    if isinstance(days, int) and days:
        soon = ngettext("due in {number} working day", "due in {number} working days", days).format(
            number=days
        )
    return gettext("{soon}, by {day}").format(soon=soon, day=day) if day else soon


def clear_notices(caller: Caller, case: Case, now: datetime) -> None:
    """Mark as read what the inbox says about a case that was opened."""
    if caller.who is not None:
        sending.mark_read(case, sending.inboxes_on(case.pk, caller.who), now=now)
