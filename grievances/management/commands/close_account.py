"""`manage.py close_account USERNAME`: somebody leaves, and takes no case with them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.casework.tenure import close_account
from grievances.people.models import User
from grievances.web.shared import clock


class Command(BaseCommand):
    """Sessions, parts in cases, keys and offers end at once; every case keeps an officer."""

    help = "Close the account of somebody who leaves: parts, keys and offers end at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username=options["username"]).first()
        if person is None:
            raise CommandError(f"There is no account {options['username']}.")
        taken = close_account(person, clock.now())
        self.stdout.write(f"{person.username} can no longer sign in; {taken} parts in cases ended.")
