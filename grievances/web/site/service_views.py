"""How the service runs: a page for those who run it, and metrics for a monitor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hmac import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from config.release import VERSION
from grievances.cases.access import rules
from grievances.casework import reading
from grievances.deadlines import health
from grievances.operations import checklist, sign_in_times
from grievances.operations.measures import Measure, collect
from grievances.web.shared import clock
from grievances.web.shared.session_views import Private

TEXT = "text/plain; version=0.0.4; charset=utf-8"
UNITS = {"age": "_seconds", "seconds": "_seconds", "bytes": "_bytes"}
HEADINGS = ["What", "Now"]


def metrics(request: HttpRequest) -> HttpResponse:
    """Return the measures for Prometheus, to a monitor that sends METRICS_TOKEN.

    Raises:
        Http404: Without the token, or where none is set: the address looks as if it were not there.
    """
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not compare_digest(
        given.encode(), settings.METRICS_TOKEN.encode()
    ):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Measures())
    return HttpResponse(generate_latest(registry), content_type=TEXT)


class Measures(Collector):
    """The measures in the form of the library."""

    def collect(self) -> Iterator[Metric]:
        """Yield each measure under its name, and how long sign-ins take."""
        families: dict[str, GaugeMetricFamily] = {}
        for each in collect(clock.now(), clock.today()):
            if each.value is None:
                continue
            name = f"fairhearing_{each.name}{UNITS.get(each.unit, '')}"
            if name not in families:
                labels = ["of"] if each.label else []
                families[name] = GaugeMetricFamily(name, _help(each), labels=labels)
            families[name].add_metric([each.label] if each.label else [], each.value)
        yield from families.values()
        counts, seconds = sign_in_times.read()
        latency = HistogramMetricFamily("fairhearing_sign_in_seconds", "How long sign-ins take")
        latency.add_metric([], counts, seconds)
        yield latency
        yield InfoMetricFamily("fairhearing_release", "The release", {"version": VERSION})


def _help(measure: Measure) -> str:
    return measure.title if not measure.label else measure.name.replace("_", " ")


class ServicePage(Private):
    """The page "How the service runs"; for others it does not exist."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page.

        Raises:
            Http404: For a person who is not responsible for the service; the refusal is an event.
        """
        who, now, today = self.caller.who, clock.now(), clock.today()
        if who is None or not rules.may(who, "watch_service", today):
            reading.record(self.caller, "service.refused", now)
            raise Http404
        reading.record(self.caller, "service.opened", now)
        context = {
            "warnings": health.warnings(now, today),
            "missing": checklist.missing(now, today),
            "rows": [[_cell(each), words(each)] for each in collect(now, today)],
            "headings": HEADINGS,
            "release": VERSION,
        }
        return render(request, "pages/service.html", context)


def _cell(measure: Measure) -> dict[str, object]:
    return {"text": measure.title, "head": True}


def words(measure: Measure) -> str:
    """Return the value of a measure as a person reads it."""
    if measure.value is None:
        return "Not yet"
    if measure.unit == "yes":
        return "Yes" if measure.value else "No"
    if measure.unit == "bytes":
        return f"{measure.value / 1024**3:.1f} GB"
    if measure.unit in {"age", "seconds"}:
        shown = _time(timedelta(seconds=max(0, round(measure.value))))
        return f"{shown} ago" if measure.unit == "age" else shown
    return f"{measure.value:.0f}"


def _time(age: timedelta) -> str:
    hours = age.seconds // 3600
    if age.days:
        return f"{age.days} days {hours} h"
    minutes = age.seconds % 3600 // 60
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
