"""Ask people how they are, once a day, by neutral notices and never twice."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from grievances.aftercare import care, schedule
from grievances.aftercare.models import Aftercare, Ask, AskState, Facts, Listener
from grievances.cases.declaration import NoticeKind
from grievances.cases.models.case import Case
from grievances.cases.models.parties import Party
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import as_party, as_writer
from grievances.encryption.primitives import DecryptionFailed
from grievances.policy import profiles
from grievances.vocabulary import OPEN, Standing, State
from workflow.calendar import local_date

PAGE = "/aftercare/"
log = logging.getLogger("fairhearing.watch")


def ask_people(now: datetime) -> int:
    """Ask everyone who is due, and ask once more after five working days.

    Each person is a transaction of their own. A row that does not open is left, and reported
    without whose it is.

    Returns:
        How many people were asked.
    """
    parties = Party.objects.filter(
        standing__in=care.HAVE_CARE, case__state__in=[*OPEN, State.CLOSED]
    )
    asked = 0
    for pk in list(parties.order_by("pk").values_list("pk", flat=True)):
        try:
            asked += _ask_one(pk, now)
        except DecryptionFailed:
            log.error("One person could not be asked how they are: a row does not open.")
    return asked


@transaction.atomic
def _ask_one(party_id: int, now: datetime) -> int:
    party = Party.objects.filter(pk=party_id).select_related("case__profile").first()
    if party is None or party.case.state not in (*OPEN, State.CLOSED):
        return 0
    today = local_date(now, profiles.zone())
    label = care.begin(party, today).label
    row = Aftercare.objects.select_for_update(of=("self",)).get(label=label)
    before = row.facts
    if before.listener == Listener.SELF:
        care.keep_check_ins_own(party.case, before)
    facts, tells = _moved_on(party.case, before, today)
    if facts == before:
        return 0
    row.seal(facts)
    row.save(update_fields=["sealed"])
    if tells:
        _tell(party, row, facts, now)
    return int(tells)


def _moved_on(case: Case, facts: Facts, today: date) -> tuple[Facts, bool]:
    """Return the facts as they are today, and whether the person is told now."""
    waiting = facts.waiting()
    code = "" if facts.is_off else schedule.due_code(case, facts.started_on, today)
    if code and facts.ask(code) is None:
        if waiting is not None:
            facts = facts.with_ask(replace(waiting, state=AskState.SILENT))
        return facts.with_ask(Ask(code, today)), True
    if waiting is None:
        return facts, False
    again_on = case.calendar.add(waiting.asked_on, schedule.RETRY_WORKING_DAYS)
    over_on = case.calendar.add(again_on, schedule.RETRY_WORKING_DAYS)
    if facts.is_off or today >= over_on:
        return facts.with_ask(replace(waiting, state=AskState.SILENT)), False
    if waiting.state == AskState.WAITING and today >= again_on:
        return facts.with_ask(replace(waiting, state=AskState.AGAIN)), True
    return facts, False


def _tell(party: Party, row: Aftercare, facts: Facts, now: datetime) -> None:
    ask = facts.asks[-1]
    is_again = ask.state == AskState.AGAIN
    key = f"aftercare:{row.label}:{ask.code}:{ask.state}"
    if facts.listener == Listener.ALLY and facts.ally_id and not is_again:
        link = f"{PAGE}asked/{row.label}/"
        sending.tell(as_writer(facts.ally_id), kind="update", link=link, key=f"{key}:by", now=now)
    if _is_told_by_a_clock(party, ask.code):
        return
    kind = NoticeKind.ASKED_AGAIN if is_again else NoticeKind.CHECK_IN
    chain = party.case.reference
    sending.tell(as_party(party), kind=kind, link=PAGE, key=key, now=now, chain=chain)


def _is_told_by_a_clock(party: Party, code: str) -> bool:
    """Return whether the clocks of the case send this notice already.

    They do for the one who raised the concern, once it is closed.
    """
    return party.standing == Standing.COMPLAINANT and schedule.is_after_closing(code)
