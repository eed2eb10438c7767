"""`/programs/`: the tokens of programs, for those whose office may make one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grievances.cases.actions.actor import NotAllowed
from grievances.casework import reading
from grievances.policy import profiles
from grievances.tokens import issuing
from grievances.tokens.models import AccessToken, Purpose
from grievances.vocabulary import Office
from grievances.web.cases.case_views import CasePages
from grievances.web.shared import clock
from grievances.web.tokens.forms import EndToken, MakeToken

HEADINGS = ["Program", "What it may do", "Made by", "Last used", "Ends on", "Change"]
Choices = list[tuple[str, str]]


class TokenPages(CasePages):
    """A page about tokens. For people whose office makes none, it does not exist."""

    anonymous_too = False

    def choices(self) -> Choices:
        """Return what this person can make: "purpose office" and its words.

        Raises:
            NotAllowed: Nothing.
        """
        found = issuing.may_make(self.caller, clock.today())
        if not found:
            raise NotAllowed
        return [
            (f"{purpose} {office}", f"{purpose.label}, as {office.label.lower()}")
            for purpose, office in found
        ]


class Programs(TokenPages):
    """The list of tokens, and the form for a new one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page; looking at the list is an event."""
        choices = self.choices()
        reading.record(self.caller, "token.listed", clock.now())
        return self._show(request, MakeToken(choices))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make a token.

        Returns:
            The page that shows it, this once; the form with 422.
        """
        form = MakeToken(self.choices(), request.POST)
        if not form.is_valid():
            return self._show(request, form, 422)
        said = form.cleaned_data
        purpose, _, office = said["purpose"].partition(" ")
        text = issuing.make(
            self.caller,
            Purpose(purpose),
            Office(office),
            said["program"],
            said["days"],
            now=clock.now(),
        )
        return render(request, "programs/made.html", {"token": text, "address": ADDRESSES[purpose]})

    def _show(self, request: HttpRequest, form: MakeToken, status: int = 200) -> HttpResponse:
        rows = [_row(each) for each in issuing.current(self.caller, now=clock.now())]
        context = {"form": form, "rows": rows, "headings": HEADINGS}
        return render(request, "programs/list.html", context, status=status)


class OneProgram(TokenPages):
    """One token, to end it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return the question."""
        return self._show(request, self._token(pk), EndToken())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End the token.

        Returns:
            The list of programs; the form with 422.
        """
        token, form = self._token(pk), EndToken(request.POST)
        if not form.is_valid():
            return self._show(request, token, form, 422)
        issuing.revoke(self.caller, pk, now=clock.now())
        messages.success(request, "The token has ended.")
        return redirect("programs")

    def _token(self, pk: int) -> AccessToken:
        found = {each.pk: each for each in issuing.current(self.caller, now=clock.now())}
        if pk not in found:
            raise NotAllowed
        return found[pk]

    def _show(
        self, request: HttpRequest, token: AccessToken, form: EndToken, status: int = 200
    ) -> HttpResponse:
        context = {"form": form, "token": token}
        return render(request, "programs/end.html", context, status=status)


ADDRESSES = {Purpose.DIRECTORY: "/scim/v2/", Purpose.DATES: "/api/v1/cases/"}


def _row(token: AccessToken) -> list[object]:
    zone = profiles.zone()
    used = token.used_at.astimezone(zone) if token.used_at else None
    office = Office(token.office).label.lower()
    return [
        {"text": token.program, "head": True},
        f"{token.get_purpose_display()}, as {office}",
        token.maker.name,
        f"{used:%-d %B %Y, %H:%M}" if used else "Not yet",
        f"{token.ends_at.astimezone(zone):%-d %B %Y}",
        {"text": "End it", "href": f"/programs/{token.pk}/"},
    ]
