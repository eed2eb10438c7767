"""An organisation on the database of this environment, and what was done there.

Run as a program: `python -m bench.faults.organisation prepare PEOPLE` makes a case for each and
prints their cookies; `count` settles what is owed and prints what is in the database.
"""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after Django is set up
from django.test import Client  # noqa: E402

from bench.served.browser import HOST  # noqa: E402
from grievances.audit.models import Event  # noqa: E402
from grievances.cases.models.case import Case  # noqa: E402
from grievances.cases.notices import sending  # noqa: E402
from notifications import delivery  # noqa: E402
from notifications.channels.email import message_id  # noqa: E402
from notifications.models import Notice  # noqa: E402
from tests.conftest import load_rules  # noqa: E402
from tests.factories import cases  # noqa: E402
from tests.factories.people import Staff, assemble  # noqa: E402
from tests.signing_in import sign_in  # noqa: E402

COUNTED = ("case.message", "case.add_evidence", "case.acknowledge", "case.raise")


def prepare(people: int) -> dict[str, object]:
    """Make a case for each person.

    Returns:
        The cookies of all browsers, the references of the cases, and the counts of rows.
    """
    call_command("migrate", verbosity=0)
    call_command("prepare_database", verbosity=0)
    load_rules()
    staff, now = assemble(), datetime.now(UTC)
    for _ in range(people):
        cases.raised(staff, now=now, contact="WORK_EMAIL", address="complainant1@work.invalid")
    return {
        "references": list(Case.unguarded.order_by("pk").values_list("reference", flat=True)),
        "people": [_cookies(staff, "complainant1") for _ in range(people)],
        "officer": _cookies(staff, "triage1"),
        "before": _counts(),
    }


def _cookies(staff: Staff, name: str) -> dict[str, str]:
    client = sign_in(Client(SERVER_NAME=HOST, headers={"X-Forwarded-Proto": "https"}), staff, name)
    client.get("/inbox/")  # the first page gives the session its times
    return {each: client.cookies[each].value for each in client.cookies}


def count() -> dict[str, object]:
    """Verify the trail, and send what is owed.

    Returns:
        The counts of rows, and the states and ids of the mail.
    """
    call_command("verify_trail", verbosity=0)
    now = datetime.now(UTC)
    for hours in range(72):  # what a killed worker held, and what was put off, is tried again
        delivery.drain(now=now + timedelta(hours=hours), addresses_of=sending.addresses_for)
    mail = Notice.objects.filter(channel="email")
    return {
        "counts": _counts(),
        "states": Counter(mail.values_list("state", flat=True)),
        "mail": [message_id(key) for key in mail.values_list("key", flat=True)],
    }


def _counts() -> dict[str, int]:
    kinds = Counter(Event.objects.filter(kind__in=COUNTED).values_list("kind", flat=True))
    return {kind: kinds[kind] for kind in COUNTED}


def main(words: Sequence[str]) -> None:
    """Do what is named, and print one line of JSON."""
    told = prepare(int(words[1])) if words[0] == "prepare" else count()
    print(json.dumps(told))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
