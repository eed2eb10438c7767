"""`manage.py monitoring_roles`: separate the roles of pages and statistics."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.monitoring.roles import RolesNotParted, require_parted, statements


class Command(BaseCommand):
    """The command that prints or checks the separation of two PostgreSQL roles."""

    help = "Print the SQL that parts the two PostgreSQL roles, or check that they are parted."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("--web", default="fairhearing_web", help="the role that serves pages")
        parser.add_argument(
            "--statistics", default="fairhearing_statistics", help="the role that reads answers"
        )
        parser.add_argument("--check", action="store_true", help="exit 1 unless they are parted")

    def handle(
        self, *args: object, web: str, statistics: str, check: bool, **options: object
    ) -> None:
        """Print the SQL statements, or check the roles.

        Raises:
            CommandError: The roles are not separated, or a name is not valid.
        """
        try:
            if check:
                require_parted()
                self.stdout.write("The role of the pages can read no answer.")
                return
            for statement in statements(web, statistics):
                self.stdout.write(f"{statement};")
        except (RolesNotParted, ValueError) as error:
            raise CommandError(str(error)) from error
