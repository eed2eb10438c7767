"""Files of people who may not see the case: upload and download on own pages."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_noop

from grievances.audit.models import Event
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.companions import Companion
from grievances.cases.models.evidence import FileFacts
from grievances.cases.models.statements import Hearing
from grievances.choices import Copy
from grievances.encryption.primitives import DecryptionFailed
from grievances.evidence.case_files import has_quarantine
from grievances.evidence.upload import Arrival
from grievances.participants import companions, participant_files, statements
from grievances.participants.participant_files import Taken
from grievances.vocabulary import Identity, Standing
from grievances.web.cases.file_views import ReceivesFiles, copy_asked, to_save
from grievances.web.cases.step_forms.evidence import HIDDEN_DETAILS, OwnChoice, OwnFiles
from grievances.web.cases.step_requests import CONFLICTS
from grievances.web.participants.companion_views import Welcomed
from grievances.web.participants.statement_views import Heard
from grievances.web.shared import clock
from grievances.web.shared.sessions import caller_of
from workflow.models import AlreadyRecorded
from workflow.steps import OUT_OF_TURN, Refused

NO_KEY = gettext_noop("Your key does not open this. Speak to the person who wrote to you.")
KEPT_APART = gettext_noop(
    "A file did not pass the virus scan, or the scan gave no answer. It is sealed and kept apart, "
    "and no one can download it."
)
NOT_NOW = frozenset({*CONFLICTS, OUT_OF_TURN, "HEARING_OVER", "QUARANTINED", "FILE_DAMAGED"})
"""Refusals that say "not now" (409); the others say "not like this" (422)."""
GIVING = gettext_noop("This file cannot be downloaded")
CHOOSING = gettext_noop("This cannot be changed any more")
RESPONDENT_READERS = gettext_noop(
    "The handler, the decision maker and, if there is an appeal, the appeal manager can open what "
    "you add. The person who raised the concern can open it once it is decided. Adding a file does "
    "not take the place of your answer: say in your answer what it shows."
)
WITNESS_READERS = gettext_noop(
    "The handler, the decision maker and, if there is an appeal, the appeal manager can open what "
    "you add. Once it is decided, the person who raised the concern can open the copy without "
    "hidden details, without its name. What is in the file can still show who you are."
)
SHARED_READERS = gettext_noop(
    "The person you accompany and the officers who work on their concern can open what you add. It "
    "stays with the concern when your access ends."
)


class AddOwn(ReceivesFiles):
    """The page to add files: GET shows the form, POST stores the files.

    The subclasses say whose page it is.
    """

    def may_send(self, request: HttpRequest, **kwargs: object) -> bool:
        """Return whether this person may send files here now."""
        try:
            return self.blocked(request, str(kwargs["token"])) is None
        except NotAllowed:
            return False

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Return the page with the empty form."""
        refused = self.blocked(request, token)
        form = self.form(request, token, initial={"once": uuid.uuid4().hex})
        return self.page(request, token, form, refused)

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Store the files.

        Returns:
            The conversation, or the form with the refusal.
        """
        refused = self.blocked(request, token)
        form = self.form(request, token, request.POST, request.FILES)
        if refused is not None or not form.is_valid():
            self.note_refusal(request, token, clock.now())
            return self.page(request, token, form, refused)
        others = form.cleaned_data.get("others") or Copy.CLEANED.value
        asked = {"others": others, "once": form.cleaned_data["once"], "now": clock.now()}
        try:
            event = self.keep(request, token, form.cleaned_data["file"], **asked)
        except AlreadyRecorded:
            return redirect(self.back(token))
        except (Refused, DecryptionFailed) as error:
            self.note_refusal(request, token, clock.now())
            refused = error if isinstance(error, Refused) else Refused("KEY_NOT_HERE", NO_KEY)
            return self.page(request, token, form, refused)
        messages.success(request, gettext("What you added is sealed."))
        if has_quarantine(event):
            messages.warning(request, KEPT_APART)
        return redirect(self.back(token))

    def form(self, request: HttpRequest, token: str, *data: object, **options: object) -> OwnFiles:
        """Return the form for these files, empty or with what was posted."""
        return OwnFiles(*data, **options)

    def page(
        self, request: HttpRequest, token: str, form: OwnFiles, refused: Refused | None
    ) -> HttpResponse:
        """Return the page, with 409 or 422 for a refusal."""
        status = 200
        if refused is not None or form.errors:
            status = 409 if refused is not None and refused.code in NOT_NOW else 422
        context = {
            "form": form,
            "back": self.back(token),
            "refused": refused,
            "blocked": refused is not None and self.blocked(request, token) is not None,
            "hidden_details": HIDDEN_DETAILS,
            "readers": self.readers(request, token),
        }
        return render(request, "files/add.html", context, status=status)

    def back(self, token: str) -> str:
        """Return the address of the page that lists these files.

        Raises:
            NotImplementedError: In this base class.
        """
        raise NotImplementedError

    def blocked(self, request: HttpRequest, token: str) -> Refused | None:
        """Return why nothing can be added now, or None.

        Raises NotAllowed for a page that is not theirs.

        Raises:
            NotImplementedError: In this base class.
        """
        raise NotImplementedError

    def readers(self, request: HttpRequest, token: str) -> str:
        """Return a sentence on who can open what is added.

        Raises:
            NotImplementedError: In this base class.
        """
        raise NotImplementedError

    def keep(
        self, request: HttpRequest, token: str, files: Sequence[Arrival], **asked: object
    ) -> Event:
        """Return the event of storing the files.

        Raises:
            NotImplementedError: In this base class.
        """
        raise NotImplementedError

    def note_refusal(self, request: HttpRequest, token: str, now: datetime) -> None:
        """Record that something was refused.

        Raises:
            NotImplementedError: In this base class.
        """
        raise NotImplementedError


class AddHeard(AddOwn, Heard):
    """The page to add files of a respondent or a witness."""

    def back(self, token: str) -> str:
        """Return the address of the participant's page."""
        return f"/replies/{token}/"

    def blocked(self, request: HttpRequest, token: str) -> Refused | None:
        """Return why nothing can be added now, or None.

        Raises NotAllowed.
        """
        may_add = statements.may_answer(self.hearing(request, token))
        return None if may_add else Refused(*statements.OVER)

    def readers(self, request: HttpRequest, token: str) -> str:
        """Return a sentence on who can open what is added."""
        is_witness = self.hearing(request, token).standing == Standing.WITNESS
        return WITNESS_READERS if is_witness else RESPONDENT_READERS

    def keep(
        self, request: HttpRequest, token: str, files: Sequence[Arrival], **asked: Any
    ) -> Event:
        """Return the event of storing the files."""
        return participant_files.add_heard(self.caller, token, files, **asked)

    def note_refusal(self, request: HttpRequest, token: str, now: datetime) -> None:
        """Record that something was refused."""
        participant_files.refused_heard(self.caller, token, "add_files", now)

    def hearing(self, request: HttpRequest, token: str) -> Hearing:
        """Return the hearing of this page.

        Raises NotAllowed.
        """
        return statements.find_hearing(caller_of(request), token)


