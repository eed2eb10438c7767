"""`manage.py tick [--now ISO]`: run one sweep, clocks first, then the outbox."""

from datetime import datetime

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.cases.actions.emergency import end_overdue
from grievances.cases.notices import sending
from grievances.casework.reader_grants import admit_readers
from grievances.deadlines import clock_check
from grievances.deadlines.sweep import run_clocks
from grievances.policy import profiles
from grievances.web.shared import clock
from notifications import delivery


class Command(BaseCommand):
    """The command that runs one sweep."""

    help = "Do what is owed now: reminders, escalations, lapses, then the messages that wait."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument(
            "--now", metavar="ISO", help="pretend it is this moment (not in production)"
        )

    def handle(self, *args: object, now: str | None, **options: object) -> None:
        """Run the clocks, end overdue emergencies, admit readers, and send the messages.

        Raises:
            CommandError: The clock is not trusted, or a date or a message failed.
        """
        if not now and not clock_check.is_trusted(clock.real_now()):
            raise CommandError(
                "The clock may be wrong, and what is done by it cannot be taken back: the log says "
                "why. Set it right, or run manage.py confirm_clock if it is right."
            )
        moment = read_moment(now) if now else clock.now()
        swept = run_clocks(moment)
        end_overdue(moment)
        admit_readers(moment)
        tally = delivery.drain(now=moment, addresses_of=sending.addresses_for)
        self.stdout.write(
            f"{swept.done} dates served, {swept.failed} failed; {tally.sent} messages sent, "
            f"{tally.later} put off, {tally.failed} given up, {tally.not_needed} with no address."
        )
        if swept.failed or tally.failed:
            raise CommandError("Something could not be done: the log names it.")


def read_moment(text: str) -> datetime:
    """Return the moment that was typed; local time where it names no zone.

    Raises:
        CommandError: It is production, or the text is no date and time.
    """
    if settings.PRODUCTION:
        raise CommandError("--now moves the clock and is refused in production.")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text} is not a date and time such as 2026-11-25T09:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=profiles.zone())
