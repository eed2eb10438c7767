"""Process all due deadlines, each once, however often the sweep runs.

A reminder is claimed by inserting its uniquely keyed event in the transaction that does its work.
So two workers, a restart or three days of outage never do it twice (architecture.md 6).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from grievances.audit.models import Heartbeat
from grievances.cases.access import rules
from grievances.cases.actions import clocks
from grievances.cases.actions.actor import SYSTEM_ACTOR
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.assignments import holders
from grievances.cases.models.deadlines import CheckIn, Deadline
from grievances.cases.notices import sending
from grievances.cases.step_names import StepName
from grievances.cases.steps.investigating.limited_parts import BETWEEN
from grievances.deadlines import reminders
from grievances.deadlines.reminders import FAULTS, Owed
from grievances.policy import profiles
from grievances.policy.clock_names import ClockName
from grievances.surveys.invitations import invite, invite_others, remind_others
from grievances.surveys.models import Form
from grievances.vocabulary import ASKED_TO_HELP, LIMITED, Role, State
from workflow import deadlines
from workflow.calendar import local_date
from workflow.models import AlreadyRecorded

log = logging.getLogger("fairhearing.clocks")

BATCH = 5000
"""How many clocks are processed together; this bounds the memory of a sweep."""


STEP_ON_LAPSE = {
    declared.lapse.value: name for name, declared in rules.DECLARED.items() if declared.lapse
}
"""Clock -> the step that the system performs when it lapses.

domain.md 5.2, actor SYS.
"""


@dataclass(frozen=True)
class Swept:
    """How many reminders were processed, and how many failed."""

    done: int
    failed: int


def run_clocks(now: datetime, *, limit: int = BATCH) -> Swept:
    """Do everything that is owed at `now`; one bad row stops none of the others.

    Reminders and escalations are sent together; what changes a case has a transaction of its own.

    Returns:
        How many reminders were done, and how many rows failed.
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
    _beat(now)
    return Swept(done, failed)


def _beat(now: datetime) -> None:
    """Store when the deadlines were last looked at."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name="clocks", at=now)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )


def _due(now: datetime, besides: set[int], limit: int) -> tuple[int, ...]:
    rows = deadlines.due_rows(Deadline.objects.exclude(pk__in=besides), now, limit)
    return tuple(rows.values_list("pk", flat=True))


def _try(pk: int, now: datetime) -> int | None:
    """Process one reminder.

    Returns:
        How many were done, or None for a faulty row.
    """
    try:
        return _fire(pk, now)
    except FAULTS as error:
        log.error("deadline %s was not served: %s", pk, type(error).__name__)
        return None


@transaction.atomic
def _fire(pk: int, now: datetime) -> int:
    """Process the most urgent reminder of one clock.

    Returns:
        1 when it was done here, and 0 when another worker has done it.
    """
    rows = Deadline.objects.select_related("case").select_for_update(of=("case", "self"))
    row = rows.filter(pk=pk, next_rung_at__lte=now).first()
    today = local_date(now, profiles.zone())
    owed = reminders.fire_reminders(row, now, today) if row is not None else None
    if row is None or owed is None:
        return 0
    row.save()
    try:
        if owed.reminder.name == "lapse":
            _lapse(row, now, owed.key)
        else:
            _say(owed, now, today)
    except AlreadyRecorded:
        return 0
    return 1


def _say(owed: Owed, now: datetime, today: date) -> None:
    row, event = owed.row, owed.draft(now)
    event.add()
    link = _moment(row, now, today) if owed.reminder.name == "due" else ""
    sending.announce(row.case, event, now=now, today=today, link=link, context=owed.context())


def _lapse(row: Deadline, now: datetime, key: str) -> None:
    if row.name == ClockName.OFFER and row.detail in LIMITED:
        _let_go(row, now, key)
        return
    if row.name == ClockName.OFFER:
        offer = row.case.offers.filter(role=row.detail, status="sent").first()
        if offer is not None:
            step_input = StepInput(answers={"offer": offer.pk}, once=key)
            step = (
                StepName.DECLINE if row.case.state == State.ALLOCATION else StepName.DECLINE_LATER
            )
            perform(step, case_id=row.case_id, caller=SYSTEM_ACTOR, now=now, step_input=step_input)
        return
    lapsed = STEP_ON_LAPSE.get(row.name, "")
    if row.name == ClockName.HOLD_REVIEW and row.case.state != State.ON_HOLD:
        return  # a withdrawal runs during the pause, and has dates of its own
    if lapsed:
        perform(
            lapsed,
            case_id=row.case_id,
            caller=SYSTEM_ACTOR,
            now=now,
            step_input=StepInput(once=key),
        )


def _let_go(row: Deadline, now: datetime, key: str) -> None:
    """Take off everyone who was asked for a limited part and has not signed in time."""
    asked = holders(row.case, ASKED_TO_HELP[Role(row.detail)])
    for person_id in list(asked.order_by("pk").values_list("pk", flat=True)):
        answers = {"helper": f"{row.detail}{BETWEEN}{person_id}"}
        step_input = StepInput(answers=answers, once=f"{key}:{person_id}")
        perform(
            StepName.END_PART,
            case_id=row.case_id, caller=SYSTEM_ACTOR, now=now, step_input=step_input,
        )  # fmt: skip


def _moment(row: Deadline, now: datetime, today: date) -> str:
    """Do what is due at a moment.

    Surveys are asked about once more after 10 working days and check-ins after 5, then never again.
    Silence is "no response" and nothing else (domain.md 5.6, 8).

    Returns:
        The link of its notice.
    """
    if not row.name.startswith(("SURVEY", "CHECKIN")):
        return ""
    deadlines.meet(row, today)
    row.save()
    case, to_answer = row.case, f"/cases/{row.case.reference}/answer_check_in/"
    if row.name == ClockName.SURVEY_AGAIN:
        remind_others(case, now)  # once: the same notice a second time is dropped
        return "/inbox/"  # no one knows whether the first was answered
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
