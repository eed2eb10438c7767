"""`manage.py demo`: build the demonstration organisation.

It performs the product's own steps.
"""

import gc
import sys
from argparse import SUPPRESS
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from grievances.demo.accounts import accounts_text
from grievances.demo.many_cases.concerns import make_concerns
from grievances.demo.organisation import build_organisation
from grievances.demo.past_years import shipped_years
from grievances.demo.past_years.lessons import publish_lessons
from grievances.demo.small import tell_small
from grievances.demo.year import first_look, tell_year
from grievances.people.models import User
from grievances.policy import profiles
from grievances.web.shared import clock
from workflow.calendar import local_date
from workflow.models import Holiday, PolicyProfile

SMALL = "small"
FIRST_LEAD = "lead1"
"""An account of every demonstration, and of no organisation in use."""

WIDTH = 40
"""Characters of the progress bar."""

SELDOM = 200_000
"""Objects made between two garbage collections while the stories run."""


@contextmanager
def hurrying() -> Iterator[None]:
    """Build faster: collect garbage rarely, do not wait for the disk (SQLite only).

    A power cut now would lose only a database that the same command makes again.
    """
    before = gc.get_threshold()
    gc.set_threshold(SELDOM)
    set_synchronous("OFF")
    try:
        yield
    finally:
        gc.set_threshold(*before)
        set_synchronous("NORMAL")


def set_synchronous(level: str) -> None:
    """Set how long SQLite waits for the disk.

    It cannot be changed within a transaction, and is skipped there.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA synchronous={level}")


class Given(TypedDict):
    """The options of the command."""

    size: str
    seed: int
    cases: int
    scale: float
    verbosity: int


class Command(BaseCommand):
    """The command that builds the demonstration."""

    month = (0, 0)
    talkative = True
    help = "Build the demonstration organisation and its cases. Refused in production."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("--size", choices=[SMALL, "hmpps-2022-23"], default=SMALL)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--cases", type=int, default=0, help="so many concerns more, made in bulk"
        )
        parser.add_argument("--scale", type=float, default=1.0, help=SUPPRESS)

    def handle(self, *args: object, **options: Unpack[Given]) -> None:
        """Build the demonstration and its reports, unless there are people already.

        Raises:
            CommandError: The product runs in production.
        """
        if settings.PRODUCTION:
            raise CommandError(
                "demo makes up people whose password is public, so it is refused in production."
            )
        call_command("migrate", verbosity=0, interactive=False)
        self.talkative = options["verbosity"] > 0
        if User.objects.exists():
            self.add_to(options["cases"], options["seed"])
            return
        self.load_rules()
        with hurrying():
            count, now = self.tell(options["size"], options["seed"], options["scale"])
            if options["cases"] > 0:
                self.make_more(options["cases"], now, options["seed"])
        call_command("build_reports", now=now, verbosity=0)
        if options["size"] == SMALL:
            shipped_years.load(now)
        publish_lessons(now)
        if self.talkative:
            self.stdout.write(f"\n{count} cases were walked to their present state.")
            self.stdout.write(accounts_text())
        if options["size"] != SMALL:
            self.stdout.write(f"Start it at its own time: FAKE_NOW={now:%Y-%m-%d}T09:00 make run")

    def add_to(self, count: int, seed: int) -> None:
        """Make more concerns in bulk beside a demonstration that is there already."""
        if count > 0 and User.objects.filter(username=FIRST_LEAD).exists():
            with hurrying():
                self.make_more(count, clock.now(), seed)
        else:
            self.stdout.write("There are people in this database already. Nothing was changed.")

    def tell(self, size: str, seed: int, scale: float) -> tuple[int, datetime]:
        """Return the number of cases built, and the moment (UTC) to look at them."""
        if size == SMALL:
            now = clock.now()
            return tell_small(build_organisation(now), now, seed, self.show), now
        return tell_year(seed, self.show, scale=scale), first_look()

    def make_more(self, count: int, now: datetime, seed: int) -> None:
        """Make concerns in bulk, and say how far it is."""
        day = local_date(now, profiles.zone())
        made = make_concerns(count, now, seed, lambda share: self.show(day, share))
        if self.talkative:
            self.stdout.write(f"\n{made:,} concerns were made in bulk beside them.")

    def load_rules(self) -> None:
        """Load bank holidays and policies where none are loaded yet."""
        if not Holiday.objects.exists():
            call_command("load_holidays", verbosity=0)
        if not PolicyProfile.objects.exists():
            call_command("load_policy", verbosity=0)

    def show(self, day: date, share: float) -> None:
        """Show the progress of the stories.

        On a terminal it is a bar, elsewhere a line for each month. `share` is from 0 to 1.
        """
        if sys.stdout.isatty():
            bar = "#" * round(share * WIDTH)
            self.stdout.write(f"\r  [{bar:<{WIDTH}}] {share:4.0%}  {day:%B %Y}   ", ending="")
            self.stdout.flush()
        elif self.talkative and (day.year, day.month) != self.month:
            self.stdout.write(f"  {day:%B %Y} ({share:.0%})")
        self.month = (day.year, day.month)
