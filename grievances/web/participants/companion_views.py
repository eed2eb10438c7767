"""Companions: the link that admits one, the key to return, the shared content."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views import View

from grievances.cases.actions.actor import NotAllowed
from grievances.cases.step_names import StepName
from grievances.casework import reading
from grievances.encryption.primitives import normal_code
from grievances.participants import companions, invitations, participant_files
from grievances.participants.companions import Guest, guest_by_key
from grievances.web.cases.presenters.files import own_file_rows
from grievances.web.cases.step_forms.evidence import scan_words
from grievances.web.cases.step_forms.hearings import LINK_SIGNS
from grievances.web.cases.step_requests import StepRequest
from grievances.web.cases.step_views import StepPage, wants_json
from grievances.web.participants.forms import OWN_KEY_SIGNS, CompanionKey, CompanionMessage, TakeUp
from grievances.web.participants.presenters import shared_context
from grievances.web.shared import clock
from grievances.web.shared.sessions import begin_accompanying, caller_of, guest_in
from workflow.models import AlreadyRecorded
from workflow.steps import Refused


class Invite(StepPage):
    """The page of the step to invite a companion.

    It ends in a link that is shown once and kept nowhere.
    """

    step = StepName.INVITE_COMPANION

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:  # type: ignore[override]
        """Return the form of the step."""
        return super().get(request, reference, self.step)

    def post(self, request: HttpRequest, reference: str) -> HttpResponseBase:  # type: ignore[override]
        """Perform the step and show the link.

        Returns:
            The page with the link.
        """
        return super().post(request, reference, self.step)

    def _done(
        self, request: HttpRequest, asked: StepRequest, *, is_first: bool = False
    ) -> HttpResponseBase:
        secret = normal_code(request.POST.get("secret", ""))
        if wants_json(request) or len(secret) != LINK_SIGNS:
            return super()._done(request, asked, is_first=is_first)
        link = request.build_absolute_uri(f"/accompany/{secret}/")
        context = {"link": link, "case": asked.case, "back": f"/cases/{asked.case.reference}/"}
        return render(request, "accompany/invited.html", context)


class Guarded(View):
    """A page where a missing case and another person's case look the same."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Return the page; record a refusal as an event.

        Raises:
            Http404: For what this person may not see.
        """
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotAllowed:
            reading.record_refusal(caller_of(request), "", "accompany", clock.now())
            raise Http404 from None


class Invitation(Guarded):
    """The one-time link: GET explains it and leaves it unused, POST takes it up."""

    def get(self, request: HttpRequest, secret: str) -> HttpResponseBase:
        """Return the page of the invitation.

        Raises NotAllowed.
        """
        invitations.find_invitation(secret, self.guest(request), now=clock.now())
        return self.show(request, TakeUp(initial={"own_key": companions.new_own_key()}))

    def post(self, request: HttpRequest, secret: str) -> HttpResponseBase:
        """Take up the invitation; a companion without an account gets a key.

        Raises NotAllowed.

        Returns:
            The conversation, or the page with the key.
        """
        form, now = TakeUp(request.POST), clock.now()
        account = self.guest(request)
        guest = account or self.by_key(request)
        if account is None and guest is not None and companions.companionships(guest).exists():
            return self.key(request, guest)
        invitations.find_invitation(secret, account, now=now)
        if not form.is_valid() or guest is None:
            return self.show(request, form, status=422)
        companion = invitations.accept(secret, guest, form.cleaned_data["kind"], now=now)
        if account is None:
            return self.key(request, guest)
        messages.success(request, gettext("You are their companion now."))
        return redirect(f"/accompany/with/{companion.token}/")

    def guest(self, request: HttpRequest) -> Guest | None:
        """Return the signed-in guest, or None."""
        return guest_in(request) if request.user.is_authenticated else None

    def by_key(self, request: HttpRequest) -> Guest | None:
        """Return the guest of the posted companion key, or None."""
        code = normal_code(request.POST.get("own_key", ""))
        return guest_by_key(code) if len(code) == OWN_KEY_SIGNS else None

    def show(self, request: HttpRequest, form: TakeUp, status: int = 200) -> HttpResponse:
        """Return the page with the form, under this HTTP status."""
        return render(request, "accompany/invitation.html", {"form": form}, status=status)

    def key(self, request: HttpRequest, guest: Guest) -> HttpResponse:
        """Return the page with the companion's own key, shown once.

        Their session begins with it.
        """
        context = {"own_key": request.POST["own_key"]}
        response = render(request, "accompany/key.html", context)
        begin_accompanying(request, response, guest)
        return response


class Accompany(View):
    """The list of the people a companion accompanies.

    A companion without an account comes back here with their key.
    """

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the list, or the form for the companion key."""
        guest = guest_in(request)
        if guest is None:
            return self.show(request, CompanionKey())
        return self.listed(request, guest)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Begin the session of the companion key's holder.

        Returns:
            The conversation; the form with 422 for an unknown key.
        """
        form = CompanionKey(request.POST)
        if not form.is_valid():
            return self.show(request, form, 422)
        guest = guest_by_key(form.cleaned_data["own_key"])
        found = companions.companionships(guest).first()
        if found is None:
            form.add_error(
                "own_key", gettext("We do not know this key. Check each character and try again.")
            )
            return self.show(request, form, 422)
        response = redirect(f"/accompany/with/{found.token}/")
        begin_accompanying(request, response, guest)
        return response

    def listed(self, request: HttpRequest, guest: Guest) -> HttpResponse:
        """Return the page with the list."""
        rows = companions.companionships(guest)
        return render(request, "accompany/list.html", {"rows": rows})

    def show(self, request: HttpRequest, form: CompanionKey, status: int = 200) -> HttpResponse:
        """Return the page with the form, under this HTTP status."""
        return render(request, "accompany/return.html", {"form": form}, status=status)


class Welcomed(Guarded):
    """A page of a companion who was admitted."""

    def guest(self, request: HttpRequest) -> Guest:
        """Return the companion of this session.

        Raises:
            NotAllowed: For any other visitor.
        """
        guest = guest_in(request)
        if guest is None:
            raise NotAllowed
        return guest


class Along(Welcomed):
    """The page of what is shared with one companion, and of their messages.

    When the companionship has ended, the page does not exist.
    """

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Return the page with an empty message form."""
        form = CompanionMessage(initial={"once": uuid.uuid4().hex})
        return self.show(request, token, form)

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Send a message to the complainant and the officers.

        Returns:
            The conversation; the form with 422, or 409 for a refusal.
        """
        guest, form = self.guest(request), CompanionMessage(request.POST)
        if not form.is_valid():
            return self.show(request, token, form, status=422)
        try:
            text, once = form.cleaned_data["text"], form.cleaned_data["once"]
            companions.write_message(guest, token, text, once=once, now=clock.now())
        except AlreadyRecorded:
            return redirect(request.path)
        except Refused as refused:
            return self.show(request, token, form, sentence=refused.sentence, status=409)
        messages.success(request, gettext("Your message is sealed and sent."))
        return redirect(request.path)

    def show(
        self,
        request: HttpRequest,
        token: str,
        form: CompanionMessage,
        *,
        sentence: str = "",
        status: int = 200,
    ) -> HttpResponse:
        """Return the page, with this sentence and HTTP status."""
        guest = self.guest(request)
        shared = companions.open_shared(guest, token, now=clock.now())
        page = f"/accompany/with/{token}/"
        context = {
            **shared_context(shared, clock.today()),
            "files": own_file_rows(participant_files.files_shared(guest, shared.companion), page),
            "ticked": own_file_rows(participant_files.ticked_for(guest, shared.companion), page),
            "scan_words": scan_words(),
            "page": page,
            "form": form,
            "sentence": sentence,
        }
        return render(request, "accompany/shared.html", context, status=status)
