"""The dashboard for HR: the figures to look at first, by period and region.

It shows what published reports say and counts nothing.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from grievances.cases.access import rules
from grievances.casework import reading
from grievances.people.regions import REGIONS
from grievances.reports import snapshots
from grievances.reports.catalogue import DATASET, OUTCOMES, REPORTS
from grievances.reports.layout.headlines import (
    HEADLINES,
    Documents,
    by_region,
    change_of,
    find,
    words_of,
)
from grievances.reports.layout.tidy import LOW, UNRELIABLE
from grievances.reports.periods import Length, Period
from grievances.reports.readers.figure_notes import notes_of
from grievances.web.reports.trend import Trend, trend_of
from grievances.web.reports.views import Reader
from grievances.web.shared import clock
from grievances.web.shared.sessions import caller_of

PARTLY = " (may not be whole)"
MOST_PERIODS = 4
"""How many periods of one length the trend has."""
REPORTED = (*DATASET, "near-silence", "training")


class Dashboard(Reader):
    """One page of headlines: their trend, two periods compared, or one region."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page; opening it is an event.

        Raises:
            Http404: For a period or a region that is none.
        """
        self.check("dashboard")
        periods = [p for p in snapshots.periods(OUTCOMES) if p.length is not Length.MONTH]
        now = _chosen(request, "period", periods) or snapshots.best_period(OUTCOMES)
        codes = {"name": "dashboard", "period": now.name if now else "", "format": "html"}
        reading.record(self.caller, "report.opened", clock.now(), **codes)
        context = {"periods": []} if now is None else _context(request, periods, now)
        return render(request, "reports/dashboard.html", context)


def _context(request: HttpRequest, periods: list[Period], now: Period) -> dict[str, object]:
    """Return what the page shows of a period.

    Raises:
        Http404: For a period or a region that is none.
    """
    earlier = [p for p in periods if p.length is now.length and p.first < now.first]
    with_ = _chosen(request, "with", periods) or (earlier[0] if earlier else None)
    region = request.GET.get("region", "")
    if region and region not in REGIONS:
        raise Http404
    chosen = {"periods": periods, "now": now, "with": with_}
    chosen |= {"regions": list(REGIONS.items()), "region": region}
    chosen |= {"may_note": rules.may(caller_of(request).who, "note_figure", clock.today())}
    compared = [p for p in (with_, now) if p]
    found = _region(REGIONS[region], compared) if region else _everywhere(now, with_, earlier)
    return chosen | found | {"markers": _explained([found["rows"], found.get("trend_rows")])}


MARKERS = {
    UNRELIABLE: "may have been moved far by rounding alone. It is a share of fewer than 50, of "
    "which the report says between which shares it was, or a change of one.",
    LOW: "rounds to 0 and is not 0.",
}


def _explained(tables: object) -> str:
    """Return what the markers in these tables mean; empty where there is none."""
    text = str(tables)
    return " ".join(f"{marker} {words}" for marker, words in MARKERS.items() if marker in text)


def _chosen(request: HttpRequest, name: str, periods: list[Period]) -> Period | None:
    """Return the period that was asked for, or None where none was.

    Raises:
        Http404: For a period that has no report.
    """
    asked = request.GET.get(name, "")
    if not asked:
        return None
    found = next((period for period in periods if period.name == asked), None)
    if found is None:
        raise Http404
    return found


def _everywhere(now: Period, with_: Period | None, earlier: list[Period]) -> dict[str, object]:
    names = {headline.report for headline in HEADLINES}
    trend = [*reversed(earlier[: MOST_PERIODS - 1]), now]
    documents = snapshots.bodies(names, {*trend, *([with_] if with_ else [])})
    compared = [p for p in (with_, now) if p]
    alike = with_ if with_ and with_.length is now.length and with_ != now else None
    headings: list[object] = ["Figure", *_names(documents, compared)]
    headings += [_number("Change")] if alike else []
    return {
        "headings": headings,
        "rows": _rows(documents, compared, alike),
        "has_change": alike is not None,
        "is_unlike": with_ is not None and with_.length is not now.length,
        "trend_headings": ["Figure", *_names(documents, trend)],
        "trend_rows": _rows(documents, trend, None) if len(trend) > 1 else [],
        "trends": _trends(documents, trend) if len(trend) > 1 else [],
        "notes": notes_of({*trend, *compared}),
    }


def _trends(documents: Documents, periods: list[Period]) -> list[Trend]:
    """Return a drawing of each headline that two or more whole periods show.

    A period that may not be whole is left out: its few months would look like a rise since.
    """
    documents = {place: document for place, document in documents.items() if document.whole}
    drawn = (
        trend_of(one.words, [find(documents, one, period) for period in periods], one.measure)
        for one in HEADLINES
    )
    return [trend for trend in drawn if trend is not None]


def _rows(documents: Documents, periods: list[Period], with_: Period | None) -> list[list[object]]:
    """Return a row for each headline, with the change between the two where asked for."""
    rows: list[list[object]] = []
    for headline in HEADLINES:
        items = [find(documents, headline, period) for period in periods]
        cells = [_number(words_of(item, headline.measure)) for item in items]
        href = f"/reports/{headline.report}/?period={periods[-1].name}"
        rows.append([{"text": headline.words, "head": True, "href": href}, *cells])
        if with_ is not None:
            rows[-1].append(_number(change_of(items[-1], items[0])))
    return rows


def _region(region: str, compared: list[Period]) -> dict[str, object]:
    names = [name for name in REPORTS if name in REPORTED]
    documents = snapshots.bodies(names, compared)
    found = by_region(documents, region, compared)
    return {
        "headings": ["Figure", *_names(documents, compared)],
        "is_unlike": len({period.length for period in compared}) > 1,
        "rows": [[{"text": words, "head": True}, *map(_number, each)] for words, each in found],
    }


def _names(documents: Documents, periods: list[Period]) -> list[dict[str, object]]:
    """Return the name of each period, and whether it may not be whole."""
    parted = {period for (_, period), document in documents.items() if not document.whole}
    return [_number(f"{p.name}{PARTLY if p.name in parted else ''}") for p in periods]


def _number(text: str) -> dict[str, object]:
    return {"text": text, "number": True}
