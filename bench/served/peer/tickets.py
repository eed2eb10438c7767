"""Fill the peer: `tickets.py COUNT`.

Half of the tickets are open, each has three follow-ups. It is run by the Python of the peer's own
environment. Twenty agents share five queues; the agent who signs in sees every queue, as a casework
lead sees every case.
"""

import sys
from datetime import timedelta

import peer_site  # noqa: F401 - it configures Django
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from helpdesk.models import FollowUp, Queue, Ticket

AGENT, PASSWORD = "agent0", "for the benchmark alone"  # noqa: S105 - it opens nothing
AGENTS, QUEUES, FOLLOW_UPS, BATCH = 20, 5, 3, 5000


def fill(count: int) -> None:
    """Make tables, agents and queues if they are missing.

    Then make tickets until there are `count`.
    """
    call_command("migrate", verbosity=0)
    agents = list(User.objects.order_by("pk")) or _agents()
    queues = list(Queue.objects.order_by("pk")) or [
        Queue.objects.create(title=f"Queue {n}", slug=f"q{n}", allow_public_submission=True)
        for n in range(1, QUEUES + 1)
    ]
    there, now = Ticket.objects.count(), timezone.now()
    for start in range(there, count, BATCH):
        rows = [
            Ticket(
                title=f"Ticket {n}",
                queue=queues[n % QUEUES],
                created=now - timedelta(minutes=n),
                submitter_email=f"person{n}@example.org",
                assigned_to=agents[n % AGENTS],
                status=Ticket.OPEN_STATUS if n % 2 else Ticket.CLOSED_STATUS,
                description="What happened, in some words. " * 20,
                priority=3,
                secret_key=f"key{n}",
            )
            for n in range(start, min(start + BATCH, count))
        ]
        made = Ticket.objects.bulk_create(rows)
        FollowUp.objects.bulk_create(
            FollowUp(ticket=row, title=f"Note {n}", comment="Some words. " * 10, public=True)
            for row in made
            for n in range(FOLLOW_UPS)
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _agents() -> list[User]:
    first = User.objects.create_superuser(AGENT, "", PASSWORD)
    others = User.objects.bulk_create(User(username=f"agent{n}") for n in range(1, AGENTS))
    return [first, *others]


fill(int(sys.argv[1]))
