"""`manage.py build_reports [--period NAME]`: build the reports and keep them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.policy import NoPolicy
from grievances.reports.builders import build_all
from grievances.views import clock


class Command(BaseCommand):
    help = "Build the reports for every period with data; earlier ones are kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--period", default="", help="only this one: 2022-23 or 2022-23-Q1")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = build_all(clock.now(), clock.today(), options["period"])
        except (ValueError, NoPolicy) as error:
            raise CommandError(str(error)) from error
        for report, period in made:
            self.stdout.write(f"Built {report} for {period}.")
        if not made:
            self.stdout.write("The reports are up to date: nothing new to build.")
