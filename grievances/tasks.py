"""What Celery runs. No task carries a fact: each asks the tables what is owed.

Source: architecture.md 6.
"""

import subprocess
import sys

from celery import shared_task
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from grievances.accounts.recovery import end_stale_requests
from grievances.audit import exported_heads
from grievances.cases.actions.emergency import end_overdue
from grievances.cases.models.evidence import sweep
from grievances.cases.notices import sending
from grievances.casework.reader_grants import admit_readers
from grievances.casework.tenure import begin_parts, end_lapsed_parts, keep_lines_apart
from grievances.deadlines import health
from grievances.deadlines.recompute import count_new_days
from grievances.deadlines.sweep import run_clocks as sweep_clocks
from grievances.deadlines.tribunal_reminders import remind
from grievances.monitoring.statistics import unlink_expired
from grievances.retention import dual_control, erasure
from grievances.surveys import release
from grievances.surveys.comment_review import tell_what_waits
from grievances.web.shared import clock
from notifications import delivery


@shared_task(name="grievances.tasks.run_clocks")
def run_clocks() -> int:
    """Do what is owed at this moment; returns how many rungs were climbed and people let in."""
    now = clock.now()
    health.watch_gap(now)
    done = sweep_clocks(now).done + end_overdue(now) + admit_readers(now)
    health.ping()
    return done


@shared_task(name="grievances.tasks.remind_of_tribunals")
def remind_of_tribunals() -> int:
    """Tell those who asked for it that their tribunal date comes near; how many were told."""
    return remind(clock.now())


@shared_task(name="grievances.tasks.deliver_notices")
def deliver_notices() -> int:
    """Carry what waits in the outbox; returns how many messages were sent."""
    return delivery.drain(
        now=clock.now(),
        addresses_of=sending.addresses_for,
        stuck_after=delivery.STUCK_AFTER * settings.FAKE_PACE,
    ).sent


@shared_task(name="grievances.tasks.end_what_is_over")
def end_what_is_over() -> int:
    """End offices that have run out, old sessions and stale requests; let newcomers in.

    Returns how many roles were taken.
    """
    call_command("clearsessions")
    erasure.empty_log()
    now = clock.now()
    ended = end_lapsed_parts(now) + keep_lines_apart(now)
    begin_parts(now)
    end_stale_requests(now)
    return ended


@shared_task(name="grievances.tasks.look_at_calendars")
def look_at_calendars() -> int:
    """Say which calendars end soon, and count announced days whose counting was cut short.

    Returns how many dates moved.
    """
    health.watch_calendars(clock.today())
    return count_new_days(clock.now())


@shared_task(name="grievances.tasks.sweep_uploads")
def sweep_uploads() -> int:
    """Remove what uploads left whose process was killed; returns how many files went."""
    return sweep()


@shared_task(name="grievances.tasks.export_head")
def export_head() -> str:
    """Write today's signed head of the trail, and what the list of erasures lacks; the day."""
    erasure.write_down(settings.HEADS_DIR)
    return exported_heads.export(settings.HEADS_DIR, clock.now()).stem


@shared_task(name="grievances.tasks.tell_what_is_due")
def tell_what_is_due() -> int:
    """Tell the data-protection officers that cases are due; returns how many were told."""
    with transaction.atomic():
        return dual_control.tell_what_is_due(clock.now(), clock.today())


@shared_task(name="grievances.tasks.release_answers")
def release_answers() -> int:
    """Release survey answers in batches, delete what is over, part old answers from their cases.

    Returns how many survey answers were released.
    """
    today = clock.today()
    release.delete_old(today)
    unlink_expired(today)
    released = release.release(today)
    with transaction.atomic():
        tell_what_waits(clock.now(), today)
    return released


@shared_task(name="grievances.tasks.build_reports")
def build_reports() -> int:
    """Build the reports in a process of their own; returns its exit code.

    Neither web nor worker ever loads the statistics libraries (architecture.md 6a).
    """
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "build_reports"]
    return subprocess.run(command, check=True).returncode  # noqa: S603 - our own fixed command
