"""The files of a draft with an account."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, path

from grievances.cases.actions.actor import Caller
from grievances.cases.models.case import Case
from grievances.web.intake.draft_file_pages import DraftFiles
from grievances.web.intake.own_concern import Own
from grievances.web.shared.sessions import caller_of


class OwnDraftFiles(DraftFiles, Own):
    """The page of the files of a person's own draft."""

    keeps_typing = False

    def may_send(self, request: HttpRequest, **kwargs: Any) -> bool:
        """Tell whether this is the person's own draft."""
        self.caller = caller_of(request)
        if self.caller.who is None:
            return False
        try:
            self.draft(str(kwargs["reference"]))
        except Http404:
            return False
        return True

    def held(self, request: HttpRequest, **kwargs: Any) -> tuple[Case, Caller]:
        """Return the draft and its caller."""
        return self.draft(str(kwargs["reference"])), self.caller

    def begin(
        self, request: HttpRequest, response: HttpResponseBase, **kwargs: Any
    ) -> tuple[Case, Caller]:
        """Return the draft to add to."""
        return self.held(request, **kwargs)

    def base(self, **kwargs: Any) -> str:
        """Return the address that the pages of this draft begin with."""
        return f"/raise/{kwargs['reference']}/"


urlpatterns: list[URLPattern] = [
    path("raise/<str:reference>/files/", OwnDraftFiles.as_view(), name="raise_files"),
]
