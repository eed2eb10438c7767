"""Release survey answers in batches, and delete them when their time is over.

If answers were visible one by one, an observer could tell whose each is. So nothing is counted
before the surveys of its quarter have closed and enough answers of its form have come in. Then all
of them are rewritten in a random order. At that moment the token hash of each closed invitation is
deleted. Comments that may be printed are stored apart from the other answers, in another random
order.
"""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from django.db import transaction

from grievances.policy import retention_schedule
from grievances.surveys.comment_models import PrintedRemarks, Remark
from grievances.surveys.models import Invitation, Response
from grievances.surveys.responses import remark_of, response_of
from grievances.surveys.staff_survey_models import PulseMark, PulsePeriod, Waiting
from workflow.calendar import add_months

OPEN_DAYS = 30
"""Calendar days for which every survey can be answered (domain.md 8)."""
LEAST = 10
"""The smallest batch: nothing below 10 responses is ever shown (domain.md 8)."""


def quarter_of(day: date) -> str:
    """Return the calendar quarter of a local date, such as "2026-Q4"."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def closes_on(day: date) -> date:
    """Return the last local date for answering what was asked on `day`."""
    return day + timedelta(days=OPEN_DAYS)


@transaction.atomic
def release(today: date, *, least: int = LEAST) -> int:
    """Release every batch that is closed and large enough.

    A quarter is closed when nothing that was asked in it can be answered any more. If answers of a
    form are too few, they wait and are released with those of later quarters.

    Returns:
        How many answers were released.
    """
    closed = quarter_of(today - timedelta(days=OPEN_DAYS))
    rows = Waiting.objects.select_for_update().filter(quarter__lt=closed)
    forms: dict[str, list[Waiting]] = {}
    for row in rows:
        forms.setdefault(row.form, []).append(row)
    batch = [row for waiting in forms.values() if len(waiting) >= least for row in waiting]
    responses = [response_of(row) for row in batch]
    comments = [remark for row in batch if (remark := remark_of(row)) is not None]
    for rows_apart in (responses, comments):
        secrets.SystemRandom().shuffle(rows_apart)
    Response.objects.bulk_create(responses)
    Remark.objects.bulk_create(comments)
    Waiting.objects.filter(pk__in=[row.pk for row in batch]).delete()
    Invitation.objects.filter(closes_on__lt=today).update(token_hash=None)
    PulseMark.objects.filter(period__closes_on__lt=today).delete()
    return len(responses)


@transaction.atomic
def delete_old(today: date) -> int:
    """Delete raw answers and invitations whose time is over.

    The length is data (`retention.json`, class "survey"), counted from the end of the quarter.

    Returns:
        How many answers were deleted.
    """
    before = quarter_of(add_months(today, -retention_schedule.months_of("survey", today)))
    gone, _ = Response.objects.filter(quarter__lt=before).delete()
    waiting, _ = Waiting.objects.filter(quarter__lt=before).delete()
    Invitation.objects.filter(quarter__lt=before).delete()
    Remark.objects.filter(quarter__lt=before).delete()
    PrintedRemarks.objects.filter(last_quarter__lt=before).delete()
    first = add_months(today, -retention_schedule.months_of("survey", today))
    PulsePeriod.objects.filter(closes_on__lt=first).delete()
    return gone + waiting
