"""`manage.py forget_sign_on USERNAME`: the organisation's sign-in knows this person anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.accounts.sign_on import forget
from grievances.people.models import User
from grievances.web.shared import clock


class Command(BaseCommand):
    """For somebody whose identity at the provider was made anew; look first that it is them.

    Sessions end. No key is replaced: an account with records belongs to whoever comes next with
    its passphrase.
    """

    help = "Part an account from its identity at the provider; the next who comes is bound anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username=options["username"]).first()
        if person is None or person.has_usable_password():
            raise CommandError(f"No account {options['username']} signs in by single sign-on.")
        bound = forget(person, clock.now())
        was = "was bound, and is not any more" if bound else "was not bound"
        self.stdout.write(f"{person.username} {was}. Whoever signs in next under this name is.")
