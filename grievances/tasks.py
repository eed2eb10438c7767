"""The tasks that Celery runs.

No task carries a fact: each reads in the tables what is due. Source: architecture.md 6.
"""

import logging
import subprocess
import sys
from datetime import time

from celery import shared_task
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from grievances.accounts.recovery import end_stale_requests
from grievances.aftercare.sweep import ask_people
from grievances.audit import exported_heads, refusals
from grievances.cases.access import list_check
from grievances.cases.actions.emergency import end_overdue
from grievances.cases.models.evidence import sweep
from grievances.cases.notices import sending
from grievances.casework.appointments import begin_parts, end_lapsed_parts, keep_lines_apart
from grievances.casework.reader_grants import admit_readers
from grievances.central_record import importing as earlier_register
from grievances.central_record import waiting as waiting_register
from grievances.data_rights import filing
from grievances.deadlines import clock_check, health
from grievances.deadlines.certificate_reminders import tell_of_training
from grievances.deadlines.leave import ask_before_leave
from grievances.deadlines.recompute import count_new_days
from grievances.deadlines.sweep import run_clocks as sweep_clocks
from grievances.deadlines.tribunal_reminders import remind
from grievances.intake.diary import end_idle_diaries
from grievances.intake.escrow_matching import compare_kept
from grievances.monitoring.statistics import unlink_expired
from grievances.operations import backups, checklist, sealed_backups, start
from grievances.operations.alerts import calling, watching
from grievances.operations.daily_work import DailyJob, run_owed
from grievances.policy import profiles
from grievances.retention import dual_control, erasure
from grievances.staff_directory.register import lock_directory
from grievances.staff_directory.waiting import forget_old
from grievances.surveys import release
from grievances.surveys.comment_review import tell_what_waits
from grievances.web.shared import clock
from notifications import delivery

log = logging.getLogger("fairhearing.watch")


def may_work() -> bool:
    """Return whether the clock and the server keys may be trusted; a fault is logged.

    A worker with other keys than those of its database would do nothing right.
    """
    if not start.server_keys_fit():
        log.error("%s", start.WRONG_KEYS)
        return False
    return clock_check.is_trusted(clock.real_now())


@shared_task(name="grievances.tasks.run_clocks")
def run_clocks() -> int:
    """Take every action that is due at this moment, unless the clock has jumped.

    Returns:
        How many reminders and escalations were sent, emergency openings ended and readers admitted.
    """
    if not may_work():
        return 0
    now = clock.now()
    health.watch_gap(now)
    done = sweep_clocks(now).done + end_overdue(now) + admit_readers(now)
    health.ping()
    return done


@shared_task(name="grievances.tasks.remind_of_tribunals")
def remind_of_tribunals() -> int:
    """Remind people who asked for it that their tribunal date is near.

    Returns:
        How many people were reminded.
    """
    return remind(clock.now()) if may_work() else 0


@shared_task(name="grievances.tasks.deliver_notices")
def deliver_notices() -> int:
    """Send the messages that wait in the outbox.

    With a wrong clock letters would leave before their time, and those that another worker has in
    hand a second time. With other server keys each would lose a try, as no address can be opened.

    Returns:
        How many messages were sent.
    """
    if not may_work():
        return 0
    now = clock.now()
    tally = delivery.drain(
        now=now,
        addresses_of=sending.addresses_for,
        stuck_after=delivery.STUCK_AFTER * settings.FAKE_PACE,
    )
    if not tally.is_away:
        health.record_mail(now)
    return tally.sent


@shared_task
def note_bounces() -> int:
    """Note which messages of the last week GOV.UK Notify could not deliver.

    Returns:
        How many were marked.
    """
    return delivery.note_bounces(clock.now())


@shared_task(name="grievances.tasks.watch_service")
def watch_service() -> int:
    """Tell the operator what is wrong with the service, and when it is over.

    Returns:
        How many things the mail said; 0 where nothing has changed.
    """
    said = watching.watch(clock.now(), clock.today())
    calling.call_waiting(clock.now())
    return said


@shared_task(name="grievances.tasks.end_what_is_over")
def end_what_is_over() -> int:
    """End the roles of past appointments, old sessions, recovery requests and counts.

    A new line manager of the complainant or the respondent is excluded from the case. Then the
    roles of new officers begin.

    Returns:
        How many roles were ended and managers excluded.
    """
    call_command("clearsessions")
    erasure.empty_log()
    now = clock.now()
    forget_old(now)
    waiting_register.forget_old(now)
    earlier_register.erase_old(now)
    ended = 0
    for end in (end_lapsed_parts, keep_lines_apart):
        with transaction.atomic():
            # A change of the directory locks the same cases: one follows the other.
            lock_directory()
            ended += end(now)
    begin_parts(now)
    end_stale_requests(now)
    refusals.forget_old_counts(now)
    filing.forget_old(clock.today())
    return ended


