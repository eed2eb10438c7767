"""`manage.py build_reports [--period NAME] [--now ISO]`: build and store reports."""

from datetime import datetime
from functools import partial

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.policy import profiles
from grievances.policy.profiles import NoPolicy
from grievances.reports import snapshots
from grievances.reports.builders import build_all
from grievances.reports.readers.subscriptions import tell_of
from grievances.web.shared import clock
from workflow.calendar import local_date


class Command(BaseCommand):
    """The command that builds the reports that are due."""

    help = "Build the reports of every period that has ended; what was published stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument(
            "--period", default="", help="only this one: 2022-23, 2022-23-Q1 or 2022-23-M01"
        )
        parser.add_argument(
            "--now", type=datetime.fromisoformat, help="as of this moment, with its UTC offset"
        )

    def handle(self, *args: object, period: str, now: datetime | None, **options: object) -> None:
        """Build the reports, record the run, and print each report.

        Raises:
            CommandError: The period does not exist, or no policy is loaded.
        """
        now = now or clock.now()
        run = snapshots.begin_run(now)
        made: list[tuple[str, str]] | None = None
        try:
            tell = partial(snapshots.tell_run, run)
            made = build_all(now, local_date(now, profiles.zone()), period, tell)
        except (ValueError, NoPolicy) as error:
            raise CommandError(str(error)) from error
        finally:
            snapshots.end_run(run, now, failed=made is None)
        tell_of(made, now, local_date(now, profiles.zone()))
        for report, period in made:
            self.stdout.write(f"Built {report} for {period}.")
        if not made:
            self.stdout.write("The reports are up to date: nothing new to build.")
