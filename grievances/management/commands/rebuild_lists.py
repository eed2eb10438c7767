"""`manage.py rebuild_lists [--check]`: write the stored lists of staff anew."""

from django.core.management.base import BaseCommand, CommandParser

from grievances.cases.access import list_check


class Command(BaseCommand):
    """The command that writes the lists of cases of all staff anew."""

    help = "Write the lists of cases of all staff anew, by their roles and the clocks."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument(
            "--check", action="store_true", help="write only what differs, and say how much did"
        )

    def handle(self, *args: object, check: bool, **options: object) -> None:
        """Write every list anew, or compare each case and write those that differ."""
        if check:
            self.stdout.write(f"{list_check.check_all()} cases differed and are written anew.")
            return
        self.stdout.write(f"The lists of {list_check.rebuild_all()} cases are written anew.")
