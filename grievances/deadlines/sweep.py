"""The sweep: what is owed at this moment is done once, whoever asks and however often.

A rung is claimed by inserting its uniquely keyed event in the transaction that does its work, so
two workers, a restart or three days of outage never do it twice (architecture.md 6).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from grievances.audit.models import Heartbeat
from grievances.cases.access import rules
from grievances.cases.actions import clocks
from grievances.cases.actions.actor import CLOCKWORK
from grievances.cases.actions.perform import Deed, perform
from grievances.cases.models.case import CheckIn
from grievances.cases.models.deadlines import Deadline
from grievances.cases.notices import sending
from grievances.cases.step_names import StepName
from grievances.deadlines import reminders
from grievances.deadlines.reminders import FAULTS, Owed
from grievances.policy import profiles
from grievances.policy.clock_names import ClockName
from grievances.surveys.invitations import invite, invite_others, remind_others
from grievances.surveys.models import Form
from grievances.vocabulary import State
from workflow import deadlines
from workflow.calendar import local_date
from workflow.models import AlreadyRecorded

log = logging.getLogger("fairhearing.clocks")

BATCH = 5000
"""How many clocks are taken up together; what a sweep holds in memory is bounded by it."""


STEP_ON_LAPSE = {
    declared.lapse.value: name for name, declared in rules.DECLARED.items() if declared.lapse
}
"""Clock -> the step that the system takes when it lapses (domain.md 5.2, actor SYS)."""


@dataclass(frozen=True)
class Swept:
    """How many rungs were climbed, and how many could not be."""

    done: int
    failed: int


def run_clocks(now: datetime, *, limit: int = BATCH) -> Swept:
    """Do everything that is owed at `now`; one bad row stops none of the others.

    Reminders and escalations are said together; what changes a case has a transaction of its own.
    """
    done = failed = 0
    tried: set[int] = set()
    while True:
        try:
            said = reminders.say_all(now, besides=tried, limit=limit)
            alone = said.acting
        except FAULTS as error:
            log.error("a batch of deadlines was put back: %s", type(error).__name__)
            said, alone = reminders.NOTHING, _due(now, tried, limit)
        done, failed = done + said.done, failed + len(said.faulty)
        tried |= {*said.faulty, *said.idle}
        for pk in alone:
            climbed = _try(pk, now)
            done, failed = done + (climbed or 0), failed + (climbed is None)
            tried |= set() if climbed else {pk}
        if not alone and said.found < limit:
            break
    Heartbeat.objects.bulk_create(
        [Heartbeat(name="clocks", at=now)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )
    return Swept(done, failed)


def _due(now: datetime, besides: set[int], limit: int) -> tuple[int, ...]:
    rows = deadlines.due_rows(Deadline.objects.exclude(pk__in=besides), now, limit)
    return tuple(rows.values_list("pk", flat=True))


def _try(pk: int, now: datetime) -> int | None:
    """Climb one rung; None when its row is at fault."""
    try:
        return _climb(pk, now)
    except FAULTS as error:
        log.error("deadline %s was not served: %s", pk, type(error).__name__)
        return None


@transaction.atomic
def _climb(pk: int, now: datetime) -> int:
    """Climb the most urgent rung of one clock, if nobody else has; 1 when it was done here."""
    rows = Deadline.objects.select_related("case").select_for_update(of=("case", "self"))
    row = rows.filter(pk=pk, next_rung_at__lte=now).first()
    today = local_date(now, profiles.zone())
    owed = reminders.climb(row, now, today) if row is not None else None
    if row is None or owed is None:
        return 0
    row.save()
    try:
        if owed.rung.name == "lapse":
            _lapse(row, now, owed.key)
        else:
            _say(owed, now, today)
    except AlreadyRecorded:
        return 0
    return 1


def _say(owed: Owed, now: datetime, today: date) -> None:
    row, event = owed.row, owed.draft(now)
    event.add()
    link = _moment(row, now, today) if owed.rung.name == "due" else ""
    sending.announce(row.case, event, now=now, today=today, link=link, context=owed.context())


def _lapse(row: Deadline, now: datetime, key: str) -> None:
    if row.name == ClockName.OFFER:
        offer = row.case.offers.filter(role=row.detail, status="sent").first()
        if offer is not None:
            deed = Deed(answers={"offer": offer.pk}, once=key)
            step = (
                StepName.DECLINE if row.case.state == State.ALLOCATION else StepName.DECLINE_LATER
            )
            perform(step, case_id=row.case_id, caller=CLOCKWORK, now=now, deed=deed)
        return
    lapsed = STEP_ON_LAPSE.get(row.name, "")
    if row.name == ClockName.HOLD_REVIEW and row.case.state != State.ON_HOLD:
        return  # a withdrawal lies over the pause, and has dates of its own
    if lapsed:
        perform(lapsed, case_id=row.case_id, caller=CLOCKWORK, now=now, deed=Deed(once=key))


def _moment(row: Deadline, now: datetime, today: date) -> str:
    """Do what a moment is for, and return where its notice leads.

    Surveys are asked about once more after 10 working days and check-ins after 5, then never again:
    silence is "no response" and nothing else (domain.md 5.6, 8).
    """
    if not row.name.startswith(("SURVEY", "CHECKIN")):
        return ""
    deadlines.meet(row, today)
    row.save()
    case, to_answer = row.case, f"/cases/{row.case.reference}/answer_check_in/"
    if row.name == ClockName.SURVEY_AGAIN:
        remind_others(case, now)  # once: the same notice a second time is dropped
        return "/inbox/"  # whether the first was answered is known to nobody
    if row.name == ClockName.CHECKIN_AGAIN:
        return to_answer
    if row.name.startswith("SURVEY"):
        clocks.start(case, ClockName.SURVEY_AGAIN, now, today)
        if row.name == ClockName.SURVEY_A:
            invite_others(case, now, today)
        return invite(case, Form(row.name[-1]), today)
    CheckIn.objects.create(case=case, month=int(row.name[-1]), asked_on=today)
    clocks.start(case, ClockName.CHECKIN_AGAIN, now, today)
    return to_answer


__all__ = ["Swept", "run_clocks"]
