"""`manage.py setup`: what is still missing before people can raise concerns."""

from django.core.management.base import BaseCommand, CommandParser

from grievances.operations import checklist
from grievances.staff_directory import region_table
from grievances.web.shared import clock


class Command(BaseCommand):
    """The command that prints the checklist of a new organisation."""

    help = "Say what is still missing: officers, certificates, a backup, antivirus, mail."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the argument of the command."""
        parser.add_argument(
            "--accept-regions",
            action="store_true",
            help="take what REGIONS_FILE changes for granted from now on",
        )

    def handle(self, *args: object, **options: object) -> None:
        """Print a sentence for each thing that is missing and each region that changes."""
        if options["accept_regions"]:
            region_table.accept()
        region_table.remember_new()
        changes = region_table.warnings()
        for sentence in changes:
            self.stdout.write(f"! {sentence}")
        if changes:
            self.stdout.write("If this is meant, run: manage.py setup --accept-regions.")
        found = checklist.missing(clock.now(), clock.today())
        for sentence in found:
            self.stdout.write(f"- {sentence}")
        count = f"{len(found)} things are missing." if found[1:] else "One thing is missing."
        self.stdout.write(count if found else "Nothing is missing.")
