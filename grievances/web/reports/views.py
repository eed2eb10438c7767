"""The reports as page, print and files.

They show stored snapshots and count nothing.
"""

from collections import Counter

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from grievances.cases.access import rules
from grievances.casework import reading
from grievances.reports import snapshots
from grievances.reports.catalogue import QUESTIONS, REPORTS, Report
from grievances.reports.disclosure.comments import ProtectedWords
from grievances.reports.layout import dataset
from grievances.reports.layout.book import book_of
from grievances.reports.layout.equalities import equalities
from grievances.reports.layout.exports import write_csv
from grievances.reports.layout.open_document import MIME, write_open_document
from grievances.reports.layout.pdf import write_report
from grievances.reports.layout.section_tables import table_of
from grievances.reports.periods import Period, read_period
from grievances.reports.snapshots import Built
from grievances.reports.survey_comments import words_of
from grievances.typesetting import pdf
from grievances.web.shared import clock
from grievances.web.shared.session_views import Private

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Reader(Private):
    """A page for people whose office opens reports; for others it does not exist."""

    def check(self, asked: str) -> None:
        """Reject a person who may not open reports; the refusal is an event.

        Raises:
            Http404: For such a person.
        """
        who = self.caller.who
        if who is None or not rules.may(who, "open_report", clock.today()):
            reading.record(self.caller, "report.refused", clock.now(), name=asked)
            raise Http404

    def report(self, name: str) -> Report:
        """Return the report of this name, for a person who may open it.

        Raises:
            Http404: For an unknown report, or a person who may not open it.
        """
        report = REPORTS.get(name)
        self.check(report.name if report else "")
        if report is None:
            raise Http404
        return report

    def period(self, request: HttpRequest, report: Report) -> Period | None:
        """Return the requested period, or the best one.

        It is None where there is no period yet.

        Raises:
            Http404: For text that is not a period.
        """
        asked = request.GET.get("period", "")
        if not asked:
            return snapshots.best_period(report)
        try:
            return read_period(asked)
        except ValueError:
            raise Http404 from None

    def built(self, report: Report, period: Period) -> Built:
        """Return what was published for a period.

        Raises:
            Http404: Where there is nothing.
        """
        built = snapshots.published(report.name, period.name)
        if built is None:
            raise Http404
        return built


class Index(Reader):
    """The list of reports, each with its question, and of a run in progress."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the list."""
        self.check("")
        found = snapshots.headlines()
        usual = Counter(one.period for one in found.values()).most_common(1)
        period = usual[0][0] if usual else None
        groups = [
            (group, [_headline(report, found.get(report.name), period) for report in reports])
            for group, reports in QUESTIONS.items()
        ]
        context = {
            "groups": groups,
            "period": period,
            "run": snapshots.run_in_progress(clock.now()),
            "may_rebase": rules.may(self.caller.who, "rebase_series", clock.today()),
        }
        return render(request, "reports/index.html", context)


def _headline(
    report: Report, found: snapshots.Headline | None, usual: Period | None
) -> dict[str, object]:
    """Return a report with its answer, and its period where that is not the usual."""
    if found is None:
        return {"report": report, "lead": "Nothing to count yet.", "period": None}
    other = found.period if found.period != usual else None
    return {"report": report, "lead": found.lead, "period": other}


