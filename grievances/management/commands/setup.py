"""`manage.py setup`: what is still missing before people can raise concerns."""

from django.core.management.base import BaseCommand

from grievances.operations import checklist
from grievances.web.shared import clock


class Command(BaseCommand):
    """The command that prints the checklist of a new organisation."""

    help = "Say what is still missing: officers, certificates, a backup, antivirus, mail."

    def handle(self, *args: object, **options: object) -> None:
        """Print one sentence for each thing that is missing."""
        found = checklist.missing(clock.now(), clock.today())
        for sentence in found:
            self.stdout.write(f"- {sentence}")
        count = f"{len(found)} things are missing." if found[1:] else "One thing is missing."
        self.stdout.write(count if found else "Nothing is missing.")
