"""`manage.py past_years [--check]`: rebuild the shipped made-up years of reports."""

import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.demo.past_years import shipped_years
from workflow.models import Holiday


class Command(BaseCommand):
    """The command that rebuilds the shipped reports."""

    help = "Rebuild the made-up years of reports for the demonstration, in an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument(
            "--check", action="store_true", help="compare with the file and write nothing"
        )

    def handle(self, *args: object, check: bool, **options: object) -> None:
        """Rebuild the reports in an empty database, and write or compare them.

        Raises:
            CommandError: It is production, the database has a concern, or the file differs.
        """
        if settings.PRODUCTION:
            raise CommandError("past_years makes figures up, so it is refused in production.")
        call_command("migrate", verbosity=0, interactive=False)
        if not Holiday.objects.exists():
            call_command("load_holidays", verbosity=0)
        try:
            shipped = shipped_years.rebuild(tell=self.show)
        except ValueError as error:
            raise CommandError(str(error)) from error
        if not check:
            shipped_years.write(shipped)
            self.stdout.write(
                f"\nWrote {len(shipped.reports)} reports to {shipped_years.FILE.name}."
            )
        elif shipped != shipped_years.read():
            raise CommandError("The shipped reports are not those that are built from the seed.")
        else:
            self.stdout.write(f"\nAll {len(shipped.reports)} reports are as they are shipped.")

    def show(self, done: int, total: int) -> None:
        """Show how many reports are built, on a terminal."""
        if sys.stdout.isatty():
            self.stdout.write(f"\r  {done} of {total} reports", ending="")
            self.stdout.flush()
