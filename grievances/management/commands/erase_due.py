"""`manage.py erase_due [--list]`: list due cases, and erase those agreed.

Two people must have agreed to each erasure.
"""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.cases.actions.actor import NotAllowed
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.answers import Approval
from grievances.cases.step_names import StepName
from grievances.policy import profiles
from grievances.policy.clock_names import ClockName
from grievances.retention import erasure, trail_retention
from grievances.retention.certificate import read
from grievances.retention.models import Erasure
from grievances.web.shared import clock
from workflow.steps import Refused


class Command(BaseCommand):
    """The command that carries out agreed erasures."""

    help = (
        "List cases whose time has ended, and carry out the erasures that the data-protection "
        "officer asked for and the casework lead agreed to. Then the trails of cases that were "
        "erased let go of what is older than seven years. Nothing else is ever erased."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("--list", action="store_true", help="say what would be done, no more")

    def handle(self, *args: object, **options: object) -> None:
        """List the due cases, erase the agreed ones, and end old trails.

        Raises:
            CommandError: A case could not be erased.
        """
        self._list()
        failed = 0
        for approval in erasure.agreed_erasures():
            if options["list"]:
                self.stdout.write(f"{approval.case.reference}: two people agreed, to be erased")
            elif not self._erase(approval):
                failed += 1
        self._end_trails(only_say=bool(options["list"]))
        if failed:
            raise CommandError(f"{failed} could not be erased: see above.")

    def _list(self) -> None:
        rows = erasure.due(clock.today())
        for case, until in rows:
            held = ", under a legal hold" if case.legal_hold else ""
            self.stdout.write(f"{case.reference}: kept until {until:%-d %B %Y}{held}")
        self.stdout.write(
            f"{len(rows)} due. {profiles.CLOCKS[ClockName.RETENTION]} is a date, not an order."
        )

    def _end_trails(self, *, only_say: bool) -> None:
        now = clock.now()
        chains = trail_retention.due(now) if only_say else trail_retention.end_due(now)
        for chain in chains:
            self.stdout.write(f"the trail of {chain}: {'has' if only_say else 'is'} ended")

    def _erase(self, approval: Approval) -> bool:
        reference = approval.case.reference
        caller, now = erasure.asker_of(approval), clock.now()
        step_input = StepInput(once=f"erase_due:{approval.pk}")
        try:
            perform(
                StepName.ERASE,
                case_id=approval.case_id,
                caller=caller,
                now=now,
                step_input=step_input,
            )
        except Refused as refused:
            self.stdout.write(f"{reference}: {refused.sentence}")
            return False
        except NotAllowed:
            self.stdout.write(f"{reference}: who asked for it may not any more. Ask again.")
            return False
        certificate = read(Erasure.objects.get(reference=reference))
        self.stdout.write(f"{reference}: erased. {certificate.facts['result']}.")
        return certificate.is_clean