class AddShared(AddOwn, Welcomed):
    """The page to add files of the complainant's companion."""

    def back(self, token: str) -> str:
        """Return the address of the companion's page."""
        return f"/accompany/with/{token}/"

    def form(self, request: HttpRequest, token: str, *data: object, **options: object) -> OwnFiles:
        """Return the form; an anonymous concern has no choice of the copy."""
        form = super().form(request, token, *data, **options)
        if self.companion(request, token).case.identity == Identity.ANONYMOUS:
            # An anonymous concern always loses its hidden details (domain.md 5.7 b).
            del form.fields["others"]
        return form

    def blocked(self, request: HttpRequest, token: str) -> Refused | None:
        """Return why nothing can be added now, or None.

        Raises NotAllowed.
        """
        may_add = companions.may_write(self.companion(request, token))
        return None if may_add else Refused(*companions.CLOSED)

    def readers(self, request: HttpRequest, token: str) -> str:
        """Return a sentence on who can open what is added."""
        return SHARED_READERS

    def keep(
        self, request: HttpRequest, token: str, files: Sequence[Arrival], **asked: Any
    ) -> Event:
        """Return the event of storing the files."""
        return participant_files.add_shared(self.guest(request), token, files, **asked)

    def note_refusal(self, request: HttpRequest, token: str, now: datetime) -> None:
        """Record that something was refused."""
        participant_files.refused_shared(self.guest(request), token, "add_files", now)

    def companion(self, request: HttpRequest, token: str) -> Companion:
        """Return the companionship of this page.

        Raises NotAllowed.
        """
        return companions.find_shared(self.guest(request), token, own=True)


