"""One number for a chosen combination, where the organisation has enabled it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from grievances.casework import reading
from grievances.reports import block_alerts, snapshots
from grievances.reports.catalogue import VOLUMES
from grievances.reports.disclosure.protected import Shown
from grievances.reports.disclosure.table_builder import CHOICES, Blocked, ask
from grievances.reports.periods import Length, Period
from grievances.web.reports.views import Reader
from grievances.web.shared import clock

LABELS = {"region": "Region", "route": "Way forward", "identity": "How the name is used"}
SMALL = "This number is not shown: there are too few people in it."


class Ask(Reader):
    """The page of the question and, once it is asked, its answer or a sentence."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page.

        Raises:
            Http404: Where this is not enabled, and for an unknown period.
        """
        self.check("ask")
        if not settings.REPORT_FILTERS:
            raise Http404
        found = snapshots.counted_periods(VOLUMES)
        periods = [period for period in found if period.length is not Length.MONTH]
        chosen = {name: request.GET[name] for name in CHOICES if request.GET.get(name)}
        asked = next((p for p in periods if p.name == request.GET.get("period")), None)
        if request.GET and asked is None:
            raise Http404
        context = {**_form(chosen), "periods": periods, "asked": {"period": asked and asked.name}}
        if asked is not None:
            context |= self._answer(chosen, asked)
        status = 409 if context.get("blocked") else 200
        return render(request, "reports/ask.html", context, status=status)

    def _answer(self, chosen: dict[str, str], period: Period) -> dict[str, object]:
        """Return the number in words, or the refusal.

        A refusal is an event and alerts the officer.

        Raises:
            Http404: For a combination that does not exist.
        """
        now, today = clock.now(), clock.today()
        try:
            figure = ask(chosen, period, snapshots.INTERNAL).figure
        except ValueError:
            raise Http404 from None
        except Blocked as refusal:
            reading.record(self.caller, block_alerts.BLOCKED, now, period=period.name, **chosen)
            block_alerts.tell_of_blocks(now, today)
            return {"not_shown": f"{refusal}.", "blocked": True}
        reading.record(self.caller, "report.asked", now, period=period.name, **chosen)
        if not isinstance(figure, Shown):
            return {"not_shown": SMALL}
        return {"answer": f"About {figure} concerns were received, rounded to the nearest 5."}


def _form(chosen: dict[str, str]) -> dict[str, object]:
    return {
        "fields": [
            {
                "name": name,
                "label": LABELS[name],
                "choices": choices.items(),
                "chosen": chosen.get(name),
            }
            for name, choices in CHOICES.items()
        ]
    }
