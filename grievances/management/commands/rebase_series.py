"""`manage.py rebase_series SERIES MONTH REASON`: reset the limits of a chart."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.audit.models import SERVICE, Event
from grievances.reports.limit_resets import SERIES, rebase
from grievances.web.shared import clock


class Command(BaseCommand):
    """The command that resets the limits of a chart from a month."""

    help = (
        "Begin the mean and the limits of a chart anew from a month, with a reason that is shown."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("series", choices=sorted(SERIES))
        parser.add_argument("month", help="such as 2022-23-M05 for August 2022")
        parser.add_argument("reason", help="what changed, in a sentence; name no one")

    def handle(
        self, *args: object, series: str, month: str, reason: str, **options: object
    ) -> None:
        """Reset the limits, and record the reset in the trail.

        Raises:
            CommandError: There is no such month, or no reason.
        """
        now = clock.now()
        try:
            period = rebase(series, month, reason, now)
        except ValueError as error:
            raise CommandError(str(error)) from error
        codes = {"series": series, "period": period.name}
        Event.append(
            chain=SERVICE, at=now, actor="system", role="", kind="report.rebased", data=codes
        )
        self.stdout.write(
            f"{series} counts afresh from {period.short}, in reports made from now on."
        )
