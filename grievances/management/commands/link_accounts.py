"""`manage.py link_accounts USERNAME OTHER`: two accounts are one person."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.accounts import linked_accounts
from grievances.people.models import User
from grievances.web.shared import clock


class Command(BaseCommand):
    """The command that links two accounts of one person in the directory.

    From then on a person who is kept away from a case is kept away with both accounts, and so are
    the managers of both. Cases that were sent before are gone through as well.
    """

    help = "Record that two accounts are one person: who is kept away with one is with both."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("username")
        parser.add_argument("other")
        parser.add_argument("--undo", action="store_true", help="they are two people after all")

    def handle(
        self, *args: object, username: str, other: str, undo: bool, **options: object
    ) -> None:
        """Link or unlink the accounts, and print what was done.

        Raises:
            CommandError: One of the accounts does not exist, or both are the same.
        """
        person, second = _account(username), _account(other)
        if person == second:
            raise CommandError("Name two accounts: this is one and the same.")
        if undo:
            was = linked_accounts.unlink(person, second, now=clock.now())
            done = "are two people now" if was else "were not linked"
            self.stdout.write(f"{person.username} and {second.username} {done}.")
            return
        linked_accounts.link(person, second, now=clock.now())
        self.stdout.write(
            f"{person.username} and {second.username} are one person now. Who is kept away from a "
            "case with one of them is kept away with both."
        )


def _account(username: str) -> User:
    person = User.objects.filter(username=username).first()
    if person is None:
        raise CommandError(f"There is no account {username}.")
    return person
