"""Pages to raise a concern without an account, and to return with the case key.

No page here reads or writes the session that a sign-in uses. A signed-in person is asked to sign
out first, because the same minute in two rows could otherwise join an account to a concern.
"""

from __future__ import annotations

from contextlib import suppress

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_noop
from django.views import View

from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.case import Case
from grievances.casework import reading
from grievances.encryption.key_pairs import new_case_key
from grievances.intake import agreements, diary, draft_files, submission
from grievances.vocabulary import Division
from grievances.web.intake import wizard
from grievances.web.intake.anonymous_draft import HELD, KEY_PAGE, AnonymousDraft, BrowserSheet
from grievances.web.intake.case_key_forms import CaseKey, KeyKept
from grievances.web.intake.draft_file_pages import DraftFiles
from grievances.web.intake.wizard_storage import MORE
from grievances.web.shared import clock
from grievances.web.shared.session_store import TIME_COOKIE
from grievances.web.shared.session_store import SessionStore as OwnSession
from grievances.web.shared.sessions import (
    BROWSER_COOKIE,
    BROWSER_PATH,
    DRAFT_COOKIE,
    KEY_COOKIE,
    MARK_COOKIE,
    PENDING_COOKIE,
    TYPING_COOKIE,
    begin_return,
)
from grievances.web.shared.tribunal_dates import conciliation_body
from workflow.steps import Refused

OF_A_PERSON = (KEY_COOKIE, PENDING_COOKIE, TYPING_COOKIE, DRAFT_COOKIE, MARK_COOKIE, TIME_COOKIE)
"""The cookies that go with a session."""
KEYS = frozenset({"case_key", "old_key", "reference", "for_another"})
"""The entries about a key that its holder has not kept yet."""

NOTHING_YET = gettext_noop(
    "There is nothing to send yet. What you write is kept for four hours, in this browser only."
)

KEY_ENDED = gettext_noop(
    "The key that this browser kept has ended. If you wrote down a newer one, type it here."
)


class Apart(View):
    """A page for anonymous people, which a signed-in person does not get."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Return the page; ask a signed-in person to sign out first (409)."""
        if request.user.is_authenticated:
            context = {"onward": request.path}
            return render(request, "raise/signed_in.html", context, status=409)
        return super().dispatch(request, *args, **kwargs)


class Start(Apart):
    """The page on what raising without an account means, and what it cannot do."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page; after sending, go to the page of the case key."""
        draft_store = AnonymousDraft(request)
        if "case_key" in draft_store.entries:
            return redirect(KEY_PAGE)
        context = {
            "begun": bool(draft_store.entries),
            "contact_by": submission.contact_date(Division.ENG_WLS, clock.today()),
        }
        return render(request, "raise/anonymous.html", context)


class Page(Apart):
    """One page of an anonymous concern; after sending, the page of its case key."""

    def get(self, request: HttpRequest, page: str) -> HttpResponseBase:
        """Return one page; those at the end need something written first."""
        sheet = BrowserSheet(AnonymousDraft(request))
        if "case_key" in sheet.answers:
            return redirect(KEY_PAGE)
        if page in {MORE, "readers", "check"} and not sheet.answers:
            messages.info(request, NOTHING_YET)
            return redirect(sheet.start)
        return wizard.turn(request, sheet, page)

    def post(self, request: HttpRequest, page: str) -> HttpResponseBase:
        """Return the answer to what was posted, as `get` does."""
        return self.get(request, page)


def _promised(case: Case) -> dict[str, object]:
    return {
        "reference": case.reference,
        "contact_by": submission.contact_due(case),
        "body": conciliation_body(case.division),
    }


