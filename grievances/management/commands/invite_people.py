"""`manage.py invite_people`: mail people a link to choose their first password."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string
from django.utils.translation import gettext

from grievances.accounts.first_sign_in import invited, link_of
from grievances.people.models import User
from grievances.web.shared import clock

AT_ONCE = 100
"""Letters in one connection to the mail server."""


class Command(BaseCommand):
    """The command that invites people who came from a file.

    It can be run again: who has chosen a password meanwhile is not asked again.
    """

    help = "Mail a link to everyone who has no password yet, so that they choose one themselves."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument(
            "username", nargs="*", help="print the links of these people instead of mailing them"
        )
        parser.add_argument("--unit", action="append", default=[], help="only of this unit")
        parser.add_argument("--count", action="store_true", help="only say how many there are")

    def handle(self, *args: Any, **options: Any) -> None:
        """Mail the links, or print them.

        Raises:
            CommandError: A person cannot be invited, or the mail server takes nothing.
        """
        people = invited(options["unit"])
        if options["username"]:
            self._print(options["username"])
            return
        if settings.SINGLE_SIGN_ON:
            raise CommandError(
                "People sign in by single sign-on here, and who has a password cannot do so any "
                "more. Name those who cannot use it, and hand them what is printed."
            )
        without = people.filter(email="").count()
        mailed = people.exclude(email="")
        if options["count"]:
            self.stdout.write(f"{mailed.count()} people can be mailed a link.")
        else:
            self.stdout.write(f"Links mailed: {self._mail(list(mailed))}.")
        if without:
            self.stdout.write(
                f"{without} have no email address: name them, and hand them what is printed."
            )

    def _print(self, usernames: list[str]) -> None:
        for name in usernames:
            person = invited().filter(username=name).first()
            if person is None:
                raise CommandError(
                    f"{name} is no account without a password: they sign in already, or the name "
                    "is not in the directory."
                )
            self.stdout.write(f"{person.username} {link_of(person, clock.now())}")

    def _mail(self, people: list[User]) -> int:
        sent = 0
        for start in range(0, len(people), AT_ONCE):
            letters = [_letter(person) for person in people[start : start + AT_ONCE]]
            try:
                with get_connection(timeout=settings.EMAIL_TIMEOUT or 20) as server:
                    sent += server.send_messages(letters) or 0
            except OSError as error:
                raise CommandError(
                    f"The mail server took {sent} of {len(people)} letters and then failed. Run "
                    "this again: who has chosen a password meanwhile is not asked again."
                ) from error
        return sent


def _letter(person: User) -> EmailMessage:
    """Return the letter with the link; it does not say what the service is for."""
    context = {"link": link_of(person, clock.now())}
    return EmailMessage(
        subject=gettext("Choose your password"),
        body=render_to_string("account_pages/first_mail.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[person.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
