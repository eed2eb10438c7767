"""Retention pages, for the two people who decide without reading the case."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from grievances.cases.actions.actor import NotAllowed
from grievances.cases.actions.perform import step_context_of
from grievances.cases.step_names import StepName
from grievances.casework import reading
from grievances.encryption import signatures
from grievances.retention import dual_control
from grievances.retention.certificate import certificate_of, certificates
from grievances.web.cases.case_views import CasePages
from grievances.web.retention import presenters as page
from grievances.web.shared import clock


class KeepingList(CasePages):
    """The list of cases that are due, requested, held, or already erased."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the list; opening it is an event.

        Raises:
            NotAllowed: For a visitor who is not known.
        """
        who, now, today = self.caller.who, clock.now(), clock.today()
        erased, erased_after = certificates(self.caller, now, request.GET.get("erased", ""))
        if who is None:
            raise NotAllowed
        cases_of = {
            "due": dual_control.due_cases(who, today),
            "asked": dual_control.asked_cases(who),
            "held": dual_control.held_cases(who),
        }
        lists = [
            page.KeptCases.of(name, *dual_control.one_page(cases, request.GET.get(name, "")), today)
            for name, cases in cases_of.items()
        ]
        context = {
            "base": "base.html",
            "lists": lists,
            "headings": ["Case", "Class", "Kept until", "Where it is"],
            "erased": page.certificate_list(erased),
            "erased_next": f"?erased={erased_after}" if erased_after else "",
            "erased_headings": ["Case", "Erased"],
        }
        reading.record(self.caller, "keeping.listed", now)
        return render(request, "grievances/keeping_list.html", context)


class KeepingPage(CasePages):
    """The retention of one case: dates, hold, requests and possible steps."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Return the page; opening it is an event.

        Raises NotAllowed.
        """
        found = dual_control.find_keeping(self.caller, reference)
        now, today = clock.now(), clock.today()
        case, role = found.facts.case, found.role("read_keeping")
        reading.record(self.caller, "keeping.opened", now, role=role, subject=reference)
        step_context = step_context_of(case, StepName.ERASE, role, {}, now, today)
        context = {
            "base": "base.html",
            "case": case,
            "rows": page.keeping_rows(case),
            "requests": page.request_rows(case),
            "headings": ["What", "Why", "Asked", "Answer"],
            "tasks": page.keeping_tasks(case, found.allowed, step_context),
        }
        return render(request, "grievances/keeping.html", context)


class CertificatePage(CasePages):
    """The certificate of an erasure, to read, print, or save as signed JSON."""

    as_json = False

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Return the certificate; opening it is an event."""
        now = clock.now()
        certificate = certificate_of(self.caller, reference, now)
        reading.record(self.caller, "keeping.certificate", now, subject=reference)
        if self.as_json:
            body = {
                "facts": certificate.facts,
                "signed": certificate.signed,
                "public_key": signatures.public_key(),
            }
            return JsonResponse(body)
        context = {
            "base": "base.html",
            "public_key": signatures.public_key(),
            **page.certificate_context(certificate),
        }
        return render(request, "grievances/certificate.html", context)


class CertificateFile(CertificatePage):
    """The certificate of an erasure as signed JSON."""

    as_json = True
