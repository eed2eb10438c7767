"""`manage.py build_reports [--period NAME] [--now ISO]`: build the reports and keep them."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances import policy
from grievances.policy import NoPolicy
from grievances.reports.builders import build_all
from grievances.views import clock
from workflow.calendar import local_date


class Command(BaseCommand):
    help = "Build the reports for every period with data; earlier ones are kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--period", default="", help="only this one: 2022-23 or 2022-23-Q1")
        parser.add_argument(
            "--now", type=datetime.fromisoformat, help="as of this moment, with its UTC offset"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            now = options["now"] or clock.now()
            made = build_all(now, local_date(now, policy.zone()), options["period"])
        except (ValueError, NoPolicy) as error:
            raise CommandError(str(error)) from error
        for report, period in made:
            self.stdout.write(f"Built {report} for {period}.")
        if not made:
            self.stdout.write("The reports are up to date: nothing new to build.")
