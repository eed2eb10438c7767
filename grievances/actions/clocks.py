"""The sweep: what is owed at this moment is done once, whoever asks and however often.

A rung is claimed by inserting its uniquely keyed event in the transaction that does its work, so
two workers, a restart or three days of outage never do it twice (architecture.md 6).
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ObjectDoesNotExist
from django.db import Error, transaction
from django.db.models import OuterRef

from grievances import notices, policy
from grievances.actions import timing
from grievances.actions.caller import CLOCKWORK, SYSTEM, NotAllowed
from grievances.actions.door import Deed, perform
from grievances.actions.emergency import end_overdue
from grievances.models import Case, CheckIn, Deadline, Event, Heartbeat, Invitation
from grievances.models.keyring import Unreadable
from grievances.models.survey import Form
from grievances.policy import NoPolicy
from grievances.vocabulary import State
from workflow import deadlines
from workflow.calendar import local_date
from workflow.models import AlreadyRecorded
from workflow.steps import Refused

log = logging.getLogger("fairhearing.clocks")

BATCH = 200
SURVEY_DAYS = 30
STEP_ON_LAPSE = {
    "INFORMAL": "switch_to_formal",
    "APPEAL_WINDOW": "accept_outcome",
    "HOLD_REVIEW": "resume",
    "ARCHIVE": "archive",
    "DRAFT": "delete_draft",
}
"""The step the system takes when a window lapses (domain.md 5.2, actor SYS)."""

EVENT_ON_MOMENT = {
    "COOLING_OFF": "clock.cooled_off",
    "DRAFT_WARNING": "clock.draft_warning",
    "SURVEY_A": "clock.survey",
    "SURVEY_B": "clock.survey",
    "CHECKIN_1": "clock.check_in",
    "CHECKIN_3": "clock.check_in",
    "CHECKIN_6": "clock.check_in",
    "SURVEY_AGAIN": "clock.survey_again",
    "CHECKIN_AGAIN": "clock.check_in_again",
}

FAULTS = (
    Refused,
    NotAllowed,
    NoPolicy,
    Unreadable,
    ObjectDoesNotExist,
    Error,
    LookupError,
    ValueError,
)
"""What one bad row can raise: a step out of turn, a calendar that ends, a row tampered with."""


@dataclass(frozen=True)
class Swept:
    """How many rungs were climbed, and how many could not be."""

    done: int
    failed: int


def run_clocks(now: datetime, *, limit: int = BATCH) -> Swept:
    """Do everything that is owed at `now`, each in its own transaction; one bad row stops none."""
    done = failed = 0
    tried: set[int] = set()
    while True:
        rows = deadlines.due_rows(Deadline.objects.exclude(pk__in=tried), now, limit)
        ids = list(rows.values_list("pk", flat=True))
        if not ids:
            break
        for pk in ids:
            try:
                climbed = _climb(pk, now)
                done += climbed
                if not climbed:
                    tried.add(pk)
            except FAULTS as error:
                failed += 1
                tried.add(pk)
                log.error("deadline %s was not served: %s", pk, type(error).__name__)
    done += end_overdue(now)
    Heartbeat.objects.update_or_create(name="clocks", defaults={"at": now})
    return Swept(done, failed)


@transaction.atomic
def _climb(pk: int, now: datetime) -> int:
    """Climb the most urgent rung of one clock, if nobody else has; 1 when it was done here."""
    rows = Deadline.objects.select_for_update(of=("self",)).filter(pk=pk)
    rows = rows.annotate(holidays=policy.stamp_of(OuterRef("case__division")))
    row = rows.select_related("case").filter(next_rung_at__lte=now).first()
    if row is None:
        return 0
    calendar = policy.calendar(row.case.division, row.holidays)
    row.case.calendar = calendar
    clock = deadlines.clock_of(row)
    rung = deadlines.owed_rung(row, clock, calendar, policy.zone(), now)
    if rung is None:
        return 0
    deadlines.advance_rung(row, rung.name, now, calendar, clock, policy.zone())
    row.save()
    try:
        _act(row, rung.name, now, local_date(now, policy.zone()))
    except AlreadyRecorded:
        return 0
    return 1


def _act(row: Deadline, rung: str, now: datetime, today: date) -> None:
    key = f"rung:{row.pk}:{rung}:{row.current_due}"
    if rung == "lapse":
        _lapse(row, now, key)
        return
    kind = EVENT_ON_MOMENT.get(row.name, f"clock.{rung}")
    if (row.name, rung) == ("UPDATE", "on_day"):
        kind = "clock.update_owed"
    event = Event.append(
        chain=row.case.reference,
        at=now,
        actor=SYSTEM,
        role=SYSTEM,
        kind=kind,
        subject=row.case.reference,
        data={"clock": row.name, "due": str(row.current_due), "level": row.level},
        key=key,
    )
    link = _moment(row, now, today) if rung == "due" else ""
    calendar = row.case.calendar
    left = deadlines.working_days_left(row.current_due, today, calendar)
    notices.announce(
        row.case,
        event,
        now=now,
        today=today,
        link=link,
        context={
            "clock": row.name,
            "due": str(row.current_due),
            "days": max(left, 0),
            "days_late": max(-left, 0),
            "level": row.level,
        },
    )


def _lapse(row: Deadline, now: datetime, key: str) -> None:
    if row.name == "OFFER":
        offer = row.case.offers.filter(role=row.detail, status="sent").first()
        if offer is not None:
            deed = Deed(answers={"offer": offer.pk}, once=key)
            step = "decline" if row.case.state == State.ALLOCATION else "decline_later"
            perform(step, case_id=row.case_id, caller=CLOCKWORK, now=now, deed=deed)
        return
    step = STEP_ON_LAPSE.get(row.name, "")
    if row.name == "HOLD_REVIEW" and row.case.state != State.ON_HOLD:
        return  # a withdrawal lies over the pause, and has dates of its own
    if step:
        perform(step, case_id=row.case_id, caller=CLOCKWORK, now=now, deed=Deed(once=key))


def _moment(row: Deadline, now: datetime, today: date) -> str:
    """Do what a moment is for, and return where its notice leads.

    Surveys and check-ins are asked about once more after 5 working days, then never again: silence
    is "no response" and nothing else (domain.md 5.6, 5.9).
    """
    if not row.name.startswith(("SURVEY", "CHECKIN")):
        return ""
    deadlines.meet(row, today)
    row.save()
    case, to_answer = row.case, f"/cases/{row.case.reference}/answer_check_in/"
    if row.name == "SURVEY_AGAIN":
        return "/inbox/"  # whether the first was answered is known to nobody
    if row.name == "CHECKIN_AGAIN":
        return to_answer
    if row.name.startswith("SURVEY"):
        timing.start(case, "SURVEY_AGAIN", now, today)
        return invite(case, Form(row.name[-1]), today)
    CheckIn.objects.create(case=case, month=int(row.name[-1]), asked_on=today)
    timing.start(case, "CHECKIN_AGAIN", now, today)
    return to_answer


def invite(case: Case, form: Form, today: date) -> str:
    """A single-use survey invitation; the answer can never be led back to the case."""
    token = secrets.token_urlsafe(24)
    Invitation.objects.create(
        token_hash=hashlib.sha256(token.encode()).hexdigest(),
        form=form,
        quarter=f"{today.year}-Q{(today.month + 2) // 3}",
        region=case.region,
        route=case.route,
        closure=case.close_reason or "finding",
        identity=case.identity,
        opens_on=today,
        closes_on=today + timedelta(days=SURVEY_DAYS),
    )
    return f"/survey/{token}/"


__all__ = ["Swept", "invite", "run_clocks"]