class HeardFile(Heard):
    """A file of a participant's own conversation, to download."""

    def get(self, request: HttpRequest, token: str, file_id: UUID) -> HttpResponseBase:
        """Return the file, or the page that says why it is refused."""
        now, back = clock.now(), f"/replies/{token}/"
        try:
            taken = participant_files.take_out_heard(
                self.caller, token, file_id, now=now, copy=copy_asked(request)
            )
        except Refused as refused:
            participant_files.refused_heard(self.caller, token, "download", now)
            return not_given(request, refused, back)
        return to_save(*taken)


class ChooseHeard(Heard):
    """The page to choose which copy of an own file others see.

    GET asks, POST keeps the answer.
    """

    def get(self, request: HttpRequest, token: str, file_id: UUID) -> HttpResponseBase:
        """Return the page with the present choice."""
        facts = participant_files.find_choice(self.caller, token, file_id)
        if not statements.may_answer(statements.find_hearing(self.caller, token)):
            return not_given(request, participant_files.CHOSEN, f"/replies/{token}/", CHOOSING)
        known = {"once": uuid.uuid4().hex, "others": facts.others}
        return self.page(request, token, facts, OwnChoice(initial=known))

    def post(self, request: HttpRequest, token: str, file_id: UUID) -> HttpResponseBase:
        """Keep the choice.

        Returns:
            The conversation; the form with 422, or why the choice is not free any more.
        """
        facts = participant_files.find_choice(self.caller, token, file_id)
        form, now = OwnChoice(request.POST), clock.now()
        if not form.is_valid():
            return self.page(request, token, facts, form, 422)
        others, once = form.cleaned_data["others"], form.cleaned_data["once"]
        try:
            participant_files.choose_heard(self.caller, token, file_id, others, once=once, now=now)
        except AlreadyRecorded:
            return redirect(f"/replies/{token}/")
        except Refused as refused:
            participant_files.refused_heard(self.caller, token, "choose", now)
            return not_given(request, refused, f"/replies/{token}/", CHOOSING)
        messages.success(request, gettext("Your choice is kept."))
        return redirect(f"/replies/{token}/")

    def page(
        self, request: HttpRequest, token: str, facts: FileFacts, form: OwnChoice, status: int = 200
    ) -> HttpResponse:
        """Return the page with the form, under this HTTP status."""
        context = {"form": form, "name": facts.name, "back": f"/replies/{token}/"}
        return render(request, "files/choose.html", context, status=status)


class SharedFile(Welcomed):
    """A file that a companion may read, to download."""

    def get(self, request: HttpRequest, token: str, file_id: UUID) -> HttpResponseBase:
        """Return the file, or the page that says why it is refused."""
        now, back = clock.now(), f"/accompany/with/{token}/"
        guest = self.guest(request)
        try:
            taken: Taken = participant_files.take_out_shared(
                guest, token, file_id, now=now, copy=copy_asked(request)
            )
        except Refused as refused:
            participant_files.refused_shared(guest, token, "download", now)
            return not_given(request, refused, back)
        return to_save(*taken)


def not_given(
    request: HttpRequest, refused: Refused, back: str, title: str = GIVING
) -> HttpResponse:
    """Return the page that says why a file cannot be downloaded or changed."""
    context = {"refused": refused, "back": back, "blocked": True, "title": title}
    return render(request, "files/add.html", context, status=409)
