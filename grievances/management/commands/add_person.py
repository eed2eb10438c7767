"""`manage.py add_person USERNAME ...`: an account, its offices and its key pair.

It gives certificates as well.
"""

import secrets
from datetime import date
from typing import TypedDict, Unpack

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from grievances.accounts.sign_on import bind
from grievances.accounts.sign_on_models import subject_handle
from grievances.encryption.key_pairs import make_key_pair
from grievances.people.models import Appointment, LineManagement, Training, Unit, User
from grievances.people.regions import REGIONS_IN_USE, division_of
from grievances.staff_directory.register import lock_directory
from grievances.vocabulary import Certificate, Office
from grievances.web.shared import clock


class Given(TypedDict):
    """The options of the command."""

    username: str
    name: str
    email: str
    unit: str
    region: str | None
    grade: int
    single_sign_on: bool
    subject: str | None
    manager: str | None
    offices: str
    certificates: str
    valid_until: date | None


class Command(BaseCommand):
    """The command that adds a person.

    The first password is shown once. The private key is sealed under it from the start. So an
    officer can be given cases before their first sign-in, and all of them stay readable after a
    change of password. A person who uses single sign-on has no password here. Their key pair starts
    with the passphrase that they choose when they first sign in.
    """

    help = "Add a person: account, unit, offices, certificates. Prints a one-time password."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("username")
        parser.add_argument("--name", required=True)
        parser.add_argument("--email", default="")
        parser.add_argument("--unit", required=True, metavar="CODE")
        parser.add_argument("--region", choices=[*REGIONS_IN_USE], help="makes a unit that is new")
        parser.add_argument("--grade", type=int, default=1)
        parser.add_argument("--single-sign-on", action="store_true", help="without a password")
        parser.add_argument("--subject", help="who this is at the provider; else who comes first")
        parser.add_argument("--manager", metavar="USERNAME")
        parser.add_argument("--offices", default="", metavar="A,B", help=", ".join(Office.values))
        parser.add_argument(
            "--certificates", default="", metavar="A,B", help=", ".join(Certificate.values)
        )
        parser.add_argument("--valid-until", type=date.fromisoformat, metavar="YYYY-MM-DD")

    def handle(self, *args: object, **options: Unpack[Given]) -> None:
        """Add the person in one transaction, and print what they need to sign in."""
        password = None if options["single_sign_on"] else secrets.token_urlsafe(12)
        with transaction.atomic():
            lock_directory()
            person = add_account(options, password)
            add_offices(person, options, clock.today())
            if password is not None:
                make_key_pair(person, password)
            elif options["subject"]:
                bind_beforehand(person, options["subject"])
        if password is None:
            self.stdout.write(f"{person.username} can sign in with the organisation's account.")
            return
        self.stdout.write(
            f"{person.username} can sign in with this password, shown once: {password}"
        )
        self.stdout.write("Ask them to change it at once, and to make a recovery code.")


def bind_beforehand(person: User, subject: str) -> None:
    """Bind an account to a subject of the provider before its first sign-in.

    So no one else can be bound to it under its name.

    Raises:
        CommandError: No provider is set.
    """
    provider = settings.SINGLE_SIGN_ON
    if not provider:
        raise CommandError("--subject needs a provider: set OIDC_ISSUER.")
    issuer = provider["settings"]["server_url"]
    bind(person, subject_handle(issuer, subject), now=clock.now())


def add_account(options: Given, password: str | None) -> User:
    """Return a new account in its unit.

    Raises:
        CommandError: The name is taken, or the unit is unknown.
    """
    if User.objects.filter(username__iexact=options["username"]).exists():
        raise CommandError(f"There is an account {options['username']} already.")
    return User.objects.create_user(
        options["username"],
        options["email"],
        password,
        name=options["name"],
        unit=unit_of(options["unit"], options["region"]),
        grade=options["grade"],
    )


def unit_of(code: str, region: str | None) -> Unit:
    """Return the unit of this code, or create it in the given region.

    Raises:
        CommandError: The unit is unknown and no region is given.
    """
    unit = Unit.objects.filter(code=code).first()
    if unit is not None:
        return unit
    if region is None:
        known = ", ".join(Unit.objects.values_list("code", flat=True)) or "none yet"
        raise CommandError(f"There is no unit {code} (known: {known}). --region makes a new one.")
    return Unit.objects.create(code=code, name=code, region=region, division=division_of(region))


def add_offices(person: User, options: Given, today: date) -> None:
    """Add appointments, certificates and the line manager, all from today.

    `today` is the local date.

    Raises:
        CommandError: Certificates have no end date, or the line manager has no account.
    """
    for office in chosen(options["offices"], Office.values):
        Appointment.objects.create(person=person, office=office, from_date=today)
    until = options["valid_until"]
    for certificate in chosen(options["certificates"], Certificate.values):
        if until is None:
            raise CommandError("--certificates needs --valid-until.")
        Training.objects.create(
            person=person,
            certificate=certificate,
            issued_on=today,
            expires_on=until,
        )
    if options["manager"]:
        manager = User.objects.filter(username=options["manager"]).first()
        if manager is None:
            raise CommandError(f"There is no account {options['manager']} to be the line manager.")
        LineManagement.objects.create(person=person, manager=manager, from_date=today)


def chosen(text: str, known: list[str]) -> list[str]:
    """Return the values of a comma-separated list.

    Raises:
        CommandError: A value does not exist.
    """
    values = [part.strip() for part in text.split(",") if part.strip()]
    for value in values:
        if value not in known:
            raise CommandError(f"{value} is not one of: {', '.join(known)}")
    return values
