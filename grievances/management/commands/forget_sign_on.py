"""`manage.py forget_sign_on USERNAME`: unbind a person from the provider."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.accounts.sign_on import forget
from grievances.people.models import User
from grievances.web.shared import clock


class Command(BaseCommand):
    """The command that unbinds an account from its identity at the provider.

    It is for a person whose identity at the provider was made again. Check first that it is them.
    Sessions end. No key is replaced: an account with records belongs to the next person who has its
    passphrase.
    """

    help = "Part an account from its identity at the provider; the next who comes is bound anew."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("username")

    def handle(self, *args: object, username: str, **options: object) -> None:
        """Unbind the account, and print whether it was bound.

        Raises:
            CommandError: The account does not exist or has a password here.
        """
        person = User.objects.filter(username=username).first()
        if person is None or person.has_usable_password():
            raise CommandError(f"No account {username} signs in by single sign-on.")
        bound = forget(person, clock.now())
        was = "was bound, and is not any more" if bound else "was not bound"
        self.stdout.write(
            f"{person.username} {was}. The next person who signs in under this name is."
        )
