"""`manage.py rebase_series SERIES MONTH REASON`: count a chart of variation afresh from a month."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.models import Event, Rebase
from grievances.models.trail import SERVICE
from grievances.reports.contents.index import PIECES
from grievances.reports.periods import Length, read_period
from grievances.reports.series import Series
from grievances.views import clock

KEYS = sorted(
    piece.key for pieces in PIECES.values() for piece in pieces if isinstance(piece, Series)
)


class Command(BaseCommand):
    help = (
        "Begin the mean and the limits of a chart anew from a month, with a reason that is shown."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("series", choices=KEYS)
        parser.add_argument("month", help="such as 2022-23-M05 for August 2022")
        parser.add_argument("reason", help="what changed, in a sentence; name nobody")

    def handle(self, *args: Any, **options: Any) -> None:
        series, reason, now = options["series"], options["reason"].strip(), clock.now()
        try:
            month = read_period(options["month"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        if month.length is not Length.MONTH or not reason:
            raise CommandError("A month and a reason are needed: 2022-23-M05 and what changed.")
        Rebase.objects.update_or_create(
            series=series, period=month.name, defaults={"reason": reason[:200], "made_at": now}
        )
        codes = {"series": series, "period": month.name}
        Event.append(
            chain=SERVICE, at=now, actor="system", role="", kind="report.rebased", data=codes
        )
        self.stdout.write(
            f"{series} counts afresh from {month.short}, in reports made from now on."
        )
