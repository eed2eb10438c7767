"""The two reports, as page, CSV and JSON. They show stored snapshots and count nothing."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path, re_path
from django.utils.safestring import mark_safe

from grievances import access
from grievances.actions import reading
from grievances.reports import snapshots
from grievances.reports.catalogue import REPORTS, Period, Report, read_period
from grievances.reports.exports import table_of, write_csv
from grievances.reports.snapshots import Built
from grievances.views import clock
from grievances.views.session import Private


class Reader(Private):
    """Only who holds an office that opens reports; to anybody else they are not there."""

    def check(self, asked: str) -> None:
        """Raise Http404 unless this person may; the refusal is an event."""
        who = self.caller.who
        if who is None or not access.may(who, "open_report", clock.today()):
            reading.record(self.caller, "report.refused", clock.now(), name=asked)
            raise Http404

    def report(self, name: str) -> Report:
        """The report of this name, for somebody who may open it; else Http404."""
        report = REPORTS.get(name)
        self.check(report.name if report else "")
        if report is None:
            raise Http404
        return report

    def period(self, request: HttpRequest, report: Report) -> Period | None:
        """The period asked for, or the best one; Http404 for what is no period of the report."""
        asked = request.GET.get("period", "")
        if not asked:
            return snapshots.best_period(report)
        try:
            return read_period(asked)
        except ValueError:
            raise Http404 from None

    def built(self, report: Report, period: Period) -> Built:
        """The newest snapshot of a period; Http404 where there is none."""
        built = snapshots.latest(report, period.name)
        if built is None:
            raise Http404
        return built


class Index(Reader):
    """The reports there are, each with its question."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.check("")
        rows = [
            {"report": report, "best": snapshots.best_period(report)} for report in REPORTS.values()
        ]
        return render(request, "reports/index.html", {"rows": rows})


class Page(Reader):
    """One report for one period."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        report = self.report(name)
        period = self.period(request, report)
        context: dict[str, Any] = {"report": report, "period": period}
        if period is not None:
            context |= _context(self.built(report, period), snapshots.periods(report))
        codes = {"name": report.name, "period": period.name if period else "", "format": "html"}
        reading.record(self.caller, "report.opened", clock.now(), **codes)
        return render(request, "reports/report.html", context)


class File(Reader):
    """The same figures as a file."""

    def get(self, request: HttpRequest, name: str, suffix: str) -> HttpResponse:
        report = self.report(name)
        period = self.period(request, report)
        if period is None:
            raise Http404
        built = self.built(report, period)
        codes = {"name": report.name, "period": period.name, "format": suffix}
        reading.record(self.caller, "report.exported", clock.now(), **codes)
        response = _answer(built, suffix)
        file = f"{report.name}-{period.name}.{suffix}"
        response["Content-Disposition"] = f'attachment; filename="{file}"'
        return response


def _answer(built: Built, suffix: str) -> HttpResponse:
    if suffix == "csv":
        words = write_csv(built.document)
        return HttpResponse(words, content_type="text/csv; charset=utf-8")
    body = {**built.document.to_json(), "made_at": built.made_at.isoformat()}
    return JsonResponse(body)


def _context(built: Built, periods: list[Period]) -> dict[str, Any]:
    sections: list[dict[str, Any]] = []
    for section in built.document.sections:
        headings, rows = table_of(section)
        drawing = built.charts.get(section.key, "")
        sections.append(
            {
                "section": section,
                "headings": headings,
                "rows": rows,
                # Drawn and cleaned by our own builder from protected figures; no word of a user.
                "svg": mark_safe(drawing),  # noqa: S308
            }
        )
    return {
        "document": built.document,
        "made_at": built.made_at,
        "sections": sections,
        "periods": periods,
        "unfinished": built.document.until < read_period(built.document.period).last,
    }


urlpatterns: list[URLPattern] = [
    path("reports/", Index.as_view(), name="reports"),
    path("reports/<slug:name>/", Page.as_view(), name="report"),
    re_path(
        r"^reports/(?P<name>[a-z-]+)\.(?P<suffix>csv|json)$", File.as_view(), name="report-file"
    ),
]
