"""`manage.py invite_people`: mail people a link to choose their first password."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext

from grievances.accounts.first_sign_in import invited, link_of, sharing_an_address
from grievances.people.models import User
from grievances.web.shared import clock
from notifications.channels import CHANNELS
from notifications.channels.base import Letter, NotDelivered, Refused, ServerAway


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

    def handle(
        self, *args: object, username: list[str], unit: list[str], count: bool, **options: object
    ) -> None:
        """Mail the links, or print them.

        Raises:
            CommandError: A person cannot be invited, or the mail server takes nothing.
        """
        people = invited(unit)
        if username:
            self._print(username)
            return
        if settings.SINGLE_SIGN_ON:
            raise CommandError(
                "People sign in by single sign-on here, and who has a password cannot do so any "
                "more. Name those who cannot use it, and hand them what is printed."
            )
        self._mail_or_count(people, count=count)

    def _mail_or_count(self, people: QuerySet[User], *, count: bool) -> None:
        """Mail those who have an address, or say how many they are; say who has none."""
        without = people.filter(email="").count()
        shared = people.filter(pk__in=sharing_an_address().values("pk"))
        mailed = people.exclude(email="").exclude(pk__in=shared.values("pk"))
        names = list(shared.values_list("username", flat=True))
        if count:
            self.stdout.write(f"{mailed.count()} people can be mailed a link.")
        else:
            self.stdout.write(f"Links mailed: {self._mail(list(mailed))}.")
        if without:
            self.stdout.write(
                f"{without} have no email address: name them, and hand them what is printed."
            )
        if names:
            self.stderr.write(
                f"{len(names)} share their email address with another account, so that no link was "
                f"mailed to {', '.join(names)}: correct the address, or name these people and hand "
                "them what is printed."
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
        """Return how many letters were taken; an address that is refused stops no other.

        Raises:
            CommandError: The mail server is away.
        """
        carrier, refused, later = CHANNELS["email"].open(), list[str](), list[str]()
        try:
            for number, person in enumerate(people):
                try:
                    carrier.deliver(_letter(person))
                except ServerAway as error:
                    taken = number - len(refused) - len(later)
                    raise CommandError(
                        f"The mail server took {taken} of {len(people)} letters and then failed. "
                        "Run this again: who has chosen a password meanwhile is not asked again."
                    ) from error
                except Refused as error:
                    refused.append(f"{person.username} ({error.code})")
                except NotDelivered:
                    later.append(person.username)
        finally:
            carrier.close()
            self._tell(refused, later)
        return len(people) - len(refused) - len(later)

    def _tell(self, refused: list[str], later: list[str]) -> None:
        """Say who got no letter, and what to do."""
        if refused:
            self.stderr.write(
                f"Letters refused: {len(refused)}. Correct the addresses of {', '.join(refused)}, "
                "or name these people and hand them what is printed."
            )
        if later:
            self.stderr.write(
                f"Letters not taken at this moment: {len(later)}. Look at the settings of mail if "
                "these are many, and run this again."
            )


def _letter(person: User) -> Letter:
    """Return the letter with the link; it does not say what the service is for."""
    link = link_of(person, clock.now())
    body = render_to_string("account_pages/first_mail.txt", {"link": link})
    return Letter(person.email, gettext("Choose your password"), body, f"first sign-in {link}")