class Key(Apart):
    """The page of the case key, until its holder shows that they have kept it.

    Then the key is deleted from here.
    """

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page of the case key."""
        return self.turn(request)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Check the typed end of the case key.

        Returns:
            The case where it is right, or the page again.
        """
        return self.turn(request)

    def turn(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page; delete the draft and open the case once the key is kept."""
        draft_store = AnonymousDraft(request)
        case_key = draft_store.entries.get("case_key")
        if not case_key:
            return redirect("/raise/anonymous/")
        data = request.POST if request.method == "POST" else None
        form = KeyKept(data, case_key=case_key)
        old_key = str(draft_store.entries.get("old_key") or "")
        is_theirs = "for_another" in draft_store.entries
        try:
            case, _ = submission.find_by_case_key(old_key or case_key)
            if form.is_valid():
                if old_key:
                    agreements.replace_key(old_key, case_key, now=clock.now())
                return self.leave(request, draft_store, case_key, is_theirs=is_theirs)
        except NotAllowed:
            return self.give_up(request, draft_store)
        context = {
            "form": form,
            # Hidden here, so that people type its end from what they kept, not from the screen.
            "hides_key": data is None and "kept" in request.GET,
            "case_key": case_key,
            "is_new": bool(old_key),
            "is_theirs": is_theirs,
            **_promised(case),
        }
        return render(request, "raise/key.html", context, status=422 if data else 200)

    def leave(
        self, request: HttpRequest, draft_store: AnonymousDraft, case_key: str, *, is_theirs: bool
    ) -> HttpResponseBase:
        """Return the redirect to the case, and never to that of another person."""
        case, caller = submission.find_by_case_key(case_key)
        response = redirect("/support/" if is_theirs else f"/cases/{case.reference}/")
        self.drop_keys(draft_store, response)
        if not is_theirs:
            begin_return(request, response, caller)
        return response

    def give_up(self, request: HttpRequest, draft_store: AnonymousDraft) -> HttpResponseBase:
        """Return the redirect to the page of a case key.

        The one kept here opens nothing now.
        """
        response = redirect("/return/")
        self.drop_keys(draft_store, response)
        messages.info(request, KEY_ENDED)
        return response

    def drop_keys(self, draft_store: AnonymousDraft, response: HttpResponseBase) -> None:
        """Delete the keys from the draft, and the draft where it has no other words."""
        unsent = {name: each for name, each in draft_store.entries.items() if name not in KEYS}
        if unsent:
            draft_store.write(unsent)
            draft_store.hand_over(response)
        else:
            draft_store.burn(response)


DRAFT_ENDED = (
    "DRAFT_ENDED",
    gettext_noop(
        "You have left this page, or its four hours are over. We did not keep the file. Start "
        "again, then add it."
    ),
)


class AnonymousFiles(DraftFiles, Apart):
    """The page of the files of an anonymous draft."""

    def may_send(self, request: HttpRequest, **kwargs: object) -> bool:
        """Return whether this browser may send files: signed out, and not sent yet."""
        is_out = not request.user.is_authenticated
        return is_out and "case_key" not in AnonymousDraft(request).entries

    def held(self, request: HttpRequest, **kwargs: object) -> tuple[Case, Caller] | None:
        """Return the draft with the files, or None while there is none."""
        key = str(AnonymousDraft(request).entries.get(HELD) or "")
        return draft_files.find_held(key) if key else None

    def begin(
        self, request: HttpRequest, response: HttpResponseBase, **kwargs: object
    ) -> tuple[Case, Caller]:
        """Return the draft, begun now if there is none.

        Raises:
            Refused: The writer has left this page since, or its time is over.
            NotAllowed: The draft that was begun is gone.
        """
        found = self.held(request)
        if found is not None:
            return found
        draft_store = AnonymousDraft(request)
        if draft_store.has_ended:
            raise Refused(*DRAFT_ENDED)
        key = draft_files.hold_anonymous(now=clock.now())
        draft_store.write({**draft_store.entries, HELD: key})
        draft_store.hand_over(response)
        begun = draft_files.find_held(key)
        if begun is None:
            raise NotAllowed
        return begun

    def base(self, **kwargs: object) -> str:
        """Return the address that the pages of this draft begin with."""
        return "/raise/anonymous/"

    def is_anonymous(self) -> bool:
        """Return True: hidden details are always taken out."""
        return True


class Return(Apart):
    """The page to come back with a case key.

    A wrong key, a case closed to them and a missing case get one sentence. Tries are not counted:
    80 random bits cannot be guessed, and a limit would keep people out.
    """

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page with the empty form."""
        return render(request, "raise/return.html", {"form": CaseKey()})

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Begin the session of the case key's holder and open the case.

        Returns:
            The case or the diary; the form with 422 for an unknown key.
        """
        form = CaseKey(request.POST)
        if not form.is_valid():
            return self.show(request, form, 422)
        typed = form.cleaned_data["case_key"]
        try:
            caller, where = self.opened(typed)
        except NotAllowed:
            form.add_error(
                "case_key",
                gettext("We do not know this case key. Check each character and try again."),
            )
            return self.show(request, form, 422)
        if where != "/diary/" and agreements.has_been_handed_over(typed):
            return self.renew(request, typed)
        response = redirect(where)
        begin_return(request, response, caller)
        return response

    def renew(self, request: HttpRequest, old_key: str) -> HttpResponseBase:
        """Return the page of a new case key: another person has seen this one.

        The old key opens the concern until its holder shows that they have kept the new one.
        """
        draft_store = AnonymousDraft(request)
        response = redirect(KEY_PAGE)
        if "case_key" in draft_store.entries:
            return response  # the key of a concern that was just sent is not kept yet
        case, _ = submission.find_by_case_key(old_key)
        keys = {"case_key": new_case_key(), "old_key": old_key, "reference": case.reference}
        draft_store.write({**draft_store.entries, **keys})
        draft_store.hand_over(response)
        return response

    def opened(self, typed: str) -> tuple[Caller, str]:
        """Return the holder of a key, and the address of what it opens.

        That is a concern or a diary. Raises NotAllowed when it opens neither.
        """
        try:
            case, caller = submission.find_by_case_key(typed)
        except NotAllowed:
            return diary.find_by_key(typed), "/diary/"
        reading.find(caller, case.reference)
        return caller, f"/cases/{case.reference}/"

    def show(self, request: HttpRequest, form: CaseKey, status: int) -> HttpResponse:
        """Return the page with the form, under this HTTP status."""
        return render(request, "raise/return.html", {"form": form}, status=status)


def leave(request: HttpRequest) -> HttpResponse:
    """End the session and this browser's draft at once; answer "Exit this page".

    A file still on its way finds no draft. A database that does not answer keeps no one on the
    page: the keys are in the cookies that go.

    Returns:
        A redirect to a neutral site.
    """
    try:
        logout(request)
    except DatabaseError:
        request.session = OwnSession()
    response = redirect(settings.EXIT_URL)
    for name in (*OF_A_PERSON, settings.SESSION_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME):
        response.delete_cookie(name)
    response.delete_cookie(settings.CSRF_COOKIE_NAME)
    response.delete_cookie(BROWSER_COOKIE, path=BROWSER_PATH)
    with suppress(DatabaseError):
        AnonymousDraft(request).burn(response)
    return response
