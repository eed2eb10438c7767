"""A diary without an account: its key is shown once, and is the only way back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views import View

from grievances.intake import diary
from grievances.web.intake.anonymous_draft import AnonymousDraft
from grievances.web.intake.case_key_forms import KeyKept
from grievances.web.shared import clock
from grievances.web.shared.limits import rate_limit
from grievances.web.shared.sessions import begin_return
from workflow.steps import Refused

BEGUN = "diary_key"
"""The entry of this browser's draft that holds the key until it is kept."""
KEY_PAGE = "/diary/key/"


class SignedOut(View):
    """A base of the pages for people who are signed out."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Return the page; ask a signed-in person to sign out first (409)."""
        if request.user.is_authenticated:
            context = {"onward": request.path}
            return render(request, "raise/signed_in.html", context, status=409)
        return super().dispatch(request, *args, **kwargs)


class BeginDiary(SignedOut):
    """The page on what a diary without an account is; POST makes its key."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page."""
        return self.show(request, rate_limit.new_puzzle(), None)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Make a key; it opens nothing until its holder shows that they have kept it.

        Returns:
            The page of the key, or the puzzle again.
        """
        store, puzzle = AnonymousDraft(request), request.POST.get("puzzle", "")[:200]
        if BEGUN not in store.entries:
            try:
                rate_limit.check_throttle(puzzle, request.POST.get("answer", ""))
            except Refused as refused:
                is_new = refused.code in rate_limit.NEEDS_A_NEW_PUZZLE
                return self.show(request, rate_limit.new_puzzle() if is_new else puzzle, refused)
            store.write({**store.entries, BEGUN: diary.new_key()})
        response = redirect(KEY_PAGE)
        store.hand_over(response)
        return response

    def show(self, request: HttpRequest, puzzle: str, refused: Refused | None) -> HttpResponse:
        """Return the page with its puzzle, and a refusal if there is one."""
        context = {"puzzle": puzzle, "bits": rate_limit.bits_of(puzzle), "refused": refused}
        return render(request, "diary/begin.html", context, status=429 if refused else 200)


class DiaryKey(SignedOut):
    """The page of the key, until its holder shows that they have kept it."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page of the key."""
        return self.turn(request)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Check the typed end of the key, and open the diary.

        Returns:
            The diary where it is right, or the page again.
        """
        return self.turn(request)

    def turn(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page; open the diary once the key is kept."""
        store = AnonymousDraft(request)
        key = str(store.entries.get(BEGUN) or "")
        if not key:
            return redirect("/diary/without-account/")
        data = request.POST if request.method == "POST" else None
        form = KeyKept(data, case_key=key)
        if form.is_valid():
            caller = diary.begin_with_key(key, now=clock.now())
            response = redirect("/diary/")
            store.write({name: value for name, value in store.entries.items() if name != BEGUN})
            begin_return(request, response, caller)
            return response
        hides = data is None and "kept" in request.GET
        context = {"form": form, "hides_key": hides, "case_key": key}
        return render(request, "diary/key.html", context, status=422 if data else 200)
