"""One organisation with open cases on a database of its own, and what was said of their dates.

Run as a program (`python -m tests.production.fortnight WHAT`) in the environment of that database:
`prepare` makes the cases and prints a signed-in browser's cookies, `undisturbed` lives through the
weeks in one process that no one stops, `tell` prints what was said.
"""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after Django is set up
from django.test import Client  # noqa: E402

from grievances.audit.models import Event  # noqa: E402
from grievances.cases.models.case import Case  # noqa: E402
from grievances.cases.models.deadlines import Deadline  # noqa: E402
from grievances.cases.notices import sending  # noqa: E402
from grievances.deadlines.sweep import run_clocks  # noqa: E402
from notifications import delivery  # noqa: E402
from notifications.channels.email import message_id  # noqa: E402
from notifications.models import Notice  # noqa: E402
from tests.conftest import load_rules  # noqa: E402
from tests.factories import cases  # noqa: E402
from tests.factories.people import assemble  # noqa: E402
from tests.signing_in import sign_in  # noqa: E402

BEGIN = datetime(2026, 11, 21, 10, tzinfo=UTC)
END = datetime(2026, 12, 15, 12, tzinfo=UTC)
WAITING, ALLOCATING = 6, 4


@dataclass(frozen=True)
class Saying:
    """One thing said of one clock: by which event, when (UTC), and what to which inbox."""

    case: int
    clock: str
    kind: str
    due: str
    at: str
    told: tuple[tuple[str, str], ...]


def prepare() -> dict[str, str]:
    """Cases no one has answered, others under way; the cookies of one complainant."""
    call_command("migrate", verbosity=0)
    load_rules()
    staff = assemble()
    for _ in range(WAITING):
        cases.raised(staff, now=BEGIN, contact="WORK_EMAIL", address="complainant1@work.invalid")
    for _ in range(ALLOCATING):
        cases.in_allocation(staff, now=BEGIN)
    cases.in_investigation(staff, now=BEGIN)
    first = Case.unguarded.order_by("pk")[0]
    client = sign_in(Client(SERVER_NAME="localhost"), staff, "complainant1")
    assert client.get("/inbox/").status_code == 200  # the first page gives the session its times
    jar = client.cookies
    return {"reference": first.reference, **{name: jar[name].value for name in jar}}


def live_undisturbed() -> None:
    """Sweep four times a day to the end; nothing is killed."""
    moment = BEGIN
    while moment < END:
        run_clocks(moment)
        moment += timedelta(hours=6)
    settle()


def settle() -> None:
    """Sweep at the end, and carry what is left."""
    run_clocks(END)
    for hours in range(1, 72):  # what a killed worker held, and what was put off, is tried again
        delivery.drain(now=END + timedelta(hours=hours), addresses_of=sending.addresses_for)


def sayings() -> list[Saying]:
    """What was said of every clock, in the order of the trail."""
    numbers = {case.reference: case.pk for case in Case.unguarded.all()}
    told: dict[str, list[tuple[str, str]]] = {}
    letters = dict(Notice.objects.filter(channel="email").values_list("key", "kind"))
    for line in Notice.objects.filter(channel="inbox").exclude(reference=""):
        chain, seq, kind, handle = line.key.split(":")
        told.setdefault(f"{chain}:{seq}", []).append((kind, handle))
    assert letters
    return [
        Saying(
            numbers[event.chain],
            event.data["clock"],
            event.kind,
            event.data["due"],
            event.at.isoformat(),
            tuple(sorted(told.get(f"{event.chain}:{event.seq}", []))),
        )
        for event in Event.objects.filter(kind__startswith="clock.").order_by("chain", "seq")
    ]


def tell() -> dict[str, object]:
    """What was said, what mail there should be by Message-ID, and what is unfinished."""
    mail = Notice.objects.filter(channel="email")
    return {
        "sayings": [asdict(saying) for saying in sayings()],
        "mail": [message_id(key) for key in mail.values_list("key", flat=True)],
        "states": Counter(mail.values_list("state", flat=True)),
        "messages": Event.objects.filter(kind="case.message").count(),
        "owed": Deadline.objects.filter(next_rung_at__lte=END).count(),
    }


def main(what: Sequence[str]) -> None:
    """Do what is named; print one line of JSON where there is something to tell."""
    match what[0]:
        case "prepare":
            print(json.dumps(prepare()))  # noqa: T201
        case "undisturbed":
            live_undisturbed()
        case "settle":
            settle()
        case "tell":
            call_command("verify_trail", verbosity=0)
            print(json.dumps(tell()))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