class Page(Reader):
    """One report for one period."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """Return the report; opening it is an event.

        Raises:
            Http404: Where there is nothing for the period.
        """
        report = self.report(name)
        period = self.period(request, report)
        context: dict[str, object] = {"report": report, "period": period}
        if period is not None:
            page = snapshots.page(report.name, period.name)
            if page is None:
                raise Http404
            context["periods"] = snapshots.periods(report)
            context["made_at"] = page.made_at
            # Written by our own templates when the report was made.
            context["body"] = mark_safe(page.html)  # noqa: S308
            context["words"] = words_of(report.name, period)
            context["revision"] = _revision(snapshots.revised(report.name, period.name))
        codes = {"name": report.name, "period": period.name if period else "", "format": "html"}
        reading.record(self.caller, "report.opened", clock.now(), **codes)
        return render(request, "reports/report.html", context)


class File(Reader):
    """The figures of one report as a file."""

    def get(self, request: HttpRequest, name: str, suffix: str) -> HttpResponse:
        """Return the file; the export is an event.

        Raises:
            Http404: Where there is nothing for the period.
        """
        report = self.report(name)
        period = self.period(request, report)
        if period is None:
            raise Http404
        built = self.built(report, period)
        codes = {"name": report.name, "period": period.name, "format": suffix}
        reading.record(self.caller, "report.exported", clock.now(), **codes)
        response = _answer(built, suffix, words_of(report.name, period))
        file = f"{report.name}-{period.name}.{suffix}"
        response["Content-Disposition"] = f'attachment; filename="{file}"'
        return response


def _answer(built: Built, suffix: str, words: ProtectedWords) -> HttpResponse:
    """Return the figures as CSV, workbook or JSON, or the page as PDF.

    The Excel workbook was written with the report, before any free-text comments could be prepared.

    Raises:
        Http404: Where no workbook is kept.
    """
    document = built.document
    if suffix == "csv":
        return HttpResponse(write_csv(document, words), content_type="text/csv; charset=utf-8")
    if suffix == "ods":
        return HttpResponse(write_open_document(book_of(document)), content_type=MIME)
    if suffix == "pdf":
        return HttpResponse(write_report(document, built.charts), content_type=pdf.MIME)
    if suffix == "xlsx":
        kept = snapshots.workbook(document.report, document.period)
        if not kept:
            raise Http404
        return HttpResponse(kept, content_type=EXCEL)
    said = {"words": words.to_json()} if words.texts else {}
    return JsonResponse({**document.to_json(), "made_at": built.made_at.isoformat(), **said})


def _revision(built: Built | None) -> dict[str, object] | None:
    """Return the later count of the same period, as tables beside the published ones."""
    if built is None:
        return None
    tables = [
        {"heading": section.heading, "headings": headings, "rows": rows}
        for section in built.document.sections
        for headings, rows in [table_of(section)]
        if rows
    ]
    return {"made_at": built.made_at, "tables": tables}


class Dataset(Reader):
    """The page of the yearly files for publication.

    They follow the rules of the published audience.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page with the years."""
        self.check("dataset")
        names = [year.name for year in dataset.years()]
        years = [{"name": name, "mark": dataset.mark_of(name)} for name in names]
        return render(request, "reports/dataset.html", {"years": years})


class DatasetFile(Reader):
    """One of the files of a year: figures, dictionary, description, notes, tables."""

    def get(self, request: HttpRequest, year: str, kind: str) -> HttpResponse:
        """Return the file; the export is an event.

        Raises:
            Http404: For a year or a kind that does not exist.
        """
        self.check("dataset")
        try:
            response = _dataset_file(year, kind)
        except (LookupError, ValueError):
            raise Http404 from None
        codes = {"name": "dataset", "period": year, "format": kind}
        reading.record(self.caller, "report.exported", clock.now(), **codes)
        response["Content-Disposition"] = f'attachment; filename="concerns-{year}{kind}"'
        return response


def _dataset_file(year: str, kind: str) -> HttpResponse:
    if kind == ".csv-metadata.json":
        return JsonResponse(dataset.describe(year))
    if kind == "-equalities.ods":
        return HttpResponse(write_open_document(equalities(year)), content_type=MIME)
    if kind == "-notes.txt":
        return HttpResponse(dataset.write_notes(year), content_type="text/plain; charset=utf-8")
    write = dataset.write_figures if kind == ".csv" else dataset.write_dictionary
    return HttpResponse(write(year), content_type="text/csv; charset=utf-8")
