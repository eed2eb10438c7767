"""`manage.py prepare_database`: set what the product needs of PostgreSQL."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection, transaction

from grievances.operations import database_sessions
from grievances.web.site.database_settings import TIMEOUT_SECONDS, settings_state, statements

DAY = 86400


class Command(BaseCommand):
    """The command that sets the PostgreSQL settings of the database."""

    help = "Set for the PostgreSQL database what the product needs: no JIT, and a time limit."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument(
            "--statement-timeout",
            type=int,
            default=TIMEOUT_SECONDS,
            metavar="SECONDS",
            help="when PostgreSQL ends a statement; 0 for no limit, before a long upgrade",
        )

    def handle(self, *args: object, statement_timeout: int, **options: object) -> None:
        """Set the time limit, in seconds, and switch the JIT off.

        Raises:
            CommandError: The limit is not valid, the database cannot be used, or this role may not
                change the settings.
        """
        timeout = statement_timeout
        if not 0 <= timeout <= DAY:
            raise CommandError(f"Give a time limit from 0 to {DAY} seconds.")
        if connection.vendor != "postgresql":
            self.stdout.write("This database is SQLite: nothing is needed.")
            return
        if unfit := database_sessions.fault():
            raise CommandError(unfit)
        wanted = statements(timeout)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                for statement in wanted:
                    cursor.execute(statement)
        except DatabaseError as error:
            raise CommandError(
                "This role may not change the settings of the database. Have its owner run: "
                + "; ".join(wanted)
            ) from error
        self._look(timeout)
        for statement in wanted:
            self.stdout.write(f"{statement};")
        self.stdout.write("New connections have these settings.")

    def _look(self, timeout: int) -> None:
        """Check the settings from a new connection.

        A setting of the role overrides that of the database.

        Raises:
            CommandError: The role has other settings of its own.
        """
        fresh = connection.copy()
        try:
            state = settings_state(fresh)
        finally:
            fresh.close()
        if state != "ok" and timeout:
            raise CommandError(
                f"The database is set, but this role has other settings of its own ({state}). "
                "Have an administrator run ALTER ROLE ... RESET ALL for it."
            )
