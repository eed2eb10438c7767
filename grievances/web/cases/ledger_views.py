"""The page of who opened a case, when and in which role."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext

from grievances.cases.access import rules
from grievances.casework import reading
from grievances.policy import profiles
from grievances.policy.profiles import COMPLAINANT
from grievances.web.cases.case_views import CasePages
from grievances.web.cases.presenters.case import step_context
from grievances.web.cases.presenters.history import ledger_rows
from grievances.web.shared import clock


class Ledger(CasePages):
    """The page of who opened this case, when and in which role."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Return the page, with local times.

        A complainant's own openings are on it only with `?own=yes`.
        """
        with_own = request.GET.get("own") == "yes"
        case, events = reading.ledger(self.caller, reference, now=clock.now(), own_looks=with_own)
        role = rules.role_of(self.caller.who, case, "read_ledger") if self.caller.who else ""
        rows = [
            [date_format(at.astimezone(profiles.zone()), "j F Y, H:i"), who, what]
            for who, what, at in ledger_rows(events, role)
        ]
        return render(
            request,
            "grievances/ledger.html",
            {
                **step_context(case, "read_ledger", role),
                "rows": rows,
                "is_own": role == COMPLAINANT,
                "with_own": with_own,
                "headings": [gettext("When"), gettext("Who"), gettext("What")],
            },
        )
