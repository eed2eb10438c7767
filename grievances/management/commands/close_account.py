"""`manage.py close_account USERNAME`: close the account of a person who leaves.

No case is lost with them.
"""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.casework.appointments import close_account
from grievances.people.models import User
from grievances.web.shared import clock


class Command(BaseCommand):
    """The command that closes an account.

    Sessions, parts in cases, keys and offers end at once. Every case keeps an officer.
    """

    help = "Close the account of a person who leaves: parts, keys and offers end at once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("username")

    def handle(self, *args: object, username: str, **options: object) -> None:
        """Close the account, and print how many parts in cases ended.

        Raises:
            CommandError: There is no such account.
        """
        person = User.objects.filter(username=username).first()
        if person is None:
            raise CommandError(f"There is no account {username}.")
        taken = close_account(person, clock.now())
        self.stdout.write(f"{person.username} can no longer sign in; {taken} parts in cases ended.")
