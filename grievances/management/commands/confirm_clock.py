"""`manage.py confirm_clock`: believe the clock after a jump."""

from django.core.management.base import BaseCommand

from grievances.deadlines import clock_check
from grievances.web.shared import clock


class Command(BaseCommand):
    """The command that lets a waiting sweep go on."""

    help = "Say that the clock of this machine is right, so that a sweep that waits goes on."

    def handle(self, *args: object, **options: object) -> None:
        """Store the confirmation; it counts for an hour of the clock."""
        now = clock.real_now()
        clock_check.confirm(now)
        self.stdout.write(
            f"The clock shows {now:%Y-%m-%d %H:%M} UTC. The next sweep believes it and goes on."
        )
