"""`manage.py demo`: build the demonstration organisation by walking the product's own actions."""

import sys
from argparse import SUPPRESS
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.demonstration import accounts_text
from grievances.demonstration.organisation import build_organisation
from grievances.demonstration.small import tell_small
from grievances.demonstration.year import tell_year
from grievances.models import User
from grievances.views import clock
from workflow.models import Holiday, PolicyProfile


class Command(BaseCommand):
    help = "Build the demonstration organisation and its cases. Refused in production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", choices=["small", "hmpps-2022-23"], default="small")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--scale", type=float, default=1.0, help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "demo makes up people whose password is public, so it is refused in production."
            )
        if User.objects.exists():
            self.stdout.write("There are people in this database already. Nothing was changed.")
            return
        self.load_rules()
        count = self.tell(options["size"], options["seed"], options["scale"])
        if "build_reports" in get_commands():
            call_command("build_reports", verbosity=0)
        self.stdout.write(f"\n{count} cases were walked to where they stand.")
        if options["verbosity"]:
            self.stdout.write(accounts_text())

    def tell(self, size: str, seed: int, scale: float) -> int:
        """Build people and cases, and return how many cases there are."""
        if size == "small":
            now = clock.now()
            return tell_small(build_organisation(now), now, seed, self.show)
        return tell_year(seed, self.show, scale=scale)

    def load_rules(self) -> None:
        """Bank holidays and policies, where none are loaded yet."""
        if not Holiday.objects.exists():
            call_command("load_holidays", verbosity=0)
        if not PolicyProfile.objects.exists():
            call_command("load_policy", verbosity=0)

    def show(self, day: date) -> None:
        """The simulated day: one line that is rewritten on a terminal."""
        if sys.stdout.isatty():
            self.stdout.write(f"\r  {day:%d %B %Y}   ", ending="")
            self.stdout.flush()
