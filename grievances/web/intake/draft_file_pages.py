"""The page on which files are added to a draft, with or without an account.

A file is sealed while it arrives. A person who leaves while it arrives leaves nothing of it behind.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop

from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.case import Case
from grievances.choices import Copy
from grievances.encryption.primitives import DecryptionFailed
from grievances.evidence.storing import is_in_quarantine
from grievances.intake import draft_files
from grievances.web.cases.file_views import ReceivesFiles
from grievances.web.cases.step_forms.evidence import HIDDEN_DETAILS, OwnFiles
from grievances.web.intake.own_concern import Own
from grievances.web.shared import clock
from grievances.web.shared.sessions import caller_of
from workflow.steps import Refused

ADDED = gettext_noop("Added, and locked. Only you can open it until you send your concern.")
REMOVED = gettext_noop("Removed. Nothing of it is left.")
KEPT_APART = gettext_noop(
    "A file did not pass the virus scan, or the scan gave no answer. It is kept apart. You can "
    "remove it."
)
NOT_SAVED = Refused(
    "KEY_NOT_HERE",
    gettext_noop(
        "We could not keep the file. What you have written is safe. Add the file after you send, "
        "on the page of your concern."
    ),
)


class DraftFiles(ReceivesFiles):
    """The files of a draft: list, add, remove. Subclasses say whose draft it is."""

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponseBase:
        """Return the page with the empty form."""
        return self.page(request, self.form(), None, **kwargs)

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponseBase:
        """Add files, or remove one.

        Returns:
            The list of files; the form with the reason where one is refused.
        """
        if request.POST.get("remove"):
            return self.remove(request, **kwargs)
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(request, form, None, **kwargs)
        response = redirect(f"{self.base(**kwargs)}files/")
        others = form.cleaned_data.get("others") or Copy.CLEANED.value
        try:
            case, caller = self.begin(request, response, **kwargs)
            files = form.cleaned_data["file"]
            draft_files.add_files(case, caller, files, others=others, now=clock.now())
        except (Refused, DecryptionFailed, NotAllowed) as error:
            refused = error if isinstance(error, Refused) else NOT_SAVED
            return self.page(request, form, refused, **kwargs)
        messages.success(request, ADDED)
        if is_in_quarantine(each.scan.value for each in files):
            messages.warning(request, KEPT_APART)
        return response

    def remove(self, request: HttpRequest, **kwargs: object) -> HttpResponseBase:
        """Remove one file.

        Returns:
            The list of files, also where there is no such file.
        """
        held = self.held(request, **kwargs)
        try:
            file_id = UUID(request.POST.get("remove", ""))
        except ValueError:
            held = None
        if held is not None:
            draft_files.remove_file(held[0], file_id)
            messages.success(request, REMOVED)
        return redirect(f"{self.base(**kwargs)}files/")

    def form(self, *data: object) -> OwnFiles:
        """Return the form; without an account there is no choice of the copy."""
        form = OwnFiles(*data)
        if self.is_anonymous():
            del form.fields["others"]
        return form

    def page(
        self, request: HttpRequest, form: OwnFiles, refused: Refused | None, **kwargs: object
    ) -> HttpResponse:
        """Return the page, with 422 for a refusal."""
        held = self.held(request, **kwargs)
        files = draft_files.files_in(*held) if held else []
        context = {
            "form": form,
            "refused": refused,
            "files": files,
            "is_full": len(files) >= draft_files.MOST_FILES,
            "most": draft_files.MOST_FILES,
            "back": f"{self.base(**kwargs)}more/",
            "hidden_details": HIDDEN_DETAILS,
        }
        status = 422 if refused or form.errors else 200
        return render(request, "raise/files.html", context, status=status)

    def held(self, request: HttpRequest, **kwargs: object) -> tuple[Case, Caller] | None:
        """Return the draft and its caller, or None while there is none.

        Raises:
            NotImplementedError: In this base class.
        """
        raise NotImplementedError

    def begin(
        self, request: HttpRequest, response: HttpResponseBase, **kwargs: object
    ) -> tuple[Case, Caller]:
        """Return the draft to add to.

        Raises:
            NotImplementedError: In this base class.
        """
        raise NotImplementedError

    def base(self, **kwargs: object) -> str:
        """Return the address that the pages of this draft begin with.

        Raises:
            NotImplementedError: In this base class.
        """
        raise NotImplementedError

    def is_anonymous(self) -> bool:
        """Return whether the writer has no account."""
        return False


class OwnDraftFiles(DraftFiles, Own):
    """The page of the files of a person's own draft."""

    keeps_typing = False

    def may_send(self, request: HttpRequest, **kwargs: object) -> bool:
        """Return whether this is the person's own draft."""
        self.caller = caller_of(request)
        if self.caller.who is None:
            return False
        try:
            self.draft(str(kwargs["reference"]))
        except Http404:
            return False
        return True

    def held(self, request: HttpRequest, **kwargs: object) -> tuple[Case, Caller]:
        """Return the draft and its caller."""
        return self.draft(str(kwargs["reference"])), self.caller

    def begin(
        self, request: HttpRequest, response: HttpResponseBase, **kwargs: object
    ) -> tuple[Case, Caller]:
        """Return the draft to add to."""
        return self.held(request, **kwargs)

    def base(self, **kwargs: object) -> str:
        """Return the address that the pages of this draft begin with."""
        return f"/raise/{kwargs['reference']}/"