@shared_task(name="grievances.tasks.look_at_calendars")
def look_at_calendars() -> int:
    """Report calendars that end soon, and count newly announced holidays.

    The count is needed only where an earlier one was cut short.

    Returns:
        How many due dates moved.
    """
    health.watch_calendars(clock.today())
    return count_new_days(clock.now())


@shared_task(name="grievances.tasks.check_lists")
def check_lists() -> int:
    """Compare the stored lists of staff with the rule of access, and correct them.

    Returns:
        How many cases differed.
    """
    return list_check.check_all()


@shared_task(name="grievances.tasks.sweep_uploads")
def sweep_uploads() -> int:
    """Remove the files of uploads whose process was killed.

    Returns:
        How many files were removed.
    """
    return sweep()


@shared_task(name="grievances.tasks.export_head")
def export_head() -> str:
    """Write today's exported heads of the audit trail to a signed file.

    The task also writes the erasures that the list of erasures does not have yet.

    Returns:
        The day (local date) of the file.
    """
    erasure.write_down(settings.HEADS_DIR)
    return exported_heads.export(settings.HEADS_DIR, clock.now()).stem


@shared_task(name="grievances.tasks.compare_kept_concerns")
def compare_kept_concerns() -> int:
    """Compare the concerns that are kept back, and delete diaries that no one opens.

    Returns:
        How many people were told something.
    """
    end_idle_diaries(clock.now())
    return compare_kept(clock.now())


@shared_task(name="grievances.tasks.ask_how_people_are")
def ask_how_people_are() -> int:
    """Ask people who raised a concern, and witnesses, how they are.

    Returns:
        How many people were asked.
    """
    return ask_people(clock.now())


@shared_task(name="grievances.tasks.tell_what_is_due")
def tell_what_is_due() -> int:
    """Say which cases are due for erasure, and which training ends.

    Returns:
        How many data-protection officers were told, and how many certificates end soon.
    """
    with transaction.atomic():
        told = dual_control.tell_what_is_due(clock.now(), clock.today())
    return told + tell_of_training(clock.now()) + ask_before_leave(clock.now())


@shared_task(name="grievances.tasks.release_answers")
def release_answers() -> int:
    """Release survey answers in batches, and delete those past their time.

    Old monitoring answers are unlinked from their cases.

    Returns:
        How many survey answers were released.
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
    """Build the reports in a process of its own.

    Neither web nor worker ever loads the statistics libraries (architecture.md 6a). Raises
    CalledProcessError when the process fails.

    Returns:
        The exit code of that process, which is 0.
    """
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "build_reports"]
    return subprocess.run(command, check=True).returncode  # noqa: S603 - our own fixed command


@shared_task(name="grievances.tasks.make_backup")
def make_backup() -> int:
    """Make an encrypted backup in BACKUP_DIR, then delete the old ones.

    Old ones are those older than BACKUP_DAYS. Raises BackupFailed; then none is deleted.

    Returns:
        How many old backups were deleted; 0 where no folder is set.
    """
    if not settings.BACKUP_DIR:
        return 0
    now = clock.now()
    backups.make_and_check(settings.BACKUP_DIR, now)
    checklist.record_backup(now)
    return sealed_backups.discard_old(settings.BACKUP_DIR, now)


DAILY = (
    DailyJob("export_head", time(0, 5), export_head),
    DailyJob("end_what_is_over", time(1, 10), end_what_is_over),
    DailyJob("look_at_calendars", time(1, 40), look_at_calendars),
    DailyJob("release_answers", time(2, 0), release_answers),
    DailyJob("build_reports", time(2, 30), build_reports),
    DailyJob("make_backup", time(3, 15), make_backup),
    DailyJob("check_lists", time(3, 30), check_lists),
    DailyJob("note_bounces", time(6, 0), note_bounces),
    DailyJob("tell_what_is_due", time(6, 20), tell_what_is_due),
    DailyJob("compare_kept_concerns", time(6, 40), compare_kept_concerns),
    DailyJob("ask_how_people_are", time(9, 0), ask_how_people_are),
)
"""The work of every day, in the order of its hours (local time)."""


@shared_task(name="grievances.tasks.run_daily_work")
def run_daily_work() -> int:
    """Do what is owed of the daily work, whichever day it was due.

    Returns:
        How many pieces of work were done.
    """
    if not may_work():
        return 0
    return run_owed(DAILY, clock.now(), profiles.zone())
